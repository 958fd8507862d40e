use crate::audio::{Decimation, SoundAnalyst};
use crate::loudness::{LoudnessMeter, centi_lufs, clean};
use crate::net::{ModelError, Net};
use mmm_facts::Model;
use mmm_facts::{ClipFacts, ClipSoundFacts, StereoSide};

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
    level: LevelMeter,
    sides: Sides,
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
            level: LevelMeter::new(),
            sides: Sides::default(),
            analyst: SoundAnalyst::new(net),
            decimation: Decimation::new(FACTOR),
            mono: Vec::new(),
            fewer: Vec::new(),
        })
    }

    /// Analyses the next samples.
    pub fn samples(&mut self, samples: &[f32]) {
        self.level.samples(samples);
        self.sides.samples(samples);
        self.mono.clear();
        let both = |frame: &[f32]| 0.5 * (clean(frame[0]) + clean(frame[1]));
        self.mono.extend(samples.chunks_exact(CHANNELS).map(both));
        self.fewer.clear();
        self.decimation.samples(&self.mono, &mut self.fewer);
        self.analyst.samples(&self.fewer);
    }

    /// Returns the facts about the sound.
    ///
    /// # Errors
    /// If the model can't be run.
    pub fn finish(mut self) -> Result<ClipSoundFacts, ModelError> {
        self.fewer.clear();
        self.decimation.finish(&mut self.fewer);
        self.analyst.samples(&self.fewer);
        let sounds = self.analyst.finish()?;
        let (loudness, levels) = self.level.finish();
        let one_sided = self.sides.finish().filter(|_| loudness.is_some());
        let has_sound = loudness.is_some();
        Ok(ClipSoundFacts { has_sound, loudness, levels, sounds, one_sided, ..ClipSoundFacts::default() })
    }
}

/// Measures the loudness of sound, overall and of each [`ClipFacts::LEVEL_STEP`]: the same samples as for a
/// [`SoundMeter`].
pub struct LevelMeter {
    meter: LoudnessMeter,
    levels: Vec<i32>,
    /// Samples since the last level.
    since: usize,
}

impl LevelMeter {
    #[expect(clippy::new_without_default, reason = "a meter is opened, it has no usual value")]
    pub fn new() -> Self {
        Self { meter: LoudnessMeter::new(RATE_HZ, CHANNELS as u32), levels: Vec::new(), since: 0 }
    }

    /// Measures the next samples.
    pub fn samples(&mut self, mut samples: &[f32]) {
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

    /// Returns the integrated loudness in hundredths of a LUFS, `None` if next to nothing is heard, and the
    /// momentary loudness of each level.
    pub fn finish(self) -> (Option<i32>, Vec<i32>) {
        let heard = self.meter.integrated().filter(|lufs| *lufs > HEARD_LUFS);
        (heard.map(centi_lufs), self.levels)
    }
}

/// Measures whether one channel alone carries the sound.
#[derive(Default)]
struct Sides {
    /// Of the stretch that is being measured.
    window: Window,
    /// Energy of each channel in all stretches.
    energy: [f64; CHANNELS],
    /// Whether both channels, or now one and now the other, carried sound.
    both: bool,
    carrier: Option<StereoSide>,
}

/// Sums of the samples of each channel and of their squares.
#[derive(Clone, Copy, Default)]
struct Window {
    frames: usize,
    sums: [f64; CHANNELS],
    squares: [f64; CHANNELS],
}

impl Sides {
    /// The other channel has at most this share of the energy over the whole clip: 30 dB less.
    const WHOLE: f64 = 1e-3;
    /// The same in each level step in which there is sound: 12 dB less, because noise counts more there.
    const EACH: f64 = 0.0625;
    /// The least mean power of a channel that carries sound: −50 dBFS.
    const CARRIES: f64 = 1e-5;

    fn samples(&mut self, samples: &[f32]) {
        for frame in samples.as_chunks::<CHANNELS>().0 {
            let window = &mut self.window;
            for (channel, sample) in frame.iter().enumerate() {
                let sample = f64::from(clean(*sample));
                window.sums[channel] += sample;
                window.squares[channel] += sample * sample;
            }
            window.frames += 1;
            if window.frames == LEVEL / CHANNELS {
                self.step();
            }
        }
    }

    /// Ends a stretch.
    fn step(&mut self) {
        let Window { frames, sums, squares } = std::mem::take(&mut self.window);
        if frames == 0 {
            return;
        }
        let count = frames as f64;
        // A constant offset is no sound.
        let power = [0, 1].map(|channel| (squares[channel] - sums[channel] * sums[channel] / count).max(0.0));
        for (all, own) in self.energy.iter_mut().zip(power) {
            *all += own;
        }
        let (side, more, less) = sided(power);
        if more / count >= Self::CARRIES {
            self.both |= less > more * Self::EACH || self.carrier.is_some_and(|carrier| carrier != side);
            self.carrier = Some(side);
        }
    }

    fn finish(mut self) -> Option<StereoSide> {
        self.step();
        let (side, more, less) = sided(self.energy);
        let alone = !self.both && less <= more * Self::WHOLE;
        self.carrier.filter(|carrier| alone && *carrier == side)
    }
}

/// Returns the side with more energy, its energy and that of the other one.
fn sided([left, right]: [f64; CHANNELS]) -> (StereoSide, f64, f64) {
    if right > left { (StereoSide::Right, right, left) } else { (StereoSide::Left, left, right) }
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

    fn sided(signal: impl Fn(i32) -> [f32; CHANNELS]) -> Option<StereoSide> {
        let mut meter = SoundMeter::new(false).unwrap();
        let samples: Vec<f32> = (0..96_000).flat_map(signal).collect();
        samples.chunks(1000).for_each(|block| meter.samples(block));
        meter.finish().unwrap().one_sided
    }

    #[test]
    fn sound_of_one_channel_alone_is_found_and_stereo_is_not() {
        let tone = |i: i32| 0.1 * (i as f32 * 0.1305).sin();
        let noise = |i: i32| 5e-4 * (i as f32 * 2.1).sin();
        assert_eq!(sided(|i| [tone(i), 0.0]), Some(StereoSide::Left));
        assert_eq!(sided(|i| [0.0, tone(i)]), Some(StereoSide::Right));
        // The dead channel hisses 46 dB below, or has an offset; the voice pauses.
        assert_eq!(sided(|i| [noise(i), tone(i)]), Some(StereoSide::Right));
        assert_eq!(sided(|i| [tone(i), 0.2]), Some(StereoSide::Left));
        assert_eq!(sided(|i| [if i < 48_000 { tone(i) } else { 0.0 }, noise(i)]), Some(StereoSide::Left));
        // Mono, two voices, an echo 20 dB below, and one who walks from left to right.
        assert_eq!(sided(|i| [tone(i); 2]), None);
        assert_eq!(sided(|i| [tone(i), 0.1 * tone(i)]), None);
        assert_eq!(sided(|i| [0.0, tone(i)].map(|one| if i < 4800 { tone(i) } else { one })), None);
        assert_eq!(sided(|i| if i < 95_000 { [tone(i), 0.0] } else { [0.0, tone(i)] }), None);
        assert_eq!(sided(|_| [0.0; 2]), None);
        assert_eq!(sided(|i| [noise(i) * 0.1, 0.0]), None);
    }

    #[test]
    fn damaged_samples_are_silent() {
        assert!(!heard(|i| [f32::NAN, f32::INFINITY, 0.0][i as usize % 3]).has_sound);
    }
}
