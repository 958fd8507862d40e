//! The phases of a build as queries: each is a pure function of earlier ones.

use std::collections::BTreeMap;

use super::db::{Db, FileState, MediaFile, Project};
pub(super) use super::examine::{Examined, examined, heard};
use super::fact_actions::Eye;
use super::first_queries::ask;
pub(super) use super::first_queries::{Unusable, movie, output, parsed, probe, selection};
use super::included::{included, named, tracks};
pub(super) use super::included::{is_picture, shown};
use super::live_photos::{is_moving_photo, motion, without_motion};
use super::masks::Unmasked;
pub(super) use super::material::{eyes, fitted, material, prompt_fits, rate, seen};
use super::material::{outputs, running};
use super::need::{Gather, Need};
use super::overhead::overhead;
use super::size_search::{SizeFit, SizeSetting, Sought, Weight, search};
use mmm_base::{Digest, MediaPath};
use mmm_exec::{Action, Answer};
use mmm_facts::{
    Canvas, Conflict, EditPlan, Flaw, Lack, Material, MediaError, MediaKind, Medium, MotionPart,
    MovieRecipe as Linked, Profile, Timeline,
};
use mmm_plan::plan;
use mmm_plan::timeline::{Footage, lay_out};
use mmm_spec::{Container, Titles};

/// Waits for the headers of all media and all music.
#[salsa::tracked]
pub(super) fn headers(db: &dyn Db, project: Project) -> Need<()> {
    let mut gather = Gather::default();
    for path in named(db, project) {
        gather.take(probe(db, db.media(&path)));
    }
    gather.finish(())
}

/// Waits for the facts of all media and all music.
#[salsa::tracked]
pub(super) fn known(db: &dyn Db, project: Project) -> Need<()> {
    let mut gather = Gather::default();
    for track in tracks(db, project) {
        gather.take(heard(db, track));
    }
    for taken in shown(db, project) {
        for eye in eyes(db, project, &taken.path) {
            gather.take(examined(db, db.media(&taken.path), taken.known.audio, eye));
            if eye == Eye::Look {
                gather.take(motion(db, project, &taken.path, &taken.known));
            }
        }
    }
    for output in 0..outputs(db, project) {
        gather.take(running(db, project, output));
    }
    gather.finish(())
}

/// Returns the numbers of the sound tracks that the spec requests.
#[salsa::tracked]
pub(super) fn wanted_tracks(db: &dyn Db, project: Project) -> BTreeMap<MediaPath, u8> {
    let media = included(db, project).iter().map(|taken| (&taken.path, taken.known.audio));
    let music = tracks(db, project).map(|track| (&track.path, track.audio));
    music.chain(media).filter_map(|(path, track)| Some((path.clone(), track?))).collect()
}

/// What the plan of an output does without, because it can't be rendered.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Avoided {
    /// Damaged stretches of clips, in order for each clip.
    pub stretches: BTreeMap<Digest, Vec<Flaw>>,
    /// Media that can't be decoded although their facts could be found, each with the reason.
    pub media: BTreeMap<Digest, MediaError>,
    /// Photos whose moving pictures can't be decoded, although their facts could be found.
    pub motions: BTreeMap<Digest, MediaError>,
}

impl Avoided {
    /// Returns a medium as a plan may use it; `None` if it may not.
    fn applied_to(&self, medium: &Medium, source: Digest) -> Option<Medium> {
        let flaws = self.stretches.get(&source).cloned().unwrap_or_default();
        let mut medium = Medium { flaws: flaws.clone(), ..medium.clone() };
        medium.motion.iter_mut().for_each(|motion| motion.flaws.clone_from(&flaws));
        if let Some(error) = self.motions.get(&source) {
            medium = without_motion(medium, error);
        }
        (!self.media.contains_key(&source)).then_some(medium)
    }

    /// Returns how many media are not used or not played.
    fn dropped(&self) -> usize {
        self.media.len() + self.motions.len()
    }
}

/// The most rounds of planning around damaged stretches. Each round may show parts of clips that no earlier
/// round decoded.
const ROUNDS: usize = 6;

/// Returns what the plan of an output avoids because it is damaged, as far as its segments are encoded.
///
/// Looks for damage only when all segments of a plan are encoded, so the order of encoding doesn't matter.
#[salsa::tracked]
pub(super) fn avoided(db: &dyn Db, project: Project, output: usize) -> Avoided {
    let mut avoided = Avoided::default();
    let mut rounds = 0;
    while rounds < ROUNDS {
        let Need::Ready(Some(timeline)) =
            laid_out(db, project, output, framed(db, project, output, avoided.clone()))
        else {
            break;
        };
        let Some(damage) = damage(db, &timeline) else { break };
        let more = extended(db, project, output, &avoided, damage);
        if more == avoided {
            break;
        }
        // Rounds that drop media end by themselves: each leaves fewer.
        rounds += usize::from(more.dropped() == avoided.dropped());
        avoided = more;
    }
    avoided
}

/// Adds media that can't be decoded to those that are avoided; and damaged stretches, clip by clip, as long
/// as a plan still exists.
fn extended(db: &dyn Db, project: Project, output: usize, avoided: &Avoided, damage: Damage) -> Avoided {
    let mut found: BTreeMap<Digest, Vec<Flaw>> = BTreeMap::new();
    for (_, lack) in damage.lacks {
        found.entry(lack.source).or_default().push(lack.flaw);
    }
    let join = |base: &Avoided, source: Digest, flaws: &[Flaw]| {
        let mut joined = base.clone();
        let known = joined.stretches.entry(source).or_default();
        *known = Flaw::merged(known.iter().chain(flaws).copied().collect());
        joined
    };
    let mut more = avoided.clone();
    for (source, error) in damage.unreadable {
        // Its photo may be intact.
        let plays = !more.motions.contains_key(&source) && is_moving_photo(db, project, source);
        if plays { &mut more.motions } else { &mut more.media }.insert(source, error);
    }
    for (source, flaws) in &found {
        let next = join(&more, *source, flaws);
        if matches!(planned(db, project, output, next.clone()), Need::Ready(Some(Ok(_)))) {
            more = next;
        }
    }
    more
}

/// What rendering a timeline found damaged.
pub(super) struct Damage {
    /// The damaged stretches that the segments show, each with the first frame of its segment.
    pub lacks: Vec<(u32, Lack)>,
    /// The media that the segments or the sound need and that can't be decoded.
    pub unreadable: BTreeMap<Digest, MediaError>,
}

/// Returns what is damaged in the media of a timeline; `None` until all segments are encoded.
pub(super) fn damage(db: &dyn Db, timeline: &Timeline) -> Option<Damage> {
    let mut found = Damage { lacks: Vec::new(), unreadable: BTreeMap::new() };
    let unreadable = |answer: &Answer| match answer {
        Answer::SourceUnreadable(source, error) => Some((*source, error.clone())),
        _ => None,
    };
    for segment in &timeline.segments {
        let answer = db.slot(&Action::Segment(Box::new(segment.recipe.clone()))).answer(db).as_ref()?;
        if let Answer::Lacking(_, lacks) = &**answer {
            found.lacks.extend(lacks.iter().map(|lack| (segment.start, *lack)));
        }
        found.unreadable.extend(unreadable(answer));
    }
    if let Some(sound) = &timeline.sound {
        let answer = db.slot(&Action::Sound(Box::new(sound.clone()))).answer(db).as_ref()?;
        found.unreadable.extend(unreadable(answer));
    }
    Some(found)
}

/// Returns the plan of one output; `None` if there is nothing to plan it from.
#[salsa::tracked]
pub(super) fn edit_plan(
    db: &dyn Db,
    project: Project,
    index: usize,
) -> Need<Option<Result<EditPlan, Conflict>>> {
    framed(db, project, index, avoided(db, project, index).clone()).clone()
}

/// Returns the same as `planned`, with photos framed by masks of their subjects. Masks don't change what is
/// shown.
#[salsa::tracked]
pub(super) fn framed(
    db: &dyn Db,
    project: Project,
    index: usize,
    avoided: Avoided,
) -> Need<Option<Result<EditPlan, Conflict>>> {
    let planned = planned(db, project, index, avoided);
    match (planned, material(db, project, index)) {
        (Need::Ready(Some(Ok(plan))), Need::Ready(Some(material))) => {
            Unmasked { plan, material: &material }.framed(db).map(|plan| Some(Ok(plan)))
        }
        _ => planned.clone(),
    }
}

/// Returns the actions that find the subjects of the photos of one output, by photo.
pub(super) fn mask_actions(db: &dyn Db, project: Project, index: usize) -> BTreeMap<MediaPath, Action> {
    let plan = planned(db, project, index, avoided(db, project, index).clone());
    match (plan, material(db, project, index)) {
        (Need::Ready(Some(Ok(plan))), Need::Ready(Some(material))) => {
            Unmasked { plan, material: &material }.actions(db)
        }
        _ => BTreeMap::new(),
    }
}

/// Returns the plan of one output that avoids these media and these stretches of its clips.
#[salsa::tracked]
pub(super) fn planned(
    db: &dyn Db,
    project: Project,
    index: usize,
    avoided: Avoided,
) -> Need<Option<Result<EditPlan, Conflict>>> {
    if avoided == Avoided::default() {
        return material(db, project, index).map(|material| material.as_ref().map(plan));
    }
    let without = |material: Material| {
        let media = material.media.iter().filter_map(|medium| {
            let FileState::Read(source) = db.media(&medium.path).state(db) else {
                return Some(medium.clone());
            };
            avoided.applied_to(medium, *source)
        });
        plan(&Material { media: media.collect(), ..material.clone() })
    };
    material(db, project, index).map(|material| material.map(without))
}

/// Returns the timeline of one output; `None` if there is no plan. With a `max-size`, it is that of the
/// settings that fit, or of those that are tried next.
#[salsa::tracked]
pub(super) fn timeline(db: &dyn Db, project: Project, output: usize) -> Need<Option<Timeline>> {
    let first = first_timeline(db, project, output);
    match (first, size_fit(db, project, output)) {
        (Need::Ready(Some(timeline)), Some(fit)) => Need::Ready(Some(fitting(timeline, fit))),
        _ => first.clone(),
    }
}

/// Returns the timeline of one output with the quality of its spec.
#[salsa::tracked]
pub(super) fn first_timeline(db: &dyn Db, project: Project, output: usize) -> Need<Option<Timeline>> {
    laid_out(db, project, output, edit_plan(db, project, output))
}

/// Returns the search for the settings with which an output fits into its `max-size`, as far as its segments
/// are encoded; `None` without a limit, for a draft or before there is a plan.
#[salsa::tracked]
pub(super) fn size_fit(db: &dyn Db, project: Project, output: usize) -> Option<SizeFit> {
    let settings = &self::output(db, project, output).as_ref()?.settings;
    let limit = settings.max_size.filter(|_| project.profile(db) == Profile::Final)?;
    let Need::Ready(Some(timeline)) = first_timeline(db, project, output) else { return None };
    let sought = Sought { limit, coarsest: timeline.canvas.coarsest(), samples: timeline.samples };
    let rest = overhead(timeline, container(db, project, output));
    let bytes = |action: Action| match &**db.slot(&action).answer(db).as_ref()? {
        Answer::Encoded(blob) | Answer::Lacking(blob, _) | Answer::Sound(blob, _) => db.bytes(*blob),
        _ => None,
    };
    let pictures = |coarser: u16| -> Option<Vec<u64>> {
        let resized = resized(timeline, SizeSetting { coarser, sound: None });
        let segments = resized.segments.into_iter();
        segments.map(|segment| bytes(Action::Segment(Box::new(segment.recipe)))).collect()
    };
    let weigh = |setting: SizeSetting| {
        let picture = pictures(setting.coarser)?.into_iter().sum();
        let sound = match resized(timeline, setting).sound {
            Some(sound) => bytes(Action::Sound(Box::new(sound)))?,
            None => 0,
        };
        Some(Weight { picture, sound, rest })
    };
    let fit = search(sought, &weigh);
    let Some(finer) = fit.spare() else { return Some(fit) };
    let (small, large) = (pictures(fit.setting.coarser)?, pictures(finer)?);
    let sizes: Vec<(u64, u64)> = small.into_iter().zip(large).collect();
    Some(fit.filled(finer, &sizes))
}

/// Returns the timelines of the rounds of a search that are not the movie's own.
pub(super) fn other_rounds(db: &dyn Db, project: Project, output: usize) -> Vec<Timeline> {
    let Need::Ready(Some(first)) = first_timeline(db, project, output) else { return Vec::new() };
    let Some(fit) = size_fit(db, project, output) else { return Vec::new() };
    let is_mixed = fit.finer.is_some();
    let others = fit.rounds.iter().filter(|(setting, _)| is_mixed || *setting != fit.setting);
    others.map(|(setting, _)| resized(first, *setting)).collect()
}

/// Returns the same timeline encoded with the settings that were found.
fn fitting(timeline: &Timeline, fit: &SizeFit) -> Timeline {
    let mut fitting = resized(timeline, fit.setting);
    let (coarser, finer) = fit.finer.clone().unwrap_or_default();
    for index in finer {
        if let Some(segment) = fitting.segments.get_mut(index) {
            segment.recipe.canvas.coarser = coarser;
        }
    }
    fitting
}

/// Returns the same timeline encoded with other settings.
fn resized(timeline: &Timeline, setting: SizeSetting) -> Timeline {
    let mut resized = timeline.clone();
    resized.canvas.coarser = setting.coarser;
    for segment in &mut resized.segments {
        segment.recipe.canvas.coarser = setting.coarser;
    }
    if let Some(sound) = &mut resized.sound {
        sound.bit_rate = setting.sound;
    }
    resized
}

/// Returns the timeline of a given plan of one output; `None` if the plan is missing or failed.
pub(super) fn laid_out(
    db: &dyn Db,
    project: Project,
    output: usize,
    plan: &Need<Option<Result<EditPlan, Conflict>>>,
) -> Need<Option<Timeline>> {
    let plan = match plan {
        Need::Missing(actions) => return Need::Missing(actions.clone()),
        Need::Ready(Some(Ok(plan))) => plan,
        Need::Ready(_) => return Need::Ready(None),
    };
    let (Some(wanted), Some(rate)) = (self::output(db, project, output), *rate(db, project, output)) else {
        return Need::Ready(None);
    };
    let settings = &wanted.settings;
    let shown = plan.shots.iter().map(|shot| (&shot.source.path, shot.source.kind));
    let heard = plan.music.iter().map(|cue| (&cue.source, MediaKind::Music));
    let mut sources: BTreeMap<MediaPath, Footage> = BTreeMap::new();
    for (path, kind) in shown.chain(heard) {
        let wanted = wanted_tracks(db, project).get(path).copied();
        let Some(footage) = footage_of(db, db.media(path), wanted, kind) else { return Need::Ready(None) };
        sources.insert(path.clone(), footage);
    }
    if let Some(path) = &settings.style.cube {
        let Some(Ok(source)) = project.cubes(db).get(path) else { return Need::Ready(None) };
        sources.insert(path.clone(), Footage { source: *source, size: (0, 0), track: None });
    }
    let canvas = Canvas::for_settings(settings, project.profile(db));
    let canvas = canvas.at(rate).by(project.encoders(db));
    Need::Ready(Some(lay_out(plan, settings, canvas, &sources, project.typefaces(db))))
}

/// Returns what a timeline needs to know about a medium, without its facts; `None` if the medium can't be
/// read.
fn footage_of(db: &dyn Db, file: MediaFile, wanted: Option<u8>, kind: MediaKind) -> Option<Footage> {
    let (FileState::Read(source), Need::Ready(Ok(probe))) = (file.state(db), probe(db, file)) else {
        return None;
    };
    let probe = match &probe.motion {
        Some(MotionPart::Clip(clip)) if kind == MediaKind::Clip => &**clip,
        _ => probe,
    };
    let size = probe.picture.as_ref().map_or((0, 0), |picture| (picture.width, picture.height));
    let track = probe.sound_track(wanted).ok().flatten();
    Some(Footage { source: *source, size, track })
}

/// Returns what one output is linked from; `None` if there is no timeline.
#[salsa::tracked]
pub(super) fn linked(db: &dyn Db, project: Project, output: usize) -> Need<Option<Linked>> {
    let timeline = match timeline(db, project, output) {
        Need::Missing(actions) => return Need::Missing(actions.clone()),
        Need::Ready(None) => return Need::Ready(None),
        Need::Ready(Some(timeline)) => timeline,
    };
    let container = container(db, project, output);
    let mut gather = Gather::default();
    let mut segments = Vec::new();
    for segment in &timeline.segments {
        let need = encoded(db, Action::Segment(Box::new(segment.recipe.clone())));
        segments.extend(gather.take(&need).copied().flatten().map(|blob| (blob, segment.recipe.frames)));
    }
    let sound = timeline.sound.as_ref().map(|sound| encoded(db, Action::Sound(Box::new(sound.clone()))));
    let sound = sound.as_ref().and_then(|need| gather.take(need).copied().flatten());
    let chapters = timeline.chapters.iter().map(|mark| (mark.frame, mark.title.clone()));
    gather.finish(Some(Linked {
        segments,
        sound,
        title: timeline.title.clone(),
        description: timeline.description.clone(),
        chapters: chapters.collect(),
        rate: timeline.canvas.rate,
        frames: timeline.frames,
        container,
        subtitles: if has_subtitles(db, project, output) { timeline.subtitles.clone() } else { Vec::new() },
        only_subtitles: self::output(db, project, output)
            .as_ref()
            .is_some_and(|output| output.subtitles.is_some() && output.settings.style.titles == Titles::Off),
    }))
}

/// Returns the container of an output. A draft is an MP4 file whatever the final movie is.
fn container(db: &dyn Db, project: Project, output: usize) -> Container {
    match (project.profile(db), self::output(db, project, output)) {
        (Profile::Final, Some(output)) => output.settings.container,
        _ => Container::default(),
    }
}

/// Whether an output has a text track. Drafts have none.
fn has_subtitles(db: &dyn Db, project: Project, output: usize) -> bool {
    let named = self::output(db, project, output).as_ref().and_then(|output| output.subtitles.as_ref());
    named.is_some() && project.profile(db) == Profile::Final
}

fn encoded(db: &dyn Db, action: Action) -> Need<Option<Digest>> {
    ask(db, action, |answer| match answer {
        Answer::Encoded(blob) | Answer::Lacking(blob, _) | Answer::Sound(blob, _) => Some(*blob),
        _ => None,
    })
}
