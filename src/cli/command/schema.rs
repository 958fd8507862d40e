use crate::cli::exit::Exit;
use crate::cli::printer::line;
use mmm_spec::schema;

/// Runs `mmm schema`.
pub(in crate::cli) fn run() -> Exit {
    line(&format!("{:#}", schema()));
    Exit::Done
}
