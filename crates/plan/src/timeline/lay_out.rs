use std::collections::BTreeMap;

use super::follow::follow;
use super::footage::Footage;
use super::framing::{along, framing};
use super::laid::Laid;
use super::moves::{Aim, Motion, motion, share, way, windows};
use super::segments::{Dips, segments};
use super::sound::sound;
use super::subtitles::subtitles;
use super::texts::texts;
use mmm_base::{MediaPath, Time};
use mmm_facts::{
    Canvas, ChapterMark, EditPlan, Extent, Framing, MediaKind, Move, PhotoView, PictureSource, SAMPLE_RATE,
    Shot, ShotFraming, ShotTransition, ShotView, Timeline, TimelineShot, Typefaces, Window,
};
use mmm_spec::{Colour, Fit, PhotoMotion, Settings, Style, TransitionKind};

/// Lays out `plan` on `canvas`. `footage` has an entry for every medium in the plan and for the colour table
/// (LUT); `typefaces` has the faces for each of its texts.
///
/// Cuts fall on the frame nearest to the plan's time. A transition is centred on its cut and takes its frames
/// from handles on both sides, so it moves nothing.
pub fn lay_out(
    plan: &EditPlan,
    settings: &Settings,
    canvas: Canvas,
    footage: &BTreeMap<MediaPath, Footage>,
    typefaces: &Typefaces,
) -> Timeline {
    let rate = canvas.rate;
    let frames = rate.nearest_frame(plan.length).max(1) as u32;
    let samples = rate.sample_of(i64::from(frames), SAMPLE_RATE) as u64;
    let shots = shots(plan, canvas, frames);
    let laid = laid(&shots, settings, canvas, footage);
    let frame = |time| rate.nearest_frame(time).clamp(0, i64::from(frames) - 1) as u32;
    let fade = |time| rate.nearest_frame(time).max(0) as u32;
    let Style { transitions, dip, .. } = &settings.style;
    let dips = Dips {
        ends: (fade(plan.ends.0), fade(plan.ends.1)),
        end: if transitions.name(TransitionKind::Dip) { *dip } else { Colour::BLACK },
        between: *dip,
    };
    let chapters = plan
        .chapters
        .iter()
        .map(|chapter| ChapterMark { frame: frame(chapter.start), title: chapter.title.clone() });
    Timeline {
        canvas,
        title: settings.title.clone(),
        description: settings.prompt.clone(),
        frames,
        samples,
        chapters: chapters.collect(),
        segments: segments(canvas, &laid, &dips, &texts(&plan.titles, rate, typefaces)),
        sound: sound(plan, &shots, footage, samples, canvas, settings),
        music: plan.music.clone(),
        subtitles: subtitles(plan.titles.iter().chain(&plan.hidden_titles), rate),
        shots,
    }
}

/// Returns the shots in whole frames, each from its cut to the next one's.
fn shots(plan: &EditPlan, canvas: Canvas, frames: u32) -> Vec<TimelineShot> {
    let mut cuts: Vec<u32> = Vec::new();
    for shot in &plan.shots {
        let least = cuts.last().map_or(0, |cut| cut + 1);
        cuts.push((canvas.rate.nearest_frame(shot.start).max(0) as u32).max(least));
    }
    cuts.push(frames.max(cuts.last().map_or(0, |cut| cut + 1)));
    let mut shots: Vec<TimelineShot> = Vec::new();
    for (index, planned) in plan.shots.iter().enumerate() {
        let (start, frames) = (cuts[index], cuts[index + 1] - cuts[index]);
        let before = shots.last().map_or(0, |shot| shot.frames - shot.transition.frames / 2);
        shots.push(shot(planned, start, frames, before, canvas));
    }
    shots
}

/// Returns one shot; `before` frames of the previous shot are free for a transition.
fn shot(planned: &Shot, start: u32, frames: u32, before: u32, canvas: Canvas) -> TimelineShot {
    let half = match planned.transition.kind {
        TransitionKind::Cut => 0,
        _ => {
            let half = canvas.rate.nearest_frame(planned.transition.length).max(0) as u32 / 2;
            half.min(frames / 2).min(before)
        }
    };
    let kind = if half == 0 { TransitionKind::Cut } else { planned.transition.kind };
    TimelineShot {
        shot: planned.clone(),
        start,
        frames,
        transition: ShotTransition { kind, frames: half * 2 },
    }
}

/// Returns the shots with their sources and their moves.
fn laid(
    shots: &[TimelineShot],
    settings: &Settings,
    canvas: Canvas,
    footage: &BTreeMap<MediaPath, Footage>,
) -> Vec<Laid> {
    let cube = settings.style.cube.as_ref().and_then(|path| footage.get(path)).map(|footage| footage.source);
    let mut laid = Vec::new();
    let mut before: Option<Motion> = None;
    for (index, shot) in shots.iter().enumerate() {
        let TimelineShot { start, frames, transition, .. } = *shot;
        let Shot { source, framing: wanted, treatment, .. } = &shot.shot;
        let Footage { source: digest, size, .. } = footage[&source.path];
        let after = shots.get(index + 1).map_or(0, |next| next.transition.handle());
        let handle = transition.handle();
        let length = handle + frames + after;
        let seen = |frames: u32| treatment.speed.seen_in(canvas.rate.time_of(i64::from(frames)));
        let mut framing = framing(wanted, size, canvas);
        let mut steadied = None;
        let picture = match (source.kind, source.part) {
            (MediaKind::Clip, Some((from, _))) => {
                before = None;
                if matches!(framing, Framing::Crop(_)) {
                    let time = |frames: i64| from + treatment.speed.seen_in(canvas.rate.time_of(frames));
                    let span = (time(-i64::from(handle)), time(i64::from(frames + after)));
                    framing = follow(&wanted.track, size, canvas, wanted.focus, span);
                }
                let whole = ((from - seen(handle)).max(Time::ZERO), from + seen(frames + after));
                steadied = treatment.steady.then_some(whole);
                PictureSource::Clip(from)
            }
            _ => {
                let along = along(wanted);
                let motion = along.unwrap_or_else(|| {
                    let aim = Aim::on(aim(wanted), framing.shown(size, canvas));
                    let share = share(length, canvas);
                    let cropped = framing.window(Time::ZERO).unwrap_or(Window::WHOLE);
                    let kind = motion(digest, cropped, aim, share, before);
                    before = Some(kind);
                    match settings.style.photos {
                        PhotoMotion::KenBurns => windows(kind, aim, share),
                        PhotoMotion::Still => Move { from: Window::WHOLE, to: Window::WHOLE },
                    }
                });
                before = along.map(way).or(before);
                let glides = along.is_some();
                PictureSource::Photo(PhotoView { motion, length, first: handle, glides })
            }
        };
        let may_fill = settings.style.fit == Fit::Auto
            && matches!(picture, PictureSource::Clip(_))
            && matches!(framing, Framing::Crop(_) | Framing::Follow(_));
        let treatment = *treatment;
        let view = ShotView { source: digest, framing, picture, treatment, cube, steadied, may_fill };
        laid.push(Laid { start, frames, transition, view });
    }
    laid
}

/// Returns the part of a photo that its move is about: its subject, or else its focus.
fn aim(framing: &ShotFraming) -> Extent {
    match framing.subject {
        Some(subject) => {
            let (width, height) = (subject.width.get(), subject.height.get());
            Extent { x: subject.x.get(), y: subject.y.get(), width, height }
        }
        None => Extent { x: framing.focus.0.get(), y: framing.focus.1.get(), width: 0.0, height: 0.0 },
    }
}
