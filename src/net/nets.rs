use crate::base::Digest;

/// Which nets listen and look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Nets {
    /// None: the classical measures alone.
    None,
    /// Those that are built in.
    BuiltIn,
    /// Those that are built in, but for the beats the user's own.
    WithBeats(BeatModel),
}

/// A model for beats in the form of Beat This!, by the contents of its two files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BeatModel {
    /// From sound to a mel spectrogram.
    pub spectrogram: Digest,
    /// From the spectrogram to beats and downbeats.
    pub beats: Digest,
}
