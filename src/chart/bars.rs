use std::collections::BTreeMap;

use super::layout::{LEFT, Layout, MARGIN, NUMBERS, RIGHT, TICKS, step};
use super::palette::{HAIR, INK, QUIET};
use super::svg::{Style, Svg, num, width};
use super::trust::{gaps, unsure};
use mmm_facts::{Beat, MusicFacts};

/// The heights of the ticks: beats, bars, numbered bars.
const HEIGHTS: [u8; 3] = [9, 18, 29];

/// Possible numbers of bars from one bar number to the next: every bar if there is room, else whole phrases.
const NUMBERED: [u32; 12] = [1, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];
const NUMBER_ROOM: f64 = 52.0;

/// Ticks closer than the first distance (in pixels) are not drawn; ticks further apart than the second are
/// drawn in full.
const CROWDED: (f64, f64) = (3.2, 7.0);

/// Draws bars and beats as ticks whose opacity shows the confidence of the beats. Unsure stretches are
/// hatched.
pub(super) fn draw(svg: &mut Svg, layout: &Layout, facts: &MusicFacts) {
    let beats = &facts.beat.beats;
    let middle = TICKS + f64::from(HEIGHTS[2]) / 2.0;
    super::lane(
        svg,
        if beats.iter().any(|beat| beat.position == Some(1)) { "Bars, beats" } else { "Beats" },
        middle,
    );
    let quiet = Style { fill: QUIET, middle: true, ..Style::default() };
    if beats.is_empty() {
        svg.text((LEFT + RIGHT) / 2.0, middle + 5.5, "no beats found", quiet);
        return;
    }
    let gap = median_gap(beats.iter());
    hatch(svg, layout, &unsure(beats, gap));
    ground(svg, layout, &gaps(beats, gap, layout.seconds));
    let ticks = ticks(beats, layout);
    for ((tier, tenths), path) in strokes(&ticks, layout) {
        let opacity = format!("stroke-opacity=\"{}\"", num(f64::from(tenths) / 10.0));
        svg.stroke(&path, INK, if tier == 0 { 1.0 } else { 1.5 }, &opacity);
    }
    for tick in &ticks {
        if let Some(number) = tick.number {
            svg.text(layout.x(tick.seconds), NUMBERS, &number.to_string(), quiet);
        }
    }
}

/// A tick to draw.
struct Tick {
    seconds: f64,
    /// The index into [`HEIGHTS`].
    tier: usize,
    /// 0..=1.
    opacity: f64,
    number: Option<u32>,
}

/// Returns every beat as a tick; bars are counted from 1 at the first downbeat.
fn ticks(beats: &[Beat], layout: &Layout) -> Vec<Tick> {
    let beat_gap = layout.pixels(median_gap(beats.iter()));
    let bar_gap = layout.pixels(median_gap(beats.iter().filter(|beat| beat.position == Some(1))));
    // Every bar gets a number only if there is ample room.
    let every =
        if bar_gap >= 2.0 * NUMBER_ROOM { 1 } else { step(&NUMBERED[1..], NUMBER_ROOM / bar_gap.max(1e-6)) };
    let mut bar = 0;
    let mut taken = f64::NEG_INFINITY;
    let tick = |beat: &Beat| {
        let seconds = beat.time.secs();
        let sure = 0.15 + 0.85 * beat.confidence.get();
        if beat.position != Some(1) {
            return Tick { seconds, tier: 0, opacity: sure * 0.9 * fade(beat_gap), number: None };
        }
        bar += 1;
        let counted = (bar - 1) % every == 0;
        // If the tempo changes, numbers could still overlap.
        let number = (counted && layout.x(seconds) >= taken).then_some(bar);
        if let Some(number) = number {
            taken = layout.x(seconds) + width(&number.to_string(), 16) + 8.0;
        }
        let opacity = sure * if counted { 1.0 } else { fade(bar_gap * f64::from(stride(bar - 1))) };
        Tick { seconds, tier: if counted { 2 } else { 1 }, opacity, number }
    };
    beats.iter().map(tick).collect()
}

/// Returns the opacity of ticks that are `gap` pixels apart, 0..=1.
fn fade(gap: f64) -> f64 {
    ((gap - CROWDED.0) / (CROWDED.1 - CROWDED.0)).clamp(0.0, 1.0)
}

/// Returns the largest of 1, 4, 16 … 4096 that divides a bar's index: the distance in bars to the next bar of
/// the same rank.
fn stride(index: u32) -> u32 {
    let rank = if index == 0 { 6 } else { (index.trailing_zeros() / 2).min(6) };
    1 << (2 * rank)
}

/// Returns one path for all ticks of the same height and opacity (in tenths).
fn strokes(ticks: &[Tick], layout: &Layout) -> BTreeMap<(usize, u8), String> {
    let mut paths = BTreeMap::<(usize, u8), String>::new();
    for tick in ticks {
        let tenths = (tick.opacity * 10.0).round() as u8;
        if tenths > 0 {
            let (x, y, height) = (num(layout.x(tick.seconds)), num(TICKS), HEIGHTS[tick.tier]);
            paths.entry((tick.tier, tenths)).or_default().push_str(&format!("M{x} {y}v{height}"));
        }
    }
    paths
}

/// Returns the median distance between beats in seconds; a very large value if there are fewer than two
/// beats.
fn median_gap<'a>(beats: impl Iterator<Item = &'a Beat>) -> f64 {
    let times: Vec<i64> = beats.map(|beat| beat.time.micros()).collect();
    let mut gaps: Vec<i64> = times.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).map_or(1e9, |&micros| (micros as f64 / 1e6).max(1e-3))
}

/// Draws the line that the ticks hang from, with gaps labelled "no beat".
fn ground(svg: &mut Svg, layout: &Layout, gaps: &[(f64, f64)]) {
    let mut path = String::new();
    let mut start = 0.0;
    for &(from, to) in gaps.iter().chain([&(layout.seconds, layout.seconds)]) {
        if from > start {
            path.push_str(&format!("M{} {}H{}", num(layout.x(start)), num(TICKS), num(layout.x(from))));
        }
        start = to;
        let middle = (layout.x(from) + layout.x(to)) / 2.0;
        if layout.pixels(to - from) > width("no beat", 16) + 16.0 {
            let style = Style { fill: QUIET, middle: true, ..Style::default() };
            svg.text(middle, TICKS + 20.0, "no beat", style);
        }
    }
    svg.stroke(&path, HAIR, 1.0, "");
}

/// Hatches the stretches in which the beats are unsure.
fn hatch(svg: &mut Svg, layout: &Layout, stretches: &[(f64, f64)]) {
    if stretches.is_empty() {
        return;
    }
    svg.raw(
        "<defs><pattern id=\"mmm-unsure\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#f5ecd6\"/>\
         <path d=\"M0 0V6\" stroke=\"#cdb67f\" stroke-width=\"2\"/></pattern></defs>",
    );
    for &(from, to) in stretches {
        let (left, width) = (layout.x(from), layout.x(to) - layout.x(from));
        // Stripes would be unrecognisable in such a narrow stretch.
        let fill = if width < 16.0 { "#e6d7b0" } else { "url(#mmm-unsure)" };
        if width >= 3.0 {
            svg.rect(left, TICKS, width, f64::from(HEIGHTS[2]), fill, 0.0);
        }
    }
    svg.rect(MARGIN, NUMBERS - 11.5, 14.0, 14.0, "url(#mmm-unsure)", 0.0);
    svg.text(MARGIN + 20.0, NUMBERS, "unsure", Style { fill: QUIET, ..Style::default() });
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::{Score, Time};

    fn beats(seconds: f64, gap: f64) -> Vec<Beat> {
        let count = (seconds / gap) as usize;
        let beat = |i: usize| Beat {
            time: Time::from_secs_f64(i as f64 * gap),
            position: Some((i % 4) as u8 + 1),
            confidence: Score::ONE,
        };
        (0..count).map(beat).collect()
    }

    /// At 120 beats per minute: one minute shows every beat, eight minutes every bar, and an hour every 16th
    /// bar.
    #[test]
    fn what_is_too_dense_is_not_drawn() {
        for (seconds, drawn) in [(60.0, 120), (480.0, 240), (3600.0, 113)] {
            let layout = Layout { seconds };
            let paths = strokes(&ticks(&beats(seconds, 0.5), &layout), &layout);
            let count: usize = paths.values().map(|path| path.matches('M').count()).sum();
            assert_eq!(count, drawn, "{seconds} s");
        }
    }

    #[test]
    fn numbers_never_meet() {
        for seconds in [5.0, 60.0, 240.0, 3600.0, 40_000.0] {
            let layout = Layout { seconds };
            let ticks = ticks(&beats(seconds, 0.5), &layout);
            let at: Vec<f64> =
                ticks.iter().filter(|t| t.number.is_some()).map(|t| layout.x(t.seconds)).collect();
            assert!(at.windows(2).all(|pair| pair[1] - pair[0] >= 44.0), "{seconds} s");
            assert!(at.len() > 1);
        }
    }
}
