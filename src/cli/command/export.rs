use crate::cli::args::{Export, ExportFormat};
use crate::cli::exit::Exit;
use crate::cli::front::Front;
use crate::cli::printer::line;
use crate::cli::session::{Session, output_index, planned, spec_folder};
use mmm_facts::Profile;
use mmm_plan::timeline::export_json;

/// Runs `mmm export`.
pub(in crate::cli) fn run(export: &Export, front: &Front) -> Exit {
    attempt(export, front).map_or_else(|exit| exit, |()| Exit::Done)
}

fn attempt(export: &Export, front: &Front) -> Result<(), Exit> {
    let session = Session::start(front, &spec_folder(&export.spec.path))?;
    let mut workspace = session.workspace(&export.spec.path, Profile::Final)?;
    planned(&mut workspace, &session)?;
    let (index, name) = output_index(&workspace, export.output.as_deref(), &session)?;
    session.printer.done();
    if let Some(timeline) = workspace.timeline(index) {
        match export.format {
            ExportFormat::Json => line(&format!("{:#}", export_json(name.as_str(), &timeline))),
        }
    }
    Ok(())
}
