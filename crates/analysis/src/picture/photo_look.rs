use crate::RgbView;
use mmm_base::Score;
use mmm_facts::{PictureQuality, SeenFace, SubjectBox};

use super::Plane;
use super::composition::composition;
use super::face_sharpness::face_sharpness;
use super::lines::lines_in;
use super::look::{aesthetic, look_of};
use super::tilt::lean_of;
use super::tone::{Tone, rise};

/// What a photo loses at most by a tilt; and from how many degrees on it does, and wholly.
const TILTED: f64 = 0.15;
const TILT: (f64, f64) = (1.5, 4.0);
/// What it loses at most by lost highlights; and from which share of the picture on it does, and wholly.
const CLIPPED: f64 = 0.3;
const CLIPPING: (f64, f64) = (0.15, 0.45);
/// What it loses at most by motion blur; and from which one on it does, and wholly.
const SHAKEN: f64 = 0.1;
const SHAKE: (f64, f64) = (0.3, 0.6);
/// What it loses at most by its composition.
const COMPOSED: f64 = 0.04;

/// Returns the look of a photo, given its luma, in full and small, its tone, the boxes around what stands
/// out, and its main faces.
pub fn photo_look(
    view: &RgbView,
    (luma, small): (&Plane, &Plane),
    tone: &Tone,
    subjects: &[SubjectBox],
    faces: &[SeenFace],
) -> PictureQuality {
    let mut look = look_of(view, luma, tone);
    let lean = lean_of(&lines_in(small));
    look.clipped = Score::new(tone.blown);
    if lean.certainty > Score::ZERO {
        look.tilt_cdeg = (lean.degrees * 100.0).round() as i16;
        look.tilt_certainty = lean.certainty;
    }
    look.composition = composition(faces, subjects);
    let whole = look.sharpness;
    if let Some(found) = face_sharpness(luma, faces) {
        look.face_sharpness = Some(found.score);
        // Faces count, whatever else is sharp.
        look.sharpness = Score::new(whole.get() + found.weight * (found.score.get() - whole.get()));
    }
    look.aesthetic = Score::new(aesthetic(&look).get() * kept(&look));
    look
}

/// Returns the share of its merit that a photo keeps.
fn kept(look: &PictureQuality) -> f64 {
    let tilted = look.tilt_certainty.get() * rise(f64::from(look.tilt_cdeg).abs() / 100.0, TILT.0, TILT.1);
    let clipped = rise(look.clipped.get(), CLIPPING.0, CLIPPING.1);
    let composed = look.composition.map_or(0.5, Score::get);
    let shaken = rise(look.motion_blur.get(), SHAKE.0, SHAKE.1);
    (1.0 - TILTED * tilted)
        * (1.0 - CLIPPED * clipped)
        * (1.0 - SHAKEN * shaken)
        * (1.0 - COMPOSED * (1.0 - composed))
}
