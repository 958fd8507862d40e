use std::fmt;

use crate::image_class::ImageClass;
use crate::thing::Thing;
use crate::wish::Stance;

/// One thing that a query names and that a picture shows.
#[derive(Clone, PartialEq, Debug)]
pub struct Match {
    /// The words of the query.
    pub wish: String,
    pub stance: Stance,
    /// What shows it.
    pub by: MatchedBy,
    /// How strongly, 0 to 1.
    pub strength: f64,
}

/// What shows in a picture that it fits.
#[derive(Clone, PartialEq, Debug)]
pub enum MatchedBy {
    /// A word of the file's name or of its folders.
    Name(String),
    Keyword(String),
    /// A word of the caption.
    Caption(String),
    Person(String),
    Place(String),
    Sighting(Thing),
    Tag(ImageClass),
    /// The meaning of all tags together.
    Meaning,
    /// A number of people.
    People(u32),
    Smile,
    /// A rule on colours, by its name.
    Colours(&'static str),
    Hour(u8),
    /// A model of the user's own that compares pictures with texts.
    OwnModel,
}

impl fmt::Display for MatchedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(word) => write!(f, "its name has “{word}”"),
            Self::Keyword(keyword) => write!(f, "keyword “{keyword}”"),
            Self::Caption(word) => write!(f, "its caption has “{word}”"),
            Self::Person(name) => write!(f, "{name} is in it"),
            Self::Place(place) => write!(f, "taken in {place}"),
            Self::Sighting(thing) => write!(f, "shows: {}", thing.name()),
            Self::Tag(tag) => write!(f, "looks like: {}", tag.name()),
            Self::Meaning => write!(f, "what it looks like is related"),
            Self::People(1) => write!(f, "one person"),
            Self::People(count) => write!(f, "{count} people"),
            Self::Smile => write!(f, "somebody smiles"),
            Self::Colours(rule) => write!(f, "its colours: {rule}"),
            Self::OwnModel => write!(f, "it fits the words, says your own model"),
            Self::Hour(hour) => write!(f, "taken after {hour}:00"),
        }
    }
}
