use mmm_base::Score;

use super::Plane;

/// Side of a tile in pixels: wider than the blur to be detected.
const TILE: usize = 32;
/// If a picture has more tiles, half of them are measured: those of one colour of a chessboard.
const MOST_TILES: usize = 200;
/// Tiles with less range than this (of 255) contain noise rather than edges.
const LEAST_RANGE: f32 = 14.0;
/// Only tiles whose edges reach this share of the picture's strongest edges are used.
const EDGE_SHARE: f32 = 0.6;
/// A direction is ignored if it has fewer tiles than this, or less than this share of the tiles of the
/// richest direction: a seascape has no vertical edges.
const LEAST_TILES: usize = 6;
const LEAST_PART: f64 = 0.15;
/// Every how many lines of a tile are examined.
const LINE_STEP: usize = 3;
/// The share of tiles that may be blurred in a sharp picture (shallow depth of field).
const QUANTILE: f64 = 0.9;
/// Edge slopes (share of the edge's height per pixel) with a score of 0 and of 1.
const SLOPE_BLURRED: f64 = 0.06;
const SLOPE_CRISP: f64 = 0.38;

/// How steep the edges of a picture are.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Sharpness {
    /// That of the softest direction.
    pub score: Score,
    /// How much softer the softest direction is than the crispest one, 0..=1: 0 not at all. A direction with hardly
    /// any edges does not count.
    pub motion_blur: Score,
}

/// Measures how steep the edges of `luma` are, regardless of their contrast.
///
/// In each tile, the steepest slope along a line is divided by the range along that line (an ideal step has
/// 0.5, a step blurred with σ has about 1 / (2.5 σ)); the sharpest tiles count. This is measured along the
/// rows, the columns and both diagonals. The softest direction decides, because motion blurs only one
/// direction.
pub fn sharpness(luma: &Plane) -> Sharpness {
    let directions = edges(luma);
    let mut ranges: Vec<f32> = directions.iter().flatten().map(|edge| edge.range).collect();
    ranges.sort_by(f32::total_cmp);
    let Some(strongest) = ranges.get(ranges.len() * 95 / 100) else { return Sharpness::default() };
    let least = LEAST_RANGE.max(EDGE_SHARE * strongest);
    let slopes: Vec<Vec<f32>> = directions.iter().map(|edges| slopes_above(edges, least)).collect();
    let most = slopes.iter().map(Vec::len).max().unwrap_or(0);
    let enough = LEAST_TILES.min(most).max((LEAST_PART * most as f64) as usize).max(1);
    let usual = slopes
        .iter()
        .filter(|slopes| slopes.len() >= enough)
        .map(|slopes| slopes[((slopes.len() - 1) as f64 * QUANTILE) as usize]);
    let (Some(softest), Some(crispest)) =
        (usual.clone().min_by(f32::total_cmp), usual.max_by(f32::total_cmp))
    else {
        return Sharpness::default();
    };
    Sharpness {
        score: Score::new((f64::from(softest) - SLOPE_BLURRED) / (SLOPE_CRISP - SLOPE_BLURRED)),
        motion_blur: Score::new(1.0 - f64::from(softest) / f64::from(crispest.max(f32::MIN_POSITIVE))),
    }
}

/// The strongest line of a tile: its range and its steepest slope, smoothed over 3 lines.
#[derive(Clone, Copy)]
struct Edge {
    range: f32,
    slope: f32,
}

/// Returns the edges of all tiles, along the rows, the columns and the two diagonals.
fn edges(luma: &Plane) -> [Vec<Edge>; 4] {
    let (width, height) = (luma.width, luma.height);
    let mut found = [const { Vec::new() }; 4];
    let step = if (width / TILE) * (height / TILE) > MOST_TILES { 2 } else { 1 };
    for (row, top) in (0..(height + 1).saturating_sub(TILE)).step_by(TILE).enumerate() {
        let first = row % step * TILE;
        for left in (first..(width + 1).saturating_sub(TILE)).step_by(step * TILE) {
            let corner = top * width + left;
            found[0].push(strongest(luma, |line, i| corner + line * width + i));
            found[1].push(strongest(luma, |line, i| corner + i * width + line));
            // A diagonal's tile is a parallelogram, twice as wide.
            if left + 2 * TILE <= width {
                found[2].push(strongest(luma, |line, i| corner + i * width + line + i));
                found[3].push(strongest(luma, |line, i| corner + i * width + line + TILE - 1 - i));
            }
        }
    }
    found
}

fn strongest(luma: &Plane, at: impl Fn(usize, usize) -> usize) -> Edge {
    let mut best = Edge { range: 0.0, slope: 0.0 };
    for line in (1..TILE - 1).step_by(LINE_STEP) {
        let mut smooth = [0.0; TILE];
        for (i, value) in smooth.iter_mut().enumerate() {
            let [a, b, c] = [line - 1, line, line + 1].map(|line| luma.values[at(line, i)]);
            *value = 0.25 * a + 0.5 * b + 0.25 * c;
        }
        let (low, high) = extremes(&smooth);
        if high - low > best.range {
            let slope = smooth.windows(3).map(|w| (w[2] - w[0]).abs() / 2.0).fold(0.0, f32::max);
            best = Edge { range: high - low, slope };
        }
    }
    best
}

/// Returns the smallest and the largest value. Separate lanes avoid one long chain of dependent comparisons.
fn extremes(values: &[f32; TILE]) -> (f32, f32) {
    const LANES: usize = 8;
    let (mut low, mut high) = ([f32::MAX; LANES], [f32::MIN; LANES]);
    for lanes in values.as_chunks::<LANES>().0 {
        for i in 0..LANES {
            low[i] = if lanes[i] < low[i] { lanes[i] } else { low[i] };
            high[i] = if lanes[i] > high[i] { lanes[i] } else { high[i] };
        }
    }
    (low.into_iter().fold(f32::MAX, f32::min), high.into_iter().fold(f32::MIN, f32::max))
}

/// Returns the relative slopes of the edges of at least `least` range, gentlest first.
fn slopes_above(edges: &[Edge], least: f32) -> Vec<f32> {
    let strong = edges.iter().filter(|edge| edge.range >= least);
    let mut slopes: Vec<f32> = strong.map(|edge| edge.slope / edge.range).collect();
    slopes.sort_by(f32::total_cmp);
    slopes
}
