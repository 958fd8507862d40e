use mmm_base::Score;
use mmm_facts::{SeenFace, Sight};

/// Eyes count as closing below the first openness, and as closed from the second on.
const CLOSING: (f64, f64) = (0.6, 0.2);
/// What a photo gains by showing faces, and at most by smiles; what it loses at most by closed eyes.
const FACES: f64 = 0.04;
const SMILING: f64 = 0.12;
const BLINKING: f64 = 0.25;

/// Returns the faces that a picture is about, the most certain first.
pub(super) fn main_faces(sight: &Sight) -> Vec<SeenFace> {
    sight.main_faces()
}

/// Returns what the faces of a photo or clip add to its score: more for smiles, less for closed eyes.
pub(super) fn merit_of_faces(sight: &Sight) -> f64 {
    let faces = main_faces(sight);
    if faces.is_empty() {
        return 0.0;
    }
    let smiles: Vec<f64> = faces.iter().filter_map(|face| face.smile).map(Score::get).collect();
    let smiling = smiles.iter().sum::<f64>() / smiles.len().max(1) as f64;
    // One who blinks spoils a picture of two more than one of ten.
    let closed = |open: Score| ((CLOSING.0 - open.get()) / (CLOSING.0 - CLOSING.1)).clamp(0.0, 1.0);
    let eyes: Vec<f64> = faces.iter().filter_map(|face| face.eyes_open).map(closed).collect();
    let blinking = eyes.iter().sum::<f64>() / (eyes.len().max(1) as f64).sqrt();
    FACES + SMILING * smiling - BLINKING * blinking.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_facts::SubjectBox;

    fn face(x: f64, side: f64, smile: f64, open: f64) -> SeenFace {
        let area = SubjectBox::between((x, 0.2), (x + side, 0.2 + side), 0.9);
        SeenFace { area, smile: Some(Score::new(smile)), eyes_open: Some(Score::new(open)) }
    }

    fn merit(faces: &[SeenFace]) -> f64 {
        merit_of_faces(&Sight { faces: faces.to_vec(), ..Sight::default() })
    }

    #[test]
    fn passers_by_are_not_what_a_picture_is_about() {
        let sight = Sight {
            faces: vec![face(0.1, 0.2, 0.0, 1.0), face(0.5, 0.1, 0.0, 1.0), face(0.8, 0.05, 0.0, 1.0)],
            ..Sight::default()
        };
        assert_eq!(main_faces(&sight).len(), 2);
    }

    #[test]
    fn smiles_raise_and_closed_eyes_lower() {
        let plain = merit(&[face(0.2, 0.2, 0.1, 0.9)]);
        assert!(plain > merit(&[]));
        assert!(merit(&[face(0.2, 0.2, 0.9, 0.9)]) > plain);
        assert!(merit(&[face(0.2, 0.2, 0.1, 0.1)]) < merit(&[]));
        // One of two blinks: worse than none, better than both.
        let both = merit(&[face(0.2, 0.2, 0.9, 0.1), face(0.6, 0.2, 0.9, 0.1)]);
        let one = merit(&[face(0.2, 0.2, 0.9, 0.1), face(0.6, 0.2, 0.9, 0.9)]);
        assert!(both < one && one < merit(&[face(0.2, 0.2, 0.9, 0.9), face(0.6, 0.2, 0.9, 0.9)]));
    }
}
