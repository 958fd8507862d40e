/// What the media libraries of this machine can do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Libraries {
    pub codecs: Vec<CodecEntry>,
}

/// One encoder or decoder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodecEntry {
    pub name: &'static str,
    pub purpose: &'static str,
    pub there: bool,
    /// Whether `mmm` can't build movies without it.
    pub needed: bool,
}
