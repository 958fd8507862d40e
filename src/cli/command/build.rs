use std::collections::BTreeSet;
use std::time::Instant;

use serde_json::json;

use crate::base::MediaPath;
use crate::cli::args::{Build, Common, ProfileName};
use crate::cli::exit::Exit;
use crate::cli::format::{bytes, length, seconds};
use crate::cli::session::{Session, output_index, spec_folder};
use crate::engine::{Report, Workspace};
use crate::timeline::Profile;

/// `mmm build`
pub(in crate::cli) fn run(build: &Build, common: &Common) -> Exit {
    let start = Instant::now();
    match attempt(build, common, start) {
        Ok(()) => Exit::Done,
        Err(exit) => exit,
    }
}

fn attempt(build: &Build, common: &Common, start: Instant) -> Result<(), Exit> {
    let session = Session::start(common, &spec_folder(&build.spec.path))?;
    let profile = match build.profile {
        ProfileName::Draft => Profile::Draft,
        ProfileName::Final => Profile::Final,
    };
    let mut workspace = session.workspace(&build.spec.path, profile)?;
    let only = wanted(build, &workspace, &session)?;
    let report = match workspace.build(&only, &session.printer) {
        Ok(report) => report,
        Err(stop) => return Err(session.stopped(&stop, Some(&workspace))),
    };
    session.printer.done();
    let source = (workspace.spec_path().to_owned(), workspace.spec_text());
    session.printer.diagnostics(&report.diagnostics, Some(&source));
    let took = start.elapsed().as_secs_f64();
    tell(&report, &session, took);
    if report.ran > 0 {
        tidy(workspace, &session);
    }
    Ok(())
}

/// The outputs that were asked for by name. A spec with errors has none, and is complained of later.
fn wanted(build: &Build, workspace: &Workspace, session: &Session) -> Result<Vec<MediaPath>, Exit> {
    if workspace.movie().is_none() {
        return Ok(Vec::new());
    }
    let named = build.output.iter();
    named.map(|name| output_index(workspace, Some(name), session).map(|(_, name)| name)).collect()
}

fn tell(report: &Report, session: &Session, took: f64) {
    let outputs = report.outputs.iter().map(|output| {
        json!({
            "name": output.name,
            "path": output.path,
            "digest": output.digest,
            "frames": output.frames,
            "duration": output.duration,
        })
    });
    session.printer.event(&json!({
        "event": "finished",
        "outputs": outputs.collect::<Vec<_>>(),
        "actions": {"run": report.ran, "cached": report.cached, "remote": 0},
        "seconds": took,
    }));
    for output in &report.outputs {
        let (name, path) = (&output.name, output.path.display());
        session.printer.say(&if output.written {
            format!("{name}: {}, {}\n  {path}", length(output.duration), bytes(output.bytes))
        } else {
            format!("{name} is up to date ({})", seconds(took))
        });
    }
    let written = report.outputs.iter().any(|output| output.written);
    if written {
        let steps = report.steps.iter().map(|step| format!("{} {}", step.name, seconds(step.seconds)));
        let steps: Vec<String> = steps.collect();
        let (ran, cached) = (report.ran, report.cached);
        session.printer.say(&format!(
            "  {} in all: {}; {ran} made, {cached} from the cache",
            seconds(took),
            steps.join(", ")
        ));
    }
}

/// Brings the cache below its limit, unless another build uses it. What this build made goes last.
fn tidy(workspace: Workspace, session: &Session) {
    let store = workspace.into_store();
    if store.stats().bytes > session.config.cache_limit {
        store.collect(session.config.cache_limit, &BTreeSet::new()).ok();
    }
}
