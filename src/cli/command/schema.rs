use crate::cli::exit::Exit;
use mmm_spec::schema;

/// Runs `mmm schema`.
pub(in crate::cli) fn run() -> Exit {
    println!("{:#}", schema());
    Exit::Done
}
