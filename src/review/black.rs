use super::figure::{Figure, Limit, Measure, Place};
use super::seen::Seen;
use crate::base::Rate;

const BLACK: Measure = Measure { name: "black frames", unit: "frames" };

/// Frames that are black all over.
pub(super) fn figure(seen: &Seen, rate: Rate) -> Figure {
    let mut runs = seen.black.clone();
    let frames: u32 = runs.iter().map(|run| run.frames).sum();
    runs.sort_by_key(|run| (std::cmp::Reverse(run.frames), run.start));
    let places =
        runs.iter().map(|run| Place::frame(run.start, rate, format!("{} black", frames_word(run.frames))));
    Figure::measured(BLACK, f64::from(frames), Limit::Most(0.0)).at(places)
}

/// `1 frame`, `3 frames`.
pub(super) fn frames_word(frames: u32) -> String {
    if frames == 1 { "1 frame".to_owned() } else { format!("{frames} frames") }
}
