use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tempfile::NamedTempFile;

use super::StoreError;
use super::gate::{self, Gate};
use super::lease::{Held, Lease};
use mmm_base::Digest;

/// A handle on the store in one folder. Any number of handles, in any number of processes, may use one store.
///
/// A handle holds every entry that is read or written through it: no collection removes the entry while the
/// handle or a clone of it exists. [`Store::share`] returns a handle that holds entries of its own, and
/// [`Store::renew`] releases what is no longer used.
///
/// The cache folder itself may be a link, but nothing inside it may, because a folder that came with a
/// project could lead anywhere. Links inside are never read, written through or descended into.
#[derive(Clone, Debug)]
pub struct Store {
    shared: Arc<Shared>,
    lease: Arc<Lease>,
}

/// The state that handles on one store in a process share.
#[derive(Debug)]
struct Shared {
    root: PathBuf,
    gate: Gate,
}

const TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of mmm.\n";

/// An entry is marked as used again if its last mark is older than this.
const USED: Duration = Duration::from_secs(24 * 3600);

/// The name of the folder of leases.
const LEASES: &str = "leases";

impl Store {
    /// Opens the store below `cache`, and creates it if it does not exist.
    ///
    /// # Errors
    /// If the folder can't be written, or if one of the store's folders or its lock is a link.
    pub fn open(cache: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(cache).map_err(|error| StoreError::at(cache, error))?;
        let root = cache.join("store-v1");
        own_folder(&root)?;
        for folder in ["blobs", "records", "stamps", "tmp", LEASES] {
            own_folder(&root.join(folder))?;
        }
        let tag = cache.join("CACHEDIR.TAG");
        if fs::symlink_metadata(&tag).is_err() {
            let written = File::create_new(&tag).and_then(|mut file| file.write_all(TAG.as_bytes()));
            written.or_else(|error| existing(&tag, error))?;
        }
        let path = root.join("lock");
        let lock = own_lock(&path)?;
        let shared = Arc::new(Shared { root, gate: Gate::new(path, lock) });
        let lease = shared.lease()?;
        Ok(Self { shared, lease })
    }

    /// Returns another handle on the same store, which holds nothing yet.
    ///
    /// # Errors
    /// If the store can't be written.
    pub fn share(&self) -> Result<Self, StoreError> {
        let lease = self.shared.lease()?;
        Ok(Self { shared: Arc::clone(&self.shared), lease })
    }

    /// Releases everything that this handle and its clones hold, except the entries that `needs` looks up.
    /// Nobody may write through them meanwhile.
    pub fn renew(&self, needs: impl FnOnce()) {
        self.lease.restart();
        needs();
        if let Ok(_inside) = self.gate().enter() {
            self.lease.release();
        }
    }

    /// Returns the folder of the store.
    pub fn root(&self) -> &Path {
        &self.shared.root
    }

    pub(super) fn gate(&self) -> &Gate {
        &self.shared.gate
    }

    /// Returns the entries that all handles hold. The caller must have exclusive access.
    pub(super) fn held(&self) -> Held {
        Held::by_leases(&self.root().join(LEASES))
    }

    /// Holds an entry and marks it as used, at most once a day. The caller must be inside the gate. An entry
    /// of another user can't be marked; that affects only the order of removal.
    pub(super) fn hold(&self, path: &Path) {
        self.hold_used(path, fs::metadata(path).and_then(|meta| meta.modified()));
    }

    /// Does what [`Store::hold`] does with an entry that was marked as used at a known time.
    pub(super) fn hold_used(&self, path: &Path, used: io::Result<SystemTime>) {
        if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
            self.lease.hold(entry_name(name));
        }
        let Ok(used) = used else { return };
        let now = SystemTime::now();
        if now.duration_since(used).is_ok_and(|age| age > USED)
            && let Ok(file) = File::options().append(true).open(path)
        {
            file.set_modified(now).ok();
        }
    }

    /// Creates a file that is not part of the store yet. Write it, then pass it to [`Store::keep`].
    pub fn draft(&self) -> Result<NamedTempFile, StoreError> {
        let folder = self.root().join("tmp");
        let _inside = self.gate().enter()?;
        let draft = NamedTempFile::new_in(&folder).map_err(|error| StoreError::at(&folder, error))?;
        self.hold(draft.path());
        Ok(draft)
    }

    /// Writes `bytes` to `path` completely or not at all.
    pub(super) fn write_whole(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let mut draft = self.draft()?;
        draft.write_all(bytes).map_err(|error| StoreError::at(path, error))?;
        self.rename(draft, path)
    }

    /// Renames a draft to `path`. A file that it replaces has the same content or an older version of it.
    pub(super) fn rename(&self, draft: NamedTempFile, path: &Path) -> Result<(), StoreError> {
        if let Some(folder) = self.foreign_folder(path) {
            return Err(StoreError::Foreign { path: folder.to_owned() });
        }
        let _inside = self.gate().enter()?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| StoreError::at(folder, error))?;
        }
        draft.persist(path).map_err(|error| StoreError::at(path, error.error))?;
        self.hold(path);
        Ok(())
    }

    /// Whether `path`, or a folder on the way to it, is a link or anything else that the store did not
    /// create. The store treats such a path as missing.
    pub(super) fn is_foreign(&self, path: &Path) -> bool {
        stands(path, |meta| !meta.is_file()) || self.foreign_folder(path).is_some()
    }

    /// Returns the metadata of the file at `path`, if it is one that the store created.
    pub(super) fn own_file(&self, path: &Path) -> Option<Metadata> {
        let meta = fs::symlink_metadata(path).ok().filter(Metadata::is_file)?;
        self.foreign_folder(path).is_none().then_some(meta)
    }

    /// Returns the outermost part of `path` inside the store that is not a folder, such as a link.
    fn foreign_folder<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        let folders = path.ancestors().skip(1).take_while(|folder| *folder != self.root());
        folders.filter(|folder| stands(folder, |meta| !meta.is_dir())).last()
    }
}

/// Returns the name of an entry in leases: the digest in its file name, or for a draft the digest of its
/// random name.
pub(super) fn entry_name(file_name: &str) -> Digest {
    file_name.parse().unwrap_or_else(|_| Digest::of(file_name.as_bytes()))
}

impl Shared {
    /// Creates a lease.
    fn lease(&self) -> Result<Arc<Lease>, StoreError> {
        let _inside = self.gate.enter()?;
        Ok(Arc::new(Lease::begin(&self.root.join(LEASES))?))
    }
}

/// Whether something exists at `path` and `holds` returns true for it. Links are not followed.
fn stands(path: &Path, holds: impl Fn(&Metadata) -> bool) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| holds(&meta))
}

/// Creates a folder of the store if it is missing.
fn own_folder(path: &Path) -> Result<(), StoreError> {
    if !stands(path, |_| true) {
        fs::create_dir(path).or_else(|error| existing(path, error))?;
    }
    match stands(path, Metadata::is_dir) {
        true => Ok(()),
        false => Err(StoreError::Foreign { path: path.to_owned() }),
    }
}

/// Opens the lock file of the gate, and creates it if it is missing.
fn own_lock(path: &Path) -> Result<File, StoreError> {
    match File::options().append(true).create_new(true).open(path) {
        Ok(lock) => return Ok(lock),
        Err(error) => existing(path, error)?,
    }
    if !stands(path, Metadata::is_file) {
        return Err(StoreError::Foreign { path: path.to_owned() });
    }
    gate::open(path)
}

/// Ignores an error that means that another process created the same thing in the meantime.
fn existing(path: &Path, error: io::Error) -> Result<(), StoreError> {
    match error.kind() {
        io::ErrorKind::AlreadyExists => Ok(()),
        _ => Err(StoreError::at(path, error)),
    }
}
