use crate::cli::exit::Exit;
use crate::spec::schema;

/// `mmm schema`
pub(in crate::cli) fn run() -> Exit {
    println!("{:#}", schema());
    Exit::Done
}
