use super::seen::Seen;
use mmm_base::Rate;
use mmm_facts::Wanted;
use mmm_facts::{Figure, FigurePlace, Limit, Measure};

const BLACK: Measure = Measure { name: "black frames", unit: "frames" };

/// Counts frames that are entirely black outside fades: the plan's fades, or without a plan a black start or
/// end.
pub(super) fn figure(seen: &Seen, rate: Rate, wanted: Option<&Wanted>) -> Figure {
    let is_meant = |frame: u32| wanted.is_some_and(|wanted| wanted.fades(frame));
    let at_an_end = |start: u32, end: u32| wanted.is_none() && (start == 0 || end == seen.frames());
    let mut runs: Vec<(u32, u32)> = seen
        .black
        .iter()
        .filter(|run| !at_an_end(run.start, run.start + run.frames))
        .map(|run| (run.start..run.start + run.frames).filter(|frame| !is_meant(*frame)))
        .filter_map(|mut frames| Some((frames.next()?, frames.count() as u32 + 1)))
        .collect();
    let frames: u32 = runs.iter().map(|(_, frames)| frames).sum();
    runs.sort_by_key(|(start, frames)| (std::cmp::Reverse(*frames), *start));
    let places = runs
        .iter()
        .map(|(start, frames)| FigurePlace::frame(*start, rate, format!("{} black", frames_word(*frames))));
    Figure::measured(BLACK, f64::from(frames), Limit::Most(0.0)).at(places)
}

/// Returns the count in words: `1 frame`, `3 frames`.
pub(super) fn frames_word(frames: u32) -> String {
    if frames == 1 { "1 frame".to_owned() } else { format!("{frames} frames") }
}
