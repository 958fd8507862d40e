use crate::cli::args::{Common, Export, ExportFormat};
use crate::cli::exit::Exit;
use crate::cli::session::{Session, output_index, planned, spec_folder};
use crate::timeline::{Profile, export_json};

/// `mmm export`
pub(in crate::cli) fn run(export: &Export, common: &Common) -> Exit {
    attempt(export, common).map_or_else(|exit| exit, |()| Exit::Done)
}

fn attempt(export: &Export, common: &Common) -> Result<(), Exit> {
    let session = Session::start(common, &spec_folder(&export.spec.path))?;
    let mut workspace = session.workspace(&export.spec.path, Profile::Final)?;
    planned(&mut workspace, &session)?;
    let (index, name) = output_index(&workspace, export.output.as_deref(), &session)?;
    let timeline = workspace.timeline(index, &session.printer);
    let timeline = timeline.map_err(|stop| session.stopped(&stop, Some(&workspace)))?;
    session.printer.done();
    if let Some(timeline) = timeline {
        match export.format {
            ExportFormat::Json => println!("{:#}", export_json(name.as_str(), &timeline)),
        }
    }
    Ok(())
}
