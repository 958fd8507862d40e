//! The file of subtitles beside a finished movie.

use std::path::Path;

use super::need::Need;
use super::part_file::{PartFile, obstacle, unwritable};
use super::small_file::read_small;
use super::{BesideReport, Stop, Workspace, queries};
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_base::{Digest, Key, MediaPath, action_key};
use mmm_facts::Profile;
use mmm_plan::timeline::{is_our_subtitle_file, subtitle_file};
use mmm_spec::SubtitleFormat;
use mmm_store::{Bucket, Record};

/// Records of the subtitles that were written: SubRip has no comments in which a file could say so itself.
const WRITTEN: Bucket = Bucket { kind: "subtitles", version: 1 };

/// Larger files are not subtitles of a movie.
const MOST: u64 = 64 << 20;

impl Workspace {
    /// Returns the name and the text of the subtitles of an output; `None` if it has none, for a draft or
    /// before there is a plan.
    fn subtitles(&self, output: usize) -> Option<(MediaPath, String)> {
        if self.project.profile(&self.db) != Profile::Final {
            return None;
        }
        let name = queries::output(&self.db, self.project, output).as_ref()?.subtitles.clone()?;
        let format = SubtitleFormat::of(name.as_str())?;
        let Need::Ready(Some(timeline)) = queries::timeline(&self.db, self.project, output) else {
            return None;
        };
        Some((name, subtitle_file(&timeline.subtitles, timeline.canvas.rate, format)))
    }

    /// Writes the subtitles of an output to the path in the spec.
    pub(super) fn deliver_subtitles(&mut self, output: usize) -> Result<Option<BesideReport>, Stop> {
        let Some((name, text)) = self.subtitles(output) else { return Ok(None) };
        let (path, digest) = (name.under(&self.folder), Digest::of(text.as_bytes()));
        let written = self.digest_of(&path) != Some(digest);
        if written {
            self.guard_subtitles(output)?;
            let part = PartFile::beside(&path)?;
            part.write(text.as_bytes()).map_err(|error| unwritable(&path, &error))?;
            part.rename(&path).map_err(|error| unwritable(&path, &error))?;
        }
        if self.written_before(&name) != Some(digest) {
            let record = Record { blobs: Vec::new(), seconds: 0.0, made_of: None, value: digest };
            self.store.set_record(WRITTEN, self.written_key(&name), &record)?;
        }
        Ok(Some(BesideReport { path, digest, bytes: text.len() as u64, written }))
    }

    /// Refuses to replace a file that `mmm` did not write or that someone changed. A file with the text that
    /// would be written is no obstacle.
    pub(super) fn guard_subtitles(&self, output: usize) -> Result<(), Stop> {
        let Some((name, text)) = self.subtitles(output) else { return Ok(()) };
        let path = name.under(&self.folder);
        let is_ours = |path: &Path| {
            read_small(path, MOST).is_ok_and(|bytes| {
                let digest = Digest::of(&bytes);
                let is_marked = || std::str::from_utf8(&bytes).is_ok_and(is_our_subtitle_file);
                digest == Digest::of(text.as_bytes())
                    || self.written_before(&name) == Some(digest)
                    || is_marked()
            })
        };
        let Some(obstacle) = obstacle(&path, is_ours) else { return Ok(()) };
        let message =
            format!("`{}` {obstacle} and was not written by mmm, or was changed since", path.display());
        let help = "move the file, or give the subtitles another name";
        Err(Stop::Failed(vec![Diagnostic::error(Code::OUTPUT_NOT_OURS, message).help(help)]))
    }

    fn written_key(&self, name: &MediaPath) -> Key {
        action_key(WRITTEN.kind, WRITTEN.version, &(&self.folder, name))
    }

    /// Returns the digest of the file of this name that was written last, as long as the cache knows it.
    pub(super) fn written_before(&self, name: &MediaPath) -> Option<Digest> {
        let record: Option<Record<Digest>> = self.store.record(WRITTEN, self.written_key(name));
        record.map(|record| record.value)
    }
}
