use mmm_base::Time;

/// What the decoder may skip to be faster.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Skip {
    #[default]
    Nothing,
    /// The loop filter, for small pictures of a large clip: of 4K at 37 Mbit/s, a picture of 540 lines has
    /// at least 49 dB up to a second after its keyframe.
    LoopFilter,
    /// Frames that no other frame depends on.
    Unreferenced,
    /// All frames except keyframes, and keyframes closer than `apart` to the last one.
    AllButKeys { apart: Time },
}

impl Skip {
    /// Whether all frames are decoded.
    pub(super) fn keeps_frames(self) -> bool {
        matches!(self, Self::Nothing | Self::LoopFilter)
    }
}
