//! Finds boxes around the subjects of a picture, by saliency alone.
//!
//! Libraries that crop by content (smartcrop.js and its ports) return one crop of one aspect ratio. Facts
//! don't depend on an aspect ratio, so they store boxes. A model may find better ones later.

use std::collections::BTreeSet;

use mmm_facts::SubjectBox;

use super::Plane;
use super::attention::Attention;
use super::focus::centred;

/// Cells along each border that count as background.
const RIM: usize = 3;
/// The least variance of a background, in squared levels, so that noise isn't salient.
const NOISE: f32 = 60.0;
/// Standard deviations from the background at which a cell counts as foreground. `FARTHEST`, in these units,
/// is the limit beyond which a cell certainly is foreground and its weight no longer grows.
const FAR: f32 = 3.0;
const FARTHEST: f32 = 1.5;
/// How fast importance falls towards the borders; subjects are less frequent there.
const FALL: f32 = 0.5;
/// A cell belongs to a subject if its importance is more than this share of the largest.
const EDGE: f32 = 0.3;
/// A subject includes the connected foreground around its cells, unless that fills more of the picture than
/// this.
const MOST_GROWN: f64 = 0.4;
/// A subject has at least this share of the total importance.
const LEAST_SHARE: f64 = 0.15;
/// A subject fills at most this share of the picture.
const MOST_AREA: f64 = 0.5;
/// A subject's share of importance is at least this many times its share of area; otherwise the picture is
/// uniform.
const LEAST_DENSITY: f64 = 1.8;

/// How important each cell of a picture is.
pub struct Importance {
    /// Saliency by form, weighted by the distance of the cell's colour from the background; 0 or more,
    /// without a unit.
    pub map: Plane,
    /// Distance of a cell's colour from the background: from 1 on it is foreground, from [`FARTHEST`] on
    /// certainly.
    far: Plane,
}

/// Returns how important each cell of a picture is.
///
/// The background is what lies along a border (the boundary prior of Wei and others, "Geodesic saliency using
/// background priors", 2012). The distance from it is Mahalanobis', as in Zhang and others ("Minimum barrier
/// salient object detection", 2015). The second nearest of the four borders counts, so that a subject
/// touching one border isn't lost.
pub fn importance(attention: &Attention) -> Importance {
    let smooth = attention.channels.each_ref().map(|channel| channel.box_blurred(1));
    let borders = borders(smooth[0].width, smooth[0].height).map(|cells| Ground::of(&smooth, &cells));
    let mut map = centred(&attention.signature, FALL);
    let far = (0..map.values.len()).map(|cell| {
        let mut far = borders.each_ref().map(|ground| ground.distance(colour(&smooth, cell)));
        far.sort_by(f32::total_cmp);
        far[1] / FAR
    });
    let far = Plane { values: far.collect(), ..map };
    for (value, far) in map.values.iter_mut().zip(&far.values) {
        *value *= far.min(FARTHEST);
    }
    Importance { map, far }
}

/// Returns the boxes around the subjects, most important first; empty if nothing stands out.
pub fn subjects_in(importance: &Importance) -> Vec<SubjectBox> {
    let Importance { map, far } = importance;
    let most = map.values.iter().fold(0.0f32, |a, b| a.max(*b));
    if most <= 0.0 {
        return Vec::new();
    }
    let core = |cell: usize| map.values[cell] > most * EDGE;
    let whole = patches(map, &|cell| core(cell) || far.values[cell] >= FARTHEST);
    let whole = whole.into_iter().filter(|patch| patch.iter().any(|cell| core(*cell)));
    let (grown, merged): (Vec<_>, Vec<_>) = whole.partition(|patch| boxed(patch, map).area() <= MOST_GROWN);
    // Patches that merged with their surroundings are reduced to their cores.
    let merged: BTreeSet<usize> = merged.into_iter().flatten().collect();
    let cores = patches(map, &|cell| core(cell) && merged.contains(&cell));
    let share = shares(map);
    let stands_out = |patch: &&Vec<usize>| {
        let (share, area) = (share(patch), boxed(patch, map).area());
        let coloured = patch.iter().any(|cell| far.values[*cell] >= 1.0);
        coloured && share >= LEAST_SHARE && area <= MOST_AREA && share >= LEAST_DENSITY * area
    };
    let found = grown.iter().chain(&cores).filter(stands_out);
    let mut found: Vec<SubjectBox> = found.map(|patch| boxed(patch, map)).collect();
    found.sort_by_key(|found| (std::cmp::Reverse(found.weight), found.x, found.y));
    found
}

/// Returns a function from a patch to its share of the importance above the median.
fn shares(map: &Plane) -> impl Fn(&[usize]) -> f64 + '_ {
    let mut sorted = map.values.clone();
    sorted.sort_by(f32::total_cmp);
    let usual = sorted[sorted.len() / 2];
    let above = move |value: f32| f64::from((value - usual).max(0.0));
    let total: f64 = map.values.iter().map(|value| above(*value)).sum();
    move |patch| patch.iter().map(|cell| above(map.values[*cell])).sum::<f64>() / total
}

/// Returns the box around a patch. Its weight is its share of the squared importance, so that low importance
/// everywhere weighs less than one object.
fn boxed(patch: &[usize], map: &Plane) -> SubjectBox {
    let columns = patch.iter().map(|cell| cell % map.width);
    let rows = patch.iter().map(|cell| cell / map.width);
    let (left, right) = columns.fold((map.width, 0), |(a, b), x| (a.min(x), b.max(x + 1)));
    let (top, bottom) = rows.fold((map.height, 0), |(a, b), y| (a.min(y), b.max(y + 1)));
    let squares = |values: &[f32]| values.iter().map(|value| f64::from(value * value)).sum::<f64>();
    let inside: f64 = (top..bottom).map(|y| squares(&map.row(y)[left..right])).sum();
    let across = |cell: usize| cell as f64 / map.width as f64;
    let down = |cell: usize| cell as f64 / map.height as f64;
    let weight = inside / squares(&map.values);
    SubjectBox::between((across(left), down(top)), (across(right), down(bottom)), weight)
}

/// Returns the connected components (by sides) of the cells that `wanted` selects.
pub(crate) fn patches(map: &Plane, wanted: &dyn Fn(usize) -> bool) -> Vec<Vec<usize>> {
    let mut free: Vec<bool> = (0..map.values.len()).map(wanted).collect();
    let mut patches = Vec::new();
    for start in 0..free.len() {
        if !free[start] {
            continue;
        }
        free[start] = false;
        let mut patch = vec![start];
        let mut next = 0;
        while let Some(&cell) = patch.get(next) {
            next += 1;
            let (x, y) = (cell % map.width, cell / map.width);
            let sides = [
                (x > 0).then(|| cell - 1),
                (x + 1 < map.width).then_some(cell + 1),
                (y > 0).then(|| cell - map.width),
                (y + 1 < map.height).then_some(cell + map.width),
            ];
            for side in sides.into_iter().flatten() {
                if std::mem::take(&mut free[side]) {
                    patch.push(side);
                }
            }
        }
        patches.push(patch);
    }
    patches
}

/// Returns the cells along the top, the bottom, the left and the right.
fn borders(width: usize, height: usize) -> [Vec<usize>; 4] {
    let cells = |wanted: &dyn Fn(usize, usize) -> bool| {
        (0..width * height).filter(|cell| wanted(cell % width, cell / width)).collect()
    };
    [
        cells(&|_, y| y < RIM),
        cells(&|_, y| y + RIM >= height),
        cells(&|x, _| x < RIM),
        cells(&|x, _| x + RIM >= width),
    ]
}

fn colour(channels: &[Plane; 3], cell: usize) -> [f32; 3] {
    channels.each_ref().map(|channel| channel.values[cell])
}

/// The colours of a background: their mean, and the inverse of their covariance.
struct Ground {
    mean: [f32; 3],
    inverse: [[f32; 3]; 3],
}

impl Ground {
    fn of(channels: &[Plane; 3], cells: &[usize]) -> Self {
        let count = cells.len().max(1) as f32;
        let mean = channels.each_ref().map(|c| cells.iter().map(|cell| c.values[*cell]).sum::<f32>() / count);
        let mut spread = [[0.0f32; 3]; 3];
        for cell in cells {
            let colour = colour(channels, *cell);
            for (i, row) in spread.iter_mut().enumerate() {
                for (j, value) in row.iter_mut().enumerate() {
                    *value += (colour[i] - mean[i]) * (colour[j] - mean[j]) / count;
                }
            }
        }
        for (i, row) in spread.iter_mut().enumerate() {
            row[i] += NOISE;
        }
        Self { mean, inverse: inverse(&spread) }
    }

    /// Returns the distance of a colour in standard deviations.
    fn distance(&self, colour: [f32; 3]) -> f32 {
        let off: [f32; 3] = std::array::from_fn(|i| colour[i] - self.mean[i]);
        let rows = self.inverse.iter().zip(off);
        let sum: f32 = rows.map(|(row, o)| o * row.iter().zip(off).map(|(m, o)| m * o).sum::<f32>()).sum();
        sum.max(0.0).sqrt()
    }
}

/// Returns the inverse of a symmetric positive definite matrix, by its cofactors.
fn inverse(m: &[[f32; 3]; 3]) -> [[f32; 3]; 3] {
    let minor = |i: usize, j: usize| {
        let (a, b, c, d) = ((i + 1) % 3, (i + 2) % 3, (j + 1) % 3, (j + 2) % 3);
        m[a][c] * m[b][d] - m[a][d] * m[b][c]
    };
    let determinant: f32 = (0..3).map(|j| m[0][j] * minor(0, j)).sum();
    std::array::from_fn(|i| std::array::from_fn(|j| minor(j, i) / determinant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_undoes_its_matrix() {
        let m = [[90.0, 12.0, -7.0], [12.0, 61.0, 3.0], [-7.0, 3.0, 140.0]];
        let n = inverse(&m);
        for (i, row) in m.iter().enumerate() {
            let product = |j: usize| row.iter().zip(&n).map(|(a, b)| a * b[j]).sum::<f32>();
            for j in 0..3 {
                let wanted = f32::from(u8::from(i == j));
                assert!((product(j) - wanted).abs() < 1e-4, "{} at {i}, {j}", product(j));
            }
        }
    }

    #[test]
    fn patches_hang_together_by_their_sides() {
        let rows = ["##..", ".#.#", "...#", "#..."];
        let cells = rows.concat().into_bytes();
        let map = Plane { width: 4, height: 4, values: vec![0.0; 16] };
        let found = patches(&map, &|cell| cells[cell] == b'#');
        assert_eq!(found, [vec![0, 1, 5], vec![7, 11], vec![12]]);
    }
}
