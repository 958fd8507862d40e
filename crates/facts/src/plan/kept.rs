use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use mmm_base::{MediaPath, Rate, Speed, Time};

use crate::{EditPlan, MusicCue, Shot};

/// The decisions of an earlier plan of the same movie. A new plan stays as close to them as the spec and the
/// media allow.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// Frames per second.
    pub rate: Option<Rate>,
    pub length: Time,
    /// The music, in order of time.
    pub cues: Vec<KeptCue>,
    /// In order of time, without gaps.
    pub shots: Vec<KeptShot>,
    /// Every medium that was available to that plan.
    pub known: BTreeSet<MediaPath>,
    /// Media whose shots must be given to other media.
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
    /// Returns what is kept of a stretch of music.
    pub fn of(cue: &MusicCue) -> Self {
        Self { source: cue.source.clone(), start: cue.start, from: cue.from, length: cue.length }
    }
}

/// What is kept of a shot. The shot lasts until the next one begins.
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
    /// Returns what is kept of a shot.
    pub fn of(shot: &Shot) -> Self {
        Self {
            id: shot.id.clone(),
            source: shot.source.path.clone(),
            start: shot.start,
            part: shot.source.part,
            speed: shot.treatment.speed,
        }
    }

    /// Returns how many earlier shots show the same medium, read from the number after the path in its `id`.
    pub fn turn(&self) -> u32 {
        turn(&self.id, &self.source)
    }
}

/// Returns how many earlier shots show the same medium as the shot with this `id`.
pub fn turn(id: &str, source: &MediaPath) -> u32 {
    let number = id.strip_prefix(source.as_str()).and_then(|rest| rest.strip_prefix('#'));
    number.and_then(|number| number.parse::<u32>().ok()).map_or(0, |number| number.saturating_sub(1))
}

impl Kept {
    /// Returns the decisions of `plan`, which was made from the media `known`.
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

    /// Returns the same decisions, except that another medium must replace that of shot `index` (counted from
    /// 0).
    pub fn without(mut self, index: usize) -> Self {
        if let Some(shot) = self.shots.get(index) {
            self.avoid.insert(shot.source.clone());
        }
        self
    }
}
