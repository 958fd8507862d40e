use serde::{Deserialize, Serialize};

use crate::{Encoder, Encoders};
use mmm_base::Rate;
use mmm_spec::{Aspect, Codec};

/// The size, frame rate and encoding of the output picture.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Canvas {
    /// In pixels; even.
    pub width: u32,
    /// In pixels; even.
    pub height: u32,
    pub rate: Rate,
    pub profile: Profile,
    #[serde(default, skip_serializing_if = "is_h264")]
    pub codec: Codec,
    #[serde(default, skip_serializing_if = "Encoder::is_software")]
    pub encoder: Encoder,
}

fn is_h264(codec: &Codec) -> bool {
    *codec == Codec::H264
}

/// The quality of the output.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// A third of the size in each direction and the fastest encoder, with the same cuts.
    Draft,
    #[default]
    Final,
}

/// How many times smaller a draft is in each direction.
const DRAFT: u32 = 3;

/// Pixels on the longer side of a still.
const LONG_SIDE: u32 = 384;
/// Frames per second if nothing else is set.
const RATE: Rate = Rate(30, 1);

impl Canvas {
    /// Returns the canvas of an output: 1080 pixels on the short side (for `21:9`, 1920 on the long side) and
    /// 30 frames per second. A draft has a third of the size and is always H.264.
    pub fn of(aspect: Aspect, codec: Codec, profile: Profile) -> Self {
        let (width, height) = match aspect {
            Aspect::Wide => (1920, 1080),
            Aspect::Tall => (1080, 1920),
            Aspect::Square => (1080, 1080),
            Aspect::Portrait => (1080, 1350),
            Aspect::Classic => (1440, 1080),
            Aspect::Cinema => (1920, 822),
        };
        let scale = |pixels: u32| match profile {
            Profile::Final => pixels,
            Profile::Draft => (pixels / DRAFT).next_multiple_of(2),
        };
        let codec = if profile == Profile::Draft { Codec::H264 } else { codec };
        let (width, height, encoder) = (scale(width), scale(height), Encoder::Software);
        Self { width, height, rate: RATE, profile, codec, encoder }
    }

    /// Returns the same canvas with the encoder in `encoders` for its codec. Drafts always use software.
    pub fn by(self, encoders: Encoders) -> Self {
        match self.profile {
            Profile::Draft => self,
            Profile::Final => Self { encoder: encoders.of(self.codec), ..self },
        }
    }

    /// Returns the pixels on the longer side of the final movie, even if this canvas is for a draft.
    pub fn final_side(self) -> u32 {
        let times = if self.profile == Profile::Draft { DRAFT } else { 1 };
        self.width.max(self.height) * times
    }

    /// Returns the same canvas with another frame rate.
    pub fn at(self, rate: Rate) -> Self {
        Self { rate, ..self }
    }

    /// Returns a small canvas of the same shape.
    pub fn small(self) -> Self {
        self.sized(LONG_SIDE)
    }

    /// Returns a canvas of the same shape with `long_side` pixels on its longer side.
    pub fn sized(self, long_side: u32) -> Self {
        let long = self.width.max(self.height).max(1);
        let side = |pixels: u32| (pixels * long_side / long).next_multiple_of(2).max(2);
        let (width, height) = (side(self.width), side(self.height));
        let (codec, encoder) = (Codec::H264, Encoder::Software);
        Self { width, height, rate: self.rate, profile: Profile::Draft, codec, encoder }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::action_key;

    #[test]
    fn another_encoder_is_another_key_and_software_is_not_named() {
        let canvas = |profile| Canvas::of(Aspect::Wide, Codec::H264, profile);
        let encoders = Encoders::default().with(Codec::H264, Encoder::Nvenc);
        let (plain, hard) = (canvas(Profile::Final), canvas(Profile::Final).by(encoders));
        let text = serde_json::to_string(&plain).unwrap();
        assert!(!text.contains("encoder"), "{text}");
        assert_eq!(plain.by(Encoders::default()), plain);
        assert_ne!(action_key("segment", 1, &plain), action_key("segment", 1, &hard));
        assert_eq!(canvas(Profile::Draft).by(encoders), canvas(Profile::Draft));
        assert_eq!(serde_json::from_str::<Canvas>(&text).unwrap(), plain);
    }
}
