use serde::{Deserialize, Serialize};

use mmm_spec::Codec;

/// What encodes the picture: software, or hardware of this machine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoder {
    /// x264, x265 or SVT-AV1: the same bytes on every machine.
    #[default]
    Software,
    /// NVIDIA's.
    Nvenc,
    /// Apple's.
    VideoToolbox,
    /// Intel's Quick Sync Video.
    Qsv,
    /// AMD's.
    Amf,
}

impl Encoder {
    /// The hardware encoders, in the order in which they are tried.
    pub const HARDWARE: [Self; 4] = [Self::Nvenc, Self::VideoToolbox, Self::Qsv, Self::Amf];

    /// Returns libavcodec's name of this encoder for `codec`; `None` if `mmm` does not use it for that codec.
    pub fn name(self, codec: Codec) -> Option<&'static str> {
        Some(match (self, codec) {
            (Self::Software, Codec::H264) => "libx264",
            (Self::Software, Codec::Hevc) => "libx265",
            (Self::Software, Codec::Av1) => "libsvtav1",
            (Self::Nvenc, Codec::H264) => "h264_nvenc",
            (Self::Nvenc, Codec::Hevc) => "hevc_nvenc",
            (Self::Nvenc, Codec::Av1) => "av1_nvenc",
            (Self::VideoToolbox, Codec::H264) => "h264_videotoolbox",
            (Self::VideoToolbox, Codec::Hevc) => "hevc_videotoolbox",
            (Self::Qsv, Codec::H264) => "h264_qsv",
            (Self::Qsv, Codec::Hevc) => "hevc_qsv",
            (Self::Qsv, Codec::Av1) => "av1_qsv",
            (Self::Amf, Codec::H264) => "h264_amf",
            (Self::Amf, Codec::Hevc) => "hevc_amf",
            (Self::VideoToolbox | Self::Amf, Codec::Av1) => return None,
        })
    }

    /// Returns the codec and the encoder with this libavcodec name.
    pub fn of_name(name: &str) -> Option<(Codec, Self)> {
        let encoders = [Self::Software].into_iter().chain(Self::HARDWARE);
        let all = encoders.flat_map(|encoder| Encoders::CODECS.map(|codec| (codec, encoder)));
        all.into_iter().find(|(codec, encoder)| encoder.name(*codec) == Some(name))
    }

    pub fn is_software(&self) -> bool {
        *self == Self::Software
    }
}

/// The encoder of each codec.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Encoders([Encoder; 3]);

impl Encoders {
    pub const CODECS: [Codec; 3] = [Codec::H264, Codec::Hevc, Codec::Av1];

    /// Returns the encoder of `codec`.
    pub fn of(self, codec: Codec) -> Encoder {
        self.0[codec as usize]
    }

    /// Returns the same encoders with another one for `codec`.
    pub fn with(mut self, codec: Codec, encoder: Encoder) -> Self {
        self.0[codec as usize] = encoder;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoder_has_a_name_of_its_own() {
        for codec in Encoders::CODECS {
            for encoder in [Encoder::Software].into_iter().chain(Encoder::HARDWARE) {
                if let Some(name) = encoder.name(codec) {
                    assert_eq!(Encoder::of_name(name), Some((codec, encoder)), "{name}");
                }
            }
        }
        assert_eq!(Encoder::of_name("h264_vaapi"), None);
    }

    #[test]
    fn each_codec_has_its_encoder() {
        let encoders = Encoders::default().with(Codec::Hevc, Encoder::Qsv);
        assert_eq!(
            Encoders::CODECS.map(|codec| encoders.of(codec)),
            [Encoder::Software, Encoder::Qsv, Encoder::Software]
        );
    }
}
