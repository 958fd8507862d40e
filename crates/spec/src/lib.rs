//! Reads movie.yaml: turns its text into a typed [`Movie`], records the place of every value, and reports all
//! mistakes at once. It also selects the files that `media` names from a listing, and reads the dates in names,
//! and the dates and remarks in text formats beside media. It never opens a file and does not look inside media.
//! The entry points are
//! [`parse()`] and [`select()`].
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests write files and read them back"))]

mod assemble;
mod assemble_medium;
mod beats_list;
mod byte_size;
mod check;
mod clip_text;
mod clock_shift;
mod colour;
mod comment;
mod container;
mod cube_file;
mod dates;
mod listed_names;
mod listing;
mod media_filter;
mod medium_keys;
mod moment;
mod movie;
mod name_form;
mod natural;
mod nearest_name;
mod node;
mod output_keys;
mod parse;
mod pattern;
mod people_check;
mod people_rule;
mod picture_format;
mod quote;
mod reader;
mod remarks;
mod roots;
mod scalar;
mod schema;
mod select;
mod settings;
mod shape;
mod span_map;
mod starter;
mod subtitle_format;
mod suggest;
mod target;
mod time_text;
mod value;
mod vocabulary;
mod words;
mod xmp_motion;
mod xmp_packet;
mod yaml_trouble;
mod yaml_words;
mod zone;

#[cfg(test)]
mod tests;

pub use beats_list::{BadBeats, ListedBeat, read_beats, write_beats};
pub use byte_size::bytes_text;
pub use colour::Colour;
pub use container::Container;
pub use cube_file::{BadCube, CubeFile};
pub use dates::{WrittenTime, date_text, name_time, sidecar_names, takeout_time, xmp_time, zone_text};
pub use listing::{Listing, SharedFolder};
pub use media_filter::{MediaFilter, StarRange};
pub use movie::{CameraRule, ClipSound, DRAFT, Known, MediaRule, Movie, Output, Poster, Role, RuleAction};
pub use name_form::{folded_name, normal_name};
pub use nearest_name::{by_nearness, nearest_name};
pub use parse::{Parsed, parse};
pub use pattern::{covers_folder, is_glob};
pub use people_rule::PeopleRule;
pub use picture_format::PictureFormat;
pub use quote::quote;
pub use remarks::{NamedPerson, Remarks, SaidArea, is_of_file, said_text, takeout_remarks, xmp_remarks};
pub use roots::{Root, roots};
pub use schema::schema;
pub use select::{Selection, Taken, select};
pub use settings::{
    Aspect, BeatsByHand, Codec, Constraints, CutOn, Factor, Fit, FrameRate, FrameSize, Length, LivePhotos,
    Look, Loudness, Order, Pace, PersonShots, PhotoMotion, Quality, Settings, Style, Title, Titles, Track,
    TransitionKind, Transitions,
};
pub use span_map::SpanMap;
pub use starter::{Found, Starter, starter};
pub use subtitle_format::SubtitleFormat;
pub use target::Target;
pub use time_text::{read_time, time_text};
pub use xmp_motion::{XmpMotion, xmp_motion};
pub use zone::Zone;
