use serde_json::json;

use crate::cli::args::Verify;
use crate::cli::exit::Exit;
use crate::cli::format::count;
use crate::cli::front::Front;
use crate::cli::session::{Session, spec_folder};
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_facts::Profile;

/// Runs `mmm verify`.
pub(in crate::cli) fn run(verify: &Verify, front: &Front) -> Exit {
    attempt(verify, front).map_or_else(|exit| exit, |()| Exit::Done)
}

fn attempt(verify: &Verify, front: &Front) -> Result<(), Exit> {
    let session = Session::start(front, &spec_folder(&verify.spec.path))?;
    let mut workspace = session.workspace(&verify.spec.path, Profile::Final)?;
    let verified = workspace.verify(verify.sample as usize, &session.printer);
    let verified = verified.map_err(|stop| session.stopped(&stop, Some(&workspace)))?;
    session.printer.done();
    let differ: Vec<String> = verified.differ.iter().map(|task| task.key.to_string()).collect();
    session.printer.event(&json!({"event": "verified", "done": verified.done, "differ": differ}));
    if verified.differ.is_empty() {
        session.printer.say(&format!("{} repeated; every result is identical", count(verified.done, "step")));
        return Ok(());
    }
    let complaint = |task: &mmm_exec::Task| {
        let (kind, key) = (task.action.declaration().name, task.key);
        let message =
            format!("the action {kind} {} gave a result that differs from the cached one", key.0.short());
        Diagnostic::error(Code::CACHE_DIFFERS, message).help("run `mmm cache clean`, then build again")
    };
    let found: Vec<Diagnostic> = verified.differ.iter().map(complaint).collect();
    session.printer.diagnostics(&found, None);
    Err(Exit::Failed)
}
