use super::levels;
use mmm_base::Time;
use mmm_facts::{Beat, Conflict, Material, MusicCue, MusicFacts};
use mmm_spec::Track;

/// A stretch of one track in the movie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cue<'a> {
    pub facts: &'a MusicFacts,
    /// Index of the track.
    pub track: usize,
    /// Where in the movie it starts.
    pub start: Time,
    /// Where in the file it starts.
    pub from: Time,
    pub length: Time,
}

impl Cue<'_> {
    /// Returns where in the movie it ends.
    pub fn end(&self) -> Time {
        self.start + self.length
    }

    /// Converts a time of the file to a time of the movie; `None` if the cue does not play it.
    pub fn in_movie(&self, time: Time) -> Option<Time> {
        (time >= self.from && time < self.from + self.length).then(|| self.start + (time - self.from))
    }

    /// Whether it plays to the end of its file.
    fn ends_itself(&self) -> bool {
        self.from + self.length + Time::from_millis(50) >= self.facts.form.duration
    }
}

/// Music whose beats have less confidence than this is not cut on its beats.
const UNSURE: f64 = 0.15;

/// Whether cuts may follow the beats of `facts`.
pub(crate) fn has_beats(facts: &MusicFacts) -> bool {
    facts.beat.beats.len() >= 4 && facts.beat.confidence.get() >= UNSURE
}

/// Whether the beat at `index` starts a bar; if the bars are unknown, beats are counted from the first.
pub(crate) fn is_down(facts: &MusicFacts, index: usize, beat: &Beat) -> bool {
    if bars_are_known(facts) {
        beat.position == Some(1)
    } else {
        index.is_multiple_of(usize::from(facts.beat.bar().0))
    }
}

/// Whether any beat is known to start a bar.
pub(crate) fn bars_are_known(facts: &MusicFacts) -> bool {
    facts.beat.beats.iter().any(|beat| beat.position == Some(1))
}

/// Returns the median distance between beats; `None` if there are too few.
pub(crate) fn period(beats: &[Beat]) -> Option<Time> {
    let mut gaps: Vec<i64> = beats.windows(2).map(|pair| (pair[1].time - pair[0].time).micros()).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied().filter(|&gap| gap > 0).map(Time::from_micros)
}

/// Checks that the tracks start inside their files.
pub(crate) fn check(material: &Material) -> Result<(), Conflict> {
    for (index, (track, facts)) in tracks(material).enumerate() {
        if let Some(from) = track.from
            && (from < Time::ZERO || from >= facts.form.duration)
        {
            let (path, length) = (track.path.clone(), facts.form.duration);
            return Err(Conflict::MusicStartOutside { path, track: index, length });
        }
    }
    Ok(())
}

/// Returns how long the music lasts if the first track starts at `first`.
pub(crate) fn reach(material: &Material, first: Time) -> Time {
    tracks(material)
        .enumerate()
        .map(|(index, (track, facts))| {
            let from = if index == 0 { first } else { track.from.unwrap_or(Time::ZERO) };
            (facts.form.duration - from).max(Time::ZERO)
        })
        .sum()
}

/// Returns the tracks one after the other, the first from `first` on, up to `length`.
pub(crate) fn lay(material: &Material, first: Time, length: Time) -> Vec<Cue<'_>> {
    let mut cues = Vec::new();
    let mut start = Time::ZERO;
    for (index, (track, facts)) in tracks(material).enumerate() {
        let from = if index == 0 { first } else { track.from.unwrap_or(Time::ZERO) };
        let played = (facts.form.duration - from).min(length - start);
        if played > Time::ZERO {
            cues.push(Cue { facts, track: index, start, from, length: played });
            start += played;
        }
    }
    cues
}

fn tracks(material: &Material) -> impl Iterator<Item = (&Track, &MusicFacts)> {
    material.settings.music.iter().zip(&material.music)
}

/// Returns where in its file the first track starts, for a movie of `length`.
pub(crate) fn opening(material: &Material, length: Time) -> Time {
    match tracks(material).next() {
        Some((Track { from: Some(from), .. }, _)) => *from,
        Some((_, facts)) if facts.form.duration > length => best_start(facts, length),
        _ => Time::ZERO,
    }
}

/// Returns the time from which `length` of the music begins and ends best.
fn best_start(facts: &MusicFacts, length: Time) -> Time {
    let curve = Curve::of(facts);
    let ends = Ends::of(facts);
    let mut best = (Time::ZERO, f64::MIN);
    for start in starts(facts) {
        if start + length > facts.form.duration {
            continue;
        }
        let end = start + length;
        let quiet = curve.mean(start, start + Time::from_millis(700)) < (0.2 * curve.whole).max(0.02);
        let opens = if start == Time::ZERO || ends.is_section(start) { 0.25 } else { 0.0 };
        let lively = 0.5 * curve.mean(start, end) / curve.whole.max(0.01);
        let peak = if (start..end).contains(&curve.peak) { 0.2 } else { 0.0 };
        let score = opens + lively + peak + ends.grade(end) - if quiet { 4.0 } else { 0.0 };
        if score > best.1 {
            best = (start, score);
        }
    }
    best.0
}

/// Returns where the music may begin: at its start and on every bar; without beats, at its sections and its
/// first onset.
fn starts(facts: &MusicFacts) -> Vec<Time> {
    let mut starts = vec![Time::ZERO];
    if has_beats(facts) {
        let down = facts.beat.beats.iter().enumerate().filter(|(index, beat)| is_down(facts, *index, beat));
        starts.extend(down.map(|(_, beat)| beat.time.max(Time::ZERO)));
    } else {
        starts.extend(facts.form.sections.iter().map(|section| section.start.max(Time::ZERO)));
        starts.extend(facts.form.onsets.first());
    }
    starts
}

/// Running sums of the energy, to compute means quickly.
struct Curve {
    sums: Vec<f64>,
    rate_hz: u32,
    /// The mean of all values.
    whole: f64,
    /// The start of the two seconds with the most energy.
    peak: Time,
}

impl Curve {
    fn of(facts: &MusicFacts) -> Self {
        let mut sums = vec![0.0];
        let mut sum = 0.0;
        for value in &facts.form.energy.values {
            sum += value.get();
            sums.push(sum);
        }
        let rate_hz = facts.form.energy.rate_hz;
        let count = sums.len() - 1;
        let whole = if count == 0 { 0.0 } else { sum / count as f64 };
        let window = (2 * rate_hz as usize).clamp(1, count.max(1));
        let mut peak = (0, f64::MIN);
        for start in 0..=count.saturating_sub(window) {
            let here = sums[(start + window).min(count)] - sums[start];
            if here > peak.1 {
                peak = (start, here);
            }
        }
        let micros = peak.0 as i64 * 1_000_000 / i64::from(rate_hz.max(1));
        Self { sums, rate_hz, whole, peak: Time::from_micros(micros) }
    }

    fn mean(&self, start: Time, end: Time) -> f64 {
        let last = self.sums.len() - 1;
        let index = |time: Time| (time.micros().max(0) as u64 * u64::from(self.rate_hz) / 1_000_000) as usize;
        let (start, end) = (index(start).min(last), index(end).min(last));
        if end > start { (self.sums[end] - self.sums[start]) / (end - start) as f64 } else { 0.0 }
    }
}

/// The times at which the music may end, sorted.
struct Ends {
    sections: Vec<Time>,
    bars: Vec<Time>,
    beats: Vec<Time>,
    duration: Time,
}

impl Ends {
    fn of(facts: &MusicFacts) -> Self {
        let beats = if has_beats(facts) { facts.beat.beats.as_slice() } else { &[] };
        let down = beats.iter().enumerate().filter(|(index, beat)| is_down(facts, *index, beat));
        Self {
            sections: facts.form.sections.iter().map(|section| section.start).collect(),
            bars: down.map(|(_, beat)| beat.time).collect(),
            beats: beats.iter().map(|beat| beat.time).collect(),
            duration: facts.form.duration,
        }
    }

    fn is_section(&self, time: Time) -> bool {
        is_near(&self.sections, time, Time::from_millis(250))
    }

    /// Returns how musical an end at `time` is; higher is better.
    fn grade(&self, time: Time) -> f64 {
        let near = Time::from_millis(60);
        if self.duration - time < Time::from_millis(250) {
            0.5
        } else if self.is_section(time) {
            0.4
        } else if is_near(&self.bars, time, near) {
            0.3
        } else if is_near(&self.beats, time, near) {
            0.15
        } else {
            0.0
        }
    }
}

fn is_near(times: &[Time], time: Time, within: Time) -> bool {
    let next = times.partition_point(|&one| one < time - within);
    times.get(next).is_some_and(|&one| one <= time + within)
}

/// Returns the cues with their fades, for a movie of `length`.
pub(crate) fn faded(material: &Material, cues: &[Cue], length: Time) -> Vec<MusicCue> {
    let last = cues.len().saturating_sub(1);
    let faded = |(index, cue): (usize, &Cue)| MusicCue {
        source: material.settings.music[cue.track].path.clone(),
        start: cue.start,
        from: cue.from,
        length: cue.length,
        fade_in: if index == 0 { fade_in(cue) } else { Time::ZERO },
        fade_out: if index == last { fade_out(cue, length) } else { Time::ZERO },
        gain: levels::of_music(cue.facts),
    };
    cues.iter().enumerate().map(faded).collect()
}

/// Returns the fade in. If the music starts at its beginning or on a beat, it is just long enough to prevent
/// a click.
fn fade_in(cue: &Cue) -> Time {
    let on_beat = |beat: &Beat| (beat.time - cue.from).micros().abs() <= 1;
    let clean = cue.from == Time::ZERO || cue.facts.beat.beats.iter().any(on_beat);
    Time::from_millis(if clean { 20 } else { 250 }).min(cue.length.scale(1, 4))
}

/// Returns the fade out: one to two seconds; zero if the music itself ends with the movie.
fn fade_out(cue: &Cue, length: Time) -> Time {
    if cue.ends_itself() && cue.end() >= length {
        return Time::ZERO;
    }
    length.scale(1, 20).max(Time::from_secs(1)).min(Time::from_secs(2)).min(cue.length.scale(1, 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::Score;
    use mmm_facts::sample::{material, song};

    #[test]
    fn music_starts_on_a_bar_and_ends_on_one() {
        // 120 BPM, bars of two seconds from 0.4 s on.
        let mut facts = song(Time::from_secs(180), 120_000, Time::from_millis(400));
        for value in &mut facts.form.energy.values[..400] {
            *value = Score::ZERO;
        }
        let start = best_start(&facts, Time::from_secs(60));
        let bar = (start - Time::from_millis(400)).micros();
        assert_eq!(bar % 2_000_000, 0, "{start}");
        assert!(start >= Time::from_millis(39_000), "never in the silence: {start}");
    }

    #[test]
    fn tracks_follow_each_other_and_the_last_fades() {
        let mut material = material(0, 120_000);
        material.settings.music[0].from = Some(Time::from_secs(170));
        material.settings.music.push(material.settings.music[0].clone());
        material.music.push(material.music[0].clone());
        let length = Time::from_secs(15);
        let cues = lay(&material, Time::from_secs(170), length);
        let music = faded(&material, &cues, length);
        assert_eq!(music[0].length, Time::from_secs(10));
        assert_eq!((music[1].start, music[1].length), (Time::from_secs(10), Time::from_secs(5)));
        assert_eq!((music[0].fade_out, music[1].fade_out), (Time::ZERO, Time::from_secs(1)));
        assert_eq!(reach(&material, Time::from_secs(170)), Time::from_secs(20));
    }
}
