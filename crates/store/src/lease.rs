use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::{Builder, NamedTempFile};

use super::StoreError;
use mmm_base::Digest;

/// The beginning of lease names.
const PREFIX: &str = "lease-";
/// The number of bytes of one name in a lease.
const NAME: usize = 32;

/// The entries that one handle on the store holds: the names of all that were read or written through it.
///
/// A lease is a file of names, 32 bytes each, that its handle keeps locked. When a process is killed, its
/// lock ends, and the next collection removes the file. A lease file that is read-only, because the disk was
/// full, holds all entries.
///
/// Leases are changed and read only inside the gate, so that a collection never sees a half-finished use.
#[derive(Debug)]
pub(super) struct Lease {
    file: NamedTempFile,
    names: Mutex<BTreeSet<Digest>>,
}

/// The entries that all leases hold together.
pub(super) enum Held {
    Names(BTreeSet<Digest>),
    Everything,
}

impl Lease {
    /// Creates a lease in `folder`.
    pub(super) fn begin(folder: &Path) -> Result<Self, StoreError> {
        let at = |error| StoreError::at(folder, error);
        let file = Builder::new().prefix(PREFIX).tempfile_in(folder).map_err(at)?;
        file.as_file().lock().map_err(at)?;
        Ok(Self { file, names: Mutex::default() })
    }

    /// Protects an entry from collections.
    pub(super) fn hold(&self, name: Digest) {
        let mut names = self.names();
        if names.insert(name) && self.file.as_file().write_all(name.bytes()).is_err() {
            self.hold_everything(true);
        }
    }

    /// Starts over: [`Lease::release`] will release the entries that are not held again until then.
    pub(super) fn restart(&self) {
        self.names().clear();
    }

    /// Releases the entries that were not held again since [`Lease::restart`].
    pub(super) fn release(&self) {
        let names = self.names();
        let all: Vec<u8> = names.iter().flat_map(|name| *name.bytes()).collect();
        let mut file = self.file.as_file();
        let written = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(&all));
        self.hold_everything(written.is_err());
    }

    /// Makes the lease hold all entries, or only its names again. Used if there is no space to write a name:
    /// changing permissions needs no space.
    fn hold_everything(&self, all: bool) {
        let Ok(meta) = self.file.as_file().metadata() else { return };
        let mut permissions = meta.permissions();
        if permissions.readonly() != all {
            permissions.set_mode(if all { 0o400 } else { 0o600 });
            self.file.as_file().set_permissions(permissions).ok();
        }
    }

    fn names(&self) -> MutexGuard<'_, BTreeSet<Digest>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Returns what the leases in `folder` hold. Removes the leases of killed processes.
    pub(super) fn by_leases(folder: &Path) -> Self {
        let mut names = BTreeSet::new();
        // If the leases can't be listed, for example because too many files are open, any entry may be held.
        let Ok(entries) = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) else {
            return Self::Everything;
        };
        for entry in entries {
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if !is_file || !entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX)) {
                continue;
            }
            match read(&entry.path()) {
                Ok(Self::Names(more)) => names.extend(more),
                // Its handle was dropped in the meantime.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Ok(Self::Everything) | Err(_) => return Self::Everything,
            }
        }
        Self::Names(names)
    }

    /// Whether an entry of this name is held.
    pub(super) fn holds(&self, name: Digest) -> bool {
        match self {
            Self::Names(names) => names.contains(&name),
            Self::Everything => true,
        }
    }
}

/// Returns what a lease holds. If no process has it locked, returns nothing and removes its file.
fn read(path: &Path) -> io::Result<Held> {
    let file = File::open(path)?;
    if file.try_lock_shared().is_ok() {
        fs::remove_file(path)?;
        return Ok(Held::Names(BTreeSet::new()));
    }
    if file.metadata()?.permissions().readonly() {
        return Ok(Held::Everything);
    }
    let bytes = fs::read(path)?;
    Ok(Held::Names(bytes.as_chunks::<NAME>().0.iter().map(|name| Digest::from(*name)).collect()))
}
