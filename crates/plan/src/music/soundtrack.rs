use super::levels;
pub(crate) use super::pulse::{bars_are_known, has_beats, is_down, period};
use super::turn::Turn;
use super::window::{ROUNDED, SEAM, Sound, window};
use mmm_base::Time;
use mmm_facts::{Beat, Conflict, KeptCue, Material, MusicCue, MusicFacts, beat_spans};
use mmm_spec::{Length, Track};

/// A stretch of one track in the movie. Neighbours don't overlap: each ends where the beats of the next one
/// begin to count.
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
    /// How much earlier it is heard already, in a crossfade, and (`tail`) how much longer.
    pub lead: Time,
    pub tail: Time,
}

#[cfg(test)]
impl<'a> Cue<'a> {
    /// Returns the first `length` of a track, from the start of the movie.
    pub fn whole(facts: &'a MusicFacts, length: Time) -> Self {
        let zero = Time::ZERO;
        Self { facts, track: 0, start: zero, from: zero, length, lead: zero, tail: zero }
    }
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

    /// Whether it plays to the end of its sound.
    pub fn ends_itself(&self) -> bool {
        self.from + self.length + self.tail + Time::from_millis(50) >= self.facts.form.heard().1
    }
}

/// Checks that the tracks start and end inside their files.
pub(crate) fn check(material: &Material) -> Result<(), Conflict> {
    for (index, (track, facts)) in tracks(material).enumerate() {
        let (path, length) = (track.path.clone(), facts.form.duration);
        if track.from.is_some_and(|from| from < Time::ZERO || from >= length) {
            return Err(Conflict::MusicStartOutside { path, track: index, length });
        }
        if track.to.is_some_and(|to| to > length + ROUNDED) {
            return Err(Conflict::MusicEndOutside { path, track: index, length });
        }
    }
    Ok(())
}

/// Returns the first track that starts only after the end of its sound.
pub(crate) fn unheard(material: &Material) -> Option<Conflict> {
    tracks(material).enumerate().find_map(|(index, (track, facts))| {
        let (from, end) = (track.from?, facts.form.heard().1);
        let path = track.path.clone();
        (from >= end).then_some(Conflict::MusicUnheard { path, track: index, from, end })
    })
}

/// Returns how long the music lasts if the first track starts at `first`. A loop is counted once.
pub(crate) fn reach(material: &Material, first: Time) -> Time {
    let once = sounds(material, first, None);
    once.last().map_or(Time::ZERO, Sound::end)
}

/// Returns where the music starts if it is played as a whole.
pub(crate) fn whole_start(material: &Material) -> Time {
    tracks(material).next().map_or(Time::ZERO, |(track, facts)| window(track, facts, true).0)
}

/// Whether the music goes on for as long as the movie.
pub(crate) fn is_endless(material: &Material) -> bool {
    tracks(material).any(|(track, facts)| track.is_loop && can_repeat(track, facts))
}

/// Whether what plays of a track is long enough to repeat.
pub fn can_repeat(track: &Track, facts: &MusicFacts) -> bool {
    Turn::of(track, facts).is_some()
}

/// Returns the tracks one after the other, the first from `first` on, up to `length`.
pub(crate) fn lay(material: &Material, first: Time, length: Time) -> Vec<Cue<'_>> {
    cues(&sounds(material, first, Some(length)))
}

/// Returns the cues of an earlier plan; `None` if a track no longer has them.
pub(crate) fn kept<'a>(material: &'a Material, kept: &[KeptCue]) -> Option<Vec<Cue<'a>>> {
    let sound = |cue: &KeptCue| {
        let KeptCue { start, from, length, .. } = *cue;
        let (track, (_, facts)) =
            tracks(material).enumerate().find(|(_, (track, _))| track.path == cue.source)?;
        (from + length <= facts.form.duration + ROUNDED).then_some(Sound {
            facts,
            track,
            start,
            from,
            length,
        })
    };
    Some(cues(&kept.iter().map(sound).collect::<Option<Vec<_>>>()?))
}

/// Returns what is heard when, up to `length`; without it, each track once.
fn sounds(material: &Material, first: Time, length: Option<Time>) -> Vec<Sound<'_>> {
    let mut sounds = Vec::new();
    let mut start = Time::ZERO;
    let mut overlap = Time::ZERO;
    let list: Vec<(&Track, &MusicFacts)> = tracks(material).collect();
    for (index, &(track, facts)) in list.iter().enumerate() {
        let (window_from, to) = window(track, facts, index == 0);
        let from = if index == 0 { first } else { window_from };
        let room = length.map_or(Time::MAX, |length| length - start);
        if room <= overlap {
            break;
        }
        if track.is_loop
            && let (Some(length), Some(turn)) = (length, Turn::of(track, facts))
        {
            turn.fill((facts, index), start, from, length, &mut sounds);
            break;
        }
        let length = (to - from).min(room);
        if length > overlap {
            sounds.push(Sound { facts, track: index, start, from, length });
            let next = list.get(index + 1).map(|(next, facts)| (*next, window(next, facts, false)));
            overlap = next.map_or(Time::ZERO, |(next, (from, to))| {
                seam(track, next).min(length.scale(1, 2)).min((to - from).scale(1, 2))
            });
            start += length - overlap;
        }
        if track.is_loop {
            break;
        }
    }
    sounds
}

/// Returns the overlap of two tracks: what the spec sets, otherwise just enough to prevent a click if one of
/// them is cut.
fn seam(track: &Track, next: &Track) -> Time {
    let is_cut = track.to.is_some() || next.from.is_some();
    track.crossfade.unwrap_or(if is_cut { SEAM } else { Time::ZERO })
}

/// Returns sounds as cues that don't overlap.
fn cues<'a>(sounds: &[Sound<'a>]) -> Vec<Cue<'a>> {
    let heard: Vec<(Time, Time)> = sounds.iter().map(|sound| (sound.start, sound.end())).collect();
    let cue = |(sound, (start, end)): (&Sound<'a>, (Time, Time))| {
        let lead = start - sound.start;
        let (from, length, tail) = (sound.from + lead, end - start, sound.end() - end);
        Cue { facts: sound.facts, track: sound.track, start, from, length, lead, tail }
    };
    sounds.iter().zip(beat_spans(&heard)).map(cue).collect()
}

fn tracks(material: &Material) -> impl Iterator<Item = (&Track, &MusicFacts)> {
    material.settings.music.iter().zip(&material.music)
}

/// Returns where in its file the first track starts, for a movie of `length`.
pub(crate) fn opening(material: &Material, length: Time) -> Time {
    let Some((track, facts)) = tracks(material).next() else { return Time::ZERO };
    let (from, to) = window(track, facts, true);
    match track.from {
        None if to - from > length => best_start(facts, (from, to), length),
        _ => from,
    }
}

/// Returns all starts of the first track for a movie of `length`, the best first.
pub(crate) fn openings(material: &Material, length: Time) -> Vec<Time> {
    if let Some((track, facts)) = tracks(material).next()
        && track.from.is_none()
        && material.settings.duration != Length::Music
    {
        let (from, to) = window(track, facts, true);
        if to - from > length {
            return ranked_starts(facts, (from, to), length);
        }
    }
    vec![opening(material, length)]
}

/// Returns the time from which `length` of the music begins and ends best.
fn best_start(facts: &MusicFacts, window: (Time, Time), length: Time) -> Time {
    ranked_starts(facts, window, length).first().copied().unwrap_or(window.0)
}

/// Returns the times from which `length` of the music may begin, those from which it begins and ends best
/// first.
fn ranked_starts(facts: &MusicFacts, (first, last): (Time, Time), length: Time) -> Vec<Time> {
    let curve = Curve::of(facts);
    let ends = Ends::of(facts);
    let score = |start: Time| {
        let end = start + length;
        let quiet = curve.mean(start, start + Time::from_millis(700)) < (0.2 * curve.whole).max(0.02);
        let opens = if start == first || ends.is_section(start) { 0.25 } else { 0.0 };
        let lively = 0.5 * curve.mean(start, end) / curve.whole.max(0.01);
        let peak = if (start..end).contains(&curve.peak) { 0.2 } else { 0.0 };
        opens + lively + peak + ends.grade(end) - if quiet { 4.0 } else { 0.0 }
    };
    let all = std::iter::once(first).chain(starts(facts));
    let fit = all.filter(|start| *start >= first && *start + length <= last);
    let mut ranked: Vec<(f64, Time)> = fit.map(|start| (score(start), start)).collect();
    // The sort is stable: of equal starts, the first in the list wins.
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0));
    ranked.into_iter().map(|(_, start)| start).collect()
}

/// Returns where the music may begin besides its start: on every bar; without beats, at its sections and its
/// first onset.
fn starts(facts: &MusicFacts) -> Vec<Time> {
    let mut starts = Vec::new();
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
            duration: facts.form.heard().1,
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
    let is_same = |one: Option<&Cue>, other: &Cue| one.is_some_and(|one| one.track == other.track);
    let faded = |(index, cue): (usize, &Cue)| {
        let before = index.checked_sub(1).and_then(|before| cues.get(before));
        let after = cues.get(index + 1);
        let (whole, short) = (cue.length + cue.lead + cue.tail, Time::from_millis(5));
        let fade_in = match before.map_or(Time::ZERO, |before| before.tail) + cue.lead {
            Time::ZERO if before.is_none() => fade_in(cue),
            Time::ZERO if is_same(before, cue) => short,
            overlap => overlap,
        };
        let fade_out = match after.map_or(Time::ZERO, |after| after.lead) + cue.tail {
            Time::ZERO if after.is_none() => fade_out(cue, length),
            Time::ZERO if is_same(after, cue) => short,
            overlap => overlap,
        };
        MusicCue {
            source: material.settings.music[cue.track].path.clone(),
            start: cue.start - cue.lead,
            from: cue.from - cue.lead,
            length: whole,
            fade_in: fade_in.min(whole),
            fade_out: fade_out.min(whole - fade_in.min(whole)),
            gain: levels::of_music(cue.facts),
        }
    };
    cues.iter().enumerate().map(faded).collect()
}

/// Returns the fade in. If the music starts at its beginning or on a beat, it is just long enough to prevent
/// a click.
fn fade_in(cue: &Cue) -> Time {
    let on_beat = |beat: &Beat| (beat.time - cue.from).micros().abs() <= 1;
    let is_start = cue.from == Time::ZERO || cue.from == cue.facts.form.heard().0;
    let clean = is_start || cue.facts.beat.beats.iter().any(on_beat);
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
        let start = best_start(&facts, (Time::ZERO, Time::from_secs(180)), Time::from_secs(60));
        let bar = (start - Time::from_millis(400)).micros();
        assert_eq!(bar % 2_000_000, 0, "{start}");
        assert!(start >= Time::from_millis(39_000), "never in the silence: {start}");
    }

    #[test]
    fn tracks_follow_each_other_and_the_last_fades() {
        let mut material = material(0, 120_000);
        material.settings.music[0].from = Some(Time::from_secs(170));
        material.settings.music.push(Track { from: None, ..material.settings.music[0].clone() });
        material.music.push(material.music[0].clone());
        let length = Time::from_secs(15);
        let cues = lay(&material, Time::from_secs(170), length);
        let music = faded(&material, &cues, length);
        assert_eq!(music[0].length, Time::from_secs(10));
        assert_eq!((music[1].start, music[1].length), (Time::from_secs(10), Time::from_secs(5)));
        assert_eq!((music[0].fade_out, music[1].fade_out), (Time::ZERO, Time::from_secs(1)));
        assert_eq!(reach(&material, Time::from_secs(170)), Time::from_secs(190));
    }
}
