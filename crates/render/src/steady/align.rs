//! Finds the global motion between two pictures of a clip.

use super::similarity::Similarity;
use mmm_media::RgbPicture;

/// The brightness of a picture, 0..=255; each level has half the size of the one before.
pub struct Pyramid {
    levels: Vec<Plane>,
}

struct Plane {
    width: usize,
    height: usize,
    light: Vec<f32>,
}

/// The smallest side of a level in pixels.
const LEAST_SIDE: usize = 16;
/// Iterations at the largest level, and at each smaller one.
const ROUNDS: (usize, usize) = (5, 10);
/// On levels narrower than this, in pixels, only shifts are estimated.
const SHIFTS_ONLY: usize = 64;
/// A step smaller than this, in picture widths, ends a level.
const STILL: f64 = 2e-5;
/// If a smaller share of pixels matches, the pictures show different scenes.
const LEAST_ALIKE: f64 = 0.4;
/// A matching pixel differs by less than this.
const ALIKE: f64 = 16.0;

impl Pyramid {
    /// Builds the pyramid of a picture of any size.
    pub fn of(picture: &RgbPicture) -> Self {
        let (width, height) = (picture.width as usize, picture.height as usize);
        let light = picture.pixels.as_chunks::<3>().0.iter();
        let light = light.map(|[r, g, b]| (f32::from(*r) + 2.0 * f32::from(*g) + f32::from(*b)) / 4.0);
        let mut levels = vec![Plane { width, height, light: light.collect() }];
        while let Some(last) = levels.last()
            && last.width.min(last.height) >= 2 * LEAST_SIDE
        {
            levels.push(last.half());
        }
        Self { levels }
    }
}

impl Plane {
    fn half(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let row = |y: usize| &self.light[y * self.width..(y + 1) * self.width];
        let mut light = Vec::with_capacity(width * height);
        for y in 0..height {
            let (upper, lower) = (row(2 * y), row(2 * y + 1));
            light.extend(
                (0..width).map(|x| (upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1]) / 4.0),
            );
        }
        Self { width, height, light }
    }

    fn at(&self, x: usize, y: usize) -> f64 {
        f64::from(self.light[y * self.width + x])
    }

    /// Interpolates between pixels; `None` outside the plane.
    fn between(&self, (x, y): (f64, f64)) -> Option<f64> {
        let inside = x >= 0.0 && y >= 0.0 && x < (self.width - 1) as f64 && y < (self.height - 1) as f64;
        if !inside {
            return None;
        }
        let (left, top) = (x as usize, y as usize);
        let (right, down) = (x - left as f64, y - top as f64);
        let upper = self.at(left, top) * (1.0 - right) + self.at(left + 1, top) * right;
        let lower = self.at(left, top + 1) * (1.0 - right) + self.at(left + 1, top + 1) * right;
        Some(upper * (1.0 - down) + lower * down)
    }

    /// Returns the centre and the unit of positions, in pixels.
    fn frame(&self) -> ((f64, f64), f64) {
        (((self.width - 1) as f64 / 2.0, (self.height - 1) as f64 / 2.0), self.width as f64)
    }
}

/// Returns the motion that maps positions in `before` to positions in `after`; `None` if the two show
/// different scenes.
///
/// Gauss-Newton with the gradients of `before` (Baker and Matthews 2004, inverse composition), from coarse to
/// fine. A difference in brightness is estimated along with it, and objects that move in the picture have
/// little weight (weights of Geman and McClure).
pub fn align(before: &Pyramid, after: &Pyramid) -> Option<Similarity> {
    let mut motion = Similarity::NONE;
    let mut alike = 0.0;
    for (level, (one, other)) in before.levels.iter().zip(&after.levels).enumerate().rev() {
        let rounds = if level == 0 { ROUNDS.0 } else { ROUNDS.1 };
        let mut fit = Fit { bias: 0.0, spread: 30.0 };
        for _ in 0..rounds {
            let Some(step) = step(one, other, &motion, &mut fit) else { break };
            motion = motion.after(&step.inverse());
            let far = step.parts().iter().map(|part| part.abs()).fold(0.0, f64::max);
            if far < STILL {
                break;
            }
        }
        alike = share_alike(one, other, &motion, fit.bias);
    }
    (alike >= LEAST_ALIKE).then_some(motion)
}

/// The state of the robust fit.
struct Fit {
    /// How much brighter the second picture is.
    bias: f64,
    /// Larger differences have little weight.
    spread: f64,
}

/// Calls `see` with every pixel used: its coordinates, its position, and the brightness there in the other
/// picture.
fn pixels(
    one: &Plane,
    other: &Plane,
    motion: &Similarity,
    mut see: impl FnMut((usize, usize), (f64, f64), f64),
) {
    // On the largest level, a quarter of the pixels is enough.
    let stride = if one.width >= 4 * SHIFTS_ONLY { 2 } else { 1 };
    let ((middle_x, middle_y), unit) = one.frame();
    for y in (1..one.height - 1).step_by(stride) {
        for x in (1..one.width - 1).step_by(stride) {
            let place = ((x as f64 - middle_x) / unit, (y as f64 - middle_y) / unit);
            let there = motion.at(place);
            let there = (there.0 * unit + middle_x, there.1 * unit + middle_y);
            if let Some(light) = other.between(there) {
                see((x, y), place, light);
            }
        }
    }
}

/// Returns the small motion of the first picture that best explains the remaining difference.
fn step(one: &Plane, other: &Plane, motion: &Similarity, fit: &mut Fit) -> Option<Similarity> {
    let shifts_only = one.width < SHIFTS_ONLY;
    let unit = one.width as f64;
    let (mut normal, mut wanted) = ([[0.0; 5]; 5], [0.0; 5]);
    let (mut off, mut count) = (0.0, 0.0);
    pixels(one, other, motion, |(x, y), place, light| {
        let differs = light - one.at(x, y);
        let error = differs - fit.bias;
        let weight = (1.0 + (error / fit.spread).powi(2)).powi(-2);
        let across = (one.at(x + 1, y) - one.at(x - 1, y)) / 2.0 * unit;
        let down = (one.at(x, y + 1) - one.at(x, y - 1)) / 2.0 * unit;
        let (grow, turn) = match shifts_only {
            true => (0.0, 0.0),
            false => (across * place.0 + down * place.1, down * place.0 - across * place.1),
        };
        let row = [grow, turn, across, down, 1.0];
        for (index, part) in row.iter().enumerate() {
            wanted[index] += weight * part * differs;
            for (sum, other) in normal[index].iter_mut().zip(&row) {
                *sum += weight * part * other;
            }
        }
        off += error.abs();
        count += 1.0;
    });
    if count < 50.0 {
        return None;
    }
    for (index, row) in normal.iter_mut().enumerate() {
        row[index] = row[index] * (1.0 + 1e-6) + 1e-6;
    }
    let [grow, turn, x, y, bias] = solve(normal, wanted)?;
    (fit.bias, fit.spread) = (bias, (1.5 * off / count).clamp(4.0, 30.0));
    // Very large steps come from pictures without detail.
    let tame = grow.abs() < 0.1 && turn.abs() < 0.1 && x.abs() < 0.2 && y.abs() < 0.2;
    tame.then_some(Similarity { turn: (1.0 + grow, turn), shift: (x, y) })
}

fn share_alike(one: &Plane, other: &Plane, motion: &Similarity, bias: f64) -> f64 {
    let (mut alike, mut count) = (0.0, 0.0);
    pixels(one, other, motion, |(x, y), _, light| {
        alike += f64::from(u8::from((light - one.at(x, y) - bias).abs() < ALIKE));
        count += 1.0;
    });
    if count > 0.0 { alike / count } else { 0.0 }
}

/// Solves a linear system by Gaussian elimination with partial pivoting; `None` if it has no unique solution.
fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> Option<[f64; N]> {
    for column in 0..N {
        let pivot =
            (column..N).max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()))?;
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        if matrix[column][column].abs() < 1e-12 {
            return None;
        }
        for below in column + 1..N {
            let share = matrix[below][column] / matrix[column][column];
            let row = matrix[column];
            for (value, above) in matrix[below].iter_mut().zip(row).skip(column) {
                *value -= share * above;
            }
            right[below] -= share * right[column];
        }
    }
    let mut found = [0.0; N];
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|column| matrix[row][column] * found[column]).sum();
        found[row] = (right[row] - known) / matrix[row][row];
    }
    Some(found)
}
