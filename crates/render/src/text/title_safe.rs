/// The fraction of width and height that every screen shows: the safe title area of SMPTE ST 2046-1.
pub(super) const TITLE_SAFE: f32 = 0.9;
