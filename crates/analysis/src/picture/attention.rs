use std::f32::consts::PI;

use crate::RgbView;

use super::Plane;

/// Side of the grid on which saliency is computed; it depends on large shapes.
const SIDE: usize = 48;
/// Radius of the smoothing of the map, in cells.
const SMOOTH: usize = 3;

/// Saliency of a picture, cell by cell of a coarse grid.
pub struct Attention {
    /// Lightness, red against green, blue against yellow, −255..=255.
    pub channels: [Plane; 3],
    /// Saliency of each cell by its form, 0 or more, without a unit.
    pub signature: Plane,
}

impl Attention {
    /// Computes the image signature of Hou, Harel and Koch ("Image signature: highlighting sparse salient
    /// regions", 2012): the signs of the cosine transform, transformed back, squared and smoothed, summed
    /// over three opponent colour channels.
    pub fn of(view: &RgbView) -> Self {
        let channels = opponents(Plane::reduced_rgb(view, SIDE.min(view.width()), SIDE.min(view.height())));
        let mut sum = signature(&channels[0]);
        for channel in &channels[1..] {
            for (sum, value) in sum.values.iter_mut().zip(signature(channel).values) {
                *sum += value;
            }
        }
        Self { channels, signature: sum }
    }
}

/// Converts to lightness, red against green, blue against yellow.
fn opponents([r, g, b]: [Plane; 3]) -> [Plane; 3] {
    let mix = |weights: [f32; 3]| {
        let values = (r.values.iter().zip(&g.values).zip(&b.values))
            .map(|((r, g), b)| weights[0] * r + weights[1] * g + weights[2] * b)
            .collect();
        Plane { width: r.width, height: r.height, values }
    };
    [mix([0.2126, 0.7152, 0.0722]), mix([1.0, -1.0, 0.0]), mix([0.5, 0.5, -1.0])]
}

/// Returns the smoothed square of the back-transformed signs; zero for a plane of one value.
fn signature(plane: &Plane) -> Plane {
    let (rows, columns) = (cosines(plane.height), cosines(plane.width));
    let low = plane.values.iter().fold(f32::MAX, |a, b| a.min(*b));
    let high = plane.values.iter().fold(f32::MIN, |a, b| a.max(*b));
    if high - low < 8.0 {
        return Plane { values: vec![0.0; plane.values.len()], ..*plane };
    }
    let mut signs = transform(&plane.values, &rows, &columns, false);
    // The mean carries no form; rounding noise must not get a sign.
    signs[0] = 0.0;
    for value in &mut signs {
        *value = if value.abs() < 1e-2 { 0.0 } else { value.signum() };
    }
    let mut back = transform(&signs, &rows, &columns, true);
    for value in &mut back {
        *value *= *value;
    }
    let smooth = Plane { values: back, ..*plane }.box_blurred(SMOOTH).box_blurred(SMOOTH);
    // Weights each channel by its range.
    let peak = smooth.values.iter().fold(f32::MIN_POSITIVE, |a, b| a.max(*b));
    let weight = (high - low) / peak;
    Plane { values: smooth.values.iter().map(|value| value * weight).collect(), ..*plane }
}

/// Returns the orthonormal cosine basis (DCT-II) of `n` points: row `k` is the wave of frequency `k`.
fn cosines(n: usize) -> Vec<f32> {
    let norm = |k: usize| if k == 0 { (1.0 / n as f32).sqrt() } else { (2.0 / n as f32).sqrt() };
    let wave = |k: usize, i: usize| (PI * k as f32 * (2 * i + 1) as f32 / (2 * n) as f32).cos();
    (0..n).flat_map(|k| (0..n).map(move |i| norm(k) * wave(k, i))).collect()
}

/// Returns the two-dimensional cosine transform of `values`, or its inverse.
fn transform(values: &[f32], rows: &[f32], columns: &[f32], inverse: bool) -> Vec<f32> {
    let (height, width) = (isqrt(rows.len()), isqrt(columns.len()));
    let basis = |table: &[f32], n: usize, out: usize, i: usize| {
        if inverse { table[i * n + out] } else { table[out * n + i] }
    };
    let mut across = vec![0.0; values.len()];
    for y in 0..height {
        for out in 0..width {
            across[y * width + out] =
                (0..width).map(|x| values[y * width + x] * basis(columns, width, out, x)).sum();
        }
    }
    let mut both = vec![0.0; values.len()];
    for out in 0..height {
        for y in 0..height {
            let weight = basis(rows, height, out, y);
            for x in 0..width {
                both[out * width + x] += weight * across[y * width + x];
            }
        }
    }
    both
}

fn isqrt(square: usize) -> usize {
    (square as f64).sqrt().round() as usize
}
