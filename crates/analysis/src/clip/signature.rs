use crate::RgbView;
use crate::picture::Plane;

/// Differences up to this many levels are noise.
const NOISE: f32 = 6.0;
/// Differences this many levels above the noise certainly are motion.
const SURELY: f32 = 30.0;
/// Cells of the thumbnail by which pictures are compared.
const WIDTH: usize = 48;
const HEIGHT: usize = 27;
/// The largest shift at which a picture is still recognised, in cells.
const REACH_X: i64 = 12;
const REACH_Y: i64 = 7;
/// Levels per channel in the histogram.
const LEVELS: usize = 6;

/// The data kept of a picture to compare it with those that follow.
#[derive(Clone, Debug)]
pub struct Signature {
    thumb: Plane,
    /// Shares of the colours; they add up to 1.
    colours: Vec<f32>,
}

/// How one picture aligns with another.
#[derive(Clone, Copy, Debug)]
pub struct Alignment {
    /// The shift that fits best, as shares of the picture's width and height.
    pub shift: (f64, f64),
    /// Correlation at that shift, −1..=1; 1 for pictures without structure.
    pub correlation: f64,
    /// Mean difference of luma at that shift, 0..=1.
    pub residual: f64,
}

impl Signature {
    pub fn of(view: &RgbView) -> Self {
        let channels = Plane::reduced_rgb(view, WIDTH.min(view.width()), HEIGHT.min(view.height()));
        let mut colours = vec![0.0; LEVELS * LEVELS * LEVELS];
        let share = 1.0 / (view.width() * view.height()) as f32;
        for rgb in view.pixels() {
            let bin = rgb.iter().fold(0, |bin, value| bin * LEVELS + usize::from(*value) * LEVELS / 256);
            colours[bin] += share;
        }
        Self { thumb: Plane::luma_of_channels(&channels), colours }
    }

    /// Returns the distance of two pictures, 0..=1: half by their colours regardless of position, half by
    /// their shapes regardless of shift.
    pub fn distance(&self, other: &Self) -> f64 {
        let forms = (1.0 - self.align(other).correlation).clamp(0.0, 1.0);
        0.5 * self.colour_distance(other) + 0.5 * forms
    }

    /// Returns half the sum of the differences of the colours' shares, 0..=1.
    fn colour_distance(&self, other: &Self) -> f64 {
        let sum: f32 = self.colours.iter().zip(&other.colours).map(|(a, b)| (a - b).abs()).sum();
        f64::from(sum) / 2.0
    }

    /// Aligns `other` with this picture.
    pub fn align(&self, other: &Self) -> Alignment {
        let (a, b) = (&self.thumb, &other.thumb);
        if (a.width, a.height) != (b.width, b.height) {
            return Alignment { shift: (0.0, 0.0), correlation: 0.0, residual: 1.0 };
        }
        let (reach_x, reach_y) = (REACH_X.min(a.width as i64 / 4), REACH_Y.min(a.height as i64 / 4));
        let fit = |&(x, y): &(i64, i64)| {
            // Prefers the smallest shift among equals.
            overlap(a, b, x, y).correlation - 0.002 * ((x * x + y * y) as f64).sqrt()
        };
        let best = |shifts: &mut dyn Iterator<Item = (i64, i64)>| {
            shifts.map(|shift| (fit(&shift), shift)).max_by(|s, t| s.0.total_cmp(&t.0))
        };
        // Every other shift first, then those around the best one.
        let is_coarse = |shift: &(i64, i64)| shift.0 % 2 == 0 && shift.1 % 2 == 0;
        let (_, coarse) = best(&mut square((0, 0), (reach_x, reach_y)).filter(is_coarse)).unwrap_or_default();
        let (_, (x, y)) = best(&mut square(coarse, (1, 1))).unwrap_or_default();
        let at = |x, y| overlap(a, b, x, y).correlation;
        let here = overlap(a, b, x, y);
        let part_x =
            if x.abs() < reach_x { vertex(at(x - 1, y), here.correlation, at(x + 1, y)) } else { 0.0 };
        let part_y =
            if y.abs() < reach_y { vertex(at(x, y - 1), here.correlation, at(x, y + 1)) } else { 0.0 };
        Alignment {
            shift: ((x as f64 + part_x) / a.width as f64, (y as f64 + part_y) / a.height as f64),
            ..here
        }
    }

    /// Returns the luma of the picture, reduced.
    pub fn thumb(&self) -> &Plane {
        &self.thumb
    }

    /// Returns how `other` fits this picture if it is moved by `shift`, as shares of its width and height.
    pub fn aligned(&self, other: &Self, shift: (f64, f64)) -> Alignment {
        let cells = |part: f64, cells: usize| (part * cells as f64).round() as i64;
        let (x, y) = (cells(shift.0, self.thumb.width), cells(shift.1, self.thumb.height));
        Alignment { shift, ..overlap(&self.thumb, &other.thumb, x, y) }
    }

    /// Returns how much moved in this picture since `before`, 0..=1 for each cell of the thumbnail; zero
    /// where `before`, shifted by `alignment`, doesn't reach.
    pub fn moved_since(&self, before: &Self, alignment: &Alignment) -> Plane {
        let (now, then) = (&self.thumb, &before.thumb);
        let whole = |part: f64, cells: usize| (part * cells as f64).round() as i64;
        let (x, y) = (whole(alignment.shift.0, now.width), whole(alignment.shift.1, now.height));
        let then_at = |cell: usize| {
            let column = usize::try_from((cell % now.width) as i64 - x).ok().filter(|at| *at < then.width)?;
            let row = usize::try_from((cell / now.width) as i64 - y).ok().filter(|at| *at < then.height)?;
            Some(then.row(row)[column])
        };
        let values = now.values.iter().enumerate();
        let values = values.map(|(cell, value)| then_at(cell).map_or(0.0, |then| (value - then).abs()));
        let apart = Plane { values: values.collect(), ..*now }.box_blurred(1);
        let share = |apart: &f32| ((apart - NOISE) / SURELY).clamp(0.0, 1.0);
        Plane { values: apart.values.iter().map(share).collect(), ..apart }
    }

    /// Whether this picture is a mix of `before` and `after`, as in the middle of a dissolve: at least a
    /// fifth of each, and nothing else.
    pub fn is_mix_of(&self, before: &Self, after: &Self) -> bool {
        let (mut cross, mut square, mut total) = (0.0, 0.0, 0.0);
        let pixels = || {
            let (a, b) = (&before.thumb.values, &after.thumb.values);
            a.iter()
                .zip(b)
                .zip(&self.thumb.values)
                .map(|((a, b), m)| (f64::from(*a), f64::from(*b), f64::from(*m)))
        };
        for (a, b, m) in pixels() {
            cross += (m - a) * (b - a);
            square += (b - a) * (b - a);
            total += 1.0;
        }
        if square / total < 15.0 * 15.0 {
            return false;
        }
        let share = cross / square;
        let rest: f64 = pixels().map(|(a, b, m)| (m - a - share * (b - a)).powi(2)).sum();
        (0.2..0.8).contains(&share) && rest < 0.06 * square
    }
}

/// Returns correlation and mean difference of the parts of two planes that overlap when `b` is moved back by
/// `x`, `y`.
fn overlap(a: &Plane, b: &Plane, x: i64, y: i64) -> Alignment {
    let (width, height) = (a.width as i64, a.height as i64);
    let (left, right) = ((-x).max(0) as usize, (width - x.max(0)) as usize);
    let (mut n, mut sa, mut sb, mut saa, mut sbb, mut sab, mut difference) =
        (0.0f32, 0.0f32, 0.0f32, 0.0f32, 0.0f32, 0.0f32, 0.0f32);
    for row in (-y).max(0)..height - y.max(0) {
        let line = &a.row(row as usize)[left..right];
        let from = (left as i64 + x) as usize;
        let other = &b.row((row + y) as usize)[from..from + line.len()];
        for (p, q) in line.iter().zip(other) {
            let (p, q) = (p - 128.0, q - 128.0);
            sa += p;
            sb += q;
            saa += p * p;
            sbb += q * q;
            sab += p * q;
            difference += (p - q).abs();
        }
        n += line.len() as f32;
    }
    if n == 0.0 {
        return Alignment { shift: (0.0, 0.0), correlation: -1.0, residual: 1.0 };
    }
    let [sa, sb, saa, sbb, sab, n] = [sa, sb, saa, sbb, sab, n].map(f64::from);
    // The variances are increased a little, so that noise on a blank wall doesn't count as structure.
    let (va, vb) = ((saa - sa * sa / n).max(0.0) + 4.0 * n, (sbb - sb * sb / n).max(0.0) + 4.0 * n);
    let covariance = sab - sa * sb / n + 4.0 * n;
    let correlation = (covariance / (va * vb).sqrt()).clamp(-1.0, 1.0);
    Alignment { shift: (0.0, 0.0), correlation, residual: f64::from(difference) / n / 255.0 }
}

/// Returns the shifts at most `reach` from `middle`.
fn square(middle: (i64, i64), reach: (i64, i64)) -> impl Iterator<Item = (i64, i64)> {
    let rows = middle.1 - reach.1..=middle.1 + reach.1;
    rows.flat_map(move |y| (middle.0 - reach.0..=middle.0 + reach.0).map(move |x| (x, y)))
}

/// Returns the position of the vertex of the parabola through three neighbours, −0.5..=0.5.
fn vertex(before: f64, at: f64, after: f64) -> f64 {
    let bend = before - 2.0 * at + after;
    if bend < -1e-9 { (0.5 * (before - after) / bend).clamp(-0.5, 0.5) } else { 0.0 }
}
