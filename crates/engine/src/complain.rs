//! Turns problems into diagnostics that point into the spec.

use std::collections::BTreeMap;
use std::path::Path;

use super::db::{Db, FileState, MovieDb, Project};
use super::endings::{is_picture_name, is_stray};
use super::filters::filter_complaints;
use super::fingerprint::listing;
use super::lettering::undrawn;
use super::listed::{Listed, Passed};
use super::live_photos::unplayable;
use super::music_warnings::{bars_outside, ends_early, unheard};
use super::need::Need;
use super::no_effect::no_effect;
use super::on_disk::OnDisk;
use super::partly_read::partly_read;
use super::queries::{self, Examined, Unusable};
use super::recorded::time_remarks;
use super::sidecar_warnings::unused_sidecars;
use super::sound_tracks;
use super::unmatched::Rules;
use super::unusable_files::{
    MISSING, media_code, not_music, useless, useless_beats, useless_cube, useless_track,
};
use mmm_base::diagnostics::{Code, Diagnostic, io_words, is_disk_full};
use mmm_base::{Cancel, Digest, MediaPath, Score, Span, Time};
use mmm_exec::{Action, ExecError};
use mmm_facts::{Conflict, ConflictKind};
use mmm_facts::{EditPlan, Facts, Timeline};
use mmm_facts::{MediaError, MediaKind, TimeRemark};
use mmm_plan::words::{self, ConflictText, TimeText};
use mmm_spec::{CutOn, Length, Movie, Output, Parsed, Taken, select, time_text};

/// Returns what is wrong with the media, the music and the plans of a spec that parses without errors.
pub(super) fn complaints(db: &MovieDb, project: Project, passed: &Passed, folder: &Path) -> Vec<Diagnostic> {
    let Some(movie) = queries::movie(db, project) else { return Vec::new() };
    let spans = &queries::parsed(db, project).spans;
    let (listing, selection) = (project.listing(db), queries::selection(db, project));
    let mut found = Rules { movie, spans, listing, selection, passed, folder }.complaints();
    for taken in queries::shown(db, project) {
        found.extend(medium(db, project, taken));
        found.extend(sound_tracks::clip(db, project, taken));
    }
    found.extend(filter_complaints(db, project, movie));
    found.extend(unused_sidecars(db, project));
    found.extend(no_effect(db, project, movie));
    found.extend(undrawn(db, project, movie));
    found.extend(cubes(db, project, movie, folder));
    let mut tracks: Vec<Diagnostic> = Vec::new();
    for (index, _) in movie.outputs.iter().enumerate() {
        let songs = sound_tracks::songs(db, project, movie, index);
        let songs = songs.into_iter().chain(bars_outside(db, project, movie, index));
        let songs = songs.chain(unheard(db, project, movie, index));
        for diagnostic in music(db, project, movie, folder, index).into_iter().chain(songs) {
            if !tracks.contains(&diagnostic) {
                tracks.push(diagnostic);
            }
        }
    }
    found.extend(tracks);
    found.extend(odd_times(db, project, movie));
    for (index, _) in movie.outputs.iter().enumerate() {
        if let Some(length) = length(db, project, movie, index) {
            found.extend(too_long(db, project, movie, index, length));
            found.extend(too_short(db, project, movie, index, length));
        }
        found.extend(ends_early(db, project, movie, index));
        for diagnostic in unrendered(db, project, folder, index) {
            if !found.contains(&diagnostic) {
                found.push(diagnostic);
            }
        }
    }
    found
}

/// Returns the media that turned out to be undecodable when an output was rendered, now or by an earlier build, and
/// why there is no plan of it, if there is none.
pub(super) fn unrendered(db: &MovieDb, project: Project, folder: &Path, index: usize) -> Vec<Diagnostic> {
    let Some(movie) = queries::movie(db, project) else { return Vec::new() };
    let content = |path: &MediaPath| match db.media(path).state(db) {
        FileState::Read(source) => Some(*source),
        _ => None,
    };
    let avoided = |path: &MediaPath| queries::avoided(db, project, index).media.get(&content(path)?).cloned();
    // Where the lock avoids a medium, it isn't rendered again.
    let known = |path: &MediaPath| {
        db.damage_of(content(path)?)?.error.filter(|_| {
            let plan = queries::edit_plan(db, project, index);
            let without = |plan: &EditPlan| plan.shots.iter().all(|shot| shot.source.path != *path);
            matches!(plan, Need::Ready(Some(Ok(plan))) if without(plan))
        })
    };
    let mut found = Vec::new();
    for taken in queries::shown(db, project) {
        if let Some(error) = avoided(&taken.path).or_else(|| known(&taken.path)) {
            let at = span(db, project, &format!("media[{}]", taken.last_rule));
            let unusable = Unusable::Content(error);
            found.push(useless(&taken.path, &unusable, taken.known.required).at(at, "included here"));
        }
    }
    let spans = &queries::parsed(db, project).spans;
    if let Some(output) = movie.outputs.get(index) {
        for (at, track) in output.settings.music.iter().enumerate() {
            if let Some(error) = avoided(&track.path) {
                let at = spans.for_output(output.name.as_str(), &format!("music[{at}]"));
                let track = useless_track(&track.path, &Unusable::Content(error), folder);
                found.push(track.at(at, "this track"));
            }
        }
    }
    match queries::edit_plan(db, project, index) {
        Need::Ready(Some(Err(conflict))) => found.push(conflicting(db, project, movie, index, conflict)),
        Need::Missing(_) if shows_nothing(db, project) => {
            found.push(conflicting(db, project, movie, index, &Conflict::NothingToShow));
        }
        _ => {}
    }
    found
}

/// Whether the headers of all media say that there is no picture in them.
fn shows_nothing(db: &MovieDb, project: Project) -> bool {
    queries::shown(db, project).all(|taken| match queries::probe(db, db.media(&taken.path)) {
        Need::Ready(Ok(probe)) => probe.kind == MediaKind::Music,
        Need::Ready(Err(_)) => true,
        Need::Missing(_) => false,
    })
}

fn span(db: &MovieDb, project: Project, path: &str) -> Option<Span> {
    queries::parsed(db, project).spans.find(path)
}

/// Returns the files that a spec with errors names and that don't exist, as far as it can be read.
pub(super) fn missing_files(parsed: &Parsed, spec: &Path, folder: &Path, cancel: &Cancel) -> Vec<Diagnostic> {
    let Some(movie) = &parsed.partial else { return Vec::new() };
    let Listed { files: listing, passed } = listing(spec, folder, movie, cancel);
    let mut selection = select(movie, &listing);
    // A listing leaves out the files that the movie writes; that one of them is an input is another mistake.
    selection.unmatched.retain(|index| !folder.join(&movie.media[*index].pattern).is_file());
    let (spans, passed) = (&parsed.spans, &passed);
    let mut found =
        Rules { movie, spans, listing: &listing, selection: &selection, passed, folder }.complaints();
    // Outputs inherit files, each of which is reported once.
    let mut report = |missing: Diagnostic| {
        if !found.contains(&missing) {
            found.push(missing);
        }
    };
    let disk = OnDisk::new(folder);
    let is_missing = |path: &MediaPath| !disk.place(path).exists();
    for Output { name, settings, .. } in &movie.outputs {
        let span = |key: &str| parsed.spans.for_output(name.as_str(), key);
        for (index, track) in settings.music.iter().enumerate() {
            if is_missing(&track.path) {
                let missing = useless_track(&track.path, &Unusable::Missing, folder);
                report(missing.at(span(&format!("music[{index}]")), "this track"));
            }
            if let Some(file) = track.beats.file.as_ref().filter(|file| is_missing(file)) {
                let missing = useless_beats(file, MISSING, folder);
                report(missing.at(span(&format!("music[{index}].beats")), "this list"));
            }
        }
        if let Some(path) = settings.style.cube.as_ref().filter(|path| is_missing(path)) {
            report(useless_cube(path, MISSING, folder).at(span("style.look"), "this table"));
        }
    }
    found
}

/// Returns why a medium can't be in the movie, if there is a problem.
fn medium(db: &MovieDb, project: Project, taken: &Taken) -> Option<Diagnostic> {
    let file = db.media(&taken.path);
    let at = span(db, project, &format!("media[{}]", taken.last_rule));
    let result = match (queries::seen(db, project, taken), queries::probe(db, file)) {
        (Need::Ready(result), _) => result.as_ref().map(|examined| (examined.probe.kind, Some(examined))),
        // The headers already say that there is no picture.
        (Need::Missing(_), Need::Ready(Ok(probe))) => Ok((probe.kind, None)),
        _ => return None,
    };
    match result {
        // A song among the photos is no mistake; a clip without a picture is.
        Ok((MediaKind::Music, _)) if taken.named || is_picture_name(&taken.path) => {
            let message = format!("`{}` has no picture", taken.path);
            Some(
                Diagnostic::warning(Code::MEDIA_NO_PICTURE, message)
                    .at(at, "contains only sound")
                    .help("list it under `music`"),
            )
        }
        // A song among the photos isn't used.
        Ok((MediaKind::Music, _)) => None,
        Ok((_, examined)) => {
            let examined = examined?;
            let warning = partly_read(&taken.path, examined);
            let warning = warning.or_else(|| unplayable(db, project, taken, &examined.probe));
            warning.map(|warning| warning.at(at, "included here"))
        }
        Err(unusable) => {
            let stray =
                !taken.named && matches!(unusable, Unusable::Content(error) if is_stray(&taken.path, error));
            // The camera's JPEG beside a raw photo is the same picture.
            let spare = matches!(unusable, Unusable::Content(MediaError::RawPhoto { .. }))
                && !taken.named
                && !taken.known.required
                && has_rendition(db, project, &taken.path);
            (!stray && !spare)
                .then(|| useless(&taken.path, unusable, taken.known.required).at(at, "included here"))
        }
    }
}

/// Whether a photo that can be shown has the same name, except for its ending, in the same folder.
fn has_rendition(db: &MovieDb, project: Project, path: &MediaPath) -> bool {
    let stem = |path: &MediaPath| path.as_str().rsplit_once('.').map(|(stem, _)| stem.to_lowercase());
    let is_photo = |other: &Taken| match queries::seen(db, project, other) {
        Need::Ready(Ok(examined)) => examined.probe.kind == MediaKind::Photo,
        _ => false,
    };
    queries::shown(db, project)
        .any(|other| other.path != *path && stem(&other.path) == stem(path) && is_photo(other))
}

/// Beats with less confidence than this get a warning.
const UNSURE: Score = Score::HALF;

/// Returns what is wrong with the music of an output.
fn music(db: &MovieDb, project: Project, movie: &Movie, folder: &Path, output: usize) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let Some(output) = movie.outputs.get(output) else { return found };
    for (index, track) in output.settings.music.iter().enumerate() {
        let spans = &queries::parsed(db, project).spans;
        let at = spans.for_output(output.name.as_str(), &format!("music[{index}]"));
        let file = db.media(&track.path);
        if let Need::Ready(Ok(probe)) = queries::probe(db, file)
            && probe.kind != MediaKind::Music
        {
            found.push(not_music(&track.path, probe).at(at, "this track"));
            continue;
        }
        let Need::Ready(result) = queries::heard(db, track) else { continue };
        let why = match result {
            Ok(examined @ Examined { facts: Facts::Music(facts), .. }) => {
                found.extend(partly_read(&track.path, examined).map(|damaged| damaged.at(at, "this track")));
                let meant = output.settings.constraints.cut_on == CutOn::Free;
                if let Some(file) = &track.beats.file {
                    let at = spans.for_output(output.name.as_str(), &format!("music[{index}].beats"));
                    found.extend(beats_list(db, project, file, folder).map(|bad| bad.at(at, "this list")));
                } else if facts.beat.beats.is_empty() && !meant {
                    let message = format!("no beats were found in `{}`", track.path);
                    let warning = Diagnostic::warning(Code::MUSIC_NO_BEATS, message);
                    found.push(warning.at(at, "cuts fall on a steady grid"));
                } else if facts.beat.confidence < UNSURE && !meant && track.beats.says_nothing() {
                    let sure = facts.beat.confidence.get() * 100.0;
                    let message =
                        format!("the beats of `{}` have a confidence of only {sure:.0} %", track.path);
                    let help = format!(
                        "listen with `mmm beats {} --click out.wav`; then shift or multiply the beats with \
                         `beats:`, or name your own list there",
                        track.path
                    );
                    let warning = Diagnostic::warning(Code::MUSIC_UNSURE, message).help(help);
                    found.push(warning.at(at, "cuts may miss the beat"));
                }
                continue;
            }
            Ok(_) => &Unusable::Closed("it is not a piece of music".to_owned()),
            Err(unusable) => unusable,
        };
        found.push(useless_track(&track.path, why, folder).at(at, "this track"));
    }
    found
}

/// Reports capture times that a wrong clock would explain.
fn odd_times(db: &MovieDb, project: Project, movie: &Movie) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for (index, _) in movie.outputs.iter().enumerate() {
        for remark in time_remarks(db, project, index) {
            let TimeText { message, label, help } = words::time_remark(remark);
            let (code, at) = match remark {
                TimeRemark::UnknownCamera { name, .. } => {
                    (Code::MEDIA_UNKNOWN_CAMERA, span(db, project, &format!("cameras.{name}")))
                }
                TimeRemark::YearsAway { media, .. } => {
                    (Code::MEDIA_ODD_TIME, included(db, project, &media[0]))
                }
                TimeRemark::AloneInChapter { path, .. } => {
                    (Code::MEDIA_ODD_TIME, included(db, project, path))
                }
                TimeRemark::NeverTogether { .. } => (Code::MEDIA_ODD_TIME, span(db, project, "media")),
            };
            let warning = Diagnostic::warning(code, message).at(at, label).help(help);
            if !found.contains(&warning) {
                found.push(warning);
            }
        }
    }
    found
}

/// Returns the place of the rule that includes a medium.
fn included(db: &MovieDb, project: Project, path: &MediaPath) -> Option<Span> {
    let taken = queries::selection(db, project).taken.iter().find(|taken| taken.path == *path)?;
    span(db, project, &format!("media[{}]", taken.last_rule))
}

/// Reports the colour tables that can't be used.
fn cubes(db: &MovieDb, project: Project, movie: &Movie, folder: &Path) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for output in &movie.outputs {
        let Some(path) = &output.settings.style.cube else { continue };
        let Some(Err(reason)) = project.cubes(db).get(path) else { continue };
        let at = queries::parsed(db, project).spans.for_output(output.name.as_str(), "style.look");
        let bad = useless_cube(path, reason, folder).at(at, "this table");
        if !found.contains(&bad) {
            found.push(bad);
        }
    }
    found
}

/// Returns what is wrong with a list of beats.
fn beats_list(db: &MovieDb, project: Project, file: &MediaPath, folder: &Path) -> Option<Diagnostic> {
    let reason = match project.beats(db).get(file) {
        Some(Ok(beats)) if beats.is_empty() => "it contains no beats",
        Some(Err(reason)) => reason,
        _ => return None,
    };
    Some(useless_beats(file, reason, folder))
}

/// Returns how long an output is, as far as that is known: by its plan, or before that by the spec.
fn length(db: &MovieDb, project: Project, movie: &Movie, output: usize) -> Option<Time> {
    match (queries::edit_plan(db, project, output), movie.outputs.get(output)?.settings.duration) {
        (Need::Ready(Some(Ok(plan))), _) => Some(plan.length),
        (Need::Missing(_), Length::Exact(length)) => Some(length),
        _ => None,
    }
}

/// Reports a movie that is longer than the place accepts where it will be shown.
fn too_long(
    db: &MovieDb,
    project: Project,
    movie: &Movie,
    output: usize,
    length: Time,
) -> Option<Diagnostic> {
    let Output { name, settings, .. } = movie.outputs.get(output)?;
    let target = settings.target?;
    let longest = target.longest().filter(|longest| length > *longest)?;
    let (spans, long) = (&queries::parsed(db, project).spans, time_text(length));
    let most = time_text(longest);
    let message = format!("`{name}` lasts {long}, but {} takes at most {most}", target.name());
    let named = spans.for_output(name.as_str(), "duration");
    Some(
        Diagnostic::error(Code::OUTPUT_TOO_LONG, message)
            .at(spans.for_output(name.as_str(), "for"), format!("at most {most}"))
            .at(named, "the length")
            .help(format!("write `duration: {most}` or less below this output")),
    )
}

/// Warns about a movie that is shorter than the place accepts where it will be shown. The file is still useful
/// elsewhere, and the media may not suffice for more.
fn too_short(
    db: &MovieDb,
    project: Project,
    movie: &Movie,
    output: usize,
    length: Time,
) -> Option<Diagnostic> {
    let Output { name, settings, .. } = movie.outputs.get(output)?;
    let target = settings.target?;
    let shortest = target.shortest().filter(|shortest| length < *shortest)?;
    let (spans, short) = (&queries::parsed(db, project).spans, time_text(length));
    let least = time_text(shortest);
    let message = format!("`{name}` lasts {short}, but {} takes at least {least}", target.name());
    Some(
        Diagnostic::warning(Code::TARGET_LIMIT, message)
            .at(spans.for_output(name.as_str(), "for"), format!("at least {least}"))
            .help(format!("write `duration: {least}` or more below this output")),
    )
}

/// Reports a conflict, with the lines of the spec that contradict each other.
fn conflicting(
    db: &MovieDb,
    project: Project,
    movie: &Movie,
    output: usize,
    conflict: &Conflict,
) -> Diagnostic {
    let code = match conflict.kind() {
        ConflictKind::NoMedia => Code::PLAN_NO_MEDIA,
        ConflictKind::TooLittle => Code::PLAN_TOO_LITTLE,
        ConflictKind::TooMuch => Code::PLAN_TOO_MUCH,
        ConflictKind::Medium => Code::PLAN_MEDIUM,
        ConflictKind::Music => Code::PLAN_MUSIC,
        ConflictKind::People => Code::PLAN_PEOPLE,
    };
    let several = movie.outputs.len() > 1;
    let name = movie.outputs.get(output).map(|output| output.name.as_str()).unwrap_or_default();
    let ConflictText { message, places, help } = words::conflict(conflict);
    let message = if several { format!("`{name}`: {message}") } else { message };
    let spans = &queries::parsed(db, project).spans;
    let mut diagnostic = Diagnostic::error(code, message).help(help);
    for (place, text) in places {
        diagnostic = diagnostic.at(spans.for_output(name, &place), text);
    }
    diagnostic
}

/// Reports an action that failed.
pub(super) fn failure(db: &MovieDb, project: Project, action: &Action, error: &ExecError) -> Diagnostic {
    let source = match error {
        ExecError::SourceChanged(source) => Some(*source),
        ExecError::Source { source_digest, .. } => Some(*source_digest),
        _ => None,
    };
    let path = source.and_then(|source| path_of(db, project, source));
    let what = path.map_or_else(|| action.declaration().name.to_owned(), |path| format!("`{path}`"));
    match error {
        ExecError::SourceChanged(_) => {
            let message = format!("{what} changed or disappeared during the build");
            Diagnostic::error(Code::MEDIA_CHANGED, message)
                .help("build again once the file no longer changes")
        }
        ExecError::Source { error, .. } => unreadable(&what, error),
        ExecError::Model(error) => model_failure(error),
        ExecError::ImageText(error) => image_text_failure(error),
        ExecError::Io(error) if is_disk_full(error) => {
            let message = format!("{what} can't be processed: {}", io_words(error));
            Diagnostic::error(Code::OUTPUT_DISK_FULL, message).help("free space on the disk, and build again")
        }
        other => Diagnostic::error(Code::RENDER_FAILED, format!("{what} can't be processed: {other}")),
    }
}

/// Reports a file that can't be read although the movie can't do without it.
fn unreadable(what: &str, error: &MediaError) -> Diagnostic {
    Diagnostic::error(media_code(error), format!("{what} can't be read to the end: {error}"))
        .help("repair or replace the file, or exclude it with a `!` rule")
}

/// Reports the files that a finished plan still needs although they can't be decoded. Media are planned
/// around, so these are files that the spec names, such as a colour table.
pub(super) fn undecodable(db: &MovieDb, project: Project, timeline: &Timeline) -> Vec<Diagnostic> {
    let damage = queries::damage(db, timeline).map(|damage| damage.unreadable).unwrap_or_default();
    let name =
        |source| path_of(db, project, source).map_or_else(|| "a file".into(), |path| format!("`{path}`"));
    damage.iter().map(|(source, error)| unreadable(&name(*source), error)).collect()
}

/// Reports a model that can't be run. Built-in models don't fail.
pub(super) fn model_failure(error: &str) -> Diagnostic {
    Diagnostic::error(Code::MODEL_BAD, error)
        .help("pass `--beat-model` a folder with Beat This! as ONNX, or build without `--beat-model`")
}

/// Reports a model of the user's own for pictures and texts that can't be used.
pub(super) fn image_text_failure(error: &str) -> Diagnostic {
    Diagnostic::error(Code::MODEL_CLIP, error).help(
        "pass `--clip` a folder with a pair like CLIP as ONNX (`image.onnx`, `text.onnx`) and its \
         `tokenizer.json`, or build without `--clip`; docs/models.md says what they must take and give",
    )
}

/// Reports a pair of models whose embeddings can't be compared, if a prompt needs it.
pub(super) fn no_pair(db: &MovieDb, project: Project) -> Option<Diagnostic> {
    let outputs = queries::movie(db, project).as_ref().map_or(0, |movie| movie.outputs.len());
    (0..outputs).find_map(|index| match queries::prompt_fits(db, project, index) {
        Need::Ready(Err(widths)) => Some(other_spaces(*widths)),
        _ => None,
    })
}

/// Returns the diagnostic for embeddings of these numbers of values.
pub(super) fn other_spaces((picture, text): (usize, usize)) -> Diagnostic {
    image_text_failure(&format!(
        "the model for pictures gives {picture} values and the one for texts {text}, so they are no pair"
    ))
}

/// Returns the path of the file with this content.
pub(super) fn path_of(db: &MovieDb, project: Project, source: Digest) -> Option<MediaPath> {
    files_by_content(db, project).remove(&source)
}

/// Returns the files of the movie by their content; of two files with the same content, the first that the spec
/// includes.
pub(super) fn files_by_content(db: &MovieDb, project: Project) -> BTreeMap<Digest, MediaPath> {
    let mut files = BTreeMap::new();
    let Some(movie) = queries::movie(db, project) else { return files };
    let tracks = movie.outputs.iter().flat_map(|output| &output.settings.music).map(|track| &track.path);
    let taken = queries::selection(db, project).taken.iter().map(|taken| &taken.path);
    for path in taken.chain(tracks) {
        if let FileState::Read(digest) = db.media(path).state(db) {
            files.entry(*digest).or_insert_with(|| path.clone());
        }
    }
    files
}
