use std::fs::File;
use std::path::{Path, PathBuf};

use super::super::container::Container;
use super::super::file_part::FilePart;
use super::super::kind::{self, Sniffed};
use super::super::motion;
use super::Source;
use super::layout::Layout;
use super::libav::Libav;
use super::promise::Promise;
use super::swr::Resampler;
use super::symphonia::Symphonia;
use mmm_base::Time;
use mmm_facts::MediaError;

/// Decodes the sound of music or of a clip, block by block, at the requested rate.
///
/// Sample 0 is the first audible one: encoder priming is removed. In a clip it is the sample that plays with
/// the first frame. Gaps are filled with silence.
pub struct SoundReader {
    path: PathBuf,
    /// The number of the sound track, counted from 1; `None` for the one that is chosen.
    track: Option<u8>,
    rate_hz: u32,
    layout: Layout,
    source: Box<dyn Source>,
    promise: Promise,
    resampler: Option<Resampler>,
    /// Samples per channel from time 0 to the next one that the resampler outputs.
    position: i64,
    /// The first sample to output; earlier ones are dropped.
    from: i64,
    /// After a seek: the position of the next block, in samples at the file's rate from time 0.
    run_up: Option<i64>,
    ended: bool,
    damaged: bool,
    /// The length according to the headers, if the sound turned out to be clearly shorter.
    missed: Option<Time>,
}

impl SoundReader {
    /// Opens the sound of a file, resampled to `rate_hz` samples per second and channel.
    ///
    /// # Errors
    /// If the file can't be read or has no sound that can be decoded.
    pub fn open(path: &Path, rate_hz: u32, layout: Layout) -> Result<Self, MediaError> {
        Self::open_track(path, None, rate_hz, layout)
    }

    /// Opens the sound track of this number, counted from 1 among the sound tracks of the file, instead of
    /// the one that [`SoundReader::open`] chooses.
    ///
    /// # Errors
    /// Same as [`SoundReader::open`]; also if there is no such track.
    pub fn open_track(
        path: &Path,
        track: Option<u8>,
        rate_hz: u32,
        layout: Layout,
    ) -> Result<Self, MediaError> {
        let (source, promise) = open_source(path, track, layout)?;
        Ok(Self {
            path: path.to_owned(),
            track,
            rate_hz: rate_hz.max(1),
            layout,
            source,
            promise,
            resampler: None,
            position: 0,
            from: 0,
            run_up: None,
            ended: false,
            damaged: false,
            missed: None,
        })
    }

    /// Whether anything read so far was missing or unreadable; the readable rest is returned all the same.
    pub fn is_damaged(&self) -> bool {
        self.damaged || self.source.is_damaged()
    }

    /// Returns the length of a piece of music according to its headers, if reading it ended clearly earlier.
    pub fn missed(&self) -> Option<Time> {
        self.missed
    }

    /// Seeks to the sample at `time`, rounded to the nearest: the next block begins with it.
    ///
    /// In clips whose container counts time coarsely (milliseconds in Matroska, FLV and WMV), a distant seek
    /// is exact to one such step.
    ///
    /// # Errors
    /// If the file can't be read any more.
    pub fn seek(&mut self, time: Time) -> Result<(), MediaError> {
        let micros = i128::from(time.micros().max(0));
        let from = ((micros * i128::from(self.rate_hz) + 500_000) / 1_000_000) as i64;
        let ahead = from - self.position;
        let most = if self.source.seeks() { 2 * i64::from(self.rate_hz) } else { i64::MAX };
        if self.ended || !(0..=most).contains(&ahead) {
            self.damaged |= self.source.is_damaged();
            self.run_up = self.source.seek(time);
            self.resampler = None;
            self.position = 0;
            self.ended = false;
            if self.run_up.is_none() {
                (self.source, self.promise) = open_source(&self.path, self.track, self.layout)?;
            }
        }
        self.from = from;
        Ok(())
    }

    /// Replaces the content of `out` with the next samples, interleaved. Returns false at the end.
    ///
    /// # Errors
    /// If the file can't be read any more, or nothing in it could be decoded.
    pub fn read(&mut self, out: &mut Vec<f32>) -> Result<bool, MediaError> {
        out.clear();
        let had_ended = self.ended;
        while out.is_empty() && !self.ended {
            if let Err(error) = self.fill(out) {
                // What was read before remains valid.
                let began = self.from > 0 || self.position > 0;
                if error.is_transient() || !began {
                    return Err(error);
                }
                (self.ended, self.damaged) = (true, true);
            }
            let channels = self.layout.count();
            let made = (out.len() / channels) as i64;
            let early = (self.from - self.position).clamp(0, made);
            out.drain(..early as usize * channels);
            self.position += made;
        }
        if self.ended && !had_ended {
            self.check_promise();
        }
        // After a seek, the part before may well be intact.
        if (self.position, self.from) == (0, 0) && out.is_empty() {
            if self.is_damaged() {
                return Err(MediaError::corrupt("nothing of its sound can be decoded"));
            }
            if self.promise.is_music {
                return Err(MediaError::NoSound);
            }
        }
        Ok(!out.is_empty())
    }

    /// Compares what was read with what the file promises.
    fn check_promise(&mut self) {
        let read_s = self.position as f64 / f64::from(self.rate_hz);
        let missed_s = self.promise.missed_s(read_s);
        self.missed = missed_s.map(|seconds| Time::from_micros((seconds * 1e6).round() as i64));
        self.damaged |= self.missed.is_some() || self.promise.is_cut(&self.path);
    }

    /// Appends the resampled samples of one more block, or the last ones.
    fn fill(&mut self, out: &mut Vec<f32>) -> Result<(), MediaError> {
        let Some(block) = self.source.next()? else {
            self.ended = true;
            return self.resampler.as_mut().map_or(Ok(()), |resampler| resampler.finish(out));
        };
        let mut samples = block.samples.as_slice();
        let rates = (block.rate_hz, self.rate_hz);
        if let Some(at) = self.run_up.take() {
            samples = self.run_up_to_period(at, samples, rates);
            if samples.is_empty() {
                return Ok(());
            }
        }
        if let Some(old) = self.resampler.take_if(|resampler| resampler.rates != rates).as_mut() {
            old.finish(out)?;
        }
        let resampler = match self.resampler.take() {
            Some(resampler) => resampler,
            None => Resampler::new(self.layout, rates.0, rates.1)?,
        };
        self.resampler.insert(resampler).push(samples, out)
    }

    /// Drops samples up to the next instant at which samples of both rates coincide, so that reading after a
    /// seek gives the same samples as reading from the start. `at` is the index of the first of `samples`.
    fn run_up_to_period<'a>(&mut self, at: i64, samples: &'a [f32], rates: (u32, u32)) -> &'a [f32] {
        let channels = self.layout.count();
        let count = (samples.len() / channels) as i64;
        let period = Resampler::period(rates.0, rates.1);
        let start = (at + period - 1).div_euclid(period) * period;
        if start - at >= count {
            self.run_up = Some(at + count);
            return &[];
        }
        self.position = start / period * Resampler::period(rates.1, rates.0);
        &samples[(start - at) as usize * channels..]
    }
}

/// Opens a file with symphonia if it supports it, else with libav. Only libav chooses among several tracks.
fn open_source(
    path: &Path,
    track: Option<u8>,
    layout: Layout,
) -> Result<(Box<dyn Source>, Promise), MediaError> {
    let mut file = kind::open(path)?;
    let part = match kind::sniff(&mut file)? {
        Sniffed::Container => FilePart::whole(file),
        Sniffed::Photo(format) => motion::open(file, format).map_err(|error| match error {
            MediaError::NoPicture => MediaError::NoSound,
            error => error,
        })?,
        Sniffed::Refused(error) => return Err(error),
    };
    let container = Container::read(part)?;
    let name = container.input.format().name().to_owned();
    let promise = Promise::of(&container, track);
    if promise.is_music
        && container.streams.sounds.len() == 1
        && track.is_none_or(|track| track == 1)
        && let Some(source) = Symphonia::open(File::open(path)?, &name, layout)
    {
        let promise = promise.with(source.stated_s());
        return Ok((Box::new(source), promise));
    }
    Ok((Box::new(Libav::open(container, track, layout)?), promise))
}
