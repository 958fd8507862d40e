use serde::{Deserialize, Serialize};

use mmm_base::Rate;
use mmm_spec::Codec;

/// What a muxer has to know of an encoded stream.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Setup {
    pub kind: StreamKind,
    /// The decoder's set-up (as libavcodec gives it: parameter sets, or AAC's AudioSpecificConfig).
    pub extradata: Vec<u8>,
}

/// What is in a stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StreamKind {
    /// 4:2:0 in BT.709; `profile` and `level` as the codec numbers them.
    Picture { codec: Codec, width: u32, height: u32, rate: Rate, profile: i32, level: i32 },
    /// AAC in stereo; `samples` without the encoder's priming of `priming` samples.
    Aac { rate_hz: u32, samples: u64, priming: u32 },
    /// Opus in stereo at 48 kHz, as `Aac` else.
    Opus { samples: u64, priming: u32 },
}

/// Samples a second of Opus, whatever was put in.
pub(super) const OPUS_HZ: u32 = 48_000;

/// How long a stream of sound is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Heard {
    pub rate_hz: u32,
    /// Samples without priming, and without what stands after the end.
    pub samples: u64,
    /// Samples before the first that is to be heard.
    pub priming: u32,
}

impl StreamKind {
    /// How long the sound is; none of a picture.
    pub(super) fn heard(&self) -> Option<Heard> {
        match *self {
            Self::Picture { .. } => None,
            Self::Aac { rate_hz, samples, priming } => Some(Heard { rate_hz, samples, priming }),
            Self::Opus { samples, priming } => Some(Heard { rate_hz: OPUS_HZ, samples, priming }),
        }
    }
}
