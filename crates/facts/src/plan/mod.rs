//! What a plan is made from, the plan, and the plan in whole frames and samples.

mod conflict;
mod edit_plan;
mod kept;
mod material;
mod outline;
mod reason;
mod timeline;

pub use conflict::{ClipTrouble, Conflict, ConflictKind, Shortage};
pub use edit_plan::{
    Chapter, EditPlan, LeftOut, MusicCue, PlannedShot, ShotScores, StoryBeat, TitleCue, TitleKind, Transition,
};
pub use kept::{Kept, KeptCue, KeptShot, turn};
pub use material::{Material, Medium};
pub use outline::{GridNote, MusicSync, Outline, Pacing, ShotLengths, StoryCounts};
pub use reason::{BetterTwin, CutPlace, LeftOutCause, MusicStep, Passage, ShotReason, ShotRole, Strength};
pub use timeline::{ChapterMark, Piece, SAMPLE_RATE, Shot, ShotTransition, Timeline};
