use mmm_base::Score;
use mmm_facts::{SeenFace, SubjectBox};

use super::tone::rise;

/// Lines on which subjects are often placed: the thirds and the middle.
const PLACES: [f64; 3] = [1.0 / 3.0, 0.5, 2.0 / 3.0];
/// A subject is well placed up to the first distance from these, and badly from the second on, in sides of
/// the picture.
const OFF: (f64, f64) = (0.04, 0.25);
/// A subject that ends within this distance of a border is cut by it.
const CUT: f64 = 0.012;
/// What a subject loses at each border that cuts it; a face loses more, because it has no other half.
const CUT_SUBJECT: f64 = 0.25;
const CUT_FACE: f64 = 0.5;

/// Returns how well a picture is composed, 0..=1: its subject is on a third or in the middle (the rule of
/// thirds: Datta and others 2006), and no border cuts it. Faces are the subject, if there are any. `None` if
/// nothing stands out.
pub fn composition(faces: &[SeenFace], subjects: &[SubjectBox]) -> Option<Score> {
    let areas = faces.iter().map(|face| face.area);
    let people = areas.reduce(|all, area| all.with(&area));
    let subject = people.or_else(|| subjects.first().copied())?;
    let (x, y) = subject.middle();
    let off = |at: f64| {
        let nearest = PLACES.iter().map(|place| (at - place).abs()).fold(1.0, f64::min);
        rise(nearest, OFF.0, OFF.1)
    };
    let sides = [subject.x.get(), subject.y.get(), 1.0 - subject.right(), 1.0 - subject.bottom()];
    let cuts = sides.iter().filter(|side| **side < CUT).count() as f64;
    let cut = cuts * if people.is_some() { CUT_FACE } else { CUT_SUBJECT };
    // People stand on the ground, so that their height in the picture says less than their place across it.
    Some(Score::new((1.0 - 0.7 * off(x) - 0.3 * off(y)) * (1.0 - cut.min(1.0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> SubjectBox {
        SubjectBox::between((x - 0.06, y - 0.06), (x + 0.06, y + 0.06), 0.8)
    }

    fn score(area: SubjectBox) -> f64 {
        composition(&[], &[area]).unwrap().get()
    }

    #[test]
    fn subjects_are_best_on_thirds_or_in_the_middle_and_whole() {
        assert_eq!(composition(&[], &[]), None);
        for (x, y) in [(0.5, 0.5), (1.0 / 3.0, 2.0 / 3.0), (2.0 / 3.0, 1.0 / 3.0)] {
            assert!(score(at(x, y)) > 0.99, "{x} {y}");
        }
        assert!(score(at(0.1, 0.5)) < score(at(0.25, 0.5)) && score(at(0.25, 0.5)) < score(at(0.32, 0.5)));
        let cut = SubjectBox::between((0.3, 0.0), (0.5, 0.7), 0.8);
        assert!(score(cut) < score(SubjectBox::between((0.3, 0.05), (0.5, 0.7), 0.8)));
    }

    #[test]
    fn a_face_that_the_border_cuts_is_worse_than_anything_else_that_is_cut() {
        let area = SubjectBox::between((0.4, 0.0), (0.6, 0.3), 0.9);
        let face = SeenFace { area, smile: None, eyes_open: None };
        assert!(composition(&[face], &[]).unwrap().get() < score(area));
    }
}
