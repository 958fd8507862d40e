use crate::RgbView;
use mmm_base::Score;
use mmm_facts::PictureQuality;

use super::Plane;
use super::noise::noise;
use super::sharpness::{Sharpness, sharpness};
use super::tone::{Tone, colourfulness, rise};

/// Returns the look of `view`, given its luma and tone.
pub fn look_of(view: &RgbView, luma: &Plane, tone: &Tone) -> PictureQuality {
    let Sharpness { score, motion_blur } = sharpness(luma);
    let mut look = PictureQuality {
        sharpness: score,
        motion_blur,
        exposure: tone.exposure(),
        contrast: tone.contrast(),
        colourfulness: colourfulness(view),
        brightness: Score::new(tone.mean),
        noise: noise(luma),
        ..PictureQuality::default()
    };
    look.aesthetic = aesthetic(&look);
    look
}

/// Noise counts from the first value on, and takes away most from the second on.
const NOISY: (f64, f64) = (0.1, 0.5);
/// The largest share of its merit that a picture loses by noise.
const LOST: f64 = 0.5;

/// Combines all measures: a weighted mean, reduced by the worst fault in sharpness or exposure, and by noise,
/// which looks like sharpness.
pub fn aesthetic(look: &PictureQuality) -> Score {
    let [sharpness, exposure] = [look.sharpness, look.exposure].map(Score::get);
    let merit = 0.30 * sharpness
        + 0.25 * exposure
        + 0.20 * look.contrast.get()
        // More colour than "quite colourful" is not better.
        + 0.25 * rise(look.colourfulness.get(), 0.0, 0.6);
    let fault = rise(sharpness, 0.05, 0.45).min(rise(exposure, 0.05, 0.45));
    let clean = 1.0 - LOST * rise(look.noise.get(), NOISY.0, NOISY.1);
    Score::new(merit * (0.25 + 0.75 * fault) * clean)
}
