use ffmpeg_next::{Rational, codec, ffi, format, media};

use super::setup::OPUS_HZ;
use super::{RenderError, Setup, StreamKind};
use mmm_spec::Codec;

/// The time base of Matroska as libavformat writes it.
pub(super) const MILLISECOND: Rational = Rational(1, 1000);

/// Returns the most frames by which decoding precedes display: x264 and x265 use two levels of pictures that
/// are shown later than decoded. AV1 uses frames that aren't shown instead.
pub(super) fn reorder(codec: Codec) -> i64 {
    match codec {
        Codec::H264 | Codec::Hevc => 2,
        Codec::Av1 => 0,
    }
}

/// Returns the parameters of a stream, for a muxer or a decoder.
pub(super) fn parameters(setup: &Setup) -> Result<codec::Parameters, RenderError> {
    let mut parameters = codec::Parameters::new();
    // SAFETY: the parameters are ours; extradata is in memory that libav may free, with the padding that it
    // requires.
    unsafe {
        let raw = &mut *parameters.as_mut_ptr();
        let size = setup.extradata.len();
        let memory = ffi::av_mallocz(size + ffi::AV_INPUT_BUFFER_PADDING_SIZE as usize).cast::<u8>();
        if memory.is_null() {
            return Err(RenderError::Encoder("out of memory".to_owned()));
        }
        std::ptr::copy_nonoverlapping(setup.extradata.as_ptr(), memory, size);
        raw.extradata = memory;
        raw.extradata_size = size as i32;
        describe(setup.kind, raw);
    }
    Ok(parameters)
}

/// Adds a stream with the given setup.
pub(super) fn add_stream(output: &mut format::context::Output, setup: &Setup) -> Result<(), RenderError> {
    let mut stream = output.add_stream(codec::Id::None)?;
    stream.set_parameters(parameters(setup)?);
    match setup.kind {
        StreamKind::Picture { rate, .. } => {
            let rate = Rational(rate.0 as i32, rate.1 as i32);
            // A tick fine enough for players that count in it, and exact for the frames.
            let fine = if rate.1 == 1 { 512 } else { 1 };
            stream.set_time_base(Rational(1, rate.0 * fine));
            stream.set_avg_frame_rate(rate);
            stream.set_rate(rate);
        }
        StreamKind::Aac { rate_hz, .. } => stream.set_time_base(Rational(1, rate_hz as i32)),
        StreamKind::Opus { .. } => stream.set_time_base(MILLISECOND),
    }
    Ok(())
}

/// Fills in the parameters that a muxer needs.
fn describe(kind: StreamKind, raw: &mut ffi::AVCodecParameters) {
    match kind {
        StreamKind::Picture { codec, width, height, profile, level, .. } => {
            raw.width = width as i32;
            raw.height = height as i32;
            raw.profile = profile;
            raw.level = level;
            describe_picture(codec, raw);
        }
        StreamKind::Aac { rate_hz, priming, .. } => {
            raw.codec_id = codec::Id::AAC.into();
            raw.frame_size = 1024;
            raw.format = ffi::AVSampleFormat::AV_SAMPLE_FMT_FLTP as i32;
            describe_sound(rate_hz, priming, raw);
        }
        StreamKind::Opus { priming, .. } => {
            raw.codec_id = codec::Id::OPUS.into();
            raw.frame_size = 960;
            // 80 ms, as RFC 7845 requires after a seek.
            raw.seek_preroll = 3840;
            raw.format = ffi::AVSampleFormat::AV_SAMPLE_FMT_FLT as i32;
            describe_sound(OPUS_HZ, priming, raw);
        }
    }
}

fn describe_picture(codec: Codec, raw: &mut ffi::AVCodecParameters) {
    raw.codec_type = media::Type::Video.into();
    raw.codec_id = match codec {
        Codec::H264 => codec::Id::H264,
        Codec::Hevc => codec::Id::HEVC,
        Codec::Av1 => codec::Id::AV1,
    }
    .into();
    if codec == Codec::Hevc {
        // The only tag that Apple's players accept.
        raw.codec_tag = u32::from_le_bytes(*b"hvc1");
    }
    raw.format = ffi::AVPixelFormat::AV_PIX_FMT_YUV420P as i32;
    raw.video_delay = reorder(codec) as i32;
    raw.sample_aspect_ratio = Rational(1, 1).into();
    raw.color_range = ffi::AVColorRange::AVCOL_RANGE_MPEG;
    raw.color_primaries = ffi::AVColorPrimaries::AVCOL_PRI_BT709;
    raw.color_trc = ffi::AVColorTransferCharacteristic::AVCOL_TRC_BT709;
    raw.color_space = ffi::AVColorSpace::AVCOL_SPC_BT709;
    raw.chroma_location = ffi::AVChromaLocation::AVCHROMA_LOC_LEFT;
}

fn describe_sound(rate_hz: u32, priming: u32, raw: &mut ffi::AVCodecParameters) {
    raw.codec_type = media::Type::Audio.into();
    raw.sample_rate = rate_hz as i32;
    raw.initial_padding = priming as i32;
    // SAFETY: a layout of two channels owns no memory.
    unsafe { ffi::av_channel_layout_default(&mut raw.ch_layout, 2) };
}
