//! Delivers a finished movie to its path: complete, verified, and in one atomic step.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::complain::{undecodable, unrendered};
use super::damage_warnings::warnings;
use super::db::Db;
use super::loudness_warning::loudness_warning;
use super::need::Need;
use super::part_file::{PartFile, link_out, obstacle, unwritable};
use super::pictures::made;
use super::tally::Tally;
use super::{OutputReport, Progress, Report, Stop, Workspace, queries};
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_base::{Digest, Key, MediaPath, action_key};
use mmm_exec::{Action, ExecError};
use mmm_facts::{Figure, Verdict};
use mmm_facts::{Finished, MovieRecipe as Linked};
use mmm_facts::{Profile, Timeline, Tool};
use mmm_spec::Output;
use mmm_store::digest_file;
use mmm_store::{Bucket, Record, Stamp};

const MOVIES: Bucket = Bucket { kind: "movie", version: 2 };

/// The error for intact segments that can't be joined: the driver of a graphics card changed between builds.
const MISFITS: &str = "its segments can't be joined";

impl Workspace {
    /// Returns the key of a finished movie: everything that is linked, and the libraries that link it.
    fn movie_key(&self, linked: &Linked) -> Key {
        let tools = self.db.tools().of(&Tool::LINKING);
        action_key(MOVIES.kind, MOVIES.version, &(linked, tools))
    }

    /// Returns the movie that an earlier build linked from the same inputs.
    pub(super) fn linked_before(&self, linked: &Linked) -> Option<Finished> {
        let record: Option<Record<Finished>> = self.store.record(MOVIES, self.movie_key(linked));
        record.map(|record| record.value)
    }

    /// Builds the outputs of the spec whose names are in `only`, or all if `only` is empty.
    ///
    /// # Errors
    /// [`Stop`] says why; an existing movie is then unchanged. An output that can't meet its `max-size` does not
    /// stop those after it: [`Stop::Partly`] reports them.
    pub fn build(&mut self, only: &[MediaPath], progress: &dyn Progress) -> Result<Report, Stop> {
        // An interrupted build leaves its counts behind.
        self.tally = Tally::default();
        self.refresh(progress)?;
        let all = self.movie().cloned().into_iter().flat_map(|movie| movie.outputs).enumerate();
        let wanted: Vec<(usize, Output)> =
            all.filter(|(_, output)| only.is_empty() || only.contains(&output.name)).collect();
        self.guard_places(&wanted)?;
        let mut found = self.check(progress)?;
        if found.iter().any(Diagnostic::is_error) {
            return Err(Stop::Spec(found));
        }
        self.guard_lock()?;
        wanted.iter().try_for_each(|(index, _)| self.guard_subtitles(*index))?;
        let (mut outputs, mut failed) = (Vec::new(), Vec::new());
        for (index, output) in wanted {
            match self.build_output(index, output, &mut found, progress) {
                Ok(report) => outputs.extend(report),
                Err(Stop::Failed(errors)) if is_too_large(&errors) => failed.extend(errors),
                // The errors that came first are reported as well.
                Err(Stop::Failed(errors)) => return Err(Stop::Failed([failed, errors].concat())),
                Err(stop) => return Err(stop),
            }
        }
        if outputs.is_empty() && !failed.is_empty() {
            return Err(Stop::Failed(failed));
        }
        self.stamps.save(&self.store)?;
        self.write_journal(&outputs)?;
        let lock = Some(self.write_lock()?);
        let Tally { ran, cached, steps, healed } = std::mem::take(&mut self.tally);
        found.append(&mut self.fallbacks);
        if healed > 0 {
            let message = format!(
                "{healed} segments in the cache were damaged or missing, and mmm rendered them again"
            );
            let help = "run `mmm cache verify` to find more; if this repeats, check the disk";
            found.push(Diagnostic::warning(Code::CACHE_HEALED, message).help(help));
        }
        let report = Report { outputs, diagnostics: found, lock, ran, cached, steps };
        if failed.is_empty() { Ok(report) } else { Err(Stop::Partly(Box::new(report), failed)) }
    }

    fn build_output(
        &mut self,
        index: usize,
        output: Output,
        found: &mut Vec<Diagnostic>,
        progress: &dyn Progress,
    ) -> Result<Option<OutputReport>, Stop> {
        let path = self.output_path(&output);
        let linked = self.settle(progress, |db, project| made(db, project, index))?;
        for diagnostic in unrendered(&self.db, self.project, &self.folder, index) {
            if !found.contains(&diagnostic) {
                found.push(diagnostic);
            }
        }
        if found.iter().any(Diagnostic::is_error) {
            return Err(Stop::Spec(std::mem::take(found)));
        }
        let Some(linked) = linked else { return Ok(None) };
        // Damaged frames in its segments may have changed the plan.
        self.guard_lock()?;
        let (Some(plan), Some(timeline)) = (self.plan(index), self.timeline(index)) else { return Ok(None) };
        let undecodable = undecodable(&self.db, self.project, &timeline);
        if !undecodable.is_empty() {
            return Err(Stop::Failed(undecodable));
        }
        let size = self.fitted(index, &output, &timeline)?;
        let (finished, written) = match self.linked_before(&linked) {
            Some(finished) if self.digest_of(&path) == Some(finished.digest) => {
                self.tally.cached += 1;
                (finished, false)
            }
            _ => (self.deliver(index, &path, progress)?, true),
        };
        let pictures = self.deliver_pictures(index, progress)?;
        let subtitles = self.deliver_subtitles(index)?;
        found.extend(warnings(&self.db, self.project, index, &plan, &timeline));
        found.extend(loudness_warning(&self.db, self.project, index, &timeline));
        Ok(Some(OutputReport {
            name: output.name,
            path,
            digest: finished.digest,
            bytes: finished.bytes,
            frames: timeline.frames,
            duration: timeline.canvas.rate.time_of(i64::from(timeline.frames)),
            written,
            pictures,
            subtitles,
            size,
        }))
    }

    /// Returns the path that an output is written to.
    pub(super) fn output_path(&self, output: &Output) -> PathBuf {
        match self.project.profile(&self.db) {
            Profile::Final => output.name.under(&self.folder),
            Profile::Draft => self.folder.join(output.draft()),
        }
    }

    /// Returns the output that is written to `path`, if there is one; the file need not exist.
    pub fn output_at(&self, path: &Path) -> Option<MediaPath> {
        let mut outputs = self.movie()?.outputs.iter();
        let found = outputs.find(|output| is_one_place(path, &self.output_path(output)))?;
        Some(found.name.clone())
    }

    /// Whether `path` leads to the file `name` of the spec's folder.
    pub(super) fn is_place_of(&self, path: &Path, name: &MediaPath) -> bool {
        is_one_place(path, &name.under(&self.folder))
    }

    /// Returns the digest of a file anywhere, or `None` if it can't be read.
    pub(super) fn digest_of(&mut self, path: &Path) -> Option<Digest> {
        let stamp = Stamp::of(&fs::metadata(path).ok()?);
        let name = path.to_str()?;
        if let Some(digest) = self.stamps.digest(name, stamp) {
            return Some(digest);
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_nanos() as i128;
        let digest = digest_file(path, &self.cancel).ok()?;
        if Stamp::of(&fs::metadata(path).ok()?) != stamp {
            return None;
        }
        self.stamps.remember(name, stamp, digest, now);
        Some(digest)
    }

    /// Links a movie beside its path, reads it back, and renames it into place. Encodes segments again that
    /// the cache has lost.
    fn deliver(&mut self, index: usize, path: &Path, progress: &dyn Progress) -> Result<Finished, Stop> {
        self.guard_foreign(path)?;
        let start = Instant::now();
        let part = PartFile::beside(path)?;
        loop {
            let linked = self.settle(progress, |db, project| queries::linked(db, project, index).clone())?;
            let timeline = self.timeline(index);
            let (Some(linked), Some(timeline)) = (linked, timeline) else {
                return Err(Stop::Failed(Vec::new()));
            };
            progress.step("linking");
            let open = |blob| self.store.open_blob(blob);
            let unfinished = part.path().map_err(|error| unwritable(path, &error))?;
            let finished = match self.means.worker.link(&linked, unfinished, &open, &self.cancel) {
                Err(ExecError::Damaged) if self.heal(&timeline, index) => continue,
                Err(ExecError::Damaged) if self.fall_back(timeline.canvas, MISFITS) => continue,
                linked => linked.map_err(|error| linking(path, error))?,
            };
            self.read_back(&timeline, unfinished)?;
            self.is_within(index, finished.bytes)?;
            part.rename(path).map_err(|error| unwritable(path, &error))?;
            let blobs = linked.segments.iter().map(|(blob, _)| *blob).chain(linked.sound).collect();
            let seconds = start.elapsed().as_secs_f64();
            let record = Record { blobs, seconds, made_of: None, value: finished.clone() };
            self.store.set_record(MOVIES, self.movie_key(&linked), &record)?;
            self.tally.ran += 1;
            self.tally.step("linking", 1, seconds);
            return Ok(finished);
        }
    }

    /// Checks that every output may be written, before hours are spent on rendering. Problems that appear
    /// later are found at delivery.
    fn guard_places(&self, wanted: &[(usize, Output)]) -> Result<(), Stop> {
        let mut found = Vec::new();
        let mut keep = |guarded: Result<(), Stop>| match guarded {
            Err(Stop::Failed(more)) => {
                found.extend(more);
                Ok(())
            }
            other => other,
        };
        for (_, output) in wanted {
            let path = self.output_path(output);
            keep(self.guard_folder(&path).and_then(|()| self.guard_foreign(&path)))?;
            if self.project.profile(&self.db) == Profile::Final {
                let mut pictures = output.pictures().map(|name| name.under(&self.folder));
                pictures.try_for_each(|path| {
                    keep(self.guard_folder(&path).and_then(|()| self.guard_picture(&path)))
                })?;
                if let Some(name) = &output.subtitles {
                    keep(self.guard_folder(&name.under(&self.folder)))?;
                }
            }
        }
        if found.is_empty() { Ok(()) } else { Err(Stop::Failed(found)) }
    }

    /// Checks that an output stays in the folder of its spec: links out of it are not followed.
    fn guard_folder(&self, path: &Path) -> Result<(), Stop> {
        let Some(link) = link_out(&self.folder, path) else { return Ok(()) };
        let link = link.strip_prefix(&self.folder).unwrap_or(link).display();
        let message = format!("the link `{link}` is not followed because it leads out of the movie's folder");
        let help = "write the output into the folder of the spec, and move it from there";
        Err(Stop::Failed(vec![Diagnostic::error(Code::PATH_OUTSIDE, message).help(help)]))
    }

    /// Refuses to replace a file that `mmm` did not write.
    fn guard_foreign(&self, path: &Path) -> Result<(), Stop> {
        let is_ours = |path: &Path| self.means.worker.is_our_movie(path);
        let Some(obstacle) = obstacle(path, is_ours) else { return Ok(()) };
        let message = format!("`{}` {obstacle} and was not written by mmm", path.display());
        let help = "move the file, or give the output another name";
        Err(Stop::Failed(vec![Diagnostic::error(Code::OUTPUT_NOT_OURS, message).help(help)]))
    }

    /// Whether a segment or the sound is intact in the cache.
    fn is_whole(&self, blob: Digest) -> bool {
        self.store
            .open_blob(blob)
            .is_ok_and(|file| file.is_some_and(|file| self.means.worker.is_encoded(file)))
    }

    /// Forgets the answers whose blobs are missing or damaged, so that they are built again. Returns whether
    /// there were any.
    fn heal(&mut self, timeline: &Timeline, index: usize) -> bool {
        let Need::Ready(Some(linked)) = queries::linked(&self.db, self.project, index).clone() else {
            return true;
        };
        let segments =
            timeline.segments.iter().map(|segment| Action::Segment(Box::new(segment.recipe.clone())));
        let blobs = linked.segments.iter().map(|(blob, _)| *blob);
        let mut made: Vec<(Action, Digest)> = segments.zip(blobs).collect();
        if let (Some(recipe), Some(blob)) = (&timeline.sound, linked.sound) {
            made.push((Action::Sound(Box::new(recipe.clone())), blob));
        }
        let lost: Vec<Action> =
            made.into_iter().filter(|(_, blob)| !self.is_whole(*blob)).map(|(action, _)| action).collect();
        for action in &lost {
            self.forget(action);
        }
        self.tally.healed += lost.len();
        !lost.is_empty()
    }

    /// Compares the finished file with its timeline, reading it like any other player.
    fn read_back(&self, timeline: &Timeline, path: &Path) -> Result<(), Stop> {
        let fail = |message: String| {
            let help = "report this bug in mmm with your movie.yaml";
            Stop::Failed(vec![Diagnostic::error(Code::RENDER_FAILED, message).help(help)])
        };
        let figures = self.means.worker.stream_figures(path, timeline);
        let figures =
            figures.map_err(|error| fail(format!("the finished movie can't be read back: {error}")))?;
        let failing = figures.iter().filter(|figure| figure.verdict() == Verdict::Fails);
        let words = |figure: &Figure| format!("{}: {}", figure.measure.name, figure.words());
        let found: Vec<String> = failing.map(words).collect();
        if found.is_empty() {
            Ok(())
        } else {
            Err(fail(format!("the finished movie differs from its plan: {}", found.join("; "))))
        }
    }
}

/// Whether an output failed only because it can't meet its `max-size`.
fn is_too_large(errors: &[Diagnostic]) -> bool {
    errors.iter().all(|error| error.code == Code::OUTPUT_TOO_LARGE)
}

/// Whether two paths name the same file, which need not exist.
fn is_one_place(path: &Path, other: &Path) -> bool {
    let whole = |path: &Path| {
        let path = std::path::absolute(path).ok()?;
        Some((path.parent()?.canonicalize().ok()?, path.file_name()?.to_owned()))
    };
    whole(path).is_some_and(|path| whole(other) == Some(path))
}

fn linking(path: &Path, error: ExecError) -> Stop {
    match error {
        ExecError::Cancelled => Stop::Interrupted,
        ExecError::Io(error) => unwritable(path, &error),
        other => {
            let message = format!("`{}` can't be written: {other}", path.display());
            Stop::Failed(vec![Diagnostic::error(Code::OUTPUT_UNWRITABLE, message)])
        }
    }
}
