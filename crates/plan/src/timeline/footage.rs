use mmm_base::Digest;

/// What the timeline needs to know about a medium: its digest, and its size as displayed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Footage {
    pub source: Digest,
    /// Width and height of the upright picture; zero for music.
    pub size: (u32, u32),
}
