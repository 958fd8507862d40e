use serde_json::json;

use crate::cli::args::Check;
use crate::cli::exit::Exit;
use crate::cli::format::count;
use crate::cli::front::Front;
use crate::cli::session::{Session, spec_folder};
use mmm_base::diagnostics::Diagnostic;
use mmm_facts::Profile;

/// Runs `mmm check`.
pub(in crate::cli) fn run(check: &Check, front: &Front) -> Exit {
    attempt(check, front).unwrap_or_else(|exit| exit)
}

fn attempt(check: &Check, front: &Front) -> Result<Exit, Exit> {
    let session = Session::start(front, &spec_folder(&check.spec.path))?;
    let mut workspace = session.workspace(&check.spec.path, Profile::Final)?;
    let found = workspace.refresh(&session.printer).and_then(|()| workspace.check_headers(&session.printer));
    let found = found.map_err(|stop| session.stopped(&stop, Some(&workspace)))?;
    session.printer.done();
    let source = (workspace.spec_path().to_owned(), workspace.spec_text());
    session.printer.diagnostics(&found, Some(&source));
    let errors = found.iter().filter(|found| found.is_error()).count();
    let warnings = found.len() - errors;
    session.printer.event(&json!({"event": "checked", "errors": errors, "warnings": warnings}));
    session.printer.say(&match (errors, warnings) {
        (0, 0) => "no mistakes found".to_owned(),
        _ => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    });
    Ok(if found.iter().any(Diagnostic::is_error) { Exit::Spec } else { Exit::Done })
}
