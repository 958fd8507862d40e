use super::crop::{Crop, KEPT};
use super::photo_framing::{Framed, FramedPhoto};
use crate::cast::{Candidate, Subject, worth_hearing};
use mmm_base::{Score, Time};
use mmm_facts::{
    BarsCause, ClipFacts, Facts, FramingReason, MediaKind, Medium, Probe, Said, ShotFraming, SubjectMask,
    SubjectMoment,
};
use mmm_spec::{ClipSound, Fit, PhotoMotion, Style};

/// A medium that is to be framed, with what is known of its picture.
#[derive(Clone, Copy, Debug)]
pub struct FramedMedium<'a> {
    pub probe: &'a Probe,
    pub facts: &'a Facts,
    pub said: &'a Said,
    /// Where its subject is, if a model looked for it.
    pub mask: Option<&'a SubjectMask>,
    /// The point that stays in the frame, if the spec sets it.
    pub focus: Option<(Score, Score)>,
}

/// The frame that a medium is shown in.
#[derive(Clone, Copy, Debug)]
pub struct FrameWish {
    pub fit: Fit,
    /// Width and height of the movie in pixels.
    pub size: (u32, u32),
    /// What is shown of a clip.
    pub part: Option<(Time, Time)>,
    /// How long the frame may move along a photo; `None` if it may not.
    pub move_for: Option<Time>,
}

impl<'a> FramedMedium<'a> {
    /// Returns a medium of the plan, as it is known without a mask.
    pub fn of(medium: &'a Medium) -> Self {
        let Medium { probe, facts, said, known, .. } = medium;
        Self { probe, facts, said, mask: None, focus: known.focus }
    }

    /// Returns what is shown of a candidate: of a live photo that plays, its moving picture.
    pub(super) fn shown(candidate: &Candidate<'a>) -> Self {
        let shown = Self::of(candidate.shown);
        Self { focus: candidate.medium.known.focus.or(shown.focus), ..shown }
    }
}

impl FrameWish {
    /// Returns the frame of a shot of `length` in a movie of this style and size.
    pub fn of(style: &Style, size: (u32, u32), length: Time, part: Option<(Time, Time)>) -> Self {
        let move_for = (style.photos == PhotoMotion::KenBurns).then_some(length);
        Self { fit: style.fit, size, part, move_for }
    }
}

/// Returns how a photo or a clip is fitted into a frame, what stays in it, and why.
pub fn frame_medium(medium: FramedMedium, wish: FrameWish) -> Framed {
    let framed = |fit, focus| {
        let framing = ShotFraming { fit, focus, subject: None, crop: None, track: Vec::new() };
        Framed { framing, reason: None }
    };
    let FrameWish { fit: wanted, size: frame, part, move_for } = wish;
    let centre = (Score::HALF, Score::HALF);
    let Some(picture) = &medium.probe.picture else {
        return framed(known(wanted, Fit::Fill), centre);
    };
    let crop = Crop::of(picture, frame);
    // A focus in the spec defines what matters.
    if let Some(focus) = medium.focus {
        return because(
            framed(known(wanted, unasked(crop.kept() >= KEPT)), focus),
            wanted,
            BarsCause::Picture,
        );
    }
    match medium.facts {
        Facts::Photo(facts) => {
            let FramedMedium { said, mask, .. } = medium;
            FramedPhoto { picture, facts, said, mask, frame, move_for }.framed(wanted)
        }
        Facts::Music(_) => framed(known(wanted, Fit::Fill), centre),
        Facts::Clip(facts) => {
            let part = part.unwrap_or((Time::ZERO, facts.picture.duration));
            let fit = known(wanted, unasked(crop.suits_clip(facts, part)));
            let moves = fit == Fit::Crop && crop.kept() < 1.0;
            let mut framed = framed(fit, centre);
            framed.framing.track = if moves { track(facts, part) } else { Vec::new() };
            let cause = if crop.kept() < KEPT && track(facts, part).is_empty() {
                BarsCause::Picture
            } else {
                BarsCause::Subject
            };
            because(framed, wanted, cause)
        }
    }
}

/// Adds why a picture stands between bars, if the spec doesn't ask for them.
fn because(framed: Framed, wanted: Fit, cause: BarsCause) -> Framed {
    let is_asked = framed.framing.fit != Fit::Fill || wanted == Fit::Fill;
    Framed { reason: (!is_asked).then_some(FramingReason::Bars { cause }), ..framed }
}

/// Returns what the spec requests, or else `unasked`.
fn known(wanted: Fit, unasked: Fit) -> Fit {
    if wanted == Fit::Auto { unasked } else { wanted }
}

fn unasked(suits: bool) -> Fit {
    if suits { Fit::Crop } else { Fit::Fill }
}

/// Returns the subjects in the source shot that contains a part; empty if there are none.
fn track(facts: &ClipFacts, (from, to): (Time, Time)) -> Vec<SubjectMoment> {
    let middle = (from + to).scale(1, 2);
    let shot = facts.picture.shots.iter().find(|shot| shot.start <= middle && middle <= shot.end);
    let inside = |moment: &&SubjectMoment| {
        shot.is_none_or(|shot| shot.start <= moment.time && moment.time <= shot.end)
    };
    let track: Vec<SubjectMoment> = facts.picture.subjects.iter().filter(inside).copied().collect();
    if track.iter().any(|moment| moment.subject.is_some()) { track } else { Vec::new() }
}

/// Returns how the medium's own sound is used; `voices` are in the part that is shown.
pub(super) fn sound(candidate: &Candidate, has_music: bool, voices: &[(Time, Time)]) -> ClipSound {
    let Subject::Clip(facts) = candidate.facts else { return ClipSound::Mute };
    let wanted = match candidate.sound() {
        ClipSound::Auto if has_music && !worth_hearing(voices) => ClipSound::Mute,
        ClipSound::Auto => ClipSound::Keep,
        said => said,
    };
    let silent = candidate.kind != MediaKind::Clip || !facts.sound.has_sound;
    if silent { ClipSound::Mute } else { wanted }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan;
    use mmm_facts::SubjectBox;
    use mmm_facts::sample::{clip, clip_facts, photo, photo_facts};

    const WIDE: (u32, u32) = (1920, 1080);
    const TALL: (u32, u32) = (1080, 1920);

    fn planned(medium: Medium, size: (u32, u32), frame: (u32, u32)) -> ShotFraming {
        let mut medium = medium;
        if let Some(picture) = &mut medium.probe.picture {
            (picture.width, picture.height) = size;
        }
        let mut material = mmm_facts::sample::material(0, 120_000);
        (material.media, material.frame) = (vec![medium], frame);
        material.settings.duration = mmm_spec::Length::Exact(Time::from_secs(3));
        plan(&material).unwrap().shots.swap_remove(0).framing
    }

    /// How a photo is fitted into a frame for a second: too short to move far along it.
    fn fitted(size: (u32, u32), frame: (u32, u32), subjects: &[(f64, f64, f64, f64, f64)]) -> Fit {
        let mut medium = photo("a.jpg", 0);
        let picture = medium.probe.picture.as_mut().unwrap();
        (picture.width, picture.height) = size;
        photo_facts(&mut medium).subjects = subjects.iter().map(boxed).collect();
        let move_for = Some(Time::from_millis(600));
        let wish = FrameWish { fit: Fit::Auto, size: frame, part: None, move_for };
        frame_medium(FramedMedium::of(&medium), wish).framing.fit
    }

    fn boxed(&(x, y, width, height, weight): &(f64, f64, f64, f64, f64)) -> SubjectBox {
        SubjectBox::between((x, y), (x + width, y + height), weight)
    }

    #[test]
    fn little_is_cropped_and_much_is_filled_where_nothing_stands_out() {
        for (size, frame, fit) in [
            ((4032, 3024), WIDE, Fit::Crop),
            ((6000, 4000), WIDE, Fit::Crop),
            ((3024, 4032), WIDE, Fit::Fill),
            ((1200, 2400), WIDE, Fit::Fill),
            ((1080, 1920), TALL, Fit::Crop),
            ((0, 0), WIDE, Fit::Fill),
        ] {
            assert_eq!(fitted(size, frame, &[]), fit, "{size:?}");
        }
    }

    #[test]
    fn a_crop_is_made_where_it_keeps_all_that_matters_and_only_there() {
        let portrait = (3024, 4032);
        let low = (0.3, 0.7, 0.4, 0.25, 0.9);
        assert_eq!(fitted(portrait, WIDE, &[low]), Fit::Crop);
        // It would lose the feet, or most of what matters, or one of two subjects.
        assert_eq!(fitted(portrait, WIDE, &[(0.3, 0.1, 0.4, 0.8, 0.9)]), Fit::Fill);
        assert_eq!(fitted(portrait, WIDE, &[(0.3, 0.7, 0.4, 0.25, 0.6)]), Fit::Fill);
        assert_eq!(fitted(portrait, WIDE, &[low, (0.4, 0.0, 0.2, 0.2, 0.3)]), Fit::Fill);
        // A picture of nearly the same aspect ratio loses little, but must not lose the head.
        assert_eq!(fitted((4032, 3024), WIDE, &[(0.4, 0.1, 0.2, 0.7, 0.5)]), Fit::Crop);
    }

    #[test]
    fn of_several_subjects_those_are_kept_that_fit_together() {
        let mut medium = photo("a.jpg", 0);
        let subjects = [(0.6, 0.3, 0.2, 0.3, 0.4), (0.5, 0.4, 0.1, 0.1, 0.2), (0.0, 0.3, 0.1, 0.1, 0.3)];
        photo_facts(&mut medium).subjects = subjects.iter().map(boxed).collect();
        let mut material = mmm_facts::sample::material(0, 120_000);
        (material.media, material.frame) = (vec![medium], TALL);
        material.settings.style.fit = Fit::Crop;
        material.settings.style.photos = PhotoMotion::Still;
        let shot = plan(&material).unwrap().shots.swap_remove(0);
        let kept = shot.framing.subject.unwrap();
        assert_eq!((kept.x.get(), kept.width.get(), kept.weight.get()), (0.5, 0.3, 0.6));
    }

    #[test]
    fn a_clip_is_cropped_to_what_can_be_followed() {
        let walked = |width: f64, weight: f64| {
            let mut medium = clip("a.mp4", 0, Time::from_secs(12));
            let facts = clip_facts(&mut medium);
            let subject = |time: Time| {
                let x = 0.1 + time.secs() / 20.0;
                Some(SubjectBox::between((x, 0.3), (x + width, 0.7), weight))
            };
            let times = (0..48).map(|index| Time::from_millis(index * 250));
            facts.picture.subjects =
                times.map(|time| SubjectMoment { time, subject: subject(time) }).collect();
            assert!(matches!(medium.facts, Facts::Clip(_)));
            planned(medium, (1920, 1080), TALL)
        };
        let followed = walked(0.1, 0.8);
        assert_eq!((followed.fit, followed.track.len()), (Fit::Crop, 48));
        assert_eq!(walked(0.5, 0.8).fit, Fit::Fill);
        assert_eq!(walked(0.1, 0.6).fit, Fit::Fill);
    }
}
