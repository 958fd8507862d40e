use ffmpeg_next::codec::{Context, Flags};
use ffmpeg_next::{ChannelLayout, Dictionary, Rational, encoder, format, frame};

use super::libav::{drain, set_up};
use super::loudness::Level;
use super::mix::{Mix, RATE};
use super::{Encoded, Packet, RenderError, Sources, StreamKind};
use crate::base::Cancel;
use crate::media::quiet_libav;
use crate::timeline::SoundRecipe;

/// Bits a second of the finished sound.
const BIT_RATE: usize = 192_000;

/// Mixes, levels and encodes the sound of a movie, once and as a whole, so that no join in it can
/// click and its start lies on the first frame.
///
/// # Errors
/// When a source is gone or can't be read, on cancellation, or when the encoder fails.
pub fn render_sound(
    recipe: &SoundRecipe,
    sources: &dyn Sources,
    cancel: &Cancel,
) -> Result<Encoded, RenderError> {
    let mut mix = Mix::of(recipe, sources, cancel)?;
    let level = Level::for_loudness(&mut mix, recipe.loudness, cancel)?;
    let mut aac = Aac::new()?;
    for (index, frame) in level.apply(&mut mix)?.enumerate() {
        aac.push(frame)?;
        if index % RATE as usize == 0 && cancel.is_cancelled() {
            return Err(RenderError::Cancelled);
        }
    }
    aac.finish(recipe.samples)
}

/// libavcodec's AAC encoder.
struct Aac {
    encoder: encoder::Audio,
    frame_size: usize,
    left: Vec<f32>,
    right: Vec<f32>,
    next: i64,
    packets: Vec<Packet>,
}

impl Aac {
    fn new() -> Result<Self, RenderError> {
        quiet_libav();
        let codec = encoder::find_by_name("aac")
            .ok_or_else(|| RenderError::Encoder("this libavcodec has no AAC encoder".to_owned()))?;
        let mut context = Context::new_with_codec(codec);
        context.set_flags(Flags::GLOBAL_HEADER | Flags::BITEXACT);
        context.set_time_base(Rational(1, RATE as i32));
        let mut audio = context.encoder().audio()?;
        audio.set_rate(RATE as i32);
        audio.set_format(format::Sample::F32(format::sample::Type::Planar));
        audio.set_channel_layout(ChannelLayout::STEREO);
        audio.set_bit_rate(BIT_RATE);
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
        let sample = format::Sample::F32(format::sample::Type::Planar);
        let mut frame = frame::Audio::new(sample, samples, ChannelLayout::STEREO);
        frame.set_rate(RATE);
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
        // SAFETY: a plain field of an open context.
        let priming = unsafe { (*self.encoder.as_ptr()).initial_padding }.max(0) as u32;
        let (extradata, ..) = set_up(&self.encoder);
        let kind = StreamKind::Aac { rate_hz: RATE, samples, priming };
        Ok(Encoded { kind, extradata, packets: self.packets })
    }
}
