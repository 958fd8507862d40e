use ffmpeg_next::ChannelLayout;

/// The requested channels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// One channel: the mean of left and right.
    Mono,
    /// Two channels: left and right.
    Stereo,
}

impl Layout {
    /// Returns the number of channels.
    pub fn count(self) -> usize {
        match self {
            Self::Mono => 1,
            Self::Stereo => 2,
        }
    }

    pub(super) fn channels_of_libav(self) -> ChannelLayout {
        match self {
            Self::Mono => ChannelLayout::MONO,
            Self::Stereo => ChannelLayout::STEREO,
        }
    }
}
