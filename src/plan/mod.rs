//! Decides which moment stands on which beats: plain functions of spec and facts.
//!
//! Knows nothing of files and pixels, reads no clock, rolls no dice: equal inputs give equal plans.
//! The way in is [`plan`].

mod conflict;
mod edit_plan;
mod material;

pub use conflict::{Conflict, ConflictKind};
pub use edit_plan::{
    Chapter, EditPlan, LeftOut, MusicCue, Outline, PlannedShot, ShotScores, StoryBeat, TitleCue, TitleKind,
    Transition,
};
pub use material::{Material, Medium};
