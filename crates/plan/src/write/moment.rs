use crate::cast::{Candidate, Run, Subject, cut_sentences, voices};
use mmm_base::{Score, Speed, Time};
use mmm_facts::ClipFacts;
use mmm_spec::ClipSound;

/// The part of a clip that a shot shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Part {
    pub from: Time,
    pub to: Time,
    /// How much transitions may take before `from` and after `to`, in the movie's time.
    pub handles: (Time, Time),
    /// How good the picture is.
    pub quality: Score,
    /// How much moves in it.
    pub motion: Score,
}

/// Room to leave on both sides for transitions if possible, in the movie's time.
const MARGIN: Time = Time::from_millis(400);
/// The time in which someone has just pressed the button, or is about to.
const FUMBLED: Time = Time::from_millis(300);
/// The penalty for each end of the part that is inside a sentence: more than a better picture is worth.
const CUT_SENTENCE: f64 = 0.6;
/// The pause to leave before and after a voice.
const BREATH: Time = Time::from_millis(150);
/// Most starts that are tried in a run.
const TRIES: i64 = 2000;

/// Returns the best part of a clip to show for `length`, if possible without showing `seen` again. `None` for
/// photos, and if the clip has no such part. A part that was shown `before` is kept.
pub(super) fn pick(
    candidate: &Candidate,
    length: Time,
    seen: &[(Time, Time)],
    before: Option<(Time, Time)>,
) -> Option<Part> {
    let Subject::Clip(facts) = candidate.facts else { return None };
    let speed = candidate.speed();
    let length = speed.seen_in(length);
    let sums = Sums::of(facts);
    let voices = if candidate.sound() == ClipSound::Mute { Vec::new() } else { voices(facts) };
    if let Some((from, to)) = before.filter(|(from, to)| *to - *from == length) {
        let holds = |run: &&Run| run.outer.0 <= from && to <= run.outer.1;
        if let Some(run) = candidate.runs.iter().find(holds) {
            return Some(part(facts, &sums, run, (from, to), speed));
        }
    }
    let mut best: Option<(f64, Run, Time)> = None;
    for run in candidate.runs.iter().filter(|run| run.length() >= length) {
        let tried = starts(run, facts, length).chain(at_voices(run, &voices, length));
        let tried = tried.chain(around_moment(candidate, run, length));
        for start in tried.filter(|start| candidate.may_show(*start, *start + length)) {
            let part = (start, start + length);
            let cut = f64::from(cut_sentences(&voices, part));
            let value = worth(&sums, facts, run, part, speed.seen_in(MARGIN), seen) - CUT_SENTENCE * cut;
            if best.is_none_or(|(known, _, _)| value > known) {
                best = Some((value, *run, start));
            }
        }
    }
    let (_, run, from) = best?;
    let placed = on_picture(candidate, from, (run.start, run.end - length));
    let from = if candidate.may_show(placed, placed + length) { placed } else { from };
    Some(part(facts, &sums, &run, (from, from + length), speed))
}

/// Returns the start that puts the moment of a live photo in the middle, as far as the run allows.
fn around_moment(candidate: &Candidate, run: &Run, length: Time) -> Option<Time> {
    Some((candidate.moment? - length.scale(1, 2)).max(run.start).min(run.end - length))
}

/// Returns the time of the clip's frame nearest to `from`, if it is inside `within`. A movie with the same
/// frame rate, or half of it, then shows each frame for the same time.
fn on_picture(candidate: &Candidate, from: Time, within: (Time, Time)) -> Time {
    let picture = candidate.shown.probe.picture.as_ref();
    let Some(rate) = picture.and_then(|picture| picture.rate.filter(|_| !picture.variable_rate)) else {
        return from;
    };
    let nearest = rate.nearest_frame(from);
    let near = [nearest, nearest + 1, nearest - 1].map(|frame| rate.time_of(frame));
    near.into_iter().find(|time| (within.0..=within.1).contains(time)).unwrap_or(from)
}

fn part(facts: &ClipFacts, sums: &Sums, run: &Run, (from, to): (Time, Time), speed: Speed) -> Part {
    Part {
        from,
        to,
        handles: (speed.lasts(from - run.outer.0), speed.lasts(run.outer.1 - to)),
        quality: sums.quality(from, to).map_or(facts.picture.look.aesthetic, Score::new),
        motion: Score::new(sums.motion(from, to).unwrap_or(0.0)),
    }
}

/// Returns the starts to try, first the one that puts the best moment in the middle.
fn starts(run: &Run, facts: &ClipFacts, length: Time) -> impl Iterator<Item = Time> {
    let last = run.end - length;
    let step = (facts.picture.sample_step.micros() / 2).max((last - run.start).micros() / TRIES).max(20_000);
    let count = (last - run.start).micros() / step;
    let start = run.start;
    let around = (facts.picture.best - length.scale(1, 2)).max(start).min(last);
    std::iter::once(around)
        .chain((0..=count).map(move |index| start + Time::from_micros(index * step)))
        .chain(std::iter::once(last))
}

/// Returns the starts at which a part begins just before a voice, or ends just after one.
fn at_voices(run: &Run, voices: &[(Time, Time)], length: Time) -> impl Iterator<Item = Time> {
    let last = run.end - length;
    let starts = voices.iter().flat_map(move |(start, end)| [*start - BREATH, *end + BREATH - length]);
    starts.filter(move |start| (run.start..=last).contains(start))
}

/// Returns the merit of a part of a run; `margin` is the preferred room on each side, in the clip's time.
fn worth(
    sums: &Sums,
    facts: &ClipFacts,
    run: &Run,
    (from, to): (Time, Time),
    margin: Time,
    seen: &[(Time, Time)],
) -> f64 {
    let looks = sums.quality(from, to).unwrap_or(0.5) + 0.35 * sums.motion(from, to).unwrap_or(0.0).min(0.6);
    let best = if (from..=to).contains(&facts.picture.best) {
        let off = ((from + to).micros() / 2 - facts.picture.best.micros()).abs() as f64;
        0.2 + 0.1 * (1.0 - 2.0 * off / (to - from).micros().max(1) as f64)
    } else {
        0.0
    };
    let room = (from - run.outer.0).min(margin) + (run.outer.1 - to).min(margin);
    let fumbled = from < FUMBLED || to + FUMBLED > facts.picture.duration;
    let again: Time = seen.iter().map(|&(start, end)| (end.min(to) - start.max(from)).max(Time::ZERO)).sum();
    let again = 2.0 * again.secs() / (to - from).secs().max(1e-6);
    looks + best + 0.1 * room.secs() / (margin + margin).secs() - if fumbled { 0.1 } else { 0.0 } - again
}

/// Running sums over a clip's samples, to compute means quickly.
struct Sums {
    quality: Vec<f64>,
    motion: Vec<f64>,
    step: i64,
}

impl Sums {
    fn of(facts: &ClipFacts) -> Self {
        let mut sums = Self {
            quality: vec![0.0],
            motion: vec![0.0],
            step: facts.picture.sample_step.micros().max(1000),
        };
        for (index, sample) in facts.picture.samples.iter().enumerate() {
            sums.quality.push(sums.quality[index] + sample.aesthetic.get());
            sums.motion.push(sums.motion[index] + sample.motion.get());
        }
        sums
    }

    fn quality(&self, from: Time, to: Time) -> Option<f64> {
        self.mean(&self.quality, from, to)
    }

    fn motion(&self, from: Time, to: Time) -> Option<f64> {
        self.mean(&self.motion, from, to)
    }

    fn mean(&self, sums: &[f64], from: Time, to: Time) -> Option<f64> {
        let last = sums.len() - 1;
        let first = usize::try_from(from.micros() / self.step).ok()?.min(last);
        let end = usize::try_from((to.micros() + self.step - 1) / self.step).ok()?.min(last);
        (end > first).then(|| (sums[end] - sums[first]) / (end - first) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::Cast;
    use crate::cast::Wishes;
    use mmm_base::Rate;
    use mmm_facts::sample::{clip, clip_facts, material};
    use mmm_facts::{SoundKind, SoundStretch, SourceShot};

    fn secs(secs: f64) -> Time {
        Time::from_secs_f64(secs)
    }

    fn picked(change: impl Fn(&mut ClipFacts), length: f64, seen: &[(Time, Time)]) -> Option<Part> {
        let mut material = material(0, 120_000);
        let mut medium = clip("a.mp4", 0, secs(20.0));
        change(clip_facts(&mut medium));
        material.media.push(medium);
        let cast = Cast::gather(&material, &Wishes::read(None)).unwrap();
        pick(&cast.candidates[0], secs(length), seen, None)
    }

    #[test]
    fn the_part_lies_around_the_best_moment() {
        let part = picked(|facts| facts.picture.best = secs(13.0), 2.0, &[]).unwrap();
        assert_eq!((part.from, part.to), (secs(12.0), secs(14.0)));
    }

    #[test]
    fn a_part_begins_with_a_picture_of_the_clip() {
        let mut material = material(0, 120_000);
        let mut medium = clip("a.mp4", 0, secs(20.0));
        medium.probe.picture.as_mut().unwrap().rate = Some(Rate(25, 1));
        clip_facts(&mut medium).picture.best = secs(13.013);
        material.media.push(medium);
        let cast = Cast::gather(&material, &Wishes::read(None)).unwrap();
        let part = pick(&cast.candidates[0], secs(2.0), &[], None).unwrap();
        assert_eq!((part.from, part.to), (secs(12.0), secs(14.0)));
    }

    #[test]
    fn the_part_lies_inside_one_source_shot_with_room_for_handles() {
        let split = |facts: &mut ClipFacts| {
            facts.picture.shots = vec![
                SourceShot { start: Time::ZERO, end: secs(12.5) },
                SourceShot { start: secs(12.5), end: secs(20.0) },
            ];
            facts.picture.best = secs(13.2);
        };
        let part = picked(split, 2.0, &[]).unwrap();
        assert!(part.from >= secs(12.9) || part.to <= secs(12.1), "{part:?}");
        assert!(part.handles.0 >= MARGIN.scale(1, 2) && part.handles.1 >= MARGIN.scale(1, 2));
        assert!(picked(split, 13.0, &[]).is_none());
    }

    #[test]
    fn the_liveliest_stretch_wins_and_a_second_moment_is_another() {
        let lively = |facts: &mut ClipFacts| {
            facts.picture.best = secs(1.0);
            for sample in &mut facts.picture.samples {
                let inside = sample.time >= secs(8.0) && sample.time < secs(10.0);
                sample.aesthetic = Score::new(if inside { 0.95 } else { 0.3 });
            }
        };
        let part = picked(lively, 2.0, &[]).unwrap();
        assert_eq!((part.from, part.to), (secs(8.0), secs(10.0)));
        let second = picked(lively, 2.0, &[(part.from, part.to)]).unwrap();
        assert!(second.to <= part.from || second.from >= part.to, "{second:?}");
    }

    fn says(from: f64, to: f64) -> SoundStretch {
        let kind = SoundKind::Speech;
        SoundStretch { start: secs(from), end: secs(to), kind, confidence: Score::new(0.9) }
    }

    #[test]
    fn no_cut_falls_into_a_sentence() {
        // The best moment is in the middle of the speech.
        let talk = |facts: &mut ClipFacts| {
            facts.picture.best = secs(9.0);
            facts.sound.sounds = vec![says(7.8, 9.4), says(9.6, 10.3), says(14.0, 15.0)];
        };
        let part = picked(talk, 3.0, &[]).unwrap();
        assert!(part.from <= secs(7.92) && part.to >= secs(10.18), "{part:?}");
        // A shot that is shorter than the sentence is placed where nobody speaks.
        let part = picked(talk, 2.0, &[]).unwrap();
        assert!(part.to <= secs(7.92) || part.from >= secs(10.18), "{part:?}");
    }
}
