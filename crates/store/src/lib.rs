//! Stores results: blobs by the digest of their content, and a record of each action's answer.
//!
//! The store doesn't interpret the bytes. Any number of processes may use one store at once. Everything is
//! written under a temporary name and renamed; everything that is read is verified, and damaged entries are
//! removed, so that they are built again. Only regular files with the store's own names and places are ever
//! removed, and never while a handle on the store holds them. No link is followed. The entry point is
//! [`Store::open`].
//!
//! ```text
//! CACHE/
//!   CACHEDIR.TAG
//!   store-v1/
//!     lock                     held briefly: shared by users of entries, exclusive for a collection
//!     leases/                  a locked file for each handle in use
//!     blobs/ab/abcdef…         content by its BLAKE3
//!     records/KIND-vN/ab/abc…  answers of actions of that kind, by the action's key
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
