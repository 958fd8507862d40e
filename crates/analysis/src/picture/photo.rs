use crate::RgbView;
use mmm_base::Score;
use mmm_facts::{Issue, PhotoFacts, PictureQuality, Sight};

use super::attention::Attention;
use super::covered::is_covered;
use super::flatness::is_drawn;
use super::focus::focus_of;
use super::page::is_page;
use super::photo_look::photo_look;
use super::scene_colours::scene_colours;
use super::subjects::{importance, subjects_in};
use super::tone::Tone;
use super::{Plane, picture_hash};

/// Pictures of less sharpness are blurred.
const BLURRED: f64 = 0.32;
/// A picture is empty if the means of a coarse grid have less range than this, of 255.
const EMPTY_RANGE: f32 = 10.0;
/// A photo whose shorter side is below this must be enlarged more than threefold for a 1080-line frame.
pub(crate) const SMALL_SIDE_PX: u32 = 360;

/// Longer side of the plane on which coarse measures are taken. On a smaller one, short slopes look like a
/// tilt.
const SMALL_PLANE: usize = 400;
/// Pages are not looked for where faces fill this share of the picture.
const FACES: f64 = 0.03;

/// Returns the facts of a photo that is upright and reduced to about 1024 pixels on its longer side (smaller
/// photos keep their size). `full_size` is its size as displayed. `is_camera` is true if its metadata names a
/// camera; a screenshot's doesn't. `sight` is what models see in it, if they were asked.
pub fn photo_facts(
    picture: &RgbView,
    full_size: (u32, u32),
    is_camera: bool,
    sight: Option<Sight>,
) -> PhotoFacts {
    let luma = Plane::luma(picture);
    let small = small_plane(&luma);
    let tone = Tone::of(picture, &luma);
    let attention = Attention::of(picture);
    let subjects = subjects_in(&importance(&attention));
    let faces = sight.as_ref().map(Sight::main_faces).unwrap_or_default();
    let look = photo_look(picture, (&luma, &small), &tone, &subjects, &faces);
    let mut issues = picture_issues(&look, &small, &tone);
    if is_covered(picture, &small, &tone) {
        // Such a picture shows nothing, so that its hash says nothing.
        issues = vec![Issue::Empty, Issue::Covered];
    }
    if !is_camera && is_drawn(picture, &luma) {
        issues.push(Issue::Screenshot);
    } else if faces.iter().map(|face| face.area.area()).sum::<f64>() < FACES && is_page(picture, &luma) {
        issues.push(Issue::Document);
    }
    if full_size.0.min(full_size.1) < SMALL_SIDE_PX {
        issues.push(Issue::Small);
    }
    PhotoFacts {
        look,
        issues,
        hash: picture_hash(&small),
        focus: focus_of(&attention),
        subjects,
        colours: scene_colours(picture),
        sight: sight.map(Box::new),
    }
}

fn small_plane(luma: &Plane) -> Plane {
    let longer = luma.width.max(luma.height).max(SMALL_PLANE);
    luma.shrunk(luma.width * SMALL_PLANE / longer, luma.height * SMALL_PLANE / longer)
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
