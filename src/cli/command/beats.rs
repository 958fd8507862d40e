use crate::cli::args::Beats;
use crate::cli::exit::Exit;
use crate::cli::facts_json::beats_json;
use crate::cli::format::length;
use crate::cli::front::Front;
use crate::cli::session::{Session, spec_folder};
use crate::cli::written_file::write_new;
use mmm_base::diagnostics::{Code, Diagnostic, unwritable};
use mmm_engine::{LooseMedium, demand_facts};
use mmm_exec::ExecError;
use mmm_facts::{Beat, Facts, MusicFacts};
use mmm_spec::{ListedBeat, write_beats};

/// Runs `mmm beats`.
pub(in crate::cli) fn run(beats: &Beats, front: &Front) -> Exit {
    attempt(beats, front).map_or_else(|exit| exit, |()| Exit::Done)
}

fn attempt(beats: &Beats, front: &Front) -> Result<(), Exit> {
    let session = Session::start(front, &spec_folder("movie.yaml".as_ref()))?;
    let store = session.store()?;
    let files = std::slice::from_ref(&beats.file);
    let means = &session.config.means;
    let found = demand_facts(files, None, &store, means, &session.cancel, &session.printer);
    let found = found.map_err(|stop| session.stopped(&stop, None))?;
    session.printer.done();
    let fail = |code, message: String| {
        session.printer.diagnostics(&[Diagnostic::error(code, message)], None);
        Exit::Failed
    };
    let music = match found.into_iter().next() {
        Some(Ok(LooseMedium { facts: Facts::Music(music), .. })) => music,
        Some(Err(error)) => {
            return Err(fail(
                Code::MUSIC_UNREADABLE,
                format!("the music `{}` can't be read: {error}", beats.file.display()),
            ));
        }
        _ => {
            let message = format!("`{}` is not a piece of music", beats.file.display());
            return Err(fail(Code::MUSIC_UNREADABLE, message));
        }
    };
    session.printer.event(&beats_json(&music));
    session.printer.say(&table(&music));
    if let Some(out) = &beats.list {
        write_new(out, list(&music).as_bytes()).map_err(|diagnostic| {
            session.printer.diagnostics(&[diagnostic], None);
            Exit::Failed
        })?;
        session.printer.say(&format!("wrote beats: {}", out.display()));
    }
    if let Some(out) = &beats.click {
        if out.exists() {
            let message = format!("`{}` already exists", out.display());
            return Err(fail(Code::OUTPUT_NOT_OURS, message));
        }
        let times: Vec<_> =
            music.beat.beats.iter().map(|beat| (beat.time, beat.position == Some(1))).collect();
        let written = front.worker.write_clicks(&beats.file, &times, out, &session.cancel);
        written.map_err(|error| {
            let diagnostic = match error {
                ExecError::Io(error) => unwritable(out, &error),
                other => {
                    let message = format!("the click track `{}` can't be written: {other}", out.display());
                    Diagnostic::error(Code::RENDER_FAILED, message)
                }
            };
            session.printer.diagnostics(&[diagnostic], None);
            Exit::Failed
        })?;
        session.printer.say(&format!("wrote clicks: {}", out.display()));
    }
    Ok(())
}

/// Writes the beats as a list that a spec can refer to.
fn list(music: &MusicFacts) -> String {
    let listed = |beat: &Beat| ListedBeat { time: beat.time, place: beat.position };
    write_beats(&music.beat.beats.iter().map(listed).collect::<Vec<ListedBeat>>())
}

fn table(music: &MusicFacts) -> String {
    let tempo = f64::from(music.beat.tempo_milli_bpm) / 1000.0;
    let mut lines = vec![format!(
        "{}, {tempo:.1} beats per minute, {} beats, {:.0} % confidence",
        length(music.form.duration),
        music.beat.beats.len(),
        music.beat.confidence.get() * 100.0
    )];
    for section in &music.form.sections {
        let kind = format!("{:?}", section.kind).to_lowercase();
        lines.push(format!(
            "  {:>8} to {:>8}  {} {kind}",
            length(section.start),
            length(section.end),
            section.label
        ));
    }
    lines.join("\n")
}
