use mmm_base::Score;
use mmm_facts::{Model, SubjectBox, SubjectMask};

use super::inputs::{Part, image};
use crate::RgbView;
use crate::net::{ModelError, Net};
use crate::picture::{Plane, patches};

/// Pixels of a side of the picture that the model takes. It was trained at 320, which takes nearly twice as long for
/// boxes that overlap these by 92 % (the median of 22 photos).
const SIDE: usize = 256;
/// Cells of a side to which the mask is reduced.
const CELLS: usize = 64;
/// A cell belongs to the subject from this value on.
const INSIDE: f32 = 0.5;
/// A subject covers at least the first and at most the second share of the picture; otherwise there is none.
const LEAST_AREA: f64 = 0.02;
const MOST_AREA: f64 = 0.7;
/// A part of a subject has at least this share of the mask.
const LEAST_PART: f64 = 0.05;

/// Returns where the subject of an upright picture is, by U²-Net-P (Qin and others, 2020).
///
/// # Errors
/// If the model can't be loaded or run.
pub fn subject_mask(picture: &RgbView) -> Result<SubjectMask, ModelError> {
    let net = Net::get(Model::Subject)?;
    let input = image(picture, Part::whole(picture), (SIDE, SIDE));
    let [mask] =
        net.run(&[("image", &input)], &["mask"])?.try_into().map_err(|_| net.failure("other outputs"))?;
    if mask.values.len() != SIDE * SIDE {
        return Err(net.failure("a mask of another size"));
    }
    let map = Plane { width: SIDE, height: SIDE, values: mask.values };
    Ok(reduced(&map.reduced(CELLS, CELLS)))
}

/// Returns the parts of the subject in a map of cells from 0 to 1.
fn reduced(map: &Plane) -> SubjectMask {
    let inside = map.values.iter().filter(|value| **value >= INSIDE).count();
    let area = inside as f64 / map.values.len().max(1) as f64;
    let all: f64 = map.values.iter().map(|value| f64::from(*value)).sum();
    let boxed = |patch: &Vec<usize>| {
        let (columns, rows) =
            (patch.iter().map(|cell| cell % map.width), patch.iter().map(|cell| cell / map.width));
        let (left, right) = columns.fold((map.width, 0), |(a, b), x| (a.min(x), b.max(x + 1)));
        let (top, bottom) = rows.fold((map.height, 0), |(a, b), y| (a.min(y), b.max(y + 1)));
        let place = |x: usize, y: usize| (x as f64 / map.width as f64, y as f64 / map.height as f64);
        let weight: f64 = patch.iter().map(|cell| f64::from(map.values[*cell])).sum();
        // The edges of a mask are soft: the cells around a part belong to its box.
        let (left, top) = (left.saturating_sub(1), top.saturating_sub(1));
        SubjectBox::between(place(left, top), place(right + 1, bottom + 1), weight / all)
    };
    let is_subject = (LEAST_AREA..=MOST_AREA).contains(&area);
    let parts = if is_subject { patches(map, &|cell| map.values[cell] >= INSIDE) } else { Vec::new() };
    let mut subjects: Vec<SubjectBox> = parts.iter().map(boxed).collect();
    subjects.retain(|part| part.weight.get() >= LEAST_PART);
    subjects.sort_by_key(|part| (std::cmp::Reverse(part.weight), *part));
    SubjectMask { area: Score::new(area), subjects }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a map of 20 × 20 cells with rectangles of ones: left, top, width, height.
    fn map(parts: &[(usize, usize, usize, usize)]) -> Plane {
        let inside = |x: usize, y: usize| {
            parts.iter().any(|(left, top, width, height)| {
                (*left..left + width).contains(&x) && (*top..top + height).contains(&y)
            })
        };
        let values = (0..400).map(|cell| f32::from(u8::from(inside(cell % 20, cell / 20)))).collect();
        Plane { width: 20, height: 20, values }
    }

    #[test]
    fn a_mask_is_reduced_to_boxes_around_its_parts() {
        let found = reduced(&map(&[(2, 4, 4, 5), (12, 10, 6, 10), (19, 0, 1, 1)]));
        assert_eq!(found.area, Score::new(81.0 / 400.0));
        let large = SubjectBox::between((0.55, 0.45), (0.95, 1.0), 60.0 / 81.0);
        let small = SubjectBox::between((0.05, 0.15), (0.35, 0.5), 20.0 / 81.0);
        assert_eq!(found.subjects, [large, small], "a speck is no part");
    }

    #[test]
    fn too_little_and_too_much_is_no_subject() {
        for (parts, count) in [((0, 0, 2, 3), 0), ((0, 0, 2, 4), 1), ((0, 0, 20, 14), 1), ((0, 0, 20, 15), 0)]
        {
            assert_eq!(reduced(&map(&[parts])).subjects.len(), count, "{parts:?}");
        }
        assert_eq!(reduced(&map(&[])), SubjectMask::default());
    }
}
