//! The shots of a movie as a page shows them.

use super::need::Need;
use super::{Progress, Stop, Workspace, queries};
use mmm_base::{Digest, Key, Rate};
use mmm_exec::{Action, Answer, KnownAnswer};
use mmm_facts::{SegmentRecipe, TimelineShot};
use mmm_plan::timeline::still;

/// The shots of one output, in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Storyboard {
    pub width: u32,
    pub height: u32,
    pub rate: Rate,
    /// The length of the movie.
    pub frames: u32,
    pub shots: Vec<BoardShot>,
}

/// One shot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BoardShot {
    pub shot: TimelineShot,
    /// The keys of its segments: its body and the dissolve into it.
    pub segments: Vec<Key>,
    /// Its middle frame, as a segment of one frame.
    pub still: Option<SegmentRecipe>,
}

impl Workspace {
    /// Returns the storyboard of an output (counted from 0) as the last build planned it; `None` if it could
    /// not be planned.
    pub fn storyboard(&self, output: usize) -> Option<Storyboard> {
        let Need::Ready(Some(timeline)) = queries::timeline(&self.db, self.project, output) else {
            return None;
        };
        let board = |shot: &TimelineShot| {
            // A dissolve begins before the cut and counts as part of the shot that it leads into.
            let shown = shot.start..shot.end();
            let ours = timeline
                .segments
                .iter()
                .filter(|segment| shown.contains(&(segment.start + segment.recipe.frames / 2)));
            let key = |recipe: &SegmentRecipe| self.key(&Action::Segment(Box::new(recipe.clone())));
            BoardShot {
                segments: ours.map(|segment| key(&segment.recipe)).collect(),
                still: still(timeline, shot),
                shot: shot.clone(),
            }
        };
        let canvas = timeline.canvas;
        Some(Storyboard {
            width: canvas.width,
            height: canvas.height,
            rate: canvas.rate,
            frames: timeline.frames,
            shots: timeline.shots.iter().map(board).collect(),
        })
    }

    /// Returns a JPEG of each segment's first frame; `None` for a segment whose source can't be read any
    /// more.
    ///
    /// # Errors
    /// On cancellation, or if the cache can't be written.
    pub fn stills(
        &mut self,
        recipes: &[SegmentRecipe],
        progress: &dyn Progress,
    ) -> Result<Vec<Option<Digest>>, Stop> {
        let actions: Vec<Action> =
            recipes.iter().map(|recipe| Action::Still(Box::new(recipe.clone()))).collect();
        for action in &actions {
            // The cache may have removed a picture but kept its record.
            if let Some(KnownAnswer { answer: Answer::Still(blob), .. }) = self.known(action)
                && !self.store.has_blob(blob)
            {
                self.forget(action);
            }
        }
        match self.supply(actions.iter().cloned().collect(), progress) {
            Ok(()) | Err(Stop::Failed(_)) => {}
            Err(stop) => return Err(stop),
        }
        let blob = |action| match self.answer(action) {
            Some(Answer::Still(blob)) if self.store.has_blob(blob) => Some(blob),
            _ => None,
        };
        Ok(actions.iter().map(blob).collect())
    }
}
