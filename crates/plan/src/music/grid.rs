use super::energy::Energy;
use super::pace::Pace;
use super::soundtrack::{self, Cue};
use mmm_base::{Rate, Time};
use mmm_facts::{Beat, EventKind, GridNote, MusicFacts};
use mmm_spec::CutOn;

/// A time at which a cut may fall.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Node {
    pub time: Time,
    /// Index among the beats in the movie.
    pub beat: Option<u32>,
    pub step: Step,
}

/// What a cut at a node falls on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    /// The start or the end of the movie.
    Edge,
    /// The start of a section, a drop or a stop.
    Section,
    Down,
    Beat,
    /// Between beats: the music has no beat for longer than a shot may last.
    Filler,
}

/// The times at which cuts may fall, and how many shots the pace prefers between them.
pub(crate) struct Grid {
    pub nodes: Vec<Node>,
    /// Sums up to each node: preferred shots, beats and sections.
    load: Vec<f64>,
    pulse: Vec<f64>,
    sections: Vec<u32>,
    energy: Energy,
    /// Whether cuts follow the beats of music.
    pub on_beats: bool,
    /// How far a shot may be outside of the range that the spec sets. Beats are heard some milliseconds early
    /// or late, and cuts fall on whole frames.
    pub slack: Time,
    /// Whether some bars are known.
    has_bars: bool,
    /// How the music limits the cuts.
    pub notes: Vec<GridNote>,
}

/// Distance between marks on a steady grid; four steps are the usual shot of a photo.
const UNIT: Time = Time::from_millis(625);
/// Beats closer together than this are not used for cuts.
const NEAREST: Time = Time::from_millis(100);

/// The most nodes, times the nodes within one shot, of a grid of frames. If there would be more, only every
/// second frame is a node, or every third, and so on.
const FRAME_NODES: i64 = 200_000;

/// Beats with less confidence than this are not used for cuts.
const UNSURE: f64 = 0.2;
/// If this many uncertain beats follow each other, onsets are used instead.
const UNSURE_BEATS: usize = 4;

/// A time for a possible cut, collected before the grid is built, with the usual distance to its neighbours.
#[derive(Clone, Copy)]
struct Mark {
    node: Node,
    period: Time,
    /// The usual number of periods to the next mark.
    stride: i64,
}

impl Grid {
    /// Creates the grid of a movie of `length` to the music of `cues`; no stretch without a mark is longer
    /// than `longest`. Where there are no beats, cuts fall on a steady grid.
    pub fn of(cues: &[Cue], length: Time, cut_on: CutOn, pace: &Pace, longest: Time) -> Self {
        let mut marks = marks(cues, cut_on, None);
        let heard = end(cues);
        if heard < length {
            continue_marks(heard, length, cut_on, &mut marks);
        }
        Self::from_marks(marks, NEAREST, cues, length, cut_on, pace, longest)
    }

    /// Creates the same grid, but where there are no beats, cuts may fall on any frame, and a shot may be
    /// outside of its range by `slack`. Returns `None` if there are beats everywhere.
    pub fn of_frames(
        cues: &[Cue],
        length: Time,
        cut_on: CutOn,
        pace: &Pace,
        (shortest, longest): (Time, Time),
        (rate, slack): (Rate, Time),
    ) -> Option<Self> {
        let heard = end(cues);
        if heard >= length && cues.iter().all(|cue| is_usable(cue, cut_on)) {
            return None;
        }
        let range = rate.nearest_frame(longest.max(shortest) - shortest) + 1;
        let frames = rate.nearest_frame(length) + 1;
        let mut each = 1;
        while (frames / each).saturating_mul((range / each).max(1)) > FRAME_NODES && each < range {
            each += 1;
        }
        let mut marks = marks(cues, cut_on, Some((rate, each)));
        if heard < length {
            frame_marks(heard, length, (rate, each), &mut marks);
        }
        let nearest = Time::from_millis(1);
        let grid = Self::from_marks(marks, nearest, cues, length, cut_on, pace, longest);
        let slack = grid.slack.max(slack + Time::from_micros(2));
        Some(Self { slack, ..grid })
    }

    /// Sets how far a shot may be outside of its range where cuts follow beats: a frame of the movie.
    pub fn with_frames_of(mut self, rate: Rate) -> Self {
        if self.on_beats {
            self.slack = rate.time_of(1) + Time::from_micros(2);
        }
        self
    }

    fn from_marks(
        mut marks: Vec<Mark>,
        nearest: Time,
        cues: &[Cue],
        length: Time,
        cut_on: CutOn,
        pace: &Pace,
        longest: Time,
    ) -> Self {
        let usable = |cue: &Cue| is_usable(cue, cut_on);
        let heard = end(cues);
        let mut notes = Vec::new();
        if cut_on != CutOn::Free && cues.iter().any(|cue| !usable(cue)) {
            notes.push(GridNote::NoBeats);
        }
        if !cues.is_empty() && heard < length {
            notes.push(GridNote::MusicEnds { at: heard });
        }
        if cut_on != CutOn::Free {
            mark_sections(cues, &mut marks);
        }
        let marks = closed(marks, usual(cues, cut_on), length, longest, nearest);
        let mut grid = Self {
            nodes: marks.iter().map(|mark| mark.node).collect(),
            load: vec![0.0],
            pulse: vec![0.0],
            sections: vec![0],
            energy: Energy::of(cues, length),
            on_beats: cues.iter().any(usable),
            slack: Time::ZERO,
            has_bars: cues.iter().any(|cue| usable(cue) && soundtrack::bars_are_known(cue.facts)),
            notes,
        };
        grid.weigh(cues, &marks, length, pace);
        grid
    }

    /// Computes the running sums.
    fn weigh(&mut self, cues: &[Cue], marks: &[Mark], length: Time, pace: &Pace) {
        for (index, pair) in marks.windows(2).enumerate() {
            let span = (pair[1].node.time - pair[0].node.time).secs();
            let period = pair[0].period;
            let beats = span / period.secs();
            let share = pair[0].node.time.secs() / length.secs();
            let energy = self.energy.relative(pair[0].node.time, pair[1].node.time);
            let rate = pace.rate(energy, share, period) * trust(cues, pair[0].node.time);
            self.load.push(self.load[index] + beats * rate);
            self.pulse.push(self.pulse[index] + beats);
            let is_section = pair[1].node.step == Step::Section;
            self.sections.push(self.sections[index] + u32::from(is_section));
        }
    }

    /// Returns the index of the last node, which is the end of the movie.
    pub fn last(&self) -> usize {
        self.nodes.len() - 1
    }

    /// Returns the length of the movie.
    pub fn length(&self) -> Time {
        self.nodes[self.last()].time
    }

    /// Returns the time from one node to another.
    pub fn span(&self, from: usize, to: usize) -> Time {
        self.nodes[to].time - self.nodes[from].time
    }

    /// Returns how many shots the pace prefers between two nodes.
    pub fn shots(&self, from: usize, to: usize) -> f64 {
        self.load[to] - self.load[from]
    }

    /// Returns the mean energy between two nodes, relative to the rest of the movie, 0..=1.
    pub fn energy(&self, from: usize, to: usize) -> f64 {
        self.energy.relative(self.nodes[from].time, self.nodes[to].time)
    }

    /// Returns the mean energy of the music itself between two nodes, 0..=1.
    pub fn raw_energy(&self, from: usize, to: usize) -> f64 {
        self.energy.raw(self.nodes[from].time, self.nodes[to].time)
    }

    /// Returns the penalty for a shot from `from` to `to`, apart from its length: for an odd number of beats,
    /// an end off the bar, or a section that starts inside.
    pub fn flaw(&self, from: usize, to: usize) -> f64 {
        let inside = self.sections[to - 1].saturating_sub(self.sections[from]);
        let step = match self.nodes[to].step {
            Step::Beat if self.has_bars => 0.06,
            Step::Filler => 3.0,
            _ => 0.0,
        };
        step + 4.0 * f64::from(inside) + odd(self.pulse[to] - self.pulse[from])
    }

    /// Returns the longest distance between two neighbouring nodes.
    pub fn spacing(&self) -> Time {
        self.nodes.windows(2).map(|pair| pair[1].time - pair[0].time).max().unwrap_or(Time::ZERO)
    }
}

/// Returns the penalty for a shot of `beats` beats.
fn odd(beats: f64) -> f64 {
    let whole = beats.round();
    if (beats - whole).abs() > 0.15 {
        return 0.05;
    }
    match whole as i64 {
        1 | 2 | 4 | 8 | 16 => 0.0,
        3 | 6 | 12 => 0.04,
        _ => 0.08,
    }
}

/// Returns the factor on the number of shots: below 1 where beats are uncertain, for fewer and longer shots.
fn trust(cues: &[Cue], time: Time) -> f64 {
    let cue = cues.iter().find(|cue| time >= cue.start && time < cue.end());
    match cue {
        Some(cue) if soundtrack::has_beats(cue.facts) && cue.facts.beat.confidence.get() < 0.5 => 0.7,
        _ => 1.0,
    }
}

/// Whether cuts follow the beats of a cue.
fn is_usable(cue: &Cue, cut_on: CutOn) -> bool {
    cut_on != CutOn::Free && soundtrack::has_beats(cue.facts)
}

/// Returns where in the movie the music ends.
fn end(cues: &[Cue]) -> Time {
    cues.last().map_or(Time::ZERO, Cue::end)
}

/// Returns the marks of all cues: their beats, or if they have none, every so many `frames` or the steps of a
/// steady grid.
fn marks(cues: &[Cue], cut_on: CutOn, frames: Option<(Rate, i64)>) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut first_beat = 0;
    for cue in cues {
        if is_usable(cue, cut_on) {
            beat_marks(cue, first_beat, cut_on, &mut marks);
        } else if let Some(frames) = frames {
            frame_marks(cue.start, cue.end(), frames, &mut marks);
        } else {
            steady_marks(cue.start, cue.end(), UNIT, cut_on, &mut marks);
        }
        first_beat +=
            cue.facts.beat.beats.iter().filter(|beat| cue.in_movie(beat.time).is_some()).count() as u32;
    }
    marks
}

fn beat_marks(cue: &Cue, first_beat: u32, cut_on: CutOn, marks: &mut Vec<Mark>) {
    let period = soundtrack::period(&cue.facts.beat.beats).unwrap_or(UNIT);
    let stride = if cut_on == CutOn::Downbeat { i64::from(cue.facts.beat.bar().0) } else { 1 };
    let mut beat_number = first_beat;
    let first_mark = marks.len();
    for (index, beat) in cue.facts.beat.beats.iter().enumerate() {
        let Some(time) = cue.in_movie(beat.time) else { continue };
        if is_unsure(beat) {
            beat_number += 1;
            continue;
        }
        let down = soundtrack::is_down(cue.facts, index, beat);
        if down || cut_on != CutOn::Downbeat {
            let step = if down { Step::Down } else { Step::Beat };
            marks.push(Mark { node: Node { time, beat: Some(beat_number), step }, period, stride });
        }
        beat_number += 1;
    }
    for time in onsets_between(cue.facts, period) {
        let Some(time) = cue.in_movie(time) else { continue };
        marks.push(Mark { node: Node { time, beat: None, step: Step::Filler }, period, stride });
    }
    marks[first_mark..].sort_by_key(|mark| mark.node.time);
}

/// Whether a beat is too uncertain to be used.
fn is_unsure(beat: &Beat) -> bool {
    beat.confidence.get() < UNSURE
}

/// Returns the onsets in the stretches where beats are uncertain, about one beat apart. Cuts on audible
/// onsets are better than cuts on a grid that may be wrong.
fn onsets_between(facts: &MusicFacts, period: Time) -> Vec<Time> {
    let mut found = Vec::new();
    for stretch in facts.beat.beats.chunk_by(|a, b| is_unsure(a) == is_unsure(b)) {
        let (Some(first), Some(last)) = (stretch.first(), stretch.last()) else { continue };
        if !is_unsure(first) || stretch.len() < UNSURE_BEATS {
            continue;
        }
        let mut before = first.time - period;
        for onset in facts.form.onsets.iter().filter(|onset| (first.time..=last.time).contains(onset)) {
            if (*onset - before).micros() * 5 >= period.micros() * 4 {
                found.push(*onset);
                before = *onset;
            }
        }
    }
    found
}

fn steady_marks(start: Time, end: Time, period: Time, cut_on: CutOn, marks: &mut Vec<Mark>) {
    let steps = (end - start).micros() / period.micros().max(1);
    let stride = if cut_on == CutOn::Downbeat { 4 } else { 1 };
    for step in 0..=steps {
        let time = start + Time::from_micros(period.micros() * step);
        let down = step % 4 == 0;
        if time < end && (down || cut_on != CutOn::Downbeat) {
            let step = if down { Step::Down } else { Step::Beat };
            marks.push(Mark { node: Node { time, beat: None, step }, period, stride });
        }
    }
}

/// Adds marks on every frame, or on every `each`th.
fn frame_marks(start: Time, end: Time, (rate, each): (Rate, i64), marks: &mut Vec<Mark>) {
    let first = (rate.nearest_frame(start) / each) * each;
    let times = (0..).map(|step| rate.time_of(first + step * each)).take_while(|time| *time < end);
    let node = |time: Time| Node { time, beat: None, step: Step::Beat };
    let mark = |time: Time| Mark { node: node(time), period: UNIT, stride: 1 };
    marks.extend(times.filter(|time| *time >= start).map(mark));
}

/// Adds marks after the end of the music, at the tempo of its last beats.
fn continue_marks(heard: Time, length: Time, cut_on: CutOn, marks: &mut Vec<Mark>) {
    let period = marks.last().map_or(UNIT, |mark| mark.period).max(NEAREST + NEAREST);
    let last = marks.last().map_or(Time::ZERO, |mark| mark.node.time);
    let mut fresh = Vec::new();
    steady_marks(last, length, period, cut_on, &mut fresh);
    marks.extend(fresh.into_iter().filter(|mark| mark.node.time >= heard));
}

/// Raises the marks nearest to the start of a section, a drop or a stop to [`Step::Section`].
fn mark_sections(cues: &[Cue], marks: &mut [Mark]) {
    for cue in cues {
        let sudden = cue.facts.form.events.iter().filter(|event| event.kind != EventKind::Section);
        let sudden = sudden.map(|event| event.time);
        for time in cue.facts.form.sections.iter().map(|section| section.start).chain(sudden) {
            let Some(time) = cue.in_movie(time) else { continue };
            let next = marks.partition_point(|mark| mark.node.time < time);
            let near = [next.checked_sub(1), Some(next)].into_iter().flatten().filter(|&at| at < marks.len());
            let away = |at: usize| (marks[at].node.time - time).micros().abs();
            if let Some(at) = near.min_by_key(|&at| away(at))
                && away(at) * 5 <= marks[at].period.micros() * 3
            {
                marks[at].node.step = Step::Section;
            }
        }
    }
}

/// Returns the period of the first beats, and the usual number of beats from one mark to the next.
fn usual(cues: &[Cue], cut_on: CutOn) -> (Time, i64) {
    let first = cues.iter().find(|cue| cut_on != CutOn::Free && soundtrack::has_beats(cue.facts));
    let period = first.and_then(|cue| soundtrack::period(&cue.facts.beat.beats)).unwrap_or(UNIT);
    let bar = first.map_or(4, |cue| i64::from(cue.facts.beat.bar().0));
    (period, if cut_on == CutOn::Downbeat { bar } else { 1 })
}

/// Adds the movie's start and end, removes marks that are closer together than
/// `nearest`, and fills long gaps.
fn closed(
    marks: Vec<Mark>,
    (period, stride): (Time, i64),
    length: Time,
    longest: Time,
    nearest: Time,
) -> Vec<Mark> {
    let edge = |time: Time, beat: Option<u32>, period: Time| Mark {
        node: Node { time, beat, step: Step::Edge },
        period,
        stride,
    };
    let mut kept = vec![edge(Time::ZERO, None, period)];
    for mark in marks {
        let before = kept[kept.len() - 1].node.time;
        if mark.node.time.micros().abs() <= 1 {
            kept[0] = edge(Time::ZERO, mark.node.beat, mark.period);
        } else if mark.node.time - before >= nearest && mark.node.time < length {
            fill(&mut kept, mark.node.time, longest);
            kept.push(mark);
        }
    }
    fill(&mut kept, length, longest);
    let period = kept[kept.len() - 1].period;
    kept.push(edge(length, None, period));
    kept
}

/// Adds steps up to `end` if it is farther from the last mark than a shot may last and beats are missing
/// between them.
fn fill(kept: &mut Vec<Mark>, end: Time, longest: Time) {
    let Mark { node, period, stride } = kept[kept.len() - 1];
    if end - node.time <= longest.max(period.scale(5 * stride, 2)) {
        return;
    }
    let period = period.max(NEAREST + NEAREST);
    let mut time = node.time + period;
    while time + NEAREST < end {
        kept.push(Mark { node: Node { time, beat: None, step: Step::Filler }, period, stride });
        time += period;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::Score;
    use mmm_facts::sample::song;

    fn cue(facts: &mmm_facts::MusicFacts, length: Time) -> Cue<'_> {
        Cue { from: Time::from_secs(1), ..Cue::whole(facts, length) }
    }

    fn auto() -> Pace {
        Pace::new(mmm_spec::Pace::Auto, [1.0; 3])
    }

    #[test]
    fn nodes_are_the_beats_in_movie_time() {
        let facts = song(Time::from_secs(20), 120_000, Time::from_millis(250));
        let length = Time::from_secs(10);
        let grid = Grid::of(&[cue(&facts, length)], length, CutOn::Beat, &auto(), Time::from_secs(8));
        assert_eq!(grid.nodes[1], Node { time: Time::from_millis(250), beat: Some(0), step: Step::Beat });
        assert_eq!(grid.nodes[2].time, Time::from_millis(750));
        assert_eq!(grid.nodes[3], Node { time: Time::from_millis(1250), beat: Some(2), step: Step::Down });
        assert_eq!(grid.length(), length);
        let bars = Grid::of(&[cue(&facts, length)], length, CutOn::Downbeat, &auto(), Time::from_secs(8));
        assert_eq!(bars.nodes[1].time, Time::from_millis(1250));
        assert_eq!(bars.nodes[2].time, Time::from_millis(3250));
    }

    #[test]
    fn the_grid_goes_on_after_the_music() {
        let facts = song(Time::from_secs(5), 120_000, Time::ZERO);
        let length = Time::from_secs(8);
        let grid = Grid::of(&[cue(&facts, Time::from_secs(4))], length, CutOn::Beat, &auto(), length);
        let times: Vec<_> = grid.nodes.iter().rev().map(|node| (node.time, node.beat.is_some())).collect();
        let half = Time::from_millis(500);
        assert_eq!(times[0], (length, false));
        assert_eq!(times[1], (length - half, false));
        assert_eq!(grid.notes, [GridNote::MusicEnds { at: Time::from_secs(4) }]);
    }

    #[test]
    fn a_stretch_has_the_same_energy_on_every_grid() {
        let mut facts = song(Time::from_secs(20), 120_000, Time::ZERO);
        // Quiet, then loud; the movie lasts longer than the music.
        for (index, value) in facts.form.energy.values.iter_mut().enumerate() {
            *value = Score::new(if index < 60 { 0.2 } else { 0.9 });
        }
        let (heard, length, longest) = (Time::from_secs(10), Time::from_secs(16), Time::from_secs(8));
        let cues = [cue(&facts, heard)];
        let beats = Grid::of(&cues, length, CutOn::Beat, &auto(), longest);
        let rate = Rate(30, 1);
        let range = (Time::from_millis(500), longest);
        let frames = Grid::of_frames(&cues, length, CutOn::Free, &auto(), range, (rate, Time::ZERO)).unwrap();
        let energies = |grid: &Grid, from: i64, to: i64| {
            let node =
                |secs: i64| grid.nodes.iter().position(|node| node.time == Time::from_secs(secs)).unwrap();
            (grid.energy(node(from), node(to)), grid.raw_energy(node(from), node(to)))
        };
        for (from, to) in [(0, 3), (4, 7), (7, 12), (11, 16), (0, 16)] {
            assert_eq!(energies(&beats, from, to), energies(&frames, from, to), "{from} s to {to} s");
        }
        let (calm, after) = (energies(&beats, 0, 3), energies(&beats, 11, 16));
        assert!(calm.0 < 0.2 && (calm.1 - 0.2).abs() < 0.01, "{calm:?}");
        assert!(after.0 > 0.8 && (after.1 - 0.9).abs() < 0.01, "the last energy continues: {after:?}");
    }

    #[test]
    fn beatless_music_gets_a_steady_grid() {
        let mut facts = song(Time::from_secs(20), 120_000, Time::ZERO);
        facts.beat.beats.truncate(3);
        let length = Time::from_secs(10);
        let grid = Grid::of(&[cue(&facts, length)], length, CutOn::Beat, &auto(), length);
        assert_eq!(grid.nodes[1].time, UNIT);
        assert!(!grid.on_beats && grid.notes == [GridNote::NoBeats]);
    }

    #[test]
    fn where_beats_are_unsure_onsets_are_cut_to() {
        let mut facts = song(Time::from_secs(60), 120_000, Time::ZERO);
        for beat in &mut facts.beat.beats {
            if beat.time >= Time::from_secs(20) && beat.time < Time::from_secs(30) {
                beat.confidence = Score::new(0.1);
            }
        }
        facts.form.onsets = (0..40).map(|n| Time::from_millis(20_130 + 260 * n)).collect();
        let cue = Cue::whole(&facts, Time::from_secs(60));
        let mut marks = Vec::new();
        beat_marks(&cue, 0, CutOn::Beat, &mut marks);
        assert!(marks.windows(2).all(|pair| pair[0].node.time <= pair[1].node.time));
        let inside: Vec<Time> = marks
            .iter()
            .filter(|mark| mark.node.time >= Time::from_secs(20) && mark.node.time < Time::from_secs(30))
            .map(|mark| mark.node.time)
            .collect();
        // Every second onset: at least a beat of half a second apart.
        assert!(
            inside.len() > 15 && inside.iter().all(|time| facts.form.onsets.contains(time)),
            "{inside:?}"
        );
        assert!(inside.windows(2).all(|pair| pair[1] - pair[0] >= Time::from_millis(400)));
    }
}
