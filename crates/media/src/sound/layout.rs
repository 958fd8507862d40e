use ffmpeg_next::ChannelLayout;

/// The channels that are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// One: the mean of left and right.
    Mono,
    /// Left and right.
    Stereo,
}

impl Layout {
    /// How many channels there are.
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
