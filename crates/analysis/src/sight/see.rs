use mmm_facts::{ObjectKind, SeenFace, SeenObject, SeenTag, Sight};

use super::expressions::express;
use super::faces::faces_in;
use super::objects::objects_in;
use super::tags::tagged;
use crate::RgbView;
use crate::net::ModelError;

/// From this probability of an animal on, a person without a face is taken for it: close fur looks like a
/// person to the model of objects.
const SURELY_ANIMAL: f64 = 0.5;

/// Returns what the built-in models see in an upright picture. Faces are found in a picture whose longer side is
/// 640 pixels, if a person or a possible face is seen at 416 or 320 pixels; a larger picture shows expressions
/// better, but not more faces.
///
/// # Errors
/// If a model can't be loaded or run.
pub fn see(picture: &RgbView) -> Result<Sight, ModelError> {
    let (tags, features) = tagged(picture)?;
    let mut objects = objects_in(picture)?;
    let has_people = objects.iter().any(|seen| seen.kind == ObjectKind::PERSON);
    let mut faces = faces_in(picture, has_people)?;
    for face in &mut faces {
        express(picture, face)?;
    }
    let faces: Vec<SeenFace> = faces.into_iter().map(|face| face.seen).collect();
    if animals(&tags) >= SURELY_ANIMAL {
        objects.retain(|seen| seen.kind != ObjectKind::PERSON || has_face(seen, &faces));
    }
    Ok(Sight { faces, objects, tags, features })
}

/// Returns how probable it is that a picture shows an animal above all.
fn animals(tags: &[SeenTag]) -> f64 {
    tags.iter().filter(|seen| seen.tag.is_animal()).map(|seen| seen.confidence.get()).sum()
}

fn has_face(person: &SeenObject, faces: &[SeenFace]) -> bool {
    let area = &person.area;
    faces.iter().any(|face| {
        let (x, y) = face.area.middle();
        (area.x.get()..=area.right()).contains(&x) && (area.y.get()..=area.bottom()).contains(&y)
    })
}
