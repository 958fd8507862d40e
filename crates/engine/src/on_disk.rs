use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use mmm_base::MediaPath;
use mmm_spec::{folded_name, nearest_name, normal_name};

/// The names below a folder as the disk has them, for paths of a spec that are written differently. Reads each
/// folder at most once.
pub(super) struct OnDisk<'a> {
    folder: &'a Path,
    names: RefCell<BTreeMap<String, Rc<Vec<DiskName>>>>,
}

struct DiskName {
    name: String,
    folded: String,
    is_folder: bool,
}

/// A path on the disk that a wrong path of the spec may mean.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct NearPath {
    /// With a `/` at its end if it is a folder.
    pub path: String,
    /// Whether only letter case differs.
    pub is_same_but_case: bool,
}

/// The most folders that are searched for one path: folders that link to each other have endlessly many.
const MOST_STEPS: usize = 256;

/// Picks names in a folder: from the written part, whether it is the last one, and the names that are there.
type Choose<'a> = dyn Fn(&str, bool, &[DiskName]) -> Vec<String> + 'a;

impl<'a> OnDisk<'a> {
    pub fn new(folder: &'a Path) -> Self {
        Self { folder, names: RefCell::default() }
    }

    /// Returns where a file is that the spec names, even if the disk has its name in another Unicode form.
    pub fn place(&self, path: &MediaPath) -> PathBuf {
        let exact = path.under(self.folder);
        if path.as_str().is_ascii() || is_there(&exact) {
            return exact;
        }
        self.spellings(path.as_str()).first().map_or(exact, |found| self.folder.join(found))
    }

    /// Returns the paths on the disk that equal `path` in composed form, the most similar first; only `path`
    /// itself if it exists.
    pub fn spellings(&self, path: &str) -> Vec<String> {
        if path.is_empty() || is_there(&self.folder.join(path)) {
            return vec![path.to_owned()];
        }
        if path.is_ascii() {
            return Vec::new();
        }
        let choose = |part: &str, _: bool, names: &[DiskName]| {
            let normal = normal_name(part);
            let is_same = |name: &&DiskName| normal_name(&name.name) == normal;
            exact_first(part, names.iter().filter(is_same))
        };
        self.search(path, false, &choose)
    }

    /// Returns the existing path that `path` most likely means: one that differs only in letter case, else
    /// the nearest. Looks into no folder outside of this one.
    pub fn nearest(&self, path: &str) -> Option<NearPath> {
        let same_but_case = |part: &str, _: bool, names: &[DiskName]| {
            let folded = folded_name(part);
            exact_first(part, names.iter().filter(|name| name.folded == folded))
        };
        let near = |part: &str, is_last: bool, names: &[DiskName]| {
            let same = same_but_case(part, is_last, names);
            if !same.is_empty() {
                return same;
            }
            let fitting = names.iter().filter(|name| is_last || name.is_folder);
            let fitting = fitting.filter(|name| part.starts_with('.') || !name.name.starts_with('.'));
            nearest_name(part, fitting.map(|name| name.name.as_str()))
                .map(str::to_owned)
                .into_iter()
                .collect()
        };
        let first = |found: Vec<String>, is_same_but_case| {
            let path = found.into_iter().next()?;
            let end = if self.folder.join(&path).is_dir() { "/" } else { "" };
            Some(NearPath { path: path + end, is_same_but_case })
        };
        first(self.search(path, true, &same_but_case), true)
            .or_else(|| first(self.search(path, true, &near), false))
    }

    /// Returns the paths whose parts `choose` picks one after the other: from the written part, whether it is
    /// the last one, and the names in the folder.
    fn search(&self, path: &str, confined: bool, choose: &Choose<'_>) -> Vec<String> {
        let parts: Vec<&str> = path.split('/').collect();
        let mut steps = MOST_STEPS + parts.len();
        let (mut found, mut open) = (Vec::new(), vec![(String::new(), 0)]);
        while let Some((at, depth)) = open.pop()
            && steps > 0
        {
            steps -= 1;
            let Some(part) = parts.get(depth) else {
                found.push(at);
                continue;
            };
            let names = self.names(&at, confined);
            let chosen = choose(part, depth + 1 == parts.len(), &names);
            open.extend(chosen.into_iter().rev().map(|name| (join(&at, &name), depth + 1)));
        }
        found
    }

    /// Returns the names in a folder, sorted; none if it can't be read or, if `confined`, lies outside.
    fn names(&self, at: &str, confined: bool) -> Rc<Vec<DiskName>> {
        let place = self.folder.join(at);
        let is_outside = || {
            let real = |path: &Path| fs::canonicalize(path).ok();
            !real(&place).zip(real(self.folder)).is_some_and(|(place, folder)| place.starts_with(folder))
        };
        if confined && is_outside() {
            return Rc::default();
        }
        if let Some(known) = self.names.borrow().get(at) {
            return Rc::clone(known);
        }
        let entries = fs::read_dir(&place).into_iter().flatten().flatten();
        let mut names: Vec<DiskName> = entries
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let is_folder = entry.path().is_dir();
                Some(DiskName { folded: folded_name(&name), name, is_folder })
            })
            .collect();
        names.sort_by(|a, b| a.name.cmp(&b.name));
        let names = Rc::new(names);
        self.names.borrow_mut().insert(at.to_owned(), Rc::clone(&names));
        names
    }
}

/// Whether something has this path, or may have it in a folder that can't be searched.
fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).map_or_else(|error| error.kind() == ErrorKind::PermissionDenied, |_| true)
}

/// Returns names with the written one first, then those that equal it in composed form.
fn exact_first<'n>(written: &str, names: impl Iterator<Item = &'n DiskName>) -> Vec<String> {
    let mut names: Vec<String> = names.map(|name| name.name.clone()).collect();
    let normal = normal_name(written);
    names.sort_by_key(|name| (name != written, normal_name(name) != normal));
    names
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        folder
    }

    #[test]
    fn a_file_is_found_in_either_form_of_its_name() {
        let (composed, decomposed) = ("\u{e9}t\u{e9}/caf\u{e9}.beats", "e\u{301}te\u{301}/cafe\u{301}.beats");
        for (written, there) in [(composed, decomposed), (decomposed, composed)] {
            let folder = folder(&[there]);
            let place = |path: &str| OnDisk::new(folder.path()).place(&MediaPath::new(path).unwrap());
            assert_eq!(place(written), folder.path().join(there));
            assert_eq!(place(there), folder.path().join(there));
            assert_eq!(place("\u{e9}t\u{e9}/x"), folder.path().join("\u{e9}t\u{e9}/x"));
            // The exact name wins, even if its folder is written differently.
            let twin = format!("{}/{}", there.split('/').next().unwrap(), written.split('/').nth(1).unwrap());
            fs::write(folder.path().join(&twin), "twin").unwrap();
            assert_eq!(place(written), folder.path().join(&twin));
        }
    }

    #[test]
    fn the_nearest_path_is_found() {
        let folder =
            folder(&["Photos/IMG_1.JPG", "Photos/sub/a.jpg", "private/x.jpg", "PHOTOS/b.jpg", ".git/x"]);
        let nearest = |path: &str| {
            let found = OnDisk::new(folder.path()).nearest(path)?;
            Some((found.path, found.is_same_but_case))
        };
        let case = |path: &str| Some((path.to_owned(), true));
        let typo = |path: &str| Some((path.to_owned(), false));
        assert_eq!(nearest("photos/img_1.jpg"), case("Photos/IMG_1.JPG"));
        assert_eq!(nearest("photos/SUB"), case("Photos/sub/"));
        assert_eq!(nearest("photos/B.jpg"), case("PHOTOS/b.jpg"));
        assert_eq!(nearest("privat"), typo("private/"));
        assert_eq!(nearest("privat/X.jpg"), typo("private/x.jpg"));
        assert_eq!(nearest("receipts"), None);
        assert_eq!(nearest("gti"), None);
    }

    #[test]
    fn folders_that_link_to_each_other_are_searched_briefly_and_none_outside() {
        let outside = folder(&["Secret.jpg"]);
        let folder = folder(&["a/x.jpg"]);
        for name in ["a/A", "a/b", "a/B", "A"] {
            symlink(folder.path().join("a"), folder.path().join(name)).unwrap();
        }
        symlink(outside.path(), folder.path().join("out")).unwrap();
        let disk = OnDisk::new(folder.path());
        assert_eq!(disk.nearest(&format!("{}gone", "a/".repeat(500))), None);
        assert_eq!(disk.nearest("a/b/X.jpg").unwrap().path, "a/b/x.jpg");
        assert_eq!(disk.nearest("out/secret.jpg"), None);
    }
}
