use crate::RgbView;

use super::{Plane, Tone};

/// Longer side of the grid on which shapes are searched, at most: coarse enough to average noise.
const MOST_SIDE: usize = 90;
/// The share of the cells that may have a shape: dust, a crack of light.
const SHAPES: f64 = 0.005;
/// A cell has a shape if it differs from the mean of its neighbours by more than this, of 255.
const LEAST_SHAPE: f32 = 3.0;
/// A picture that is darker on average is dark, 0..=1.
const DARK: f64 = 0.22;
/// A finger over the lens: the picture is darker than this, and its red exceeds its green by this factor.
const FINGER_LIGHT: f64 = 0.6;
const FINGER_RED: f32 = 1.5;

/// Whether something covered the lens: a cap, a pocket, a finger. Such a picture is black, or dark or
/// skin-red without any shape; light that leaks in from one side has none either.
pub fn is_covered(view: &RgbView, small: &Plane, tone: &Tone) -> bool {
    let is_finger = || {
        let [red, green, blue] = Plane::reduced_rgb(view, 1, 1).map(|channel| channel.values[0]);
        tone.mean < FINGER_LIGHT && red > FINGER_RED * green && red > FINGER_RED * blue
    };
    shape(small) <= LEAST_SHAPE && (tone.mean < DARK || is_finger())
}

/// Returns by how much the cells of a grid differ from the mean of their neighbours, but for a few.
fn shape(plane: &Plane) -> f32 {
    let small = plane.halved_to(MOST_SIDE);
    let mut bends = Vec::with_capacity(small.values.len());
    for y in 1..small.height.saturating_sub(1) {
        let (above, row, below) = (small.row(y - 1), small.row(y), small.row(y + 1));
        for x in 1..small.width.saturating_sub(1) {
            bends.push((row[x] - (above[x] + below[x] + row[x - 1] + row[x + 1]) / 4.0).abs());
        }
    }
    if bends.is_empty() {
        // Too thin to tell.
        return f32::MAX;
    }
    bends.sort_by(f32::total_cmp);
    let at = (bends.len() as f64 * (1.0 - SHAPES)) as usize;
    bends.get(at.min(bends.len().saturating_sub(1))).copied().unwrap_or(0.0)
}
