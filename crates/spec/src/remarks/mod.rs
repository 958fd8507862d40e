//! Reads what people and their libraries said about a medium: in XMP, and in the JSON of Google Takeout.
//! Everything here is a function of a text.

#[allow(clippy::module_inception, reason = "one main type a file, and this folder's are the remarks")]
mod remarks;
mod said_text;
mod same_file;
mod takeout;
#[cfg(test)]
mod tests;
mod xmp;

pub use remarks::{NamedPerson, Remarks, SaidArea};
pub use said_text::said_text;
pub use same_file::is_of_file;
pub use takeout::takeout_remarks;
pub use xmp::xmp_remarks;
