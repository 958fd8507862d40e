use ffmpeg_next::frame;

use super::cube::Cube;
use super::gamut::{Primaries, into_gamut, times};
use super::tone::ToneMap;
use super::transfer::{HLG_PEAK_NITS, Transfer, display_code};

/// The assumed peak of PQ sources in nits, the usual peak of phones; brighter colours are shown as white.
const PQ_PEAK_NITS: f64 = 1000.0;

/// The transfer function and primaries of a source that differ from the movie's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Grade {
    transfer: Transfer,
    primaries: Primaries,
}

impl Grade {
    /// Reads the grade from the tags of a frame; `None` if its colours are the movie's or it has no tags.
    pub fn of(frame: &frame::Video) -> Option<Self> {
        // SAFETY: reads numbers of a live frame.
        let (primaries, transfer) =
            unsafe { ((*frame.as_ptr()).color_primaries as i64, (*frame.as_ptr()).color_trc as i64) };
        Self::of_code_points(primaries, transfer)
    }

    /// Reads the grade from code points of ISO/IEC 23091-2; `None` if they aren't high dynamic range.
    pub fn of_high_range(primaries: u8, transfer: u8) -> Option<Self> {
        let grade = Self::of_code_points(primaries.into(), transfer.into());
        grade.filter(|grade| grade.transfer != Transfer::Display)
    }

    fn of_code_points(primaries: i64, transfer: i64) -> Option<Self> {
        let transfer = match transfer {
            16 => Transfer::Pq,
            18 => Transfer::Hlg,
            _ => Transfer::Display,
        };
        let primaries = match primaries {
            6 | 7 => Primaries::Smpte170m,
            9 => Primaries::Bt2020,
            12 => Primaries::P3,
            // High dynamic range with unspecified primaries is BT.2100, which uses the primaries of BT.2020.
            _ if transfer != Transfer::Display => Primaries::Bt2020,
            // The primaries of BT.601 with 625 lines differ from BT.709's only by a trace of green.
            _ => Primaries::Bt709,
        };
        let same = transfer == Transfer::Display && primaries == Primaries::Bt709;
        (!same).then_some(Self { transfer, primaries })
    }

    /// Returns the table from the source's code values to the movie's.
    pub fn cube(self) -> Cube {
        let peak = match self.transfer {
            Transfer::Display => super::transfer::WHITE_NITS,
            Transfer::Hlg => HLG_PEAK_NITS,
            Transfer::Pq => PQ_PEAK_NITS,
        };
        let (tone, weights) = (ToneMap::new(peak), self.primaries.weights());
        let (to_movie, shown) = (self.primaries.to(Primaries::Bt709), Primaries::Bt709.weights());
        Cube::of(|code| {
            let light = tone.mapped(self.transfer.light(code, weights));
            into_gamut(times(&to_movie, light), shown).map(display_code)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graded(grade: Grade, code: [f64; 3]) -> [f64; 3] {
        grade
            .cube()
            .look_up(code.map(|code| (code * 65_535.0).round() as u16))
            .map(|value| f64::from(value) / 65_535.0)
    }

    #[test]
    fn greys_stay_grey_and_white_is_nearly_white() {
        for (transfer, white) in [(Transfer::Hlg, 0.75), (Transfer::Pq, 0.58)] {
            let grade = Grade { transfer, primaries: Primaries::Bt2020 };
            let codes: Vec<f64> = (0..=20).map(|n| graded(grade, [f64::from(n) / 20.0; 3])[1]).collect();
            assert!(codes.is_sorted(), "{codes:?}");
            assert!(codes[0] == 0.0 && codes[20] > 0.99);
            let [r, g, b] = graded(grade, [white; 3]);
            assert!((0.87..0.93).contains(&g), "{g}");
            assert!((r - g).abs() < 2e-3 && (b - g).abs() < 2e-3, "{r} {g} {b}");
        }
    }

    #[test]
    fn ordinary_colours_of_other_primaries_are_the_same_light() {
        // A skin tone in BT.709, encoded in BT.2020, maps back to itself.
        let light = [0.76f64, 0.57, 0.45].map(|code| code.powf(2.4));
        let wide = times(&Primaries::Bt709.to(Primaries::Bt2020), light).map(|light| light.powf(1.0 / 2.4));
        let grade = Grade { transfer: Transfer::Display, primaries: Primaries::Bt2020 };
        for (found, wanted) in graded(grade, wide).into_iter().zip([0.76, 0.57, 0.45]) {
            assert!((found - wanted).abs() < 4e-3, "{found} {wanted}");
        }
    }
}
