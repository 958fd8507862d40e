use std::fmt::Write;

use super::layout::{Layout, MARGIN, RIGHT, WAVE};
use super::palette::INK;
use super::svg::{Svg, num, point};
use mmm_facts::EnergyCurve;

/// The least distance between two points of the line, in pixels.
const STEP: f64 = 4.0;

/// Half of the width over which the line is smoothed, in seconds and in pixels; the larger one is used.
const SMOOTH_S: f64 = 0.4;
const SMOOTH: f64 = 11.0;

/// Draws the energy curve, from 0 at the bottom of the waveform to 1 at its top: a line with a white edge.
pub(super) fn draw(svg: &mut Svg, layout: &Layout, curve: &EnergyCurve) {
    if curve.values.len() < 2 || curve.rate_hz == 0 {
        return;
    }
    let (y, end) = ((WAVE.0 + WAVE.1) / 2.0 + 12.0, MARGIN + 52.0);
    super::lane(svg, "Energy", y);
    let path = smooth(&points(layout, curve));
    let ends = "stroke-linejoin=\"round\" stroke-linecap=\"round\"";
    svg.stroke(&path, "#fff", 5.5, &format!("{ends} stroke-opacity=\"0.85\""));
    svg.stroke(&path, INK, 2.4, ends);
    svg.stroke(&format!("M{} {}h18", num(end + 6.0), num(y)), INK, 2.4, ends);
}

/// Returns the points of the line, evenly spaced from the first value to the end of the last.
fn points(layout: &Layout, curve: &EnergyCurve) -> Vec<(f64, f64)> {
    let rate = f64::from(curve.rate_hz);
    let seconds = layout.seconds.min(curve.values.len() as f64 / rate);
    let (from, to) = (layout.x(0.0), layout.x(seconds).min(RIGHT));
    let count = ((to - from) / STEP.max(layout.pixels(1.0 / rate))).floor().max(1.0) as usize;
    let reach = SMOOTH_S.max(SMOOTH / layout.pixels(1.0).max(1e-9));
    let point = |i: usize| {
        let share = i as f64 / count as f64;
        let energy = weighted(curve, share * seconds, reach);
        (from + share * (to - from), WAVE.1 - 8.0 - energy * (WAVE.1 - WAVE.0 - 16.0))
    };
    (0..=count).map(point).collect()
}

/// Returns the weighted mean of the energy within `reach` seconds of a time; the nearest values weigh most.
/// Uses a biweight kernel, because a cosine would differ between machines.
fn weighted(curve: &EnergyCurve, seconds: f64, reach: f64) -> f64 {
    let rate = f64::from(curve.rate_hz);
    let last = curve.values.len() - 1;
    let index = |time: f64| ((time * rate).max(0.0) as usize).min(last);
    let (mut sum, mut weights) = (0.0, 0.0);
    for (i, value) in
        curve.values.iter().enumerate().take(index(seconds + reach) + 1).skip(index(seconds - reach))
    {
        let away = ((i as f64 + 0.5) / rate - seconds) / reach;
        let near = (1.0 - away * away).max(0.0);
        let weight = 1e-6 + near * near;
        sum += weight * value.get();
        weights += weight;
    }
    sum / weights
}

/// Returns a smooth path: parabolas between the midpoints of neighbouring points, with the points as
/// controls.
fn smooth(points: &[(f64, f64)]) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    let mut path = String::new();
    point(&mut path, 'M', first.0, first.1);
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let _ = write!(path, "Q{} {} {} {}", num(x0), num(y0), num((x0 + x1) / 2.0), num((y0 + y1) / 2.0));
    }
    point(&mut path, 'L', last.0, last.1);
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::Score;

    /// A constant energy stays constant, whatever the window.
    #[test]
    fn a_steady_energy_is_a_level_line() {
        let curve = EnergyCurve { rate_hz: 10, values: vec![Score::HALF; 50] };
        for layout in [Layout { seconds: 5.0 }, Layout { seconds: 3600.0 }, Layout { seconds: 0.001 }] {
            let middle = (WAVE.0 + WAVE.1) / 2.0;
            assert!(points(&layout, &curve).iter().all(|p| (p.1 - middle).abs() < 1e-6));
        }
    }

    /// The curve of an hour has no more points than that of a song.
    #[test]
    fn the_line_has_at_most_a_point_every_four_pixels() {
        let curve = EnergyCurve { rate_hz: 10, values: vec![Score::HALF; 36_000] };
        assert_eq!(points(&Layout { seconds: 3600.0 }, &curve).len(), 346);
    }
}
