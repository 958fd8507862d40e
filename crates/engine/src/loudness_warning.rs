use super::db::{Db, MovieDb, Project};
use super::queries;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_exec::{Action, Answer};
use mmm_facts::{SoundLevels, Timeline};

/// The largest deviation from the loudness that passes the review, in hundredths of a LU.
const TOLERANCE: i32 = 50;

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
    let help = if levels.is_at_most_gain {
        "use louder media: more gain would mostly raise their noise".to_owned()
    } else {
        format!(
            "ask for less, such as `loudness: {}`: louder sound would exceed a true peak of -1 dBTP",
            lufs(reached.div_euclid(100) * 100)
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
    fn a_loudness_that_is_not_reached_is_told_with_both_figures() {
        let told = |loudness, is_at_most_gain| {
            shortfall(&SoundLevels { loudness, peak: -110, is_at_most_gain }, -1000)
        };
        assert_eq!(told(Some(-1050), false), None);
        assert_eq!(told(Some(-950), false), None);
        let (reached, help) = told(Some(-1234), false).unwrap();
        assert_eq!(reached, "has -12.3 LUFS");
        assert!(help.contains("`loudness: -13 LUFS`") && help.contains("true peak"), "{help}");
        assert!(told(Some(-4000), true).unwrap().1.contains("more gain"));
        assert_eq!(told(None, false).unwrap().0, "is silent");
    }
}
