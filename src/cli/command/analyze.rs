use std::path::PathBuf;

use serde_json::json;

use super::music_chart::draw_music;
use super::sheet::{Judged, Sheet};
use super::sheet_page::{page, pictures};
use crate::cli::args::Analyze;
use crate::cli::exit::Exit;
use crate::cli::facts_json::{facts_json, length_of};
use crate::cli::format::{clock, length};
use crate::cli::front::Front;
use crate::cli::session::{Session, spec_folder};
use crate::cli::sight_json::sight_line;
use crate::cli::written_file::replace;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_engine::{LooseMedium, demand_facts, list_media, with_beside};
use mmm_facts::{Decodability, Facts, MusicFacts, Probe};
use mmm_plan::{ClipWindow, best_windows, words};

/// Runs `mmm analyze`.
pub(in crate::cli) fn run(analyze: &Analyze, front: &Front) -> Exit {
    attempt(analyze, front).unwrap_or_else(|exit| exit)
}

fn attempt(analyze: &Analyze, front: &Front) -> Result<Exit, Exit> {
    let session = Session::start(front, &spec_folder("movie.yaml".as_ref()))?;
    let store = session.store()?;
    let (means, printer) = (&session.config.means, &session.printer);
    let files = listed(&analyze.files, &session)?;
    let found = demand_facts(&files, analyze.query.as_deref(), &store, means, &session.cancel, printer);
    let found = found.map_err(|stop| session.stopped(&stop, None))?;
    printer.done();
    let mut exit = Exit::Done;
    let mut charts = Vec::new();
    let mut sheet = Sheet::new(analyze.query.as_deref());
    for (file, result) in files.iter().zip(found) {
        let source = file.display().to_string();
        match result {
            Ok(LooseMedium { probe, facts, fits }) => {
                let (probe, warnings) = with_beside(file, probe);
                session.printer.diagnostics(&warnings, None);
                if analyze.query.is_some() || analyze.html.is_some() {
                    sheet.add(file, probe, facts, fits);
                    continue;
                }
                let facts_value = facts_json(&probe, &facts);
                printer.event(&json!({"source": source, "kind": probe.kind, "facts": facts_value}));
                printer.say(&format!("{source}\n{}", table(&probe, &facts)));
                charts.extend(match facts {
                    Facts::Music(music) if analyze.svg.is_some() || analyze.png.is_some() => {
                        Some((file, music))
                    }
                    _ => None,
                });
            }
            Err(error) => {
                exit = Exit::Failed;
                let reason = error.to_string();
                printer.event(&json!({"source": source, "kind": "unreadable", "facts": {"reason": reason}}));
                printer.say(&format!("{source}\n  unreadable: {reason}"));
            }
        }
    }
    if analyze.svg.is_some() || analyze.png.is_some() {
        chart(analyze, &charts, &session)?;
    }
    if analyze.query.is_some() || analyze.html.is_some() {
        show(&sheet.judged(), analyze, &session)?;
    }
    Ok(exit)
}

/// Returns the files to analyse: those that were named, and the media in the folders that were named.
fn listed(named: &[PathBuf], session: &Session) -> Result<Vec<PathBuf>, Exit> {
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let found = list_media(path, &session.config.means, &session.cancel);
        let found = found.map_err(|stop| session.stopped(&stop, None))?;
        session.printer.diagnostics(&found.warnings, None);
        files.extend(found.media.into_iter().map(|(inside, _)| path.join(inside)));
    }
    Ok(files)
}

/// Prints the media in their order, the best first, and writes the contact sheet.
fn show(media: &[Judged], analyze: &Analyze, session: &Session) -> Result<(), Exit> {
    let printer = &session.printer;
    for (index, judged) in media.iter().enumerate() {
        printer.event(&judged.json(index + 1));
        printer.say(&judged.line(index + 1));
    }
    let Some(path) = &analyze.html else { return Ok(()) };
    let pictures = pictures(media, session)?;
    let page = page(media, analyze.query.as_deref(), &pictures);
    replace(path, page.as_bytes()).map_err(|diagnostic| {
        printer.diagnostics(&[diagnostic], None);
        Exit::Failed
    })?;
    printer.say(&format!("wrote {}", path.display()));
    Ok(())
}

/// Draws the one piece of music among the files.
fn chart(analyze: &Analyze, charts: &[(&PathBuf, MusicFacts)], session: &Session) -> Result<(), Exit> {
    let drawn = match charts {
        [(file, music)] => draw_music(analyze, file, music, session),
        _ => {
            let message =
                format!("a chart shows exactly one piece of music, but {} were given", charts.len());
            let help = "name one piece of music with `--svg` and `--png`";
            Err(Diagnostic::error(Code::CLI_NO_CHART, message).help(help))
        }
    };
    let written = drawn.map_err(|diagnostic| {
        session.printer.diagnostics(&[diagnostic], None);
        Exit::Failed
    })?;
    for path in written {
        session.printer.say(&format!("wrote {}", path.display()));
    }
    Ok(())
}

/// Formats the most important facts for people, as a table.
fn table(probe: &Probe, facts: &Facts) -> String {
    let mut lines = Vec::new();
    let picture = probe.picture.as_ref().map(|p| format!("{}×{} {}", p.width, p.height, p.codec));
    let rate = probe.picture.as_ref().and_then(|p| p.rate);
    let rate = rate.map(|rate| format!("{:.2} fps", f64::from(rate.0) / f64::from(rate.1)));
    let head = [picture, rate, length_of(probe, facts).map(length), probe.camera.clone()];
    lines.push(head.into_iter().flatten().collect::<Vec<_>>().join(", "));
    lines.extend(probe.taken.map(|taken| {
        let when = clock(taken.local_s, taken.offset_min, taken.day_only);
        format!("taken {when} ({})", words::time_source(taken.source))
    }));
    lines.extend(words::said_lines(&probe.said));
    lines.extend(streams(probe));
    lines.extend(words::live_line(probe));
    match facts {
        Facts::Photo(photo) => {
            lines.push(look_line(&photo.look, &format!("{:?}", photo.issues)));
            let seen = photo.sight.as_deref().map(sight_line);
            lines.extend(seen.filter(|seen| !seen.is_empty()).map(|seen| format!("shows: {seen}")));
        }
        Facts::Clip(clip) => {
            lines.push(look_line(&clip.picture.look, &format!("{:?}", clip.picture.issues)));
            let shots = clip.picture.shots.len();
            let best = best_windows(clip, ClipWindow::USUAL).into_iter().take(3);
            let best: Vec<String> =
                best.map(|window| format!("{} to {}", length(window.start), length(window.end))).collect();
            let best = if best.is_empty() { String::new() } else { format!(", best {}", best.join(", ")) };
            lines.push(format!("motion {:?}, shots {shots}{best}", clip.picture.motion));
            let seen = clip.picture.sight.as_deref().map(sight_line);
            lines.extend(seen.filter(|seen| !seen.is_empty()).map(|seen| format!("shows: {seen}")));
        }
        Facts::Music(music) => {
            let tempo = f64::from(music.beat.tempo_milli_bpm) / 1000.0;
            let sure = music.beat.confidence.get() * 100.0;
            lines.push(format!(
                "{tempo:.1} beats per minute, {} beats, {sure:.0} % confidence",
                music.beat.beats.len()
            ));
            let Some(loudness) = music.form.loudness else { return indent(&lines) };
            lines.push(format!("{:.1} LUFS, mood {:?}", f64::from(loudness) / 100.0, music.form.vibe.mood));
        }
    }
    indent(&lines)
}

/// Lists the pictures and the sound tracks of a file that has several, or one that can't be decoded.
fn streams(probe: &Probe) -> Vec<String> {
    let mark = |is_chosen: bool, decodable: Decodability| match (is_chosen, decodable) {
        (true, _) => " (used)",
        (false, Decodability::Decodable) => "",
        (false, Decodability::Unsupported) => " (no decoder)",
        (false, Decodability::Empty) => " (empty)",
    };
    let pictures = probe
        .pictures
        .iter()
        .map(|p| format!("{} {}×{}{}", p.codec, p.width, p.height, mark(p.is_chosen, p.decodable)));
    let sounds =
        probe.sounds.iter().map(|track| format!("{track}{}", mark(track.is_chosen, track.decodable)));
    let listed = |name: &str, tracks: &mut dyn Iterator<Item = String>| {
        let numbered: Vec<String> =
            tracks.enumerate().map(|(index, track)| format!("{} {track}", index + 1)).collect();
        (!numbered.is_empty()).then(|| format!("{name}: {}", numbered.join(", ")))
    };
    [listed("pictures", &mut { pictures }), listed("sound tracks", &mut { sounds })]
        .into_iter()
        .flatten()
        .collect()
}

fn look_line(look: &mmm_facts::PictureQuality, issues: &str) -> String {
    let part = |name: &str, score: mmm_base::Score| format!("{name} {:.2}", score.get());
    let issues = if issues == "[]" { String::new() } else { format!(", {}", issues.to_lowercase()) };
    format!(
        "{}, {}, {}, {}, {}{issues}",
        part("aesthetic", look.aesthetic),
        part("sharpness", look.sharpness),
        part("exposure", look.exposure),
        part("contrast", look.contrast),
        part("colour", look.colourfulness),
    )
}

fn indent(lines: &[String]) -> String {
    lines.iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
