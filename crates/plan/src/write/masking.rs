use std::collections::BTreeMap;

use super::crop::Crop;
use super::framing::{FrameWish, FramedMedium, frame_medium};
use super::photo_framing::Framed;
use super::whom::{People, persons_of};
use mmm_base::MediaPath;
use mmm_facts::{EditPlan, Facts, MediaKind, Medium, ShotReason, SubjectMask};
use mmm_spec::{Fit, Style};

/// A photo that loses less than this share to a crop needs no mask.
const HARDLY: f64 = 0.02;

/// Whether a mask of its subject may change how a medium is framed in a movie of this size: it is a photo
/// that would be cropped, and no people decide how.
pub fn wants_mask(medium: FramedMedium, fit: Fit, size: (u32, u32)) -> bool {
    let FramedMedium { probe, facts: Facts::Photo(facts), said, focus: None, .. } = medium else {
        return false;
    };
    let is_cropped = |picture| Crop::of(picture, size).kept() < 1.0 - HARDLY;
    let sight = facts.sight.as_deref();
    let has_people = || !People::with_faces(sight, said).main.is_empty() || !persons_of(sight).is_empty();
    matches!(fit, Fit::Auto | Fit::Crop) && probe.picture.as_ref().is_some_and(is_cropped) && !has_people()
}

/// Returns a plan whose photos are framed by the masks of their subjects. Nothing else of the plan changes.
pub fn with_masks(
    plan: &EditPlan,
    style: &Style,
    size: (u32, u32),
    media: &BTreeMap<&MediaPath, &Medium>,
    masks: &BTreeMap<MediaPath, SubjectMask>,
) -> EditPlan {
    let mut plan = plan.clone();
    // A photo that plays is framed as the clip that it is.
    for shot in plan.shots.iter_mut().filter(|shot| shot.source.kind == MediaKind::Photo) {
        let path = &shot.source.path;
        if let (Some(medium), Some(mask)) = (media.get(path), masks.get(path)) {
            let wish = FrameWish::of(style, size, shot.length, shot.source.part);
            let medium = FramedMedium { mask: Some(mask), ..FramedMedium::of(medium) };
            let Framed { framing, reason } = frame_medium(medium, wish);
            shot.framing = framing;
            shot.reason = ShotReason { framing: reason, ..std::mem::take(&mut shot.reason) };
        }
    }
    plan
}
