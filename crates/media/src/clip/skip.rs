use mmm_base::Time;

/// Frames that the decoder may skip to be faster.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Skip {
    #[default]
    Nothing,
    /// Frames that no other frame depends on.
    Unreferenced,
    /// All frames except keyframes, and keyframes closer than `apart` to the last one.
    AllButKeys { apart: Time },
}
