//! Warnings about music that ends before its movie.

use super::db::{Db, MovieDb, Project};
use super::need::Need;
use super::queries::{self, Examined};
use mmm_base::Time;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_facts::Facts;
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
    let (ends, silent) = (floor_tenth(heard), floor_tenth(length - heard));
    let message = format!("the music ends at {ends}; the last {silent} of the movie are silent");
    let message = if movie.outputs.len() > 1 { format!("`{name}`: {message}") } else { message };
    let last = settings.music.len().checked_sub(1)?;
    let track = &settings.music[last];
    let mut ways = Vec::new();
    let repeats = can_repeat(db, track);
    if !track.is_loop && repeats {
        ways.push("repeat the track (`loop: true` beside its `path`)".to_owned());
    }
    ways.push("add another track".to_owned());
    let is_required = |action: &RuleAction| matches!(action, RuleAction::Take(known) if known.required);
    match settings.duration {
        Length::Auto if movie.media.iter().any(|rule| is_required(&rule.action)) => {
            ways.push("require fewer media".to_owned());
        }
        Length::Auto | Length::Music => {}
        Length::Exact(_) | Length::Within(..) => {
            ways.push(format!("set `duration` to `music`, or to {ends} or less"));
        }
    }
    let spans = &queries::parsed(db, project).spans;
    let warning = Diagnostic::warning(Code::MUSIC_ENDS, message)
        .at(spans.for_output(name, &format!("music[{last}]")), format!("ends at {ends}"))
        .help(ways.join(", or "));
    let warning = if track.is_loop && !repeats {
        let at = spans.for_output(name, &format!("music[{last}].loop"));
        warning.at(at, "what plays of the track is too short to repeat")
    } else {
        warning
    };
    Some(match settings.duration {
        Length::Exact(_) | Length::Within(..) => {
            warning.at(spans.for_output(name, "duration"), format!("the movie lasts {length}"))
        }
        _ => warning,
    })
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
    match queries::examined(db, db.media(&track.path), track.audio) {
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
