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
type Pairs = Vec<(&'static str, String)>;

/// Returns the settings of the canvas' encoder.
pub(super) fn options(canvas: Canvas) -> Dictionary<'static> {
    let pairs = match canvas.encoder {
        Encoder::Software => software(canvas),
        circuit => settings_of(circuit, canvas),
    };
    let mut options = Dictionary::new();
    pairs.iter().for_each(|(key, value)| options.set(key, value));
    options
}

/// The largest frame, in pixels, for which x264 looks ahead as far as its preset says.
const LARGE: u32 = 2560 * 1440;
/// How many frames it looks ahead in larger ones: of ten, each takes 25 MB in 4K.
const LESS_AHEAD: &str = ":rc-lookahead=5";

/// Returns the settings of x264, x265 and SVT-AV1. docs/performance.md documents how the presets were chosen,
/// and docs/outputs.md what each quality means.
fn software(canvas: Canvas) -> Pairs {
    let crf = canvas.rate_factor().to_string();
    let (preset, key, more) = match (canvas.codec, canvas.profile) {
        (Codec::H264, profile) => {
            // By default, x264 weights macroblocks with approximate reciprocals, which differ between
            // processors.
            let more = "stitchable=1:open-gop=0:force-cfr=1:threads=1:lookahead-threads=1:cpu-independent=1";
            let ahead = if canvas.width * canvas.height > LARGE { LESS_AHEAD } else { "" };
            let preset = if profile == Profile::Draft { "ultrafast" } else { "veryfast" };
            (preset, "x264-params", format!("{more}{ahead}"))
        }
        (Codec::Hevc, _) => {
            let more = "open-gop=0:info=0:repeat-headers=0:pools=none:frame-threads=1:wpp=0:log-level=none";
            ("veryfast", "x265-params", more.to_owned())
        }
        (Codec::Av1, _) => ("10", "svtav1-params", "lp=1".to_owned()),
    };
    let profile = (canvas.codec == Codec::H264).then(|| ("profile", "high".to_owned()));
    let pairs = [("preset", preset.to_owned()), ("crf", crf)].into_iter().chain(profile);
    pairs.chain([(key, more)]).collect()
}

/// Returns the settings of hardware encoders: constant quality, as close to the software encoders as the
/// vendors' scales allow. None of them has been measured.
fn settings_of(circuit: Encoder, canvas: Canvas) -> Pairs {
    let more = canvas.coarser_than_good();
    let of = |h264: i32, hevc: i32, av1: i32| {
        let value = match canvas.codec {
            Codec::H264 => h264,
            Codec::Hevc => hevc,
            Codec::Av1 => av1,
        };
        (value + more).to_string()
    };
    let pairs = |pairs: &[(&'static str, &str)]| -> Pairs {
        pairs.iter().map(|(key, value)| (*key, (*value).to_owned())).collect()
    };
    match circuit {
        Encoder::Software => Pairs::new(),
        // Without a bit rate, only `cq` decides.
        Encoder::Nvenc => {
            pairs(&[("preset", "p5"), ("tune", "hq"), ("rc", "vbr"), ("b", "0"), ("cq", &of(21, 24, 30))])
        }
        // 65 of 100, in units of libav's 118; only Apple silicon supports it. A quantiser step is about 2.
        Encoder::VideoToolbox => {
            let quality = (7670 - more * 2 * 118).to_string();
            pairs(&[("flags", "+qscale"), ("global_quality", &quality), ("allow_sw", "0")])
        }
        Encoder::Qsv => pairs(&[("preset", "slow"), ("global_quality", &of(21, 23, 26))]),
        Encoder::Amf => {
            let (key, other) = (of(20, 22, 22), of(22, 24, 24));
            let way = [("usage", "transcoding"), ("quality", "quality"), ("rc", "cqp")];
            pairs(&[&way[..], &[("qp_i", &key), ("qp_p", &other)]].concat())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_spec::{Aspect, FrameSize, Quality, Settings};

    fn settings(codec: Codec, size: FrameSize, quality: Quality, profile: Profile) -> String {
        let wanted = Settings { codec, size, quality, ..Settings::default() };
        let pairs = software(Canvas::for_settings(&wanted, profile));
        pairs.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_quality_has_its_rate_factor_and_only_4k_looks_less_ahead() {
        let x264 = "stitchable=1:open-gop=0:force-cfr=1:threads=1:lookahead-threads=1:cpu-independent=1";
        let of = |size, quality| settings(Codec::H264, size, quality, Profile::Final);
        let usual = format!("preset=veryfast crf=20 profile=high x264-params={x264}");
        assert_eq!(of(FrameSize::P1080, Quality::Good), usual);
        assert_eq!(of(FrameSize::P1440, Quality::Small), usual.replace("crf=20", "crf=24"));
        let large = format!("{}:rc-lookahead=5", usual.replace("crf=20", "crf=16"));
        assert_eq!(of(FrameSize::P2160, Quality::Best), large);
        let draft = settings(Codec::Hevc, FrameSize::P2160, Quality::Best, Profile::Draft);
        assert_eq!(draft, format!("preset=ultrafast crf=26 profile=high x264-params={x264}"));
        let hevc = settings(Codec::Hevc, FrameSize::P1080, Quality::Good, Profile::Final);
        assert!(hevc.starts_with("preset=veryfast crf=21 x265-params=open-gop=0"), "{hevc}");
        let av1 = settings(Codec::Av1, FrameSize::P1080, Quality::Small, Profile::Final);
        assert_eq!(av1, "preset=10 crf=41 svtav1-params=lp=1");
    }

    #[test]
    fn hardware_follows_the_steps_of_software() {
        let canvas = Canvas::of(Aspect::Wide, Codec::H264, Profile::Final);
        let quality = |encoder, key, canvas| {
            let found = settings_of(encoder, canvas);
            found
                .iter()
                .find(|(name, _)| *name == key)
                .map(|(_, value)| value.parse::<i32>().unwrap())
                .unwrap()
        };
        let coarse = Canvas { coarser: 13, ..canvas };
        assert_eq!(quality(Encoder::Nvenc, "cq", canvas), 21);
        assert_eq!(quality(Encoder::Nvenc, "cq", coarse), 28);
        assert_eq!(quality(Encoder::Amf, "qp_p", coarse), 29);
        assert_eq!(quality(Encoder::VideoToolbox, "global_quality", canvas), 7670);
        assert!(quality(Encoder::VideoToolbox, "global_quality", coarse) < 7670);
    }
}
