use crate::base::{Score, Time};
use crate::media::{MediaKind, Picture};
use crate::spec::{ClipSound, Fit};

use super::cast::{Candidate, Subject};
use super::voices::worth_hearing;

/// A crop keeps at least so much of the picture, or it is not made unasked.
const KEPT: f64 = 0.6;

/// How a picture is brought into a frame.
pub(super) fn fit(wanted: Fit, picture: Option<&Picture>, frame: (u32, u32)) -> Fit {
    match (wanted, picture) {
        (Fit::Auto, Some(picture)) if kept(picture, frame) < KEPT => Fit::Fill,
        (Fit::Auto, _) => Fit::Crop,
        (said, _) => said,
    }
}

/// The share of the picture that a crop to the frame leaves.
fn kept(picture: &Picture, frame: (u32, u32)) -> f64 {
    let one = u64::from(picture.width) * u64::from(frame.1);
    let other = u64::from(picture.height) * u64::from(frame.0);
    one.min(other) as f64 / one.max(other).max(1) as f64
}

/// The point that stays in the frame.
pub(super) fn focus(candidate: &Candidate) -> (Score, Score) {
    let centre = (Score::new(0.5), Score::new(0.5));
    match (candidate.medium.known.focus, candidate.facts) {
        (Some(focus), _) => focus,
        (None, Subject::Photo(facts)) => facts.focus,
        (None, Subject::Clip(_)) => centre,
    }
}

/// What becomes of the medium's own sound, in whose shown part are `voices`.
pub(super) fn sound(candidate: &Candidate, has_music: bool, voices: &[(Time, Time)]) -> ClipSound {
    let Subject::Clip(facts) = candidate.facts else { return ClipSound::Mute };
    let wanted = match candidate.medium.known.sound.unwrap_or_default() {
        ClipSound::Auto if has_music && !worth_hearing(voices) => ClipSound::Mute,
        ClipSound::Auto => ClipSound::Keep,
        said => said,
    };
    let silent = candidate.kind != MediaKind::Clip || !facts.has_sound;
    if silent { ClipSound::Mute } else { wanted }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::photo;

    fn fitted(width: u32, height: u32, frame: (u32, u32)) -> Fit {
        let mut picture = photo("a", 0).probe.picture.unwrap();
        (picture.width, picture.height) = (width, height);
        fit(Fit::Auto, Some(&picture), frame)
    }

    #[test]
    fn little_is_cropped_and_much_is_filled() {
        let wide = (1920, 1080);
        assert_eq!(fitted(4032, 3024, wide), Fit::Crop);
        assert_eq!(fitted(6000, 4000, wide), Fit::Crop);
        assert_eq!(fitted(3024, 4032, wide), Fit::Fill);
        assert_eq!(fitted(1000, 1000, wide), Fit::Fill);
        assert_eq!(fitted(1080, 1920, (1080, 1920)), Fit::Crop);
        assert_eq!(fitted(0, 0, wide), Fit::Fill);
    }
}
