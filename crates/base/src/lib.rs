//! The types that every other crate uses: time, digests, keys, spans, paths, cancellation, diagnostics.
//!
//! Nothing here reads files, the clock or media.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]

mod cancel;
mod capture_time;
pub mod diagnostics;
mod digest;
mod key;
mod media_path;
mod rate;
mod score;
mod span;
mod speed;
mod time;

pub use cancel::Cancel;
pub use capture_time::{CaptureTime, TimeSource};
pub use digest::{Digest, DigestError};
pub use key::{Key, action_key};
pub use media_path::{MediaPath, PathError};
pub use rate::Rate;
pub use score::Score;
pub use span::Span;
pub use speed::Speed;
pub use time::Time;
