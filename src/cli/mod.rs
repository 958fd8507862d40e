//! Arguments in, a call of the engine, words or JSON out. Everything below is a call; one file a
//! command.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the command line is where the tool meets files, the clock and the terminal"
)]

mod args;
mod command;
mod config;
mod encoder_wish;
mod exit;
mod facts_json;
mod format;
mod interrupt;
mod junit;
mod printer;
mod session;
mod tracer;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use exit::Exit;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are errors to clap, and not to us.
            let code = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            error.print().ok();
            return code.into();
        }
    };
    let result = match &args.command {
        Command::Init(init) => command::init::run(init, &args.common),
        Command::Build(build) => command::build::run(build, &args.common),
        Command::Watch(watch) => command::watch::run(watch, &args.common),
        Command::Check(check) => command::check::run(check, &args.common),
        Command::Update(update) => command::update::run(update, &args.common),
        Command::Why(why) => command::why::run(why, &args.common),
        Command::Graph(graph) => command::graph::run(graph, &args.common),
        Command::Diff(diff) => command::diff::run(diff, &args.common),
        Command::Plan(plan) => command::plan::run(plan, &args.common),
        Command::Analyze(analyze) => command::analyze::run(analyze, &args.common),
        Command::Beats(beats) => command::beats::run(beats, &args.common),
        Command::Export(export) => command::export::run(export, &args.common),
        Command::Schema => command::schema::run(),
        Command::Cache(cache) => command::cache::run(cache, &args.common),
        Command::Verify(verify) => command::verify::run(verify, &args.common),
        Command::Review(review) => command::review::run(review, &args.common),
        Command::Doctor => command::doctor::run(&args.common),
        Command::Completions { shell } => command::completions::run(*shell),
    };
    result.into()
}
