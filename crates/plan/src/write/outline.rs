use crate::cast::Cast;
use crate::music::{Grid, Pace};
use mmm_base::{Score, Time};
use mmm_facts::{Chapter, MediaKind, MusicSync, Outline, Shot, ShotLengths, StoryBeat, StoryCounts};

/// Returns what the plan as a whole is like, in its own figures.
pub(super) fn outline(
    cast: &Cast,
    grid: &Grid,
    pace: &Pace,
    shots: &[Shot],
    chapters: &[Chapter],
) -> Outline {
    let mean = |of: &dyn Fn(&Shot) -> Score| {
        Score::new(shots.iter().map(|shot| of(shot).get()).sum::<f64>() / shots.len().max(1) as f64)
    };
    let clips = shots.iter().filter(|shot| shot.source.kind == MediaKind::Clip).count();
    Outline {
        length: grid.length(),
        photos: shots.len() - clips,
        clips,
        media: cast.candidates.len(),
        passed_over: cast.passed_over.len(),
        chapters: chapters.len(),
        story: story(shots),
        pacing: pace.pacing(),
        shot_lengths: shot_lengths(shots),
        sync: sync(grid, shots),
        variety: mean(&|shot| shot.merits.variety),
        story_coherence: coherence(cast, shots),
        technical_quality: mean(&|shot| shot.merits.quality),
    }
}

fn story(shots: &[Shot]) -> StoryCounts {
    let of = |beat| shots.iter().filter(|shot| shot.merits.story_beat == beat).count();
    StoryCounts {
        introduction: of(StoryBeat::Introduction),
        rising: of(StoryBeat::Rising),
        climax: of(StoryBeat::Climax),
        resolution: of(StoryBeat::Resolution),
    }
}

fn shot_lengths(shots: &[Shot]) -> ShotLengths {
    let lengths = || shots.iter().map(|shot| shot.length);
    let total: Time = lengths().sum();
    ShotLengths {
        shortest: lengths().min().unwrap_or(Time::ZERO),
        longest: lengths().max().unwrap_or(Time::ZERO),
        mean: total.scale(1, shots.len().max(1) as i64),
    }
}

fn sync(grid: &Grid, shots: &[Shot]) -> MusicSync {
    let on_beat = || shots.iter().skip(1).filter(|shot| shot.beat.is_some()).count();
    MusicSync {
        cuts: shots.len().saturating_sub(1),
        on_beat: grid.on_beats.then(on_beat),
        notes: grid.notes.clone(),
    }
}

/// Returns the share of all media that belong to chapters which appear in the movie.
fn coherence(cast: &Cast, shots: &[Shot]) -> Score {
    let mut shown = vec![false; cast.sizes.len()];
    for candidate in &cast.candidates {
        if shots.iter().any(|shot| shot.source.path == candidate.medium.path) {
            shown[candidate.place.chapter] = true;
        }
    }
    let seen: usize = cast.sizes.iter().zip(shown).filter(|(_, shown)| *shown).map(|(size, _)| size).sum();
    Score::new(seen as f64 / cast.candidates.len().max(1) as f64)
}
