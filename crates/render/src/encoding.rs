//! Settings of each encoder.

use ffmpeg_next::{Dictionary, format};

use mmm_facts::{Canvas, Encoder, Profile};
use mmm_spec::Codec;

/// Returns the pixel format that an encoder requires.
pub(super) fn format_of(encoder: Encoder) -> format::Pixel {
    match encoder {
        Encoder::Qsv => format::Pixel::NV12,
        Encoder::Software | Encoder::Nvenc | Encoder::VideoToolbox | Encoder::Amf => format::Pixel::YUV420P,
    }
}

/// Names and values.
type Pairs = Vec<(&'static str, &'static str)>;

/// Returns the settings of the canvas' encoder.
pub(super) fn options(canvas: Canvas) -> Dictionary<'static> {
    let pairs = match canvas.encoder {
        Encoder::Software => software(canvas),
        circuit => settings_of(circuit, canvas.codec),
    };
    let mut options = Dictionary::new();
    pairs.iter().for_each(|(key, value)| options.set(key, value));
    options
}

/// Returns the settings of x264, x265 and SVT-AV1. docs/performance.md documents how they were chosen.
fn software(canvas: Canvas) -> Pairs {
    match (canvas.codec, canvas.profile) {
        (Codec::H264, profile) => {
            let (preset, crf) = match profile {
                Profile::Draft => ("ultrafast", "26"),
                Profile::Final => ("veryfast", "20"),
            };
            // By default, x264 weights macroblocks with approximate reciprocals, which differ between
            // processors.
            let more = "stitchable=1:open-gop=0:force-cfr=1:threads=1:lookahead-threads=1:cpu-independent=1";
            vec![("preset", preset), ("crf", crf), ("profile", "high"), ("x264-params", more)]
        }
        (Codec::Hevc, _) => {
            let more = "open-gop=0:info=0:repeat-headers=0:pools=none:frame-threads=1:wpp=0:log-level=none";
            vec![("preset", "veryfast"), ("crf", "21"), ("x265-params", more)]
        }
        (Codec::Av1, _) => vec![("preset", "10"), ("crf", "28"), ("svtav1-params", "lp=1")],
    }
}

/// Returns the settings of hardware encoders: constant quality, as close to the software encoders as the
/// vendors' scales allow. None of them has been measured.
fn settings_of(circuit: Encoder, codec: Codec) -> Pairs {
    let of = |h264, hevc, av1| match codec {
        Codec::H264 => h264,
        Codec::Hevc => hevc,
        Codec::Av1 => av1,
    };
    match circuit {
        Encoder::Software => Pairs::new(),
        // Without a bit rate, only `cq` decides.
        Encoder::Nvenc => {
            vec![("preset", "p5"), ("tune", "hq"), ("rc", "vbr"), ("b", "0"), ("cq", of("21", "24", "30"))]
        }
        // 65 of 100, in units of libav's 118; only Apple silicon supports it.
        Encoder::VideoToolbox => vec![("flags", "+qscale"), ("global_quality", "7670"), ("allow_sw", "0")],
        Encoder::Qsv => vec![("preset", "slow"), ("global_quality", of("21", "23", "26"))],
        Encoder::Amf => {
            let (key, other) = (of("20", "22", "22"), of("22", "24", "24"));
            let way = [("usage", "transcoding"), ("quality", "quality"), ("rc", "cqp")];
            way.into_iter().chain([("qp_i", key), ("qp_p", other)]).collect()
        }
    }
}
