use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use mmm_base::{MediaPath, Rate, Speed, Time};

use crate::{EditPlan, MusicCue, Shot};

/// What an earlier plan of the same movie decided. A new plan stays as near to it as the spec and
/// the media allow.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// Frames a second.
    pub rate: Option<Rate>,
    pub length: Time,
    /// The music, in order of time.
    pub cues: Vec<KeptCue>,
    /// In order of time, without gaps.
    pub shots: Vec<KeptShot>,
    /// Every medium that could be chosen from.
    pub known: BTreeSet<MediaPath>,
    /// Media that are not to be shown where the shots taken away stood.
    pub avoid: BTreeSet<MediaPath>,
}

/// A stretch of music.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptCue {
    pub source: MediaPath,
    /// Where in the movie it starts.
    pub start: Time,
    /// Where in the file it starts.
    pub from: Time,
    pub length: Time,
}

impl KeptCue {
    /// What is kept of a stretch of music.
    pub fn of(cue: &MusicCue) -> Self {
        Self { source: cue.source.clone(), start: cue.start, from: cue.from, length: cue.length }
    }
}

/// What is kept of a shot. It lasts until the next begins.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct KeptShot {
    /// As [`Shot::id`].
    pub id: String,
    pub source: MediaPath,
    /// The cut into it.
    pub start: Time,
    /// The part of a clip that it shows.
    pub part: Option<(Time, Time)>,
    /// How fast a clip is shown.
    pub speed: Speed,
}

impl KeptShot {
    /// What is kept of a shot.
    pub fn of(shot: &Shot) -> Self {
        Self {
            id: shot.id.clone(),
            source: shot.source.path.clone(),
            start: shot.start,
            part: shot.source.part,
            speed: shot.treatment.speed,
        }
    }

    /// How often its medium was shown before: the number behind the path in its name.
    pub fn turn(&self) -> u32 {
        turn(&self.id, &self.source)
    }
}

/// How often a medium was shown before the shot of this name.
pub fn turn(id: &str, source: &MediaPath) -> u32 {
    let number = id.strip_prefix(source.as_str()).and_then(|rest| rest.strip_prefix('#'));
    number.and_then(|number| number.parse::<u32>().ok()).map_or(0, |number| number.saturating_sub(1))
}

impl Kept {
    /// What `plan` decided, out of the media `known`.
    pub fn of(plan: &EditPlan, known: BTreeSet<MediaPath>) -> Self {
        Self {
            rate: None,
            length: plan.length,
            cues: plan.music.iter().map(KeptCue::of).collect(),
            shots: plan.shots.iter().map(KeptShot::of).collect(),
            known,
            avoid: BTreeSet::new(),
        }
    }

    /// The same without shot `index` (counted from 0), whose medium is not wanted there again.
    pub fn without(mut self, index: usize) -> Self {
        if let Some(shot) = self.shots.get(index) {
            self.avoid.insert(shot.source.clone());
        }
        self
    }
}
