use crate::cast::{Candidate, Subject};
use mmm_facts::Issue;

/// A clip with a mean luma below this is slightly dark, and is brightened halfway towards it.
const USUAL: f64 = 0.32;
/// At or below this mean luma, it is night or the darkness is intended.
const NIGHT: f64 = 0.14;
/// A picture with this much range includes highlights; only its subject is dark.
const WHOLE_RANGE: f64 = 0.85;
/// The largest correction: two fifths of a stop in the middle greys.
const MOST: f64 = 0.18;

/// Returns how much the exponent of a clip's tone curve is lowered, in thousandths. Zero if the clip is well
/// exposed, if it is night, or if it includes highlights, because then the darkness belongs to the picture.
/// The correction falls gradually towards every limit, so that two takes of a scene don't differ.
pub(super) fn lift(candidate: &Candidate) -> u16 {
    let Subject::Clip(facts) = candidate.facts else { return 0 };
    let (mean, range) = (facts.picture.look.brightness.get(), facts.picture.look.contrast.get());
    if mean >= USUAL || mean <= NIGHT || facts.picture.issues.contains(&Issue::Underexposed) {
        return 0;
    }
    let wanted = f64::midpoint(mean, USUAL);
    // mean ^ (1 - lift) = wanted
    let whole = 1.0 - wanted.ln() / mean.ln();
    let by_night = ((mean - NIGHT) / 0.06).min(1.0);
    let by_range = ((WHOLE_RANGE - range) / 0.15).clamp(0.0, 1.0);
    ((whole * by_night * by_range).clamp(0.0, MOST) * 1000.0).round() as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::Cast;
    use crate::cast::Wishes;
    use mmm_base::{Score, Time};
    use mmm_facts::sample::{clip, clip_facts, material};

    fn lifted(brightness: f64, contrast: f64) -> u16 {
        let mut material = material(0, 120_000);
        let mut medium = clip("a.mp4", 0, Time::from_secs(20));
        let look = &mut clip_facts(&mut medium).picture.look;
        (look.brightness, look.contrast) = (Score::new(brightness), Score::new(contrast));
        material.media.push(medium);
        lift(&Cast::gather(&material, &Wishes::read(None)).unwrap().candidates[0])
    }

    #[test]
    fn only_a_little_dark_is_lifted_and_only_a_little() {
        assert_eq!((lifted(0.45, 0.6), lifted(0.32, 0.6)), (0, 0), "well exposed");
        assert_eq!((lifted(0.12, 0.6), lifted(0.14, 0.6)), (0, 0), "night");
        assert_eq!(lifted(0.25, 0.95), 0, "its lights are reached");
        let some = lifted(0.25, 0.6);
        assert!((50..=120).contains(&some), "{some}");
        assert!((0..=100).all(|step| lifted(f64::from(step) / 100.0, 0.5) <= 180));
    }
}
