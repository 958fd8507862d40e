use std::fs::File;

use ffmpeg_next::codec::{Context, Flags};
use ffmpeg_next::{ChannelLayout, Dictionary, Rational, encoder, format, frame};

use super::encoded::Encoded;
use super::level_search::{LevelSearch, NextLevel};
use super::libav::{drain, set_up};
use super::loudness::Level;
use super::mix::Mix;
use super::opus::{BIT_RATE, OpusEncoder};
use super::sound_check::{DecodedLevels, SoundCheck};
use super::{Packet, RenderError, Setup, StreamKind, TakePackets};
use mmm_base::Cancel;
use mmm_facts::Sources;
use mmm_facts::{SAMPLE_RATE, SoundCodec, SoundLevels, SoundRecipe};
use mmm_media::quiet_libav;

/// Bits per second of AAC; transparent at this rate.
const AAC_BIT_RATE: u32 = 192_000;

/// The sample format that libavcodec's AAC encoder requires: planar.
const PLANAR: format::Sample = format::Sample::F32(format::sample::Type::Planar);

/// The sound of a movie, mixed and levelled.
///
/// It is encoded in one go, so that there are no joins that could click and its start falls on the first
/// frame. An encoder may raise peaks by decibels and change the loudness, so the sound is decoded as it is
/// encoded; while its true peak is too high, or its loudness is off, [`MixedSound::correct`] asks for another
/// round.
pub struct MixedSound<'a> {
    recipe: &'a SoundRecipe,
    mix: Mix,
    level: Level,
    search: LevelSearch<Level>,
}

impl<'a> MixedSound<'a> {
    /// Mixes the sound into `scratch`, 384 kB per second, and finds its level.
    ///
    /// # Errors
    /// If a source is missing or can't be read, and on cancellation. [`RenderError::Io`] means an error of
    /// `scratch`.
    pub fn new(
        recipe: &'a SoundRecipe,
        sources: &dyn Sources,
        scratch: File,
        cancel: &Cancel,
    ) -> Result<Self, RenderError> {
        let mut mix = Mix::of(recipe, sources, scratch, cancel)?;
        let level = Level::for_loudness(&mut mix, recipe.loudness, cancel)?;
        Ok(Self { recipe, mix, level, search: LevelSearch::new(recipe.loudness) })
    }

    /// Encodes the sound at its level. Packets are passed to `take` as they come.
    ///
    /// # Errors
    /// On cancellation, if the encoder fails, or if `take` does. [`RenderError::Io`] means an error of the
    /// scratch file.
    pub fn encode(
        &mut self,
        cancel: &Cancel,
        take: &mut TakePackets,
    ) -> Result<(Setup, SoundLevels), RenderError> {
        let mut encoder = SoundEncoder::new(self.recipe)?;
        let mut check = SoundCheck::new(&encoder.setup(self.recipe.samples))?;
        let mut pass_on = |packets: &[Packet]| {
            check.push(packets)?;
            take(packets)
        };
        for (index, frame) in self.level.apply(&mut self.mix)?.enumerate() {
            encoder.push(frame)?;
            if index % SAMPLE_RATE as usize == 0 {
                pass_on(&encoder.ready())?;
                if cancel.is_cancelled() {
                    return Err(RenderError::Cancelled);
                }
            }
        }
        let Encoded { setup, packets } = encoder.finish(self.recipe.samples)?;
        pass_on(&packets)?;
        let DecodedLevels { loudness, peak } = check.finish()?;
        let is_at_most_gain = self.level.is_at_most_gain();
        Ok((setup, SoundLevels { loudness, peak, is_at_most_gain }))
    }

    /// Changes the level if the sound was encoded with a true peak that is too high or a loudness that is off.
    /// Returns whether it has to be encoded again.
    ///
    /// # Errors
    /// As [`MixedSound::new`].
    pub fn correct(&mut self, heard: &SoundLevels, cancel: &Cancel) -> Result<bool, RenderError> {
        let Some(next) = self.search.next(self.level, heard) else { return Ok(false) };
        let mix = &mut self.mix;
        self.level = match next {
            NextLevel::LowerCeiling(by) => self.level.lower_ceiling(by, mix, self.recipe.loudness, cancel)?,
            NextLevel::Quieter(by) => self.level.quieter(by),
            NextLevel::Raised { level, by, room } => level.raised(by, room, mix, cancel)?,
            NextLevel::Earlier(level) => level,
        };
        Ok(true)
    }
}

/// An encoder of the finished sound.
enum SoundEncoder {
    Aac(AacEncoder),
    Opus(OpusEncoder),
}

impl SoundEncoder {
    fn new(recipe: &SoundRecipe) -> Result<Self, RenderError> {
        let rate = |usual: u32| recipe.bit_rate.map_or(usual, |rate| rate * 1000);
        Ok(match recipe.codec {
            SoundCodec::Aac => Self::Aac(AacEncoder::new(rate(AAC_BIT_RATE))?),
            SoundCodec::Opus => Self::Opus(OpusEncoder::new(rate(BIT_RATE))?),
        })
    }

    /// Returns the setup of a sound of `samples` samples, which is known before the first packet.
    fn setup(&self, samples: u64) -> Setup {
        match self {
            Self::Aac(encoder) => encoder.setup(samples),
            Self::Opus(encoder) => encoder.setup(samples),
        }
    }

    fn push(&mut self, frame: [f32; 2]) -> Result<(), RenderError> {
        match self {
            Self::Aac(encoder) => encoder.push(frame),
            Self::Opus(encoder) => encoder.push(frame),
        }
    }

    /// Returns the packets that are ready, each once.
    fn ready(&mut self) -> Vec<Packet> {
        match self {
            Self::Aac(encoder) => std::mem::take(&mut encoder.packets),
            Self::Opus(encoder) => encoder.ready(),
        }
    }

    /// Ends the sound and returns the remaining packets.
    fn finish(self, samples: u64) -> Result<Encoded, RenderError> {
        match self {
            Self::Aac(encoder) => encoder.finish(samples),
            Self::Opus(encoder) => encoder.finish(samples),
        }
    }
}

/// libavcodec's AAC encoder.
struct AacEncoder {
    encoder: encoder::Audio,
    frame_size: usize,
    left: Vec<f32>,
    right: Vec<f32>,
    next: i64,
    packets: Vec<Packet>,
}

impl AacEncoder {
    /// Returns an encoder for a bit rate per second.
    fn new(bit_rate: u32) -> Result<Self, RenderError> {
        quiet_libav();
        let codec = encoder::find_by_name("aac")
            .ok_or_else(|| RenderError::Encoder("this libavcodec has no aac".to_owned()))?;
        let mut context = Context::new_with_codec(codec);
        context.set_flags(Flags::GLOBAL_HEADER | Flags::BITEXACT);
        context.set_time_base(Rational(1, SAMPLE_RATE as i32));
        let mut audio = context.encoder().audio()?;
        audio.set_rate(SAMPLE_RATE as i32);
        audio.set_format(PLANAR);
        audio.set_channel_layout(ChannelLayout::STEREO);
        audio.set_bit_rate(bit_rate as usize);
        let encoder = audio.open_with(Dictionary::new())?;
        let frame_size = encoder.frame_size() as usize;
        Ok(Self { encoder, frame_size, left: Vec::new(), right: Vec::new(), next: 0, packets: Vec::new() })
    }

    fn push(&mut self, [left, right]: [f32; 2]) -> Result<(), RenderError> {
        self.left.push(left);
        self.right.push(right);
        if self.left.len() == self.frame_size { self.encode() } else { Ok(()) }
    }

    fn encode(&mut self) -> Result<(), RenderError> {
        let samples = self.left.len();
        let mut frame = frame::Audio::new(PLANAR, samples, ChannelLayout::STEREO);
        frame.set_rate(SAMPLE_RATE);
        frame.set_pts(Some(self.next));
        frame.plane_mut::<f32>(0).copy_from_slice(&self.left);
        frame.plane_mut::<f32>(1).copy_from_slice(&self.right);
        self.next += samples as i64;
        self.left.clear();
        self.right.clear();
        self.encoder.send_frame(&frame)?;
        drain(&mut self.encoder, &mut self.packets)
    }

    fn finish(mut self, samples: u64) -> Result<Encoded, RenderError> {
        if !self.left.is_empty() {
            self.encode()?;
        }
        self.encoder.send_eof()?;
        drain(&mut self.encoder, &mut self.packets)?;
        Ok(Encoded { setup: self.setup(samples), packets: self.packets })
    }

    fn setup(&self, samples: u64) -> Setup {
        // SAFETY: a plain field of an open context.
        let priming = unsafe { (*self.encoder.as_ptr()).initial_padding }.max(0) as u32;
        let (extradata, ..) = set_up(&self.encoder);
        let kind = StreamKind::Aac { rate_hz: SAMPLE_RATE, samples, priming };
        Setup { kind, extradata }
    }
}
