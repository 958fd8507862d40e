//! Finds what a watch over the spec's folder misses: files that links lead to, and files with several names.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

use mmm_store::Stamp;

/// The most links on the way to one file, as on Linux.
const MOST_LINKS: usize = 40;

/// Files of a project that may change without a notification about the spec's folder.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Afar {
    /// The files in other folders and the links on the way to them. Their folders have no links.
    pub places: BTreeSet<PathBuf>,
    /// The stamps of the files that links lead to or that have several names (hard links), which can change
    /// in a folder that nobody knows.
    pub stamps: BTreeMap<PathBuf, Option<Stamp>>,
}

impl Afar {
    /// Returns what a watch over `home` misses of `files`.
    pub fn of<'a>(home: &Path, files: impl Iterator<Item = &'a PathBuf>) -> Self {
        let (mut afar, mut folders) = (Self::default(), Folders::default());
        for file in files {
            let Ok(file) = std::path::absolute(file) else { continue };
            let meta = fs::symlink_metadata(&file).ok();
            let is_link = meta.as_ref().is_some_and(|meta| meta.is_symlink());
            let is_near = !is_link && file.parent().is_some_and(|folder| folders.is_plain(folder, home));
            if !is_near {
                afar.places
                    .extend(folders.places(&file).into_iter().filter(|place| !place.starts_with(home)));
            }
            if !is_near || meta.is_some_and(|meta| meta.nlink() > 1) {
                let stamp = stamp(&file);
                afar.stamps.insert(file, stamp);
            }
        }
        afar
    }

    /// Returns the folders to watch.
    pub fn folders(&self) -> BTreeSet<&Path> {
        self.places.iter().filter_map(|place| place.parent()).collect()
    }

    /// Whether a change at `path` may be a change of one of the files.
    pub fn concerns(&self, path: &Path) -> bool {
        self.places.contains(path) || self.places.iter().any(|place| place.parent() == Some(path))
    }

    /// Whether a file looks different now.
    pub fn has_changed(&self) -> bool {
        self.stamps.iter().any(|(file, known)| stamp(file) != *known)
    }
}

fn stamp(file: &Path) -> Option<Stamp> {
    fs::metadata(file).ok().map(|meta| Stamp::of(&meta))
}

/// Folders with the links on the way to them, and the folders that they really are.
#[derive(Default)]
struct Folders(BTreeMap<PathBuf, (Vec<PathBuf>, PathBuf)>);

impl Folders {
    fn real(&mut self, folder: &Path) -> &(Vec<PathBuf>, PathBuf) {
        self.0.entry(folder.to_owned()).or_insert_with(|| real_folder(folder))
    }

    /// Whether a path leads into `home` without a link.
    fn is_plain(&mut self, folder: &Path, home: &Path) -> bool {
        folder.starts_with(home) && self.real(folder).0.is_empty()
    }

    /// Returns a file and the links on the way to it, each by a path whose folder has no links.
    fn places(&mut self, file: &Path) -> Vec<PathBuf> {
        let (mut found, mut next) = (Vec::new(), file.to_owned());
        for _ in 0..MOST_LINKS {
            let (Some(folder), Some(name)) = (next.parent(), next.file_name()) else { break };
            let (links, real) = self.real(folder);
            found.extend(links.iter().cloned());
            let place = real.join(name);
            let target = fs::read_link(&place);
            found.push(place);
            match target {
                Ok(target) => next = real.join(target),
                Err(_) => break,
            }
        }
        found
    }
}

/// Returns the links on the way to an absolute path, and the path without links. What doesn't exist counts as
/// a folder.
fn real_folder(path: &Path) -> (Vec<PathBuf>, PathBuf) {
    let parts = |path: &Path| -> Vec<OsString> {
        path.components().map(|part| part.as_os_str().to_owned()).collect()
    };
    let (mut links, mut at) = (Vec::new(), PathBuf::from("/"));
    let mut rest: VecDeque<OsString> = parts(path).into();
    while let Some(part) = rest.pop_front() {
        match Path::new(&part).components().next() {
            Some(Component::ParentDir) => {
                at.pop();
            }
            Some(Component::Normal(name)) => {
                let next = at.join(name);
                match fs::read_link(&next) {
                    Ok(target) if links.len() < MOST_LINKS => {
                        links.push(next);
                        parts(&target).into_iter().rev().for_each(|part| rest.push_front(part));
                    }
                    _ => at = next,
                }
            }
            Some(Component::RootDir) => at = PathBuf::from("/"),
            _ => {}
        }
    }
    (links, at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn afar(home: &Path, file: &Path) -> Afar {
        Afar::of(home, [file.to_owned()].iter())
    }

    #[test]
    fn every_link_on_the_way_to_a_file_is_found() {
        let root = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(root.path()).unwrap();
        for folder in ["home/in", "far/real", "far/more"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        fs::write(root.join("far/real/x.jpg"), "x").unwrap();
        fs::write(root.join("home/in/y.jpg"), "y").unwrap();
        // A link to a link, through a folder that is a link.
        symlink("real", root.join("far/dir")).unwrap();
        symlink("../dir/x.jpg", root.join("far/more/x.jpg")).unwrap();
        symlink(root.join("far/more/x.jpg"), root.join("home/x.jpg")).unwrap();
        symlink("in/y.jpg", root.join("home/y.jpg")).unwrap();
        symlink("../../far/dir", root.join("home/in/out")).unwrap();
        symlink("../gone/z.jpg", root.join("home/z.jpg")).unwrap();
        let home = root.join("home");
        let places = |file: &str| -> Vec<PathBuf> {
            afar(&home, &home.join(file))
                .places
                .into_iter()
                .map(|at| at.strip_prefix(&root).unwrap().into())
                .collect()
        };
        let paths = |paths: &[&str]| paths.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(places("x.jpg"), paths(&["far/dir", "far/more/x.jpg", "far/real/x.jpg"]));
        assert_eq!(places("in/out/x.jpg"), paths(&["far/dir", "far/real/x.jpg"]));
        assert_eq!(places("z.jpg"), paths(&["gone/z.jpg"]));
        assert_eq!((places("y.jpg"), places("in/y.jpg")), (vec![], vec![]));
        let found = afar(&home, &home.join("x.jpg"));
        assert_eq!(
            found.folders(),
            [&root.join("far"), &root.join("far/more"), &root.join("far/real")]
                .map(|path| path.as_path())
                .into()
        );
        assert!(found.concerns(&root.join("far/dir")) && found.concerns(&root.join("far/real")));
        assert!(!found.concerns(&root.join("far/other.jpg")));
        symlink("loop", root.join("home/loop")).unwrap();
        assert_eq!(places("loop"), paths(&[]));
    }

    #[test]
    fn linked_files_and_those_with_several_names_have_stamps() {
        let root = tempfile::tempdir().unwrap();
        let home = fs::canonicalize(root.path()).unwrap();
        for name in ["a", "b"] {
            fs::write(home.join(name), name).unwrap();
        }
        symlink("a", home.join("l")).unwrap();
        assert_eq!(afar(&home, &home.join("a")), Afar::default());
        fs::hard_link(home.join("b"), home.join("c")).unwrap();
        for name in ["l", "c"] {
            let found = afar(&home, &home.join(name));
            assert!(!found.has_changed(), "{name}");
            fs::write(home.join(if name == "l" { "a" } else { "b" }), "longer").unwrap();
            assert!(found.has_changed(), "{name}");
        }
    }
}
