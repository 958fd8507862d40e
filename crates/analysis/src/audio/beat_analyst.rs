use crate::net::ModelError;
use mmm_base::{Score, Time};
use mmm_facts::{Beat, MusicBeatFacts};

use super::beat_ear::BeatEar;
use super::beats::HeardBeat;
use super::curves::{mean, median, steps};
use super::half_rate::{CHANNELS, HalfRate, RATE_HZ};
use super::listener::Listener;

/// Beats with less confidence may be noise: music has 0.43 and more, hiss 0.36.
const LEAST_CONFIDENCE: f64 = 0.4;
/// The least number of confident beats. Music with fewer has no beats at all: a false grid is worse than
/// none.
const LEAST_BEATS: usize = 8;
const LEAST_SHARE: f64 = 0.1;

/// Analyses a music track from beginning to end and finds its beats and bars.
///
/// Takes [`BeatAnalyst::RATE_HZ`] frames per second of [`BeatAnalyst::CHANNELS`] interleaved samples (mono
/// twice), full scale ±1, in blocks of any size, without the decoder's delay and padding. Damaged samples
/// (not finite) count as silence. Keeps half a megabyte per minute.
pub struct BeatAnalyst {
    half_rate: HalfRate,
    listener: Listener,
}

impl BeatAnalyst {
    pub const RATE_HZ: u32 = RATE_HZ;
    pub const CHANNELS: usize = CHANNELS;

    /// Returns an analyst that detects beats with `ear`.
    pub fn new(ear: BeatEar) -> Self {
        Self { half_rate: HalfRate::new(), listener: Listener::new(ear) }
    }

    /// Analyses the next interleaved samples; an incomplete frame is dropped.
    pub fn samples(&mut self, samples: &[f32]) {
        let half = self.half_rate.samples(samples);
        self.listener.samples(half);
    }

    /// Returns the beats of the whole track.
    ///
    /// # Errors
    /// If a model can't be run.
    pub fn finish(mut self) -> Result<MusicBeatFacts, ModelError> {
        let duration = self.half_rate.duration();
        self.listener.samples(&self.half_rate.finish());
        let (heard, _) = self.listener.finish()?;
        let mut heard = if has_beat(&heard) { heard } else { Vec::new() };
        // Whether there is a beat at all doesn't depend on its phase.
        heard.iter_mut().for_each(|beat| beat.confidence *= beat.phase_trust);
        let confidence = mean(&heard.iter().map(|beat| beat.confidence).collect::<Vec<f64>>());
        Ok(MusicBeatFacts {
            tempo_milli_bpm: (tempo(&heard) * 1000.0).round() as u32,
            meter: meter(&heard),
            confidence: Score::new(confidence),
            beats: beats(&heard, duration),
            damaged: false,
            promised: None,
        })
    }
}

/// Whether there are enough confident beats.
fn has_beat(heard: &[HeardBeat]) -> bool {
    let sure = heard.iter().filter(|beat| beat.confidence >= LEAST_CONFIDENCE).count();
    sure >= LEAST_BEATS.max((LEAST_SHARE * heard.len() as f64) as usize)
}

/// Returns the beats inside the music.
fn beats(heard: &[HeardBeat], duration: Time) -> Vec<Beat> {
    let beat = |beat: &HeardBeat| Beat {
        time: Time::from_secs_f64(beat.seconds),
        position: Some(beat.place.position),
        confidence: Score::new(beat.confidence),
    };
    let mut beats: Vec<Beat> = heard.iter().map(beat).filter(|beat| beat.time < duration).collect();
    beats.dedup_by_key(|beat| beat.time);
    beats
}

/// Returns beats per minute from the median distance; 0 with fewer than two beats.
fn tempo(beats: &[HeardBeat]) -> f64 {
    let distance = median(&steps(&beats.iter().map(|beat| beat.seconds).collect::<Vec<f64>>()));
    if distance > 0.0 { 60.0 / distance } else { 0.0 }
}

/// Returns the meter of most beats; 4 if there are no beats.
fn meter(beats: &[HeardBeat]) -> u8 {
    let count = |meter: &u8| beats.iter().filter(|beat| beat.place.meter == *meter).count();
    [3, 6, 4].into_iter().max_by_key(count).unwrap_or(4)
}
