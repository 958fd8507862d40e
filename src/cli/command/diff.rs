use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::update::tell_changes;
use crate::cli::args::{Common, Diff as Args};
use crate::cli::exit::Exit;
use crate::cli::session::{Session, planned, spec_folder};
use crate::diagnostics::{Code, Diagnostic, io_words};
use crate::lock::{Lock, LockedOutput, diff};
use crate::timeline::Profile;

/// `mmm diff`
pub(in crate::cli) fn run(args: &Args, common: &Common) -> Exit {
    attempt(args, common).map_or_else(|exit| exit, |()| Exit::Done)
}

fn attempt(args: &Args, common: &Common) -> Result<(), Exit> {
    let session = Session::start(common, &spec_folder(Path::new("movie.yaml")))?;
    let (before, after) = (cut(&args.before, args, &session)?, cut(&args.after, args, &session)?);
    session.printer.done();
    let mut outputs = Vec::new();
    for now in &after.outputs {
        let Some(was) = before.outputs.iter().find(|output| output.name == now.name) else {
            session.printer.say(&format!("  {}: new", now.name));
            outputs.push(json!({"name": now.name, "shots": [0, now.shots.len()], "changes": changes_from_nothing(now)}));
            continue;
        };
        let changes = diff(was, now);
        if changes.is_empty() {
            session.printer.say(&format!("  {}: the same {} shots", now.name, now.shots.len()));
        }
        tell_changes(&now.name, now.shots.len(), &changes, usize::MAX, &session);
        outputs
            .push(json!({"name": now.name, "shots": [was.shots.len(), now.shots.len()], "changes": changes}));
    }
    for was in before.outputs.iter().filter(|was| after.outputs.iter().all(|now| now.name != was.name)) {
        session.printer.say(&format!("  {}: gone", was.name));
        outputs.push(json!({"name": was.name, "shots": [was.shots.len(), 0], "changes": []}));
    }
    session.printer.event(&json!({"event": "diff", "outputs": outputs}));
    Ok(())
}

/// Every shot of a new output is added.
fn changes_from_nothing(output: &LockedOutput) -> Vec<crate::lock::ShotChange> {
    diff(&LockedOutput { shots: Vec::new(), ..output.clone() }, output)
}

/// The shots that `text` stands for: a lock, a spec (planned as a build would), or a revision of
/// git with a lock in it.
fn cut(text: &str, args: &Args, session: &Session) -> Result<Lock, Exit> {
    let path = Path::new(text);
    if path.is_dir() || path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
        let mut workspace = session.workspace(path, Profile::Final)?;
        planned(&mut workspace, session)?;
        return Ok(workspace.lock());
    }
    let found = if path.is_file() {
        std::fs::read_to_string(path).map_err(|error| io_words(&error))
    } else {
        at_revision(text, &args.lock)
    };
    let read = found.map_err(|reason| {
        let message = format!("`{text}` is no lock, no spec and no revision that holds one: {reason}");
        Diagnostic::error(Code::CLI_NO_CUT, message).help("name two of them, as `mmm diff main movie.lock`")
    });
    let lock = read.and_then(|content| Lock::read(text, &content));
    lock.map_err(|diagnostic| {
        session.printer.diagnostics(&[diagnostic], None);
        Exit::Usage
    })
}

/// The lock as git has it at a revision.
fn at_revision(revision: &str, lock: &Path) -> Result<String, String> {
    // A revision never starts with a dash; git would take it for an option.
    if revision.starts_with('-') {
        return Err("not a revision".to_owned());
    }
    let name = format!("{revision}:./{}", lock.display());
    let shown = Command::new("git").args(["show", "--end-of-options", &name]).output();
    let shown = shown.map_err(|error| format!("git can't be run: {}", io_words(&error)))?;
    if shown.status.success() {
        String::from_utf8(shown.stdout).map_err(|_| "its lock is no text".to_owned())
    } else {
        let reason = String::from_utf8_lossy(&shown.stderr).trim().replace('\n', " ");
        Err(reason.trim_start_matches("fatal: ").to_owned())
    }
}
