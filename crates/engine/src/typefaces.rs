//! Chooses the fonts for the text of a movie.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use salsa::Setter;

use super::Workspace;
use super::lettering::lettering;
use super::lock_use::LockUse;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_facts::{Typefaces, Weight};
use mmm_fonts::{Shelf, choose_typefaces, lacking_clusters};
use mmm_spec::Movie;
use mmm_store::Stamp;

impl Workspace {
    /// Chooses the fonts that draw the titles and captions of the movie. Searches the fonts of the machine
    /// only if some text needs them.
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
        // A missing font may have been installed in the meantime.
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

    /// Reports a font of the lock that differs from the one on this machine or is missing.
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
