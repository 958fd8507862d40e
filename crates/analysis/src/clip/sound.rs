use crate::audio::{Decimation, SoundAnalyst};
use crate::loudness::{LoudnessMeter, centi_lufs, clean};
use crate::net::{ModelError, Net};
use mmm_facts::Model;
use mmm_facts::{ClipFacts, ClipSoundFacts};

/// Sample rate of the meter in Hz, and the factor by which the analyst's rate is lower.
const RATE_HZ: u32 = 48_000;
const FACTOR: usize = 3;
/// Channels of the meter's input, interleaved.
const CHANNELS: usize = 2;
/// Samples per level, all channels.
const LEVEL: usize = RATE_HZ as usize * CHANNELS / 1000 * (ClipFacts::LEVEL_STEP.micros() / 1000) as usize;
/// The level of silence, in hundredths of a LUFS: the absolute gate of BS.1770.
const SILENCE: i32 = -7000;
/// Below this loudness in LUFS, a clip has no sound worth keeping.
const HEARD_LUFS: f64 = -60.0;

/// Analyses the sound of a clip as it is decoded: [`SoundMeter::RATE_HZ`] frames per second of
/// [`SoundMeter::CHANNELS`] interleaved samples, full scale ±1, in blocks of whole frames.
pub struct SoundMeter {
    meter: LoudnessMeter,
    levels: Vec<i32>,
    /// Samples since the last level.
    since: usize,
    analyst: SoundAnalyst,
    decimation: Decimation,
    mono: Vec<f32>,
    fewer: Vec<f32>,
}

impl SoundMeter {
    pub const RATE_HZ: u32 = RATE_HZ;
    pub const CHANNELS: usize = CHANNELS;

    /// Returns a meter that detects speech, singing and music with a model; without `nets` it doesn't detect
    /// them.
    ///
    /// # Errors
    /// If the model can't be loaded.
    pub fn new(nets: bool) -> Result<Self, ModelError> {
        let net = nets.then(|| Net::get(Model::AudioEvents)).transpose()?;
        Ok(Self {
            meter: LoudnessMeter::new(RATE_HZ, CHANNELS as u32),
            levels: Vec::new(),
            since: 0,
            analyst: SoundAnalyst::new(net),
            decimation: Decimation::new(FACTOR),
            mono: Vec::new(),
            fewer: Vec::new(),
        })
    }

    /// Analyses the next samples.
    pub fn samples(&mut self, samples: &[f32]) {
        self.measure(samples);
        self.mono.clear();
        let both = |frame: &[f32]| 0.5 * (clean(frame[0]) + clean(frame[1]));
        self.mono.extend(samples.chunks_exact(CHANNELS).map(both));
        self.fewer.clear();
        self.decimation.samples(&self.mono, &mut self.fewer);
        self.analyst.samples(&self.fewer);
    }

    /// Measures the loudness, overall and of each level.
    fn measure(&mut self, mut samples: &[f32]) {
        while !samples.is_empty() {
            let (now, later) = samples.split_at(samples.len().min(LEVEL - self.since));
            self.meter.samples(now);
            self.since += now.len();
            if self.since == LEVEL {
                self.levels.push(self.meter.momentary().map_or(SILENCE, centi_lufs));
                self.since = 0;
            }
            samples = later;
        }
    }

    /// Returns the facts about the sound.
    ///
    /// # Errors
    /// If the model can't be run.
    pub fn finish(mut self) -> Result<ClipSoundFacts, ModelError> {
        self.fewer.clear();
        self.decimation.finish(&mut self.fewer);
        self.analyst.samples(&self.fewer);
        let heard = self.meter.integrated().filter(|lufs| *lufs > HEARD_LUFS);
        let sounds = self.analyst.finish()?;
        let (has_sound, loudness) = (heard.is_some(), heard.map(centi_lufs));
        Ok(ClipSoundFacts { has_sound, loudness, levels: self.levels, sounds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_facts::SoundKind;

    fn heard(signal: impl Fn(i32) -> f32) -> ClipSoundFacts {
        let mut meter = SoundMeter::new(true).unwrap();
        let samples: Vec<f32> = (0..96_000).flat_map(|i| [signal(i); CHANNELS]).collect();
        samples.chunks(1000).for_each(|block| meter.samples(block));
        meter.finish().unwrap()
    }

    #[test]
    fn a_tone_is_sound_and_hiss_at_the_noise_floor_is_not() {
        let tone = |level: f32| heard(|i| level * (i as f32 * 0.1305).sin());
        assert!(tone(0.1).has_sound);
        // Both channels at −20 dB.
        let found = tone(0.1);
        assert!((found.loudness.unwrap() + 2000).abs() < 20, "{found:?}");
        // Two seconds are five levels.
        assert!(found.levels.len() == 5 && found.levels.iter().all(|level| (level + 2000).abs() < 20));
        assert_eq!(tone(0.0).levels, [SILENCE; 5]);
        assert_eq!((tone(1e-4).has_sound, tone(0.0).has_sound), (false, false));
        let kinds: Vec<SoundKind> = tone(0.0).sounds.iter().map(|stretch| stretch.kind).collect();
        assert_eq!(kinds, [SoundKind::Silence]);
    }

    #[test]
    fn damaged_samples_are_silent() {
        assert!(!heard(|i| [f32::NAN, f32::INFINITY, 0.0][i as usize % 3]).has_sound);
    }
}
