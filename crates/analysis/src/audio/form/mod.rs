//! Analyses the form of a music track: sections on bars, their function in the song, drops and stops.

mod bar_energy;
mod bar_features;
mod bar_lines;
mod events;
mod kinds;
mod labels;
mod sections;
mod segmentation;

pub use sections::form;
