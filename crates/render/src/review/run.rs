/// A range of frames.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Run {
    pub start: u32,
    pub frames: u32,
}
