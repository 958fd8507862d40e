use crate::cast::{Candidate, Subject, worth_hearing};
use mmm_base::{Score, Time};
use mmm_facts::{
    ClipFacts, Facts, MediaKind, Medium, PictureStream, Probe, ShotFraming, SubjectBox, SubjectMoment,
};
use mmm_spec::{ClipSound, Fit};

/// Without a request, a crop must keep at least this fraction of the picture, unless a condition below is
/// met.
const KEPT: f64 = 0.6;
/// A smaller crop of a photo must keep at least this share of everything that matters.
const MATTERS: f64 = 0.8;
/// A smaller crop of a clip must keep a subject of at least this weight; only the most important one of a
/// clip is known.
const MATTERS_IN_CLIP: f64 = 0.7;
/// The fraction of the analysed times of a clip at which the crop must suit.
const MOST_TIMES: f64 = 0.9;
/// The fraction of each side of a box that a crop must hold: 95 % of its area.
const WHOLE: f64 = 0.975;
/// A thing with this fraction of the weight of the most important one belongs to the subject as well.
const AS_WELL: f64 = 0.25;
/// A part of a clip is judged together with this much time before and after it.
const AROUND: Time = Time::from_secs(1);

/// Returns how a medium is fitted into a frame of the size `frame`, and what stays in it. `part` is what is
/// shown of a clip.
pub(super) fn framing(
    candidate: &Candidate,
    wanted: Fit,
    frame: (u32, u32),
    part: Option<(Time, Time)>,
) -> ShotFraming {
    let Medium { probe, facts, known, .. } = candidate.medium;
    frame_medium(probe, facts, known.focus, wanted, frame, part)
}

/// Returns how a photo or a clip is fitted into a frame of the size `frame`, and what stays in it. `focus` is
/// that of the spec, and `part` is what is shown of a clip.
pub fn frame_medium(
    probe: &Probe,
    facts: &Facts,
    focus: Option<(Score, Score)>,
    wanted: Fit,
    frame: (u32, u32),
    part: Option<(Time, Time)>,
) -> ShotFraming {
    let framed = |fit, focus| ShotFraming { fit, focus, subject: None, track: Vec::new() };
    let centre = (Score::HALF, Score::HALF);
    let Some(picture) = &probe.picture else {
        return framed(known(wanted, Fit::Fill), centre);
    };
    let crop = Crop::of(picture, frame);
    // A focus in the spec defines what matters.
    if let Some(focus) = focus {
        return framed(known(wanted, unasked(crop.kept() >= KEPT)), focus);
    }
    match facts {
        Facts::Photo(facts) => {
            let fit = known(wanted, unasked(crop.suits_photo(&facts.subjects)));
            let held = if fit == Fit::Crop { crop } else { Crop { width: 1.0, height: 1.0 } };
            ShotFraming { subject: held.subject(&facts.subjects), ..framed(fit, facts.focus) }
        }
        Facts::Music(_) => framed(known(wanted, Fit::Fill), centre),
        Facts::Clip(facts) => {
            let part = part.unwrap_or((Time::ZERO, facts.picture.duration));
            let fit = known(wanted, unasked(crop.suits_clip(facts, part)));
            let moves = fit == Fit::Crop && crop.kept() < 1.0;
            ShotFraming { track: if moves { track(facts, part) } else { Vec::new() }, ..framed(fit, centre) }
        }
    }
}

/// Returns what the spec requests, or else `unasked`.
fn known(wanted: Fit, unasked: Fit) -> Fit {
    if wanted == Fit::Auto { unasked } else { wanted }
}

fn unasked(suits: bool) -> Fit {
    if suits { Fit::Crop } else { Fit::Fill }
}

/// The size of a crop, as fractions of the picture's width and height.
#[derive(Clone, Copy)]
struct Crop {
    width: f64,
    height: f64,
}

impl Crop {
    /// Returns the largest crop of a picture with the aspect ratio of a frame.
    fn of(picture: &PictureStream, frame: (u32, u32)) -> Self {
        let one = f64::from(picture.width) * f64::from(frame.1);
        let other = f64::from(picture.height) * f64::from(frame.0);
        Self { width: (other / one.max(1.0)).min(1.0), height: (one / other.max(1.0)).min(1.0) }
    }

    /// Returns the fraction of the picture that is left.
    fn kept(&self) -> f64 {
        self.width * self.height
    }

    fn holds(&self, subject: &SubjectBox) -> bool {
        subject.width.get() * WHOLE <= self.width && subject.height.get() * WHOLE <= self.height
    }

    /// Whether the crop of a photo keeps what matters.
    fn suits_photo(&self, subjects: &[SubjectBox]) -> bool {
        let Some(all) = (Self { width: 1.0, height: 1.0 }).subject(subjects) else {
            return self.kept() >= KEPT;
        };
        self.holds(&all) && (self.kept() >= KEPT || all.weight.get() >= MATTERS)
    }

    /// Returns the first and most important of `subjects`, joined with those that matter as well, as far as
    /// the crop can hold all of them.
    fn subject(&self, subjects: &[SubjectBox]) -> Option<SubjectBox> {
        let (first, others) = subjects.split_first()?;
        let least = first.weight.get() * AS_WELL;
        let others = others.iter().filter(|other| other.weight.get() >= least);
        Some(others.fold(*first, |all, other| {
            let more = all.with(other);
            if self.holds(&more) { more } else { all }
        }))
    }

    /// Whether a crop that follows the subject of a clip keeps what matters.
    fn suits_clip(&self, facts: &ClipFacts, (from, to): (Time, Time)) -> bool {
        let near = |moment: &&SubjectMoment| from - AROUND <= moment.time && moment.time <= to + AROUND;
        let seen: Vec<Option<SubjectBox>> =
            facts.picture.subjects.iter().filter(near).map(|moment| moment.subject).collect();
        let enough = self.kept() >= KEPT;
        let fits =
            |subject: &SubjectBox| self.holds(subject) && (enough || subject.weight.get() >= MATTERS_IN_CLIP);
        // If nothing stands out, a crop loses nothing important, but nothing justifies a smaller crop either.
        let good = seen.iter().filter(|seen| seen.as_ref().map_or(enough, fits)).count();
        if seen.is_empty() { enough } else { good as f64 >= MOST_TIMES * seen.len() as f64 }
    }
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

    fn fitted(size: (u32, u32), frame: (u32, u32), subjects: &[(f64, f64, f64, f64, f64)]) -> Fit {
        let mut medium = photo("a.jpg", 0);
        photo_facts(&mut medium).subjects = subjects.iter().map(boxed).collect();
        planned(medium, size, frame).fit
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
            ((1000, 1000), WIDE, Fit::Fill),
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
        assert_eq!(fitted(portrait, WIDE, &[(0.3, 0.2, 0.4, 0.6, 0.9)]), Fit::Fill);
        assert_eq!(fitted(portrait, WIDE, &[(0.3, 0.7, 0.4, 0.25, 0.6)]), Fit::Fill);
        assert_eq!(fitted(portrait, WIDE, &[low, (0.4, 0.0, 0.2, 0.2, 0.3)]), Fit::Fill);
        // A picture of nearly the same aspect ratio loses little, but must not lose the head.
        assert_eq!(fitted((4032, 3024), WIDE, &[(0.4, 0.1, 0.2, 0.8, 0.5)]), Fit::Fill);
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
