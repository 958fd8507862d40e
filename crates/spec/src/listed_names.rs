use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::listing::{Listing, SharedFolder};
use super::name_form::normal_name;
use super::pattern::{NameGlob, WHOLE, folder, is_glob};
use mmm_base::MediaPath;

/// Every path of every file of a listing. Where no folder is shared, each file has one.
pub(super) struct ListedNames<'a> {
    /// In order of `name`.
    names: Vec<ListedName<'a>>,
    /// The places in `names`, in order of the normal form; computed when it is first needed.
    by_normal: OnceCell<Vec<usize>>,
}

/// A path that leads to a file.
pub(super) struct ListedName<'a> {
    /// As on the disk.
    pub name: Cow<'a, str>,
    /// In composed form, if that differs.
    normal: Option<String>,
    /// The file's place in the listing.
    pub file: usize,
    /// How far the path is from the one to prefer: 0 for the path in the listing, 1 for others.
    pub rank: u8,
    /// Whether the path has no links.
    pub is_real: bool,
}

impl ListedName<'_> {
    pub fn normal(&self) -> &str {
        self.normal.as_deref().unwrap_or(&self.name)
    }
}

impl<'a> ListedNames<'a> {
    /// Returns the names of a listing, except those of `unwanted` files, which are in composed form.
    pub fn new(listing: &'a Listing, unwanted: &BTreeSet<Cow<'_, str>>) -> Self {
        let shared: BTreeMap<&str, &SharedFolder> =
            listing.folders.iter().map(|folder| (folder.shown.as_str(), folder)).collect();
        let mut names = Vec::with_capacity(listing.files.len());
        for (file, path) in listing.files.iter().enumerate() {
            let normal = match normal_name(path.as_str()) {
                Cow::Owned(normal) => Some(normal),
                Cow::Borrowed(_) => None,
            };
            if unwanted.contains(normal.as_deref().unwrap_or(path.as_str())) {
                continue;
            }
            let name = Cow::Borrowed(path.as_str());
            names.push(ListedName { name, normal, file, rank: 0, is_real: true });
            if !shared.is_empty() {
                add_other_names(path, file, &shared, &mut names);
            }
        }
        names.sort_by(|a, b| a.name.cmp(&b.name));
        Self { names, by_normal: OnceCell::new() }
    }

    pub fn at(&self, place: usize) -> &ListedName<'a> {
        &self.names[place]
    }

    /// Returns the places of the names that a pattern matches: the file or folder of that name, otherwise
    /// those that match it as a glob.
    pub fn matches(&self, pattern: &str) -> Vec<usize> {
        if pattern == WHOLE {
            return (0..self.names.len()).collect();
        }
        let exact = self.exact(pattern);
        if !exact.is_empty() {
            return exact;
        }
        let normal = normal_name(pattern);
        let literal = self.alike(pattern, &normal);
        if !literal.is_empty() || !is_glob(pattern) {
            return literal;
        }
        match NameGlob::new(&normal) {
            Ok(glob) => (0..self.names.len()).filter(|at| glob.is_match(self.names[*at].normal())).collect(),
            // The parser has already reported it.
            Err(_) => Vec::new(),
        }
    }

    /// Returns the file of this very name, or the files of the folder.
    fn exact(&self, pattern: &str) -> Vec<usize> {
        let below = format!("{}/", folder(pattern));
        let from = |text: &str| self.names.partition_point(|name| &*name.name < text);
        let named = Some(from(pattern)).filter(|at| self.names.get(*at).is_some_and(|it| it.name == pattern));
        let inside =
            (from(&below)..self.names.len()).take_while(|at| self.names[*at].name.starts_with(&below));
        named.into_iter().chain(inside).collect()
    }

    /// Returns the file or folder whose name equals the pattern in composed form. If there are several, the
    /// one whose parts are written most like the pattern's from the left.
    fn alike(&self, pattern: &str, normal: &str) -> Vec<usize> {
        let order = self.by_normal.get_or_init(|| {
            let mut order: Vec<usize> = (0..self.names.len()).collect();
            order.sort_by(|a, b| self.names[*a].normal().cmp(self.names[*b].normal()));
            order
        });
        let below = format!("{}/", folder(normal));
        let from = |text: &str| order.partition_point(|at| self.names[*at].normal() < text);
        let range = |start: usize, fits: &dyn Fn(&str) -> bool| {
            let fitting = order[start..].iter().copied();
            fitting.take_while(|at| fits(self.names[*at].normal())).collect::<Vec<usize>>()
        };
        let mut found = range(from(normal), &|name| name == normal);
        found.extend(range(from(&below), &|name| name.starts_with(&below)));
        let parts: Vec<&str> = folder(pattern).split('/').collect();
        let head = |at: usize| -> (Vec<bool>, Vec<&str>) {
            let written: Vec<&str> = self.names[at].name.split('/').take(parts.len()).collect();
            (written.iter().zip(&parts).map(|(part, wanted)| part != wanted).collect(), written)
        };
        let Some(best) = found.iter().map(|at| head(*at)).min() else { return Vec::new() };
        found.retain(|at| head(*at) == best);
        found
    }
}

/// Adds the names that a file has through shared folders, and marks its name in the listing as no real one if
/// it passes through a link.
fn add_other_names<'a>(
    path: &'a MediaPath,
    file: usize,
    shared: &BTreeMap<&str, &SharedFolder>,
    names: &mut Vec<ListedName<'a>>,
) {
    let path = path.as_str();
    let ends = path.match_indices('/').map(|(at, _)| (&path[..at], &path[at + 1..]));
    let above = [("", path)].into_iter().chain(ends);
    let around: Vec<(&SharedFolder, &str)> =
        above.filter_map(|(folder, rest)| Some((*shared.get(folder)?, rest))).collect();
    let Some((deepest, rest)) = around.last() else { return };
    let real = join(&deepest.real, rest);
    if let Some(own) = names.last_mut() {
        own.is_real = real == path;
    }
    let others = around.iter().flat_map(|(folder, rest)| folder.others.iter().map(|other| join(other, rest)));
    let all: BTreeSet<String> = others.chain([real.clone()]).filter(|name| name != path).collect();
    names.extend(all.into_iter().map(|name| {
        let normal = match normal_name(&name) {
            Cow::Owned(normal) => Some(normal),
            Cow::Borrowed(_) => None,
        };
        let is_real = name == real;
        ListedName { name: Cow::Owned(name), normal, file, rank: 1, is_real }
    }));
}

fn join(folder: &str, rest: &str) -> String {
    if folder.is_empty() { rest.to_owned() } else { format!("{folder}/{rest}") }
}
