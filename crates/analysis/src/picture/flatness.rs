use crate::RgbView;

use super::Plane;

/// Bits per channel by which colours are distinguished.
const BITS: u32 = 4;
/// The number of colours that make up a drawn page.
const PALETTE: usize = 8;

/// A drawn picture has more than this share of pixels that equal their right and lower neighbours exactly.
const FLAT: f64 = 0.4;
/// A drawn picture has more than this share of pixels in its commonest [`PALETTE`] colours.
const FEW_COLOURS: f64 = 0.6;
/// A drawn picture has more than this share of its strong edges exactly along a row or a column.
const STRAIGHT: f64 = 0.5;

/// Whether a picture is a screenshot, a document or a chart: mostly exact fills of few colours.
pub fn is_drawn(view: &RgbView, luma: &Plane) -> bool {
    // The first test excludes nearly every photo and costs least.
    flat_share(view) > FLAT && palette_share(view) > FEW_COLOURS && straight_share(luma) > STRAIGHT
}

fn flat_share(view: &RgbView) -> f64 {
    let (mut flat, mut total) = (0usize, 0usize);
    for y in (1..view.height()).step_by((view.height() / RgbView::SOME_ROWS).max(1)) {
        let (above, row) = (view.row(y - 1).as_chunks::<3>().0, view.row(y).as_chunks::<3>().0);
        let pairs = above.windows(2).zip(row);
        flat += pairs.filter(|(pair, below)| pair[0] == pair[1] && pair[0] == **below).count();
        total += view.width() - 1;
    }
    flat as f64 / total.max(1) as f64
}

fn palette_share(view: &RgbView) -> f64 {
    let mut histogram = vec![0usize; 1 << (3 * BITS)];
    for rgb in view.pixels() {
        let bin = rgb.iter().fold(0, |bin, value| bin << BITS | usize::from(*value) >> (8 - BITS));
        histogram[bin] += 1;
    }
    let total: usize = histogram.iter().sum();
    histogram.sort_unstable_by(|a, b| b.cmp(a));
    histogram[..PALETTE].iter().sum::<usize>() as f64 / total as f64
}

fn straight_share(luma: &Plane) -> f64 {
    let (mut straight, mut total) = (0usize, 0usize);
    for y in 1..luma.height.saturating_sub(1) {
        let (above, row, below) = (luma.row(y - 1), luma.row(y), luma.row(y + 1));
        for x in 1..luma.width.saturating_sub(1) {
            let across = (row[x + 1] - row[x - 1]).abs();
            let down = (below[x] - above[x]).abs();
            if across + down > 40.0 {
                total += 1;
                straight += usize::from(across.min(down) < 0.1 * across.max(down));
            }
        }
    }
    straight as f64 / total.max(1) as f64
}
