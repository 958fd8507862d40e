//! The input of the planner, the plan, and the plan in whole frames and samples.

mod conflict;
mod edit_plan;
mod framing_reason;
mod kept;
mod live_use;
mod material;
mod outline;
mod reason;
mod shot;
mod time_remark;
mod timeline;

pub use conflict::{ClipTrouble, Conflict, ConflictKind, Shortage, WayOut};
pub use edit_plan::{Chapter, EditPlan, LeftOut, MusicCue, TitleCue, TitleKind, beat_spans};
pub use framing_reason::{BarsCause, FramingReason, ShownInTurn};
pub use kept::{Kept, KeptCue, KeptShot, turn};
pub use live_use::{LiveUse, WhyLivePlays, WhyLiveStays};
pub use material::{Material, Medium};
pub use outline::{GridNote, MusicSync, Outline, Pacing, ShotLengths, StoryCounts};
pub use reason::{
    BetterTwin, CutPlace, LeftOutCause, MusicStep, Passage, ShotReason, ShotRole, Strength, VersionKind,
};
pub use shot::{PhotoCrop, Shot, ShotFraming, ShotMerits, ShotSound, ShotSource, StoryBeat, Transition};
pub use time_remark::TimeRemark;
pub use timeline::{ChapterMark, SAMPLE_RATE, Segment, ShotTransition, Timeline, TimelineShot};
