use mmm_base::Score;
use mmm_facts::SeenFace;

use super::Plane;
use super::sharpness::sharpness;

/// Faces are measured without this share of their size at each side, so that what is behind them doesn't
/// count.
const RIM: f64 = 0.08;
/// The least side that can be measured, in pixels.
const LEAST_SIDE: usize = 80;
/// A face of this sharpness is crisp, because skin is soft: the median of 41 photos of people in focus is
/// 0.63, and nine in ten of their blurred copies have less than 0.22.
const CRISP: f64 = 0.6;
/// Faces decide the sharpness of a picture alone from this share of its area on.
const ALONE: f64 = 0.2;

/// The sharpness of the faces that a picture is about.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct FaceSharpness {
    /// That of the softest face; 1 is a crisp face.
    pub score: Score,
    /// How much it counts, 0..=1, against the sharpness of the whole picture.
    pub weight: f64,
}

/// Measures faces in `luma`; `None` if there are none, or none that is large enough.
pub fn face_sharpness(luma: &Plane, faces: &[SeenFace]) -> Option<FaceSharpness> {
    let scores = faces.iter().filter_map(|face| Some(sharpness(&cut_out(luma, face)?).score));
    let score = Score::new(scores.min()?.get() / CRISP);
    let area: f64 = faces.iter().map(|face| face.area.area()).sum();
    Some(FaceSharpness { score, weight: (area / ALONE).min(1.0) })
}

/// Returns the part of `luma` that shows a face; `None` if it is too small.
fn cut_out(luma: &Plane, face: &SeenFace) -> Option<Plane> {
    let area = &face.area;
    let range = |from: Score, size: Score, side: usize| {
        let (from, size) = (from.get() * side as f64, size.get() * side as f64);
        let start = (from + RIM * size) as usize;
        let end = ((from + size - RIM * size) as usize).min(side);
        (end.saturating_sub(start) >= LEAST_SIDE).then_some(start..end)
    };
    let columns = range(area.x, area.width, luma.width)?;
    let rows = range(area.y, area.height, luma.height)?;
    let values = rows.clone().flat_map(|y| luma.row(y)[columns.clone()].iter().copied()).collect();
    Some(Plane { width: columns.len(), height: rows.len(), values })
}
