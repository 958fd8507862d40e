use std::sync::{Mutex, MutexGuard, PoisonError};

/// Photos of more pixels are decoded one at a time if they can't be reduced while they are decoded: 24
/// megapixels take 72 MB as RGB, and as much again where they are stored in another form.
const LARGE_PIXELS: u64 = 24_000_000;

static DECODING: Mutex<()> = Mutex::new(());

/// Waits until no other large photo is decoded in full, and keeps others waiting as long as the result lives.
/// `None` if a photo of this size need not wait.
pub(super) fn one_at_a_time((width, height): (u32, u32)) -> Option<MutexGuard<'static, ()>> {
    let is_large = u64::from(width) * u64::from(height) > LARGE_PIXELS;
    is_large.then(|| DECODING.lock().unwrap_or_else(PoisonError::into_inner))
}
