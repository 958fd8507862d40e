use mmm_base::Score;

use super::Plane;

/// Side of a tile in pixels.
const TILE: usize = 32;
/// The share of tiles that are flat in any picture: their noise is that of the picture.
const FLAT: f64 = 0.2;
/// If a picture has more tiles, half of them are measured.
const MOST_TILES: usize = 200;
/// The standard deviation of luma, of 255, that counts as the most.
const MOST: f64 = 32.0;

/// Returns how strong the noise of a picture is: 0 none, 1 a standard deviation of 32 levels or more.
///
/// The estimate of each tile is that of Immerkær ("Fast noise variance estimation", 1996): the mean of the
/// absolute Laplacian-like mask that cancels slopes and edges. Texture counts as noise there, so the flattest
/// fifth of the tiles decides.
pub fn noise(luma: &Plane) -> Score {
    let (rows, columns) = (luma.height / TILE, luma.width / TILE);
    // Of many tiles, every second one says the same: those of one colour of a chessboard.
    let step = if rows * columns > MOST_TILES { 2 } else { 1 };
    let tiles = (0..rows)
        .flat_map(|row| (row % step..columns).step_by(step).map(move |column| (row * TILE, column * TILE)));
    let mut found: Vec<f64> = tiles.filter_map(|(top, left)| of_tile(luma, top, left)).collect();
    found.sort_by(f64::total_cmp);
    let at = (found.len().saturating_sub(1) as f64 * FLAT) as usize;
    Score::new(found.get(at).copied().unwrap_or(0.0) / MOST)
}

/// Returns the standard deviation of the noise in a tile; `None` if it is nearly black or white, where noise is
/// cut off.
fn of_tile(luma: &Plane, top: usize, left: usize) -> Option<f64> {
    let mut sum = 0.0;
    let mut level = 0.0;
    for y in top + 1..top + TILE - 1 {
        let [above, here, below] = [y - 1, y, y + 1].map(|y| &luma.row(y)[left..left + TILE]);
        for x in 1..TILE - 1 {
            let corners = above[x - 1] + above[x + 1] + below[x - 1] + below[x + 1];
            let sides = above[x] + below[x] + here[x - 1] + here[x + 1];
            sum += f64::from((corners - 2.0 * sides + 4.0 * here[x]).abs());
            level += f64::from(here[x]);
        }
    }
    let count = ((TILE - 2) * (TILE - 2)) as f64;
    let is_cut = !(12.0..=243.0).contains(&(level / count));
    (!is_cut).then(|| (std::f64::consts::FRAC_PI_2).sqrt() / 6.0 * sum / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A slope with edges, and noise of a standard deviation by sums of twelve even values.
    fn picture(deviation: f32) -> Plane {
        let mut state = 7u64;
        let mut even = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1u64 << 24) as f32
        };
        let value = |at: usize| 60.0 + (at % 256) as f32 / 4.0 + if at / 256 > 100 { 50.0 } else { 0.0 };
        let values = (0..256 * 256).map(|at| {
            let noise: f32 = (0..12).map(|_| even()).sum::<f32>() - 6.0;
            value(at) + deviation * noise
        });
        Plane { width: 256, height: 256, values: values.collect() }
    }

    #[test]
    fn noise_is_measured_beside_edges() {
        assert!(noise(&picture(0.0)).get() < 0.01);
        for deviation in [4.0f32, 10.0, 20.0] {
            let found = noise(&picture(deviation)).get() * MOST;
            assert!((found / f64::from(deviation) - 1.0).abs() < 0.15, "{found} for {deviation}");
        }
    }

    #[test]
    fn black_white_and_tiny_pictures_have_none() {
        for level in [0.0, 255.0] {
            assert_eq!(noise(&Plane { width: 64, height: 64, values: vec![level; 64 * 64] }), Score::ZERO);
        }
        assert_eq!(noise(&Plane { width: 3, height: 3, values: vec![90.0; 9] }), Score::ZERO);
    }
}
