//! The phases of a build as queries: each is a pure function of earlier ones.

use std::collections::BTreeMap;

use super::db::{Db, FileState, MediaFile, Project};
use super::fact_actions::{actions_of, form_action, mismatch};
use super::first_queries::ask;
pub(super) use super::first_queries::{Unusable, movie, output, parsed, probe, selection};
use super::included::{included, said, times_beside};
pub(super) use super::included::{is_picture, shown};
use super::need::{Gather, Need};
use super::overhead::overhead;
use super::size_search::{SizeFit, SizeSetting, Sought, Weight, search};
use mmm_base::{Digest, MediaPath, Rate};
use mmm_exec::{Action, Answer};
use mmm_facts::{
    Canvas, ClipFacts, Conflict, EditPlan, Facts, Flaw, Kept, Lack, Material, MediaError, MediaKind, Medium,
    MovieRecipe as Linked, MusicFacts, Probe, Profile, Said, Timeline,
};
use mmm_plan::lock::wishes;
use mmm_plan::timeline::{Footage, lay_out};
use mmm_plan::{by_hand, cadence, plan};
use mmm_spec::{Container, Titles, Track};

/// What a file is and what it contains.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Examined {
    pub source: Digest,
    pub probe: Probe,
    pub facts: Facts,
}

/// Returns what a file contains. `wanted` is the number of the sound track that the spec requests; if the
/// file has no such track, its own choice is analysed.
#[salsa::tracked]
pub(super) fn examined(db: &dyn Db, file: MediaFile, wanted: Option<u8>) -> Need<Result<Examined, Unusable>> {
    let probe = match probe(db, file) {
        Need::Missing(actions) => return Need::Missing(actions.clone()),
        Need::Ready(Err(error)) => return Need::Ready(Err(error.clone())),
        Need::Ready(Ok(probe)) => probe,
    };
    let FileState::Read(source) = *file.state(db) else { return Need::Ready(Err(Unusable::Missing)) };
    facts(db, source, probe, wanted).map(|facts| {
        facts.map(|facts| Examined { source, probe: probe.clone(), facts }).map_err(Unusable::Content)
    })
}

/// Returns the facts of a medium with these headers. Each analyst's answer is an action of its own.
fn facts(db: &dyn Db, source: Digest, probe: &Probe, wanted: Option<u8>) -> Need<Result<Facts, MediaError>> {
    let track = probe.sound_track(wanted).ok().flatten();
    let mut gather = Gather::default();
    let mut answers = Vec::new();
    for action in actions_of(source, probe, track, db.model_set()) {
        let need = answer(db, action);
        answers.extend(gather.take(&need).cloned());
    }
    let answers: Result<Vec<Answer>, MediaError> = match gather.finish(answers) {
        Need::Missing(actions) => return Need::Missing(actions),
        Need::Ready(answers) => answers.into_iter().collect(),
    };
    let answers = match answers {
        Ok(answers) => answers,
        Err(error) => return Need::Ready(Err(error)),
    };
    match answers.as_slice() {
        [Answer::PhotoFacts(facts)] => Need::Ready(Ok(Facts::Photo((**facts).clone()))),
        [Answer::ClipPicture(picture), Answer::ClipSound(sound)] => {
            Need::Ready(Ok(Facts::Clip(ClipFacts { picture: (**picture).clone(), sound: (**sound).clone() })))
        }
        [Answer::MusicBeats(beat)] => {
            answer(db, form_action(source, track, beat.beats.clone())).map(|form| match form? {
                Answer::MusicForm(form) => {
                    Ok(Facts::Music(MusicFacts { beat: (**beat).clone(), form: *form }))
                }
                _ => Err(mismatch()),
            })
        }
        _ => Need::Ready(Err(mismatch())),
    }
}

/// Returns the actions that produce the facts of a medium, as far as they are known.
pub(super) fn fact_actions(db: &dyn Db, source: Digest, probe: &Probe, wanted: Option<u8>) -> Vec<Action> {
    let track = probe.sound_track(wanted).ok().flatten();
    let mut actions = actions_of(source, probe, track, db.model_set());
    if let [beats @ Action::MusicBeats(_)] = actions.as_slice()
        && let Need::Ready(Ok(Answer::MusicBeats(beat))) = answer(db, beats.clone())
    {
        actions.push(form_action(source, track, beat.beats.clone()));
    }
    actions
}

/// Returns the answer of an action, or why the medium can't be read.
fn answer(db: &dyn Db, action: Action) -> Need<Result<Answer, MediaError>> {
    ask(db, action, |answer| match answer {
        Answer::Unreadable(error) => Err(error.clone()),
        answer => Ok(answer.clone()),
    })
}

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
    let tracks = tracks(db, project).map(|track| (&track.path, track.audio));
    for (path, track) in shown(db, project).map(|taken| (&taken.path, taken.known.audio)).chain(tracks) {
        gather.take(examined(db, db.media(path), track));
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

/// Returns the music of all outputs.
fn tracks(db: &dyn Db, project: Project) -> impl Iterator<Item = &Track> {
    let outputs = movie(db, project).iter().flat_map(|movie| &movie.outputs);
    outputs.flat_map(|output| &output.settings.music)
}

/// Returns the paths of all media and all music.
fn named(db: &dyn Db, project: Project) -> Vec<MediaPath> {
    let tracks = tracks(db, project).map(|track| track.path.clone());
    let taken = selection(db, project).taken.iter().map(|taken| taken.path.clone());
    taken.chain(tracks).collect()
}

/// Returns the media that can be shown, with all their facts.
#[salsa::tracked]
pub(super) fn footage(db: &dyn Db, project: Project) -> Need<Vec<Medium>> {
    let mut gather = Gather::default();
    let mut media = Vec::new();
    for taken in shown(db, project) {
        let need = examined(db, db.media(&taken.path), taken.known.audio);
        let Some(Ok(examined)) = gather.take(need) else { continue };
        if examined.probe.kind == MediaKind::Music {
            continue;
        }
        media.push(Medium {
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
        });
    }
    gather.finish(media)
}

/// Returns the part of an output's earlier plan that stays.
#[salsa::tracked]
pub(super) fn kept(db: &dyn Db, project: Project, output: usize) -> Option<Kept> {
    let wanted = self::output(db, project, output).as_ref()?;
    let there = named(db, project).into_iter().filter_map(|path| match db.media(&path).state(db) {
        FileState::Read(digest) => Some((path, *digest)),
        _ => None,
    });
    let lock = project.lock(db).as_ref()?.renamed(&there.collect());
    let kept = lock.kept(&wanted.name, wishes(&wanted.settings))?;
    Some(match project.unwanted(db) {
        Some((of, shot)) if of == output => kept.without(shot),
        _ => kept,
    })
}

/// Returns everything that one output is planned from; `None` if its music can't be used, which `complain`
/// reports.
pub(super) fn material(db: &dyn Db, project: Project, index: usize) -> Need<Option<Material>> {
    let Some(output) = output(db, project, index) else { return Need::Ready(None) };
    let mut gather = Gather::default();
    let media = gather.take(footage(db, project)).cloned().unwrap_or_default();
    let mut music = Vec::new();
    for track in &output.settings.music {
        let need = examined(db, db.media(&track.path), track.audio);
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
    let material = Material { settings, media, cameras, music, rate, frame, kept };
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

/// What the plan of an output does without, because it can't be rendered.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Avoided {
    /// Damaged stretches of clips, in order for each clip.
    pub stretches: BTreeMap<Digest, Vec<Flaw>>,
    /// Media that can't be decoded although their facts could be found, each with the reason.
    pub media: BTreeMap<Digest, MediaError>,
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
            laid_out(db, project, output, planned(db, project, output, avoided.clone()))
        else {
            break;
        };
        let Some(damage) = damage(db, &timeline) else { break };
        let more = extended(db, project, output, &avoided, damage);
        if more == avoided {
            break;
        }
        // Rounds that drop media end by themselves: each leaves fewer.
        rounds += usize::from(more.media.len() == avoided.media.len());
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
    more.media.extend(damage.unreadable);
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
    planned(db, project, index, avoided(db, project, index).clone()).clone()
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
            let flaws = avoided.stretches.get(source).cloned().unwrap_or_default();
            (!avoided.media.contains_key(source)).then(|| Medium { flaws, ..medium.clone() })
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
    let shown = plan.shots.iter().map(|shot| &shot.source.path);
    let heard = plan.music.iter().map(|cue| &cue.source);
    let mut sources: BTreeMap<MediaPath, Footage> = BTreeMap::new();
    for path in shown.chain(heard) {
        let wanted = wanted_tracks(db, project).get(path).copied();
        let Some(footage) = footage_of(db, db.media(path), wanted) else { return Need::Ready(None) };
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
fn footage_of(db: &dyn Db, file: MediaFile, wanted: Option<u8>) -> Option<Footage> {
    let (FileState::Read(source), Need::Ready(Ok(probe))) = (file.state(db), probe(db, file)) else {
        return None;
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
