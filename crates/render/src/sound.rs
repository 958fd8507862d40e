use std::fs::File;

use ffmpeg_next::codec::{Context, Flags};
use ffmpeg_next::{ChannelLayout, Dictionary, Rational, encoder, format, frame};

use super::encoded::Encoded;
use super::libav::{drain, set_up};
use super::loudness::Level;
use super::mix::{Mix, RATE};
use super::{Packet, RenderError, Setup, StreamKind, TakePackets};
use mmm_base::Cancel;
use mmm_facts::Sources;
use mmm_facts::{SoundCodec, SoundRecipe};
use mmm_media::quiet_libav;

/// Bits a second of the finished sound: where nobody hears a difference.
fn bit_rate(codec: SoundCodec) -> usize {
    match codec {
        SoundCodec::Aac => 192_000,
        SoundCodec::Opus => 160_000,
    }
}

/// The library that encodes it, and how that takes its samples: channel by channel, or one beside the other.
fn library(codec: SoundCodec) -> (&'static str, format::sample::Type) {
    match codec {
        SoundCodec::Aac => ("aac", format::sample::Type::Planar),
        SoundCodec::Opus => ("libopus", format::sample::Type::Packed),
    }
}

/// Mixes, levels and encodes the sound of a movie, once and as a whole, so that no join in it can
/// click and its start lies on the first frame. The mix is written to `scratch`, 384 kB a second; packets are
/// handed to `take` as they come.
///
/// # Errors
/// When a source is gone or can't be read, on cancellation, when the encoder fails, and those of `take`;
/// [`RenderError::Io`] is of `scratch`.
pub fn render_sound(
    recipe: &SoundRecipe,
    sources: &dyn Sources,
    scratch: File,
    cancel: &Cancel,
    take: &mut TakePackets,
) -> Result<Setup, RenderError> {
    let mut mix = Mix::of(recipe, sources, scratch, cancel)?;
    let level = Level::for_loudness(&mut mix, recipe.loudness, cancel)?;
    let mut encoder = SoundEncoder::new(recipe.codec)?;
    for (index, frame) in level.apply(&mut mix)?.enumerate() {
        encoder.push(frame)?;
        if index % RATE as usize == 0 {
            take(&encoder.ready())?;
            if cancel.is_cancelled() {
                return Err(RenderError::Cancelled);
            }
        }
    }
    let Encoded { setup, packets } = encoder.finish(recipe.samples)?;
    take(&packets)?;
    Ok(setup)
}

/// One of libavcodec's encoders of sound.
struct SoundEncoder {
    codec: SoundCodec,
    encoder: encoder::Audio,
    frame_size: usize,
    /// Samples before the first of the mix.
    silence: u32,
    left: Vec<f32>,
    right: Vec<f32>,
    next: i64,
    packets: Vec<Packet>,
}

impl SoundEncoder {
    fn new(kind: SoundCodec) -> Result<Self, RenderError> {
        quiet_libav();
        let (name, layout) = library(kind);
        let codec = encoder::find_by_name(name)
            .ok_or_else(|| RenderError::Encoder(format!("this libavcodec has no {name}")))?;
        let mut context = Context::new_with_codec(codec);
        context.set_flags(Flags::GLOBAL_HEADER | Flags::BITEXACT);
        context.set_time_base(Rational(1, RATE as i32));
        let mut audio = context.encoder().audio()?;
        audio.set_rate(RATE as i32);
        audio.set_format(format::Sample::F32(layout));
        audio.set_channel_layout(ChannelLayout::STEREO);
        audio.set_bit_rate(bit_rate(kind));
        let encoder = audio.open_with(Dictionary::new())?;
        let frame_size = encoder.frame_size() as usize;
        let silence = match kind {
            SoundCodec::Aac => 0,
            SoundCodec::Opus => to_whole_millisecond(padding(&encoder)),
        };
        let (left, right) = (vec![0.0; silence as usize], vec![0.0; silence as usize]);
        let next = -i64::from(silence);
        Ok(Self { codec: kind, encoder, frame_size, silence, left, right, next, packets: Vec::new() })
    }

    fn push(&mut self, [left, right]: [f32; 2]) -> Result<(), RenderError> {
        self.left.push(left);
        self.right.push(right);
        if self.left.len() == self.frame_size { self.encode() } else { Ok(()) }
    }

    fn encode(&mut self) -> Result<(), RenderError> {
        let samples = self.left.len();
        let (_, layout) = library(self.codec);
        let mut frame = frame::Audio::new(format::Sample::F32(layout), samples, ChannelLayout::STEREO);
        frame.set_rate(RATE);
        frame.set_pts(Some(self.next));
        match layout {
            format::sample::Type::Planar => {
                frame.plane_mut::<f32>(0).copy_from_slice(&self.left);
                frame.plane_mut::<f32>(1).copy_from_slice(&self.right);
            }
            format::sample::Type::Packed => {
                let pairs = self.left.iter().zip(&self.right);
                let to = frame.plane_mut::<(f32, f32)>(0).iter_mut();
                to.zip(pairs).for_each(|(to, (left, right))| *to = (*left, *right));
            }
        }
        self.next += samples as i64;
        self.left.clear();
        self.right.clear();
        self.encoder.send_frame(&frame)?;
        drain(&mut self.encoder, &mut self.packets)
    }

    /// The packets that are ready, each once.
    fn ready(&mut self) -> Vec<Packet> {
        let mut packets = std::mem::take(&mut self.packets);
        if self.codec == SoundCodec::Opus {
            // Every packet has a whole frame in it; libavcodec says of the last how much of it was put in.
            packets.iter_mut().for_each(|packet| packet.duration = self.frame_size as i64);
        }
        packets
    }

    /// Ends the sound: the packets that were not taken before.
    fn finish(mut self, samples: u64) -> Result<Encoded, RenderError> {
        if !self.left.is_empty() {
            self.encode()?;
        }
        self.encoder.send_eof()?;
        drain(&mut self.encoder, &mut self.packets)?;
        let priming = padding(&self.encoder) + self.silence;
        let (mut extradata, ..) = set_up(&self.encoder);
        let kind = match self.codec {
            SoundCodec::Aac => StreamKind::Aac { rate_hz: RATE, samples, priming },
            SoundCodec::Opus => StreamKind::Opus { samples, priming },
        };
        if self.codec == SoundCodec::Opus {
            // The pre-skip of an OpusHead (RFC 7845, 5.1).
            let said = extradata.get_mut(10..12).ok_or(RenderError::Damaged)?;
            said.copy_from_slice(&(priming as u16).to_le_bytes());
        }
        Ok(Encoded { setup: Setup { kind, extradata }, packets: self.ready() })
    }
}

/// Samples that the encoder puts before the first.
fn padding(encoder: &encoder::Audio) -> u32 {
    // SAFETY: a plain field of an open context.
    unsafe { (*encoder.as_ptr()).initial_padding }.max(0) as u32
}

/// Samples of silence that make `padding` a whole number of milliseconds, in which Matroska counts: then the first
/// sample of the mix stands on the first frame in every player.
fn to_whole_millisecond(padding: u32) -> u32 {
    let millisecond = RATE / 1000;
    padding.next_multiple_of(millisecond) - padding
}
