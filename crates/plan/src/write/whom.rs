use crate::cast::main_faces;
use mmm_base::Score;
use mmm_facts::{ObjectKind, SeenFace, SeenObject, Sight, SubjectBox};

use super::crop::Crop;

/// A head around a face's box, in sides of the box: the hair above it, the chin below it, the ears beside it.
const HAIR: f64 = 0.3;
const CHIN: f64 = 0.05;
const EARS: f64 = 0.25;
/// The upper part of a person whose face isn't seen, as a share of the whole.
const UPPER: f64 = 0.45;
/// The room above a head, as a share of the crop's height.
const HEAD_ROOM: f64 = 0.1;
/// An object counts from this certainty and this share of the picture on.
const CERTAIN: f64 = 0.5;
const LARGE: f64 = 0.02;
/// An object matters as well if its area is at least this share of the largest one's.
const AS_LARGE: f64 = 0.25;

/// How a crop shows what models see.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Shown {
    /// Whether the crop keeps all that must be seen.
    pub is_whole: bool,
    /// What the crop is about: as much of it as fits.
    pub subject: SubjectBox,
    /// The middle of the heads, or of the objects.
    pub focus: (Score, Score),
}

/// Returns how a crop of a photo shows the people in it, or the objects if there are no people; `None` if
/// models see neither.
///
/// A person may be cropped to the head and the upper body, but no head may be lost, and there is room above
/// the highest one.
pub(super) fn shown_in(crop: Crop, sight: &Sight) -> Option<Shown> {
    let heads: Vec<SubjectBox> = main_faces(sight).iter().map(head).collect();
    if let Some(heads) = joined(&heads) {
        return Some(people(crop, heads));
    }
    let persons = large(sight, |kind| kind == ObjectKind::PERSON);
    if let Some(whole) = joined(&persons) {
        let uppers: Vec<SubjectBox> = persons.iter().map(upper).collect();
        let uppers = joined(&uppers).unwrap_or(whole);
        return Some(if crop.holds(&whole) { objects(crop, whole) } else { people(crop, uppers) });
    }
    joined(&large(sight, |_| true)).map(|whole| objects(crop, whole))
}

fn people(crop: Crop, heads: SubjectBox) -> Shown {
    // The subject reaches as far down as keeps the head-room above it in a crop around its middle.
    let room = HEAD_ROOM * crop.height;
    let bottom = (heads.y.get() + crop.height - 2.0 * room).max(heads.bottom());
    let from = (heads.x.get(), heads.y.get());
    let subject = SubjectBox::between(from, (heads.right(), bottom), 1.0);
    Shown { is_whole: crop.holds(&heads), subject, focus: middle(&heads) }
}

fn objects(crop: Crop, whole: SubjectBox) -> Shown {
    let (from, to) = ((whole.x.get(), whole.y.get()), (whole.right(), whole.bottom()));
    let subject = SubjectBox::between(from, to, 1.0);
    Shown { is_whole: crop.holds(&whole), subject, focus: middle(&whole) }
}

fn middle(area: &SubjectBox) -> (Score, Score) {
    let (x, y) = area.middle();
    (Score::new(x), Score::new(y))
}

/// Returns the boxes of the large objects of some kinds.
fn large(sight: &Sight, is_wanted: impl Fn(ObjectKind) -> bool) -> Vec<SubjectBox> {
    let counts = |seen: &&SeenObject| {
        is_wanted(seen.kind) && seen.area.weight.get() >= CERTAIN && seen.area.area() >= LARGE
    };
    let boxes: Vec<SubjectBox> = sight.objects.iter().filter(counts).map(|seen| seen.area).collect();
    let largest = boxes.iter().map(SubjectBox::area).fold(0.0, f64::max);
    boxes.into_iter().filter(|area| area.area() >= largest * AS_LARGE).collect()
}

fn head(face: &SeenFace) -> SubjectBox {
    let SubjectBox { x, y, width, height, weight } = face.area;
    let (x, y, width, height) = (x.get(), y.get(), width.get(), height.get());
    let from = (x - EARS * width, y - HAIR * height);
    SubjectBox::between(from, (x + (1.0 + EARS) * width, y + (1.0 + CHIN) * height), weight.get())
}

fn upper(person: &SubjectBox) -> SubjectBox {
    let bottom = person.y.get() + UPPER * person.height.get();
    SubjectBox::between((person.x.get(), person.y.get()), (person.right(), bottom), person.weight.get())
}

fn joined(boxes: &[SubjectBox]) -> Option<SubjectBox> {
    boxes.iter().copied().reduce(|all, one| all.with(&one))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A portrait of three to four in a frame of 16 to 9.
    const CROP: Crop = Crop { width: 1.0, height: 0.42 };

    fn face(x: f64, y: f64, side: f64) -> SeenFace {
        let area = SubjectBox::between((x, y), (x + side, y + side), 0.9);
        SeenFace { area, smile: None, eyes_open: None }
    }

    fn object(kind: u8, (x, y, width, height): (f64, f64, f64, f64)) -> SeenObject {
        let area = SubjectBox::between((x, y), (x + width, y + height), 0.8);
        SeenObject { kind: ObjectKind(kind), area }
    }

    fn shown(faces: &[SeenFace], objects: &[SeenObject], crop: Crop) -> Option<Shown> {
        let (faces, objects) = (faces.to_vec(), objects.to_vec());
        shown_in(crop, &Sight { faces, objects, ..Sight::default() })
    }

    /// Returns the upper edge of a crop around the middle of a subject.
    fn top(subject: &SubjectBox, crop: Crop) -> f64 {
        (subject.middle().1 - crop.height / 2.0).clamp(0.0, 1.0 - crop.height)
    }

    #[test]
    fn a_standing_person_is_cropped_to_the_upper_body_with_room_above_the_head() {
        let person = object(0, (0.3, 0.12, 0.4, 0.88));
        let shown = shown(&[face(0.45, 0.2, 0.1)], &[person], CROP).unwrap();
        assert!(shown.is_whole);
        let top = top(&shown.subject, CROP);
        let head = 0.2 - HAIR * 0.1;
        assert!(top < head && head - top > 0.05 * CROP.height, "{top} above {head}");
        assert!(0.3 < top + CROP.height, "the whole face is seen");
    }

    #[test]
    fn no_head_of_a_group_is_lost() {
        let spread = [face(0.1, 0.1, 0.1), face(0.7, 0.7, 0.1)];
        assert!(!shown(&spread, &[], CROP).unwrap().is_whole);
        let together = [face(0.1, 0.3, 0.1), face(0.7, 0.45, 0.1)];
        let group = shown(&together, &[], CROP).unwrap();
        assert!(group.is_whole);
        let top = top(&group.subject, CROP);
        assert!(top <= 0.3 - HAIR * 0.1 && top + CROP.height >= 0.55, "{top}");
    }

    #[test]
    fn passers_by_do_not_forbid_a_crop() {
        let faces = [face(0.4, 0.1, 0.2), face(0.9, 0.9, 0.03)];
        assert!(shown(&faces, &[], CROP).unwrap().is_whole);
    }

    #[test]
    fn without_faces_persons_count_and_then_objects() {
        let (person, dog) = (object(0, (0.4, 0.1, 0.3, 0.8)), object(16, (0.1, 0.7, 0.2, 0.2)));
        let upper = shown(&[], &[dog, person], CROP).unwrap();
        assert!(upper.is_whole && upper.subject.y.get() == 0.1, "{upper:?}");
        let small = object(0, (0.4, 0.5, 0.2, 0.3));
        let whole = shown(&[], &[small], CROP).unwrap().subject;
        assert!((whole.bottom() - 0.8).abs() < 1e-9, "a person who fits is shown from head to foot");
        assert_eq!(shown(&[], &[dog], CROP).unwrap().subject.x.get(), 0.1);
        assert!(!shown(&[], &[object(16, (0.1, 0.1, 0.6, 0.8))], CROP).unwrap().is_whole);
        let bird = SeenObject { area: SubjectBox::between((0.1, 0.1), (0.15, 0.15), 0.9), ..dog };
        assert_eq!(shown(&[], &[bird], CROP), None, "too small to frame by");
    }
}
