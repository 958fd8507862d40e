use super::header::clock;
use super::layout::{AXIS, LEFT, Layout, RIGHT, step};
use super::palette::{HAIR, QUIET};
use super::svg::{Style, Svg, point};

/// Possible distances between labels, in seconds: steps that divide minutes and hours.
const STEPS: [u32; 14] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/// The least width that a label needs, in pixels.
const ROOM: f64 = 92.0;

/// Draws the time axis with its labels.
pub(super) fn draw(svg: &mut Svg, layout: &Layout) {
    super::lane(svg, "Time", AXIS + 20.5);
    let step = every(layout.seconds);
    let mut path = String::new();
    point(&mut path, 'M', LEFT, AXIS);
    point(&mut path, 'L', RIGHT, AXIS);
    for time in times(step, layout.seconds) {
        point(&mut path, 'M', layout.x(time), AXIS);
        point(&mut path, 'L', layout.x(time), AXIS + 6.0);
        let style = Style { fill: QUIET, middle: true, ..Style::default() };
        svg.text(layout.x(time), AXIS + 26.0, &clock(time), style);
    }
    svg.stroke(&path, HAIR, 1.0, "");
}

/// Returns the distance between labels, in seconds, for a piece of the given length.
fn every(seconds: f64) -> u32 {
    let least = seconds * ROOM / (RIGHT - LEFT);
    // For longer pieces than the list covers, a whole number of hours.
    if least > 7200.0 { ((least / 3600.0).ceil() as u32).saturating_mul(3600) } else { step(&STEPS, least) }
}

fn times(step: u32, seconds: f64) -> impl Iterator<Item = f64> {
    (0..=20).map(move |i| f64::from(i) * f64::from(step)).take_while(move |time| *time <= seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A piece of 5 seconds or more has at least 5 labels, and never more than fit.
    #[test]
    fn every_length_has_a_sensible_step() {
        for (seconds, step) in
            [(5.0, 1), (60.0, 5), (143.0, 10), (240.0, 30), (3600.0, 300), (86_400.0, 7200)]
        {
            assert_eq!(every(seconds), step, "{seconds}");
            assert!((5..=15).contains(&times(step, seconds).count()));
        }
        assert!(times(every(1e9), 1e9).count() <= 15);
        assert_eq!(times(every(0.2), 0.2).count(), 1);
    }
}
