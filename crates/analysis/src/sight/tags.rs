use mmm_base::Score;
use mmm_facts::{Model, PictureFeatures, SeenTag, Tag};

use super::features::{RAW, reduced};
use super::inputs::{Part, image};
use crate::RgbView;
use crate::net::{ModelError, Net, Tensor};

/// Pixels of a side of what the model takes, and of the reduced picture from whose middle it is taken.
const SIDE: usize = 224;
const REDUCED: f64 = 256.0;
/// The tags that are kept, and the least probability of one.
const MOST: usize = 10;
const LEAST: f64 = 0.01;

/// Returns what a picture shows, the most probable first, and the features by which it is compared. Tags are
/// those of ImageNet (Deng and others, 2009), by EfficientNet-Lite0 (Tan and Le, 2019).
pub(super) fn tagged(picture: &RgbView) -> Result<(Vec<SeenTag>, PictureFeatures), ModelError> {
    let net = Net::get(Model::Tags)?;
    let input = image(picture, middle(picture), (SIDE, SIDE));
    let [logits, features]: [Tensor; 2] = net
        .run(&[("image", &input)], &["logits", "features"])?
        .try_into()
        .map_err(|_| net.failure("other outputs"))?;
    if features.values.len() != RAW {
        return Err(net.failure("other features"));
    }
    Ok((likeliest(&logits.values), reduced(&features.values)))
}

/// Returns the square in the middle of a picture that the model sees.
fn middle(picture: &RgbView) -> Part {
    let (width, height) = (picture.width() as f64, picture.height() as f64);
    let side = width.min(height) * SIDE as f64 / REDUCED;
    Part { x: (width - side) / 2.0, y: (height - side) / 2.0, width: side, height: side }
}

/// Returns the most probable tags.
fn likeliest(logits: &[f32]) -> Vec<SeenTag> {
    let most = logits.iter().copied().fold(f32::MIN, f32::max);
    let exp: Vec<f64> = logits.iter().map(|logit| libm::exp(f64::from(logit - most))).collect();
    let sum: f64 = exp.iter().sum();
    let tag = |(index, value): (usize, &f64)| SeenTag {
        tag: Tag(index as u16),
        confidence: Score::new(value / sum),
    };
    let mut tags: Vec<SeenTag> = exp.iter().enumerate().map(tag).collect();
    tags.sort_by_key(|seen| (std::cmp::Reverse(seen.confidence), seen.tag));
    tags.retain(|seen| seen.confidence >= Score::new(LEAST));
    tags.truncate(MOST);
    tags
}
