use std::path::{Path, PathBuf};

use super::need::Need;
use super::{Means, Progress, Stop, Workspace, queries};
use mmm_base::Cancel;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_exec::MeasureError;
use mmm_facts::{Review, Wanted};
use mmm_plan::{best_versions, chapters};

impl Workspace {
    /// Measures the finished file of an output against its plan, and returns the path of the file. Returns
    /// `None` if there is no plan; [`Workspace::check`] reports why. The measurements describe the current
    /// file, so they are not cached.
    ///
    /// # Errors
    /// If the file is missing or can't be read, or on cancellation.
    pub fn review(&self, output: usize, progress: &dyn Progress) -> Result<Option<(PathBuf, Review)>, Stop> {
        let Some(timeline) = self.timeline(output) else { return Ok(None) };
        let Need::Ready(material) = queries::material(&self.db, self.project, output) else {
            return Ok(None);
        };
        let output = self.movie().and_then(|movie| movie.outputs.get(output));
        let (Some(material), Some(output)) = (material, output) else { return Ok(None) };
        let path = self.output_path(output);
        progress.step("measuring");
        let (chapters, versions) = (chapters(&material), best_versions(&material));
        let wanted = Wanted {
            timeline: &timeline,
            material: &material,
            chapters: &chapters,
            versions: &versions,
            sources: &self.places,
        };
        let found = self.means.worker.review(&path, Some(&wanted), self.means.pool.jobs(), &self.cancel);
        found.map(|review| Some((path.clone(), review))).map_err(|error| unmeasured(&path, &error))
    }
}

/// Measures a file without a plan.
///
/// # Errors
/// As [`Workspace::review`].
pub fn review_file(
    path: &Path,
    means: &Means,
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<Review, Stop> {
    progress.step("measuring");
    means.worker.review(path, None, means.pool.jobs(), cancel).map_err(|error| unmeasured(path, &error))
}

fn unmeasured(path: &Path, error: &MeasureError) -> Stop {
    if matches!(error, MeasureError::Cancelled) {
        return Stop::Interrupted;
    }
    let message = format!("`{}` can't be measured: {error}", path.display());
    let help = "run `mmm build` to build the movie first, or `mmm review MOVIE.mp4` to measure another file";
    Stop::Failed(vec![Diagnostic::error(Code::REVIEW_NO_MOVIE, message).help(help)])
}
