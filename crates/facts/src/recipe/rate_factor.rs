use mmm_spec::{Codec, Quality};

use crate::{Canvas, Profile};

impl Canvas {
    /// Returns the constant rate factor (CRF) of the software encoder: lower is closer to the original, and
    /// larger. docs/outputs.md documents what each quality means.
    pub fn rate_factor(self) -> f64 {
        let step = match self.codec {
            Codec::H264 | Codec::Hevc => 0.5,
            Codec::Av1 => 1.0,
        };
        f64::from(self.quality_factor()) + f64::from(self.coarser) * step
    }

    /// Returns by how much the rate factor differs from that of `good`, as a whole number.
    pub fn coarser_than_good(self) -> i32 {
        let good = Self { quality: Quality::Good, ..self }.quality_factor();
        self.rate_factor().ceil() as i32 - good
    }

    /// Returns the most steps by which a movie may be coarser to fit into its `max-size`. Beyond them nobody
    /// would want to watch it.
    pub fn coarsest(self) -> u16 {
        let (worst, steps) = match self.codec {
            Codec::H264 => (44, 2),
            Codec::Hevc => (45, 2),
            Codec::Av1 => (60, 1),
        };
        ((worst - self.quality_factor()).max(0) * steps) as u16
    }

    fn quality_factor(self) -> i32 {
        let good = match (self.codec, self.profile) {
            (Codec::H264, Profile::Draft) => 26,
            (Codec::H264, Profile::Final) => 20,
            (Codec::Hevc, _) => 21,
            (Codec::Av1, _) => 28,
        };
        good + match (self.quality, self.codec) {
            (Quality::Good, _) => 0,
            (Quality::Small, Codec::H264) => 4,
            (Quality::Small, Codec::Hevc) => 5,
            (Quality::Small, Codec::Av1) => 13,
            (Quality::Best, Codec::H264 | Codec::Hevc) => -4,
            (Quality::Best, Codec::Av1) => -10,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_spec::Aspect;

    #[test]
    fn steps_are_about_a_sixteenth_of_an_octave_of_size() {
        let canvas = |codec, quality, coarser| Canvas {
            quality,
            coarser,
            ..Canvas::of(Aspect::Wide, codec, Profile::Final)
        };
        assert_eq!(canvas(Codec::H264, Quality::Good, 0).rate_factor(), 20.0);
        assert_eq!(canvas(Codec::H264, Quality::Best, 13).rate_factor(), 22.5);
        assert_eq!(canvas(Codec::H264, Quality::Best, 13).coarser_than_good(), 3);
        assert_eq!(canvas(Codec::Av1, Quality::Good, 5).rate_factor(), 33.0);
        for codec in [Codec::H264, Codec::Hevc, Codec::Av1] {
            for quality in [Quality::Small, Quality::Good, Quality::Best] {
                let least = canvas(codec, quality, 0);
                let most = Canvas { coarser: least.coarsest(), ..least };
                assert!((44.0..=60.0).contains(&most.rate_factor()), "{codec:?} {quality:?}");
            }
        }
    }
}
