use mmm_facts::{ShotTransition, ShotView};

/// A shot in whole frames, and its view from the cut on.
pub(super) struct Laid {
    pub start: u32,
    pub frames: u32,
    pub transition: ShotTransition,
    pub view: ShotView,
}
