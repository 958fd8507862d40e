use crate::analysis::loudness::{LoudnessMeter, centi_lufs, clean};
use crate::analysis::{Beat, MusicFacts};
use crate::base::{Score, Time};

use super::bars::{METER, downbeat_phase};
use super::energy::{ENERGY_HZ, energy_curve, momentary};
use super::events::events;
use super::pulse::{HOP, Heard, Pulse};
use super::sections::sections;
use super::spectrum::Spectra;
use super::vibe::{Feel, vibe};

/// Samples a second that the analyst takes.
pub const RATE_HZ: u32 = 44_100;
/// Channels that it takes, interleaved.
pub const CHANNELS: usize = 2;
/// Frames of a tenth of a second.
const TENTH: usize = (RATE_HZ / ENERGY_HZ) as usize;
/// Confidence below which the music counts as having no beat.
const LEAST_CONFIDENCE: f64 = 0.2;
/// Below this the highpass that takes out an offset from zero, in Hz.
const OFFSET_HZ: f64 = 10.0;
/// Up to this it is bass, in Hz.
const BASS_HZ: f64 = 150.0;

/// Listens to a piece of music from beginning to end and says what is in it.
///
/// Takes [`MusicAnalyst::RATE_HZ`] frames a second of [`MusicAnalyst::CHANNELS`] interleaved
/// samples (mono twice), full scale ±1, in blocks of any size; the decoder's delay and padding
/// taken out. Damaged samples (not finite) count as silence. Keeps under 1 MB a minute.
pub struct MusicAnalyst {
    meter: LoudnessMeter,
    pulse: Pulse,
    spectra: Spectra,
    offset: LowPass,
    bass_filter: [LowPass; 2],
    /// Energy of the bass at each hop.
    bass: Vec<f32>,
    bass_sum: f32,
    /// K-weighted energy of each tenth of a second.
    tenths: Vec<f64>,
    /// Frames taken so far.
    frames: u64,
    mono: Vec<f32>,
}

impl MusicAnalyst {
    pub const RATE_HZ: u32 = RATE_HZ;
    pub const CHANNELS: usize = CHANNELS;

    pub fn new() -> Self {
        Self {
            meter: LoudnessMeter::new(RATE_HZ, CHANNELS as u32),
            pulse: Pulse::new(),
            spectra: Spectra::new(),
            offset: LowPass::new(OFFSET_HZ),
            bass_filter: [LowPass::new(BASS_HZ), LowPass::new(BASS_HZ)],
            bass: Vec::new(),
            bass_sum: 0.0,
            tenths: Vec::new(),
            frames: 0,
            mono: Vec::new(),
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
            let both = 0.5 * (clean(frame[0]) + clean(frame[1]));
            let sample = both - self.offset.next(both);
            self.mono.push(sample);
            let [first, second] = &mut self.bass_filter;
            let low = second.next(first.next(sample));
            self.bass_sum += low * low;
            self.frames += 1;
            if self.frames.is_multiple_of(HOP as u64) {
                self.bass.push(std::mem::take(&mut self.bass_sum) / HOP as f32);
            }
        }
        self.pulse.samples(&self.mono);
        self.spectra.samples(&self.mono);
    }

    /// What was heard up to the end.
    pub fn finish(mut self) -> MusicFacts {
        let duration = Time::from_micros((self.frames * 1_000_000 / u64::from(RATE_HZ)) as i64);
        if !self.frames.is_multiple_of(TENTH as u64) {
            self.tenths.push(self.meter.last_100_ms());
        }
        // The last hop is heard too, and the delayed novelty gets out.
        self.pulse.samples(&[0.0; 4 * HOP]);
        let (heard, colours) = (self.pulse.finish(&self.bass), self.spectra.finish());
        let is_sure = heard.confidence >= LEAST_CONFIDENCE;
        let phase = downbeat_phase(&heard.beats, &self.bass, &colours).filter(|_| is_sure);
        let beats = if is_sure { beats(&heard, phase, duration) } else { Vec::new() };
        let bpm = if beats.is_empty() { 0.0 } else { heard.bpm() };
        let onsets: Vec<Time> = in_time(&heard.onsets, duration);
        let energy = energy_curve(&momentary(&self.tenths));
        let loudness = self.meter.integrated();
        let feel = Feel {
            loudness,
            energy: energy.mean(Time::ZERO, duration).get(),
            onsets_hz: onsets.len() as f64 / duration.secs().max(1.0),
            bpm,
            confidence: heard.confidence,
            colours: &colours,
        };
        let times: Vec<Time> = beats.iter().map(|beat| beat.time).collect();
        let bars = beats.iter().filter(|beat| beat.position == Some(1)).map(|beat| beat.time);
        let grid = if phase.is_some() { bars.collect() } else { times.clone() };
        MusicFacts {
            duration,
            tempo_milli_bpm: (bpm * 1000.0).round() as u32,
            meter: METER as u8,
            confidence: Score::new(heard.confidence),
            sections: sections(duration, &energy, &colours, &grid),
            events: events(&energy, &times),
            loudness: loudness.map(centi_lufs),
            vibe: vibe(&feel),
            beats,
            onsets,
            energy,
        }
    }
}

impl Default for MusicAnalyst {
    fn default() -> Self {
        Self::new()
    }
}

/// The beats with their places in the bars, inside the music.
fn beats(heard: &Heard, phase: Option<usize>, duration: Time) -> Vec<Beat> {
    let position = |i: usize| phase.map(|phase| ((i + METER - phase) % METER + 1) as u8);
    let mut beats: Vec<Beat> = (heard.beats.iter().zip(&heard.sureness).enumerate())
        .map(|(i, (beat, &confidence))| {
            let time = Time::from_secs_f64(Heard::seconds(*beat));
            Beat { time, position: position(i), confidence }
        })
        .filter(|beat| beat.time < duration)
        .collect();
    beats.dedup_by_key(|beat| beat.time);
    beats
}

fn in_time(seconds: &[f64], duration: Time) -> Vec<Time> {
    let times = seconds.iter().map(|seconds| Time::from_secs_f64(*seconds));
    times.filter(|time| *time < duration).collect()
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
