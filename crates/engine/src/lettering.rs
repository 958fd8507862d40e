//! The words of a movie, and what draws them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use salsa::Setter;

use super::db::{MovieDb, Project};
use super::{LockUse, Workspace, queries};
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_facts::TextPlace;
use mmm_facts::{Typefaces, Weight};
use mmm_fonts::{Shelf, choose_typefaces, debian_package, lacking_clusters};
use mmm_spec::{Movie, Output, RuleAction, Titles};
use mmm_store::Stamp;

/// A text of the spec that stands over the picture.
struct Lettering<'a> {
    /// Where it stands in the spec.
    at: String,
    text: &'a str,
    place: TextPlace,
}

/// The words of one output.
fn lettering<'a>(movie: &'a Movie, output: &'a Output) -> Vec<Lettering<'a>> {
    let title = |at: String, text: &'a str| Lettering { at, text: text.trim(), place: TextPlace::Title };
    let mut found = match &output.settings.style.titles {
        Titles::Off => return Vec::new(),
        Titles::Auto => output.settings.title.iter().map(|text| title("title".to_owned(), text)).collect(),
        Titles::List(titles) => {
            let titles = titles.iter().enumerate();
            titles
                .map(|(index, own)| title(format!("style.titles[{index}].text"), &own.text))
                .collect::<Vec<_>>()
        }
    };
    for (index, rule) in movie.media.iter().enumerate() {
        if let RuleAction::Take(known) = &rule.action
            && let Some(text) = &known.caption
        {
            let at = format!("media[{index}].caption");
            found.push(Lettering { at, text: text.trim(), place: TextPlace::Caption });
        }
    }
    found
}

impl Workspace {
    /// Chooses what draws the words of the movie. The fonts of the machine are looked at only if
    /// some text needs one.
    pub(super) fn set_typefaces(&mut self, movie: &Movie) {
        let texts: BTreeSet<_> = movie
            .outputs
            .iter()
            .flat_map(|output| lettering(movie, output))
            .map(|letters| (letters.place.weight(), letters.text.to_owned()))
            .collect();
        let wanted = lacking_clusters(texts.iter().map(|(_, text)| text.as_str()));
        let typefaces = if wanted.is_empty() { Typefaces::default() } else { self.typefaces(&texts, wanted) };
        if *self.project.typefaces(&self.db) != typefaces {
            self.project.set_typefaces(&mut self.db).to(typefaces);
        }
    }

    fn typefaces(&mut self, texts: &BTreeSet<(Weight, String)>, wanted: BTreeSet<String>) -> Typefaces {
        // A font that was lacking may have been installed meanwhile.
        if self.shelf.0 != wanted || self.project.typefaces(&self.db).lacks() {
            self.shelf = (wanted.clone(), Shelf::look(&self.means.fonts, &wanted));
        }
        let kept = match &self.locked {
            Some(lock) if self.lock_use != LockUse::Afresh => lock.fonts.clone(),
            _ => BTreeMap::new(),
        };
        let shelf = std::mem::take(&mut self.shelf);
        let (chosen, files) = choose_typefaces(texts, &shelf.1, &kept, &mut |path| self.digest_of(path));
        self.shelf = shelf;
        for (digest, path) in files {
            if let Ok(meta) = fs::metadata(&path) {
                self.places.0.insert(digest, (path, Stamp::of(&meta)));
            }
        }
        chosen
    }

    /// Says so where a font of the lock is not what is here, and another takes its place.
    pub(super) fn other_font(&self, lock: &Path) -> Option<Diagnostic> {
        let typefaces = self.project.typefaces(&self.db);
        let (old, new) = (&self.locked.as_ref()?.fonts, &typefaces.names);
        let instead = typefaces.lacks() || new.keys().any(|name| !old.contains_key(name));
        let (name, reason) = old.iter().find_map(|(name, digest)| match new.get(name) {
            Some(now) if now == digest => None,
            Some(_) => Some((name, "differs from the font on this machine")),
            None => instead.then_some((name, "is not on this machine")),
        })?;
        let message = format!("the font `{name}` of {} {reason}", lock.display());
        let help = "install the locked font, or build without `--locked` and commit the new lock";
        Some(Diagnostic::error(Code::LOCK_FONT, message).help(help))
    }
}

/// What of the words of a movie no font draws.
pub(super) fn undrawn(db: &MovieDb, project: Project, movie: &Movie) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    let typefaces = project.typefaces(db);
    let spans = &queries::parsed(db, project).spans;
    for output in &movie.outputs {
        for letters in lettering(movie, output) {
            let missing = typefaces.missing(letters.text);
            let Some(first) = missing.first() else { continue };
            let names: Vec<String> = missing.iter().map(|cluster| named(cluster)).collect();
            let message = format!("no font has {}, so it is left out", few(&names));
            let help = format!(
                "install a font that has it, such as the Debian package `{}`, or name a folder with `--fonts`",
                debian_package(first)
            );
            let warning = Diagnostic::warning(Code::TITLE_NO_GLYPH, message).help(help);
            let warning = warning.at(spans.for_output(output.name.as_str(), &letters.at), "in this text");
            if !found.contains(&warning) {
                found.push(warning);
            }
        }
    }
    found
}

/// A cluster as people and as Unicode name it.
fn named(cluster: &str) -> String {
    let codes: Vec<String> = cluster.chars().map(|letter| format!("U+{:04X}", u32::from(letter))).collect();
    format!("`{cluster}` ({})", codes.join(" "))
}

/// The first of many.
fn few(names: &[String]) -> String {
    const FEW: usize = 4;
    let shown = names.iter().take(FEW).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > FEW { format!("{shown} and {} more", names.len() - FEW) } else { shown }
}
