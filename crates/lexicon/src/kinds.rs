use std::ops::RangeInclusive;
use std::sync::LazyLock;

use crate::image_class::ImageClass;
use crate::thing::Thing;

/// The kinds, one per line.
const TABLE: &str = include_str!("kinds.tsv");

static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(kind).collect()
});

/// What no tag and no object says, but another measure of a picture does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Sense {
    /// At least this many people, by faces and by objects.
    People(u32),
    /// One face, or one person who fills much of the picture.
    Portrait,
    /// Somebody smiles.
    Smile,
    Sunset,
    Night,
    Snow,
    Water,
    Greenery,
    /// Taken in one of these hours of the day.
    Hours(u8, u8),
}

/// A kind of thing: words for it, and which tags, objects and other measures show one.
///
/// The tagger knows 118 breeds of dogs but not the word “dog”.
pub(crate) struct Kind {
    /// Words and phrases, each as people write it in the singular.
    pub words: Vec<&'static str>,
    /// Tags that are of the kind.
    pub tags: Vec<ImageClass>,
    /// Tags that are often seen with it, or that the tagger takes for it.
    pub near_tags: Vec<ImageClass>,
    /// Objects that are of the kind.
    pub things: Vec<Thing>,
    /// Objects that are often seen with it.
    pub near_things: Vec<Thing>,
    pub senses: Vec<Sense>,
}

impl Kind {
    /// Returns all kinds.
    pub fn all() -> &'static [Self] {
        &KINDS
    }
}

fn kind(line: &'static str) -> Kind {
    let mut cells = line.split('\t');
    let mut cell = || cells.next().unwrap_or_default();
    let (words, tags, near_tags) = (list(cell()).collect(), tags(cell()), tags(cell()));
    let (things, near_things) = (things(cell()), things(cell()));
    Kind { words, tags, near_tags, things, near_things, senses: list(cell()).filter_map(sense).collect() }
}

fn list(cell: &'static str) -> impl Iterator<Item = &'static str> {
    cell.split(", ").filter(|item| !item.is_empty())
}

fn things(cell: &'static str) -> Vec<Thing> {
    list(cell).filter_map(Thing::named).collect()
}

/// Returns the tags of ranges such as `7-24 127`.
fn tags(cell: &str) -> Vec<ImageClass> {
    cell.split_whitespace().filter_map(range).flatten().filter_map(ImageClass::new).collect()
}

fn range(text: &str) -> Option<RangeInclusive<u16>> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some(first.parse().ok()?..=last.parse().ok()?)
}

fn sense(text: &str) -> Option<Sense> {
    let parts: Vec<&str> = text.split(' ').collect();
    Some(match parts[..] {
        ["people", count] => Sense::People(count.parse().ok()?),
        ["portrait"] => Sense::Portrait,
        ["smile"] => Sense::Smile,
        ["sunset"] => Sense::Sunset,
        ["night"] => Sense::Night,
        ["snow"] => Sense::Snow,
        ["water"] => Sense::Water,
        ["greenery"] => Sense::Greenery,
        ["hours", from, to] => Sense::Hours(from.parse().ok()?, to.parse().ok()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_of_the_table_is_read() {
        let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        for line in lines {
            let cells: Vec<&str> = line.split('\t').collect();
            assert!(cells.len() <= 6, "{line}");
            let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
            assert!(!cell(0).is_empty() && cells.len() > 1, "{line}");
            for range in [1, 2].iter().flat_map(|at| cell(*at).split_whitespace()) {
                let range = super::range(range).unwrap_or_else(|| panic!("{range} in {line}"));
                assert!(
                    range.start() <= range.end() && usize::from(*range.end()) < ImageClass::COUNT,
                    "{line}"
                );
            }
            for name in [3, 4].iter().flat_map(|at| list(cell(*at))) {
                assert!(Thing::named(name).is_some(), "{name} in {line}");
            }
            assert!(list(cell(5)).all(|text| sense(text).is_some()), "{line}");
        }
        assert!(Kind::all().len() > 100);
    }
}
