//! Lists the files of a project: each folder once, by the least deep of the paths that lead to it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::fs::{self, DirEntry, Metadata};
use std::io::{Error, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::on_disk::OnDisk;
use mmm_base::diagnostics::io_words;
use mmm_base::{Cancel, MediaPath};
use mmm_spec::{Listing, Root, SharedFolder};

/// The most other paths of one folder that are kept, besides those that a rule names.
const MOST_PATHS: usize = 32;

/// The files that the rules of a movie may include.
#[derive(Default)]
pub(super) struct Listed {
    pub files: Listing,
    pub passed: Passed,
}

/// What a listing skips.
#[derive(Default)]
pub(super) struct Passed {
    /// Names that are not UTF-8.
    pub odd: Vec<PathBuf>,
    /// Links that lead out of the movie's folder, with `/` between the parts of their paths.
    pub outside: BTreeSet<String>,
    /// Folders that can't be read, each with the reason.
    pub denied: BTreeMap<String, String>,
}

/// Lists the files below `folder` that `roots` cover. If `cancel` is set meanwhile, returns at once what was
/// found so far.
pub(super) fn list(folder: &Path, roots: &[Root], cancel: &Cancel) -> Listed {
    let home = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let mut walk = Walk {
        folder,
        home,
        open: BinaryHeap::new(),
        read: BTreeMap::new(),
        roots: roots.iter().map(|root| root.path.as_str()).collect(),
        named: Vec::new(),
        files: BTreeSet::new(),
        odd: BTreeSet::new(),
        passed: Passed::default(),
    };
    let disk = OnDisk::new(folder);
    for root in roots {
        disk.spellings(&root.path).into_iter().for_each(|path| walk.start(root, path));
    }
    while let Some(Reverse(next)) = walk.open.pop()
        && !cancel.is_cancelled()
    {
        walk.visit(next, cancel);
    }
    walk.finish()
}

/// A folder to read. The order is that of reading: the least deep first, and before links.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Open {
    depth: usize,
    /// Whether a part of the path is a link.
    is_linked: bool,
    path: String,
    /// Whether to read subfolders as well, and hidden names.
    recursive: bool,
    hidden: bool,
}

/// A folder that was read, by device and inode.
struct ReadFolder {
    path: String,
    is_linked: bool,
    others: BTreeSet<String>,
    recursive: bool,
    hidden: bool,
}

struct Walk<'a> {
    folder: &'a Path,
    home: PathBuf,
    open: BinaryHeap<Reverse<Open>>,
    read: BTreeMap<(u64, u64), ReadFolder>,
    roots: BTreeSet<&'a str>,
    /// Files that roots name, with their depth.
    named: Vec<(usize, String)>,
    files: BTreeSet<MediaPath>,
    odd: BTreeSet<PathBuf>,
    passed: Passed,
}

impl Walk<'_> {
    fn start(&mut self, root: &Root, path: String) {
        let depth = if path.is_empty() { 0 } else { path.split('/').count() };
        match fs::metadata(self.folder.join(&path)) {
            Ok(meta) if meta.is_dir() => {
                let (is_linked, &Root { recursive, hidden, .. }) = (self.is_linked(&path), root);
                self.open.push(Reverse(Open { depth, is_linked, path, recursive, hidden }));
            }
            // A file that the spec names exactly may be a link to anywhere.
            Ok(_) => self.named.push((depth, path)),
            Err(error) => self.deny(path, &error),
        }
    }

    fn is_linked(&self, path: &str) -> bool {
        fs::canonicalize(self.folder.join(path)).ok() != Some(self.home.join(path))
    }

    /// Adds the files that roots name, each to the folder that it is in.
    fn add_named(&mut self) {
        let mut named = std::mem::take(&mut self.named);
        named.sort();
        let mut folders: BTreeMap<String, Option<(u64, u64)>> = BTreeMap::new();
        for (_, path) in named {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
            let known = folders.get(folder).copied().unwrap_or_else(|| self.folder_of_named(folder));
            folders.insert(folder.to_owned(), known);
            let shown = known.and_then(|identity| self.read.get(&identity)).map(|read| &read.path);
            let path = shown.map_or_else(|| path.clone(), |shown| join(shown, name));
            self.files.extend(MediaPath::new(&path).ok());
        }
    }

    /// Returns the identity of a folder that holds a named file, and adds it to the folders that were read.
    fn folder_of_named(&mut self, path: &str) -> Option<(u64, u64)> {
        let identity = identity(&fs::metadata(self.folder.join(path)).ok()?);
        match self.read.get_mut(&identity) {
            Some(known) if known.path == path => {}
            Some(known) => {
                known.others.insert(path.to_owned());
            }
            None => {
                let is_linked = self.is_linked(path);
                let (path, others) = (path.to_owned(), BTreeSet::new());
                let folder = ReadFolder { path, is_linked, others, recursive: false, hidden: false };
                self.read.insert(identity, folder);
            }
        }
        Some(identity)
    }

    /// Records why a folder can't be read; one that is missing is no folder to read.
    fn deny(&mut self, path: String, error: &Error) {
        let is_missing = matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
        if !is_missing {
            self.passed.denied.insert(path, io_words(error));
        }
    }

    /// Whether a path leads to a place inside the movie's folder. Records a link that leads out of it.
    fn is_inside(&mut self, path: &str) -> bool {
        let real = fs::canonicalize(self.folder.join(path));
        let inside = real.is_ok_and(|real| real.starts_with(&self.home));
        if !inside {
            self.passed.outside.insert(path.to_owned());
        }
        inside
    }

    fn visit(&mut self, mut next: Open, cancel: &Cancel) {
        if next.is_linked && !self.is_inside(&next.path) {
            return;
        }
        let meta = match fs::metadata(self.folder.join(&next.path)) {
            Ok(meta) => meta,
            Err(error) => return self.deny(next.path, &error),
        };
        if let Some(known) = self.read.get_mut(&identity(&meta)) {
            // Two paths without links are two folders, even if a file system numbers them alike.
            let is_same = known.path == next.path || known.is_linked || next.is_linked;
            if is_same {
                if known.path != next.path {
                    known.others.insert(next.path);
                }
                let is_complete = known.recursive >= next.recursive && known.hidden >= next.hidden;
                if is_complete {
                    return;
                }
                known.recursive |= next.recursive;
                known.hidden |= next.hidden;
                next = Open {
                    depth: next.depth,
                    is_linked: known.is_linked,
                    path: known.path.clone(),
                    recursive: known.recursive,
                    hidden: known.hidden,
                };
            }
        } else {
            let Open { path, is_linked, recursive, hidden, .. } = &next;
            let (path, others) = (path.clone(), BTreeSet::new());
            let folder =
                ReadFolder { path, is_linked: *is_linked, others, recursive: *recursive, hidden: *hidden };
            self.read.insert(identity(&meta), folder);
        }
        let entries = match fs::read_dir(self.folder.join(&next.path)) {
            Ok(entries) => entries,
            Err(error) => return self.deny(next.path, &error),
        };
        for entry in entries {
            if cancel.is_cancelled() {
                return;
            }
            match entry {
                Ok(entry) => self.entry(&next, &entry),
                Err(error) => return self.deny(next.path, &error),
            }
        }
    }

    fn entry(&mut self, folder: &Open, entry: &DirEntry) {
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            self.odd.insert(entry.path());
            return;
        };
        if name.starts_with('.') && !folder.hidden {
            return;
        }
        let path = join(&folder.path, name);
        let kind = entry.file_type();
        let is_link = kind.as_ref().is_ok_and(|kind| kind.is_symlink());
        let is_folder = match kind {
            Ok(kind) if !is_link => kind.is_dir(),
            // A link that leads nowhere is listed as a file, so that a rule that matches it reports it.
            _ => fs::metadata(entry.path()).is_ok_and(|meta| meta.is_dir()),
        };
        if is_folder {
            if folder.recursive {
                let is_linked = folder.is_linked || is_link;
                let Open { depth, recursive, hidden, .. } = *folder;
                self.open.push(Reverse(Open { depth: depth + 1, is_linked, path, recursive, hidden }));
            }
        } else if !is_link || fs::canonicalize(entry.path()).is_err() || self.is_inside(&path) {
            self.files.extend(MediaPath::new(&path).ok());
        }
    }

    fn finish(mut self) -> Listed {
        self.add_named();
        let real = |path: &str| {
            let real = fs::canonicalize(self.folder.join(path)).ok()?;
            Some(real.strip_prefix(&self.home).ok()?.to_str()?.to_owned())
        };
        let shared = self.read.into_values().filter(|read| read.is_linked || !read.others.is_empty());
        let shared = shared.map(|read| SharedFolder {
            real: real(&read.path).unwrap_or_else(|| read.path.clone()),
            others: least_deep(read.others, &self.roots),
            shown: read.path,
        });
        let mut folders: Vec<SharedFolder> = shared.collect();
        folders.sort_by(|a, b| a.shown.cmp(&b.shown));
        let files = Listing { files: self.files.into_iter().collect(), folders };
        Listed { files, passed: Passed { odd: self.odd.into_iter().collect(), ..self.passed } }
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn identity(meta: &Metadata) -> (u64, u64) {
    (meta.dev(), meta.ino())
}

fn least_deep(paths: BTreeSet<String>, roots: &BTreeSet<&str>) -> Vec<String> {
    let (mut kept, mut rest): (Vec<String>, Vec<String>) =
        paths.into_iter().partition(|path| roots.contains(path.as_str()));
    rest.sort_by_key(|path| path.matches('/').count());
    rest.truncate(MOST_PATHS);
    kept.extend(rest);
    kept.sort();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::time::{Duration, Instant};

    fn folder(files: &[&str], links: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file).unwrap();
        }
        for (link, target) in links {
            symlink(target, folder.path().join(link)).unwrap();
        }
        folder
    }

    fn root(path: &str) -> Root {
        Root { path: path.to_owned(), recursive: true, hidden: false }
    }

    fn listed(folder: &tempfile::TempDir, roots: &[Root]) -> (Vec<String>, Listed) {
        let start = Instant::now();
        let listed = list(folder.path(), roots, &Cancel::default());
        assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
        (listed.files.files.iter().map(MediaPath::to_string).collect(), listed)
    }

    #[test]
    fn folders_in_circles_are_read_once_by_their_least_deep_path() {
        let two = folder(&["a/hill", "c/bee"], &[("a/c2", "../c"), ("c/back", "../a"), ("c/self", ".")]);
        assert_eq!(listed(&two, &[root("")]).0, ["a/hill", "c/bee"]);
        assert_eq!(listed(&two, &[root("a")]).0, ["a/c2/bee", "a/hill"]);
        // Links to folders around them, and to themselves.
        let up = folder(&["a/b/c/x", "y"], &[("a/b/c/up", "../.."), ("a/b/top", "../.."), ("loop", "loop")]);
        let (files, all) = listed(&up, &[root("")]);
        assert_eq!(files, ["a/b/c/x", "loop", "y"]);
        let paths: Vec<&str> = all.files.folders.iter().map(|folder| folder.shown.as_str()).collect();
        assert_eq!(paths, ["", "a"]);
        assert_eq!(all.files.folders[0].others, ["a/b/top"]);
        assert_eq!(listed(&up, &[root("a/b/c")]).0, ["a/b/c/up/b/top/loop", "a/b/c/up/b/top/y", "a/b/c/x"]);
    }

    #[test]
    fn folders_that_all_link_to_each_other_are_read_in_a_moment() {
        let names: Vec<String> = (0..40).map(|n| format!("year {n}")).collect();
        let files: Vec<String> = names.iter().map(|name| format!("{name}/x")).collect();
        let mesh = folder(&files.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
        for (from, to) in names.iter().flat_map(|from| names.iter().map(move |to| (from, to))) {
            symlink(format!("../{to}"), mesh.path().join(from).join(format!("see {to}"))).unwrap();
        }
        let (all, _) = listed(&mesh, &[root("")]);
        assert_eq!(all.len(), 40);
        assert!(all.iter().all(|path| path.matches('/').count() == 1 && !path.contains("see")), "{all:?}");
        // From one of them, all others are one link away.
        let (below, found) = listed(&mesh, &[root("year 7")]);
        assert_eq!(below.len(), 40);
        assert!(below.contains(&"year 7/x".to_owned()) && below.contains(&"year 7/see year 8/x".to_owned()));
        assert_eq!(found.files.folders.len(), 40);
        // Two of them: each file has its least deep path.
        let (both, _) = listed(&mesh, &[root("year 7"), root("year 8")]);
        assert_eq!(both.len(), 40);
        assert!(both.contains(&"year 8/x".to_owned()) && both.contains(&"year 7/see year 9/x".to_owned()));
    }

    #[test]
    fn of_paths_that_are_equally_deep_the_one_without_links_is_shown() {
        let linked = folder(&["z/x", "deep/er/y"], &[("a", "z"), ("m", "deep/er"), ("n", "deep/er")]);
        let (files, all) = listed(&linked, &[root("")]);
        assert_eq!(files, ["m/y", "z/x"]);
        let shared = |shown: &str, others: &[&str], real: &str| SharedFolder {
            shown: shown.to_owned(),
            others: others.iter().map(|other| (*other).to_owned()).collect(),
            real: real.to_owned(),
        };
        let want = [shared("m", &["deep/er", "n"], "deep/er"), shared("z", &["a"], "z")];
        assert_eq!(all.files.folders, want);
        // A file that is named through another path of a folder is still one file.
        let (files, all) = listed(&linked, &[root("m"), root("deep/er/y"), root("a/x"), root("z/x")]);
        assert_eq!(files, ["a/x", "m/y"]);
        assert_eq!(
            all.files.folders.iter().map(|it| it.others.join(" ")).collect::<Vec<_>>(),
            ["z", "deep/er"]
        );
    }

    #[test]
    fn a_shallow_listing_and_a_deep_one_of_the_same_folder_add_up() {
        let mixed = folder(&["a/x", "a/.h/y", "a/b/z"], &[("l", "a")]);
        let flat = Root { path: "a".to_owned(), recursive: false, hidden: false };
        assert_eq!(listed(&mixed, std::slice::from_ref(&flat)).0, ["a/x"]);
        assert_eq!(listed(&mixed, &[flat.clone(), root("l")]).0, ["a/b/z", "a/x"]);
        let hidden = Root { path: "l".to_owned(), recursive: true, hidden: true };
        assert_eq!(listed(&mixed, &[flat, hidden]).0, ["a/.h/y", "a/b/z", "a/x"]);
    }

    #[test]
    fn names_in_another_form_are_listed_as_they_are_on_the_disk() {
        let files = ["e\u{301}te\u{301}/a", "e\u{301}te\u{301}/b"];
        let mac = folder(&files, &[]);
        assert_eq!(listed(&mac, &[root("\u{e9}t\u{e9}")]).0, files);
        assert_eq!(listed(&mac, &[root("\u{e9}t\u{e9}/b")]).0, [files[1]]);
    }

    #[test]
    fn a_listing_that_is_cancelled_ends() {
        let some = folder(&["a/x", "b"], &[]);
        let cancel = Cancel::default();
        cancel.cancel();
        assert_eq!(list(some.path(), &[root("")], &cancel).files.files, []);
    }
}
