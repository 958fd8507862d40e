use std::collections::BTreeSet;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

use mmm_base::{Digest, MediaPath, Rate, Speed, Time};
use mmm_facts::{EditPlan, Kept, KeptCue, KeptShot};

/// The music and the shots of one output.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedOutput {
    pub name: MediaPath,
    /// The digest of the settings that determine its shots.
    pub wishes: Digest,
    /// Frames per second, as a fraction; `None` in locks that predate this setting.
    #[serde(default)]
    pub rate: Option<Rate>,
    /// In seconds, like all times.
    pub length: Time,
    #[serde(default)]
    pub music: Vec<KeptCue>,
    #[serde(default, rename = "shot", deserialize_with = "read_shots")]
    pub shots: Vec<KeptShot>,
}

/// A shot in the form in which it is written.
#[derive(Serialize)]
pub(super) struct WrittenShot<'a> {
    id: &'a str,
    source: &'a MediaPath,
    start: Time,
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    from: Option<Time>,
    #[serde(rename = "out", skip_serializing_if = "Option::is_none")]
    to: Option<Time>,
    #[serde(skip_serializing_if = "Speed::is_normal")]
    speed: Speed,
}

impl<'a> WrittenShot<'a> {
    pub(super) fn of(shot: &'a KeptShot) -> Self {
        let KeptShot { id, source, start, part, speed } = shot;
        let (from, to) = (part.map(|part| part.0), part.map(|part| part.1));
        Self { id, source, start: *start, from, to, speed: *speed }
    }
}

/// A shot in the form of any version of the format.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadShot {
    id: String,
    source: MediaPath,
    start: Time,
    #[serde(default, rename = "in")]
    from: Option<Time>,
    #[serde(default, rename = "out")]
    to: Option<Time>,
    #[serde(default)]
    speed: Speed,
    /// Version 1 stored the reason as a value. It is ignored in every version, because git can merge a shot
    /// of a branch with version 1 into a lock of version 2.
    #[serde(default, rename = "reason")]
    _reason: IgnoredAny,
}

fn read_shots<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<KeptShot>, D::Error> {
    let read = Vec::<ReadShot>::deserialize(deserializer)?;
    let kept = |shot: ReadShot| {
        let ReadShot { id, source, start, from, to, speed, _reason: _ } = shot;
        KeptShot { id, source, start, part: from.zip(to), speed }
    };
    Ok(read.into_iter().map(kept).collect())
}

impl LockedOutput {
    /// Creates the entry of an output from `plan`, its settings' digest and its frame rate.
    pub fn of(name: MediaPath, wishes: Digest, rate: Option<Rate>, plan: &EditPlan) -> Self {
        Self {
            name,
            wishes,
            rate,
            length: plan.length,
            music: plan.music.iter().map(KeptCue::of).collect(),
            shots: plan.shots.iter().map(KeptShot::of).collect(),
        }
    }

    /// Returns the same for the planner, with the media that were available.
    pub(super) fn kept(&self, known: BTreeSet<MediaPath>) -> Kept {
        Kept {
            rate: self.rate,
            length: self.length,
            cues: self.music.clone(),
            shots: self.shots.clone(),
            known,
            avoid: BTreeSet::new(),
        }
    }
}
