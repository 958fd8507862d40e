use mmm_base::MediaPath;

/// The files below a spec's folder, each once, with their names as they are on the disk.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Listing {
    /// In order. If several paths lead to a file's folder, this is the path that is the least deep.
    pub files: Vec<MediaPath>,
    /// The folders that more than one path leads to, in order of [`SharedFolder::shown`].
    pub folders: Vec<SharedFolder>,
}

/// A folder that more than one path leads to, because some of them pass through links.
///
/// Paths are relative to the spec's folder; the empty path is that folder itself.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SharedFolder {
    /// Its path in [`Listing::files`].
    pub shown: String,
    /// Its other paths that the listing met, in order.
    pub others: Vec<String>,
    /// Its path without links.
    pub real: String,
}

impl Listing {
    /// Returns the listing of these files, in a folder without links.
    pub fn of(files: &[MediaPath]) -> Self {
        let mut files = files.to_vec();
        files.sort();
        Self { files, folders: Vec::new() }
    }
}
