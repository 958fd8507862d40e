use serde::{Deserialize, Serialize};

use mmm_base::Rate;
use mmm_spec::Codec;

/// The description of an encoded stream that a muxer needs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Setup {
    pub kind: StreamKind,
    /// The decoder's setup in libavcodec's form: parameter sets, or AAC's AudioSpecificConfig.
    pub extradata: Vec<u8>,
}

/// The content of a stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StreamKind {
    /// 4:2:0 in BT.709; `profile` and `level` as numbered by the codec.
    Picture { codec: Codec, width: u32, height: u32, rate: Rate, profile: i32, level: i32 },
    /// AAC in stereo; `samples` excludes the encoder's priming of `priming` samples.
    Aac { rate_hz: u32, samples: u64, priming: u32 },
    /// Opus in stereo at 48 kHz; otherwise like `Aac`.
    Opus { samples: u64, priming: u32 },
}

/// The sample rate of Opus in Hz, whatever the input's.
pub(super) const OPUS_HZ: u32 = 48_000;

/// The length of a sound stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Heard {
    pub rate_hz: u32,
    /// Samples without priming and without padding after the end.
    pub samples: u64,
    /// Samples before the first audible one.
    pub priming: u32,
}

impl StreamKind {
    /// Returns the length of the sound; `None` for a picture.
    pub(super) fn heard(&self) -> Option<Heard> {
        match *self {
            Self::Picture { .. } => None,
            Self::Aac { rate_hz, samples, priming } => Some(Heard { rate_hz, samples, priming }),
            Self::Opus { samples, priming } => Some(Heard { rate_hz: OPUS_HZ, samples, priming }),
        }
    }
}
