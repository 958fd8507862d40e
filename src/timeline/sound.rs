//! What sounds when, in samples.

use std::collections::BTreeMap;

use super::lay_out::Footage;
use super::timeline::{SAMPLE_RATE, Shot};
use super::{SoundCue, SoundRecipe};
use crate::base::{MediaPath, Rate, Time};
use crate::plan::{EditPlan, MusicCue, PlannedShot};
use crate::spec::{ClipSound, Loudness};

/// A clip's sound fades by this at each end, so that no join clicks: 20 ms.
const JOIN_FADE: u64 = 960;

/// Under a clip whose sound is kept, the music steps back by this, in hundredths of a decibel.
const MUSIC_UNDER_SOUND: i32 = -600;

/// The sound of a movie of `samples` samples; none where nothing sounds.
pub(super) fn sound(
    plan: &EditPlan,
    shots: &[Shot],
    footage: &BTreeMap<MediaPath, Footage>,
    samples: u64,
    rate: Rate,
    loudness: Loudness,
) -> Option<SoundRecipe> {
    let kept = plan.shots.iter().zip(shots).filter(|(planned, _)| planned.sound == ClipSound::Keep);
    let clips: Vec<SoundCue> =
        kept.filter_map(|(planned, shot)| clip_cue(planned, shot, footage, rate)).collect();
    let gain = if clips.is_empty() { 0 } else { MUSIC_UNDER_SOUND };
    let music = plan.music.iter().filter_map(|cue| music_cue(cue, footage, samples, gain));
    let cues: Vec<SoundCue> = music.chain(clips).filter(|cue| cue.samples > 0).collect();
    if cues.is_empty() { None } else { Some(SoundRecipe { samples, cues, loudness: loudness.0 }) }
}

/// The first sample at or after `time`; zero before the start.
fn sample(time: Time) -> u64 {
    (time.micros().max(0) as u128 * u128::from(SAMPLE_RATE)).div_ceil(1_000_000) as u64
}

fn music_cue(
    cue: &MusicCue,
    footage: &BTreeMap<MediaPath, Footage>,
    movie: u64,
    gain: i32,
) -> Option<SoundCue> {
    let source = footage.get(&cue.source)?.source;
    let start = sample(cue.start).min(movie);
    // The last cue ends with the movie to the sample, whatever the rounding of the plan's times.
    let end = sample(cue.start + cue.length).min(movie);
    Some(SoundCue {
        source,
        start,
        samples: end - start,
        from: sample(cue.from),
        gain,
        fade_in: sample(cue.fade_in),
        fade_out: sample(cue.fade_out),
    })
}

fn clip_cue(
    planned: &PlannedShot,
    shot: &Shot,
    footage: &BTreeMap<MediaPath, Footage>,
    rate: Rate,
) -> Option<SoundCue> {
    let (from, _) = planned.part?;
    let source = footage.get(&planned.source)?.source;
    let at = |frame: u32| rate.sample_of(i64::from(frame), SAMPLE_RATE) as u64;
    let start = at(shot.start);
    let samples = at(shot.start + shot.frames) - start;
    let fade = JOIN_FADE.min(samples / 2);
    Some(SoundCue { source, start, samples, from: sample(from), gain: 0, fade_in: fade, fade_out: fade })
}
