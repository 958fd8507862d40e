use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::natural::natural_order;
use super::pattern::{WHOLE, folder, glob_set, is_glob};
use super::{Known, Movie, RuleAction};
use mmm_base::MediaPath;

/// The files from a listing that a movie's `media` includes.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Selection {
    /// In the order of the rules; files of one rule in natural order of their paths (`IMG_2` before
    /// `IMG_10`).
    pub taken: Vec<Taken>,
    /// Including rules that matched no file, as indices into `Movie::media`.
    pub unmatched: Vec<usize>,
    /// Excluding rules that matched no included file.
    pub idle: Vec<usize>,
}

/// One included file.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Taken {
    pub path: MediaPath,
    /// The rule that included it, as an index into `Movie::media`; determines its place in the order.
    pub rule: usize,
    /// The last rule that matched it; diagnostics about its settings point there.
    pub last_rule: usize,
    /// Whether a rule names this very file, not a folder or glob that contains it. It is then a mistake if
    /// the file is not a photo or clip.
    pub named: bool,
    pub known: Known,
}

/// Applies the rules of `media`, in order, to a listing of the files below the spec's folder.
///
/// A rule names a file, a folder with everything below it, or a glob. A name that is in the listing character
/// for character is that file or folder, even if it could be read as a glob.
///
/// - If a rule matches a file that is already included, the file keeps its place and the rule's settings are
///   added: new values replace earlier ones, and `required` stays set.
/// - If a rule matches a file that was excluded, the file is included again, at the later place.
/// - Hidden files (a part of the path starts with a dot) are included only if the pattern contains that very
///   part.
/// - Files that the movie itself writes are never included.
pub fn select(movie: &Movie, listing: &[MediaPath]) -> Selection {
    let outputs: BTreeSet<&MediaPath> = movie.outputs.iter().map(|output| &output.name).collect();
    let files: BTreeSet<&str> =
        listing.iter().filter(|path| !outputs.contains(path)).map(MediaPath::as_str).collect();
    let mut taken: BTreeMap<&str, Taken> = BTreeMap::new();
    let mut selection = Selection::default();
    for (index, rule) in movie.media.iter().enumerate() {
        let matched = matches(&rule.pattern, &files);
        match &rule.action {
            RuleAction::Take(known) => {
                let mut any = false;
                for path in matched.into_iter().filter(|path| shown(path, &rule.pattern)) {
                    any = true;
                    take(&mut taken, path, index, *path == rule.pattern, known);
                }
                if !any {
                    selection.unmatched.push(index);
                }
            }
            RuleAction::Drop => {
                let before = taken.len();
                matched.into_iter().for_each(|path| drop(taken.remove(path)));
                if taken.len() == before {
                    selection.idle.push(index);
                }
            }
        }
    }
    selection.taken = taken.into_values().collect();
    selection
        .taken
        .sort_by(|a, b| a.rule.cmp(&b.rule).then_with(|| natural_order(a.path.as_str(), b.path.as_str())));
    selection
}

fn take<'a>(taken: &mut BTreeMap<&'a str, Taken>, path: &'a str, rule: usize, named: bool, known: &Known) {
    if let Some(earlier) = taken.get_mut(path) {
        earlier.last_rule = rule;
        earlier.named |= named;
        earlier.known.add(known);
    } else if let Ok(whole) = MediaPath::new(path) {
        let fresh = Taken { path: whole, rule, last_rule: rule, named, known: known.clone() };
        taken.insert(path, fresh);
    }
}

impl Known {
    /// Adds the settings of a later rule.
    fn add(&mut self, later: &Self) {
        fn replace<T: Clone>(slot: &mut Option<T>, later: &Option<T>) {
            if later.is_some() {
                slot.clone_from(later);
            }
        }
        self.required |= later.required;
        replace(&mut self.from, &later.from);
        replace(&mut self.to, &later.to);
        replace(&mut self.speed, &later.speed);
        replace(&mut self.steady, &later.steady);
        replace(&mut self.sound, &later.sound);
        replace(&mut self.caption, &later.caption);
        replace(&mut self.focus, &later.focus);
        replace(&mut self.role, &later.role);
        replace(&mut self.taken, &later.taken);
        replace(&mut self.clock_s, &later.clock_s);
        replace(&mut self.zone, &later.zone);
    }
}

/// Returns the files that a pattern names: the file or folder of that name, otherwise those that match it as
/// a glob.
fn matches<'a>(pattern: &str, files: &BTreeSet<&'a str>) -> Vec<&'a str> {
    if pattern == WHOLE {
        return files.iter().copied().collect();
    }
    let below = format!("{}/", folder(pattern));
    let named = files.get(pattern).copied().into_iter();
    let inside = files
        .range::<str, _>((Bound::Included(below.as_str()), Bound::Unbounded))
        .copied()
        .take_while(|path| path.starts_with(&below));
    let literal: Vec<&str> = named.chain(inside).collect();
    if !literal.is_empty() || !is_glob(pattern) {
        return literal;
    }
    match glob_set(pattern) {
        Ok(glob) => files.iter().copied().filter(|path| glob.is_match(path)).collect(),
        // The parser has already reported it.
        Err(_) => Vec::new(),
    }
}

/// Whether every hidden part of `path` is also a part of the pattern.
fn shown(path: &str, pattern: &str) -> bool {
    path.split('/')
        .filter(|part| part.starts_with('.'))
        .all(|part| pattern.split('/').any(|named| named == part))
}
