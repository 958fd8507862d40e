use mmm_base::Time;
use mmm_facts::{ClipFacts, PictureStream, SubjectBox, SubjectMoment};

use super::placing::Axis;

/// Without a request, a crop must keep at least this fraction of the picture, unless a condition below is
/// met.
pub(super) const KEPT: f64 = 0.6;
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

/// The size of a crop, as fractions of the picture's width and height.
#[derive(Clone, Copy)]
pub(super) struct Crop {
    pub width: f64,
    pub height: f64,
}

impl Crop {
    /// The whole picture.
    pub const WHOLE: Self = Self { width: 1.0, height: 1.0 };

    /// Returns the largest crop of a picture with the aspect ratio of a frame.
    pub fn of(picture: &PictureStream, frame: (u32, u32)) -> Self {
        let one = f64::from(picture.width) * f64::from(frame.1);
        let other = f64::from(picture.height) * f64::from(frame.0);
        Self { width: (other / one.max(1.0)).min(1.0), height: (one / other.max(1.0)).min(1.0) }
    }

    /// Returns the fraction of the picture that is left.
    pub fn kept(&self) -> f64 {
        self.width * self.height
    }

    /// Whether a box fits into the crop, apart from a hair's breadth.
    pub fn holds(&self, subject: &SubjectBox) -> bool {
        subject.width.get() * WHOLE <= self.width && subject.height.get() * WHOLE <= self.height
    }

    /// Whether all of a box fits into the crop.
    pub fn holds_all_of(&self, area: &SubjectBox) -> bool {
        area.width.get() <= self.width && area.height.get() <= self.height
    }

    /// Returns the side along which the crop can be placed, and its length there.
    pub fn axis(&self) -> (Axis, f64) {
        if self.width < self.height { (Axis::Across, self.width) } else { (Axis::Down, self.height) }
    }

    /// Returns what matters in a photo, if the crop keeps it.
    pub fn kept_subject(&self, subjects: &[SubjectBox]) -> Option<SubjectBox> {
        let all = Self::WHOLE.subject(subjects)?;
        let is_kept = self.holds(&all) && (self.kept() >= KEPT || all.weight.get() >= MATTERS);
        is_kept.then_some(all)
    }

    /// Returns the first and most important of `subjects`, joined with those that matter as well, as far as
    /// the crop can hold all of them.
    pub fn subject(&self, subjects: &[SubjectBox]) -> Option<SubjectBox> {
        let (first, others) = subjects.split_first()?;
        let least = first.weight.get() * AS_WELL;
        let others = others.iter().filter(|other| other.weight.get() >= least);
        Some(others.fold(*first, |all, other| {
            let more = all.with(other);
            if self.holds(&more) { more } else { all }
        }))
    }

    /// Whether a crop that follows the subject of a clip keeps what matters.
    pub fn suits_clip(&self, facts: &ClipFacts, (from, to): (Time, Time)) -> bool {
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
