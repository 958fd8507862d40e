use mmm_base::Score;
use mmm_facts::Model;

use super::faces::FoundFace;
use super::inputs::{TurnedSquare, turned_image};
use crate::RgbView;
use crate::net::{ModelError, Net, Tensor};

/// Pixels of a side of what the model of landmarks takes.
const SIDE: usize = 256;
/// The part of the picture that it takes, in sides of a face's box.
const AROUND: f64 = 1.5;
/// Smaller faces, in pixels of the picture, show no expression that can be trusted.
const SMALLEST: f64 = 40.0;
/// The least probability that the landmarks are those of a face.
const LEAST: f32 = 0.5;

/// The scores of the model that are used: the left and the right eye closed, the left and the right corner of
/// the mouth raised.
const BLINK: [usize; 2] = [9, 10];
const SMILE: [usize; 2] = [44, 45];

/// Sets how far a face smiles and how far its eyes are open, if it is large enough and its landmarks are
/// found. MediaPipe's face mesh (Kartynnik and others, 2019) and blendshapes take a crop in which the eyes
/// are level.
pub(super) fn express(picture: &RgbView, face: &mut FoundFace) -> Result<(), ModelError> {
    if face.side < SMALLEST {
        return Ok(());
    }
    let [left, right] = face.eyes;
    let turn = libm::atan2(right.1 - left.1, right.0 - left.0);
    let square = TurnedSquare { middle: face.middle, side: face.side * AROUND, turn };
    let Some(points) = landmarks(&turned_image(picture, square, SIDE))? else { return Ok(()) };
    let net = Net::get(Model::Expressions)?;
    let scores = net.run(&[("landmarks", &points)], &["scores"])?;
    let score = |index: usize| scores.first()?.values.get(index).copied();
    let mean = |pair: [usize; 2]| {
        let [one, other] = pair.map(score);
        one.zip(other).map(|(one, other)| f64::from(one + other) / 2.0)
    };
    let (Some(blink), Some(smile)) = (mean(BLINK), mean(SMILE)) else {
        return Err(net.failure("fewer scores"));
    };
    face.seen.smile = Some(Score::new(smile));
    face.seen.eyes_open = Some(Score::new(1.0 - blink));
    Ok(())
}

/// Returns the mesh of a face, 478 points; `None` if there is no face.
fn landmarks(crop: &Tensor) -> Result<Option<Tensor>, ModelError> {
    let net = Net::get(Model::Landmarks)?;
    let [mesh, presence]: [Tensor; 2] = net
        .run(&[("image", crop)], &["landmarks", "presence"])?
        .try_into()
        .map_err(|_| net.failure("other outputs"))?;
    let presence = presence.values.first().copied().unwrap_or(0.0);
    Ok((presence >= LEAST).then_some(mesh))
}
