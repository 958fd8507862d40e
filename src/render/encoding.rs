//! How each encoder is told what to do.

use ffmpeg_next::{Dictionary, format};

use crate::spec::Codec;
use crate::timeline::{Canvas, Encoder, Profile};

/// How an encoder takes its pictures.
pub(super) fn format_of(encoder: Encoder) -> format::Pixel {
    match encoder {
        Encoder::Qsv => format::Pixel::NV12,
        Encoder::Software | Encoder::Nvenc | Encoder::VideoToolbox | Encoder::Amf => format::Pixel::YUV420P,
    }
}

/// The settings of the canvas' encoder.
pub(super) fn options(canvas: Canvas) -> Dictionary<'static> {
    let mut options = Dictionary::new();
    let mut set = |pairs: &[(&str, &str)]| pairs.iter().for_each(|(key, value)| options.set(key, value));
    match canvas.encoder {
        Encoder::Software => software(canvas, &mut set),
        hardware => circuit(hardware, canvas.codec, &mut set),
    }
    options
}

/// The settings of x264, x265 and SVT-AV1. docs/performance.md says what they were chosen by.
fn software(canvas: Canvas, set: &mut dyn FnMut(&[(&str, &str)])) {
    match (canvas.codec, canvas.profile) {
        (Codec::H264, profile) => {
            let (preset, crf) = match profile {
                Profile::Draft => ("ultrafast", "26"),
                Profile::Final => ("veryfast", "20"),
            };
            let more = "stitchable=1:open-gop=0:force-cfr=1:threads=1:lookahead-threads=1";
            set(&[("preset", preset), ("crf", crf), ("profile", "high"), ("x264-params", more)]);
        }
        (Codec::Hevc, _) => {
            let more = "open-gop=0:info=0:repeat-headers=0:pools=none:frame-threads=1:wpp=0:log-level=none";
            set(&[("preset", "veryfast"), ("crf", "21"), ("x265-params", more)]);
        }
        (Codec::Av1, _) => set(&[("preset", "10"), ("crf", "28"), ("svtav1-params", "lp=1")]),
    }
}

/// The settings of circuits: one quality throughout, as near to that of the software as their makers' scales say.
/// None of them was measured.
fn circuit(encoder: Encoder, codec: Codec, set: &mut dyn FnMut(&[(&str, &str)])) {
    let of = |h264, hevc, av1| match codec {
        Codec::H264 => h264,
        Codec::Hevc => hevc,
        Codec::Av1 => av1,
    };
    match encoder {
        Encoder::Software => {}
        // Without a bit rate, `cq` alone decides.
        Encoder::Nvenc => {
            set(&[("preset", "p5"), ("tune", "hq"), ("rc", "vbr"), ("b", "0"), ("cq", of("21", "24", "30"))]);
        }
        // 65 of 100, in libav's 118 steps; only Apple's own chips take it.
        Encoder::VideoToolbox => set(&[("flags", "+qscale"), ("global_quality", "7670"), ("allow_sw", "0")]),
        Encoder::Qsv => set(&[("preset", "slow"), ("global_quality", of("21", "23", "26"))]),
        Encoder::Amf => {
            let (key, other) = (of("20", "22", "22"), of("22", "24", "24"));
            set(&[
                ("usage", "transcoding"),
                ("quality", "quality"),
                ("rc", "cqp"),
                ("qp_i", key),
                ("qp_p", other),
            ]);
        }
    }
}
