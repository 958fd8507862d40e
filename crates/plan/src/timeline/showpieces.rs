//! What is shown of a movie where there is room for a picture, or for some seconds.

use mmm_base::{Rate, Time};
use mmm_facts::Timeline;
use mmm_facts::{
    Canvas, Encoder, Framing, Piece, PieceRecipe, PosterRecipe, PreviewRecipe, Shot, ShotView, View,
};
use mmm_facts::{EditPlan, PlannedShot};
use mmm_spec::{Codec, Colour, PictureFormat, Role};

/// Pixels of a preview's longer side.
const PREVIEW_SIDE: u32 = 480;
/// Frames a second of a preview, at most.
const PREVIEW_RATE: f64 = 12.5;
/// A preview is as long as this at most, and at least where the movie has as much to show.
const PREVIEW: (Time, Time) = (Time::from_secs(4), Time::from_secs(5));
/// How long one shot stays in it, as far as that makes it long enough.
const GLIMPSES: [Time; 3] = [Time::from_secs(1), Time::from_secs(2), Time::from_secs(5)];
/// A shorter glimpse tells nothing.
const LEAST_GLIMPSE: Time = Time::from_millis(400);

/// The frame of the movie at `at`, as it is in the movie; not said, one from the middle of the best
/// shot, without words.
pub fn poster(
    timeline: &Timeline,
    plan: &EditPlan,
    at: Option<Time>,
    format: PictureFormat,
) -> Option<PosterRecipe> {
    let frame = poster_frame(timeline, plan, at)?;
    if at.is_some() {
        let piece = timeline.pieces.iter().rev().find(|piece| piece.start <= frame)?;
        let recipe = PieceRecipe { canvas: plain(timeline.canvas), ..piece.recipe.clone() };
        return Some(PosterRecipe { piece: recipe, at: frame - piece.start, format });
    }
    let (best, _) = best_first(timeline, plan).into_iter().next()?;
    let piece = part(best, frame - best.start, 1, plain(timeline.canvas))?;
    Some(PosterRecipe { piece, at: 0, format })
}

/// The frame of the movie that a poster is of.
pub fn poster_frame(timeline: &Timeline, plan: &EditPlan, at: Option<Time>) -> Option<u32> {
    if let Some(at) = at {
        let last = i64::from(timeline.frames) - 1;
        return Some(timeline.canvas.rate.nearest_frame(at).clamp(0, last) as u32);
    }
    let (best, _) = best_first(timeline, plan).into_iter().next()?;
    Some(best.start + best.recipe.frames / 2)
}

/// A loop of the best shots, in their order; none of an empty movie.
pub fn preview(timeline: &Timeline, plan: &EditPlan, format: PictureFormat) -> Option<PreviewRecipe> {
    let canvas = plain(timeline.canvas).sized(PREVIEW_SIDE);
    let pieces = shown(timeline, plan)
        .into_iter()
        .filter_map(|(piece, frames)| part(piece, (piece.recipe.frames - frames) / 2, frames, canvas));
    let pieces: Vec<PieceRecipe> = pieces.collect();
    (!pieces.is_empty()).then_some(PreviewRecipe { pieces, every: every(timeline), format })
}

/// The frame of the movie with which each part of a preview begins.
pub fn preview_frames(timeline: &Timeline, plan: &EditPlan) -> Vec<u32> {
    let parts = shown(timeline, plan).into_iter();
    parts.map(|(piece, frames)| piece.start + (piece.recipe.frames - frames) / 2).collect()
}

/// Of so many frames a preview shows one.
fn every(timeline: &Timeline) -> u32 {
    let rate = timeline.canvas.rate;
    (f64::from(rate.0) / f64::from(rate.1) / PREVIEW_RATE).ceil().max(1.0) as u32
}

/// The pieces that a preview shows, in the order of the movie, each with how many frames of it.
fn shown<'a>(timeline: &'a Timeline, plan: &EditPlan) -> Vec<(&'a Piece, u32)> {
    let rate = timeline.canvas.rate;
    let best = best_first(timeline, plan);
    let mut taken = Vec::new();
    for most in GLIMPSES {
        taken = glimpses(&best, most, rate, every(timeline));
        let frames: u32 = taken.iter().map(|(_, frames)| frames).sum();
        if rate.time_of(i64::from(frames)) >= PREVIEW.0 {
            break;
        }
    }
    taken.sort_by_key(|(piece, _)| piece.start);
    taken
}

/// What is seen of each shot between its transitions, with its worth, the best first.
fn best_first<'a>(timeline: &'a Timeline, plan: &EditPlan) -> Vec<(&'a Piece, f64)> {
    let shots = timeline.shots.iter().zip(&plan.shots);
    let mut bodies: Vec<(&'a Piece, f64)> = shots
        .filter_map(|(shot, planned)| {
            let body = body(timeline, shot)?;
            Some((body, worth(planned, &body.recipe.view)))
        })
        .collect();
    // The sort keeps the order of equals: of two shots that are worth the same, the earlier one.
    bodies.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    bodies
}

/// The longest piece that shows a shot alone; one that fades only where there is no other.
fn body<'a>(timeline: &'a Timeline, shot: &Shot) -> Option<&'a Piece> {
    let end = shot.start + shot.frames;
    let alone = |piece: &&Piece| {
        (shot.start..end).contains(&piece.start) && matches!(piece.recipe.view, View::Shot(_))
    };
    let rank = |piece: &&Piece| (piece.recipe.fade.is_none(), piece.recipe.frames);
    timeline.pieces.iter().rev().filter(alone).max_by_key(rank)
}

/// How much a shot speaks for the movie: by what it was chosen for, by what is to be noticed in it, and by how
/// much of the frame it fills.
fn worth(planned: &PlannedShot, view: &View) -> f64 {
    let chosen = planned.scores.quality.get() * (0.5 + planned.scores.wanted.get());
    let role = if planned.role == Some(Role::Highlight) { 1.3 } else { 1.0 };
    let subject = if planned.subject.is_some() || !planned.track.is_empty() { 1.1 } else { 1.0 };
    let filled = match view {
        View::Shot(ShotView { framing: Framing::Fill | Framing::Contain, .. }) => 0.8,
        _ => 1.0,
    };
    chosen * role * subject * filled
}

/// The best pieces that a preview has room for, each with how many frames of it are shown.
fn glimpses<'a>(best: &[(&'a Piece, f64)], most: Time, rate: Rate, every: u32) -> Vec<(&'a Piece, u32)> {
    let frames_in = |time: Time| (rate.nearest_frame(time).max(0) as u32 / every).max(1) * every;
    let (most, mut room, least) = (frames_in(most), frames_in(PREVIEW.1), frames_in(LEAST_GLIMPSE));
    let mut taken = Vec::new();
    for (piece, _) in best {
        let frames = (piece.recipe.frames / every * every).min(most).min(room);
        if frames >= least || (taken.is_empty() && frames > 0) {
            taken.push((*piece, frames));
            room -= frames;
        }
    }
    taken
}

/// `frames` frames of a piece, from its frame `first` on, on another canvas of the same rate: without words, and as
/// bright as the shot is.
fn part(piece: &Piece, first: u32, frames: u32, canvas: Canvas) -> Option<PieceRecipe> {
    let View::Shot(view) = &piece.recipe.view else { return None };
    let view = View::Shot(view.later(first, canvas.rate));
    Some(PieceRecipe { canvas, frames, view, words: Vec::new(), fade: None, ground: Colour::BLACK })
}

/// The same picture whatever the movie is encoded by.
fn plain(canvas: Canvas) -> Canvas {
    Canvas { codec: Codec::H264, encoder: Encoder::Software, ..canvas }
}
