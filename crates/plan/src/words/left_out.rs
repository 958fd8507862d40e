use super::shot::issue;
use super::{count, seconds};
use mmm_base::MediaPath;
use mmm_facts::{BetterTwin, LeftOutCause};

/// Returns why a medium is in no shot.
pub fn left_out(cause: &LeftOutCause) -> String {
    match cause {
        LeftOutCause::TooShort { longest, shortest } => format!(
            "too short: {} without a cut, and a shot lasts at least {}",
            seconds(*longest),
            seconds(*shortest)
        ),
        LeftOutCause::Damaged { longest } => {
            format!("damaged: only {} of it can be shown without a cut", seconds(*longest))
        }
        LeftOutCause::Twin { of, how, burst, shown } => twin(of, *how, *burst, *shown),
        LeftOutCause::Issues { issues } => {
            issues.iter().map(|found| issue(*found)).collect::<Vec<_>>().join(", ")
        }
        LeftOutCause::Unwanted => "the prompt asks for less of it".to_owned(),
        LeftOutCause::SmallChapter { title, media } => {
            format!("no room: its chapter, {title}, has only {}", count(*media, "medium", "media"))
        }
        LeftOutCause::Outranked { better } => {
            format!("no room: its chapter shows {}", count(*better, "better medium", "better media"))
        }
        LeftOutCause::Rhythm { others } => {
            let verb = if *others == 1 { "fits" } else { "fit" };
            format!("no room: {} of its chapter {verb} the music better", count(*others, "medium", "media"))
        }
    }
}

fn twin(of: &MediaPath, how: BetterTwin, burst: bool, shown: bool) -> String {
    let how = match how {
        BetterTwin::Required => "which is required",
        BetterTwin::Flawless => "which has no flaw",
        BetterTwin::Sharper => "which is sharper",
        BetterTwin::BetterExposed => "which is better exposed",
        BetterTwin::Equal => "which is as good",
    };
    let kind = if burst { "near-duplicate of" } else { "similar to" };
    let fate = if shown { "" } else { " and is left out too" };
    format!("{kind} {of}, {how}{fate}")
}
