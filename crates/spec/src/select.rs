use std::borrow::Cow;
use std::collections::BTreeMap;

use super::listed_names::{ListedName, ListedNames};
use super::listing::Listing;
use super::name_form::normal_name;
use super::natural::natural_order;
use super::{Known, MediaFilter, Movie, RuleAction};
use mmm_base::MediaPath;

/// The files from a listing that a movie's `media` includes.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Selection {
    /// In the order of the rules; files of one rule in natural order of their paths (`IMG_2` before
    /// `IMG_10`).
    pub taken: Vec<Taken>,
    /// Including rules that matched no file, as indices into `Movie::media`.
    pub unmatched: Vec<usize>,
    /// Excluding rules that excluded no file.
    pub idle: Vec<usize>,
    /// Those of `idle` that match files, but none that an earlier rule includes.
    pub early: Vec<usize>,
}

/// One included file.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Taken {
    /// As on the disk.
    pub path: MediaPath,
    /// The rule that included it, as an index into `Movie::media`; determines its place in the order.
    pub rule: usize,
    /// The last rule that matched it; diagnostics about its settings point there.
    pub last_rule: usize,
    /// Whether a rule names this very file, not a folder or glob that contains it. It is then a mistake if
    /// the file is not a photo or clip.
    pub named: bool,
    pub known: Known,
    /// All rules that include it, in order; empty if no rule of the movie has a filter.
    pub rules: Vec<usize>,
}

/// Applies the rules of `media`, in order, to a listing of the files below the spec's folder.
///
/// A rule names a file, a folder with everything below it, or a glob. A name that is in the listing character
/// for character is that file or folder, even if it could be read as a glob. Otherwise names are compared in
/// composed form ([`normal_name`]).
///
/// - If a rule matches a file that is already included, the file keeps its place and the rule's settings are
///   added: new values replace earlier ones, and `required` stays set.
/// - If a rule matches a file that was excluded, the file is included again, at the later place.
/// - Hidden files (a part of the path starts with a dot) are included only if the pattern contains that very
///   part.
/// - Files that the movie itself writes are never included.
/// - If links give a file several paths, a rule that includes one of them includes the file once. A rule that
///   excludes its path without links excludes the file; a rule that excludes a path through a link excludes
///   only that path.
pub fn select(movie: &Movie, listing: &Listing) -> Selection {
    let outputs = movie.outputs.iter().map(|output| normal_name(output.name.as_str())).collect();
    let names = ListedNames::new(listing, &outputs);
    let mut taken: BTreeMap<usize, Included> = BTreeMap::new();
    let mut selection = Selection::default();
    let filters = movie.filters();
    for (index, rule) in movie.media.iter().enumerate() {
        let matched = names.matches(&rule.pattern);
        match &rule.action {
            RuleAction::Take(known) => {
                let pattern = normal_name(&rule.pattern);
                let mut any = false;
                for at in matched.into_iter().filter(|at| shown(names.at(*at).normal(), &pattern)) {
                    any = true;
                    include(&mut taken, (at, names.at(at)), index, &pattern, known);
                    if filters && let Some(included) = taken.get_mut(&names.at(at).file) {
                        included.add_rule(index);
                    }
                }
                if !any {
                    selection.unmatched.push(index);
                }
            }
            RuleAction::Drop => {
                let any = !matched.is_empty();
                let mut excluded = false;
                for at in matched {
                    excluded |= exclude(&mut taken, at, names.at(at));
                }
                if !excluded {
                    selection.idle.push(index);
                    selection.early.extend(any.then_some(index));
                }
            }
        }
    }
    let mut found: Vec<(Cow<'_, str>, Taken)> =
        taken.into_values().filter_map(|included| included.named_best(&names)).collect();
    found.sort_by(|(a, left), (b, right)| {
        left.rule.cmp(&right.rule).then_with(|| natural_order(a, b)).then_with(|| left.path.cmp(&right.path))
    });
    selection.taken = found.into_iter().map(|(_, taken)| taken).collect();
    selection
}

impl Selection {
    /// Returns the files as those of their rules include them whose filters admit them, in the order of
    /// `taken`. A file that no rule includes is left out.
    pub fn admitted(
        &self,
        movie: &Movie,
        mut admits: impl FnMut(&MediaPath, &MediaFilter) -> bool,
    ) -> Vec<Taken> {
        let mut found: Vec<Taken> = Vec::with_capacity(self.taken.len());
        for taken in &self.taken {
            let mut kept: Option<Taken> = None;
            for (index, rule) in
                taken.rules.iter().filter_map(|&index| Some((index, movie.media.get(index)?)))
            {
                let RuleAction::Take(known) = &rule.action else { continue };
                if !rule.filter.is_empty() && !admits(&taken.path, &rule.filter) {
                    continue;
                }
                match &mut kept {
                    Some(kept) => {
                        kept.last_rule = index;
                        kept.known.add(known);
                        kept.rules.push(index);
                    }
                    None => {
                        let (rule, known, rules) = (index, known.clone(), vec![index]);
                        kept = Some(Taken { rule, last_rule: rule, known, rules, ..taken.clone() });
                    }
                }
            }
            found.extend(kept);
        }
        // Files that an earlier rule leaves out stand where a later one includes them.
        found.sort_by(|one, other| {
            let natural =
                || natural_order(&normal_name(one.path.as_str()), &normal_name(other.path.as_str()));
            one.rule.cmp(&other.rule).then_with(natural).then_with(|| one.path.cmp(&other.path))
        });
        found
    }
}

/// An included file and the paths under which it is included, as places in the names.
struct Included {
    taken: Taken,
    paths: Vec<usize>,
}

impl Included {
    fn add_rule(&mut self, rule: usize) {
        if self.taken.rules.last() != Some(&rule) {
            self.taken.rules.push(rule);
        }
    }

    /// Returns the file under the best of its paths, with that path in composed form.
    fn named_best<'a>(self, names: &'a ListedNames<'_>) -> Option<(Cow<'a, str>, Taken)> {
        let paths = self.paths.iter().map(|at| names.at(*at));
        let depth = |name: &ListedName<'_>| name.name.matches('/').count();
        let best = paths.min_by_key(|name| (name.rank, depth(name), !name.is_real, name.name.as_ref()))?;
        let path = MediaPath::new(&best.name).ok()?;
        Some((Cow::Borrowed(best.normal()), Taken { path, ..self.taken }))
    }
}

fn include(
    taken: &mut BTreeMap<usize, Included>,
    (at, name): (usize, &ListedName<'_>),
    rule: usize,
    pattern: &str,
    known: &Known,
) {
    let named = name.normal() == pattern;
    if let Some(Included { taken: earlier, paths }) = taken.get_mut(&name.file) {
        earlier.last_rule = rule;
        earlier.named |= named;
        earlier.known.add(known);
        if !paths.contains(&at) {
            paths.push(at);
        }
    } else if let Ok(path) = MediaPath::new(&name.name) {
        let fresh = Taken { path, rule, last_rule: rule, named, known: known.clone(), rules: Vec::new() };
        taken.insert(name.file, Included { taken: fresh, paths: vec![at] });
    }
}

/// Excludes a file under one of its paths, or under all if that path has no links. Returns whether that
/// excluded anything.
fn exclude(taken: &mut BTreeMap<usize, Included>, at: usize, name: &ListedName<'_>) -> bool {
    let Some(included) = taken.get_mut(&name.file) else { return false };
    let before = included.paths.len();
    included.paths.retain(|path| !name.is_real && *path != at);
    let excluded = included.paths.len() < before;
    if included.paths.is_empty() {
        taken.remove(&name.file);
    }
    excluded
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
        replace(&mut self.live, &later.live);
        replace(&mut self.sound, &later.sound);
        replace(&mut self.audio, &later.audio);
        replace(&mut self.caption, &later.caption);
        replace(&mut self.focus, &later.focus);
        replace(&mut self.role, &later.role);
        replace(&mut self.taken, &later.taken);
        replace(&mut self.clock_s, &later.clock_s);
        replace(&mut self.zone, &later.zone);
    }
}

/// Whether every hidden part of `path` is also a part of the pattern.
fn shown(path: &str, pattern: &str) -> bool {
    path.split('/')
        .filter(|part| part.starts_with('.'))
        .all(|part| pattern.split('/').any(|named| named == part))
}
