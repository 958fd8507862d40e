use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use super::ducking::Ducking;
use super::{RenderError, Sources};
use crate::base::{Cancel, Time};
use crate::media::{Layout, SoundReader};
use crate::timeline::{SoundCue, SoundRecipe};

/// Samples a second of everything here.
pub(super) const RATE: u32 = 48_000;

/// Frames that are mixed at a time: half a second.
const BLOCK: usize = 24_000;

/// The mix of a movie, before its level is set: stereo floats in a temporary file, so that an
/// hour takes no more memory than a minute.
pub(super) struct Mix {
    file: File,
    frames: u64,
}

/// One cue while it sounds.
struct Voice<'a> {
    cue: &'a SoundCue,
    ducking: Ducking,
    reader: SoundReader,
    /// Interleaved samples that were read and not used yet.
    ready: Vec<f32>,
    /// The block that is read next.
    block: Vec<f32>,
    /// Frames that were used.
    done: u64,
    ended: bool,
}

impl Mix {
    /// Mixes the cues of a recipe. A cue whose source ends early is silent from there on.
    pub(super) fn of(
        recipe: &SoundRecipe,
        sources: &dyn Sources,
        cancel: &Cancel,
    ) -> Result<Self, RenderError> {
        let mut out = BufWriter::new(tempfile::tempfile()?);
        let mut voices: Vec<Voice> = Vec::new();
        let mut waiting: Vec<&SoundCue> = recipe.cues.iter().collect();
        let mut block = vec![0.0f32; BLOCK * 2];
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
            for sample in &block[..frames as usize * 2] {
                out.write_all(&sample.to_le_bytes())?;
            }
            start = end;
        }
        let file = out.into_inner().map_err(|error| error.into_error())?;
        Ok(Self { file, frames: recipe.samples })
    }

    /// The frames of the mix from the start.
    pub(super) fn frames(&mut self) -> Result<impl Iterator<Item = [f32; 2]> + '_, RenderError> {
        self.file.seek(SeekFrom::Start(0))?;
        let mut reader = BufReader::with_capacity(1 << 16, &self.file);
        Ok((0..self.frames).map_while(move |_| {
            let mut bytes = [0; 8];
            reader.read_exact(&mut bytes).ok()?;
            let (left, right) = bytes.split_at(4);
            Some([left, right].map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap_or_default())))
        }))
    }
}

impl<'a> Voice<'a> {
    fn open(cue: &'a SoundCue, sources: &dyn Sources) -> Result<Self, RenderError> {
        let path = sources.path(cue.source).ok_or(RenderError::Gone { source_digest: cue.source })?;
        let failed = RenderError::of(cue.source);
        let mut reader = SoundReader::open(&path, RATE, Layout::Stereo).map_err(&failed)?;
        let from = Time::from_micros((i128::from(cue.from) * 1_000_000 / i128::from(RATE)) as i64);
        reader.seek(from).map_err(&failed)?;
        Ok(Self {
            cue,
            ducking: Ducking::of(cue),
            reader,
            ready: Vec::new(),
            block: Vec::new(),
            done: 0,
            ended: false,
        })
    }

    /// Adds what of the cue falls into `block`, which starts at frame `start` of the movie.
    fn add(&mut self, start: u64, block: &mut [f32]) -> Result<(), RenderError> {
        let offset = self.cue.start.saturating_sub(start) as usize;
        let room = (block.len() / 2).saturating_sub(offset);
        let wanted = room.min((self.cue.samples - self.done) as usize);
        while !self.ended && self.ready.len() < wanted * 2 {
            let more = self.reader.read(&mut self.block).map_err(RenderError::of(self.cue.source))?;
            self.ready.append(&mut self.block);
            self.ended = !more;
        }
        let have = wanted.min(self.ready.len() / 2);
        let level = 10f32.powf(self.cue.gain as f32 / 2000.0);
        let frames = block[offset * 2..].chunks_exact_mut(2).zip(self.ready.chunks_exact(2)).take(have);
        for (index, (to, from)) in frames.enumerate() {
            let at = self.done + index as u64;
            let duck = if self.ducking.is_idle() { 1.0 } else { self.ducking.at(self.cue.start + at) };
            let gain = level * duck * fade(self.cue, at);
            to[0] += from[0] * gain;
            to[1] += from[1] * gain;
        }
        self.ready.drain(..have * 2);
        self.done += wanted as u64;
        Ok(())
    }
}

/// The level of a cue at its frame `at`: a quarter of a sine in, a quarter of a cosine out.
fn fade(cue: &SoundCue, at: u64) -> f32 {
    let curve = |part: u64, whole: u64| (part as f32 / whole as f32 * std::f32::consts::FRAC_PI_2).sin();
    let into = if at < cue.fade_in { curve(at, cue.fade_in) } else { 1.0 };
    let left = cue.samples - 1 - at;
    let out = if left < cue.fade_out { curve(left, cue.fade_out) } else { 1.0 };
    into * out
}
