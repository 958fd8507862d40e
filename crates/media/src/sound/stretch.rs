use ffmpeg_next::format::sample::{Sample, Type};
use ffmpeg_next::{ChannelLayout, filter, frame};

use super::super::quiet_libav;
use mmm_base::Speed;
use mmm_facts::MediaError;

/// Changes the speed of stereo sound and preserves its pitch: libavfilter's atempo, which overlaps windows of
/// the sound where they fit best (WSOLA, Verhelst and Roelands 1993).
pub struct TimeStretch {
    graph: filter::Graph,
    rate_hz: u32,
    speed: Speed,
    /// Samples per channel of the actual sound, without padding: received and returned.
    taken: u64,
    given: u64,
    /// Samples per channel passed to the filter, padding included.
    fed: i64,
}

/// Samples per channel in a frame passed to the filter.
const BLOCK: usize = 4096;

impl TimeStretch {
    /// Returns a filter for sound of `rate_hz` samples per second.
    ///
    /// # Errors
    /// If libavfilter can't set up the filter.
    pub fn new(rate_hz: u32, speed: Speed) -> Result<Self, MediaError> {
        quiet_libav();
        let mut stretch = Self { graph: filter::Graph::new(), rate_hz, speed, taken: 0, given: 0, fed: 0 };
        stretch.set_up().map_err(|_| refused())?;
        stretch.feed(&vec![[0.0; 2]; stretch.lead()], &mut Vec::new())?;
        Ok(stretch)
    }

    fn set_up(&mut self) -> Result<(), ffmpeg_next::Error> {
        let missing = ffmpeg_next::Error::FilterNotFound;
        let (source, sink) =
            (filter::find("abuffer").ok_or(missing)?, filter::find("abuffersink").ok_or(missing)?);
        let rate_hz = self.rate_hz;
        let shape =
            format!("sample_rate={rate_hz}:sample_fmt=flt:channel_layout=stereo:time_base=1/{rate_hz}");
        // SAFETY: sets a number of a graph that isn't configured yet.
        unsafe { (*self.graph.as_mut_ptr()).nb_threads = 1 };
        self.graph.add(&source, "in", &shape)?;
        self.graph.add(&sink, "out", "")?;
        self.graph.output("in", 0)?.input("out", 0)?.parse(&chain(self.speed))?;
        self.graph.validate()
    }

    /// Passes on interleaved samples and appends the output available so far.
    ///
    /// # Errors
    /// If the filter fails.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) -> Result<(), MediaError> {
        let samples = samples.as_chunks::<2>().0;
        self.taken += samples.len() as u64;
        self.feed(samples, out)
    }

    /// Appends the remaining output, so that the length is exact to the sample.
    ///
    /// # Errors
    /// If the filter fails.
    pub fn finish(&mut self, out: &mut Vec<f32>) -> Result<(), MediaError> {
        let whole = self.speed.samples_last(self.taken);
        let before = out.len();
        let left = whole.saturating_sub(self.given) as usize;
        // The filter keeps its last windows back, so silence pushes them out.
        self.feed(&vec![[0.0; 2]; self.window() * 4], out)?;
        let source = self.graph.get("in");
        source.map_or(Ok(()), |mut source| source.source().flush()).map_err(|_| refused())?;
        self.drain(out);
        out.resize(before + left * 2, 0.0);
        Ok(())
    }

    /// Returns the number of samples in one window.
    fn window(&self) -> usize {
        (self.rate_hz / 24).next_power_of_two() as usize
    }

    /// Returns the samples of silence to feed first: each atempo begins half a window into its input.
    fn lead(&self) -> usize {
        let (steps, step) = steps(self.speed);
        let half = self.window() as f64 / 2.0;
        (0..steps).map(|before| half * step.powi(before)).sum::<f64>().round() as usize
    }

    fn feed(&mut self, samples: &[[f32; 2]], out: &mut Vec<f32>) -> Result<(), MediaError> {
        for block in samples.chunks(BLOCK) {
            let packed = Sample::F32(Type::Packed);
            let mut frame = frame::Audio::new(packed, block.len(), ChannelLayout::STEREO);
            frame.set_rate(self.rate_hz);
            frame.set_pts(Some(self.fed));
            self.fed += block.len() as i64;
            for (to, [left, right]) in frame.plane_mut::<(f32, f32)>(0).iter_mut().zip(block) {
                *to = (*left, *right);
            }
            let source = self.graph.get("in");
            source.map_or(Ok(()), |mut source| source.source().add(&frame)).map_err(|_| refused())?;
            self.drain(out);
        }
        Ok(())
    }

    fn drain(&mut self, out: &mut Vec<f32>) {
        let Some(mut sink) = self.graph.get("out") else { return };
        let mut frame = frame::Audio::empty();
        while sink.sink().frame(&mut frame).is_ok() {
            self.given += frame.samples() as u64;
            out.extend(frame.plane::<(f32, f32)>(0).iter().flat_map(|(left, right)| [*left, *right]));
        }
    }
}

/// Returns how many filters are chained, and the speed of each: above twice the speed atempo drops samples,
/// and it doesn't support less than half.
fn steps(speed: Speed) -> (i32, f64) {
    let speed = speed.get();
    if (0.5..=2.0).contains(&speed) { (1, speed) } else { (2, speed.sqrt()) }
}

fn chain(speed: Speed) -> String {
    let (steps, step) = steps(speed);
    vec![format!("atempo={step:.9}"); steps as usize].join(",")
}

fn refused() -> MediaError {
    MediaError::unsupported("the speed of this sound can't be changed")
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    const HZ: u32 = 48_000;

    fn stretched(speed: Speed, samples: &[f32], block: usize) -> Vec<f32> {
        let mut stretch = TimeStretch::new(HZ, speed).unwrap();
        let mut out = Vec::new();
        for part in samples.chunks(block * 2) {
            stretch.push(part, &mut out).unwrap();
        }
        stretch.finish(&mut out).unwrap();
        out
    }

    /// Returns how many times per second the left channel crosses zero upwards.
    fn pitch(samples: &[f32]) -> f64 {
        let left: Vec<f32> = samples.iter().copied().step_by(2).collect();
        let rises = left.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
        rises as f64 * f64::from(HZ) / left.len() as f64
    }

    #[test]
    fn pitch_and_length_are_right_at_every_speed() {
        let sine = |n: usize| ((n as f64 * 440.0 * TAU / f64::from(HZ)).sin() * 0.5) as f32;
        let tone: Vec<f32> = (0..HZ as usize * 4).flat_map(|n| [sine(n), sine(n)]).collect();
        for thousandths in [250, 333, 500, 800, 1500, 2000, 3700, 4000] {
            let speed = Speed::from_thousandths(thousandths).unwrap();
            let out = stretched(speed, &tone, 1000);
            assert_eq!(out.len() as u64, speed.samples_last(u64::from(HZ) * 4) * 2, "at {thousandths}");
            let inner = &out[out.len() / 20 * 2..out.len() / 20 * 18];
            assert!((pitch(inner) - 440.0).abs() < 4.0, "{} Hz at {thousandths}", pitch(inner));
            assert_eq!(stretched(speed, &tone, 7777), out, "the blocks have a say at {thousandths}");
        }
    }

    #[test]
    fn what_is_heard_stays_with_what_is_seen() {
        // A short tone every half second.
        let strike = |n: usize| {
            let at = (n % 24_000) as f64;
            ((at * 800.0 * TAU / f64::from(HZ)).sin() * (-at / 1500.0).exp()) as f32
        };
        let strikes: Vec<f32> = (0..HZ as usize * 4).flat_map(|n| [strike(n), strike(n)]).collect();
        for thousandths in [250, 500, 800, 2000, 3000, 4000] {
            let speed = Speed::from_thousandths(thousandths).unwrap();
            let left: Vec<f32> = stretched(speed, &strikes, 4800).into_iter().step_by(2).collect();
            for strike in 1..8 {
                let at = speed.samples_last(strike * 24_000) as usize;
                let first = (at - 1920..at + 1920).find(|n| left[*n].abs() > 0.2);
                assert!(first.is_some(), "no tone within 40 ms of strike {strike} at {thousandths}");
                assert!(left[at - 2880..at - 1920].iter().all(|sample| sample.abs() < 0.2));
            }
        }
    }
}
