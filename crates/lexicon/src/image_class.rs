use std::ops::RangeInclusive;
use std::sync::LazyLock;

use crate::meaning::Meaning;
use crate::named::Named;

/// The names of the 1000 classes of ImageNet in the order of the tagger's outputs, one per line.
const NAMES: &str = include_str!("../../../models/classes.txt");

/// Tags of landscapes, buildings, streets, vehicles and what is done outside.
const WIDE_VIEWS: &[RangeInclusive<u16>] = &[
    403..=405,
    407..=408,
    424..=425,
    437..=437,
    442..=442,
    449..=450,
    460..=460,
    468..=468,
    472..=472,
    483..=484,
    497..=497,
    500..=500,
    510..=511,
    517..=517,
    525..=525,
    536..=538,
    540..=540,
    547..=547,
    554..=555,
    557..=557,
    562..=562,
    565..=565,
    576..=576,
    628..=628,
    649..=649,
    654..=654,
    657..=657,
    663..=663,
    668..=668,
    671..=672,
    682..=682,
    698..=698,
    703..=704,
    706..=706,
    718..=718,
    724..=724,
    727..=727,
    733..=733,
    744..=744,
    755..=755,
    779..=780,
    795..=795,
    802..=803,
    812..=812,
    814..=814,
    821..=821,
    825..=825,
    829..=829,
    832..=832,
    839..=839,
    853..=853,
    858..=858,
    867..=867,
    873..=874,
    888..=888,
    895..=895,
    900..=900,
    908..=908,
    912..=915,
    919..=920,
    970..=970,
    972..=980,
];

/// Those of them in which the sky is large.
const LANDSCAPES: &[RangeInclusive<u16>] = &[
    437..=437,
    449..=449,
    460..=460,
    472..=472,
    484..=484,
    536..=536,
    554..=554,
    576..=576,
    628..=628,
    718..=718,
    724..=724,
    780..=780,
    814..=814,
    912..=914,
    970..=970,
    972..=980,
];

static TAGS: LazyLock<Vec<Named>> = LazyLock::new(|| NAMES.lines().map(Named::new).collect());
/// A class of the tagger: the number of its output, 0 to 999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ImageClass(u16);

impl ImageClass {
    /// The number of tags.
    pub const COUNT: usize = 1000;

    /// Returns the tag of an output, or `None` beyond the last one.
    pub const fn new(output: u16) -> Option<Self> {
        if (output as usize) < Self::COUNT { Some(Self(output)) } else { None }
    }

    /// Returns all tags in the order of their outputs.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT as u16).map(Self)
    }

    /// Returns the number of the tag's output.
    pub const fn output(self) -> usize {
        self.0 as usize
    }

    /// Returns what the tag is called, such as “Golden Retriever”.
    pub fn name(self) -> &'static str {
        TAGS[self.output()].name
    }

    /// Returns whether the tag is for a landscape, a building, a street or what is outside.
    pub(crate) fn is_wide_view(self) -> bool {
        WIDE_VIEWS.iter().any(|tags| tags.contains(&self.0))
    }

    /// Returns whether the tag is for a wide view in which the sky is large: a landscape, a shore, a boat.
    pub(crate) fn is_landscape(self) -> bool {
        LANDSCAPES.iter().any(|tags| tags.contains(&self.0))
    }

    /// Returns what the tag's name means.
    pub(crate) fn meaning(self) -> Option<&'static Meaning> {
        TAGS[self.output()].meaning.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_output_has_a_name() {
        assert_eq!(TAGS.len(), ImageClass::COUNT);
        assert!(ImageClass::all().all(|tag| !tag.name().is_empty() && tag.meaning().is_some()));
        let name = |output| ImageClass::new(output).map(ImageClass::name);
        assert_eq!(
            [name(207), name(999), name(1000)],
            [Some("Golden Retriever"), Some("toilet paper"), None]
        );
    }
}
