use ffmpeg_next::codec::{Context, Flags, threading};
use ffmpeg_next::{Rational, color, encoder, format, frame};

use super::encoded::Encoded;
use super::encoding::{format_of, options};
use super::libav::{drain, set_up};
use super::session::Session;
use super::{Packet, RenderError, Setup, StreamKind};
use mmm_facts::Canvas;
use mmm_media::{Yuv420, quiet_libav};

/// Encodes the picture of one segment on one thread, so that its bytes depend only on its frames.
///
/// Every segment starts with a keyframe, and no segment refers to its neighbours. The setup is the same for
/// all, so segments are linked without re-encoding.
pub(super) struct PictureEncoder {
    encoder: encoder::Video,
    canvas: Canvas,
    frame: frame::Video,
    next: i64,
    packets: Vec<Packet>,
    /// Released after the encoder is closed.
    _session: Option<Session>,
}

impl PictureEncoder {
    pub(super) fn new(canvas: Canvas) -> Result<Self, RenderError> {
        quiet_libav();
        let name = canvas.encoder.name(canvas.codec).unwrap_or_default();
        let session = (!canvas.encoder.is_software()).then(Session::wait);
        let codec = encoder::find_by_name(name)
            .ok_or_else(|| RenderError::Encoder(format!("this libavcodec has no {name}")))?;
        let mut context = Context::new_with_codec(codec);
        context.set_threading(threading::Config::count(1));
        // Bit-exact: no version text in the stream. Global header: one setup for all segments.
        context.set_flags(Flags::GLOBAL_HEADER | Flags::BITEXACT | Flags::CLOSED_GOP);
        let mut video = context.encoder().video()?;
        let rate = Rational(canvas.rate.0 as i32, canvas.rate.1 as i32);
        video.set_width(canvas.width);
        video.set_height(canvas.height);
        video.set_format(format_of(canvas.encoder));
        if !canvas.encoder.is_software() {
            // Linking assumes that pictures are reordered by at most two frames; hardware encoders differ in
            // that.
            video.set_max_b_frames(0);
        }
        video.set_frame_rate(Some(rate));
        video.set_time_base(rate.invert());
        video.set_gop(canvas.rate.0.div_ceil(canvas.rate.1) * 4);
        video.set_colorspace(color::Space::BT709);
        video.set_color_range(color::Range::MPEG);
        // SAFETY: plain fields of a context that is ours and not yet open.
        unsafe {
            let context = &mut *video.as_mut_ptr();
            context.color_primaries = color::Primaries::BT709.into();
            context.color_trc = color::TransferCharacteristic::BT709.into();
            context.chroma_sample_location = ffmpeg_next::ffi::AVChromaLocation::AVCHROMA_LOC_LEFT;
            context.sample_aspect_ratio = Rational(1, 1).into();
        }
        let encoder = video.open_with(options(canvas))?;
        let frame = frame::Video::new(format_of(canvas.encoder), canvas.width, canvas.height);
        Ok(Self { encoder, canvas, frame, next: 0, packets: Vec::new(), _session: session })
    }

    /// Encodes the next frame, which must have the canvas' size.
    pub(super) fn push(&mut self, picture: &Yuv420) -> Result<(), RenderError> {
        copy_planes(picture, &mut self.frame)?;
        self.frame.set_pts(Some(self.next));
        self.next += 1;
        self.encoder.send_frame(&self.frame)?;
        drain(&mut self.encoder, &mut self.packets)
    }

    /// Returns the packets that are ready, in decoding order, each once.
    pub(super) fn ready(&mut self) -> Vec<Packet> {
        let mut packets = std::mem::take(&mut self.packets);
        packets.iter_mut().for_each(|packet| packet.duration = 1);
        packets
    }

    /// Ends the segment and returns the remaining packets.
    pub(super) fn finish(mut self) -> Result<Encoded, RenderError> {
        self.encoder.send_eof()?;
        drain(&mut self.encoder, &mut self.packets)?;
        let (extradata, profile, level) = set_up(&self.encoder);
        let Canvas { width, height, rate, codec, .. } = self.canvas;
        let kind = StreamKind::Picture { codec, width, height, rate, profile, level };
        Ok(Encoded { setup: Setup { kind, extradata }, packets: self.ready() })
    }
}

/// Copies a picture into a frame of its size, in YUV420P or NV12.
pub(super) fn copy_planes(picture: &Yuv420, frame: &mut frame::Video) -> Result<(), RenderError> {
    // The encoder may still refer to the last frame's buffer.
    // SAFETY: the frame is the caller's; it gets a buffer of its own if the current one is shared.
    let writable = unsafe { ffmpeg_next::ffi::av_frame_make_writable(frame.as_mut_ptr()) };
    if writable < 0 {
        return Err(ffmpeg_next::Error::from(writable).into());
    }
    let (width, half) = (picture.width as usize, picture.width as usize / 2);
    let in_pairs = frame.format() == format::Pixel::NV12;
    let chroma = [(1, half, &picture.u), (2, half, &picture.v)];
    let planes = [(0, width, &picture.y)].into_iter().chain(chroma.into_iter().filter(|_| !in_pairs));
    for (plane, row, pixels) in planes {
        let stride = frame.stride(plane);
        let rows = frame.data_mut(plane).chunks_mut(stride);
        for (to, from) in rows.zip(pixels.chunks_exact(row)) {
            to[..row].copy_from_slice(from);
        }
    }
    if in_pairs {
        let stride = frame.stride(1);
        let rows = frame.data_mut(1).chunks_mut(stride);
        for (to, (u, v)) in rows.zip(picture.u.chunks_exact(half).zip(picture.v.chunks_exact(half))) {
            for (pair, (u, v)) in to.chunks_exact_mut(2).zip(u.iter().zip(v)) {
                (pair[0], pair[1]) = (*u, *v);
            }
        }
    }
    Ok(())
}
