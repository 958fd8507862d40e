use crate::loudness::{LoudnessMeter, centi_lufs, clean};
use crate::net::NetError;
use mmm_base::{Score, Time};
use mmm_facts::{Beat, MusicFacts};

use super::beat_ear::BeatEar;
use super::beats::HeardBeat;
use super::curves::{mean, median, steps};
use super::decimation::Decimation;
use super::energy::{ENERGY_HZ, energy_curve, momentary};
use super::form::form;
use super::listener::Listener;
use super::onsets::Onsets;
use super::vibe::{Feel, vibe};

/// Samples a second that the analyst takes.
pub const RATE_HZ: u32 = 44_100;
/// Channels that it takes, interleaved.
pub const CHANNELS: usize = 2;
/// Frames of a tenth of a second.
const TENTH: usize = (RATE_HZ / ENERGY_HZ) as usize;
/// A beat that is less sure than this may as well be noise: music has 0.43 and more, hiss 0.36.
const LEAST_CONFIDENCE: f64 = 0.4;
/// Music in which fewer beats than this are sure has none: a false grid is worse than no grid.
const LEAST_BEATS: usize = 8;
const LEAST_SHARE: f64 = 0.1;
/// The weight of each channel in the one that is listened to: what is in one of them alone keeps its
/// energy. The nets are sensitive to the level; at this one most annotated beats were found.
const BOTH: f32 = std::f32::consts::FRAC_1_SQRT_2;
/// Below this the highpass that takes out an offset from zero, in Hz.
const OFFSET_HZ: f64 = 10.0;

/// Listens to a piece of music from beginning to end and says what is in it.
///
/// Takes [`MusicAnalyst::RATE_HZ`] frames a second of [`MusicAnalyst::CHANNELS`] interleaved
/// samples (mono twice), full scale ±1, in blocks of any size; the decoder's delay and padding
/// taken out. Damaged samples (not finite) count as silence. Keeps half a megabyte a minute, and at
/// the end for a moment another.
pub struct MusicAnalyst {
    meter: LoudnessMeter,
    halving: Decimation,
    listener: Listener,
    onsets: Onsets,
    offset: LowPass,
    /// K-weighted energy of each tenth of a second.
    tenths: Vec<f64>,
    /// Frames taken so far.
    frames: u64,
    mono: Vec<f32>,
    half: Vec<f32>,
}

impl MusicAnalyst {
    pub const RATE_HZ: u32 = RATE_HZ;
    pub const CHANNELS: usize = CHANNELS;

    /// An analyst that has the beats from `beats`.
    pub fn new(beats: BeatEar) -> Self {
        Self {
            meter: LoudnessMeter::new(RATE_HZ, CHANNELS as u32),
            halving: Decimation::new(2),
            listener: Listener::new(beats),
            onsets: Onsets::new(),
            offset: LowPass::new(OFFSET_HZ),
            tenths: Vec::new(),
            frames: 0,
            mono: Vec::new(),
            half: Vec::new(),
        }
    }

    /// Takes the next interleaved samples; a frame cut short is dropped.
    pub fn samples(&mut self, mut samples: &[f32]) {
        while samples.len() >= CHANNELS {
            let done = (self.frames % TENTH as u64) as usize;
            let frames = (samples.len() / CHANNELS).min(TENTH - done);
            let (now, later) = samples.split_at(frames * CHANNELS);
            self.part_of_a_tenth(now);
            if done + frames == TENTH {
                self.tenths.push(self.meter.last_100_ms());
            }
            samples = later;
        }
    }

    fn part_of_a_tenth(&mut self, samples: &[f32]) {
        self.meter.samples(samples);
        self.mono.clear();
        for frame in samples.chunks_exact(CHANNELS) {
            let both = BOTH * (clean(frame[0]) + clean(frame[1]));
            self.mono.push(both - self.offset.next(both));
        }
        self.frames += (samples.len() / CHANNELS) as u64;
        self.half.clear();
        self.halving.samples(&self.mono, &mut self.half);
        self.listener.samples(&self.half);
        self.onsets.samples(&self.half);
    }

    /// What was heard up to the end.
    ///
    /// # Errors
    /// When the runtime refuses a net.
    pub fn finish(mut self) -> Result<MusicFacts, NetError> {
        let duration = Time::from_micros((self.frames * 1_000_000 / u64::from(RATE_HZ)) as i64);
        if !self.frames.is_multiple_of(TENTH as u64) {
            self.tenths.push(self.meter.last_100_ms());
        }
        self.half.clear();
        self.halving.finish(&mut self.half);
        self.listener.samples(&self.half);
        self.onsets.samples(&self.half);
        let (heard, track) = self.listener.finish()?;
        let heard = if has_beat(&heard) { heard } else { Vec::new() };
        let confidence = mean(&heard.iter().map(|beat| beat.confidence).collect::<Vec<f64>>());
        let beats = beats(&heard, duration);
        let onsets = self.onsets.finish().into_iter().map(Time::from_secs_f64);
        let onsets: Vec<Time> = onsets.filter(|time| *time < duration).collect();
        let energy = energy_curve(&momentary(&self.tenths));
        let loudness = self.meter.integrated().map(centi_lufs);
        let form = form(&track, &beats, duration);
        let feel =
            Feel { loudness, energy: &energy, onsets: &onsets, beats: &beats, duration, track: &track };
        Ok(MusicFacts {
            duration,
            tempo_milli_bpm: (tempo(&heard) * 1000.0).round() as u32,
            meter: meter(&heard),
            confidence: Score::new(confidence),
            sections: form.sections,
            events: form.events,
            loudness,
            vibe: vibe(&feel),
            beats,
            onsets,
            energy,
        })
    }
}

/// Whether enough of the beats are sure.
fn has_beat(heard: &[HeardBeat]) -> bool {
    let sure = heard.iter().filter(|beat| beat.confidence >= LEAST_CONFIDENCE).count();
    sure >= LEAST_BEATS.max((LEAST_SHARE * heard.len() as f64) as usize)
}

/// The beats inside the music.
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

/// Beats a minute by the middle distance; 0 with less than two beats.
fn tempo(beats: &[HeardBeat]) -> f64 {
    let distance = median(&steps(&beats.iter().map(|beat| beat.seconds).collect::<Vec<f64>>()));
    if distance > 0.0 { 60.0 / distance } else { 0.0 }
}

/// The meter of most beats; 4 without beats.
fn meter(beats: &[HeardBeat]) -> u8 {
    let count = |meter: &u8| beats.iter().filter(|beat| beat.place.meter == *meter).count();
    [3, 6, 4].into_iter().max_by_key(count).unwrap_or(4)
}

/// A filter of one pole that lets through what is below its corner.
struct LowPass {
    share: f32,
    state: f32,
}

impl LowPass {
    fn new(corner_hz: f64) -> Self {
        let share = 1.0 - (-std::f64::consts::TAU * corner_hz / f64::from(RATE_HZ)).exp();
        Self { share: share as f32, state: 0.0 }
    }

    fn next(&mut self, sample: f32) -> f32 {
        self.state += self.share * (sample - self.state);
        self.state
    }
}
