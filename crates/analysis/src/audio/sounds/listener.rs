use crate::net::{ModelError, Net, Tensor};

use super::mel::BANDS;

/// Output frames of one run of the model (a minute).
const BLOCK: usize = 6000;
/// Context frames on either side of them (2 s): more than the model's memory, so that the output is the same
/// as from one run over the whole.
const LAP: usize = 200;

/// Probabilities of speech, singing and music in one frame, each 0..=1; they don't add up to 1.
pub type Probabilities = [f32; 3];

/// Runs the model over frames as they come, a minute at a time.
pub struct EventListener {
    net: &'static Net,
    /// Scaled bands of the frames from `answered - before` on.
    frames: Vec<f32>,
    /// Frames at the start of `frames` that already have an output.
    before: usize,
    answers: Vec<Probabilities>,
    /// The model's first error.
    failed: Option<ModelError>,
}

impl EventListener {
    pub fn new(net: &'static Net) -> Self {
        Self { net, frames: Vec::new(), before: 0, answers: Vec::new(), failed: None }
    }

    /// Processes the next frame.
    pub fn frame(&mut self, bands: &[f32; BANDS]) {
        if self.failed.is_some() {
            return;
        }
        self.frames.extend_from_slice(bands);
        if self.frames.len() == (self.before + BLOCK + LAP) * BANDS {
            self.failed = self.answer(BLOCK).err();
        }
    }

    /// Returns the probabilities of each frame.
    ///
    /// # Errors
    /// If the model can't be run.
    pub fn finish(mut self) -> Result<Vec<Probabilities>, ModelError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        while self.frames.len() > self.before * BANDS {
            let waiting = self.frames.len() / BANDS - self.before;
            self.answer(waiting.min(BLOCK))?;
        }
        Ok(self.answers)
    }

    /// Runs the model on all stored frames and keeps the output of the first `count` waiting ones.
    fn answer(&mut self, count: usize) -> Result<(), ModelError> {
        let held = self.frames.len() / BANDS;
        let input = Tensor::new(&[1, held, BANDS], self.frames.clone());
        let output = self.net.run(&[("feat", &input)], &["probs"])?.pop().unwrap_or_default();
        let (rows, _) = output.values.as_chunks::<3>();
        // The model returns one row per frame; missing rows count as zero.
        let row = |i: usize| rows.get(i).copied().unwrap_or_default();
        self.answers.extend((self.before..self.before + count).map(row));
        let kept = (self.before + count).saturating_sub(LAP);
        self.before += count - kept;
        self.frames.drain(..kept * BANDS);
        Ok(())
    }
}
