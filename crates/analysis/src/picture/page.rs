use crate::RgbView;

use super::Plane;

/// Side of a window in pixels: several lines of text. It is the number of bits of a row.
const SIDE: usize = 64;
/// Distance between the pixels that are looked at first.
const GLANCE: usize = 4;
/// The share of a window's pixels that are lighter than paper: their lightest value is the paper's level.
const LIGHTER: usize = 5;
/// Ink is darker than the first share of the paper's level; what is lighter than the second is blank.
const INK: f32 = 0.78;
const BLANK: f32 = 0.88;
/// Paper is at least this light, of 255, and at most this colourful (the range of its channels over the
/// largest).
const LEAST_LEVEL: f32 = 70.0;
const MOST_COLOUR: f64 = 0.4;
/// The shares of blank and of ink in written paper.
const LEAST_BLANK: f64 = 0.42;
const WRITTEN: (f64, f64) = (0.03, 0.4);
/// Neighbours of one page have levels within this share of each other.
const SAME_LEVEL: f32 = 0.15;
/// How far lines of text may lean, in pixels per pixel, and the distance of the slopes that are tried.
const MOST_SLOPE: f64 = 0.21;
const SLOPE_STEP: f64 = 0.035;
/// Parts of a row that are shifted together.
const PARTS: usize = 8;
/// In lines of text, the darker half of the rows has this much more of the ink than the lighter half, as a
/// share of the ink.
const LEAST_LINES: f64 = 0.75;
/// The most pixels that strokes are wide on average, along the lines.
const MOST_STROKE: u32 = 5;
/// So many lines begin in a window.
const LINES: (usize, usize) = (2, 14);

/// What a window shows.
#[derive(Clone, Copy, Debug)]
struct Window {
    /// The level of its paper; 0 if it shows none.
    level: f32,
    is_text: bool,
}

/// A page has text in the first share of the picture, and in the second share of all paper in it; or it has
/// text in the third share of the picture, whatever lies around it.
const PAGE: (f64, f64, f64) = (0.18, 0.6, 0.45);

const NO_PAPER: Window = Window { level: 0.0, is_text: false };

/// Whether a picture shows a written page: a document, a receipt, a sheet of notes.
pub fn is_page(view: &RgbView, luma: &Plane) -> bool {
    let (paper, text) = paper_and_text(view, luma);
    text >= PAGE.2 || text >= PAGE.0 && text >= PAGE.1 * paper
}

/// Returns the shares of a picture that are paper, and that are paper with lines of text.
fn paper_and_text(view: &RgbView, luma: &Plane) -> (f64, f64) {
    let (columns, rows) = (luma.width / SIDE, luma.height / SIDE);
    let all = (columns * rows).max(1) as f64;
    let corner = |at: usize| (at % columns * SIDE, at / columns * SIDE);
    let levels: Vec<Option<f32>> = (0..columns * rows).map(|at| glance(view, luma, corner(at))).collect();
    // Most photos end here.
    if (levels.iter().flatten().count() as f64) < PAGE.0 * all {
        return (0.0, 0.0);
    }
    let looked =
        levels.iter().enumerate().map(|(at, level)| level.map(|level| window(luma, corner(at), level)));
    let windows: Vec<Window> = looked.map(|found| found.flatten().unwrap_or(NO_PAPER)).collect();
    let level = |column: usize, row: usize| windows[row * columns + column].level;
    let (mut paper, mut text) = (0usize, 0usize);
    for row in 0..rows {
        for column in 0..columns {
            let own = level(column, row);
            if own == 0.0 {
                continue;
            }
            let sides = [
                (column > 0).then(|| level(column - 1, row)),
                (column + 1 < columns).then(|| level(column + 1, row)),
                (row > 0).then(|| level(column, row - 1)),
                (row + 1 < rows).then(|| level(column, row + 1)),
            ];
            let alike = sides.iter().flatten().filter(|side| (*side - own).abs() < SAME_LEVEL * own).count();
            if alike >= 2 {
                paper += 1;
                text += usize::from(windows[row * columns + column].is_text);
            }
        }
    }
    (paper as f64 / all, text as f64 / all)
}

/// Looks at a window whose paper may have a level; `None` if it is no paper.
fn window(luma: &Plane, (left, top): (usize, usize), level: f32) -> Option<Window> {
    let mut rows = [0u64; SIDE];
    let (mut ink, mut blank) = (0, 0);
    for (y, row) in rows.iter_mut().enumerate() {
        for (x, value) in luma.row(top + y)[left..left + SIDE].iter().enumerate() {
            *row |= u64::from(*value < INK * level) << x;
            blank += usize::from(*value > BLANK * level);
        }
        ink += row.count_ones() as usize;
    }
    let share = |count: usize| count as f64 / (SIDE * SIDE) as f64;
    if share(blank) < LEAST_BLANK {
        return None;
    }
    let is_written = (WRITTEN.0..=WRITTEN.1).contains(&share(ink));
    Some(Window { level, is_text: is_written && (has_lines(&rows) || has_lines(&transposed(&rows))) })
}

/// Returns the level of the paper in a window, judged by a few of its pixels; `None` if it can't be paper.
fn glance(view: &RgbView, luma: &Plane, (left, top): (usize, usize)) -> Option<f32> {
    const ACROSS: usize = SIDE / GLANCE;
    let mut values: [f32; ACROSS * ACROSS] =
        std::array::from_fn(|at| luma.row(top + at / ACROSS * GLANCE)[left + at % ACROSS * GLANCE]);
    let mut sums = [0u32; 3];
    let at = values.len() - 1 - values.len() / LIGHTER;
    let level = *values.select_nth_unstable_by(at, f32::total_cmp).1;
    let blank = values.iter().filter(|value| **value > BLANK * level).count();
    if level < LEAST_LEVEL || (blank as f64) < 0.9 * LEAST_BLANK * values.len() as f64 {
        return None;
    }
    for y in (0..SIDE).step_by(GLANCE) {
        let row = view.row(top + y);
        for x in (left..left + SIDE).step_by(GLANCE) {
            if luma.row(top + y)[x] > BLANK * level {
                for (sum, value) in sums.iter_mut().zip(&row[3 * x..3 * x + 3]) {
                    *sum += u32::from(*value);
                }
            }
        }
    }
    let (most, least) = (sums.iter().max()?, sums.iter().min()?);
    (f64::from(most - least) <= MOST_COLOUR * f64::from(*most)).then_some(level)
}

/// Whether the set bits of a window are lines of text, which may lean: rows with much ink alternate with rows
/// that have hardly any.
fn has_lines(rows: &[u64; SIDE]) -> bool {
    let strokes: u32 = rows.iter().map(|row| (row & !(row << 1)).count_ones()).sum();
    let ink: u32 = rows.iter().map(|row| row.count_ones()).sum();
    if ink > strokes * MOST_STROKE {
        return false;
    }
    let steps = (MOST_SLOPE / SLOPE_STEP).round() as i64;
    let best =
        (-steps..=steps).map(|step| profile(rows, step as f64 * SLOPE_STEP)).map(|p| (contrast(&p), p));
    let Some((most, profile)) = best.max_by(|one, other| one.0.total_cmp(&other.0)) else { return false };
    most >= LEAST_LINES && (LINES.0..=LINES.1).contains(&lines(&profile))
}

/// Returns how many bits are set in each row, along lines of this slope.
fn profile(rows: &[u64; SIDE], slope: f64) -> [u32; SIDE] {
    const WIDTH: usize = SIDE / PARTS;
    let mut sums = [0; SIDE];
    for part in 0..PARTS {
        let mask = (u64::MAX >> (SIDE - WIDTH)) << (part * WIDTH);
        let middle = (part * WIDTH + WIDTH / 2) as f64 - SIDE as f64 / 2.0;
        let shift = (slope * middle).round() as i64;
        for (y, sum) in sums.iter_mut().enumerate() {
            let from = (y as i64 + shift).clamp(0, SIDE as i64 - 1) as usize;
            *sum += (rows[from] & mask).count_ones();
        }
    }
    sums
}

/// Returns how much more the darker half of the rows has than the lighter half, as a share of all.
fn contrast(profile: &[u32; SIDE]) -> f64 {
    let mut sorted = *profile;
    sorted.sort_unstable();
    let half = |part: &[u32]| f64::from(part.iter().sum::<u32>());
    let (light, dark) = (half(&sorted[..SIDE / 2]), half(&sorted[SIDE / 2..]));
    (dark - light) / (dark + light).max(1.0)
}

/// Returns how many lines begin in a profile.
fn lines(profile: &[u32; SIDE]) -> usize {
    let mean = profile.iter().sum::<u32>() / SIDE as u32;
    profile.windows(2).filter(|pair| pair[0] <= mean && pair[1] > mean).count()
}

fn transposed(rows: &[u64; SIDE]) -> [u64; SIDE] {
    std::array::from_fn(|x| {
        rows.iter().enumerate().fold(0, |column, (y, row)| column | ((row >> x & 1) << y))
    })
}
