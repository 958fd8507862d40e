use crate::MediaKind;
use crate::Sources;
use crate::{Material, Medium};
use crate::{Shot, Timeline, TimelineShot};
use mmm_base::MediaPath;

/// What a movie should be; its figures are compared with this.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub timeline: &'a Timeline,
    pub material: &'a Material,
    /// The chapter of each medium, in the order of `material.media`.
    pub chapters: &'a [usize],
    /// The best version of each medium, in the order of `material.media`: the index of the medium itself, or
    /// that of the medium whose copy, proxy, original or other half it is.
    pub versions: &'a [usize],
    /// Finds the media files, to measure music and voices separately.
    pub sources: &'a dyn Sources,
}

impl Wanted<'_> {
    /// Returns the medium at a path.
    pub fn medium(&self, path: &MediaPath) -> Option<&Medium> {
        self.material.media.iter().find(|medium| medium.path == *path)
    }

    /// Whether the medium at an index is a worse version of another one.
    pub fn is_worse_version(&self, index: usize) -> bool {
        self.versions.get(index).is_some_and(|best| *best != index)
    }

    /// Whether a frame is in a segment that fades from or to one colour.
    pub fn fades(&self, frame: u32) -> bool {
        let segments = &self.timeline.segments;
        let after = segments.partition_point(|segment| segment.start <= frame);
        after.checked_sub(1).is_some_and(|at| segments[at].recipe.fade.is_some())
    }

    /// Returns the shot that contains a frame, judged by its cuts (transitions are ignored).
    pub fn shot_at(&self, frame: u32) -> Option<&TimelineShot> {
        self.timeline.shots.iter().rev().find(|shot| shot.start <= frame)
    }

    /// Whether the frames of a shot's source don't match those of the movie one to one, so that some are
    /// repeated or dropped.
    pub fn has_other_rate(&self, shot: &TimelineShot) -> bool {
        let kind = shot.shot.source.kind;
        let medium = self.medium(&shot.shot.source.path).map(|medium| medium.seen_as(kind));
        let picture = medium.and_then(|medium| medium.probe.picture.as_ref());
        let same = |picture: &crate::PictureStream| {
            !picture.variable_rate && picture.rate == Some(self.timeline.canvas.rate)
        };
        let Shot { source, treatment, .. } = &shot.shot;
        source.kind == MediaKind::Clip && (!treatment.speed.is_normal() || !picture.is_some_and(same))
    }
}
