//! Warns of damaged clips and songs of which the movie uses what can be read.

use super::queries::Examined;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_base::{MediaPath, Time};
use mmm_facts::Facts;

/// The headers of a song may promise this much more than it contains: some only estimate its length.
const ESTIMATE: Time = Time::from_millis(500);

/// Returns a warning if a clip or a song is damaged although its facts could be found.
pub(super) fn partly_read(path: &MediaPath, examined: &Examined) -> Option<Diagnostic> {
    let promised = examined.probe.duration.unwrap_or(Time::ZERO);
    let (read, is_damaged) = match &examined.facts {
        Facts::Photo(_) => return None,
        Facts::Clip(clip) => (clip.picture.duration, clip.picture.duration < promised),
        Facts::Music(music) => (music.form.duration, music.beat.damaged),
    };
    let what = if read + ESTIMATE < promised {
        format!("only {} of {} can be read, and the movie uses that part", rounded(read), rounded(promised))
    } else {
        "parts of its sound can't be decoded, and the movie uses the rest".to_owned()
    };
    let warning = || Diagnostic::warning(Code::MEDIA_DAMAGED, format!("`{path}` is damaged: {what}"));
    is_damaged.then(|| warning().help("copy the file again from its source"))
}

/// Rounds to hundredths of a second.
pub(super) fn rounded(time: Time) -> Time {
    Time::from_millis((time.micros() + 5_000).div_euclid(10_000) * 10)
}
