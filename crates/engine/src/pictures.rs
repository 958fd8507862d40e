//! The pictures beside a finished movie: its poster and its preview.

use std::path::Path;

use super::db::{Db, Project};
use mmm_plan::timeline::{poster, poster_frame, preview, preview_frames};

use super::need::{Gather, Need};
use super::part_file::{PartFile, obstacle, unwritable};
use super::{BesideReport, Progress, Stop, Workspace, queries};
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_base::{Digest, MediaPath};
use mmm_exec::{Action, Answer};
use mmm_facts::MovieRecipe as Linked;
use mmm_facts::Profile;
use mmm_spec::PictureFormat;

/// A picture that is delivered beside a movie.
pub(super) struct Beside {
    pub name: MediaPath,
    /// The action that renders it.
    pub action: Action,
    /// The movie's frames that it shows; of a preview, the first frame of each excerpt.
    pub frames: Vec<u32>,
}

/// Returns the pictures of one output; none for a draft or before there is a plan.
pub(super) fn pictures(db: &dyn Db, project: Project, output: usize) -> Vec<Beside> {
    let named = queries::movie(db, project).as_ref().and_then(|movie| movie.outputs.get(output));
    let (Profile::Final, Some(named)) = (project.profile(db), named) else { return Vec::new() };
    if named.pictures().next().is_none() {
        return Vec::new();
    }
    let Need::Ready(Some(timeline)) = queries::timeline(db, project, output) else { return Vec::new() };
    let format = |path: &MediaPath| PictureFormat::of(path.as_str());
    let still = named.poster.as_ref().and_then(|wanted| {
        let recipe = poster(timeline, wanted.at, format(&wanted.path)?)?;
        let (name, action) = (wanted.path.clone(), Action::Poster(Box::new(recipe)));
        Some(Beside { name, action, frames: poster_frame(timeline, wanted.at).into_iter().collect() })
    });
    let loops = named.preview.as_ref().and_then(|path| {
        let action = Action::Preview(Box::new(preview(timeline, format(path)?)?));
        Some(Beside { name: path.clone(), action, frames: preview_frames(timeline) })
    });
    still.into_iter().chain(loops).collect()
}

/// Returns what one output is linked from, once its pictures are rendered, too.
pub(super) fn made(db: &dyn Db, project: Project, output: usize) -> Need<Option<Linked>> {
    let mut gather = Gather::default();
    let linked = gather.take(queries::linked(db, project, output)).cloned().flatten();
    for Beside { action, .. } in pictures(db, project, output) {
        let answer = db.slot(&action).answer(db).is_some();
        gather.take(&if answer { Need::Ready(()) } else { Need::Missing([action].into()) });
    }
    gather.finish(linked)
}

impl Workspace {
    /// Writes the pictures of an output to the paths in the spec.
    pub(super) fn deliver_pictures(
        &mut self,
        output: usize,
        progress: &dyn Progress,
    ) -> Result<Vec<BesideReport>, Stop> {
        let mut reports = Vec::new();
        for Beside { name, action, .. } in pictures(&self.db, self.project, output) {
            let (digest, bytes) = self.picture(&action, progress)?;
            let path = name.under(&self.folder);
            let written = self.digest_of(&path) != Some(digest);
            if written {
                self.guard_picture(&path)?;
                let part = PartFile::beside(&path)?;
                part.write(&bytes).map_err(|error| unwritable(&path, &error))?;
                part.rename(&path).map_err(|error| unwritable(&path, &error))?;
            }
            reports.push(BesideReport { path, digest, bytes: bytes.len() as u64, written });
        }
        Ok(reports)
    }

    /// Returns a picture from the cache; renders it again if the cache has lost it.
    fn picture(&mut self, action: &Action, progress: &dyn Progress) -> Result<(Digest, Vec<u8>), Stop> {
        loop {
            if let Some(Answer::Picture(blob)) = self.answer(action) {
                if let Some(bytes) = self.store.read_blob(blob)? {
                    return Ok((blob, bytes));
                }
                self.forget(action);
                self.tally.healed += 1;
            }
            self.supply([action.clone()].into(), progress)?;
        }
    }

    /// Refuses to replace a picture that `mmm` did not write or that someone changed.
    pub(super) fn guard_picture(&self, path: &Path) -> Result<(), Stop> {
        let is_ours = |path: &Path| self.means.worker.is_our_picture(path);
        let Some(obstacle) = obstacle(path, is_ours) else { return Ok(()) };
        let message =
            format!("`{}` {obstacle} and was not written by mmm, or was changed since", path.display());
        let help = "move the file, or give the picture another name";
        Err(Stop::Failed(vec![Diagnostic::error(Code::OUTPUT_NOT_OURS, message).help(help)]))
    }
}
