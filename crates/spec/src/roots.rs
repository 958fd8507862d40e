use std::collections::{BTreeMap, BTreeSet};

use super::pattern::{WHOLE, folder, is_glob};
use super::{Movie, RuleAction};

/// A place that must be listed before [`select`](super::select()) can run.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Root {
    /// Relative to the spec's folder, with `/` between its parts; empty for that folder itself. It may be a
    /// file, which is then its own listing, or may not exist, which gives an empty listing.
    pub path: String,
    /// Whether subfolders are listed too, or only the files directly inside.
    pub recursive: bool,
    /// Whether subfolders whose name starts with a dot are included.
    pub hidden: bool,
}

/// Returns the minimum that must be listed to apply the rules of `media`, in order of path. A single named
/// file, for example, does not require listing a whole home folder. Rules that exclude files need no listing.
pub fn roots(movie: &Movie) -> Vec<Root> {
    let takes = movie.media.iter().filter(|rule| rule.action != RuleAction::Drop);
    let all: BTreeSet<Root> = takes.flat_map(|rule| wanted(&rule.pattern)).collect();
    let mut by_path: BTreeMap<&str, Vec<&Root>> = BTreeMap::new();
    for root in &all {
        by_path.entry(&root.path).or_default().push(root);
    }
    // Only a root at the same path or above it can cover another one.
    let is_covered = |root: &&Root| {
        let around = lineage(&root.path).filter_map(|path| by_path.get(path)).flatten();
        around.copied().any(|other| other != *root && other.covers(root))
    };
    all.iter().filter(|root| !is_covered(root)).cloned().collect()
}

/// Returns a path, the folders around it from the inside out, and the empty path.
fn lineage(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| match path.rsplit_once('/') {
        Some((folder, _)) => Some(folder),
        None => (!path.is_empty()).then_some(""),
    })
}

fn wanted(pattern: &str) -> Vec<Root> {
    if pattern == WHOLE {
        return vec![Root { path: String::new(), recursive: true, hidden: false }];
    }
    // A pattern that looks like a glob may also be the name of a file or folder.
    let name = Root { path: folder(pattern).to_owned(), recursive: true, hidden: false };
    if !is_glob(folder(pattern)) {
        return vec![name];
    }
    let parts: Vec<&str> = pattern.split('/').collect();
    let fixed = parts.iter().take_while(|part| !is_glob(part)).count();
    let open = &parts[fixed..];
    let around = Root {
        path: parts[..fixed].join("/"),
        recursive: open.len() > 1 || pattern.contains("**"),
        hidden: open.iter().any(|part| part.starts_with('.')),
    };
    vec![name, around]
}

impl Root {
    /// Whether listing this root also lists `other`.
    fn covers(&self, other: &Self) -> bool {
        if self.path == other.path {
            return self.recursive >= other.recursive && self.hidden >= other.hidden;
        }
        let below = match self.path.as_str() {
            "" => Some(other.path.as_str()),
            path => other.path.strip_prefix(path).and_then(|rest| rest.strip_prefix('/')),
        };
        let Some(below) = below else { return false };
        let shown = !other.hidden && !below.split('/').any(|part| part.starts_with('.'));
        self.recursive && (self.hidden || shown)
    }
}
