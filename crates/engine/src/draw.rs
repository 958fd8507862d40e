//! Draws moments of shots as their movie frames them, from files that are found by their content.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::fact_actions::mask_action;
use super::listed::list;
use super::loose_files::LooseFiles;
use super::places::Places;
use super::scan::scan;
use super::sidecars::with_beside;
use super::{Means, Progress, Stop};
use mmm_base::{Cancel, Digest, MediaPath, Score, Time};
use mmm_exec::{Action, Answer};
use mmm_facts::{Canvas, Facts, MediaError, Probe, Profile, SubjectMask};
use mmm_plan::timeline::moment;
use mmm_plan::{FrameWish, Framed, FramedMedium, frame_medium, wants_mask};
use mmm_spec::{Aspect, Codec, Fit, Root};
use mmm_store::{Stamps, Store};

/// A moment of a medium to draw.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct DrawnMoment {
    /// The content of the medium: a file with other content is another medium.
    pub source: Digest,
    /// The part of a clip that the shot shows; `None` for a photo.
    pub part: Option<(Time, Time)>,
    pub frame: MomentFrame,
}

/// How a movie frames a medium.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct MomentFrame {
    pub aspect: Aspect,
    pub fit: Fit,
    /// The point that stays in the frame, if the spec sets it.
    pub focus: Option<(Score, Score)>,
    /// How long the frame may move along a photo; `None` if it may not.
    pub move_for: Option<Time>,
}

impl MomentFrame {
    /// Returns the width and height of the movie in pixels.
    pub fn size(&self) -> (u32, u32) {
        let canvas = self.canvas();
        (canvas.width, canvas.height)
    }

    fn canvas(&self) -> Canvas {
        Canvas::of(self.aspect, Codec::H264, Profile::Final)
    }
}

/// Where the files of moments may be.
#[derive(Clone, Debug, Default)]
pub struct MomentFiles {
    /// Where a content was, or may be now, the most likely place first.
    pub known: BTreeMap<Digest, Vec<PathBuf>>,
    /// Folders that are searched for contents that are not there.
    pub folders: BTreeSet<PathBuf>,
}

/// Returns JPEGs by moment. Leaves out moments whose medium is not found or can't be read.
///
/// # Errors
/// On cancellation, or if the cache can't be written or read.
pub fn draw_moments(
    moments: &[DrawnMoment],
    files: &MomentFiles,
    store: &Store,
    means: &Means,
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<BTreeMap<DrawnMoment, Vec<u8>>, Stop> {
    let mut loose = LooseFiles { store, means, cancel, progress, places: Places::default() };
    let wanted: BTreeSet<Digest> = moments.iter().map(|moment| moment.source).collect();
    find(&mut loose, &wanted, files)?;
    progress.step("analyzing");
    let media = facts(&loose, &wanted)?;
    let masks = masks(&loose, moments, &media)?;
    progress.step("drawing");
    let recipe = |moment: &DrawnMoment| {
        let (probe, facts) = media.get(&moment.source)?;
        Some((moment.clone(), still(moment, framed(moment, probe, facts, masks.get(&moment.source)))))
    };
    let stills: Vec<(DrawnMoment, Action)> = moments.iter().filter_map(recipe).collect();
    let answers = loose.answers(stills.iter().map(|(_, action)| action.clone()).collect())?;
    let mut drawn = BTreeMap::new();
    for (moment, action) in stills {
        if let Some(Ok(Answer::Still(blob))) = answers.get(&action)
            && let Some(jpeg) = store.read_blob(*blob)?
        {
            drawn.insert(moment, jpeg);
        }
    }
    Ok(drawn)
}

/// Returns the masks of the subjects of the photos whose framing they decide.
fn masks(
    loose: &LooseFiles,
    moments: &[DrawnMoment],
    media: &BTreeMap<Digest, (Probe, Facts)>,
) -> Result<BTreeMap<Digest, SubjectMask>, Stop> {
    let action = |moment: &DrawnMoment| {
        let (probe, facts) = media.get(&moment.source)?;
        let is_wanted = wants_mask(framed(moment, probe, facts, None), moment.frame.fit, moment.frame.size());
        let action = mask_action(moment.source, probe, loose.means.model_set).filter(|_| is_wanted)?;
        Some((moment.source, action))
    };
    let actions: BTreeMap<Digest, Action> = moments.iter().filter_map(action).collect();
    let answers = loose.answers(actions.values().cloned().collect())?;
    let mask = |(source, action): (Digest, Action)| match answers.get(&action) {
        Some(Ok(Answer::PhotoMask(mask))) => Some((source, mask.clone())),
        _ => None,
    };
    Ok(actions.into_iter().filter_map(mask).collect())
}

fn framed<'a>(
    moment: &DrawnMoment,
    probe: &'a Probe,
    facts: &'a Facts,
    mask: Option<&'a SubjectMask>,
) -> FramedMedium<'a> {
    FramedMedium { probe, facts, said: &probe.said, mask, focus: moment.frame.focus }
}

fn still(drawn: &DrawnMoment, medium: FramedMedium) -> Action {
    let DrawnMoment { source, part, frame } = *drawn;
    let canvas = frame.canvas();
    let (size, probe) = (frame.size(), medium.probe);
    let wish = FrameWish { fit: frame.fit, size, part, move_for: frame.move_for };
    let Framed { framing, .. } = frame_medium(medium, wish);
    let size = probe.picture.as_ref().map_or((0, 0), |picture| (picture.width, picture.height));
    Action::Still(Box::new(moment(source, &framing, size, part, canvas)))
}

/// Adds the files with the wanted contents to the sources: those in their known places, else any file in the
/// folders.
fn find(loose: &mut LooseFiles, wanted: &BTreeSet<Digest>, files: &MomentFiles) -> Result<(), Stop> {
    let mut seen: BTreeSet<&Path> = BTreeSet::new();
    for path in wanted.iter().filter_map(|source| files.known.get(source)).flatten() {
        // A file that isn't there, or has other content now, is found by its content below, if at all.
        if seen.insert(path) {
            loose.place(path).ok();
        }
    }
    for folder in &files.folders {
        if loose.cancel.is_cancelled() {
            return Err(Stop::Interrupted);
        }
        let missing = |source: &&Digest| !loose.places.0.contains_key(source);
        let missing: Vec<Digest> = wanted.iter().filter(missing).copied().collect();
        if missing.is_empty() {
            break;
        }
        search(loose, &missing, files, folder)?;
    }
    Ok(())
}

/// Looks for contents among the files of a folder whose names end like those that are missing.
fn search(
    loose: &mut LooseFiles,
    missing: &[Digest],
    files: &MomentFiles,
    folder: &Path,
) -> Result<(), Stop> {
    let Ok(folder) = std::fs::canonicalize(folder) else { return Ok(()) };
    let ending = |path: &Path| path.extension().map(|ending| ending.to_ascii_lowercase());
    let endings: BTreeSet<_> = missing
        .iter()
        .filter_map(|source| files.known.get(source))
        .flatten()
        .map(|path| ending(path))
        .collect();
    let everything = Root { path: String::new(), recursive: true, hidden: false };
    let listed = list(&folder, &[everything], loose.cancel).files.files.into_iter();
    let paths: BTreeSet<MediaPath> =
        listed.filter(|path| endings.contains(&ending(Path::new(path.as_str())))).collect();
    let mut stamps = Stamps::load(loose.store, &folder);
    let found = scan(&folder, &paths, &mut stamps, &loose.means.pool, loose.cancel);
    stamps.save(loose.store)?;
    loose.places.0.extend(found.places.into_iter().filter(|(source, _)| missing.contains(source)));
    Ok(())
}

/// Returns the facts of the contents that were found and can be read.
fn facts(loose: &LooseFiles, wanted: &BTreeSet<Digest>) -> Result<BTreeMap<Digest, (Probe, Facts)>, Stop> {
    let there: Vec<Digest> =
        wanted.iter().filter(|source| loose.places.0.contains_key(source)).copied().collect();
    let answers = loose.answers(there.iter().map(|source| Action::Probe(*source)).collect())?;
    let mut probes = BTreeMap::new();
    for source in there {
        if let Some(Ok(Answer::Probe(probe))) = answers.get(&Action::Probe(source)) {
            probes.insert(source, (**probe).clone());
        }
    }
    let facts = loose.facts(&probes)?.into_iter();
    let known = |(source, facts): (Digest, Result<Facts, MediaError>)| {
        let (probe, (file, _)) = (probes.get(&source)?.clone(), loose.places.0.get(&source)?);
        // The files beside it may name people and where they are, by which its picture is framed.
        Some((source, (with_beside(file, probe).0, facts.ok()?)))
    };
    Ok(facts.filter_map(known).collect())
}
