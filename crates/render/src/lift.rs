use mmm_media::Yuv420;

/// Brightens the midtones of a picture; black and white stay the same.
///
/// The code values of red, green and blue are raised by one power. In the movie's samples this equals a curve
/// of luma, except for the most saturated colours. Chroma scales with luma, so saturation is preserved.
pub(super) struct Lift {
    luma: [u8; 256],
    /// The factor on chroma in 256ths, by luma.
    colour: [u16; 256],
}

impl Lift {
    /// Returns a lift by `thousandths` of the exponent; `None` for zero.
    pub(super) fn of(thousandths: u16) -> Option<Self> {
        if thousandths == 0 {
            return None;
        }
        let exponent = 1.0 - f64::from(thousandths.min(500)) / 1000.0;
        let raised = |luma: usize| {
            let code = ((luma as f64 - 16.0) / 219.0).max(0.0);
            if code >= 1.0 { luma as f64 } else { 16.0 + 219.0 * code.powf(exponent) }
        };
        // Near black the ratio, and thus chroma noise, would grow without bound.
        let gain = |luma: usize| ((raised(luma) - 16.0) / (luma as f64 - 16.0).max(12.0)).clamp(1.0, 1.4);
        Some(Self {
            luma: std::array::from_fn(
                |luma| if luma <= 16 { luma as u8 } else { raised(luma).round() as u8 },
            ),
            colour: std::array::from_fn(|luma| (gain(luma) * 256.0).round() as u16),
        })
    }

    /// Lifts a picture; chroma follows the luma at the corner of its two columns and rows.
    pub(super) fn apply(&self, picture: &mut Yuv420) {
        let (width, half) = (picture.width as usize, picture.width as usize / 2);
        for (row, luma) in picture.y.chunks_exact(width * 2).enumerate() {
            let pairs = row * half..(row + 1) * half;
            for (column, (u, v)) in picture.u[pairs.clone()].iter_mut().zip(&mut picture.v[pairs]).enumerate()
            {
                let gain = i32::from(self.colour[usize::from(luma[column * 2])]);
                for sample in [u, v] {
                    *sample = (128 + (((i32::from(*sample) - 128) * gain + 128) >> 8)).clamp(16, 240) as u8;
                }
            }
        }
        picture.y.iter_mut().for_each(|luma| *luma = self.luma[usize::from(*luma)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lifted(y: u8, u: u8, v: u8) -> [u8; 3] {
        let mut picture = Yuv420 { width: 2, height: 2, y: vec![y; 4], u: vec![u], v: vec![v] };
        Lift::of(120).unwrap().apply(&mut picture);
        [picture.y[0], picture.u[0], picture.v[0]]
    }

    #[test]
    fn the_middle_rises_and_the_ends_stay() {
        assert!(Lift::of(0).is_none());
        assert_eq!((lifted(16, 128, 128), lifted(235, 128, 128)), ([16, 128, 128], [235, 128, 128]));
        assert_eq!((lifted(3, 128, 128)[0], lifted(250, 128, 128)[0]), (3, 250));
        // A quarter of white: 0.25 ^ 0.88 is 0.295.
        assert_eq!(lifted(71, 128, 128)[0], 81);
        let rising: Vec<u8> = (16..=235).map(|luma| lifted(luma, 128, 128)[0]).collect();
        assert!(rising.is_sorted());
    }

    #[test]
    fn colours_keep_their_saturation() {
        let [y, u, v] = lifted(71, 108, 148).map(f64::from);
        let ratio = (y - 16.0) / 55.0;
        assert!(
            ((128.0 - u) / 20.0 - ratio).abs() < 0.04 && ((v - 128.0) / 20.0 - ratio).abs() < 0.04,
            "{u} {v}"
        );
    }
}
