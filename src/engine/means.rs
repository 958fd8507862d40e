/// What a run may use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Means {
    /// Workers that run at once; at least one.
    pub jobs: usize,
    /// Whether nets may listen and look; without them there are the classical measures alone.
    pub nets: bool,
}
