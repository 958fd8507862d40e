use mmm_base::{Score, Time};
use mmm_facts::{ClipFacts, SoundKind};

use super::usable::{Run, whole_runs};
use super::voices::{cut_sentences, phrases, voices};

/// A part of a clip that is worth seeing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ClipWindow {
    pub start: Time,
    pub end: Time,
    /// The mean appeal of its moments.
    pub score: Score,
}

impl ClipWindow {
    /// The length of the windows by which clips are described and compared.
    pub const USUAL: Time = Time::from_millis(2400);

    /// Returns its middle.
    pub fn middle(&self) -> Time {
        (self.start + self.end).scale(1, 2)
    }
}

/// Finds the windows of a clip that are most worth seeing, of any length.
pub(crate) struct Windows<'a> {
    facts: &'a ClipFacts,
    appeal: Sums,
    quality: Sums,
    motion: Sums,
    /// Where someone speaks or sings: whole sentences, and what is between any two pauses.
    sentences: Vec<(Time, Time)>,
    phrases: Vec<(Time, Time)>,
    /// A time that each window contains.
    moment: Option<Time>,
}

/// The time in which someone has just pressed the button, or is about to.
const FUMBLED: Time = Time::from_millis(300);
/// What a window loses that shows it, and one that leaves no room for transitions.
const AT_END: f64 = 0.1;
const NO_ROOM: f64 = 0.1;
/// What it loses at the ends of a shot of the source: among equals, the middle is best.
const OFF_MIDDLE: f64 = 0.02;
/// The pause to leave before and after a voice.
const BREATH: Time = Time::from_millis(150);
/// Most starts that are tried in a run, and the least distance between two.
const TRIES: i64 = 2000;
const LEAST_STEP: i64 = 20_000;
/// What a voice and a sudden loud sound add to the appeal, and what wind takes away.
const VOICE: f64 = 0.08;
const LOUD: f64 = 0.08;
const WIND: f64 = 0.08;
/// A sound is loud in full at this level above the median of the clip, in hundredths of a LU, and not below half
/// of that; the median counts as at least the second level.
const ABOVE: f64 = 1200.0;
const QUIET: i32 = -5000;
/// The most windows of a clip that are listed.
const LISTED: usize = 8;

impl<'a> Windows<'a> {
    /// Returns the windows of a clip; `hears` says whether its sound counts.
    pub fn of(facts: &'a ClipFacts, hears: bool) -> Self {
        let step = facts.picture.sample_step;
        let samples = &facts.picture.samples;
        let usual = usual_level(facts);
        let heard = |at: Time| if hears { sound_appeal(facts, usual, at, step) } else { 0.0 };
        let appeal = samples.iter().map(|sample| sample.appeal.get() + heard(sample.time));
        Self {
            facts,
            appeal: Sums::of(step, appeal),
            quality: Sums::of(step, samples.iter().map(|sample| sample.aesthetic.get())),
            motion: Sums::of(step, samples.iter().map(|sample| sample.motion.get())),
            sentences: if hears { voices(facts) } else { Vec::new() },
            phrases: if hears { phrases(facts) } else { Vec::new() },
            moment: None,
        }
    }

    /// Returns the windows that contain a moment, if there is one.
    pub fn with(self, moment: Option<Time>) -> Self {
        Self { moment, ..self }
    }

    /// Returns the best window of `length` in `runs`: its run and its start; `None` if no run is as long.
    ///
    /// A window that shows least of what was `seen` before comes first, then one that doesn't begin or end in
    /// the middle of a sentence, then the one with the greatest appeal, with room of `margin` on both sides for
    /// transitions.
    pub fn best(
        &self,
        runs: &[Run],
        length: Time,
        margin: Time,
        seen: &[(Time, Time)],
    ) -> Option<(Run, Time)> {
        let mut best: Option<(Rank, Run, Time)> = None;
        for run in runs.iter().filter(|run| run.length() >= length) {
            for start in self.starts(run, length, seen) {
                let rank = self.rank(run, (start, start + length), margin, seen);
                if best.as_ref().is_none_or(|(known, _, _)| rank.is_better(known)) {
                    best = Some((rank, *run, start));
                }
            }
        }
        best.map(|(_, run, start)| (run, start))
    }

    /// Returns how good the picture is on average; `None` where nothing was measured.
    pub fn quality(&self, from: Time, to: Time) -> Option<Score> {
        self.quality.mean(from, to).map(Score::new)
    }

    /// Returns how much moves on average; `None` where nothing was measured.
    pub fn motion(&self, from: Time, to: Time) -> Option<Score> {
        self.motion.mean(from, to).map(Score::new)
    }

    /// Returns the starts to try in a run: at even distances, just before a voice and so as to end just after
    /// one, next to what was seen before, and around the moment.
    fn starts(&self, run: &Run, length: Time, seen: &[(Time, Time)]) -> Vec<Time> {
        let (first, last) = (run.start, run.end - length);
        let step = (self.facts.picture.sample_step.micros() / 2)
            .max((last - first).micros() / TRIES)
            .max(LEAST_STEP);
        let even = (0..=(last - first).micros() / step).map(|index| first + Time::from_micros(index * step));
        let voices = self.sentences.iter().chain(&self.phrases);
        let at_voices = voices.flat_map(|(start, end)| [*start - BREATH, *end + BREATH - length]);
        let beside = seen.iter().flat_map(|(start, end)| [*end, *start - length]);
        // In the middle, as far as the run allows.
        let around = self.moment.map(|moment| (moment - length.scale(1, 2)).max(first).min(last));
        let all = even.chain([last]).chain(at_voices).chain(beside).chain(around);
        let holds = |start: Time| self.moment.is_none_or(|moment| (start..start + length).contains(&moment));
        all.filter(|start| (first..=last).contains(start) && holds(*start)).collect()
    }

    fn rank(&self, run: &Run, (from, to): (Time, Time), margin: Time, seen: &[(Time, Time)]) -> Rank {
        let both = |&(start, end): &(Time, Time)| (end.min(to) - start.max(from)).micros().max(0);
        let again: i64 = seen.iter().map(both).sum();
        let tenths = |part: i64| (part * 10 + (to - from).micros() - 1) / (to - from).micros().max(1);
        let room = (from - run.outer.0).min(margin) + (run.outer.1 - to).min(margin);
        let room = room.secs() / (margin + margin).secs().max(1e-6);
        let fumbled = from < FUMBLED || to + FUMBLED > self.facts.picture.duration;
        let appeal = self.appeal.mean(from, to).unwrap_or(0.5);
        let off = ((from + to) - (run.start + run.end)).secs().abs() / run.length().secs().max(1e-6);
        Rank {
            again: tenths(again),
            cut: cut_sentences(&self.sentences, (from, to)) + cut_sentences(&self.phrases, (from, to)),
            worth: appeal + NO_ROOM * room - OFF_MIDDLE * off - if fumbled { AT_END } else { 0.0 },
        }
    }
}

/// Returns the best windows of a clip: separate ones of `length`, the best first, each inside a shot of the
/// source. A clip in which no shot is as long has one window: its longest shot.
pub fn best_windows(facts: &ClipFacts, length: Time) -> Vec<ClipWindow> {
    separate(facts, length, LISTED)
}

/// Returns the first of the best windows of a clip; `None` if it has no length.
pub fn best_window(facts: &ClipFacts, length: Time) -> Option<ClipWindow> {
    separate(facts, length, 1).pop()
}

fn separate(facts: &ClipFacts, length: Time, most: usize) -> Vec<ClipWindow> {
    let windows = Windows::of(facts, true);
    let runs = whole_runs(facts);
    let longest = runs.iter().map(Run::length).max().unwrap_or(Time::ZERO);
    let length = length.min(longest);
    let mut seen: Vec<(Time, Time)> = Vec::new();
    while seen.len() < most && length > Time::ZERO {
        let Some((_, start)) = windows.best(&runs, length, Time::ZERO, &seen) else { break };
        let window = (start, start + length);
        if seen.iter().any(|(from, to)| *from < window.1 && window.0 < *to) {
            break;
        }
        seen.push(window);
    }
    let score = |(start, end)| Score::new(windows.appeal.mean(start, end).unwrap_or(0.0));
    seen.into_iter().map(|(start, end)| ClipWindow { start, end, score: score((start, end)) }).collect()
}

/// How good a window is, the most important part first.
#[derive(Clone, Copy, Debug)]
struct Rank {
    /// How much of it was seen before, in tenths of its length.
    again: i64,
    /// How many ends are inside a sentence; those that are not even in a pause count twice.
    cut: u32,
    worth: f64,
}

impl Rank {
    fn is_better(&self, other: &Self) -> bool {
        match (self.again, self.cut).cmp(&(other.again, other.cut)) {
            std::cmp::Ordering::Equal => self.worth > other.worth,
            order => order.is_lt(),
        }
    }
}

/// Returns the median level of the sound, in hundredths of a LUFS.
fn usual_level(facts: &ClipFacts) -> i32 {
    let mut levels = facts.sound.levels.clone();
    levels.sort_unstable();
    levels.get(levels.len() / 2).copied().unwrap_or(0).max(QUIET)
}

/// Returns what the sound adds to the appeal of a moment; `usual` is the level of the rest.
fn sound_appeal(facts: &ClipFacts, usual: i32, from: Time, step: Time) -> f64 {
    let to = from + step;
    let sounds = facts.sound.sounds.iter().filter(|sound| sound.start < to && from < sound.end);
    let (mut voice, mut wind) = (0.0_f64, 0.0_f64);
    for sound in sounds {
        match sound.kind {
            SoundKind::Speech | SoundKind::Singing => voice = voice.max(sound.confidence.get()),
            SoundKind::Wind => wind = wind.max(sound.confidence.get()),
            SoundKind::Music | SoundKind::Noise | SoundKind::Silence => {}
        }
    }
    let at = usize::try_from(from.micros() / ClipFacts::LEVEL_STEP.micros()).unwrap_or(0);
    let above = facts.sound.levels.get(at).map_or(0.0, |level| f64::from(level - usual) / ABOVE);
    let loud = if above >= 0.5 && wind == 0.0 { above.min(1.0) } else { 0.0 };
    VOICE * voice + LOUD * loud - WIND * wind
}

/// Running sums over values at a fixed step, to compute means quickly.
struct Sums {
    sums: Vec<f64>,
    step: i64,
}

impl Sums {
    fn of(step: Time, values: impl Iterator<Item = f64>) -> Self {
        let mut sums = vec![0.0];
        for value in values {
            sums.push(sums[sums.len() - 1] + value);
        }
        Self { sums, step: step.micros().max(1000) }
    }

    /// Returns the mean between two times; `None` where there are no values.
    fn mean(&self, from: Time, to: Time) -> Option<f64> {
        let end = self.step * (self.sums.len() as i64 - 1);
        let (from, to) = (from.micros().clamp(0, end), to.micros().clamp(0, end));
        (to > from).then(|| (self.until(to) - self.until(from)) * self.step as f64 / (to - from) as f64)
    }

    /// Returns the sum up to a time, in values.
    fn until(&self, time: i64) -> f64 {
        let index = (time / self.step) as usize;
        let part = (time % self.step) as f64 / self.step as f64;
        let next = self.sums.get(index + 1).copied().unwrap_or(self.sums[index]);
        self.sums[index] + (next - self.sums[index]) * part
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_facts::sample::{clip, clip_facts, set_appeal};
    use mmm_facts::{SoundStretch, SourceShot};
    use proptest::prelude::*;

    fn secs(secs: f64) -> Time {
        Time::from_secs_f64(secs)
    }

    /// Returns the facts of a clip of 60 s that is plain except for stretches with an appeal of their own.
    fn facts(lively: &[(f64, f64, f64)]) -> ClipFacts {
        let mut medium = clip("a.mp4", 0, secs(60.0));
        let facts = clip_facts(&mut medium);
        set_appeal(facts, (0.0, 61.0), 0.3);
        for (from, to, appeal) in lively {
            set_appeal(facts, (*from, *to), *appeal);
        }
        facts.clone()
    }

    fn says(from: f64, to: f64) -> SoundStretch {
        let confidence = Score::new(0.9);
        SoundStretch { start: secs(from), end: secs(to), kind: SoundKind::Speech, confidence }
    }

    fn best(facts: &ClipFacts, length: f64) -> (f64, f64) {
        let (_, start) =
            Windows::of(facts, true).best(&whole_runs(facts), secs(length), Time::ZERO, &[]).unwrap();
        (start.secs(), start.secs() + length)
    }

    #[test]
    fn a_long_clip_has_several_separate_windows_the_best_first() {
        let facts = facts(&[(7.0, 10.0, 0.6), (31.0, 34.0, 0.9), (50.0, 53.0, 0.7)]);
        let windows = best_windows(&facts, ClipWindow::USUAL);
        let inside = |index: usize, from: f64, to: f64| {
            windows[index].start >= secs(from) && windows[index].end <= secs(to)
        };
        assert!(inside(0, 31.0, 34.0) && inside(1, 50.0, 53.0) && inside(2, 7.0, 10.0), "{windows:?}");
        assert_eq!(windows.len(), LISTED);
        for (index, one) in windows.iter().enumerate() {
            for other in &windows[..index] {
                assert!(one.end <= other.start || other.end <= one.start, "{windows:?}");
            }
        }
    }

    #[test]
    fn a_short_clip_has_one_window_and_an_empty_one_has_none() {
        let mut medium = clip("a.mp4", 0, secs(1.6));
        let windows = best_windows(clip_facts(&mut medium), ClipWindow::USUAL);
        assert_eq!(
            windows.iter().map(|one| (one.start, one.end)).collect::<Vec<_>>(),
            [(secs(0.0), secs(1.6))]
        );
        let mut medium = clip("a.mp4", 0, Time::ZERO);
        assert_eq!(best_windows(clip_facts(&mut medium), ClipWindow::USUAL), []);
    }

    #[test]
    fn a_window_moves_to_the_pauses_of_the_speech() {
        let mut facts = facts(&[(20.0, 23.0, 0.9)]);
        facts.sound.sounds = vec![says(18.0, 21.0), says(21.2, 24.0)];
        // Both phrases are one sentence, of which a window of three seconds shows nothing, and one of seven all.
        let (from, to) = best(&facts, 3.0);
        assert!(to <= 18.12 || from >= 23.88, "{from} to {to}");
        let (from, to) = best(&facts, 7.0);
        assert!(from <= 18.12 && to >= 23.88, "{from} to {to}");
        // Where somebody speaks throughout, the pauses between phrases are the best there is.
        facts.sound.sounds = (0..20).map(|i| f64::from(i) * 3.0).map(|at| says(at + 0.2, at + 3.0)).collect();
        let (from, to) = best(&facts, 6.2);
        let paused = |at: f64| (at % 3.0) <= 0.33 || (at % 3.0) >= 2.87;
        assert!(paused(from) && paused(to), "{from} to {to}");
        // Where there is no pause at all, the best picture is shown.
        facts.sound.sounds = vec![says(0.0, 60.0)];
        let (from, to) = best(&facts, 2.0);
        assert!(from >= 20.0 && to <= 23.0, "{from} to {to}");
        // The sound of a muted clip doesn't count.
        facts.sound.sounds = vec![says(18.0, 24.0)];
        let muted = Windows::of(&facts, false);
        let (_, start) = muted.best(&whole_runs(&facts), secs(2.0), Time::ZERO, &[]).unwrap();
        assert!(start >= secs(20.0) && start <= secs(21.0), "{start}");
    }

    #[test]
    fn voices_and_sudden_sounds_add_and_wind_takes_away() {
        let start_of = |change: fn(&mut ClipFacts)| {
            let mut facts = facts(&[]);
            change(&mut facts);
            best(&facts, 4.0).0
        };
        let near = |start: f64, wanted: f64| (start - wanted).abs() < 3.0;
        assert!(near(start_of(|facts| facts.sound.sounds = vec![says(40.0, 43.0)]), 39.5));
        // Fifteen units above the rest, from 20 s on.
        assert!(near(start_of(|facts| facts.sound.levels[50..58].fill(-500)), 20.0));
        let windy = |facts: &mut ClipFacts| {
            facts.sound.sounds = vec![SoundStretch { kind: SoundKind::Wind, ..says(0.0, 50.0) }];
        };
        assert!(start_of(windy) >= 49.0);
    }

    proptest! {
        #[test]
        fn windows_of_random_curves_keep_the_rules(
            appeal in prop::collection::vec(0.0..1.0f64, 4..120),
            cuts in prop::collection::btree_set(1..119usize, 0..4),
            talk in prop::collection::vec((0.0..30.0f64, 0.2..6.0f64), 0..6),
            length in 0.3..6.0f64,
        ) {
            let duration = secs(appeal.len() as f64 * 0.25);
            let mut medium = clip("a.mp4", 0, duration);
            let facts = clip_facts(&mut medium);
            facts.picture.samples.truncate(appeal.len());
            for (sample, appeal) in facts.picture.samples.iter_mut().zip(&appeal) {
                sample.appeal = Score::new(*appeal);
            }
            let ends = cuts.iter().map(|at| secs(*at as f64 * 0.25)).filter(|at| *at < duration);
            let ends: Vec<Time> = std::iter::once(Time::ZERO).chain(ends).chain([duration]).collect();
            let shot = |pair: &[Time]| SourceShot { start: pair[0], end: pair[1] };
            facts.picture.shots = ends.windows(2).map(shot).collect();
            let mut sounds: Vec<SoundStretch> =
                talk.iter().map(|(from, lasts)| says(*from, from + lasts)).collect();
            sounds.sort_by_key(|sound| (sound.start, sound.end));
            facts.sound.sounds = sounds;
            let (windows, runs, length) = (Windows::of(facts, true), whole_runs(facts), secs(length));
            let mut seen: Vec<(Time, Time)> = Vec::new();
            for _ in 0..4 {
                let Some((run, start)) = windows.best(&runs, length, Time::ZERO, &seen) else {
                    prop_assert!(runs.iter().all(|run| run.length() < length));
                    break;
                };
                let window = (start, start + length);
                let is_inside = |shot: &SourceShot| shot.start <= window.0 && window.1 <= shot.end;
                prop_assert!(facts.picture.shots.iter().any(is_inside), "crosses a cut: {window:?}");
                let found = windows.rank(&run, window, Time::ZERO, &seen);
                // No window on a fine grid is clearly better.
                for run in runs.iter().filter(|run| run.length() >= length) {
                    let free = |start: Time| {
                        let rank = windows.rank(run, (start, start + length), Time::ZERO, &seen);
                        (rank.again, rank.cut, rank.worth)
                    };
                    let starts: Vec<Time> = (0..).map(|at| run.start + Time::from_millis(25).scale(at, 1))
                        .take_while(|start| *start + length <= run.end).collect();
                    // Room that is only found by chance, between two starts that are tried, doesn't count.
                    for near in starts.windows(7) {
                        let worst = near.iter().map(|start| free(*start))
                            .max_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1))).unwrap();
                        prop_assert!((found.again, found.cut) <= (worst.0, worst.1), "{found:?} {worst:?}");
                        if (found.again, found.cut) == (worst.0, worst.1) {
                            let least = near.iter().map(|start| free(*start).2).fold(1e9, f64::min);
                            prop_assert!(found.worth >= least - 1e-9, "{found:?} {least}");
                        }
                    }
                }
                seen.push(window);
            }
        }
    }
}
