//! How a piece of music is built: sections on bars, what they do in the song, drops and stops.

mod bar_energy;
mod bar_features;
mod bar_lines;
mod events;
mod kinds;
mod labels;
mod sections;
mod segmentation;

pub use sections::form;
