use super::take::Take;
use crate::music::{Extent, Grid};

/// A movie whose media are assigned to shots.
pub(crate) struct Solved<'a> {
    pub extent: Extent<'a>,
    pub grid: Grid,
    pub takes: Vec<Take>,
}
