use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::SystemTime;

/// What tells a folder from another one at the same path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FolderIdentity {
    device: u64,
    inode: u64,
    /// File systems give the number of a removed folder to a new one. Not all of them know when it was made.
    created: Option<SystemTime>,
}

impl FolderIdentity {
    /// Returns the identity of the folder at `path`; `None` if there is none.
    pub fn of(path: &Path) -> Option<Self> {
        let meta = fs::metadata(path).ok().filter(fs::Metadata::is_dir)?;
        Some(Self { device: meta.dev(), inode: meta.ino(), created: meta.created().ok() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_in_the_place_of_another_is_a_different_one() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("home");
        assert_eq!(FolderIdentity::of(&path), None);
        fs::create_dir(&path).unwrap();
        let first = FolderIdentity::of(&path);
        fs::write(path.join("a"), "a").unwrap();
        assert_eq!(FolderIdentity::of(&path), first, "other contents");
        fs::rename(&path, root.path().join("away")).unwrap();
        fs::create_dir(&path).unwrap();
        assert_ne!(FolderIdentity::of(&path), first);
        fs::remove_dir(&path).unwrap();
        fs::rename(root.path().join("away"), &path).unwrap();
        assert_eq!(FolderIdentity::of(&path), first, "it is back");
    }
}
