use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::LockedOutput;
use crate::base::{Digest, MediaPath, action_key};
use crate::plan::Kept;
use crate::spec::{Settings, Style, Titles};

/// All that makes the same movie again, on any machine.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The version of the lock's own format.
    pub version: u32,
    /// The versions of the facts that the plan was made from, by the kind of action.
    #[serde(default)]
    pub analyses: BTreeMap<String, u32>,
    /// The content of every medium and every piece of music.
    #[serde(default)]
    pub media: BTreeMap<MediaPath, Digest>,
    #[serde(default, rename = "output")]
    pub outputs: Vec<LockedOutput>,
}

impl Lock {
    /// The version that is written.
    pub const VERSION: u32 = 1;

    /// What of `output` is to be kept, as long as it was planned for the same `wishes`.
    pub fn kept(&self, output: &MediaPath, wishes: Digest) -> Option<Kept> {
        let locked = self.outputs.iter().find(|locked| locked.name == *output)?;
        (locked.wishes == wishes).then(|| locked.kept(self.media.keys().cloned().collect()))
    }
}

/// What of an output's settings decides which shots stand where. Words over the picture, loudness
/// and the like change no shot, and so plan nothing afresh.
pub fn wishes(settings: &Settings) -> Digest {
    let Style { pace, transitions, .. } = &settings.style;
    let style =
        Style { pace: *pace, transitions: transitions.clone(), titles: Titles::Off, ..Style::default() };
    let shaping = Settings { title: None, aspect: Default::default(), style, ..settings.clone() };
    action_key("wishes", 1, &shaping).0
}
