use ebur128::{EbuR128, Mode};

use super::RenderError;
use super::gain::factor;
use super::limiter::Limiter;
use super::mix::Mix;
use mmm_base::Cancel;
use mmm_facts::SAMPLE_RATE;

/// How a mix is brought to its loudness.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    gain: f32,
}

/// The ceiling of the true peak: −1 dBTP is allowed, and AAC overshoots by some tenths.
const CEILING: f32 = 0.794; // −2 dB

/// A quiet recording is not lifted by more than this (30 dB), or its noise would be the movie.
const MOST_GAIN: f32 = 31.6;

/// The gain is found again after limiting, which takes some loudness away, at most this often.
const ROUNDS: usize = 8;

/// Hundredths of a LU by which the finished sound may miss its loudness before another round.
const CLOSE: f64 = 10.0;

impl Level {
    /// The level that brings `mix` to `loudness` hundredths of a LUFS (EBU R128, integrated).
    /// Silence stays as it is.
    pub(super) fn for_loudness(mix: &mut Mix, loudness: i32, cancel: &Cancel) -> Result<Self, RenderError> {
        let mut level = Self { gain: 1.0 };
        let Some(mut before) = integrated(mix.frames()?, cancel)? else { return Ok(level) };
        let mut step = f64::from(loudness) - before;
        for _ in 0..ROUNDS {
            level.gain = (level.gain * factor(step as f32)).min(MOST_GAIN);
            let Some(now) = integrated(level.apply(mix)?, cancel)? else { break };
            let miss = f64::from(loudness) - now;
            if miss.abs() < CLOSE || level.gain >= MOST_GAIN {
                break;
            }
            // The limiter gives back only a part of what the gain adds: as much again as the last
            // step gave, bounded, finds the level of heavily limited sound in a few rounds.
            let given = ((now - before) / step).clamp(0.15, 1.0);
            (before, step) = (now, miss / given);
        }
        Ok(level)
    }

    /// The frames of `mix` at this level, limited; as many as the mix has.
    pub(super) fn apply(self, mix: &mut Mix) -> Result<impl Iterator<Item = [f32; 2]> + '_, RenderError> {
        let mut limiter = Limiter::new(CEILING);
        let tail = std::iter::repeat_n([0.0; 2], Limiter::DELAY);
        let frames = mix.frames()?.chain(tail);
        Ok(frames.filter_map(move |[left, right]| limiter.push([left * self.gain, right * self.gain])))
    }
}

/// Integrated loudness in whole hundredths of a LUFS, so that a last digit in which processors differ does not
/// reach the gain; none for silence.
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
