use super::layout::{LEFT, Layout, RIGHT, WAVE};
use super::palette::{Hues, PLAIN, strength, tint};
use super::svg::{Svg, point};
use mmm_facts::MusicFacts;

/// The number of peaks that are drawn: one for every 1.5 pixels.
pub const COLUMNS: usize = 920;

/// Half the height of the loudest peak, and of silence, in pixels.
const REACH: f64 = (WAVE.1 - WAVE.0) / 2.0 - 12.0;
const LEAST: f64 = 0.6;

/// Peaks quieter than this (1 is full scale) are not enlarged to the full height.
const FLOOR: f64 = 0.05;

/// Draws the waveform in the colours of its sections.
pub(super) fn draw(svg: &mut Svg, layout: &Layout, hues: &Hues, facts: &MusicFacts, peaks: &[(f32, f32)]) {
    super::lane(svg, "Waveform", (WAVE.0 + WAVE.1) / 2.0 - 11.0);
    let columns = scaled(peaks);
    let colour = |i: usize| {
        let time = (i as f64 + 0.5) / columns.len() as f64 * layout.seconds;
        let inside = |s: &&mmm_facts::Section| (s.start.secs()..s.end.secs()).contains(&time);
        let section = facts.form.sections.iter().find(inside);
        section.map_or(tint(PLAIN, 0.7), |s| tint(hues.of(s), 0.2 + 0.65 * strength(s.kind)))
    };
    let colours: Vec<String> = (0..columns.len()).map(colour).collect();
    let mut start = 0;
    for run in colours.chunk_by(|a, b| a == b) {
        let end = start + run.len();
        svg.fill(&outline(&columns, start, end), &run[0]);
        start = end;
    }
}

/// Converts peaks to pixel lengths below and above the middle, at most [`COLUMNS`] of them.
fn scaled(peaks: &[(f32, f32)]) -> Vec<(f64, f64)> {
    let count = peaks.len().min(COLUMNS);
    let at = |i: usize| i * peaks.len() / count.max(1);
    let sane = |v: f32| if v.is_finite() { f64::from(v) } else { 0.0 };
    let fold = |i: usize| {
        let part = &peaks[at(i)..at(i + 1)];
        part.iter().fold((0.0, 0.0), |(down, up): (f64, f64), &(l, h)| (down.max(-sane(l)), up.max(sane(h))))
    };
    let folded: Vec<(f64, f64)> = (0..count).map(fold).collect();
    let top = folded.iter().fold(FLOOR, |top, &(down, up)| top.max(down).max(up));
    let length = |v: f64| (v / top * REACH).max(LEAST);
    folded.into_iter().map(|(down, up)| (length(down), length(up))).collect()
}

/// Returns the closed outline of the columns in `start..end`: along the top and back along the bottom.
fn outline(columns: &[(f64, f64)], start: usize, end: usize) -> String {
    let middle = (WAVE.0 + WAVE.1) / 2.0;
    let x = |i: f64| LEFT + i / columns.len() as f64 * (RIGHT - LEFT);
    let part = &columns[start..end];
    let (Some(first), Some(last)) = (part.first(), part.last()) else { return String::new() };
    // The outline has a point at the middle of each column and at the outer edges of the first and last
    // column.
    let mut points = vec![(x(start as f64), first)];
    points.extend(part.iter().enumerate().map(|(i, column)| (x((start + i) as f64 + 0.5), column)));
    points.push((x(end as f64), last));
    let mut path = String::new();
    for (i, (x, (_, up))) in points.iter().enumerate() {
        point(&mut path, if i == 0 { 'M' } else { 'L' }, *x, middle - up);
    }
    for (x, (down, _)) in points.iter().rev() {
        point(&mut path, 'L', *x, middle + down);
    }
    path.push('Z');
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The loudest peak fills the lane, unless it is almost silent.
    #[test]
    fn the_loudest_peak_fills_the_lane() {
        assert_eq!(scaled(&[(-0.2, 0.1), (f32::NAN, 0.0)]), [(REACH, REACH / 2.0), (LEAST, LEAST)]);
        assert!(scaled(&[(-0.0005, 0.0005)])[0].0 < REACH / 50.0);
        assert!(scaled(&vec![(-1.0, 1.0); 5000]).len() == COLUMNS);
    }
}
