//! Warns of damaged clips and songs of which the movie uses what can be read.

use super::queries::Examined;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_base::{MediaPath, Time};
use mmm_facts::Facts;

/// Returns a warning if a clip or a song is damaged although its facts could be found.
pub(super) fn partly_read(path: &MediaPath, examined: &Examined) -> Option<Diagnostic> {
    let (read, promised, is_damaged) = match &examined.facts {
        Facts::Photo(_) => return None,
        Facts::Clip(clip) => {
            let read = clip.picture.duration;
            let promised = examined.probe.duration.filter(|promised| read < *promised);
            (read, promised, promised.is_some())
        }
        Facts::Music(music) => (music.form.duration, music.beat.promised, music.beat.damaged),
    };
    if !is_damaged {
        return None;
    }
    let what = match promised {
        Some(promised) => format!(
            "only {} of {} can be read, and the movie uses that part",
            rounded(read),
            rounded(promised)
        ),
        None => "parts of its sound are missing or can't be decoded, and the movie uses the rest".to_owned(),
    };
    let warning = Diagnostic::warning(Code::MEDIA_DAMAGED, format!("`{path}` is damaged: {what}"));
    Some(warning.help("copy the file again from its source"))
}

/// Rounds to hundredths of a second.
pub(super) fn rounded(time: Time) -> Time {
    Time::from_millis((time.micros() + 5_000).div_euclid(10_000) * 10)
}
