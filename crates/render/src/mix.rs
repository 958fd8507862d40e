use std::f32::consts::FRAC_1_SQRT_2;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use super::RenderError;
use super::dc_offset::{DcFilter, DcOffset};
use super::ducking::Ducking;
use super::gain::{factor, quarter};
use super::high_pass::HighPass;
use mmm_base::{Cancel, Time};
use mmm_facts::Sources;
use mmm_facts::{SAMPLE_RATE, SoundCue, SoundRecipe, StereoSide};
use mmm_media::{Layout, SoundReader, TimeStretch};

/// Frames mixed at a time: half a second.
const BLOCK: usize = 24_000;

/// Frames over which a source that ends before its cue fades out, to avoid a click: 10 ms.
const ENDING: usize = 480;

/// The mix of a movie before levelling: stereo floats in a file, so that memory use doesn't depend on the
/// length.
pub(super) struct Mix {
    file: File,
    frames: u64,
    /// The offset at the start, if the mix is off zero: its frames are then without what is below 10 Hz.
    offset: Option<[f32; 2]>,
}

/// A cue while it plays.
struct Voice<'a> {
    cue: &'a SoundCue,
    ducking: Ducking,
    high_pass: Option<HighPass>,
    reader: SoundReader,
    /// Changes the speed; `None` at normal speed.
    stretch: Option<TimeStretch>,
    /// Interleaved samples that were read but not mixed yet.
    ready: Vec<f32>,
    /// Buffer for the next block.
    block: Vec<f32>,
    /// Frames mixed so far.
    done: u64,
    ended: bool,
}

impl Mix {
    /// Mixes the cues of a recipe into an empty file. A cue whose source ends early is silent afterwards.
    pub(super) fn of(
        recipe: &SoundRecipe,
        sources: &dyn Sources,
        file: File,
        cancel: &Cancel,
    ) -> Result<Self, RenderError> {
        let mut out = BufWriter::new(file);
        let mut voices: Vec<Voice> = Vec::new();
        let mut waiting: Vec<&SoundCue> = recipe.cues.iter().collect();
        let mut block = vec![0.0f32; BLOCK * 2];
        let mut offset = DcOffset::default();
        let mut start = 0;
        while start < recipe.samples {
            if cancel.is_cancelled() {
                return Err(RenderError::Cancelled);
            }
            let frames = (recipe.samples - start).min(BLOCK as u64);
            let end = start + frames;
            let (now, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|cue| cue.start < end);
            waiting = later;
            for cue in now {
                voices.push(Voice::open(cue, sources)?);
            }
            block.fill(0.0);
            for voice in &mut voices {
                voice.add(start, &mut block[..frames as usize * 2])?;
            }
            voices.retain(|voice| voice.cue.start + voice.cue.samples > end);
            offset.measure(&block[..frames as usize * 2]);
            for sample in &block[..frames as usize * 2] {
                out.write_all(&sample.to_le_bytes())?;
            }
            start = end;
        }
        let file = out.into_inner().map_err(|error| error.into_error())?;
        Ok(Self { file, frames: recipe.samples, offset: offset.at_start() })
    }

    /// Returns the frames of the mix from the start, without a DC offset.
    pub(super) fn frames(&mut self) -> Result<impl Iterator<Item = [f32; 2]> + '_, RenderError> {
        self.file.seek(SeekFrom::Start(0))?;
        let mut reader = BufReader::with_capacity(1 << 16, &self.file);
        let mut filter = self.offset.and_then(DcFilter::new);
        Ok((0..self.frames).map_while(move |_| {
            let mut bytes = [0; 8];
            reader.read_exact(&mut bytes).ok()?;
            let (left, right) = bytes.split_at(4);
            let frame = [left, right].map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap_or_default()));
            Some(filter.as_mut().map_or(frame, |filter| filter.push(frame)))
        }))
    }
}

impl<'a> Voice<'a> {
    fn open(cue: &'a SoundCue, sources: &dyn Sources) -> Result<Self, RenderError> {
        let path = sources.path(cue.source).ok_or(RenderError::Gone { source_digest: cue.source })?;
        let failed = RenderError::of(cue.source);
        let mut reader =
            SoundReader::open_track(&path, cue.track, SAMPLE_RATE, Layout::Stereo).map_err(&failed)?;
        let high_pass = cue.high_pass.and_then(HighPass::at);
        let run_up = if high_pass.is_some() { HighPass::SETTLED.min(cue.from) } else { 0 };
        let from = i128::from(cue.from - run_up);
        let start = Time::from_micros((from * 1_000_000 / i128::from(SAMPLE_RATE)) as i64);
        reader.seek(start).map_err(&failed)?;
        let mut voice = Self {
            cue,
            ducking: Ducking::of(cue),
            high_pass,
            reader,
            stretch: None,
            ready: Vec::new(),
            block: Vec::new(),
            done: 0,
            ended: false,
        };
        voice.read(run_up as usize)?;
        voice.ready.drain(..voice.ready.len().min(run_up as usize * 2));
        voice.stretch()?;
        Ok(voice)
    }

    /// Starts the time stretch, beginning with the samples already read.
    fn stretch(&mut self) -> Result<(), RenderError> {
        if self.cue.speed.is_normal() {
            return Ok(());
        }
        let failed = RenderError::of(self.cue.source);
        let mut stretch = TimeStretch::new(SAMPLE_RATE, self.cue.speed).map_err(&failed)?;
        let early = std::mem::take(&mut self.ready);
        stretch.push(&early, &mut self.ready).map_err(&failed)?;
        self.stretch = Some(stretch);
        Ok(())
    }

    /// Reads until at least `frames` frames are ready or the source ends.
    fn read(&mut self, frames: usize) -> Result<(), RenderError> {
        while !self.ended && self.ready.len() < frames * 2 {
            self.ended = !self.reader.read(&mut self.block).map_err(RenderError::of(self.cue.source))?;
            // A damaged sample must not persist in the filter.
            self.block.iter_mut().filter(|sample| !sample.is_finite()).for_each(|sample| *sample = 0.0);
            if let Some(side) = self.cue.centred {
                centre(&mut self.block, side);
            }
            if let Some(high_pass) = &mut self.high_pass {
                high_pass.filter(&mut self.block);
            }
            match &mut self.stretch {
                None => self.ready.append(&mut self.block),
                Some(stretch) => {
                    let taken = if self.ended {
                        stretch.finish(&mut self.ready)
                    } else {
                        stretch.push(&self.block, &mut self.ready)
                    };
                    taken.map_err(RenderError::of(self.cue.source))?;
                }
            }
        }
        Ok(())
    }

    /// Adds the cue's part of `block`, which starts at frame `start` of the movie.
    fn add(&mut self, start: u64, block: &mut [f32]) -> Result<(), RenderError> {
        let offset = self.cue.start.saturating_sub(start) as usize;
        let room = (block.len() / 2).saturating_sub(offset);
        let wanted = room.min((self.cue.samples - self.done) as usize);
        self.read(wanted + ENDING)?;
        let left = self.ready.len() / 2;
        let have = wanted.min(left);
        let ending = |index: usize| {
            if self.ended && left - index < ENDING {
                quarter((left - index) as u64, ENDING as u64)
            } else {
                1.0
            }
        };
        let level = factor(self.cue.gain as f32);
        let frames = block[offset * 2..].chunks_exact_mut(2).zip(self.ready.chunks_exact(2)).take(have);
        for (index, (to, from)) in frames.enumerate() {
            let at = self.done + index as u64;
            let duck = if self.ducking.is_idle() { 1.0 } else { self.ducking.at(self.cue.start + at) };
            let gain = level * duck * fade(self.cue, at) * ending(index);
            to[0] += from[0] * gain;
            to[1] += from[1] * gain;
        }
        self.ready.drain(..have * 2);
        self.done += wanted as u64;
        Ok(())
    }
}

/// Replaces both channels by the one that carries the sound. At 3 dB less on each side, the power, and so the
/// loudness by ITU-R BS.1770, stays the same.
fn centre(block: &mut [f32], side: StereoSide) {
    for frame in block.as_chunks_mut::<2>().0 {
        let sound = match side {
            StereoSide::Left => frame[0],
            StereoSide::Right => frame[1],
        };
        *frame = [sound * FRAC_1_SQRT_2; 2];
    }
}

/// Returns the level of a cue at its frame `at`. It fades in along a quarter sine and out along a quarter
/// cosine. Their squares add up to 1, so a crossfade keeps the power constant.
fn fade(cue: &SoundCue, at: u64) -> f32 {
    let into = if at < cue.fade_in { quarter(at, cue.fade_in) } else { 1.0 };
    let left = cue.samples - at;
    let out = if left < cue.fade_out { quarter(left, cue.fade_out) } else { 1.0 };
    into * out
}
