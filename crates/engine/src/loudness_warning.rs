use super::db::{Db, MovieDb, Project};
use super::queries;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_exec::{Action, Answer};
use mmm_facts::{SoundLevels, Timeline};

/// The largest deviation from the loudness that passes the review, in hundredths of a LU.
const TOLERANCE: i32 = 50;

/// Above this true peak, in hundredths of a dBTP, peaks are what holds the sound down.
const NEAR_CEILING: i32 = -250;

/// Returns a warning if the sound of an output does not have the loudness that the spec asks for.
pub(super) fn loudness_warning(
    db: &MovieDb,
    project: Project,
    output: usize,
    timeline: &Timeline,
) -> Option<Diagnostic> {
    let recipe = timeline.sound.as_ref()?;
    let slot = db.slot(&Action::Sound(Box::new(recipe.clone())));
    let Some(Answer::Sound(_, levels)) = slot.answer(db).as_deref() else { return None };
    let name = &queries::movie(db, project).as_ref()?.outputs.get(output)?.name;
    let (reached, help) = shortfall(levels, recipe.loudness)?;
    let message = format!("the sound of `{name}` {reached} instead of {}", lufs(recipe.loudness));
    let at = queries::parsed(db, project).spans.for_output(name.as_str(), "style.loudness");
    Some(Diagnostic::warning(Code::RENDER_LOUDNESS, message).at(at, "asked for here").help(help))
}

/// Returns what was reached and what to do about it; `None` if the sound is close enough.
fn shortfall(levels: &SoundLevels, asked: i32) -> Option<(String, String)> {
    let Some(reached) = levels.loudness else {
        return Some((
            "is silent".to_owned(),
            "use media with sound, add `music`, or mute the clips".to_owned(),
        ));
    };
    if (reached - asked).abs() <= TOLERANCE {
        return None;
    }
    let is_peaking = reached < asked && levels.peak >= NEAR_CEILING;
    let nearest = format!("`loudness: {}`", lufs(reached.div_euclid(100) * 100));
    let help = if is_peaking {
        // At the ceiling, louder media would come out no louder.
        format!("ask for less, such as {nearest}: louder sound would exceed a true peak of -1 dBTP")
    } else if levels.is_at_most_gain {
        "use louder media: more gain would mostly raise their noise".to_owned()
    } else {
        let peak = f64::from(levels.peak) / 100.0;
        format!(
            "ask for what was reached, such as {nearest}: the encoder changes the level of this sound, whose true \
             peak is {peak:.1} dBTP"
        )
    };
    Some((format!("has {}", lufs(reached)), help))
}

fn lufs(hundredths: i32) -> String {
    let decibels = f64::from(hundredths) / 100.0;
    if hundredths % 100 == 0 { format!("{decibels:.0} LUFS") } else { format!("{decibels:.1} LUFS") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loudness_that_is_not_reached_is_reported_with_both_figures() {
        let reported = |loudness, peak, is_at_most_gain| {
            shortfall(&SoundLevels { loudness, peak, is_at_most_gain }, -1000)
        };
        assert_eq!(reported(Some(-1050), -110, false), None);
        assert_eq!(reported(Some(-950), -110, false), None);
        let (reached, help) = reported(Some(-1234), -110, false).unwrap();
        assert_eq!(reached, "has -12.3 LUFS");
        assert!(help.contains("`loudness: -13 LUFS`") && help.contains("true peak"), "{help}");
        assert!(reported(Some(-4000), -900, true).unwrap().1.contains("more gain"));
        // Peaks are the limit, however much gain there is.
        assert!(reported(Some(-4000), -110, true).unwrap().1.contains("true peak"));
        // Peaks are named only if they are high, and only for what is too quiet.
        for (loudness, peak) in [(-1234, -370), (-900, -110)] {
            let (_, help) = reported(Some(loudness), peak, false).unwrap();
            assert!(help.contains("the encoder") && !help.contains("exceed"), "{help}");
        }
        assert_eq!(reported(None, -110, false).unwrap().0, "is silent");
    }
}
