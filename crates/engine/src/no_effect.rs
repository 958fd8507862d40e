//! Warnings about keys of a spec that are right by themselves and change nothing where they stand.

use super::db::{Db, MovieDb, Project};
use super::need::Need;
use super::queries;
use mmm_base::Span;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_facts::MediaKind;
use mmm_spec::{Known, Length, Movie, Output, RuleAction};

/// Returns the keys of `media` and of `music` that have no effect, one warning for each.
pub(super) fn no_effect(db: &MovieDb, project: Project, movie: &Movie) -> Vec<Diagnostic> {
    let spans = &queries::parsed(db, project).spans;
    let mut found = Vec::new();
    for (index, rule) in movie.media.iter().enumerate() {
        let RuleAction::Take(known) = &rule.action else { continue };
        let at = |key: &str| spans.find(&format!("media[{index}].{key}"));
        let mut keys = clip_keys(known).peekable();
        if keys.peek().is_some() && takes_only_photos(db, project, index) {
            found.extend(keys.map(|key| {
                warning(format!("`{key}` has no effect on photos"), at(key))
                    .help(format!("remove `{key}`, or name a clip"))
            }));
        }
        found.extend(time_keys(known).into_iter().flatten().map(|key| {
            warning(format!("`{key}` has no effect beside `taken`"), at(key))
                .help(format!("remove `{key}` or `taken`"))
        }));
    }
    for output in &movie.outputs {
        for (key, message, help) in music_keys(output) {
            let place = |output: &Output| spans.for_output(output.name.as_str(), &key);
            let at = place(output);
            // Outputs share what they don't override; one of them may have a use for the key.
            let mut others = movie.outputs.iter().filter(|other| place(other) == at);
            let is_idle = others.all(|other| music_keys(other).iter().any(|(idle, ..)| *idle == key));
            let warning = warning(message.to_owned(), at).help(help);
            if is_idle && !found.contains(&warning) {
                found.push(warning);
            }
        }
    }
    found
}

fn warning(message: String, at: Option<Span>) -> Diagnostic {
    Diagnostic::warning(Code::NO_EFFECT, message).at(at, "changes nothing")
}

/// Whether the files that a rule includes are known, and all of them photos.
fn takes_only_photos(db: &MovieDb, project: Project, index: usize) -> bool {
    let taken = &queries::selection(db, project).taken;
    let mut of_rule = taken.iter().filter(|taken| taken.rule == index || taken.last_rule == index).peekable();
    let is_photo = |path| match queries::probe(db, db.media(path)) {
        Need::Ready(Ok(probe)) => probe.kind == MediaKind::Photo,
        _ => false,
    };
    of_rule.peek().is_some() && of_rule.all(|taken| is_photo(&taken.path))
}

/// Returns the keys of a rule that only clips have a use for.
fn clip_keys(known: &Known) -> impl Iterator<Item = &'static str> {
    let keys = [
        ("in", known.from.is_some()),
        ("out", known.to.is_some()),
        ("speed", known.speed.is_some()),
        ("steady", known.steady.is_some()),
        ("sound", known.sound.is_some()),
        ("audio", known.audio.is_some()),
    ];
    keys.into_iter().filter(|(_, is_set)| *is_set).map(|(key, _)| key)
}

/// Returns the keys of a rule that correct a recorded time, where it names the time itself.
fn time_keys(known: &Known) -> [Option<&'static str>; 2] {
    let Some(taken) = known.taken else { return [None, None] };
    let zone = known.zone.is_some() && taken.offset_min.is_some();
    [known.clock_s.map(|_| "clock"), zone.then_some("zone")]
}

/// Returns the keys of an output's music that have no effect: each with why and what to do.
fn music_keys(output: &Output) -> Vec<(String, &'static str, &'static str)> {
    let music = &output.settings.music;
    let mut found = Vec::new();
    let Some(last) = music.len().checked_sub(1) else { return found };
    if music[last].crossfade.is_some() && !music[last].is_loop {
        let message = "`crossfade` has no effect on the last track, after which no other one begins";
        let help = "remove it, add another track, or write `loop: true`";
        found.push((format!("music[{last}].crossfade"), message, help));
    }
    if music[last].is_loop && output.settings.duration == Length::Music {
        let message = "`loop` has no effect where the movie is as long as its music";
        let help = "set `duration` to a length, or remove `loop`";
        found.push((format!("music[{last}].loop"), message, help));
    }
    found
}
