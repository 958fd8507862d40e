//! Reads the dates that cameras, phones, messengers and exports write: in fields of text, in the names of
//! files, and in the files that they put beside a medium. Everything here is a function of a text.

mod calendar;
mod file_names;
mod sidecars;
mod takeout;
mod written;
mod xmp;

pub use file_names::name_time;
pub use sidecars::sidecar_names;
pub use takeout::takeout_time;
pub use written::{WrittenTime, date_text, zone_text};
pub use xmp::xmp_time;
