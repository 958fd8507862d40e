use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

use super::people_rule::PeopleRule;

/// What an entry of `media` asks of the content of its files.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct MediaFilter {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<PeopleRule>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<StarRange>,
}

impl MediaFilter {
    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it admits a medium with these stars and these people, whose names are in folded form.
    pub fn admits(&self, stars: Option<u8>, people: &BTreeSet<String>) -> bool {
        self.people.as_ref().is_none_or(|rule| rule.admits(people))
            && self.rating.is_none_or(|range| stars.is_some_and(|stars| range.admits(stars)))
    }
}

impl Display for MediaFilter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (&self.people, self.rating) {
            (Some(people), Some(rating)) => write!(f, "people: {people}, rating: {rating}"),
            (Some(people), None) => write!(f, "people: {people}"),
            (None, Some(rating)) => write!(f, "rating: {rating}"),
            (None, None) => Ok(()),
        }
    }
}

/// A range of stars, both ends included: `3..`, `..2`, `2..4` or `5`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct StarRange {
    pub least: u8,
    pub most: u8,
}

impl StarRange {
    /// The fewest and the most stars.
    pub const BOUNDS: (u8, u8) = (1, 5);

    /// Parses a range; `None` if it is none, or has no star from 1 to 5 in it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (fewest, all) = Self::BOUNDS;
        let number = |text: &str, open: u8| match text.trim() {
            "" => Some(open),
            digit => digit.parse().ok().filter(|stars| (fewest..=all).contains(stars)),
        };
        let range = match text.split_once("..") {
            Some((least, most)) if !(least.trim().is_empty() && most.trim().is_empty()) => {
                Self { least: number(least, fewest)?, most: number(most, all)? }
            }
            Some(_) => return None,
            None => Self { least: number(text, 0)?, most: number(text, 0)? },
        };
        (range.least >= fewest && range.least <= range.most).then_some(range)
    }

    pub fn admits(self, stars: u8) -> bool {
        (self.least..=self.most).contains(&stars)
    }
}

impl Display for StarRange {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (fewest, all) = Self::BOUNDS;
        match (self.least, self.most) {
            (least, most) if least == most => write!(f, "{least}"),
            (least, most) if most == all => write!(f, "{least}.."),
            (least, most) if least == fewest => write!(f, "..{most}"),
            (least, most) => write!(f, "{least}..{most}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_stars() {
        let read = |text: &str| StarRange::parse(text).map(|range| (range.least, range.most));
        assert_eq!(read("3.."), Some((3, 5)));
        assert_eq!(read("..2"), Some((1, 2)));
        assert_eq!(read("2..4"), Some((2, 4)));
        assert_eq!(read("4"), Some((4, 4)));
        for wrong in ["", "..", "0", "6", "4..2", "0..3", "..6", "3..5..", "3.", "three", "-1", "1..x"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        for text in ["3..", "..2", "2..4", "4", "1.."] {
            assert_eq!(StarRange::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn media_without_stars_match_no_range() {
        let filter = |text: &str| MediaFilter { rating: StarRange::parse(text), people: None };
        let nobody = BTreeSet::new();
        assert!(filter("3..").admits(Some(3), &nobody) && !filter("3..").admits(Some(2), &nobody));
        assert!(!filter("..2").admits(None, &nobody) && MediaFilter::default().admits(None, &nobody));
    }
}
