use std::process::ExitCode;
use std::sync::Arc;

use mmm_worker::LocalWorker;

#[expect(clippy::disallowed_methods, reason = "a library's setting, not one of ours")]
fn main() -> ExitCode {
    // SVT-AV1 prints to stderr; this allows only its errors, unless the user has set `SVT_LOG`.
    if std::env::var_os("SVT_LOG").is_none() {
        // SAFETY: no other thread is running yet.
        unsafe { std::env::set_var("SVT_LOG", "1") };
    }
    mmm::cli::main(Arc::new(LocalWorker::default()))
}
