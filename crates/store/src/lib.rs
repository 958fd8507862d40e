//! Keeps results: blobs by the digest of their content, and records of what each action gave.
//!
//! Knows nothing of what the bytes mean. Any number of processes may use one store at once:
//! everything is written under a temporary name and renamed, what is read is checked, and what is
//! damaged is thrown away, so that it is made again. Only regular files of these names in these places are ever
//! removed, never while a handle on the store holds them, and no link is followed. The way in is [`Store::open`].
//!
//! ```text
//! CACHE/
//!   CACHEDIR.TAG
//!   store-v1/
//!     lock                     held for a moment: by many that use entries, or by one that removes some
//!     leases/                  a locked file for each handle in use
//!     blobs/ab/abcdef…         content by its BLAKE3
//!     records/KIND-vN/ab/abc…  what an action of that kind gave, by the action's key
//!     stamps/FOLDER            digests of a project's files with size, times and inode
//!     tmp/
//! ```
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]
#![expect(clippy::disallowed_methods, reason = "the store is files")]

mod blob;
mod digest_file;
mod error;
mod gate;
mod lease;
mod record;
mod removal;
mod stamp;
mod stats;
#[allow(clippy::module_inception, reason = "one main type a file, and this room's is the store")]
mod store;
#[cfg(test)]
mod tests;

pub use digest_file::digest_file;
pub use error::StoreError;
pub use record::{Bucket, Record};
pub use removal::Removal;
pub use stamp::{Stamp, Stamps};
pub use stats::Stats;
pub use store::Store;
