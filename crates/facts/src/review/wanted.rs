use crate::MediaKind;
use crate::Sources;
use crate::{EditPlan, Material, Medium};
use crate::{Shot, Timeline};
use mmm_base::MediaPath;

/// What a movie was meant to be: what its figures are held against.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub timeline: &'a Timeline,
    pub plan: &'a EditPlan,
    pub material: &'a Material,
    /// The chapter of each medium, in the order of `material.media`.
    pub chapters: &'a [usize],
    /// Where the media are, to hear music and voices apart from each other.
    pub sources: &'a dyn Sources,
}

impl Wanted<'_> {
    /// The medium of a path.
    pub fn medium(&self, path: &MediaPath) -> Option<&Medium> {
        self.material.media.iter().find(|medium| medium.path == *path)
    }

    /// Whether a frame is part of a way out of black or into it.
    pub fn fades(&self, frame: u32) -> bool {
        let pieces = &self.timeline.pieces;
        let after = pieces.partition_point(|piece| piece.start <= frame);
        after.checked_sub(1).is_some_and(|at| pieces[at].recipe.fade.is_some())
    }

    /// The shot that a frame belongs to by its cut.
    pub fn shot_at(&self, frame: u32) -> Option<&Shot> {
        self.timeline.shots.iter().rev().find(|shot| shot.start <= frame)
    }

    /// Whether the source of a shot has another rhythm of frames than the movie, so that some of them
    /// come twice or not at all.
    pub fn has_other_rate(&self, shot: &Shot) -> bool {
        let picture = self.medium(&shot.source).and_then(|medium| medium.probe.picture.as_ref());
        let same = |picture: &crate::PictureStream| {
            !picture.variable_rate && picture.rate == Some(self.timeline.canvas.rate)
        };
        shot.kind == MediaKind::Clip && (!shot.speed.is_normal() || !picture.is_some_and(same))
    }
}
