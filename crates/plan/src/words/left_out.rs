use super::said::said_source;
use super::shot::issue;
use super::{count, seconds};
use mmm_base::MediaPath;
use mmm_facts::{BetterTwin, LeftOutCause, VersionKind};

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
        LeftOutCause::Version { of, version, how, shown } => version_text(of, *version, *how, *shown),
        LeftOutCause::PassedOver => {
            "not looked at by models: enough others are better by what is cheap to measure".to_owned()
        }
        LeftOutCause::Issues { issues } => {
            issues.iter().map(|found| issue(*found)).collect::<Vec<_>>().join(", ")
        }
        LeftOutCause::Unwanted => "the prompt asks for less of it".to_owned(),
        LeftOutCause::Rejected { source } => format!("rejected: {}", said_source(*source)),
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
    let how = better(how);
    let kind = if burst { "near-duplicate of" } else { "similar to" };
    let fate = if shown { "" } else { " and is left out too" };
    format!("{kind} {of}, which {how}{fate}")
}

fn version_text(of: &MediaPath, version: VersionKind, how: Option<BetterTwin>, shown: bool) -> String {
    let kind = match version {
        VersionKind::Copy => "copy of",
        VersionKind::Proxy => "proxy of",
        VersionKind::ProxySource => "shown by its proxy",
        VersionKind::Thumbnail => "thumbnail of",
        VersionKind::ThumbnailSource => "shown by its thumbnail",
        VersionKind::PairClip => "clip that belongs to the photo",
        VersionKind::PairPhoto => "photo that belongs to the clip",
        VersionKind::Unedited => "edited as",
        VersionKind::Edited => "edit of",
        VersionKind::Raw => "raw photo of",
        VersionKind::Developed => "also there as the raw photo",
    };
    match (how.map(better), shown) {
        (None, true) => format!("{kind} {of}"),
        (None, false) => format!("{kind} {of}, which is left out too"),
        (Some(how), true) => format!("{kind} {of}, which {how}"),
        (Some(how), false) => format!("{kind} {of}, which {how} and is left out too"),
    }
}

/// Returns what is better about a medium, after "which".
fn better(how: BetterTwin) -> &'static str {
    match how {
        BetterTwin::Required => "is required",
        BetterTwin::Flawless => "has no flaw",
        BetterTwin::Larger => "has more pixels",
        BetterTwin::Dated => "says when it was taken",
        BetterTwin::LessCompressed => "is less compressed",
        BetterTwin::Sharper => "is sharper",
        BetterTwin::BetterExposed => "is better exposed",
        BetterTwin::Equal => "is as good",
    }
}
