use crate::loudness::{LoudnessMeter, centi_lufs};
use mmm_base::Time;
use mmm_facts::{Beat, MusicFormFacts};

use super::energy::{ENERGY_HZ, energy_curve, momentary};
use super::form::form;
use super::half_rate::{CHANNELS, HalfRate, RATE_HZ};
use super::onsets::Onsets;
use super::silence::SilentEnds;
use super::spectrogram::Spectrogram;
use super::track::Recorder;
use super::vibe::{Feel, vibe};

/// Frames in a tenth of a second.
const TENTH: usize = (RATE_HZ / ENERGY_HZ) as usize;

/// Analyses a music track with known beats, from beginning to end: its form and its vibe.
///
/// Takes samples like [`BeatAnalyst`](super::BeatAnalyst). Keeps half a megabyte per minute, and briefly
/// twice that at the end.
pub struct FormAnalyst {
    beats: Vec<Beat>,
    meter: LoudnessMeter,
    half_rate: HalfRate,
    spectrogram: Spectrogram,
    recorder: Recorder,
    onsets: Onsets,
    ends: SilentEnds,
    /// K-weighted energy of each tenth of a second.
    tenths: Vec<f64>,
}

impl FormAnalyst {
    pub const RATE_HZ: u32 = RATE_HZ;
    pub const CHANNELS: usize = CHANNELS;

    /// Returns an analyst of music with these beats.
    pub fn new(beats: Vec<Beat>) -> Self {
        Self {
            beats,
            meter: LoudnessMeter::new(RATE_HZ, CHANNELS as u32),
            half_rate: HalfRate::new(),
            spectrogram: Spectrogram::new(),
            recorder: Recorder::new(),
            onsets: Onsets::new(),
            ends: SilentEnds::default(),
            tenths: Vec::new(),
        }
    }

    /// Analyses the next interleaved samples; an incomplete frame is dropped.
    pub fn samples(&mut self, mut samples: &[f32]) {
        while samples.len() >= CHANNELS {
            let done = (self.half_rate.frames() % TENTH as u64) as usize;
            let frames = (samples.len() / CHANNELS).min(TENTH - done);
            let (now, later) = samples.split_at(frames * CHANNELS);
            self.meter.samples(now);
            self.ends.samples(now);
            let half = self.half_rate.samples(now);
            let recorder = &mut self.recorder;
            self.spectrogram.samples(half, &mut |frame| {
                recorder.frame(frame);
            });
            self.onsets.samples(half);
            if done + frames == TENTH {
                self.tenths.push(self.meter.last_100_ms());
            }
            samples = later;
        }
    }

    /// Returns the facts about the form of the whole track.
    pub fn finish(mut self) -> MusicFormFacts {
        let duration = self.half_rate.duration();
        if !self.half_rate.frames().is_multiple_of(TENTH as u64) {
            self.tenths.push(self.meter.last_100_ms());
        }
        let (half, recorder) = (self.half_rate.finish(), &mut self.recorder);
        self.spectrogram.samples(&half, &mut |frame| {
            recorder.frame(frame);
        });
        self.onsets.samples(&half);
        self.spectrogram.finish(&mut |frame| {
            recorder.frame(frame);
        });
        let (track, beats) = (self.recorder.track, self.beats);
        let onsets = self.onsets.finish().into_iter().map(Time::from_secs_f64);
        let onsets: Vec<Time> = onsets.filter(|time| *time < duration).collect();
        let energy = energy_curve(&momentary(&self.tenths));
        let loudness = self.meter.integrated().map(centi_lufs);
        let form = form(&track, &beats, duration);
        let feel =
            Feel { loudness, energy: &energy, onsets: &onsets, beats: &beats, duration, track: &track };
        MusicFormFacts {
            duration,
            vibe: vibe(&feel),
            sections: form.sections,
            events: form.events,
            loudness,
            heard: self.ends.finish(duration),
            onsets,
            energy,
        }
    }
}
