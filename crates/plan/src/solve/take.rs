use mmm_base::Time;

/// One medium between two nodes of the grid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Take {
    /// Index of the candidate.
    pub who: usize,
    /// How many times it has been shown before.
    pub turn: u32,
    pub from: usize,
    pub to: usize,
    /// The part of a clip that an earlier plan showed here.
    pub part: Option<(Time, Time)>,
}
