use mmm_base::Digest;

/// What the timeline has to know of a medium: its bytes, and its size as shown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Footage {
    pub source: Digest,
    /// Width and height of the upright picture; zero for music.
    pub size: (u32, u32),
}
