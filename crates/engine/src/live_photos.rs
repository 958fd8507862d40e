//! The moving pictures inside the files of photos, which are analysed like clips if the movie may play them.

use super::db::{Db, FileState, MediaFile, Project};
use super::fact_actions::{joined, mismatch, motion_actions};
use super::first_queries::{ask, movie, probe, selection};
use super::need::{Gather, Need};
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_base::{Digest, MediaPath};
use mmm_exec::{Action, Answer};
use mmm_facts::{ClipFacts, Facts, MediaError, MediaKind, Medium, MotionPart, Probe, Said};
use mmm_spec::{ClipSound, Known, LivePhotos, Taken};

/// Whether an output may play live photos that no rule says anything about.
#[salsa::tracked]
fn may_play_any(db: &dyn Db, project: Project) -> bool {
    let mut outputs = movie(db, project).iter().flat_map(|movie| &movie.outputs);
    outputs.any(|output| output.settings.style.live_photos != LivePhotos::Still)
}

/// Whether a file may be played whose moving picture is in it.
fn may_play(db: &dyn Db, project: Project, known: &Known) -> bool {
    known.live.map_or_else(|| *may_play_any(db, project), |said| said != LivePhotos::Still)
}

/// Whether the sound of a moving picture may be heard.
fn is_heard(known: &Known) -> bool {
    known.sound == Some(ClipSound::Keep)
}

/// Returns the facts of the moving picture in the file of a photo; `None` if there is none that may be played.
pub(super) fn motion<'a>(
    db: &'a dyn Db,
    project: Project,
    path: &MediaPath,
    known: &Known,
) -> &'a Need<Option<Result<ClipFacts, MediaError>>> {
    if may_play(db, project, known) {
        motion_facts(db, db.media(path), is_heard(known))
    } else {
        &Need::Ready(None)
    }
}

#[salsa::tracked]
fn motion_facts(db: &dyn Db, file: MediaFile, is_heard: bool) -> Need<Option<Result<ClipFacts, MediaError>>> {
    let (FileState::Read(source), Need::Ready(Ok(probe))) = (file.state(db), probe(db, file)) else {
        return Need::Ready(None);
    };
    let mut gather = Gather::default();
    let mut answers = Vec::new();
    for action in motion_actions(*source, probe, is_heard, db.model_set()) {
        let need = ask(db, action, Answer::clone);
        answers.extend(gather.take(&need).cloned());
    }
    let facts = match answers.as_slice() {
        [] => None,
        answers => Some(joined(answers).and_then(|facts| match facts {
            Facts::Clip(facts) => Ok(facts),
            _ => Err(mismatch()),
        })),
    };
    gather.finish(facts)
}

/// Returns the actions that produce these facts.
pub(super) fn live_actions(db: &dyn Db, project: Project, file: MediaFile) -> Vec<Action> {
    let (FileState::Read(source), Need::Ready(Ok(probe))) = (file.state(db), probe(db, file)) else {
        return Vec::new();
    };
    if !has_motion(probe) {
        return Vec::new();
    }
    let taken = selection(db, project).taken.iter().find(|taken| taken.path == *file.path(db));
    match taken.filter(|taken| may_play(db, project, &taken.known)) {
        Some(taken) => motion_actions(*source, probe, is_heard(&taken.known), db.model_set()),
        None => Vec::new(),
    }
}

/// Adds its moving picture to a photo.
pub(super) fn with_motion(photo: Medium, facts: Option<&Result<ClipFacts, MediaError>>) -> Medium {
    match (facts, &photo.probe.motion) {
        (Some(Ok(facts)), Some(MotionPart::Clip(clip))) => {
            let Medium { path, rule, known, probe, .. } = &photo;
            let Probe { taken, place, camera, .. } = probe.clone();
            let motion = Medium {
                path: path.clone(),
                rule: *rule,
                known: known.clone(),
                probe: Probe { bytes: 0, taken, place, camera, ..(**clip).clone() },
                facts: Facts::Clip(facts.clone()),
                flaws: Vec::new(),
                beside: Vec::new(),
                said: Said::default(),
                motion: None,
                fits: Vec::new(),
            };
            Medium { motion: Some(Box::new(motion)), ..photo }
        }
        (Some(Err(error)), _) => without_motion(photo, error),
        _ => photo,
    }
}

/// Returns a photo whose moving picture can't be played.
pub(super) fn without_motion(photo: Medium, error: &MediaError) -> Medium {
    let motion = Some(MotionPart::Unreadable(error.clone()));
    Medium { motion: None, probe: Probe { motion, ..photo.probe }, ..photo }
}

/// Whether a content is that of a photo with a moving picture.
pub(super) fn is_moving_photo(db: &dyn Db, project: Project, source: Digest) -> bool {
    selection(db, project).taken.iter().any(|taken| {
        let file = db.media(&taken.path);
        let is_it = *file.state(db) == FileState::Read(source);
        is_it && matches!(probe(db, file), Need::Ready(Ok(probe)) if has_motion(probe))
    })
}

fn has_motion(probe: &Probe) -> bool {
    probe.kind == MediaKind::Photo && matches!(probe.motion, Some(MotionPart::Clip(_)))
}

/// Returns a warning about a photo that the spec asks to play and that can't.
pub(super) fn unplayable(db: &dyn Db, project: Project, taken: &Taken, probe: &Probe) -> Option<Diagnostic> {
    let mut outputs = movie(db, project).iter().flat_map(|movie| &movie.outputs);
    let is_asked = match taken.known.live {
        Some(said) => said == LivePhotos::Play,
        None => outputs.any(|output| output.settings.style.live_photos == LivePhotos::Play),
    };
    let facts = motion(db, project, &taken.path, &taken.known);
    let error = match (&probe.motion, facts) {
        (Some(MotionPart::Unreadable(error)), _) | (_, Need::Ready(Some(Err(error)))) if is_asked => error,
        _ => return None,
    };
    let message = format!("`{}` can't play: {error}; the movie shows its photo", taken.path);
    Some(Diagnostic::warning(Code::MEDIA_DAMAGED, message).help("copy the file again from its source"))
}
