//! Reports the filters of `media` that name nobody, or leave out everything, and lists what they leave out.

use std::collections::BTreeMap;

use super::Workspace;
use super::db::{Db, MovieDb, Project};
use super::included::{is_picture, said};
use super::need::Need;
use super::queries::{self, movie, probe, selection};
use mmm_base::MediaPath;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_facts::Said;
use mmm_plan::words::names_help;
use mmm_spec::{MediaFilter, Movie, folded_name, is_glob};

/// A photo or clip that the filters of its rules leave out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FilteredOut {
    pub path: MediaPath,
    /// The filter of the last rule that matches it.
    pub filter: MediaFilter,
    pub said: Said,
}

impl Workspace {
    /// Returns the photos and clips that filters leave out, as far as headers are known, in the order of the
    /// rules.
    pub fn filtered_out(&self) -> Vec<FilteredOut> {
        let Some(movie) = movie(&self.db, self.project).as_ref().filter(|movie| movie.filters()) else {
            return Vec::new();
        };
        let all = matched(&self.db, self.project);
        let out = |matched: Matched<'_>| {
            let filters = matched.rules.iter().filter_map(|&rule| Some(&movie.media.get(rule)?.filter));
            let filters: Vec<&MediaFilter> = filters.collect();
            let is_out = filters.iter().all(|filter| !filter.is_empty() && !matched.said.passes(filter));
            let filter = filters.last().filter(|_| is_out)?;
            Some(FilteredOut { path: matched.path.clone(), filter: (*filter).clone(), said: matched.said })
        };
        all.into_iter().filter_map(out).collect()
    }
}

/// A photo or clip with the rules that match it.
struct Matched<'a> {
    path: &'a MediaPath,
    rules: &'a [usize],
    said: Said,
}

fn matched(db: &MovieDb, project: Project) -> Vec<Matched<'_>> {
    let taken = selection(db, project).taken.iter();
    let taken = taken.filter(|taken| is_picture(db, db.media(&taken.path)));
    let one = |taken: &'_ mmm_spec::Taken| match probe(db, db.media(&taken.path)) {
        Need::Ready(Ok(probe)) => Some(said(db, project, &taken.path, probe)),
        _ => None,
    };
    taken
        .filter_map(|taken| Some(Matched { path: &taken.path, rules: &taken.rules, said: one(taken)? }))
        .collect()
}

/// Returns what is wrong with the filters of a movie.
pub(super) fn filter_complaints(db: &MovieDb, project: Project, movie: &Movie) -> Vec<Diagnostic> {
    if !movie.filters() {
        return Vec::new();
    }
    let all = matched(db, project);
    let spans = &queries::parsed(db, project).spans;
    let names: Vec<&str> = names(all.iter().map(|one| &one.said));
    let mut found = Vec::new();
    for (index, rule) in movie.media.iter().enumerate().filter(|(_, rule)| !rule.filter.is_empty()) {
        let at = |key: &str| spans.find(&format!("media[{index}].{key}"));
        let mut reported: Vec<String> = Vec::new();
        for name in rule.filter.people.iter().flat_map(|people| people.names()) {
            let folded = folded_name(name);
            if reported.contains(&folded) || names.iter().any(|known| folded_name(known) == folded) {
                continue;
            }
            reported.push(folded);
            let message = format!("nobody in the media is called `{name}`");
            let warning = Diagnostic::warning(Code::MEDIA_UNKNOWN_PERSON, message);
            found.push(warning.at(at("people"), "names nobody").help(names_help(name, &names)));
        }
        let own: Vec<&Matched<'_>> = all.iter().filter(|one| one.rules.contains(&index)).collect();
        if own.is_empty() || own.iter().any(|one| one.said.passes(&rule.filter)) {
            continue;
        }
        // A pattern may match nothing, as without a filter.
        let report = if is_glob(&rule.pattern) { Diagnostic::warning } else { Diagnostic::error };
        let files =
            if own.len() == 1 { "its only medium".to_owned() } else { format!("all {} media", own.len()) };
        let message = format!("`{}` leaves out {files} of `{}`", rule.filter, rule.pattern);
        let mut diagnostic = report(Code::MEDIA_FILTER_EMPTY, message);
        for (key, is_set) in
            [("people", rule.filter.people.is_some()), ("rating", rule.filter.rating.is_some())]
        {
            if is_set {
                diagnostic = diagnostic.at(at(key), "matches none of them");
            }
        }
        found.push(diagnostic.help(there_are(&rule.filter, &own)));
    }
    found
}

/// Returns what could be asked for instead.
fn there_are(filter: &MediaFilter, own: &[&Matched<'_>]) -> String {
    let mut parts = Vec::new();
    if let Some(people) = &filter.people {
        let names = names(own.iter().map(|one| &one.said));
        parts.push(names_help(people.names().first().copied().unwrap_or_default(), &names));
    }
    if filter.rating.is_some() {
        parts.push(stars_there(own));
    }
    parts.join("; ")
}

fn stars_there(own: &[&Matched<'_>]) -> String {
    let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
    let (mut unrated, mut rejected) = (0, 0);
    for Matched { said, .. } in own {
        match said.rank() {
            Some(stars) => *counts.entry(stars).or_default() += 1,
            None if said.rejected.is_some() => rejected += 1,
            None => unrated += 1,
        }
    }
    let star = |stars: u8| if stars == 1 { "1 star".to_owned() } else { format!("{stars} stars") };
    let mut parts: Vec<String> =
        counts.into_iter().rev().map(|(stars, count)| format!("{count} with {}", star(stars))).collect();
    for (count, word) in [(unrated, "without stars"), (rejected, "rejected")] {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    format!("ask for stars that they have: {}", parts.join(", "))
}

/// Returns the names of all people, each once, in order.
fn names<'a>(all: impl Iterator<Item = &'a Said>) -> Vec<&'a str> {
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for person in all.flat_map(|said| &said.people) {
        names.entry(folded_name(&person.name)).or_insert(&person.name);
    }
    names.into_values().collect()
}
