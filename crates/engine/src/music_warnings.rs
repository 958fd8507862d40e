//! Warnings about music that ends before its movie, or of which nothing is heard.

use super::db::{Db, MovieDb, Project};
use super::need::Need;
use super::partly_read::rounded;
use super::queries::{self, Examined};
use mmm_base::Time;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_facts::{Conflict, Facts};
use mmm_spec::{Length, Movie, RuleAction, Settings, Track};

/// Shorter silence at the end of a movie gets no warning.
const PAUSE: Time = Time::from_millis(500);

/// Warns if the music of an output ends before the movie, with what would fill the silence. Without a plan,
/// the headers of the files say how long the music is at most.
pub(super) fn ends_early(db: &MovieDb, project: Project, movie: &Movie, index: usize) -> Option<Diagnostic> {
    let output = movie.outputs.get(index)?;
    let (settings, name) = (&output.settings, output.name.as_str());
    let (heard, length) = match queries::edit_plan(db, project, index) {
        Need::Ready(Some(Ok(plan))) => (plan.music.last().map(|cue| cue.start + cue.length)?, plan.length),
        Need::Ready(_) => return None,
        Need::Missing(_) => by_headers(db, settings)?,
    };
    if heard + PAUSE >= length {
        return None;
    }
    let last = settings.music.len().checked_sub(1)?;
    let track = &settings.music[last];
    let silent = floor_tenth(length - heard);
    let (message, label) = if heard < PAUSE {
        let text = format!("only {} of the music can be heard", rounded(heard));
        (format!("{text}; the last {silent} of the movie are silent"), text)
    } else {
        let ends = floor_tenth(heard);
        let message = format!("the music ends at {ends}; the last {silent} of the movie are silent");
        (message, format!("ends at {ends}"))
    };
    let message = if movie.outputs.len() > 1 { format!("`{name}`: {message}") } else { message };
    let repeats = can_repeat(db, track);
    let spans = &queries::parsed(db, project).spans;
    let at = |key: &str| spans.for_output(name, &format!("music[{last}]{key}"));
    let mut warning = Diagnostic::warning(Code::MUSIC_ENDS, message)
        .at(at(""), label)
        .help(ways_to_fill(db, movie, settings, (heard, repeats)).join(", or "));
    if let (true, Some(from)) = (heard < PAUSE, track.from) {
        warning = warning.at(at(".from"), format!("starts at {from}"));
    }
    if track.is_loop && !repeats {
        warning = warning.at(at(".loop"), "what plays of the track is too short to repeat");
    }
    Some(match settings.duration {
        Length::Exact(_) | Length::Within(..) => {
            warning.at(spans.for_output(name, "duration"), format!("the movie lasts {length}"))
        }
        _ => warning,
    })
}

/// Returns what would fill a movie whose music is heard only for so long, and whose last track can be repeated or
/// not.
fn ways_to_fill(
    db: &MovieDb,
    movie: &Movie,
    settings: &Settings,
    (heard, repeats): (Time, bool),
) -> Vec<String> {
    let mut ways = Vec::new();
    if let Some(track) = settings.music.last() {
        let (first, last) = sound_of(db, track).unwrap_or((Time::ZERO, Time::ZERO));
        if track.from.is_some_and(|from| from > first + PAUSE) {
            ways.push("write an earlier `from`".to_owned());
        }
        if track.to.is_some_and(|to| to + PAUSE < last) {
            ways.push("write a later `to`".to_owned());
        }
        if !track.is_loop && repeats {
            ways.push("repeat the track (`loop: true` beside its `path`)".to_owned());
        }
    }
    ways.push("add another track".to_owned());
    let is_required = |action: &RuleAction| matches!(action, RuleAction::Take(known) if known.required);
    // A movie as short as this could not show anything.
    let shortest = settings.constraints.shot.map_or(PAUSE, |(shortest, _)| shortest);
    let ends = floor_tenth(heard);
    match settings.duration {
        Length::Auto if movie.media.iter().any(|rule| is_required(&rule.action)) => {
            ways.push("require fewer media".to_owned());
        }
        Length::Auto if ends >= shortest => ways.push("set `duration` to `music`".to_owned()),
        Length::Exact(_) | Length::Within(..) if ends >= shortest => {
            ways.push(format!("set `duration` to `music`, or to {ends} or less"));
        }
        _ => {}
    }
    ways
}

/// Returns the times of the first and the last sound of a track, if they are known.
fn sound_of(db: &MovieDb, track: &Track) -> Option<(Time, Time)> {
    match queries::heard(db, track) {
        Need::Ready(Ok(Examined { facts: Facts::Music(facts), .. })) => Some(facts.form.heard()),
        _ => None,
    }
}

/// Warns about the tracks of an output of which nothing is heard, as far as their facts are known.
pub(super) fn unheard(db: &MovieDb, project: Project, movie: &Movie, index: usize) -> Vec<Diagnostic> {
    let Some(output) = movie.outputs.get(index) else { return Vec::new() };
    let spans = &queries::parsed(db, project).spans;
    let conflicts = match queries::edit_plan(db, project, index) {
        Need::Ready(Some(Err(Conflict::MusicUnheard { track, .. }))) => Some(*track),
        _ => None,
    };
    let warned = |(at, track): (usize, &Track)| {
        let examined = queries::heard(db, track);
        let Need::Ready(Ok(Examined { facts: Facts::Music(facts), .. })) = examined else { return None };
        let (first, last) = facts.form.heard();
        let path = &track.path;
        let (key, message, help) = if facts.form.loudness.is_none() && facts.form.duration >= PAUSE {
            ("", format!("the track `{path}` is silent"), "remove it, or name another track")
        } else if let Some(from) = track.from.filter(|from| *from >= last) {
            let (from, last) = (rounded(from), rounded(last));
            let message = format!("nothing of `{path}` is heard from {from}: its sound ends at {last}");
            (".from", message, "write an earlier `from`")
        } else if let Some(to) = track.to.filter(|to| *to <= first) {
            let (to, first) = (rounded(to), rounded(first));
            let message = format!("nothing of `{path}` is heard up to {to}: its sound begins at {first}");
            (".to", message, "write a later `to`")
        } else {
            return None;
        };
        let at = spans.for_output(output.name.as_str(), &format!("music[{at}]{key}"));
        Some(Diagnostic::warning(Code::MUSIC_SILENT, message).at(at, "nothing is heard").help(help))
    };
    let tracks = output.settings.music.iter().enumerate().filter(|(at, _)| Some(*at) != conflicts);
    tracks.filter_map(warned).collect()
}

/// Warns about tracks whose first bar begins, by the spec, after their end.
pub(super) fn bars_outside(db: &MovieDb, project: Project, movie: &Movie, index: usize) -> Vec<Diagnostic> {
    let Some(output) = movie.outputs.get(index) else { return Vec::new() };
    let spans = &queries::parsed(db, project).spans;
    let outside = |(at, track): (usize, &Track)| {
        let Need::Ready(Ok(probe)) = queries::probe(db, db.media(&track.path)) else { return None };
        let (length, first) = (probe.duration?, track.beats.first_downbeat?);
        let at = spans.for_output(output.name.as_str(), &format!("music[{at}].beats.first-downbeat"));
        let message = format!("`first-downbeat` is {first}, but `{}` ends at {length}", track.path);
        let help = "write a time at which a bar begins, as a player of music shows it";
        let warning = Diagnostic::warning(Code::MUSIC_BAR_OUTSIDE, message).help(help);
        (first >= length).then(|| warning.at(at, "bars are counted from the last beat"))
    };
    output.settings.music.iter().enumerate().filter_map(outside).collect()
}

/// Whether what plays of a track is long enough to repeat, as far as is known.
fn can_repeat(db: &MovieDb, track: &Track) -> bool {
    match queries::heard(db, track) {
        Need::Ready(Ok(Examined { facts: Facts::Music(facts), .. })) => mmm_plan::can_repeat(track, facts),
        _ => true,
    }
}

/// Returns the most that the music can last, and the least that the spec wants the movie to last; `None` if
/// the music repeats, or either is unknown.
fn by_headers(db: &MovieDb, settings: &Settings) -> Option<(Time, Time)> {
    let (Length::Exact(length) | Length::Within(length, _)) = settings.duration else { return None };
    let mut heard = Time::ZERO;
    let last = settings.music.len().checked_sub(1)?;
    for (index, track) in settings.music.iter().enumerate() {
        let Need::Ready(Ok(probe)) = queries::probe(db, db.media(&track.path)) else { return None };
        let whole = probe.duration?;
        let played = track.to.map_or(whole, |to| to.min(whole)) - track.from.unwrap_or(Time::ZERO);
        let overlap = track.crossfade.filter(|_| index < last).unwrap_or(Time::ZERO);
        heard += (played - overlap).max(Time::ZERO);
        if track.is_loop {
            return None;
        }
    }
    Some((heard, length))
}

fn floor_tenth(time: Time) -> Time {
    Time::from_millis(time.micros().div_euclid(100_000) * 100)
}
