use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::cut_frames::{CutFrames, media_of};
use super::diff_page::{Cut, OutputChange, moments, page};
use super::update::tell_changes;
use crate::cli::args::Diff as Args;
use crate::cli::exit::Exit;
use crate::cli::front::Front;
use crate::cli::session::{Session, planned, spec_file, spec_folder};
use crate::cli::written_file::replace;
use mmm_base::diagnostics::{Code, Diagnostic, io_words};
use mmm_engine::{MomentFiles, draw_moments};
use mmm_facts::Profile;
use mmm_plan::lock::{Lock, LockedOutput, diff, reasons_in};

/// Runs `mmm diff`.
pub(in crate::cli) fn run(args: &Args, front: &Front) -> Exit {
    attempt(args, front).map_or_else(|exit| exit, |()| Exit::Done)
}

fn attempt(args: &Args, front: &Front) -> Result<(), Exit> {
    let session = Session::start(front, &spec_folder(Path::new("movie.yaml")))?;
    let (mut before, mut after) = (cut(&args.before, args, &session)?, cut(&args.after, args, &session)?);
    before.lock = before.lock.renamed(&after.lock.media);
    before.frames.inherit(&after.frames);
    after.frames.inherit(&before.frames);
    session.printer.done();
    let outputs = changes(&before.lock, &after.lock);
    outputs.iter().for_each(|output| tell(output, &session));
    if let Some(path) = &args.html {
        let files = media_of([&before.frames, &after.frames], &folder_of(&args.lock));
        write_page(path, &outputs, [&before, &after], &files, &session)?;
    }
    let outputs: Vec<Value> = outputs.iter().map(output_json).collect();
    session.printer.event(&json!({"event": "diff", "outputs": outputs}));
    Ok(())
}

/// Compares the outputs of two cuts: first those of the new cut in its order, then those that are gone.
fn changes<'a>(before: &'a Lock, after: &'a Lock) -> Vec<OutputChange<'a>> {
    let nothing = |output: &LockedOutput| LockedOutput { shots: Vec::new(), ..output.clone() };
    let now = after.outputs.iter().map(|now| {
        let was = before.outputs.iter().find(|was| was.name == now.name);
        let changes = was.map_or_else(|| diff(&nothing(now), now), |was| diff(was, now));
        OutputChange { name: &now.name, before: was, after: Some(now), changes }
    });
    let gone = before.outputs.iter().filter(|was| after.outputs.iter().all(|now| now.name != was.name));
    let gone = gone.map(|was| OutputChange {
        name: &was.name,
        before: Some(was),
        after: None,
        changes: diff(was, &nothing(was)),
    });
    now.chain(gone).collect()
}

fn tell(output: &OutputChange, session: &Session) {
    let name = output.name;
    match (output.before, output.after) {
        (None, _) => session.printer.say(&format!("  {name}: new")),
        (_, None) => session.printer.say(&format!("  {name}: removed")),
        (_, Some(now)) if output.changes.is_empty() => {
            session.printer.say(&format!("  {name}: no changes, {} shots", now.shots.len()));
        }
        (_, Some(now)) => tell_changes(name, now.shots.len(), &output.changes, usize::MAX, session),
    }
}

fn output_json(output: &OutputChange) -> Value {
    let shots = |locked: Option<&LockedOutput>| locked.map_or(0, |locked| locked.shots.len());
    json!({"name": output.name, "shots": [shots(output.before), shots(output.after)], "changes": output.changes})
}

fn write_page(
    path: &Path,
    outputs: &[OutputChange],
    cuts: [&Cut; 2],
    files: &MomentFiles,
    session: &Session,
) -> Result<(), Exit> {
    let store = session.store()?;
    let wanted = moments(outputs, cuts);
    let drawn =
        draw_moments(&wanted, files, &store, &session.config.means, &session.cancel, &session.printer);
    let drawn = drawn.map_err(|stop| session.stopped(&stop, None))?;
    session.printer.done();
    replace(path, page(outputs, cuts, &drawn).as_bytes()).map_err(|diagnostic| {
        session.printer.diagnostics(&[diagnostic], None);
        Exit::Failed
    })?;
    session.printer.say(&format!("  {}", path.display()));
    Ok(())
}

/// Reads the cut that `text` names: a lock, a spec (planned as in a build), or a git revision that contains a
/// lock.
fn cut(text: &str, args: &Args, session: &Session) -> Result<Cut, Exit> {
    let path = Path::new(text);
    if path.is_dir() || path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
        let mut workspace = session.workspace(path, Profile::Final)?;
        planned(&mut workspace, session)?;
        let folder = folder_of(&spec_file(path));
        let (name, lock, reasons) = (text.to_owned(), workspace.lock(), workspace.shot_reasons());
        let frames = CutFrames::new(&lock, Some(workspace.spec_text().as_bytes()), folder, true);
        return Ok(Cut { name, lock, reasons, frames });
    }
    let is_file = path.is_file();
    let (found, spec) = if is_file {
        let found = std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        (found.map_err(|error| format!("`{text}` can't be read: {}", io_words(&error))), spec_beside(path))
    } else if path.extension().is_some_and(|ending| ending == "lock") {
        // No branch or tag of git has such a name.
        (Err(format!("`{text}` does not exist")), None)
    } else {
        let spec = at_revision(text, &args.lock.with_extension("yaml")).ok();
        (at_revision(text, &args.lock), spec.map(String::into_bytes))
    };
    let found = found.map_err(|message| {
        Diagnostic::error(Code::CLI_NO_CUT, message).help("name two cuts, such as `mmm diff main movie.lock`")
    });
    let read = found.and_then(|content| Ok((Lock::read(text, &content)?, reasons_in(&content))));
    let (lock, reasons) = read.map_err(|diagnostic| {
        session.printer.diagnostics(&[diagnostic], None);
        Exit::Usage
    })?;
    let folder = folder_of(if is_file { path } else { &args.lock });
    let frames = CutFrames::new(&lock, spec.as_deref(), folder, is_file && spec.is_some());
    Ok(Cut { name: text.to_owned(), lock, reasons, frames })
}

/// Returns the bytes of the spec beside a lock: the one of the same name, else `movie.yaml`.
fn spec_beside(lock: &Path) -> Option<Vec<u8>> {
    let specs = [lock.with_extension("yaml"), lock.with_extension("yml"), lock.with_file_name("movie.yaml")];
    specs.iter().filter(|spec| spec.is_file()).find_map(|spec| std::fs::read(spec).ok())
}

/// Returns the folder of a lock or a spec, which its media paths are relative to.
fn folder_of(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new(".")).to_owned()
}

/// Returns a file at a git revision, or a sentence that says why there is none.
fn at_revision(revision: &str, file: &Path) -> Result<String, String> {
    let unknown = || format!("`{revision}` is neither a file nor a revision of git here");
    // A revision never starts with a dash, and git would treat it as an option.
    if revision.starts_with('-') {
        return Err(unknown());
    }
    let git = |args: &[&str]| {
        let ran = Command::new("git").args(args).output();
        ran.map_err(|error| format!("`{revision}` is not a file, and git can't be run: {}", io_words(&error)))
    };
    let shown = git(&["show", "--end-of-options", &format!("{revision}:./{}", file.display())])?;
    if shown.status.success() {
        return Ok(String::from_utf8_lossy(&shown.stdout).into_owned());
    }
    let commit = format!("{revision}^{{commit}}");
    match git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?.status.success() {
        true => Err(format!("the revision `{revision}` of git has no `{}`", file.display())),
        false => Err(unknown()),
    }
}
