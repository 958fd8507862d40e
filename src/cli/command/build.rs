use std::time::Instant;

use serde_json::{Value, json};

use crate::cli::args::{Build, ProfileName};
use crate::cli::command::judgement::Judgement;
use crate::cli::command::size::{size_json, size_words};
use crate::cli::command::update::tell_lock;
use crate::cli::exit::Exit;
use crate::cli::format::{bytes, length, seconds};
use crate::cli::front::Front;
use crate::cli::session::{Session, output_index, spec_folder};
use mmm_base::MediaPath;
use mmm_engine::{Expected, LockUse, Report, Stop, Workspace};
use mmm_facts::Profile;

/// Runs `mmm build`.
pub(in crate::cli) fn run(build: &Build, front: &Front) -> Exit {
    let start = Instant::now();
    match attempt(build, front, start) {
        Ok(()) => Exit::Done,
        Err(exit) => exit,
    }
}

fn attempt(build: &Build, front: &Front, start: Instant) -> Result<(), Exit> {
    let session = Session::start(front, &spec_folder(&build.spec.path))?;
    let profile = match build.profile {
        ProfileName::Draft => Profile::Draft,
        ProfileName::Final => Profile::Final,
    };
    let mut workspace = session.workspace(&build.spec.path, profile)?;
    if build.freeze.locked || build.freeze.frozen {
        workspace.use_lock(LockUse::Locked);
    }
    let only = wanted(build, &workspace, &session)?;
    if build.dry_run {
        return dry_run(&mut workspace, &only, &session);
    }
    let report = match workspace.build(&only, &session.printer) {
        Ok(report) => report,
        Err(stop) => {
            let exit = session.stopped(&stop, Some(&workspace));
            if let Stop::Partly(report, _) = &stop {
                tell(report, &session, start.elapsed().as_secs_f64());
            }
            return Err(exit);
        }
    };
    session.printer.done();
    let source = (workspace.spec_path().to_owned(), workspace.spec_text());
    session.printer.diagnostics(&report.diagnostics, Some(&source));
    let took = start.elapsed().as_secs_f64();
    let judged = if build.gate.gate { Some(gate(&mut workspace, &report, &session)?) } else { None };
    tell(&report, &session, took);
    if report.ran > 0 {
        workspace.tidy(session.config.cache_limit);
    }
    match judged {
        Some(judged) => judged.pass(build.gate.junit.as_deref(), &session),
        None => Ok(()),
    }
}

/// Measures what was built. The events of the review come before the last event of the build.
fn gate(workspace: &mut Workspace, report: &Report, session: &Session) -> Result<Judgement, Exit> {
    let names: Vec<MediaPath> = report.outputs.iter().map(|output| output.name.clone()).collect();
    let judged = Judgement::of(workspace, &names, session)?;
    judged.events(session);
    Ok(judged)
}

/// Returns the outputs requested by name. Empty for a spec with errors, which are reported later.
fn wanted(build: &Build, workspace: &Workspace, session: &Session) -> Result<Vec<MediaPath>, Exit> {
    if workspace.movie().is_none() {
        return Ok(Vec::new());
    }
    let named = build.output.iter();
    named.map(|name| output_index(workspace, Some(name), session).map(|(_, name)| name)).collect()
}

/// Returns the last event of a build.
pub(super) fn report_event(report: &Report, took: f64) -> Value {
    let outputs = report.outputs.iter().map(|output| {
        let pictures = output.pictures.iter();
        let pictures = pictures.map(|picture| json!({"path": picture.path, "digest": picture.digest}));
        json!({
            "name": output.name,
            "path": output.path,
            "digest": output.digest,
            "frames": output.frames,
            "duration": output.duration,
            "bytes": output.bytes,
            "pictures": pictures.collect::<Vec<_>>(),
            "subtitles": output.subtitles.as_ref().map(|file| json!({"path": file.path, "digest": file.digest})),
            "size": output.size.as_ref().map(size_json),
        })
    });
    json!({
        "event": "finished",
        "outputs": outputs.collect::<Vec<_>>(),
        "actions": {"run": report.ran, "cached": report.cached, "remote": 0},
        "seconds": took,
    })
}

fn tell(report: &Report, session: &Session, took: f64) {
    session.printer.event(&report_event(report, took));
    for output in &report.outputs {
        let (name, path) = (&output.name, output.path.display());
        session.printer.say(&if output.written {
            format!("{name}: {}, {}\n  {path}", length(output.duration), bytes(output.bytes))
        } else {
            format!("{name} is up to date ({})", seconds(took))
        });
        if let Some(size) = output.size.as_ref().filter(|_| output.written) {
            session.printer.say(&format!("  {}", size_words(size)));
        }
        for picture in output.pictures.iter().chain(&output.subtitles).filter(|picture| picture.written) {
            session.printer.say(&format!("  {}, {}", picture.path.display(), bytes(picture.bytes)));
        }
    }
    if let Some(lock) = &report.lock {
        tell_lock(lock, session);
    }
    let written = report.outputs.iter().any(|output| output.written);
    if written {
        let steps = report.steps.iter().map(|step| format!("{} {}", step.name, seconds(step.seconds)));
        let steps: Vec<String> = steps.collect();
        let (ran, cached) = (report.ran, report.cached);
        session.printer.say(&format!(
            "  {} in total: {}; {ran} actions run, {cached} from the cache",
            seconds(took),
            steps.join(", ")
        ));
    }
}

/// Prints what a build would do.
fn dry_run(workspace: &mut Workspace, only: &[MediaPath], session: &Session) -> Result<(), Exit> {
    let forecast = workspace.forecast(only, &session.printer);
    let forecast = forecast.map_err(|stop| session.stopped(&stop, Some(workspace)))?;
    session.printer.done();
    let source = (workspace.spec_path().to_owned(), workspace.spec_text());
    session.printer.diagnostics(&forecast.diagnostics, Some(&source));
    for Expected { task, file, reason, seconds: took } in &forecast.actions {
        let (kind, key) = (task.action.declaration().name, task.key);
        session.printer.event(&json!({
            "event": "would-run", "kind": kind, "key": key.to_string(), "file": file, "reason": reason,
            "seconds": took,
        }));
        let took = took.map_or_else(|| "?".to_owned(), seconds);
        session.printer.say(&format!("{kind:<12} {} {took:>7}  {reason}", key.0.short()));
    }
    let known: f64 = forecast.actions.iter().filter_map(|expected| expected.seconds).sum();
    let wall = known / session.config.means.pool.jobs() as f64;
    let timed = forecast.actions.iter().all(|expected| expected.seconds.is_some());
    session.printer.event(&json!({
        "event": "forecast", "run": forecast.actions.len(), "cached": forecast.cached,
        "complete": forecast.complete, "seconds": timed.then_some(wall),
    }));
    let more = if forecast.complete { "" } else { ", more once the plan is known" };
    let time =
        if timed { format!("about {}", seconds(wall)) } else { "unknown without earlier runs".to_owned() };
    session.printer.say(&match forecast.actions.len() {
        0 => format!("nothing to run; {} from the cache", forecast.cached),
        run => format!("{run} to run{more}, {} from the cache; time: {time}", forecast.cached),
    });
    Ok(())
}
