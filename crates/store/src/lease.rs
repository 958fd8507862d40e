use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::{Builder, NamedTempFile};

use super::StoreError;
use mmm_base::Digest;

/// How the names of leases begin.
const PREFIX: &str = "lease-";
/// Bytes of one name in a lease.
const NAME: usize = 32;

/// What one handle on the store holds: the names of all entries that were read or written through it.
///
/// A lease is a file of names, 32 bytes each, that its handle keeps locked. A killed process lets go of the lock, and the
/// next collection removes the file. A file that is read-only, because the disk is full, holds everything.
///
/// Leases change and are read inside the gate, so that a collection sees each use either done or not begun.
#[derive(Debug)]
pub(super) struct Lease {
    file: NamedTempFile,
    names: Mutex<BTreeSet<Digest>>,
}

/// What all leases hold together.
pub(super) enum Held {
    Names(BTreeSet<Digest>),
    Everything,
}

impl Lease {
    /// Begins a lease in `folder`.
    pub(super) fn begin(folder: &Path) -> Result<Self, StoreError> {
        let at = |error| StoreError::at(folder, error);
        let file = Builder::new().prefix(PREFIX).tempfile_in(folder).map_err(at)?;
        file.as_file().lock().map_err(at)?;
        Ok(Self { file, names: Mutex::default() })
    }

    /// Holds an entry.
    pub(super) fn hold(&self, name: Digest) {
        let mut names = self.names();
        if names.insert(name) && self.file.as_file().write_all(name.bytes()).is_err() {
            self.hold_everything(true);
        }
    }

    /// From now on entries have to be held again; [`Lease::release`] then lets go of those that were not.
    pub(super) fn restart(&self) {
        self.names().clear();
    }

    /// Lets go of what was not held again since [`Lease::restart`].
    pub(super) fn release(&self) {
        let names = self.names();
        let all: Vec<u8> = names.iter().flat_map(|name| *name.bytes()).collect();
        let mut file = self.file.as_file();
        let written = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(&all));
        self.hold_everything(written.is_err());
    }

    /// Where there is no space for a name. A change of permissions needs none.
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
    /// What the leases in `folder` hold. Removes those of processes that were killed.
    pub(super) fn by_leases(folder: &Path) -> Self {
        let mut names = BTreeSet::new();
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if !is_file || !entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX)) {
                continue;
            }
            match read(&entry.path()) {
                Ok(Self::Names(more)) => names.extend(more),
                // Its handle is closing it.
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

/// What a lease holds; nothing if nobody has it any more, and then its file is removed.
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
