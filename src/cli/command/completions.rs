use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::cli::args::Args;
use crate::cli::exit::Exit;

/// Runs `mmm completions SHELL`.
pub(in crate::cli) fn run(shell: Shell) -> Exit {
    generate(shell, &mut Args::command(), "mmm", &mut std::io::stdout());
    Exit::Done
}
