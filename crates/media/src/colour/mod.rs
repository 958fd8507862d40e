//! Colours of sources to the movie's: BT.709 as a display of its standard shows it (BT.1886).

mod cube;
mod gamut;
mod grade;
mod tone;
mod transfer;

pub use cube::Cube;
pub(super) use grade::Grade;
