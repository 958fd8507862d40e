use mmm_base::Digest;

/// What the timeline needs to know about a medium: its digest, its size as
/// displayed, and which of its sound tracks is heard.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Footage {
    pub source: Digest,
    /// Width and height of the upright picture; zero for music.
    pub size: (u32, u32),
    /// The number of the sound track that is heard, counted from 1; `None` for the one that is chosen.
    pub track: Option<u8>,
}
