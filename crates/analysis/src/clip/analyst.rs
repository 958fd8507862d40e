use std::collections::VecDeque;

use crate::RgbView;
use crate::picture::{Plane, SMALL_SIDE_PX, Tone, look_of, picture_hash, picture_issues};
use mmm_base::{Score, Time};
use mmm_facts::{
    ClipPictureFacts, ClipSample, Issue, PictureQuality, SightMoment, SubjectBox, SubjectMoment,
};

use super::appeal::set_appeal;
use super::camera::camera;
use super::follower::Follower;
use super::motion::{is_shaky, is_usual_step, level, motion, of_usual_step};
use super::overview::overview;
use super::shots::{Boundary, PictureChange, boundaries, shots};
use super::signature::Signature;
use super::steps::{PictureStep, action, steadiness};

/// A shorter clip was probably recorded by mistake.
const SHORT: Time = Time::from_secs(1);
/// A clip has an issue if more than this share of its pictures has it.
const ISSUE_SHARE: f64 = 0.6;
/// Lengths of dissolves to search for, in samples.
const DISSOLVES: [usize; 3] = [2, 4, 8];
/// No cut is between pictures about a second apart that differ by at most this, 0..=1.
const LEAST_CUT: f64 = 0.3;

/// Analyses the pictures of a clip from beginning to end.
///
/// Expects a picture about every [`ClipAnalyst::STEP`], upright, reduced to about [`ClipAnalyst::SIDE_PX`]
/// pixels on its longer side. The steps may be uneven (keyframes, variable rates), but a boundary between
/// shots can only be located to the time between two pictures. Keeps about 200 bytes per picture.
pub struct ClipAnalyst {
    sample_step: Time,
    full_size: (u32, u32),
    seen: Vec<Seen>,
    /// The latest pictures, newest at the back.
    recent: VecDeque<Signature>,
    follower: Follower,
}

/// The data kept of each picture.
struct Seen {
    time: Time,
    /// Seconds since the picture before.
    seconds: f64,
    look: PictureQuality,
    issues: Vec<Issue>,
    moment: ClipSample,
    subject: Option<SubjectBox>,
    change: PictureChange,
    /// How the camera moved since the picture before, and how much changed.
    shift: (f64, f64),
    motion: f64,
    /// The share of the picture that moves apart from the camera; `None` if the pictures don't align.
    own: Option<f64>,
}

impl ClipAnalyst {
    /// Distance between pictures that suits the analysis.
    pub const STEP: Time = Time::from_millis(250);
    /// Longer side of pictures that suits the analysis, in pixels.
    pub const SIDE_PX: u32 = 320;

    /// Returns an analyst whose facts have one moment per `sample_step` (at least 1 ms). `full_size` is the
    /// clip's size as displayed.
    pub fn new(sample_step: Time, full_size: (u32, u32)) -> Self {
        let sample_step = sample_step.max(Time::from_millis(1));
        Self {
            sample_step,
            full_size,
            seen: Vec::new(),
            recent: VecDeque::new(),
            follower: Follower::default(),
        }
    }

    /// Analyses the picture shown at `time`; ignores pictures out of order.
    pub fn picture(&mut self, time: Time, view: &RgbView) {
        if time < Time::ZERO || self.seen.last().is_some_and(|last| time <= last.time) {
            return;
        }
        let luma = Plane::luma(view);
        let tone = Tone::of(view, &luma);
        let look = look_of(view, &luma, &tone);
        let issues = picture_issues(&look, &luma, &tone);
        let moment = ClipSample {
            time,
            aesthetic: look.aesthetic,
            hash: picture_hash(&luma),
            ..ClipSample::default()
        };
        let signature = Signature::of(view);
        let last = self.seen.last().map_or((0.0, 0.0), |seen| seen.shift);
        let camera = self.recent.back().map(|before| camera(before, &signature, last));
        let alignment = camera.map(|camera| camera.alignment);
        // If the pictures don't align, the subject's own motion is unknown.
        let fits = camera.filter(|camera| camera.fits).map(|camera| camera.alignment);
        let moved = fits.zip(self.recent.back()).map(|(fit, before)| signature.moved_since(before, &fit));
        let subject = self.follower.subject(view, moved.as_ref());
        let seconds = self.seen.last().map_or(0.0, |last| (time - last.time).secs());
        let change = self.change_to(&signature, seconds);
        self.seen.push(Seen {
            time,
            seconds,
            look,
            issues,
            moment,
            subject,
            change,
            shift: alignment.map_or((0.0, 0.0), |alignment| alignment.shift),
            motion: alignment.map_or(0.0, |alignment| motion(&alignment, seconds)),
            own: moved.as_ref().map(|moved| f64::from(mean(moved)) * of_usual_step(seconds)),
        });
        self.recent.push_back(signature);
        if self.recent.len() > DISSOLVES[DISSOLVES.len() - 1] {
            self.recent.pop_front();
        }
    }

    /// Whether a picture differs so much from the last one that there may be a cut between them.
    pub fn may_cut_to(&self, view: &RgbView) -> bool {
        let signature = Signature::of(view);
        self.recent.back().is_some_and(|before| before.distance(&signature) > LEAST_CUT)
    }

    fn change_to(&self, signature: &Signature, seconds: f64) -> PictureChange {
        let before = |back: usize| self.recent.len().checked_sub(back).map(|i| &self.recent[i]);
        let since = [1, 2, 3].map(|back| before(back).map_or(0.0, |before| before.distance(signature)));
        let is_dissolve = |length: &usize| {
            let (Some(start), Some(middle)) = (before(*length), before(*length / 2)) else { return false };
            middle.is_mix_of(start, signature) && start.distance(signature) > 0.3
        };
        let pace = since[0] * of_usual_step(seconds);
        PictureChange { since, pace, dissolve: DISSOLVES.into_iter().find(is_dissolve) }
    }

    /// Returns how much the last picture promises to be worth a close look, 0 and more: it looks good, and
    /// something moves by itself.
    pub fn promise(&self) -> f64 {
        self.seen.last().map_or(0.0, |seen| {
            let own = seen.own.unwrap_or(0.0);
            seen.look.aesthetic.get() + own / (own + 0.05)
        })
    }

    /// Returns the facts about the pictures of a clip of `duration`. `looks` is what models saw in some of
    /// them, in order of time; `None` if they were not asked.
    pub fn finish(self, duration: Time, looks: Option<Vec<SightMoment>>) -> ClipPictureFacts {
        let duration = duration.max(self.seen.last().map_or(Time::ZERO, |last| last.time));
        let changes: Vec<PictureChange> = self.seen.iter().map(|seen| seen.change).collect();
        let boundaries = boundaries(&changes);
        let times: Vec<Time> = self.seen.iter().map(|seen| seen.time).collect();
        let shots = shots(&boundaries, &times, duration);
        let moved: Vec<&Seen> = (self.seen.iter().enumerate().skip(1))
            .filter(|(i, _)| !crosses(&boundaries, *i))
            .map(|(_, seen)| seen)
            .collect();
        let motions: Vec<f64> = moved.iter().map(|seen| seen.motion).collect();
        // Camera motion is unknown where pictures don't align, and shake is too fast to be measured between
        // keyframes.
        let mut stretches: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
        for seen in moved {
            match stretches.last_mut() {
                Some(stretch) if is_usual_step(seen.seconds) => {
                    stretch.extend(seen.own.map(|_| seen.shift));
                }
                _ => stretches.push(Vec::new()),
            }
        }
        let mut moments = self.moments(&boundaries);
        let weight = |seen: &Seen| seen.subject.map_or(Score::ZERO, |subject| subject.weight);
        let weights: Vec<Score> = self.seen.iter().map(weight).collect();
        let sight = looks.as_deref().map(|looks| Box::new(overview(looks)));
        let looks = looks.unwrap_or_default();
        set_appeal(&mut moments, &shots, &looks, &weights);
        ClipPictureFacts {
            duration,
            look: self.look(),
            issues: self.issues(duration, is_shaky(&stretches)),
            motion: level(&motions),
            shots,
            samples: on_grid(&moments, self.sample_step, duration),
            sample_step: self.sample_step,
            subjects: self.subjects(),
            sight,
            looks,
        }
    }

    /// Returns the moments with the motion up to the next one; a cut is not motion. Action and steadiness are
    /// the means of the steps from and to a moment. The appeal is still missing.
    fn moments(&self, boundaries: &[Boundary]) -> Vec<ClipSample> {
        let step = |(i, seen): (usize, &Seen)| PictureStep {
            seconds: seen.seconds,
            shift: seen.shift,
            own: seen.own,
            is_apart: i == 0 || crosses(boundaries, i),
        };
        let steps: Vec<PictureStep> = self.seen.iter().enumerate().map(step).collect();
        let steady = steadiness(&steps);
        let action = action(&steps, &steady);
        let around = |values: &[f64], i: usize| {
            let near = [i, i + 1].into_iter().filter(|at| steps.get(*at).is_some_and(|step| !step.is_apart));
            let near: Vec<f64> = near.map(|at| values[at]).collect();
            if near.is_empty() { values[i] } else { near.iter().sum::<f64>() / near.len() as f64 }
        };
        let motion_after = |i: usize| match self.seen.get(i + 1) {
            Some(next) if !crosses(boundaries, i + 1) => next.motion,
            _ => self.seen[i].motion * f64::from(u8::from(!crosses(boundaries, i))),
        };
        let moments = self.seen.iter().enumerate();
        let moment = |(i, seen): (usize, &Seen)| ClipSample {
            motion: Score::new(motion_after(i)),
            action: Score::new(around(&action, i)),
            steadiness: Score::new(around(&steady, i)),
            ..seen.moment
        };
        moments.map(moment).collect()
    }

    fn subjects(&self) -> Vec<SubjectMoment> {
        self.seen.iter().map(|seen| SubjectMoment { time: seen.time, subject: seen.subject }).collect()
    }

    /// Returns the median of each measure over the pictures.
    fn look(&self) -> PictureQuality {
        let middle = |measure: fn(&PictureQuality) -> Score| {
            let mut values: Vec<Score> = self.seen.iter().map(|seen| measure(&seen.look)).collect();
            values.sort();
            values.get(values.len() / 2).copied().unwrap_or_default()
        };
        PictureQuality {
            sharpness: middle(|look| look.sharpness),
            exposure: middle(|look| look.exposure),
            contrast: middle(|look| look.contrast),
            colourfulness: middle(|look| look.colourfulness),
            brightness: middle(|look| look.brightness),
            noise: middle(|look| look.noise),
            aesthetic: middle(|look| look.aesthetic),
            ..PictureQuality::default()
        }
    }

    fn issues(&self, duration: Time, shaky: bool) -> Vec<Issue> {
        let count = |issue: Issue| self.seen.iter().filter(|seen| seen.issues.contains(&issue)).count();
        let is_common = |issue: &Issue| count(*issue) as f64 > ISSUE_SHARE * self.seen.len() as f64;
        let pictures = [Issue::Blurred, Issue::Underexposed, Issue::Overexposed, Issue::Empty];
        let mut issues: Vec<Issue> = pictures.into_iter().filter(is_common).collect();
        let (width, height) = self.full_size;
        let whole = [
            (Issue::Small, width.min(height) < SMALL_SIDE_PX),
            (Issue::Short, duration < SHORT),
            (Issue::Shaky, shaky),
        ];
        issues.extend(whole.into_iter().filter(|(_, holds)| *holds).map(|(issue, _)| issue));
        issues
    }
}

fn mean(plane: &Plane) -> f32 {
    plane.values.iter().sum::<f32>() / plane.values.len().max(1) as f32
}

/// Whether the step to picture `i` is inside a boundary.
fn crosses(boundaries: &[Boundary], i: usize) -> bool {
    boundaries.iter().any(|boundary| boundary.last < i && i <= boundary.first)
}

/// Returns one moment per `step`: the first picture in it, or the one still shown if there is none.
fn on_grid(moments: &[ClipSample], step: Time, duration: Time) -> Vec<ClipSample> {
    let stretches = duration.micros().max(0) as u64;
    let count = stretches.div_ceil(step.micros() as u64) as i64;
    let mut next = 0;
    let mut shown = moments.first().copied();
    let mut grid = Vec::new();
    for stretch in 0..count {
        let (start, end) = (step.scale(stretch, 1), step.scale(stretch + 1, 1));
        while moments.get(next).is_some_and(|moment| moment.time < start) {
            shown = moments.get(next).copied();
            next += 1;
        }
        let fresh = moments.get(next).filter(|moment| moment.time < end).copied();
        let still = shown.map(|moment| ClipSample {
            time: start,
            motion: Score::ZERO,
            action: Score::ZERO,
            ..moment
        });
        grid.extend(fresh.or(still));
    }
    grid
}
