//! Reports the entries of `media` that match nothing, and what a listing could not read.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::listed::{Passed, list};
use super::on_disk::{NearPath, OnDisk};
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_base::{Cancel, MediaPath, Span};
use mmm_spec::{
    Known, Listing, MediaFilter, MediaRule, Movie, RuleAction, Selection, SpanMap, covers_folder,
    folded_name, is_glob, nearest_name, normal_name, roots, select,
};

/// The most entries for which a near name is searched.
const MOST_SEARCHES: usize = 50;

/// A movie, the files that its rules match, and its folder.
pub(super) struct Rules<'a> {
    pub movie: &'a Movie,
    pub spans: &'a SpanMap,
    pub listing: &'a Listing,
    pub selection: &'a Selection,
    pub passed: &'a Passed,
    pub folder: &'a Path,
}

/// What to do about a wrong name.
struct Advice {
    help: String,
    /// Whether nothing else can be meant, so that the name is an error also in a glob.
    is_sure: bool,
}

impl Rules<'_> {
    /// Returns what is wrong with the rules and with the folders that they name.
    pub fn complaints(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for path in &self.passed.odd {
            let message = format!("`{}` is left out because its name is not UTF-8", path.display());
            found.push(Diagnostic::warning(Code::MEDIA_NAME_NOT_UTF8, message).help("rename the file"));
        }
        let disk = OnDisk::new(self.folder);
        let mut reported = BTreeSet::new();
        let mut searches = MOST_SEARCHES;
        let mut search = || {
            searches = searches.saturating_sub(1);
            searches > 0
        };
        for index in &self.selection.unmatched {
            let Some(rule) = self.movie.media.get(*index) else { continue };
            let is_searched = search();
            let near = if is_searched { self.advice(rule, &disk) } else { None };
            found.push(self.unmatched(*index, is_searched, near, &mut reported));
        }
        for index in &self.selection.idle {
            let Some(rule) = self.movie.media.get(*index) else { continue };
            let is_early = self.selection.early.contains(index);
            let is_searched = !is_early && search();
            let mut denied = self.passed.denied.keys();
            if is_searched && denied.any(|denied| covers_folder(&rule.pattern, denied)) {
                continue;
            }
            let near = if is_searched { self.advice(rule, &disk) } else { None };
            found.push(self.idle(*index, &rule.pattern, near));
        }
        let open = self.not_excluded(self.passed.denied.keys());
        for (path, reason) in &self.passed.denied {
            if !reported.contains(path) && open.contains(path) {
                let message = denied(self.folder, path, reason);
                let warning = Diagnostic::warning(Code::MEDIA_FOLDER_DENIED, message).help(DENIED_HELP);
                found.push(warning.at(self.span_of(path), "included here"));
            }
        }
        found.extend(self.links_outside(&reported));
        found
    }

    /// Reports the links that rules would include if they did not lead out of the folder.
    fn links_outside(&self, reported: &BTreeSet<String>) -> Option<Diagnostic> {
        let (folders, files): (Vec<&String>, Vec<&String>) =
            self.passed.outside.difference(reported).partition(|link| self.folder.join(link).is_dir());
        let open = self.not_excluded(folders.iter().copied());
        let is_wanted = |link: &&&String| open.contains(**link) && self.rule_for(link).is_some();
        let files: Vec<MediaPath> = files.iter().filter_map(|link| MediaPath::new(link).ok()).collect();
        let taken = select(self.movie, &Listing::of(&files)).taken;
        let mut links: Vec<&str> = taken.iter().map(|taken| taken.path.as_str()).collect();
        links.extend(folders.iter().filter(is_wanted).map(|link| link.as_str()));
        links.sort();
        let (first, more) = (links.first()?, links.len() - 1);
        let links = match more {
            0 => format!("the link `{first}` is not followed because it leads"),
            _ => format!("the link `{first}` and {more} more are not followed because they lead"),
        };
        let message = format!("{links} out of the movie's folder");
        let help = "name each file in the spec, or move or copy the files into its folder";
        Some(
            Diagnostic::warning(Code::PATH_OUTSIDE, message)
                .at(self.span_of(first), "included here")
                .help(help),
        )
    }

    fn span(&self, index: usize) -> Option<Span> {
        self.spans.find(&format!("media[{index}]"))
    }

    /// Reports a rule that includes no file.
    fn unmatched(
        &self,
        index: usize,
        is_searched: bool,
        near: Option<Advice>,
        reported: &mut BTreeSet<String>,
    ) -> Diagnostic {
        let pattern = self.movie.media[index].pattern.as_str();
        let is_glob = is_glob(pattern);
        let report = if is_glob { Diagnostic::warning } else { Diagnostic::error };
        let at = self.span(index);
        let is_in_the_way =
            |link: &&String| leads_through(pattern, link) || is_searched && includes(pattern, link);
        if let Some(link) = self.passed.outside.iter().find(is_in_the_way) {
            reported.extend(self.passed.outside.iter().filter(is_in_the_way).cloned());
            let message =
                format!("the link `{link}` is not followed because it leads out of the movie's folder");
            return report(Code::PATH_OUTSIDE, message)
                .at(at, "nothing else matches here")
                .help("move or copy the files into the folder of the spec, or name each file");
        }
        if let Some((path, reason)) = self.passed.denied.iter().find(|(path, _)| concerns(pattern, path)) {
            reported.extend(self.passed.denied.keys().filter(|path| concerns(pattern, path)).cloned());
            let message = denied(self.folder, path, reason);
            return report(Code::MEDIA_FOLDER_DENIED, message)
                .at(at, "nothing else matches here")
                .help(DENIED_HELP);
        }
        if is_glob {
            let is_sure = near.as_ref().is_some_and(|near| near.is_sure);
            let report = if is_sure { Diagnostic::error } else { Diagnostic::warning };
            let help = near.map_or_else(
                || "check the spelling of the folder and the file extension".to_owned(),
                |near| near.help,
            );
            return report(Code::MEDIA_GLOB_MATCHES_NOTHING, format!("no file matches `{pattern}`"))
                .at(at, "this glob")
                .help(help);
        }
        let place = self.folder.join(pattern);
        let check = "check the path: paths are relative to the folder of the spec";
        let (message, otherwise) = match (fs::metadata(&place), fs::symlink_metadata(&place)) {
            (Ok(meta), _) if meta.is_dir() => {
                (format!("the folder `{pattern}` contains no file to include"), check)
            }
            (Ok(_), _) => (format!("`{pattern}` is written by mmm, so the movie can't include it"), check),
            (Err(_), Ok(_)) => (
                format!("the link `{pattern}` leads to nothing"),
                "restore the file that it leads to, or change the link",
            ),
            _ => (format!("`{pattern}` does not exist"), check),
        };
        let help = near.map_or_else(|| otherwise.to_owned(), |near| near.help);
        Diagnostic::error(Code::MEDIA_MISSING, message).at(at, "this path").help(help)
    }

    /// Reports a rule that excludes no file.
    fn idle(&self, index: usize, pattern: &str, near: Option<Advice>) -> Diagnostic {
        let is_there = !is_glob(pattern) && !OnDisk::new(self.folder).spellings(pattern).is_empty();
        let (why, help) = if self.selection.early.contains(&index) || is_there {
            let help = "move it below the entry that includes these files, or remove it".to_owned();
            ("no entry above it includes the files that it names", help)
        } else {
            let help = "check the spelling, or remove the entry".to_owned();
            let why = if is_glob(pattern) { "no file matches it" } else { "it does not exist" };
            (why, near.map_or(help, |near| near.help))
        };
        let message = format!("`!{pattern}` excludes nothing: {why}");
        Diagnostic::warning(Code::MEDIA_EXCLUSION_IDLE, message).at(self.span(index), "this entry").help(help)
    }

    /// Returns those of some folders whose files no rule excludes.
    fn not_excluded<'f>(&self, folders: impl Iterator<Item = &'f String>) -> BTreeSet<String> {
        let folders: Vec<&String> = folders.collect();
        let rules = folders.iter().map(|folder| MediaRule {
            pattern: if folder.is_empty() { ".".to_owned() } else { (*folder).clone() },
            action: RuleAction::Take(Known::default()),
            filter: MediaFilter::default(),
        });
        let excluding = self.movie.media.iter().filter(|rule| rule.action == RuleAction::Drop).cloned();
        let movie =
            Movie { media: rules.chain(excluding).collect(), cameras: Vec::new(), outputs: Vec::new() };
        let file = |folder: &String| if folder.is_empty() { "x".to_owned() } else { format!("{folder}/x") };
        let files: Vec<MediaPath> =
            folders.iter().filter_map(|folder| MediaPath::new(&file(folder)).ok()).collect();
        let taken = select(&movie, &Listing::of(&files)).taken;
        let open: BTreeSet<&str> = taken.iter().map(|taken| taken.path.as_str()).collect();
        folders.into_iter().filter(|folder| open.contains(file(folder).as_str())).cloned().collect()
    }

    /// Returns the first rule that includes files in a folder.
    fn rule_for(&self, path: &str) -> Option<usize> {
        let including = |rule: &MediaRule| rule.action != RuleAction::Drop && concerns(&rule.pattern, path);
        self.movie.media.iter().position(including)
    }

    fn span_of(&self, path: &str) -> Option<Span> {
        self.span(self.rule_for(path)?)
    }

    /// Returns what a rule that matches nothing probably means.
    fn advice(&self, rule: &MediaRule, disk: &OnDisk<'_>) -> Option<Advice> {
        let mark = if rule.action == RuleAction::Drop { "!" } else { "" };
        let pattern = rule.pattern.as_str();
        let advice = |near: &str, is_same_but_case: bool| {
            let why = if is_same_but_case { " Names are case-sensitive" } else { "" };
            Advice { help: format!("did you mean `{mark}{near}`?{why}"), is_sure: is_same_but_case }
        };
        if pattern.contains('\\') {
            return Some(self.slashed(pattern, mark));
        }
        if let Some(NearPath { path, is_same_but_case }) = disk.nearest(pattern)
            && (is_same_but_case || !is_glob(pattern))
            && normal_name(path.trim_end_matches('/')) != normal_name(pattern)
        {
            return Some(advice(&path, is_same_but_case));
        }
        if !is_glob(pattern) {
            return None;
        }
        let (fixed, open) = fixed_part(pattern);
        let near = (!fixed.is_empty()).then(|| disk.nearest(fixed)).flatten();
        if let Some(near) = near.filter(|near| near.path.trim_end_matches('/') != fixed) {
            let meant = format!("{}/{open}", near.path.trim_end_matches('/'));
            if self.finds(&meant) {
                return Some(advice(&meant, near.is_same_but_case));
            }
        }
        self.near_glob(pattern).map(|meant| advice(&meant, false))
    }

    /// Returns what to write instead of a path with the separators of Windows.
    fn slashed(&self, pattern: &str, mark: &str) -> Advice {
        let slashed = pattern.replace('\\', "/");
        if self.finds(&slashed) {
            let help = format!("write `/` between folders: `{mark}{slashed}`");
            return Advice { help, is_sure: true };
        }
        let help = "write `/` between folders, and paths from the folder of the spec on; `\\` takes the meaning from \
                    the next letter of a glob";
        Advice { help: help.to_owned(), is_sure: false }
    }

    /// Whether a pattern would match a file.
    fn finds(&self, pattern: &str) -> bool {
        let movie = movie_of(pattern);
        let files = list(self.folder, &roots(&movie), &Cancel::default()).files;
        !select(&movie, &files).taken.is_empty()
    }

    /// Returns a glob with its plain parts replaced by the nearest names in the listing, if it then matches.
    fn near_glob(&self, pattern: &str) -> Option<String> {
        let names: BTreeSet<&str> =
            self.listing.files.iter().flat_map(|path| path.as_str().split('/')).collect();
        let known: BTreeSet<String> = names.iter().map(|name| folded_name(name)).collect();
        let near = |part: &str| {
            if is_glob(part) || known.contains(&folded_name(part)) {
                return Some(part.to_owned());
            }
            nearest_name(part, names.iter().copied()).map(str::to_owned)
        };
        let meant = pattern.split('/').map(near).collect::<Option<Vec<_>>>()?.join("/");
        (meant != pattern && self.finds(&meant)).then_some(meant)
    }
}

const DENIED_HELP: &str = "change the permissions of the folder, or exclude it with a `!` entry";

/// Whether a pattern matches a file.
fn includes(pattern: &str, path: &str) -> bool {
    let files: Vec<MediaPath> = MediaPath::new(path).into_iter().collect();
    !select(&movie_of(pattern), &Listing::of(&files)).taken.is_empty()
}

/// Returns a movie of one rule, to match files with.
fn movie_of(pattern: &str) -> Movie {
    let action = RuleAction::Take(Known::default());
    let rule = MediaRule { pattern: pattern.to_owned(), action, filter: MediaFilter::default() };
    Movie { media: vec![rule], cameras: Vec::new(), outputs: Vec::new() }
}

/// Returns the message about a folder, or a file in one, that can't be read.
pub(super) fn denied(folder: &Path, path: &str, reason: &str) -> String {
    let kind = if folder.join(path).is_dir() { "the folder " } else { "" };
    let name = if path.is_empty() { "." } else { path };
    format!("{kind}`{name}` can't be read: {reason}")
}

/// Splits a glob into the folders that it names and the rest.
fn fixed_part(pattern: &str) -> (&str, &str) {
    let parts = pattern.split('/').take_while(|part| !is_glob(part));
    let length: usize = parts.map(|part| part.len() + 1).sum();
    (pattern.get(..length.saturating_sub(1)).unwrap_or_default(), pattern.get(length..).unwrap_or_default())
}

/// Whether a pattern may match files in a folder, or names something in it.
fn concerns(pattern: &str, path: &str) -> bool {
    let fixed = if is_glob(pattern) { fixed_part(pattern).0 } else { pattern };
    let is_below = |outer: &str, inner: &str| {
        outer.is_empty() || outer == "." || inner == outer || inner.starts_with(&format!("{outer}/"))
    };
    is_below(fixed, path) || !path.is_empty() && is_below(path, fixed)
}

/// Whether a pattern names a link or something behind it.
fn leads_through(pattern: &str, link: &str) -> bool {
    let rest = pattern.trim_start_matches("./").strip_prefix(link);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
