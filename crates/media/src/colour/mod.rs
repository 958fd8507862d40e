//! Converts source colours to the movie's: BT.709 as displayed by a reference display (BT.1886).

mod cube;
mod gamut;
mod grade;
mod tone;
mod transfer;

pub use cube::Cube;
pub(super) use grade::Grade;
pub use transfer::DISPLAY_GAMMA;
