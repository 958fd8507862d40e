use mmm_base::Score;
use mmm_facts::SceneColours;

use super::Plane;
use super::tone::rise;
use crate::RgbView;

/// Cells of a side of the grid on which colours are judged.
const SIDE: usize = 96;
/// The rows of the grid in which a sky can be bright, and half the height of its brightest band.
const SKY: std::ops::Range<usize> = 16..80;
const BAND: usize = 6;

/// The colour of a cell.
#[derive(Clone, Copy)]
struct Cell {
    /// Degrees, 0..360: 0 red, 120 green, 240 blue.
    hue: f64,
    saturation: f64,
    /// The largest channel, 0..=1.
    value: f64,
    /// Luma with the weights of BT.601, 0..=1.
    luma: f64,
}

/// Judges the colours of a picture by rules. The limits are rules of thumb.
pub fn scene_colours(view: &RgbView) -> SceneColours {
    let cells = cells(view);
    let share = |rows: std::ops::Range<usize>, holds: &dyn Fn(&Cell) -> bool| {
        let part = &cells[rows.start * SIDE..rows.end * SIDE];
        part.iter().filter(|cell| holds(cell)).count() as f64 / part.len() as f64
    };
    let all = 0..SIDE;
    let green =
        share(all.clone(), &|c| c.hue > 65.0 && c.hue < 165.0 && c.saturation > 0.2 && c.value > 0.12);
    let blue = |c: &Cell| c.hue > 180.0 && c.hue < 255.0 && c.saturation > 0.15 && c.value > 0.2;
    let white = share(all, &|c| c.value > 0.75 && c.saturation < 0.12);
    let spread = spread(&cells);
    SceneColours {
        sunset: Score::new(sunset(&cells, &share)),
        night: Score::new(night(&cells, &share)),
        snow: Score::new(rise(white, 0.25, 0.6) * rise(spread, 0.05, 0.12)),
        water: Score::new(rise(share(SIDE / 2..SIDE, &blue), 0.25, 0.7)),
        greenery: Score::new(rise(green, 0.15, 0.6)),
    }
}

type Share<'a> = dyn Fn(std::ops::Range<usize>, &dyn Fn(&Cell) -> bool) -> f64 + 'a;

/// A smooth warm sky with a band that is much brighter than the dark ground.
fn sunset(cells: &[Cell], share: &Share) -> f64 {
    let warm = |c: &Cell| (c.hue < 50.0 || c.hue > 285.0) && c.saturation > 0.15 && c.value > 0.3;
    let row = |y: usize| mean(&cells[y * SIDE..(y + 1) * SIDE]);
    let brightest = SKY.max_by(|&a, &b| row(a).total_cmp(&row(b)).then(b.cmp(&a))).unwrap_or(SKY.start);
    let band = (brightest - BAND..=brightest + BAND).map(row).sum::<f64>() / (2 * BAND + 1) as f64;
    let ground = mean(&cells[SIDE / 2 * SIDE..]);
    let roughness = {
        let sky = cells[..44 * SIDE].chunks_exact(SIDE);
        let steps = sky.flat_map(|row| row.windows(2).map(|pair| (pair[1].luma - pair[0].luma).abs()));
        steps.sum::<f64>() / (44 * (SIDE - 1)) as f64
    };
    rise(share(16..72, &warm), 0.12, 0.5)
        * rise(band - ground, 0.05, 0.3)
        * rise(0.55 - ground, 0.0, 0.2)
        * rise(0.03 - roughness, 0.0, 0.015)
}

/// Dark for the most part, with some lights.
fn night(cells: &[Cell], share: &Share) -> f64 {
    rise(0.42 - mean(cells), 0.0, 0.15)
        * rise(share(0..SIDE, &|c| c.luma < 0.25), 0.3, 0.6)
        * rise(share(0..SIDE, &|c| c.luma > 0.55), 0.0005, 0.004)
}

fn mean(cells: &[Cell]) -> f64 {
    cells.iter().map(|cell| cell.luma).sum::<f64>() / cells.len() as f64
}

/// Returns the standard deviation of luma.
fn spread(cells: &[Cell]) -> f64 {
    let mean = mean(cells);
    (cells.iter().map(|cell| (cell.luma - mean) * (cell.luma - mean)).sum::<f64>() / cells.len() as f64)
        .sqrt()
}

/// Returns the cells of the grid, row by row; a picture with fewer pixels repeats them.
fn cells(view: &RgbView) -> Vec<Cell> {
    let (width, height) = (SIDE.min(view.width()), SIDE.min(view.height()));
    let channels = Plane::reduced_rgb(view, width, height);
    let places = (0..SIDE * SIDE).map(|at| (at / SIDE * height / SIDE, at % SIDE * width / SIDE));
    places
        .map(|(y, x)| cell(channels.each_ref().map(|c| f64::from(c.values[y * width + x]) / 255.0)))
        .collect()
}

fn cell([r, g, b]: [f64; 3]) -> Cell {
    let (value, least) = (r.max(g).max(b), r.min(g).min(b));
    let range = value - least;
    let hue = if range < 1e-6 {
        0.0
    } else if value == r {
        ((g - b) / range).rem_euclid(6.0)
    } else if value == g {
        (b - r) / range + 2.0
    } else {
        (r - g) / range + 4.0
    };
    let saturation = if value > 0.0 { range / value } else { 0.0 };
    Cell { hue: hue * 60.0, saturation, value, luma: 0.299 * r + 0.587 * g + 0.114 * b }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the colours of a picture of rows: each its share of the height and its colour.
    fn of(rows: &[(usize, [u8; 3])]) -> SceneColours {
        let row = |(count, colour): &(usize, [u8; 3])| colour.repeat(count * 100);
        let pixels: Vec<u8> = rows.iter().flat_map(row).collect();
        scene_colours(&RgbView::new(100, 100, &pixels).unwrap())
    }

    #[test]
    fn plain_scenes_are_recognized() {
        let sunset = of(&[(30, [200, 110, 90]), (30, [250, 190, 90]), (40, [30, 20, 20])]);
        assert!(sunset.sunset.get() > 0.8 && sunset.snow.get() == 0.0, "{sunset:?}");
        let sea = of(&[(50, [180, 200, 230]), (50, [20, 90, 190])]);
        assert!(sea.water.get() > 0.9 && sea.sunset.get() == 0.0 && sea.night.get() == 0.0, "{sea:?}");
        let meadow = of(&[(40, [170, 190, 230]), (60, [60, 140, 40])]);
        assert!(meadow.greenery.get() > 0.9 && meadow.water.get() == 0.0, "{meadow:?}");
        let snow = of(&[(30, [120, 150, 200]), (70, [240, 240, 245])]);
        assert!(snow.snow.get() > 0.9, "{snow:?}");
        let night = of(&[(95, [8, 8, 16]), (5, [250, 220, 160])]);
        assert!(night.night.get() > 0.9 && night.snow.get() == 0.0, "{night:?}");
    }

    #[test]
    fn a_blank_picture_shows_nothing() {
        for grey in [0, 128, 255] {
            assert_eq!(of(&[(100, [grey; 3])]), SceneColours::default());
        }
        let one = scene_colours(&RgbView::new(1, 1, &[9, 200, 9]).unwrap());
        assert_eq!(one.greenery, Score::ONE);
    }
}
