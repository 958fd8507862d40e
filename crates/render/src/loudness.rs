use ebur128::{EbuR128, Mode};

use super::RenderError;
use super::gain::factor;
use super::limiter::Limiter;
use super::mix::Mix;
use mmm_base::Cancel;
use mmm_facts::SAMPLE_RATE;

/// The gain that brings a mix to its loudness below a ceiling.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    gain: f32,
    /// The highest true peak that the limiter passes on, where 1 is full scale.
    ceiling: f32,
    /// The factor of the limited sound in the end.
    trim: f32,
    /// The loudness of the result in hundredths of a LUFS.
    reached: i32,
}

/// The first ceiling of the true peak: −1 dBTP is allowed, and an encoder overshoots by some tenths.
const CEILING: f32 = 0.794; // −2 dB

/// The largest gain for a quiet recording (30 dB); more would make its noise dominate the movie.
const MOST_GAIN: f32 = 31.6;

/// The most rounds of finding the gain, which is repeated because limiting reduces loudness.
const ROUNDS: usize = 8;

/// The largest error of the loudness in hundredths of a LU that needs no further round.
const CLOSE: f64 = 10.0;

impl Level {
    /// Returns the level that brings `mix` to `loudness`, in hundredths of a LUFS (EBU R128, integrated).
    /// Silence is unchanged.
    pub(super) fn for_loudness(mix: &mut Mix, loudness: i32, cancel: &Cancel) -> Result<Self, RenderError> {
        Self::below(CEILING, mix, loudness, cancel)
    }

    /// Returns the level that brings `mix` to `loudness` with a ceiling that is `by` hundredths of a decibel
    /// lower than that of this level.
    pub(super) fn lower_ceiling(
        self,
        by: i32,
        mix: &mut Mix,
        loudness: i32,
        cancel: &Cancel,
    ) -> Result<Self, RenderError> {
        Self::below(self.ceiling * factor(-by as f32), mix, loudness, cancel)
    }

    /// Returns this level, `by` hundredths of a decibel quieter.
    pub(super) fn quieter(self, by: i32) -> Self {
        Self { trim: self.trim * factor(-by as f32), reached: self.reached - by, ..self }
    }

    /// Returns a level that is `by` hundredths of a LU louder, or quieter if negative. Its peaks rise by at most
    /// `room` hundredths of a decibel; the limiter does the rest.
    pub(super) fn raised(
        self,
        by: i32,
        room: i32,
        mix: &mut Mix,
        cancel: &Cancel,
    ) -> Result<Self, RenderError> {
        if by <= room {
            return Ok(self.quieter(-by));
        }
        Self::below(self.ceiling * self.trim * factor(room as f32), mix, self.reached + by, cancel)
    }

    /// Whether a quiet recording got as much gain as any does.
    pub(super) fn is_at_most_gain(self) -> bool {
        self.gain >= MOST_GAIN
    }

    fn below(ceiling: f32, mix: &mut Mix, loudness: i32, cancel: &Cancel) -> Result<Self, RenderError> {
        let mut level = Self { gain: 1.0, ceiling, trim: 1.0, reached: loudness };
        let Some(mut before) = integrated(mix.frames()?, cancel)? else { return Ok(level) };
        let mut step = f64::from(loudness) - before;
        for _ in 0..ROUNDS {
            level.gain = (level.gain * factor(step as f32)).min(MOST_GAIN);
            let Some(now) = integrated(level.apply(mix)?, cancel)? else { break };
            level.reached = now as i32;
            let miss = f64::from(loudness) - now;
            if miss.abs() < CLOSE || level.gain >= MOST_GAIN {
                break;
            }
            // The limiter passes on only a part of added gain. Assuming the same part as in the last step,
            // within bounds, finds the level of heavily limited sound in a few rounds.
            let given = ((now - before) / step).clamp(0.15, 1.0);
            (before, step) = (now, miss / given);
        }
        Ok(level)
    }

    /// Returns the frames of `mix` at this level, limited; as many as the mix has.
    pub(super) fn apply(self, mix: &mut Mix) -> Result<impl Iterator<Item = [f32; 2]> + '_, RenderError> {
        let mut limiter = Limiter::new(self.ceiling);
        let tail = std::iter::repeat_n([0.0; 2], Limiter::DELAY);
        let frames = mix.frames()?.chain(tail);
        let limited = frames.filter_map(move |frame| limiter.push(frame.map(|sample| sample * self.gain)));
        Ok(limited.map(move |frame| frame.map(|sample| sample * self.trim)))
    }
}

/// Returns the integrated loudness in whole hundredths of a LUFS; `None` for silence. Rounding keeps digits
/// that differ between processors out of the gain.
fn integrated(frames: impl Iterator<Item = [f32; 2]>, cancel: &Cancel) -> Result<Option<f64>, RenderError> {
    let failed = |error: ebur128::Error| RenderError::Encoder(error.to_string());
    let mut meter = EbuR128::new(2, SAMPLE_RATE, Mode::I).map_err(failed)?;
    let mut block = Vec::with_capacity(SAMPLE_RATE as usize * 2);
    for frame in frames {
        block.extend(frame);
        if block.len() == block.capacity() {
            meter.add_frames_f32(&block).map_err(failed)?;
            block.clear();
            if cancel.is_cancelled() {
                return Err(RenderError::Cancelled);
            }
        }
    }
    meter.add_frames_f32(&block).map_err(failed)?;
    let loudness = meter.loudness_global().map_err(failed)?;
    Ok(loudness.is_finite().then(|| (loudness * 100.0).round()))
}
