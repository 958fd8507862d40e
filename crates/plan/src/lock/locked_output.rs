use std::collections::BTreeSet;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use mmm_base::{Digest, MediaPath, Rate, Speed, Time};
use mmm_facts::{EditPlan, Kept, KeptCue, KeptShot, MusicCue, PlannedShot};

/// The shots of one output.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedOutput {
    pub name: MediaPath,
    /// The digest of what the spec asked for.
    pub wishes: Digest,
    /// Frames a second, as a fraction; none in locks that are older than the choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// In seconds, as are all times.
    pub length: Time,
    #[serde(default)]
    pub music: Vec<LockedCue>,
    #[serde(default, rename = "shot")]
    pub shots: Vec<LockedShot>,
}

/// A stretch of music.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedCue {
    pub source: MediaPath,
    /// Where in the movie it starts.
    pub start: Time,
    /// Where in the file it starts.
    pub from: Time,
    pub length: Time,
}

/// A shot; it lasts until the next begins.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(from = "WrittenShot")]
pub struct LockedShot {
    pub id: String,
    pub source: MediaPath,
    /// The cut into it.
    pub start: Time,
    /// The part of a clip that it shows.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub from: Option<Time>,
    #[serde(rename = "out", skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
    /// How fast a clip is shown.
    #[serde(skip_serializing_if = "Speed::is_normal")]
    pub speed: Speed,
}

/// A shot as any version of the format has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenShot {
    id: String,
    source: MediaPath,
    start: Time,
    #[serde(default, rename = "in")]
    from: Option<Time>,
    #[serde(default, rename = "out")]
    to: Option<Time>,
    #[serde(default)]
    speed: Speed,
    /// Version 1 had the reason as a value. It is ignored in every version, because git can merge a shot of a branch
    /// with version 1 into a lock of version 2.
    #[serde(default, rename = "reason")]
    _reason: IgnoredAny,
}

impl From<WrittenShot> for LockedShot {
    fn from(written: WrittenShot) -> Self {
        let WrittenShot { id, source, start, from, to, speed, _reason: _ } = written;
        Self { id, source, start, from, to, speed }
    }
}

impl LockedOutput {
    /// What `plan` decided for an output and its wishes, at a rate.
    pub fn of(name: MediaPath, wishes: Digest, rate: Option<Rate>, plan: &EditPlan) -> Self {
        let cue = |cue: &MusicCue| LockedCue {
            source: cue.source.clone(),
            start: cue.start,
            from: cue.from,
            length: cue.length,
        };
        let shot = |shot: &PlannedShot| LockedShot {
            id: shot.id.clone(),
            source: shot.source.clone(),
            start: shot.start,
            from: shot.part.map(|part| part.0),
            to: shot.part.map(|part| part.1),
            speed: shot.speed,
        };
        Self {
            name,
            wishes,
            rate,
            length: plan.length,
            music: plan.music.iter().map(cue).collect(),
            shots: plan.shots.iter().map(shot).collect(),
        }
    }

    /// The same for the planner, with the media that it had to choose from.
    pub(super) fn kept(&self, known: BTreeSet<MediaPath>) -> Kept {
        let cue = |cue: &LockedCue| KeptCue {
            source: cue.source.clone(),
            start: cue.start,
            from: cue.from,
            length: cue.length,
        };
        let shot = |shot: &LockedShot| KeptShot {
            id: shot.id.clone(),
            source: shot.source.clone(),
            start: shot.start,
            part: shot.from.zip(shot.to),
        };
        Kept {
            rate: self.rate,
            length: self.length,
            cues: self.music.iter().map(cue).collect(),
            shots: self.shots.iter().map(shot).collect(),
            known,
            avoid: BTreeSet::new(),
        }
    }
}
