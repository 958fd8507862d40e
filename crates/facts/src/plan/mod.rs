//! What a plan is made from, the plan, and the plan in whole frames and samples.

mod conflict;
mod edit_plan;
mod kept;
mod material;
mod timeline;

pub use conflict::{Conflict, ConflictKind};
pub use edit_plan::{
    Chapter, EditPlan, LeftOut, MusicCue, Outline, PlannedShot, ShotScores, StoryBeat, TitleCue, TitleKind,
    Transition,
};
pub use kept::{Kept, KeptCue, KeptShot, turn};
pub use material::{Material, Medium};
pub use timeline::{ChapterMark, Piece, SAMPLE_RATE, Shot, ShotTransition, Timeline};
