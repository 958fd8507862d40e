use crate::image_class::ImageClass;
use crate::thing::Thing;

/// What is known of a picture, as far as words can be compared with it.
#[derive(Clone, Copy, Default, Debug)]
pub struct Clues<'a> {
    /// What the tagger saw, with its probabilities, the best first. The first ten count.
    pub tags: &'a [(ImageClass, f32)],
    /// The objects that the detector found.
    pub sightings: &'a [Sighting],
    /// How many faces there are.
    pub faces: u32,
    /// The broadest smile, 0 to 1.
    pub smile: f32,
    pub atmosphere: Atmosphere,
    /// The hour of the day when it was taken, 0 to 23.
    pub hour: Option<u8>,
    /// The file with its folders, as far as they are the user's.
    pub path: &'a str,
    pub keywords: &'a [String],
    pub caption: Option<&'a str>,
    /// The names of the people in it.
    pub people: &'a [String],
    pub place: Option<&'a str>,
    /// How well it fits phrases of the query, 0 to 1, by a model that compares pictures with texts. For those
    /// phrases, tags, objects and colours don't count.
    pub fits: &'a [(&'a str, f64)],
}

/// An object in a picture.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Sighting {
    pub thing: Thing,
    /// How sure the detector is, 0 to 1.
    pub confidence: f32,
    /// The share of the picture's area that its box covers, 0 to 1.
    pub share: f32,
}

/// What the colours of a picture show, each from 0 (no sign of it) to 1.
#[derive(Clone, Copy, PartialEq, Default, Debug)]
pub struct Atmosphere {
    pub sunset: f32,
    pub night: f32,
    pub snow: f32,
    pub water: f32,
    pub greenery: f32,
}
