//! Reads movie.yaml: text to a typed [`Movie`], the places where its words stood, and every
//! mistake in it at once. Knows nothing of files and media.

mod movie;
mod settings;
mod span_map;

pub use movie::{ClipSound, Known, MediaRule, Movie, Output, Role, RuleAction};
pub use settings::{
    Aspect, Constraints, CutOn, Fit, Length, Loudness, Order, Pace, PhotoMotion, Settings, Style, Title,
    Titles, Track, TransitionKind, Transitions,
};
pub use span_map::SpanMap;
