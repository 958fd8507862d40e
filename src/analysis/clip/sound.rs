use crate::analysis::loudness::{LoudnessMeter, centi_lufs};

/// A clip whose sound is softer than this has no sound worth keeping, in LUFS.
const HEARD_LUFS: f64 = -60.0;

/// What a clip sounds like.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SoundFacts {
    /// There is sound above silence.
    pub has_sound: bool,
    /// Integrated loudness in hundredths of a LUFS; none if silent.
    pub loudness: Option<i32>,
}

/// Measures the sound of a clip as it is decoded.
pub struct SoundMeter(LoudnessMeter);

impl SoundMeter {
    /// For interleaved samples of `channels` channels, `rate_hz` frames a second.
    pub fn new(rate_hz: u32, channels: u32) -> Self {
        Self(LoudnessMeter::new(rate_hz, channels))
    }

    /// Takes the next samples, whole frames, full scale ±1.
    pub fn samples(&mut self, samples: &[f32]) {
        self.0.samples(samples);
    }

    /// What was heard.
    pub fn finish(self) -> SoundFacts {
        let heard = self.0.integrated().filter(|lufs| *lufs > HEARD_LUFS);
        SoundFacts { has_sound: heard.is_some(), loudness: heard.map(centi_lufs) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_sound_and_hiss_at_the_noise_floor_is_not() {
        let tone = |level: f32| {
            let mut meter = SoundMeter::new(48_000, 1);
            let samples: Vec<f32> = (0..96_000).map(|i| level * (i as f32 * 0.1305).sin()).collect();
            samples.chunks(1000).for_each(|block| meter.samples(block));
            meter.finish()
        };
        assert!(tone(0.1).has_sound);
        assert!((tone(0.1).loudness.unwrap() + 2301).abs() < 20, "{:?}", tone(0.1));
        assert_eq!(tone(1e-4), SoundFacts::default());
        assert_eq!(tone(0.0), SoundFacts::default());
    }

    #[test]
    fn what_cannot_be_measured_is_silent() {
        let mut meter = SoundMeter::new(0, 0);
        meter.samples(&[0.5; 100]);
        assert_eq!(meter.finish(), SoundFacts::default());
    }
}
