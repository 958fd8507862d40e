//! The pictures beside a finished movie: its poster and its preview.

use std::path::Path;

use super::db::{Db, Project};
use mmm_plan::timeline::{poster, poster_frame, preview, preview_frames};

use super::need::{Gather, Need};
use super::part_file::{PartFile, obstacle, unwritable};
use super::{PictureReport, Progress, Stop, Workspace, queries};
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_base::{Digest, MediaPath};
use mmm_exec::{Action, Answer};
use mmm_facts::MovieRecipe as Linked;
use mmm_facts::Profile;
use mmm_spec::PictureFormat;

/// A picture beside a movie.
pub(super) struct Beside {
    pub name: MediaPath,
    /// What makes it.
    pub action: Action,
    /// The movie's frames that it shows, or begins to show.
    pub frames: Vec<u32>,
}

/// The pictures of one output; none of a draft, and none before there is a plan.
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

/// What one output is linked from, once all that is delivered with it is made, too.
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
    /// Puts the pictures of an output where the spec wants them.
    pub(super) fn deliver_pictures(
        &mut self,
        output: usize,
        progress: &dyn Progress,
    ) -> Result<Vec<PictureReport>, Stop> {
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
            reports.push(PictureReport { path, digest, bytes: bytes.len() as u64, written });
        }
        Ok(reports)
    }

    /// A picture out of the cache; made again where it was lost there.
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

    /// A picture that someone else made, or changed, is not ours to replace.
    pub(super) fn guard_picture(&self, path: &Path) -> Result<(), Stop> {
        let is_ours = |path: &Path| self.means.worker.is_our_picture(path);
        let Some(obstacle) = obstacle(path, is_ours) else { return Ok(()) };
        let message =
            format!("`{}` {obstacle} and was not written by mmm, or was changed since", path.display());
        let help = "move the file, or give the picture another name";
        Err(Stop::Failed(vec![Diagnostic::error(Code::OUTPUT_NOT_OURS, message).help(help)]))
    }
}
