use mmm_base::Score;

use super::Plane;
use super::attention::Attention;

/// Least distance of the focus from the borders, so that a crop around it isn't empty.
const MARGIN: f64 = 0.15;
/// How fast attention falls towards the borders.
const FALL: f32 = 1.1;

/// Returns the point that attracts the eye, x and y from the top left, 0..=1. Saliency is weighted towards
/// the centre, where people place their subject; the result is the centre of mass around the highest point.
pub fn focus_of(attention: &Attention) -> (Score, Score) {
    let (x, y) = mass_round_peak(&centred(&attention.signature, FALL));
    (Score::new(x.clamp(MARGIN, 1.0 - MARGIN)), Score::new(y.clamp(MARGIN, 1.0 - MARGIN)))
}

/// Weights a map towards the centre with a bell curve that falls by exp(−`fall`) to each border.
pub fn centred(map: &Plane, fall: f32) -> Plane {
    let (width, height) = (map.width, map.height);
    let weighted = map.values.iter().enumerate().map(|(cell, value)| {
        value * centre_weight(cell % width, width, fall) * centre_weight(cell / width, height, fall)
    });
    Plane { width, height, values: weighted.collect() }
}

fn centre_weight(cell: usize, cells: usize, fall: f32) -> f32 {
    let distance = ((cell as f32 + 0.5) / cells as f32 - 0.5) * 2.0;
    (-fall * distance * distance).exp()
}

/// Returns the centre of mass within an eighth of the map around its highest point; the middle if the map is
/// empty.
fn mass_round_peak(map: &Plane) -> (f64, f64) {
    let peak = (0..map.values.len()).max_by(|a, b| map.values[*a].total_cmp(&map.values[*b])).unwrap_or(0);
    let (px, py) = ((peak % map.width) as i64, (peak / map.width) as i64);
    let (rx, ry) = (map.width as i64 / 8, map.height as i64 / 8);
    let (mut mass, mut x_sum, mut y_sum) = (0.0f64, 0.0f64, 0.0f64);
    for (cell, value) in map.values.iter().enumerate() {
        let (x, y) = ((cell % map.width) as i64, (cell / map.width) as i64);
        if (x - px).abs() <= rx && (y - py).abs() <= ry {
            mass += f64::from(*value);
            x_sum += f64::from(*value) * (x as f64 + 0.5);
            y_sum += f64::from(*value) * (y as f64 + 0.5);
        }
    }
    if mass <= 0.0 {
        return (0.5, 0.5);
    }
    (x_sum / mass / map.width as f64, y_sum / mass / map.height as f64)
}
