//! The poster and the preview of a movie.

use mmm_base::{Rate, Time};
use mmm_facts::{
    Canvas, Encoder, Framing, PosterRecipe, PreviewRecipe, Segment, SegmentRecipe, Shot, ShotView, Timeline,
    TimelineShot, View,
};
use mmm_spec::{Codec, Colour, PictureFormat, Quality, Role};

/// Pixels on the longer side of a preview.
const PREVIEW_SIDE: u32 = 480;
/// Most frames per second of a preview.
const PREVIEW_RATE: f64 = 12.5;
/// The least and the greatest length of a preview; a movie with too little to show may have a shorter one.
const PREVIEW: (Time, Time) = (Time::from_secs(4), Time::from_secs(5));
/// How long each shot is shown in it; the next value is tried if the preview is too short.
const GLIMPSES: [Time; 3] = [Time::from_secs(1), Time::from_secs(2), Time::from_secs(5)];
/// A shot that is shown for less time than this can't be recognized.
const LEAST_GLIMPSE: Time = Time::from_millis(400);

/// Returns the poster: the frame of the movie at `at`, as it is in the movie. Without `at`, it is a frame
/// from the middle of the best shot, without text.
pub fn poster(timeline: &Timeline, at: Option<Time>, format: PictureFormat) -> Option<PosterRecipe> {
    let frame = poster_frame(timeline, at)?;
    if at.is_some() {
        let segment = timeline.segments.iter().rev().find(|segment| segment.start <= frame)?;
        let recipe = SegmentRecipe { canvas: plain(timeline.canvas), ..segment.recipe.clone() };
        return Some(PosterRecipe { segment: recipe, at: frame - segment.start, format });
    }
    let (best, _) = best_first(timeline).into_iter().next()?;
    let segment = part(best, frame - best.start, 1, plain(timeline.canvas))?;
    Some(PosterRecipe { segment, at: 0, format })
}

/// Returns the frame of the movie that a poster shows.
pub fn poster_frame(timeline: &Timeline, at: Option<Time>) -> Option<u32> {
    if let Some(at) = at {
        let last = i64::from(timeline.frames) - 1;
        return Some(timeline.canvas.rate.nearest_frame(at).clamp(0, last) as u32);
    }
    let (best, _) = best_first(timeline).into_iter().next()?;
    Some(best.start + best.recipe.frames / 2)
}

/// Returns a loop of the best shots, in their order; `None` for an empty movie.
pub fn preview(timeline: &Timeline, format: PictureFormat) -> Option<PreviewRecipe> {
    let canvas = plain(timeline.canvas).sized(PREVIEW_SIDE);
    let segments = shown(timeline)
        .into_iter()
        .filter_map(|(segment, frames)| part(segment, (segment.recipe.frames - frames) / 2, frames, canvas));
    let segments: Vec<SegmentRecipe> = segments.collect();
    (!segments.is_empty()).then_some(PreviewRecipe { segments, every: every(timeline), format })
}

/// Returns the frame of the movie at which each part of a preview begins.
pub fn preview_frames(timeline: &Timeline) -> Vec<u32> {
    let parts = shown(timeline).into_iter();
    parts.map(|(segment, frames)| segment.start + (segment.recipe.frames - frames) / 2).collect()
}

/// Returns how many frames of the movie correspond to one frame of the preview.
fn every(timeline: &Timeline) -> u32 {
    let rate = timeline.canvas.rate;
    (f64::from(rate.0) / f64::from(rate.1) / PREVIEW_RATE).ceil().max(1.0) as u32
}

/// Returns the segments that a preview shows, in the order of the movie, each with its number of frames.
fn shown(timeline: &Timeline) -> Vec<(&Segment, u32)> {
    let rate = timeline.canvas.rate;
    let best = best_first(timeline);
    let mut taken = Vec::new();
    for most in GLIMPSES {
        taken = glimpses(&best, most, rate, every(timeline));
        let frames: u32 = taken.iter().map(|(_, frames)| frames).sum();
        if rate.time_of(i64::from(frames)) >= PREVIEW.0 {
            break;
        }
    }
    taken.sort_by_key(|(segment, _)| segment.start);
    taken
}

/// Returns the segment of each shot between its transitions, with its value, the best first.
fn best_first<'a>(timeline: &'a Timeline) -> Vec<(&'a Segment, f64)> {
    let shots = timeline.shots.iter();
    let mut bodies: Vec<(&'a Segment, f64)> = shots
        .filter_map(|shot| {
            let body = body(timeline, shot)?;
            Some((body, worth(&shot.shot, &body.recipe.view)))
        })
        .collect();
    // The sort is stable: of two shots with the same value, the earlier one comes first.
    bodies.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    bodies
}

/// Returns the longest segment that shows only this shot; a segment that fades is used only if there is no
/// other.
fn body<'a>(timeline: &'a Timeline, shot: &TimelineShot) -> Option<&'a Segment> {
    let end = shot.end();
    let alone = |segment: &&Segment| {
        (shot.start..end).contains(&segment.start) && matches!(segment.recipe.view, View::Shot(_))
    };
    let rank = |segment: &&Segment| (segment.recipe.fade.is_none(), segment.recipe.frames);
    timeline.segments.iter().rev().filter(alone).max_by_key(rank)
}

/// Returns how well a shot represents the movie: by its merits, by whether it has a subject, and by how much
/// of the frame it fills.
fn worth(shot: &Shot, view: &View) -> f64 {
    let chosen = shot.merits.quality.get() * (0.5 + shot.merits.wanted.get());
    let role = if shot.merits.role == Some(Role::Highlight) { 1.3 } else { 1.0 };
    let subject = if shot.framing.subject.is_some() || !shot.framing.track.is_empty() { 1.1 } else { 1.0 };
    let filled = match view {
        View::Shot(ShotView { framing: Framing::Fill | Framing::Contain, .. }) => 0.8,
        _ => 1.0,
    };
    chosen * role * subject * filled
}

/// Returns the best segments that fit into a preview, each with its number of frames.
fn glimpses<'a>(best: &[(&'a Segment, f64)], most: Time, rate: Rate, every: u32) -> Vec<(&'a Segment, u32)> {
    let frames_in = |time: Time| (rate.nearest_frame(time).max(0) as u32 / every).max(1) * every;
    let (most, mut room, least) = (frames_in(most), frames_in(PREVIEW.1), frames_in(LEAST_GLIMPSE));
    let mut taken = Vec::new();
    for (segment, _) in best {
        let frames = (segment.recipe.frames / every * every).min(most).min(room);
        if frames >= least || (taken.is_empty() && frames > 0) {
            taken.push((*segment, frames));
            room -= frames;
        }
    }
    taken
}

/// Returns `frames` frames of a segment, from its frame `first` on, on another canvas of the same rate,
/// without text and without fades.
fn part(segment: &Segment, first: u32, frames: u32, canvas: Canvas) -> Option<SegmentRecipe> {
    let View::Shot(view) = &segment.recipe.view else { return None };
    let view = View::Shot(view.moved(i64::from(first), canvas.rate));
    Some(SegmentRecipe { canvas, frames, view, texts: Vec::new(), fade: None, ground: Colour::BLACK })
}

/// Returns the same canvas with a fixed encoder, so that the picture does not depend on how the movie is
/// encoded.
fn plain(canvas: Canvas) -> Canvas {
    Canvas { codec: Codec::H264, encoder: Encoder::Software, quality: Quality::Good, coarser: 0, ..canvas }
}
