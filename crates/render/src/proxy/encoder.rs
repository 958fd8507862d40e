use ffmpeg_next::codec::{Context, Flags, Parameters, threading};
use ffmpeg_next::{Dictionary, Rational, color, encoder, ffi, format, frame};

use crate::libav::drain;
use crate::picture::copy_planes;
use crate::{Packet, RenderError};
use mmm_media::{Yuv420, quiet_libav};

/// Encodes the pictures of a proxy with libavcodec's MPEG-2 encoder, on one thread. To encode and to decode, it
/// takes six tenths of the time of x264's fastest preset, for the same quality in fewer bytes
/// (docs/decisions/0010).
pub(super) struct ProxyEncoder {
    encoder: encoder::Video,
    frame: frame::Video,
    packets: Vec<Packet>,
    next: i64,
}

/// The quantizer of all pictures, 1..=31: fine grain of a 4K clip has 43 dB in 540 lines.
const QUANTIZER: i32 = 3;
/// The most pictures from one keyframe to the next.
const GROUP: u32 = 30;
/// The rate in the headers, which must be one that MPEG-2 knows. The times of the file are those of the clip.
const RATE: i32 = 30;

impl ProxyEncoder {
    /// Opens an encoder of pictures of this size, in BT.709 with narrow range.
    pub fn new((width, height): (u32, u32)) -> Result<Self, RenderError> {
        quiet_libav();
        let codec = encoder::find_by_name("mpeg2video")
            .ok_or_else(|| RenderError::Encoder("this libavcodec has no mpeg2video".to_owned()))?;
        let mut context = Context::new_with_codec(codec);
        context.set_threading(threading::Config::count(1));
        context.set_flags(Flags::GLOBAL_HEADER | Flags::BITEXACT | Flags::QSCALE);
        let mut video = context.encoder().video()?;
        video.set_width(width);
        video.set_height(height);
        video.set_format(format::Pixel::YUV420P);
        video.set_frame_rate(Some(Rational(RATE, 1)));
        video.set_time_base(Rational(1, RATE));
        video.set_gop(GROUP);
        video.set_max_b_frames(0);
        video.set_colorspace(color::Space::BT709);
        video.set_color_range(color::Range::MPEG);
        // SAFETY: plain fields of a context that is ours and not yet open.
        unsafe {
            let context = &mut *video.as_mut_ptr();
            context.global_quality = QUANTIZER * ffi::FF_QP2LAMBDA;
            context.color_primaries = color::Primaries::BT709.into();
            context.color_trc = color::TransferCharacteristic::BT709.into();
            context.chroma_sample_location = ffi::AVChromaLocation::AVCHROMA_LOC_LEFT;
            context.sample_aspect_ratio = Rational(1, 1).into();
        }
        let encoder = video.open_with(Dictionary::new())?;
        let frame = frame::Video::new(format::Pixel::YUV420P, width, height);
        Ok(Self { encoder, frame, packets: Vec::new(), next: 0 })
    }

    /// Encodes the next picture, which must have the size of the encoder.
    pub fn push(&mut self, picture: &Yuv420) -> Result<(), RenderError> {
        copy_planes(picture, &mut self.frame)?;
        self.frame.set_pts(Some(self.next));
        // SAFETY: a plain field of a frame that is ours.
        unsafe { (*self.frame.as_mut_ptr()).quality = QUANTIZER * ffi::FF_QP2LAMBDA };
        self.next += 1;
        self.encoder.send_frame(&self.frame)?;
        drain(&mut self.encoder, &mut self.packets)
    }

    /// Returns the packets in order, one for each picture, and the parameters of their stream.
    pub fn finish(mut self) -> Result<(Vec<Packet>, Parameters), RenderError> {
        self.encoder.send_eof()?;
        drain(&mut self.encoder, &mut self.packets)?;
        let parameters = Parameters::from(&self.encoder);
        Ok((self.packets, parameters))
    }
}
