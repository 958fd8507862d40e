use std::sync::LazyLock;

use crate::meaning::Meaning;
use crate::named::Named;

/// The names of the 80 object classes of COCO in the order of the detector's outputs, one per line.
const OBJECTS: &str = include_str!("../../../models/objects.txt");

static THINGS: LazyLock<Vec<Named>> = LazyLock::new(|| OBJECTS.lines().map(Named::new).collect());

/// A class of the object detector: the number of its output, 0 to 79.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Thing(u8);

impl Thing {
    /// A human being.
    pub const PERSON: Self = Self(0);
    /// The number of things.
    pub const COUNT: usize = 80;

    /// Returns the thing of an output, or `None` beyond the last one.
    pub const fn new(output: u8) -> Option<Self> {
        if (output as usize) < Self::COUNT { Some(Self(output)) } else { None }
    }

    /// Returns the thing with a name, such as “wine glass”.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|thing| thing.name() == name)
    }

    /// Returns all things in the order of their outputs.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT as u8).map(Self)
    }

    /// Returns the number of the thing's output.
    pub const fn output(self) -> usize {
        self.0 as usize
    }

    /// Returns what the thing is called.
    pub fn name(self) -> &'static str {
        THINGS[self.output()].name
    }

    /// Returns what the thing's name means.
    pub(crate) fn meaning(self) -> Option<&'static Meaning> {
        THINGS[self.output()].meaning.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_output_has_a_name() {
        assert_eq!(THINGS.len(), Thing::COUNT);
        assert!(Thing::all().all(|thing| !thing.name().is_empty() && thing.meaning().is_some()));
        let name = |output| Thing::new(output).map(Thing::name);
        assert_eq!([name(0), name(79), name(80)], [Some("person"), Some("toothbrush"), None]);
        assert_eq!((Thing::PERSON.name(), Thing::named("unicorn")), ("person", None));
    }
}
