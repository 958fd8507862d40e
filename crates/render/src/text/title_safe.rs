/// The part of the width and of the height that every screen shows titles in: the safe title area
/// of SMPTE ST 2046-1.
pub(super) const TITLE_SAFE: f32 = 0.9;
