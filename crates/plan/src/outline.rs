use mmm_base::{Score, Time};
use mmm_facts::MediaKind;

use super::cast::Cast;
use super::grid::Grid;
use super::pace::Pace;
use super::refusals::{count, seconds};
use mmm_facts::{Chapter, Outline, PlannedShot, StoryBeat};

/// What the plan as a whole is like, in its own figures.
pub(super) fn outline(
    cast: &Cast,
    grid: &Grid,
    pace: &Pace,
    shots: &[PlannedShot],
    chapters: &[Chapter],
) -> Outline {
    let mean = |of: &dyn Fn(&PlannedShot) -> Score| {
        Score::new(shots.iter().map(|shot| of(shot).get()).sum::<f64>() / shots.len().max(1) as f64)
    };
    let clips = shots.iter().filter(|shot| shot.kind == MediaKind::Clip).count();
    let photos = shots.len() - clips;
    let summary = format!(
        "{} in {}: {} and {}, out of {}",
        seconds(grid.length()),
        count(shots.len(), "shot", "shots"),
        count(photos, "photo", "photos"),
        count(clips, "clip", "clips"),
        count(cast.candidates.len(), "medium", "media"),
    );
    Outline {
        narrative_structure: narrative(shots, chapters),
        pacing_strategy: pacing(pace, shots),
        music_sync_notes: sync(grid, shots),
        variety: mean(&|shot| shot.scores.variety),
        story_coherence: coherence(cast, shots),
        technical_quality: mean(&|shot| shot.scores.quality),
        summary,
    }
}

fn narrative(shots: &[PlannedShot], chapters: &[Chapter]) -> String {
    let of = |beat| shots.iter().filter(|shot| shot.story_beat == beat).count();
    format!(
        "{}; shots: {} introduction, {} rising, {} climax, {} resolution",
        count(chapters.len(), "chapter", "chapters"),
        of(StoryBeat::Introduction),
        of(StoryBeat::Rising),
        of(StoryBeat::Climax),
        of(StoryBeat::Resolution),
    )
}

fn pacing(pace: &Pace, shots: &[PlannedShot]) -> String {
    let lengths = || shots.iter().map(|shot| shot.length);
    let total: Time = lengths().sum();
    let mean = total.scale(1, shots.len().max(1) as i64);
    let (least, most) = (lengths().min().unwrap_or(Time::ZERO), lengths().max().unwrap_or(Time::ZERO));
    let words = pace.words();
    format!("{words}; shots last {} to {}, {} on average", seconds(least), seconds(most), seconds(mean))
}

fn sync(grid: &Grid, shots: &[PlannedShot]) -> String {
    let cuts = shots.len().saturating_sub(1);
    let on_beat = shots.iter().skip(1).filter(|shot| shot.beat.is_some()).count();
    let first = if grid.on_beats {
        format!("{on_beat} of {} on a beat", count(cuts, "cut", "cuts"))
    } else {
        "cuts stand on a steady grid, not on beats".to_owned()
    };
    std::iter::once(first).chain(grid.notes.iter().cloned()).collect::<Vec<_>>().join("; ")
}

/// The share of what was taken whose chapters appear.
fn coherence(cast: &Cast, shots: &[PlannedShot]) -> Score {
    let mut shown = vec![false; cast.sizes.len()];
    for candidate in &cast.candidates {
        if shots.iter().any(|shot| shot.source == candidate.medium.path) {
            shown[candidate.place.chapter] = true;
        }
    }
    let seen: usize = cast.sizes.iter().zip(shown).filter(|(_, shown)| *shown).map(|(size, _)| size).sum();
    Score::new(seen as f64 / cast.candidates.len().max(1) as f64)
}
