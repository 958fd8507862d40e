use ffmpeg_next::format::sample::{Sample, Type};
use ffmpeg_next::{ChannelLayout, filter, frame};

use super::super::quiet_libav;
use mmm_base::Speed;
use mmm_facts::MediaError;

/// Makes stereo sound faster or slower and keeps its pitch: libavfilter's atempo, which lays windows
/// of the sound over each other where they fit best (WSOLA, Verhelst and Roelands 1993).
pub struct TimeStretch {
    graph: filter::Graph,
    rate_hz: u32,
    speed: Speed,
    /// Samples of each channel that were meant to be heard, taken and given.
    taken: u64,
    given: u64,
    /// Samples of each channel that the filter was handed.
    fed: i64,
}

/// Samples of a channel in a frame that the filter is handed.
const BLOCK: usize = 4096;

impl TimeStretch {
    /// A filter for sound of `rate_hz` samples a second.
    ///
    /// # Errors
    /// Where libavfilter lacks what it takes.
    pub fn new(rate_hz: u32, speed: Speed) -> Result<Self, MediaError> {
        quiet_libav();
        let mut stretch = Self { graph: filter::Graph::new(), rate_hz, speed, taken: 0, given: 0, fed: 0 };
        stretch.set_up().map_err(|error| MediaError::unsupported(format!("atempo: {error}")))?;
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
        // SAFETY: sets a number of a graph that is not configured yet.
        unsafe { (*self.graph.as_mut_ptr()).nb_threads = 1 };
        self.graph.add(&source, "in", &shape)?;
        self.graph.add(&sink, "out", "")?;
        self.graph.output("in", 0)?.input("out", 0)?.parse(&chain(self.speed))?;
        self.graph.validate()
    }

    /// Takes interleaved samples, and appends what can be made by now.
    ///
    /// # Errors
    /// When the filter fails.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) -> Result<(), MediaError> {
        let samples = samples.as_chunks::<2>().0;
        self.taken += samples.len() as u64;
        self.feed(samples, out)
    }

    /// Appends what is left, so that the length is right to the sample.
    ///
    /// # Errors
    /// When the filter fails.
    pub fn finish(&mut self, out: &mut Vec<f32>) -> Result<(), MediaError> {
        let whole = self.speed.samples_last(self.taken);
        let before = out.len();
        let left = whole.saturating_sub(self.given) as usize;
        // The filter keeps its last windows for itself.
        self.feed(&vec![[0.0; 2]; self.window() * 4], out)?;
        let source = self.graph.get("in");
        source.map_or(Ok(()), |mut source| source.source().flush()).map_err(MediaError::corrupt)?;
        self.drain(out);
        out.resize(before + left * 2, 0.0);
        Ok(())
    }

    /// Samples of one window.
    fn window(&self) -> usize {
        (self.rate_hz / 24).next_power_of_two() as usize
    }

    /// Each atempo begins half a window into what it is handed.
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
            source.map_or(Ok(()), |mut source| source.source().add(&frame)).map_err(MediaError::corrupt)?;
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

/// How many filters follow each other, and the speed of each: beyond twice the speed atempo leaves samples
/// out, and below half of it it does not go.
fn steps(speed: Speed) -> (i32, f64) {
    let speed = speed.get();
    if (0.5..=2.0).contains(&speed) { (1, speed) } else { (2, speed.sqrt()) }
}

fn chain(speed: Speed) -> String {
    let (steps, step) = steps(speed);
    vec![format!("atempo={step:.9}"); steps as usize].join(",")
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

    /// How often the left channel rises through zero in a second.
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
