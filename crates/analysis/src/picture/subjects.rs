//! The boxes of what matters, by no more than how it stands out.
//!
//! Libraries that crop by content (smartcrop.js and its ports) answer with one crop of one shape. Facts know
//! no shape, so they have boxes, which nets may say better one day.

use std::collections::BTreeSet;

use mmm_facts::SubjectBox;

use super::Plane;
use super::attention::Attention;
use super::focus::centred;

/// Cells along each border that are taken for background.
const RIM: usize = 3;
/// Variance that a background has at least, in squared levels: noise does not stand out.
const NOISE: f32 = 60.0;
/// Standard deviations from the background, from which on a cell surely is none; what is a good deal
/// farther counts half as much again and no more.
const FAR: f32 = 3.0;
const FARTHEST: f32 = 1.5;
/// How fast importance falls towards the borders: subjects stand there too, if less often.
const FALL: f32 = 0.5;
/// A cell belongs to a subject from this part of the largest importance on.
const EDGE: f32 = 0.3;
/// A subject is all that hangs together with such cells and surely is no background, unless that fills more of
/// the picture than this.
const MOST_GROWN: f64 = 0.4;
/// What has less of all the importance than this is no subject, …
const LEAST_SHARE: f64 = 0.15;
/// … nor what fills more of the picture, …
const MOST_AREA: f64 = 0.5;
/// … or has fewer times its share of the importance: such pictures are all of one kind.
const LEAST_DENSITY: f64 = 1.8;

/// How much each cell of a picture matters.
pub struct Importance {
    /// What stands out by its form, as far as its colour is not that of the background; 0 and more, in no
    /// unit.
    pub map: Plane,
    /// How far a cell's colour is from the background's: from 1 on it is another, from [`FARTHEST`] on surely.
    far: Plane,
}

/// How much each cell of a picture matters.
///
/// The background is what lies along a border (the boundary prior of Wei and others, "Geodesic saliency
/// using background priors", 2012); the distance from it is Mahalanobis', as in Zhang and others ("Minimum
/// barrier salient object detection", 2015). Of the four borders the second nearest counts, so that what
/// stands at one of them is not lost.
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

/// The boxes round what stands out, the weightiest first; none where nothing does.
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
    // Of what has grown together with all around it the cores are left.
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

/// Says what share of what lies above the usual importance is in a patch.
fn shares(map: &Plane) -> impl Fn(&[usize]) -> f64 + '_ {
    let mut sorted = map.values.clone();
    sorted.sort_by(f32::total_cmp);
    let usual = sorted[sorted.len() / 2];
    let above = move |value: f32| f64::from((value - usual).max(0.0));
    let total: f64 = map.values.iter().map(|value| above(*value)).sum();
    move |patch| patch.iter().map(|cell| above(map.values[*cell])).sum::<f64>() / total
}

/// The box round a patch. It weighs as much as its share of the squares of the importance, so that a little
/// everywhere does not weigh as much as a thing.
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

/// The cells that are wanted and hang together by their sides, patch by patch.
fn patches(map: &Plane, wanted: &dyn Fn(usize) -> bool) -> Vec<Vec<usize>> {
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

/// The cells along the top, the bottom, the left and the right.
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

    /// In standard deviations.
    fn distance(&self, colour: [f32; 3]) -> f32 {
        let off: [f32; 3] = std::array::from_fn(|i| colour[i] - self.mean[i]);
        let rows = self.inverse.iter().zip(off);
        let sum: f32 = rows.map(|(row, o)| o * row.iter().zip(off).map(|(m, o)| m * o).sum::<f32>()).sum();
        sum.max(0.0).sqrt()
    }
}

/// The inverse of a symmetric matrix that is positive definite, by its cofactors.
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
