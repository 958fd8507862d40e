use mmm_base::Time;

/// Frames that the decoder may leave out to be faster.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Skip {
    #[default]
    Nothing,
    /// Frames that no other frame is made from.
    Unreferenced,
    /// All frames but those that stand alone, and of these the ones nearer than this to the last.
    AllButKeys { apart: Time },
}
