use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::cli::args::Args;
use crate::cli::exit::Exit;
use crate::cli::printer::line;

/// Runs `mmm completions SHELL`.
pub(in crate::cli) fn run(shell: Shell) -> Exit {
    let mut script = Vec::new();
    generate(shell, &mut Args::command(), "mmm", &mut script);
    line(String::from_utf8_lossy(&script).trim_end());
    Exit::Done
}
