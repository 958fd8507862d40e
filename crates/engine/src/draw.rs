use std::collections::BTreeMap;
use std::path::PathBuf;

use super::loose_files::LooseFiles;
use super::places::Places;
use super::{Means, Progress, Stop};
use mmm_base::{Cancel, Digest, Time};
use mmm_exec::{Action, Answer};
use mmm_facts::{
    Canvas, Framing, Move, PhotoView, PictureSource, Profile, SegmentRecipe, ShotView, Treatment, View,
    Window,
};
use mmm_spec::{Aspect, Codec, Colour};
use mmm_store::Store;

/// A moment of a medium to draw.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct DrawnMoment {
    pub file: PathBuf,
    /// The expected content of the file: a file with other content is another medium.
    pub source: Digest,
    /// The time in a clip; `None` for a photo.
    pub at: Option<Time>,
}

/// Returns JPEGs by moment. Leaves out moments whose file is missing or has changed.
///
/// # Errors
/// On cancellation, or if the cache can't be written or read.
pub fn draw_moments(
    moments: &[DrawnMoment],
    store: &Store,
    means: &Means,
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<BTreeMap<DrawnMoment, Vec<u8>>, Stop> {
    let mut loose = LooseFiles { store, means, cancel, progress, places: Places::default() };
    let mut found: BTreeMap<&PathBuf, Option<Digest>> = BTreeMap::new();
    for moment in moments {
        found.entry(&moment.file).or_insert_with(|| loose.place(&moment.file).ok());
    }
    let there = moments.iter().filter(|moment| found[&moment.file] == Some(moment.source));
    let there: Vec<(&DrawnMoment, Action)> = there.map(|moment| (moment, still(moment))).collect();
    progress.step("drawing");
    let actions = there.iter().map(|(_, action)| action.clone()).collect();
    let answers = loose.answers(actions)?;
    let mut drawn = BTreeMap::new();
    for (moment, action) in there {
        if let Some(Ok(Answer::Still(blob))) = answers.get(&action)
            && let Some(jpeg) = store.read_blob(*blob)?
        {
            drawn.insert(moment.clone(), jpeg);
        }
    }
    Ok(drawn)
}

fn still(moment: &DrawnMoment) -> Action {
    let motion = Move { from: Window::WHOLE, to: Window::WHOLE };
    let picture = match moment.at {
        Some(at) => PictureSource::Clip(at),
        None => PictureSource::Photo(PhotoView { motion, length: 1, first: 0 }),
    };
    // The moment belongs to no particular movie, so it is drawn uncropped at the most common aspect.
    let canvas = Canvas::of(Aspect::Wide, Codec::H264, Profile::Draft).small();
    let view = View::Shot(ShotView {
        source: moment.source,
        framing: Framing::Fill,
        picture,
        treatment: Treatment::default(),
        cube: None,
        steadied: None,
        may_fill: false,
    });
    let (texts, fade, ground) = (Vec::new(), None, Colour::BLACK);
    Action::Still(Box::new(SegmentRecipe { canvas, frames: 1, view, texts, fade, ground }))
}
