use serde::{Deserialize, Serialize};

use crate::{Encoder, Encoders};
use mmm_base::Rate;
use mmm_spec::{Aspect, Codec, FrameSize, Quality, Settings};

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
    #[serde(default, skip_serializing_if = "Quality::is_good")]
    pub quality: Quality,
    /// Steps by which the encoder is coarser than `quality`, so that the file fits into its `max-size`: half a
    /// CRF in H.264 and HEVC, one in AV1. 16 of them are about half the size, or more.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub coarser: u16,
}

fn is_zero(coarser: &u16) -> bool {
    *coarser == 0
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

/// How many times smaller a draft is than a movie of 1080 lines, in each direction.
const DRAFT: u32 = 3;

/// Pixels on the longer side of a still.
const LONG_SIDE: u32 = 384;
/// Frames per second if nothing else is set.
const RATE: Rate = Rate(30, 1);

impl Canvas {
    /// Returns the canvas of an output with 1080 pixels on the short side (for `21:9`, 1920 on the long side)
    /// and 30 frames per second. A draft has a third of the size and is always H.264.
    pub fn of(aspect: Aspect, codec: Codec, profile: Profile) -> Self {
        let (width, height) = pixels(aspect, FrameSize::default());
        let scale = |pixels: u32| match profile {
            Profile::Final => pixels,
            Profile::Draft => (pixels / DRAFT).next_multiple_of(2),
        };
        let codec = if profile == Profile::Draft { Codec::H264 } else { codec };
        let (width, height, encoder) = (scale(width), scale(height), Encoder::Software);
        Self { width, height, rate: RATE, profile, codec, encoder, quality: Quality::default(), coarser: 0 }
    }

    /// Returns the canvas for the settings of an output. A draft has the same size and quality whatever the
    /// final movie has.
    pub fn for_settings(settings: &Settings, profile: Profile) -> Self {
        let canvas = Self::of(settings.aspect, settings.codec, profile);
        if profile == Profile::Draft {
            return canvas;
        }
        let (width, height) = pixels(settings.aspect, settings.size);
        Self { width, height, quality: settings.quality, ..canvas }
    }

    /// Returns the same canvas with the encoder in `encoders` for its codec. Drafts always use software.
    pub fn by(self, encoders: Encoders) -> Self {
        match self.profile {
            Profile::Draft => self,
            Profile::Final => Self { encoder: encoders.of(self.codec), ..self },
        }
    }

    /// Returns the pixels on the longer side of a final movie of 1080 lines with this shape. The motion of a
    /// movie is measured in these, so it is the same at every size and in drafts.
    pub fn final_side(self) -> u32 {
        let (long, short) = (self.width.max(self.height), self.width.min(self.height).max(1));
        let (lines, most) = (FrameSize::default().pixels(), pixels(Aspect::Wide, FrameSize::default()).0);
        (long * lines / short).min(most)
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
        let (rate, profile, quality) = (self.rate, Profile::Draft, Quality::default());
        Self { width, height, rate, profile, codec, encoder, quality, coarser: 0 }
    }
}

/// Returns the width and height of a frame whose shorter side has the pixels of `size`. A frame of `21:9` is
/// as wide as one of `16:9`. Sides are rounded to the nearest even number.
fn pixels(aspect: Aspect, size: FrameSize) -> (u32, u32) {
    let side = size.pixels();
    let even = |times: u32, parts: u32| (2 * side * times / parts + 2) / 4 * 2;
    match aspect {
        Aspect::Wide => (even(16, 9), side),
        Aspect::Tall => (side, even(16, 9)),
        Aspect::Square => (side, side),
        Aspect::Portrait => (side, even(5, 4)),
        Aspect::Classic => (even(4, 3), side),
        Aspect::Cinema => (even(16, 9), even(16 * 9, 9 * 21)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::action_key;

    const ASPECTS: [Aspect; 6] =
        [Aspect::Wide, Aspect::Tall, Aspect::Square, Aspect::Portrait, Aspect::Classic, Aspect::Cinema];
    const SIZES: [FrameSize; 5] =
        [FrameSize::P480, FrameSize::P720, FrameSize::P1080, FrameSize::P1440, FrameSize::P2160];

    fn canvas_of(aspect: Aspect, size: FrameSize, profile: Profile) -> Canvas {
        Canvas::for_settings(&Settings { aspect, size, ..Settings::default() }, profile)
    }

    #[test]
    fn every_aspect_and_size_has_its_frame() {
        let sizes = |aspect| {
            SIZES.map(|size| {
                let Canvas { width, height, .. } = canvas_of(aspect, size, Profile::Final);
                (width, height)
            })
        };
        assert_eq!(sizes(Aspect::Wide), [(854, 480), (1280, 720), (1920, 1080), (2560, 1440), (3840, 2160)]);
        assert_eq!(sizes(Aspect::Tall), sizes(Aspect::Wide).map(|(width, height)| (height, width)));
        assert_eq!(sizes(Aspect::Square), [480, 720, 1080, 1440, 2160].map(|side| (side, side)));
        let portrait = [(480, 600), (720, 900), (1080, 1350), (1440, 1800), (2160, 2700)];
        assert_eq!(sizes(Aspect::Portrait), portrait);
        assert_eq!(
            sizes(Aspect::Classic),
            [(640, 480), (960, 720), (1440, 1080), (1920, 1440), (2880, 2160)]
        );
        assert_eq!(sizes(Aspect::Cinema), [(854, 366), (1280, 548), (1920, 822), (2560, 1098), (3840, 1646)]);
    }

    #[test]
    fn motion_and_drafts_do_not_depend_on_the_size() {
        for aspect in ASPECTS {
            let [draft, movie] = [Profile::Draft, Profile::Final].map(|profile| {
                SIZES.map(|size| {
                    let canvas = canvas_of(aspect, size, profile);
                    (canvas.final_side(), canvas)
                })
            });
            let side = movie[2].1.width.max(movie[2].1.height);
            assert!(draft.iter().chain(&movie).all(|(found, _)| *found == side), "{aspect:?}: {movie:?}");
            assert!(draft.iter().all(|found| *found == draft[0]), "{aspect:?}");
            assert_eq!(draft[0].1, Canvas::of(aspect, Codec::H264, Profile::Draft));
            assert_eq!(movie[2].1, Canvas::of(aspect, Codec::H264, Profile::Final));
        }
    }

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
