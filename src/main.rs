use std::process::ExitCode;
use std::sync::Arc;

use mmm_worker::LocalWorker;

/// Lets all threads share one heap that keeps what is freed for the next frame or model. By default glibc gives each
/// thread its own heap, and what one frees no other can take: with decoders and models in many threads that was 15 %
/// of the peak memory of a large folder. It also returns large blocks to the system at once, which clears them before
/// it hands them out again: a tenth of the time of a photo's facts. Blocks of over 20 MiB, such as whole photos for a
/// movie in 4K, are still returned: kept among others, they made its peak memory a quarter larger.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn share_one_heap() {
    const MIB: i32 = 1 << 20;
    // SAFETY: no other thread is running yet; a value that isn't accepted changes nothing.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 1);
        libc::mallopt(libc::M_MMAP_THRESHOLD, 20 * MIB);
        libc::mallopt(libc::M_TRIM_THRESHOLD, 256 * MIB);
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
const fn share_one_heap() {}

#[expect(clippy::disallowed_methods, reason = "a library's setting, not one of ours")]
fn main() -> ExitCode {
    // SVT-AV1 prints to stderr; this allows only its errors, unless the user has set `SVT_LOG`.
    if std::env::var_os("SVT_LOG").is_none() {
        // SAFETY: no other thread is running yet.
        unsafe { std::env::set_var("SVT_LOG", "1") };
    }
    share_one_heap();
    mmm::cli::main(Arc::new(LocalWorker::default()))
}
