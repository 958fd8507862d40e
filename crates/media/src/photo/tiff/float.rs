//! Floating-point samples of TIFF pictures. Most count from 0 to 1, others in the steps of whole numbers.

/// White in pictures that count in steps: the largest number of 8, 10, 12, 14 and 16 bits.
const WHITES: [f32; 5] = [255.0, 1023.0, 4095.0, 16_383.0, 65_535.0];

/// Sharpening and scaling exceed white by up to this factor.
const OVERSHOOT: f32 = 1.1;

/// The interleaved samples of a picture.
pub(super) struct FloatSamples<'a> {
    pub samples: &'a [f32],
    /// Samples per pixel.
    pub channels: usize,
    /// Whether the last one is opacity.
    pub has_alpha: bool,
    /// Whether 0 is white; the decoder has then subtracted all samples from 1.
    pub is_inverted: bool,
    /// White according to the file.
    pub stated_white: Option<f32>,
}

impl FloatSamples<'_> {
    /// Returns the samples in 8 bits.
    pub fn bytes(&self) -> Vec<u8> {
        let stated = self.stated_white.filter(|white| white.is_finite() && *white > 1.0);
        let white = stated.unwrap_or_else(|| white(self.stored(false)));
        // Opacity may count from 0 to 1 beside colours that count in steps.
        let opaque = if self.stored(true).all(|sample| sample <= 1.0) { 1.0 } else { white };
        let is_alpha = |at: usize| self.has_alpha && at % self.channels == self.channels - 1;
        let byte = |(at, sample): (usize, &f32)| {
            let scaled = self.as_stored(*sample) / if is_alpha(at) { opaque } else { white };
            let light = (scaled.clamp(0.0, 1.0) * 255.0).round() as u8;
            if self.is_inverted { 255 - light } else { light }
        };
        self.samples.iter().enumerate().map(byte).collect()
    }

    fn as_stored(&self, sample: f32) -> f32 {
        if self.is_inverted { 1.0 - sample } else { sample }
    }

    /// Returns the stored samples of the colours, or of the opacity.
    fn stored(&self, alpha: bool) -> impl Iterator<Item = f32> {
        let colours = self.channels - usize::from(self.has_alpha);
        let pixels = self.samples.chunks(self.channels);
        let part = move |pixel: &'_ [f32]| if alpha { colours..pixel.len() } else { 0..colours };
        pixels.flat_map(move |pixel| pixel[part(pixel)].iter().map(|sample| self.as_stored(*sample)))
    }
}

/// Returns the sample that is white. A picture in which most samples exceed 1 counts in steps; in others, what
/// exceeds 1 is brighter than white, such as the sun.
fn white(samples: impl Iterator<Item = f32>) -> f32 {
    let (mut most, mut positive, mut above) = (0.0f32, 0u64, 0u64);
    for sample in samples.filter(|sample| sample.is_finite()) {
        most = most.max(sample);
        positive += u64::from(sample > 0.0);
        above += u64::from(sample > 1.0);
    }
    if above * 2 <= positive {
        return 1.0;
    }
    WHITES.into_iter().find(|white| most <= white * OVERSHOOT).unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(samples: &[f32]) -> Vec<u8> {
        let (channels, has_alpha) = (1, false);
        FloatSamples { samples, channels, has_alpha, is_inverted: false, stated_white: None }.bytes()
    }

    #[test]
    fn white_is_found_by_what_most_samples_are() {
        assert_eq!(bytes(&[0.0, 0.5, 1.0]), [0, 128, 255]);
        assert_eq!(bytes(&[0.0, 0.2, 0.4, 0.5, 7.0]), [0, 51, 102, 128, 255]);
        assert_eq!(bytes(&[0.0, 128.0, 255.0]), [0, 128, 255]);
        assert_eq!(bytes(&[-3.0, 2.0, 51.0, 262.0]), [0, 2, 51, 255]);
        assert_eq!(bytes(&[0.0, 1638.0, 4095.0]), [0, 102, 255]);
        assert_eq!(bytes(&[0.0, 13_107.0, 60_000.0]), [0, 51, 233]);
        assert_eq!(bytes(&[0.0, 100_000.0, 200_000.0]), [0, 128, 255]);
        assert_eq!(bytes(&[f32::NAN, f32::INFINITY, 0.2, 0.4]), [0, 255, 51, 102]);
        assert_eq!(bytes(&[0.0; 3]), [0; 3]);
    }

    #[test]
    fn opacity_and_inversion_have_their_own_scale() {
        let samples = [255.0, 1.0, 51.0, 0.5];
        let picture = FloatSamples {
            samples: &samples,
            channels: 2,
            has_alpha: true,
            is_inverted: false,
            stated_white: None,
        };
        assert_eq!(picture.bytes(), [255, 255, 51, 128]);
        let stored = [0.0, 51.0, 255.0].map(|sample| 1.0 - sample);
        let inverted =
            FloatSamples { samples: &stored, channels: 1, has_alpha: false, is_inverted: true, ..picture };
        assert_eq!(inverted.bytes(), [255, 204, 0]);
        let stated =
            FloatSamples { stated_white: Some(1000.0), is_inverted: false, samples: &[500.0], ..inverted };
        assert_eq!(stated.bytes(), [128]);
    }
}
