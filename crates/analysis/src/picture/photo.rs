use crate::RgbView;
use mmm_base::Score;
use mmm_facts::{Issue, PhotoFacts, PictureQuality};

use super::attention::Attention;
use super::flatness::is_drawn;
use super::focus::focus_of;
use super::scene_colours::scene_colours;
use super::subjects::{importance, subjects_in};
use super::tone::Tone;
use super::{Plane, look_of, picture_hash};

/// Pictures of less sharpness are blurred.
const BLURRED: f64 = 0.32;
/// A picture is empty if the means of a coarse grid have less range than this, of 255.
const EMPTY_RANGE: f32 = 10.0;
/// A photo whose shorter side is below this must be enlarged more than threefold for a 1080-line frame.
pub(crate) const SMALL_SIDE_PX: u32 = 360;

/// Returns the facts of a photo that is upright and reduced to about 1024 pixels on its longer side (smaller
/// photos keep their size). `full_size` is its size as displayed. `is_camera` is true if its metadata names a
/// camera; a screenshot's doesn't.
pub fn photo_facts(picture: &RgbView, full_size: (u32, u32), is_camera: bool) -> PhotoFacts {
    let luma = Plane::luma(picture);
    let tone = Tone::of(picture, &luma);
    let look = look_of(picture, &luma, &tone);
    let mut issues = picture_issues(&look, &luma, &tone);
    if !is_camera && is_drawn(picture, &luma) {
        issues.push(Issue::Screenshot);
    }
    if full_size.0.min(full_size.1) < SMALL_SIDE_PX {
        issues.push(Issue::Small);
    }
    let attention = Attention::of(picture);
    let subjects = subjects_in(&importance(&attention));
    PhotoFacts {
        look,
        issues,
        hash: picture_hash(&luma),
        focus: focus_of(&attention),
        subjects,
        colours: scene_colours(picture),
        sight: None,
    }
}

/// Returns the issues of a picture that its pixels show, in the order of [`Issue`].
pub fn picture_issues(look: &PictureQuality, luma: &Plane, tone: &Tone) -> Vec<Issue> {
    let empty = is_empty(luma);
    let found = [
        // An empty picture has nothing to be sharp, so it isn't blurred.
        (Issue::Blurred, !empty && look.sharpness < Score::new(BLURRED)),
        (Issue::Underexposed, tone.is_underexposed()),
        (Issue::Overexposed, tone.is_overexposed()),
        (Issue::Empty, empty),
    ];
    found.into_iter().filter(|(_, holds)| *holds).map(|(issue, _)| issue).collect()
}

fn is_empty(luma: &Plane) -> bool {
    let mut means = luma.reduced(16, 16).values;
    means.sort_by(f32::total_cmp);
    let last = means.len() - 1;
    means[last * 98 / 100] - means[last * 2 / 100] < EMPTY_RANGE
}
