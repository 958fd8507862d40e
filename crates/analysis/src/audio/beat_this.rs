use crate::net::{ModelError, Net, Tensor};

/// Samples between frames, at 22,050 Hz: 50 frames per second.
const HOP: usize = 441;
/// Bands of the spectrogram.
const MELS: usize = 128;
/// Spectrogram frames computed at a time.
const BLOCK: usize = 1500;
/// Extra frames computed on both sides and dropped, because the spectrogram mirrors the sound at the ends of
/// its input.
const MARGIN: usize = 8;
/// Frames that the model sees at a time, as in its training, and the unused ones at each end.
const SEEN: usize = 1500;
const BORDER: usize = 6;

/// Shorter sound can't be mirrored.
const LEAST_SAMPLES: usize = 2048;

/// Detects beats and downbeats with a user's own model in the form of Beat This! (Foscarin, Schlüter and
/// Widmer, "Beat This! Accurate beat tracking without DBN postprocessing", ISMIR 2024).
///
/// It consists of two models: `audio_pcm` [1, N] to `mel_spectrogram` [1, 1 + N / 441, 128], and
/// `spectrogram` [1, T, 128] to `beat` and `downbeat`, a logit for each frame. Keeps 26 kB per second.
pub struct BeatThis {
    mel: Net,
    beats: Net,
    /// Samples from frame `first` on: those of the next frames, and some before them.
    waiting: Vec<f32>,
    /// The first frame in `waiting`.
    first: usize,
    /// The spectrogram so far, frame by frame.
    frames: Vec<f32>,
}

impl BeatThis {
    /// Loads the two models from the contents of their files.
    pub fn new(mel: Vec<u8>, beats: Vec<u8>) -> Result<Self, ModelError> {
        let (mel, beats) = (Net::read("mel_spectrogram", mel)?, Net::read("beat_this", beats)?);
        Ok(Self { mel, beats, waiting: Vec::new(), first: 0, frames: Vec::new() })
    }

    /// Processes the next samples of one channel at 22,050 Hz.
    pub fn samples(&mut self, samples: &[f32]) -> Result<(), ModelError> {
        self.waiting.extend_from_slice(samples);
        // The last frame of a block must be followed by the margin.
        while self.waiting.len() >= (self.done() - self.first + BLOCK + MARGIN) * HOP {
            let given = (self.done() - self.first + BLOCK + MARGIN) * HOP;
            self.make_frames(given, BLOCK)?;
        }
        Ok(())
    }

    /// Returns, for each frame, the probability of a beat that isn't a downbeat, and of a downbeat.
    pub fn finish(mut self) -> Result<Vec<[f64; 2]>, ModelError> {
        if !self.waiting.is_empty() {
            self.waiting.resize(self.waiting.len().max(LEAST_SAMPLES), 0.0);
            self.make_frames(self.waiting.len(), usize::MAX)?;
        }
        let count = self.done();
        let mut activation = Vec::with_capacity(count);
        while activation.len() < count {
            self.hear(&mut activation, count)?;
        }
        Ok(activation)
    }

    /// Returns the number of finished spectrogram frames.
    fn done(&self) -> usize {
        self.frames.len() / MELS
    }

    /// Computes the next `wanted` frames, or all that there are, from the first `given` samples.
    fn make_frames(&mut self, given: usize, wanted: usize) -> Result<(), ModelError> {
        let sound = Tensor::new(&[1, given], self.waiting[..given].to_vec());
        let made = self.mel.run(&[("audio_pcm", &sound)], &["mel_spectrogram"])?;
        let made = made.into_iter().next().unwrap_or_default().values;
        let start = (self.done() - self.first) * MELS;
        let wanted = wanted.saturating_mul(MELS).min(made.len().saturating_sub(start));
        if wanted == 0 {
            return Err(self.mel.failure("it gives no frames"));
        }
        self.frames.extend_from_slice(&made[start..start + wanted]);
        let next = self.done().saturating_sub(MARGIN);
        let used = ((next - self.first) * HOP).min(self.waiting.len());
        self.waiting.drain(..used);
        self.first = next;
        Ok(())
    }

    /// Appends the model's output for the next frames; `count` is the total number of frames.
    fn hear(&self, activation: &mut Vec<[f64; 2]>, count: usize) -> Result<(), ModelError> {
        // The music is padded with silence on both sides. The last run sees a full window too.
        let latest = (count + 2 * BORDER).saturating_sub(SEEN);
        let start = activation.len().min(latest);
        let mut seen = vec![0.0; SEEN.min(count - start + 2 * BORDER) * MELS];
        let (from, skipped) = (start.saturating_sub(BORDER), BORDER.saturating_sub(start));
        let part = &self.frames[from * MELS..];
        let part = &part[..part.len().min(seen.len() - skipped * MELS)];
        seen[skipped * MELS..][..part.len()].copy_from_slice(part);
        let frames = seen.len() / MELS;
        let spectrogram = Tensor::new(&[1, frames, MELS], seen);
        let heard = self.beats.run(&[("spectrogram", &spectrogram)], &["beat", "downbeat"])?;
        let [beat, down] = heard.as_slice() else { return Err(self.beats.failure("it gives no beats")) };
        if beat.values.len() != frames || down.values.len() != frames {
            return Err(self.beats.failure("it gives not one value a frame"));
        }
        let logits = beat.values.iter().zip(&down.values).map(|(beat, down)| shares(*beat, *down));
        let new = activation.len() - start;
        activation.extend(logits.take(frames - BORDER).skip(BORDER + new).take(count - activation.len()));
        Ok(())
    }
}

/// Returns the probabilities of a beat that isn't a downbeat, and of a downbeat; the model's beats include
/// both.
fn shares(beat: f32, down: f32) -> [f64; 2] {
    let probability = |logit: f32| 1.0 / (1.0 + (-f64::from(logit)).exp());
    let (beat, down) = (probability(beat), probability(down));
    [(beat - down).max(0.0), down.min(beat)]
}
