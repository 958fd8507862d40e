use mmm_base::Score;
use mmm_facts::{ClipSample, SightMoment, SourceShot};

use super::faces_over_time::people;

/// The weights of the parts of the appeal; they add up to 1.
const LOOK: f64 = 0.4;
const ACTION: f64 = 0.3;
const EVENT: f64 = 0.15;
const PEOPLE: f64 = 0.15;
/// The part of the appeal that an unsteady moment loses.
const UNSTEADY: f64 = 0.6;
/// How much more must happen than usual in the clip to count as an event in full.
const LEAST_EVENT: f64 = 0.25;

/// Sets the appeal of each moment: how much it is worth seeing. It is high where the picture looks good,
/// something happens that the eye can follow, more than usual in this clip, where people are seen and smile,
/// and the camera is steady.
///
/// `shots` are those of the source; `subjects` are the weights of the subjects at the moments, and count
/// where no model looked.
pub fn set_appeal(
    moments: &mut [ClipSample],
    shots: &[SourceShot],
    looks: &[SightMoment],
    subjects: &[Score],
) {
    let mut usual: Vec<f64> = moments.iter().map(|moment| moment.action.get()).collect();
    usual.sort_by(f64::total_cmp);
    let at = |share: f64| usual.get((share * usual.len() as f64) as usize).copied().unwrap_or(0.0);
    let (median, high) = (at(0.5), at(0.95));
    for (moment, subject) in moments.iter_mut().zip(subjects) {
        let event = ((moment.action.get() - median) / (high - median).max(LEAST_EVENT)).clamp(0.0, 1.0);
        let people = match people(looks, shots, moment.time) {
            Some(people) => people,
            None => subject.get() / 2.0,
        };
        let merit =
            LOOK * moment.aesthetic.get() + ACTION * moment.action.get() + EVENT * event + PEOPLE * people;
        moment.appeal = Score::new(merit * (1.0 - UNSTEADY * (1.0 - moment.steadiness.get())));
    }
}
