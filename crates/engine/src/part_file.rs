//! The temporary file that a movie or a picture is written to before it is renamed into its place.
//!
//! A project may come from anywhere and may contain links. So a build opens no file for writing that it did
//! not create, and examines the path of an output without following links.

use std::fs::{self, File, FileType, Metadata, Permissions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

use super::Stop;
use mmm_base::diagnostics;

/// The ending of a part file's name; the name begins with a dot.
const ENDING: &str = ".mmm-part";

/// The number of attempts to create a file before giving up on its folder.
const TRIES: usize = 100;

/// An unfinished movie or picture in the folder of its output, where a rename is atomic.
///
/// The file stays locked until it is dropped, so that no other build mistakes it for a leftover of a killed
/// build. Removed unless it is renamed.
pub(super) struct PartFile {
    file: NamedTempFile,
}

impl PartFile {
    /// Creates an empty file in the folder of `path`. Creates the folder if it is missing, and removes the
    /// part files of killed builds.
    ///
    /// # Errors
    /// If the folder can't be written.
    pub(super) fn beside(path: &Path) -> Result<Self, Stop> {
        let unwritable = |error: io::Error| unwritable(path, &error);
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(unwritable)?;
        remove_leftovers(folder);
        for _ in 0..TRIES {
            let part = Self { file: create(folder).map_err(unwritable)? };
            match part.file.as_file().try_lock() {
                Ok(()) if part.is_in_place() => return Ok(part),
                // Another build mistook the file for a leftover before it was locked.
                Ok(()) | Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(unwritable(error)),
            }
        }
        Err(unwritable(replaced()))
    }

    /// Returns the path of the file, for libraries that open files by path and truncate them.
    ///
    /// # Errors
    /// If another file has taken its place.
    pub(super) fn path(&self) -> io::Result<&Path> {
        if self.is_in_place() {
            return Ok(self.file.path());
        }
        Err(replaced())
    }

    /// Writes all of the file.
    pub(super) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        self.file.as_file().write_all(bytes)
    }

    /// Moves the finished file to `path`. Replaces a link there instead of following it.
    ///
    /// # Errors
    /// If the disk can't be written, or the file is no longer where it was created.
    pub(super) fn rename(self, path: &Path) -> io::Result<()> {
        self.path()?;
        self.file.as_file().sync_data()?;
        self.file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }

    fn is_in_place(&self) -> bool {
        is_same(self.file.as_file(), self.file.path())
    }
}

/// Whether `name` is the name of a part file, including those of earlier versions (`.movie.mp4.mmm-part`).
pub(super) fn is_part_name(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(ENDING)
}

/// Returns the link on the path from `folder` to an output at `path` that leads out of `folder`, if there is
/// one.
///
/// `folder` must be free of links.
pub(super) fn link_out<'p>(folder: &Path, path: &'p Path) -> Option<&'p Path> {
    let mut above: Vec<&Path> =
        path.ancestors().skip(1).take_while(|above| above.starts_with(folder)).collect();
    above.reverse();
    above.into_iter().find(|above| fs::canonicalize(above).is_ok_and(|real| !real.starts_with(folder)))
}

/// Returns what prevents writing an output at `path`: a file that `is_ours` does not recognise, or anything
/// that is not a file. A link is always an obstacle, wherever it leads.
pub(super) fn obstacle(path: &Path, is_ours: impl Fn(&Path) -> bool) -> Option<&'static str> {
    let kind: FileType = fs::symlink_metadata(path).ok()?.file_type();
    match () {
        () if kind.is_symlink() => Some("is a link"),
        () if kind.is_dir() => Some("is a folder"),
        () if !kind.is_file() => Some("is not a file"),
        () if !is_ours(path) => Some("already exists"),
        () => None,
    }
}

/// Returns the error for an output that can't be written.
pub(super) fn unwritable(path: &Path, error: &io::Error) -> Stop {
    Stop::Failed(vec![diagnostics::unwritable(path, error)])
}

fn replaced() -> io::Error {
    io::Error::other("its unfinished file was moved or replaced")
}

/// Creates a file with an unpredictable name. If the name exists, even as a dangling link, tries another.
fn create(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    // The movie keeps these permissions, minus the umask.
    builder.prefix(".").rand_bytes(12).suffix(ENDING).permissions(Permissions::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Removes the part files in `folder` that no running build has locked. Keeps links, and files that have
/// another name elsewhere.
fn remove_leftovers(folder: &Path) {
    let is_own = |meta: Metadata| meta.is_file() && meta.nlink() == 1;
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let named = entry.file_name().to_str().is_some_and(is_part_name);
        if !named || !fs::symlink_metadata(&path).is_ok_and(is_own) {
            continue;
        }
        let Ok(file) = File::open(&path) else { continue };
        if file.try_lock().is_ok() && is_same(&file, &path) {
            fs::remove_file(&path).ok();
        }
    }
}

/// Whether `file` is the file at `path`.
fn is_same(file: &File, path: &Path) -> bool {
    let id = |meta: Metadata| (meta.dev(), meta.ino());
    let there = fs::symlink_metadata(path).map(id);
    there.is_ok_and(|there| file.metadata().is_ok_and(|open| id(open) == there))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;

    use super::*;

    /// Returns the names in a folder, in order.
    fn names(folder: &Path) -> Vec<String> {
        let names =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    /// Creates a folder for outputs, and a file beside it that nothing may change.
    fn places() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let root = tempfile::tempdir().unwrap();
        let (folder, outside) = (root.path().join("out"), root.path().join("precious.txt"));
        fs::create_dir(&folder).unwrap();
        fs::write(&outside, "precious").unwrap();
        (root, folder, outside)
    }

    #[test]
    fn a_part_file_becomes_the_output_or_nothing() {
        let (_root, folder, _) = places();
        let output = folder.join("below/movie.mp4");
        let part = PartFile::beside(&output).unwrap();
        let path = part.path().unwrap().to_owned();
        assert!(is_part_name(path.file_name().unwrap().to_str().unwrap()), "{path:?}");
        part.write(b"frames").unwrap();
        part.rename(&output).unwrap();
        assert_eq!(fs::read(&output).unwrap(), b"frames");
        drop(PartFile::beside(&output).unwrap());
        assert_eq!(names(&folder.join("below")), ["movie.mp4"]);
    }

    #[test]
    fn a_part_file_has_the_permissions_of_any_new_file() {
        let (_root, folder, outside) = places();
        let part = PartFile::beside(&folder.join("movie.mp4")).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(part.path().unwrap()), mode(&outside));
    }

    #[test]
    fn leftovers_go_and_nothing_else_does() {
        let (_root, folder, outside) = places();
        let at = |name: &str| folder.join(name);
        fs::write(at(".Xb3kq9zaPw1e.mmm-part"), "left by a killed build").unwrap();
        fs::write(at(".movie.mp4.mmm-part"), "left by an earlier version").unwrap();
        symlink(&outside, at(".link.mmm-part")).unwrap();
        symlink(at("nowhere"), at(".dangling.mmm-part")).unwrap();
        fs::hard_link(&outside, at(".hard.mmm-part")).unwrap();
        fs::create_dir(at(".folder.mmm-part")).unwrap();
        fs::write(at(".folder.mmm-part/inside"), "").unwrap();
        let mut fifo = std::process::Command::new("mkfifo");
        assert!(fifo.arg(at(".fifo.mmm-part")).status().unwrap().success());
        for name in ["movie.mmm-part", ".movie.mmm-part.txt", ".mmm-parts"] {
            fs::write(at(name), "theirs").unwrap();
        }
        let living = PartFile::beside(&at("other.mp4")).unwrap();
        let living_name = living.path().unwrap().file_name().unwrap().to_owned().into_string().unwrap();
        drop(PartFile::beside(&at("movie.mp4")).unwrap());
        let mut left = vec![
            ".dangling.mmm-part",
            ".fifo.mmm-part",
            ".folder.mmm-part",
            ".hard.mmm-part",
            ".link.mmm-part",
            ".mmm-parts",
            ".movie.mmm-part.txt",
            "movie.mmm-part",
            &living_name,
        ];
        left.sort();
        assert_eq!(names(&folder), left);
        assert!(at(".folder.mmm-part/inside").exists());
        assert_eq!(fs::read_to_string(outside).unwrap(), "precious");
    }

    #[test]
    fn a_part_file_that_was_replaced_is_not_written() {
        let (_root, folder, outside) = places();
        type Replace = fn(&Path, &Path) -> io::Result<()>;
        let replaces: [Replace; 2] = [|from, to| symlink(from, to), |from, to| fs::hard_link(from, to)];
        for replace in replaces {
            let part = PartFile::beside(&folder.join("movie.mp4")).unwrap();
            let path = part.path().unwrap().to_owned();
            fs::remove_file(&path).unwrap();
            replace(&outside, &path).unwrap();
            assert!(part.path().is_err());
            assert!(part.rename(&folder.join("movie.mp4")).is_err());
            assert!(!folder.join("movie.mp4").exists());
            assert_eq!(fs::read_to_string(&outside).unwrap(), "precious");
        }
    }

    #[test]
    fn builds_at_once_have_files_of_their_own() {
        let (_root, folder, _) = places();
        let output = folder.join("movie.mp4");
        let build = |number: u8| {
            for _ in 0..50 {
                let part = PartFile::beside(&output).unwrap();
                part.write(&[number; 1000]).unwrap();
                part.rename(&output).unwrap();
                let bytes = fs::read(&output).unwrap();
                assert!(bytes.len() == 1000 && bytes.iter().all(|byte| *byte == bytes[0]));
            }
        };
        std::thread::scope(|scope| {
            for number in 0..4 {
                scope.spawn(move || build(number));
            }
        });
        assert_eq!(names(&folder), ["movie.mp4"]);
    }

    #[test]
    fn a_link_out_of_the_folder_is_found() {
        let (root, folder, _) = places();
        let folder = fs::canonicalize(folder).unwrap();
        fs::create_dir_all(folder.join("a/b")).unwrap();
        symlink("a", folder.join("inside")).unwrap();
        symlink(root.path(), folder.join("a/outside")).unwrap();
        symlink("nowhere", folder.join("dangling")).unwrap();
        for name in
            ["movie.mp4", "a/b/movie.mp4", "inside/b/movie.mp4", "new/movie.mp4", "dangling/movie.mp4"]
        {
            assert_eq!(link_out(&folder, &folder.join(name)), None, "{name}");
        }
        for name in ["a/outside/movie.mp4", "inside/outside/new/movie.mp4"] {
            let path = folder.join(name);
            let found = link_out(&folder, &path).and_then(Path::file_name);
            assert_eq!(found.unwrap(), "outside", "{name}");
        }
        assert!(PartFile::beside(&folder.join("dangling/movie.mp4")).is_err());
        assert!(!folder.join("nowhere").exists());
    }

    #[test]
    fn only_a_file_of_ours_may_be_replaced() {
        let (_root, folder, outside) = places();
        let path = folder.join("movie.mp4");
        let found = |ours: bool| obstacle(&path, |_| ours);
        assert_eq!((found(true), found(false)), (None, None));
        symlink(&outside, &path).unwrap();
        assert_eq!(found(true), Some("is a link"));
        fs::remove_file(&path).unwrap();
        symlink("nowhere", &path).unwrap();
        assert_eq!(found(true), Some("is a link"));
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert_eq!(found(true), Some("is a folder"));
        fs::remove_dir(&path).unwrap();
        fs::write(&path, "").unwrap();
        assert_eq!((found(true), found(false)), (None, Some("already exists")));
    }
}
