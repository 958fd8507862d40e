use serde_json::{Value, json};

use crate::cli::args::Update;
use crate::cli::exit::Exit;
use crate::cli::format::{count, length};
use crate::cli::front::Front;
use crate::cli::session::{Session, output_index, spec_folder};
use mmm_base::MediaPath;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_engine::{LockReport, LockUse};
use mmm_facts::Profile;
use mmm_plan::lock::{ChangeKind, ShotChange, ShotPlace};

/// Runs `mmm update`.
pub(in crate::cli) fn run(update: &Update, front: &Front) -> Exit {
    attempt(update, front).map_or_else(|exit| exit, |()| Exit::Done)
}

fn attempt(update: &Update, front: &Front) -> Result<(), Exit> {
    let session = Session::start(front, &spec_folder(&update.spec.path))?;
    let mut workspace = session.workspace(&update.spec.path, Profile::Final)?;
    match update.shot {
        None => workspace.use_lock(LockUse::Afresh),
        Some(shot) => {
            let (output, _) = output_index(&workspace, update.output.as_deref(), &session)?;
            let read = workspace.refresh(&session.printer);
            read.map_err(|stop| session.stopped(&stop, Some(&workspace)))?;
            let shots = workspace.locked_shots(output);
            if shot as usize > shots {
                let message = format!("the lock has no shot {shot}: it has {}", count(shots, "shot"));
                let help = "run `mmm plan` to see the shot numbers";
                let wrong = Diagnostic::error(Code::CLI_NO_SHOT, message).help(help);
                session.printer.diagnostics(&[wrong], None);
                return Err(Exit::Usage);
            }
            workspace.unwant(output, shot as usize - 1);
        }
    }
    let (report, found) = match workspace.update(&session.printer) {
        Ok(updated) => updated,
        Err(stop) => return Err(session.stopped(&stop, Some(&workspace))),
    };
    session.printer.done();
    let source = (workspace.spec_path().to_owned(), workspace.spec_text());
    session.printer.diagnostics(&found, Some(&source));
    session.printer.event(&lock_json(&report));
    tell_lock(&report, &session);
    let name = report.path.display();
    session.printer.say(&match report.written {
        true => format!("wrote {name}; run `mmm build` to build the movie"),
        false => format!("{name} is unchanged"),
    });
    Ok(())
}

/// Returns the changes of the lock as JSON.
fn lock_json(report: &LockReport) -> Value {
    let outputs = report
        .outputs
        .iter()
        .map(|(name, shots, changes)| json!({"name": name, "shots": shots, "changes": changes}));
    json!({
        "event": "updated",
        "lock": report.path,
        "written": report.written,
        "outputs": outputs.collect::<Vec<_>>(),
    })
}

/// Prints which shots of each output changed, if any did.
pub(in crate::cli) fn tell_lock(report: &LockReport, session: &Session) {
    for (name, shots, changes) in &report.outputs {
        tell_changes(name, *shots, changes, FEW, session);
    }
}

/// The most changes that are printed one by one; further ones are only counted.
const FEW: usize = 6;

/// Prints the shots of an output that changed, up to `most` of them one by one.
pub(in crate::cli) fn tell_changes(
    name: &MediaPath,
    shots: usize,
    changes: &[ShotChange],
    most: usize,
    session: &Session,
) {
    if changes.is_empty() {
        return;
    }
    let say = |text: String| session.printer.say(&text);
    say(format!("  {name}: {} changed, {shots} in total", count(changes.len(), "shot")));
    for change in changes.iter().take(most) {
        say(format!("    {}", words(change)));
    }
    if changes.len() > most {
        say(format!("    and {} more", changes.len() - most));
    }
}

/// Formats a change.
fn words(change: &ShotChange) -> String {
    let place = |place: &ShotPlace| format!("{}, {:.2} s", length(place.start), place.length.secs());
    let id = &change.id;
    match (change.kind, &change.before, &change.after) {
        (ChangeKind::Added, _, Some(now)) => format!("+ {id} at {}", place(now)),
        (ChangeKind::Gone, Some(was), _) => format!("- {id} at {}", place(was)),
        (ChangeKind::Moved, Some(was), Some(now)) => {
            format!("  {id} moved from {} to {}", length(was.start), length(now.start))
        }
        (_, Some(was), Some(now)) => format!("~ {id} from {} to {}", place(was), place(now)),
        _ => id.clone(),
    }
}
