//! What an output is planned from: the media that are in the running with their facts, and the music.

use std::collections::{BTreeMap, BTreeSet};

use super::db::{Db, FileState, Project};
use super::examine::{Examined, examined, heard};
use super::fact_actions::Eye;
use super::first_queries::{Unusable, movie, output, probe};
use super::fitting::{Fits, fits_of, prompt_actions};
use super::included::{is_picture, named, said, shown, times_beside};
use super::live_photos::{motion, with_motion};
use super::need::{Gather, Need};
use mmm_base::{MediaPath, Rate};
use mmm_facts::{Canvas, Conflict, Facts, Kept, Material, MediaKind, Medium, Probe, Said};
use mmm_plan::lock::wishes;
use mmm_plan::{Shortlist, by_hand, cadence, is_large, shortlist};
use mmm_spec::{Taken, Track};

/// Which media are in the running for an output. Models look at them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Running {
    /// All of them.
    All,
    /// None: there can't be a plan.
    None,
    /// Those that cheap measures leave.
    Shortlist(Shortlist),
}

/// Returns which media are in the running for an output.
#[salsa::tracked]
pub(super) fn running(db: &dyn Db, project: Project, index: usize) -> Need<Running> {
    if !*glances(db, project, index) {
        return Need::Ready(Running::All);
    }
    let named = shown(db, project).filter(|taken| taken.named).map(|taken| taken.path.clone()).collect();
    gathered(db, project, index, Eye::Glance).map(|material| {
        match material.map(|material| shortlist(&material, &named)) {
            Some(Ok(shortlist)) => Running::Shortlist(shortlist),
            // Models may tell pictures apart that cheap measures take for one.
            Some(Err(Conflict::People { named, least, .. })) if named >= least as usize => Running::All,
            _ => Running::None,
        }
    })
}

/// Whether cheap measures decide first at which media of an output the models look.
#[salsa::tracked]
fn glances(db: &dyn Db, project: Project, index: usize) -> bool {
    let Some(output) = output(db, project, index) else { return false };
    if db.model_set().pictures().is_empty() {
        return false;
    }
    let length = |track: &Track| match probe(db, db.media(&track.path)) {
        Need::Ready(Ok(probe)) => probe.duration,
        _ => None,
    };
    let music = output.settings.music.iter().filter_map(length).sum();
    let media = shown(db, project).filter(|taken| is_picture(db, db.media(&taken.path))).count();
    is_large(&output.settings, music, media)
}

/// Returns the number of outputs.
pub(super) fn outputs(db: &dyn Db, project: Project) -> usize {
    movie(db, project).as_ref().map_or(0, |movie| movie.outputs.len())
}

/// Returns how the analysis looks at a medium, at a glance first, as far as is known.
pub(super) fn eyes(db: &dyn Db, project: Project, path: &MediaPath) -> BTreeSet<Eye> {
    let eyes = (0..outputs(db, project)).flat_map(|output| {
        let looks = match running(db, project, output) {
            Need::Ready(Running::Shortlist(shortlist)) => shortlist.looked_at.contains(path),
            Need::Ready(Running::All) => true,
            _ => false,
        };
        [glances(db, project, output).then_some(Eye::Glance), looks.then_some(Eye::Look)]
    });
    eyes.flatten().collect()
}

/// Returns what a medium contains, by the first eye that looks at all media.
pub(super) fn seen<'a>(
    db: &'a dyn Db,
    project: Project,
    taken: &Taken,
) -> &'a Need<Result<Examined, Unusable>> {
    examined(db, db.media(&taken.path), taken.known.audio, *first_eye(db, project))
}

/// Returns how the analysis looks at all media.
#[salsa::tracked]
fn first_eye(db: &dyn Db, project: Project) -> Eye {
    let outputs = outputs(db, project);
    let glances = outputs > 0 && (0..outputs).all(|output| *glances(db, project, output));
    if glances { Eye::Glance } else { Eye::Look }
}

/// Returns the media that can be shown, with their facts.
#[salsa::tracked]
fn footage(db: &dyn Db, project: Project, eye: Eye) -> Need<Vec<Medium>> {
    let mut gather = Gather::default();
    let mut media = Vec::new();
    for taken in shown(db, project) {
        let need = examined(db, db.media(&taken.path), taken.known.audio, eye);
        let Some(Ok(examined)) = gather.take(need) else { continue };
        if examined.probe.kind == MediaKind::Music {
            continue;
        }
        // Models and moving pictures cost most: only media in the running get them.
        let none = &Need::Ready(None);
        let need = if eye == Eye::Look { motion(db, project, &taken.path, &taken.known) } else { none };
        let Some(motion) = gather.take(need) else { continue };
        let medium = Medium {
            path: taken.path.clone(),
            rule: taken.rule,
            known: taken.known.clone(),
            // The planner ignores the size of the file, so other bytes with the same picture don't cause a
            // new plan.
            probe: Probe { bytes: 0, said: Said::default(), ..examined.probe.clone() },
            facts: examined.facts.clone(),
            flaws: Vec::new(),
            beside: times_beside(db, project, &taken.path).to_vec(),
            said: said(db, project, &taken.path, &examined.probe),
            motion: None,
            fits: Vec::new(),
        };
        media.push(with_motion(medium, motion.as_ref()));
    }
    gather.finish(media)
}

/// Returns the part of an output's earlier plan that stays.
#[salsa::tracked]
fn kept(db: &dyn Db, project: Project, index: usize) -> Option<Kept> {
    let wanted = output(db, project, index).as_ref()?;
    let there = named(db, project).into_iter().filter_map(|path| match db.media(&path).state(db) {
        FileState::Read(digest) => Some((path, *digest)),
        _ => None,
    });
    let lock = project.lock(db).as_ref()?.renamed(&there.collect());
    let kept = lock.kept(&wanted.name, wishes(&wanted.settings))?;
    Some(match project.unwanted(db) {
        Some((of, shot)) if of == index => kept.without(shot),
        _ => kept,
    })
}

/// Returns everything that one output is planned from; `None` if its music can't be used, which `complain`
/// reports.
pub(super) fn material(db: &dyn Db, project: Project, index: usize) -> Need<Option<Material>> {
    let mut need = looked_at(db, project, index);
    let Need::Ready(Some(material)) = &mut need else { return need };
    let fits = match prompt_fits(db, project, index) {
        Need::Missing(actions) => return Need::Missing(actions.clone()),
        Need::Ready(fits) => fits.as_ref().ok(),
    };
    for medium in &mut material.media {
        medium.fits = fits.and_then(|fits| fits.get(&medium.path)).cloned().unwrap_or_default();
    }
    need
}

/// Returns how well photos fit the prompt of an output, by the user's own model; nothing without one.
#[salsa::tracked]
pub(super) fn prompt_fits(db: &dyn Db, project: Project, index: usize) -> Need<Fits> {
    if prompt_actions(db, project, index).is_empty() {
        return Need::Ready(Ok(BTreeMap::new()));
    }
    match looked_at(db, project, index) {
        Need::Missing(actions) => Need::Missing(actions),
        Need::Ready(None) => Need::Ready(Ok(BTreeMap::new())),
        Need::Ready(Some(material)) => fits_of(db, project, index, &material.media),
    }
}

/// Waits for how well photos fit the prompts of all outputs.
pub(super) fn fitted(db: &dyn Db, project: Project) -> Need<()> {
    let mut gather = Gather::default();
    for index in 0..outputs(db, project) {
        gather.take(prompt_fits(db, project, index));
    }
    gather.finish(())
}

/// Returns everything that one output is planned from, before photos are compared with the prompt.
fn looked_at(db: &dyn Db, project: Project, index: usize) -> Need<Option<Material>> {
    let running = match running(db, project, index) {
        Need::Missing(actions) => return Need::Missing(actions.clone()),
        Need::Ready(running) => running,
    };
    let eye = if *running == Running::All { Eye::Look } else { Eye::Glance };
    let mut need = gathered(db, project, index, eye);
    let (Running::Shortlist(shortlist), Need::Ready(Some(material))) = (running, &mut need) else {
        return need;
    };
    let mut gather = Gather::default();
    for medium in material.media.iter_mut().filter(|medium| shortlist.looked_at.contains(&medium.path)) {
        let look = examined(db, db.media(&medium.path), medium.known.audio, Eye::Look);
        if let Some(Ok(examined)) = gather.take(look) {
            medium.facts = examined.facts.clone();
        }
        if let Some(motion) = gather.take(motion(db, project, &medium.path, &medium.known)) {
            *medium = with_motion(medium.clone(), motion.as_ref());
        }
    }
    material.passed_over = shortlist.passed_over.clone();
    match gather.finish(()) {
        Need::Missing(actions) => Need::Missing(actions),
        Need::Ready(()) => need,
    }
}

/// Returns everything that one output is planned from, with facts by the same eye for all media.
fn gathered(db: &dyn Db, project: Project, index: usize, eye: Eye) -> Need<Option<Material>> {
    let Some(output) = output(db, project, index) else { return Need::Ready(None) };
    let mut gather = Gather::default();
    let media = gather.take(footage(db, project, eye)).cloned().unwrap_or_default();
    let mut music = Vec::new();
    for track in &output.settings.music {
        let need = heard(db, track);
        if let Some(Ok(Examined { facts: Facts::Music(facts), .. })) = gather.take(need) {
            let list = track.beats.file.as_ref().and_then(|file| project.beats(db).get(file));
            let list = list.and_then(|list| list.as_deref().ok());
            music.push(by_hand(facts, &track.beats, list));
        }
    }
    let complete = music.len() == output.settings.music.len();
    let canvas = Canvas::of(output.settings.aspect, output.settings.codec, project.profile(db));
    let settings = output.settings.clone();
    let frame = (canvas.width, canvas.height);
    let kept = kept(db, project, index).clone();
    let rate = cadence(settings.rate, kept.as_ref().and_then(|kept| kept.rate), &media);
    let cameras = movie(db, project).as_ref().map(|movie| movie.cameras.clone()).unwrap_or_default();
    let material =
        Material { settings, media, cameras, music, rate, frame, kept, passed_over: BTreeSet::new() };
    gather.finish(()).map(|()| complete.then_some(material))
}

/// Returns the frames per second of one output.
#[salsa::tracked]
pub(super) fn rate(db: &dyn Db, project: Project, index: usize) -> Option<Rate> {
    match material(db, project, index) {
        Need::Ready(material) => material.map(|material| material.rate),
        Need::Missing(_) => None,
    }
}
