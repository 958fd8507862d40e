use std::process::ExitCode;

fn main() -> ExitCode {
    mmm::cli::main()
}
