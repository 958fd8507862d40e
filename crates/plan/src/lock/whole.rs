use std::collections::BTreeMap;

use serde::Deserialize;

use super::LockedOutput;
use mmm_base::{Digest, MediaPath, action_key};
use mmm_facts::Kept;
use mmm_spec::{Length, Settings, Style, Titles};

/// Everything that is needed to build the same movie again, on any machine.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The version of the format that it was read in.
    pub version: u32,
    /// The versions of the analyses behind the plan, by kind of action.
    #[serde(default)]
    pub analyses: BTreeMap<String, u32>,
    /// The content of every medium and every piece of music.
    #[serde(default)]
    pub media: BTreeMap<MediaPath, Digest>,
    /// The fonts for characters that the built-in ones lack: the content of each, by its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fonts: BTreeMap<String, Digest>,
    #[serde(default, rename = "output")]
    pub outputs: Vec<LockedOutput>,
}

impl Lock {
    /// The version of the format that is written.
    pub const VERSION: u32 = 2;

    /// Returns the same lock with the present names of the files in `media`. A file counts as renamed if its
    /// path is not in the lock and its content is that of a path that no longer exists.
    pub fn renamed(&self, media: &BTreeMap<MediaPath, Digest>) -> Self {
        let names = self.renames(media);
        let mut lock = self.clone();
        if names.is_empty() {
            return lock;
        }
        let name = |path: &MediaPath| names.get(path).map_or_else(|| path.clone(), |now| (*now).clone());
        lock.media = self.media.iter().map(|(path, digest)| (name(path), *digest)).collect();
        for shot in lock.outputs.iter_mut().flat_map(|output| &mut output.shots) {
            // A shot's id is the path of its medium, plus a number if the medium repeats.
            let number = shot.id.strip_prefix(shot.source.as_str()).unwrap_or_default();
            shot.id = format!("{}{number}", name(&shot.source));
            shot.source = name(&shot.source);
        }
        lock
    }

    /// Returns the files that have other names in `media`: each old name with its new one.
    pub(super) fn renames<'a>(
        &'a self,
        media: &'a BTreeMap<MediaPath, Digest>,
    ) -> BTreeMap<&'a MediaPath, &'a MediaPath> {
        let mut new: BTreeMap<Digest, &MediaPath> = BTreeMap::new();
        for (path, digest) in media.iter().filter(|(path, _)| !self.media.contains_key(path)) {
            new.entry(*digest).or_insert(path);
        }
        let gone = self.media.iter().filter(|(path, _)| !media.contains_key(path));
        gone.filter_map(|(path, digest)| Some((path, new.remove(digest)?))).collect()
    }

    /// Returns what to keep of `output`; `None` if it was planned for other `wishes`.
    pub fn kept(&self, output: &MediaPath, wishes: Digest) -> Option<Kept> {
        let locked = self.outputs.iter().find(|locked| locked.name == *output)?;
        (locked.wishes == wishes).then(|| locked.kept(self.media.keys().cloned().collect()))
    }
}

/// Returns the digest of the settings that determine which shots appear where. Text, loudness and the like
/// don't affect the shots, so changing them does not plan again.
pub fn wishes(settings: &Settings) -> Digest {
    let Style { pace, transitions, .. } = &settings.style;
    let style =
        Style { pace: *pace, transitions: transitions.clone(), titles: Titles::Off, ..Style::default() };
    let shaping = Settings {
        title: None,
        aspect: Default::default(),
        container: Default::default(),
        size: Default::default(),
        quality: Default::default(),
        max_size: None,
        // Only its longest movie affects the plan, and only if the planner chooses the length.
        target: settings.target.filter(|target| target.longest().is_some() && is_open(settings.duration)),
        style,
        ..settings.clone()
    };
    action_key("wishes", 1, &shaping).0
}

/// Whether the planner chooses the length.
fn is_open(duration: Length) -> bool {
    matches!(duration, Length::Auto | Length::Within(..))
}
