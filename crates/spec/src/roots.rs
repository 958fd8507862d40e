use super::pattern::{WHOLE, folder, is_glob};
use super::{Movie, RuleAction};

/// A place to list before [`select`](super::select()) can be asked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Root {
    /// Relative to the spec's folder, `/` between its parts; empty for that folder itself. May be
    /// a file, which then is its own listing, or may not exist, which is an empty one.
    pub path: String,
    /// The folders below are wanted too; else only the files directly inside.
    pub recursive: bool,
    /// Among those, folders whose name starts with a dot.
    pub hidden: bool,
}

/// The least that must be listed to apply the rules of `media`, in order of path: one named file
/// does not make anyone walk a whole home folder. Rules that take away need no listing.
pub fn roots(movie: &Movie) -> Vec<Root> {
    let takes = movie.media.iter().filter(|rule| rule.action != RuleAction::Drop);
    let all: Vec<Root> = takes.flat_map(|rule| wanted(&rule.pattern)).collect();
    let mut least: Vec<Root> = Vec::new();
    for (index, root) in all.iter().enumerate() {
        let covered = all.iter().enumerate().any(|(other_index, other)| {
            // Of two that list the same, the first stays.
            other.covers(root) && (other_index < index || !root.covers(other))
        });
        if !covered {
            least.push(root.clone());
        }
    }
    least.sort();
    least
}

fn wanted(pattern: &str) -> Vec<Root> {
    if pattern == WHOLE {
        return vec![Root { path: String::new(), recursive: true, hidden: false }];
    }
    // What looks like a glob may still be the name of a file or folder.
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
    /// Whether listing this one lists the other too.
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
