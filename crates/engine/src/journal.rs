//! Records what the last two builds of a spec were built from, so that `mmm why` can compare them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::db::{Db, FileState};
use super::need::Need;
use super::pictures::{Beside, pictures};
use super::{OutputReport, Stop, Workspace, queries};
use mmm_base::{Digest, Key, MediaPath, Rate, action_key};
use mmm_exec::Action;
use mmm_facts::{Fade, ShotReason, Timeline, Tools, View};
use mmm_store::{Bucket, Record};

const JOURNAL: Bucket = Bucket { kind: "journal", version: 3 };

/// The last two builds that differ, the newest last.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(super) struct Journal {
    pub builds: Vec<Built>,
}

/// What one build was built from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Built {
    /// The version of mmm.
    pub version: String,
    /// The libraries that affect its result.
    #[serde(default)]
    pub tools: Tools,
    /// The text of the spec.
    pub spec: String,
    pub media: BTreeMap<MediaPath, Digest>,
    pub outputs: Vec<BuiltOutput>,
}

/// One output of a build.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct BuiltOutput {
    pub name: MediaPath,
    pub rate: Rate,
    pub shots: Vec<BuiltShot>,
    pub segments: Vec<BuiltSegment>,
    pub sound: Option<Action>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<BuiltPicture>,
}

/// A poster or a preview.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct BuiltPicture {
    pub name: MediaPath,
    /// The movie's frames that it shows; of a preview, the first frame of each excerpt.
    pub frames: Vec<u32>,
    pub made_of: Action,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct BuiltShot {
    pub id: String,
    /// In frames.
    pub start: u32,
    pub reason: ShotReason,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct BuiltSegment {
    /// In frames.
    pub start: u32,
    pub frames: u32,
    pub made_of: Action,
}

impl BuiltOutput {
    pub fn of(name: MediaPath, timeline: &Timeline) -> Self {
        let shots = timeline.shots.iter().map(|shot| BuiltShot {
            id: shot.shot.id.clone(),
            start: shot.start,
            reason: shot.shot.reason.clone(),
        });
        let segments = timeline.segments.iter().map(|segment| BuiltSegment {
            start: segment.start,
            frames: segment.recipe.frames,
            made_of: Action::Segment(Box::new(segment.recipe.clone())),
        });
        let sound = timeline.sound.as_ref().map(|sound| Action::Sound(Box::new(sound.clone())));
        let rate = timeline.canvas.rate;
        let pictures = Vec::new();
        Self { name, rate, shots: shots.collect(), segments: segments.collect(), sound, pictures }
    }

    /// Returns the output with the pictures that are delivered beside the movie.
    pub fn with(self, pictures: Vec<Beside>) -> Self {
        let built = |picture: Beside| BuiltPicture {
            name: picture.name,
            frames: picture.frames,
            made_of: picture.action,
        };
        Self { pictures: pictures.into_iter().map(built).collect(), ..self }
    }

    /// Returns the shot on screen at a frame, with its number counted from 0.
    pub fn shot_at(&self, frame: u32) -> Option<(usize, &BuiltShot)> {
        self.shots.iter().enumerate().rev().find(|(_, shot)| shot.start <= frame)
    }

    /// Returns the segment on screen at a frame.
    pub fn segment_at(&self, frame: u32) -> Option<&BuiltSegment> {
        self.segments.iter().find(|segment| (segment.start..segment.start + segment.frames).contains(&frame))
    }

    /// Returns the segment that shows the same part of a shot as `like`: its body, a fade, or the blend into
    /// or out of it.
    pub fn segment_like(&self, id: &str, like: &Action) -> Option<&BuiltSegment> {
        let index = self.shots.iter().position(|shot| shot.id == id)?;
        let start = self.shots[index].start;
        let end = self.segments.last().map_or(0, |segment| segment.start + segment.frames);
        let end = self.shots.get(index + 1).map_or(end, |shot| shot.start);
        let shows = |segment: &&BuiltSegment| segment.start < end && start < segment.start + segment.frames;
        let alike = |segment: &&BuiltSegment| part(&segment.made_of) == part(like);
        self.segments.iter().filter(shows).find(alike)
    }
}

/// Returns the part of a shot that a segment shows: whether it blends with another shot, and how it fades.
fn part(action: &Action) -> Option<(bool, Option<Fade>)> {
    let Action::Segment(recipe) = action else { return None };
    Some((matches!(recipe.view, View::Blend(..)), recipe.fade))
}

impl Workspace {
    fn journal_key(&self) -> Key {
        let profile = self.project.profile(&self.db);
        action_key(JOURNAL.kind, JOURNAL.version, &(&self.folder, self.spec_path().file_name(), profile))
    }

    /// Returns the builds before this one.
    pub(super) fn journal(&self) -> Journal {
        let record: Option<Record<Journal>> = self.store.record(JOURNAL, self.journal_key());
        record.map(|record| record.value).unwrap_or_default()
    }

    /// Records what this build was built from, if that differs from the last build.
    pub(super) fn write_journal(&mut self, outputs: &[OutputReport]) -> Result<(), Stop> {
        let Some(movie) = self.movie() else { return Ok(()) };
        let built = |(index, name): (usize, &MediaPath)| {
            let is_made = outputs.iter().any(|output| output.name == *name);
            match queries::timeline(&self.db, self.project, index) {
                Need::Ready(Some(timeline)) if is_made => {
                    let pictures = pictures(&self.db, self.project, index);
                    Some(BuiltOutput::of(name.clone(), timeline).with(pictures))
                }
                _ => None,
            }
        };
        let names: Vec<MediaPath> = movie.outputs.iter().map(|output| output.name.clone()).collect();
        let build = Built {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            tools: self.db.tools().clone(),
            spec: self.spec_text(),
            media: self.contents(),
            outputs: names.iter().enumerate().filter_map(built).collect(),
        };
        let mut journal = self.journal();
        if journal.builds.last() == Some(&build) {
            return Ok(());
        }
        journal.builds.push(build);
        let old = journal.builds.len().saturating_sub(2);
        journal.builds.drain(..old);
        let record = Record { blobs: Vec::new(), seconds: 0.0, made_of: None, value: journal };
        Ok(self.store.set_record(JOURNAL, self.journal_key(), &record)?)
    }

    /// Returns the digest of every file that the spec includes and that can be read.
    pub(super) fn contents(&self) -> BTreeMap<MediaPath, Digest> {
        let Some(movie) = self.movie() else { return BTreeMap::new() };
        let taken = queries::shown(&self.db, self.project).map(|taken| &taken.path);
        let tracks = movie.outputs.iter().flat_map(|output| &output.settings.music).map(|track| &track.path);
        let read = |path: &MediaPath| {
            let file = self.db.media(path);
            let usable = matches!(queries::probe(&self.db, file), Need::Ready(Ok(_)));
            match file.state(&self.db) {
                FileState::Read(digest) if usable => Some((path.clone(), *digest)),
                _ => None,
            }
        };
        taken.chain(tracks).filter_map(read).collect()
    }
}
