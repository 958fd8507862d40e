//! The command line: parses arguments, calls the engine, and prints text or JSON. One file per command.
#![expect(
    clippy::disallowed_methods,
    reason = "the command line is where the tool meets files, the clock and the terminal"
)]

mod args;
mod command;
mod config;
mod encoder_wish;
mod exit;
mod facts_json;
mod format;
mod front;
mod interrupt;
mod junit;
mod late_failure;
mod parse_size;
mod printer;
mod session;
mod sight_json;
mod toml_words;
mod tracer;
mod written_file;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;

use args::{Args, Command};
use exit::Exit;
use front::Front;
use late_failure::late_failure;
use mmm_exec::Worker;
use printer::Printer;

/// Runs the command line of this process; `worker` does everything that needs the media libraries.
pub fn main(worker: Arc<dyn Worker>) -> ExitCode {
    let Args { command, common } = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Clap treats help and version as errors; for `mmm` they are successes.
            let code = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            error.print().ok();
            return code.into();
        }
    };
    let front = Front { common, worker };
    let result = run(&command, &front);
    let Some(failure) = late_failure() else { return result.into() };
    let mut printer = Printer::new(&front.common);
    printer.diagnostics(&[failure], None);
    if let Some(failure) = late_failure() {
        // Stdout itself is full.
        printer.json = false;
        printer.diagnostics(&[failure], None);
    }
    if result == Exit::Done { Exit::Failed.into() } else { result.into() }
}

fn run(command: &Command, front: &Front) -> Exit {
    match command {
        Command::Init(init) => command::init::run(init, front),
        Command::Build(build) => command::build::run(build, front),
        Command::Watch(watch) => command::watch::run(watch, front),
        Command::Check(check) => command::check::run(check, front),
        Command::Update(update) => command::update::run(update, front),
        Command::Why(why) => command::why::run(why, front),
        Command::Graph(graph) => command::graph::run(graph, front),
        Command::Diff(diff) => command::diff::run(diff, front),
        Command::Plan(plan) => command::plan::run(plan, front),
        Command::Analyze(analyze) => command::analyze::run(analyze, front),
        Command::Beats(beats) => command::beats::run(beats, front),
        Command::Export(export) => command::export::run(export, front),
        Command::Schema => command::schema::run(),
        Command::Cache(cache) => command::cache::run(cache, front),
        Command::Verify(verify) => command::verify::run(verify, front),
        Command::Review(review) => command::review::run(review, front),
        Command::Doctor => command::doctor::run(front),
        Command::Completions { shell } => command::completions::run(*shell),
    }
}
