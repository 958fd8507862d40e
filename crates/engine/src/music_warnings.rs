//! Warnings about music that ends before its movie.

use super::db::{MovieDb, Project};
use super::queries;
use mmm_base::Time;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_facts::EditPlan;
use mmm_spec::{Length, Movie, RuleAction};

/// Shorter silence at the end of a movie gets no warning.
const PAUSE: Time = Time::from_millis(500);

/// Warns if the music of an output ends before the movie, with what would fill the silence.
pub(super) fn ends_early(
    db: &MovieDb,
    project: Project,
    movie: &Movie,
    output: usize,
    plan: &EditPlan,
) -> Option<Diagnostic> {
    let output = movie.outputs.get(output)?;
    let (settings, name) = (&output.settings, output.name.as_str());
    let heard = plan.music.last().map(|cue| cue.start + cue.length)?;
    if heard + PAUSE >= plan.length {
        return None;
    }
    let (ends, silent) = (floor_tenth(heard), floor_tenth(plan.length - heard));
    let message = format!("the music ends at {ends}; the last {silent} of the movie are silent");
    let message = if movie.outputs.len() > 1 { format!("`{name}`: {message}") } else { message };
    let last = settings.music.len().checked_sub(1)?;
    let track = &settings.music[last];
    let mut ways = Vec::new();
    if !track.is_loop {
        ways.push(format!("repeat the track (`music: {{ path: {}, loop: true }}`)", track.path));
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
    Some(match settings.duration {
        Length::Exact(_) | Length::Within(..) => {
            warning.at(spans.for_output(name, "duration"), format!("the movie lasts {}", plan.length))
        }
        _ => warning,
    })
}

fn floor_tenth(time: Time) -> Time {
    Time::from_millis(time.micros().div_euclid(100_000) * 100)
}
