use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::image_class::ImageClass;
use crate::kinds::{Kind, Sense};
use crate::meaning::Meaning;
use crate::stem::{stem, words};
use crate::thing::Thing;

/// How much a tag or an object that is only often seen with a kind counts for it.
const NEAR: f32 = 0.35;
/// How much a word counts that stands before another known one, such as “birthday” in “birthday cake”.
const BEFORE: f32 = 0.5;
/// How much the other members of its kind count for a word that is the name of a tag, such as “screwdriver”
/// for “hammer”.
const SIBLING: f32 = 0.6;
/// How much a tag counts whose name ends with the phrase, such as “Toy Poodle” for “poodle”.
const ENDING: f32 = 0.8;
/// From which cosine on a name's meaning counts, from which on fully, and how much then.
const LIKE: (f32, f32, f32) = (0.45, 0.85, 0.6);

/// A phrase of a query and what would show in a picture of it.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Notion {
    /// The stems of its words.
    pub stems: Vec<String>,
    /// Stems of other words and phrases for the same kind of thing.
    pub kin: Vec<Vec<String>>,
    pub meaning: Option<Meaning>,
    /// How much each tag and each object speaks for it, 0 to 1.
    tags: Vec<f32>,
    things: Vec<f32>,
    /// Other measures that speak for it, and how much they count.
    pub senses: Vec<(Sense, f32)>,
    /// Whether one of its words names something that a picture can show, as far as the tables know.
    pub known: bool,
}

/// What a phrase can name exactly.
#[derive(Clone, Copy)]
enum Lemma {
    Kind(&'static Kind),
    Tag(ImageClass),
    Thing(Thing),
}

/// All phrases that name something, by their stems.
static PHRASES: LazyLock<BTreeMap<Vec<String>, Vec<Lemma>>> = LazyLock::new(|| {
    let mut phrases: BTreeMap<Vec<String>, Vec<Lemma>> = BTreeMap::new();
    let mut add = |text: &str, lemma| phrases.entry(stems(text)).or_default().push(lemma);
    for kind in Kind::all() {
        kind.words.iter().for_each(|text| add(text, Lemma::Kind(kind)));
    }
    for tag in ImageClass::all() {
        variants(tag.name()).for_each(|text| add(text, Lemma::Tag(tag)));
    }
    for thing in Thing::all() {
        add(thing.name(), Lemma::Thing(thing));
    }
    phrases
});

/// The stems of each tag's name.
static TAG_STEMS: LazyLock<Vec<Vec<Vec<String>>>> =
    LazyLock::new(|| ImageClass::all().map(|tag| variants(tag.name()).map(stems).collect()).collect());

/// The most words of a phrase that is looked up.
const LONGEST: usize = 4;

impl Notion {
    /// Returns what a phrase of plain words would show.
    pub fn of(phrase: &[String]) -> Self {
        let mut notion = Self {
            stems: phrase.iter().map(|word| stem(word)).collect(),
            kin: Vec::new(),
            meaning: Meaning::of(&phrase.join(" ")),
            tags: vec![0.0; ImageClass::COUNT],
            things: vec![0.0; Thing::COUNT],
            senses: Vec::new(),
            known: false,
        };
        notion.add_names();
        // What the tables know needs no guess: “hot dog” is close to “dog”.
        if !notion.known {
            notion.add_meaning();
        }
        notion
    }

    /// Returns how much a tag speaks for the phrase, 0 to 1.
    pub fn tag(&self, tag: ImageClass) -> f32 {
        self.tags[tag.output()]
    }

    /// Returns how much an object speaks for the phrase, 0 to 1.
    pub fn thing(&self, thing: Thing) -> f32 {
        self.things[thing.output()]
    }

    /// Looks the words up from the last to the first, the longest phrases first.
    fn add_names(&mut self) {
        let mut end = self.stems.len();
        let mut weight = 1.0;
        while end > 0 {
            let starts = end.saturating_sub(LONGEST)..end;
            let known = starts.clone().find_map(|start| {
                let lemmas = PHRASES.get(&self.stems[start..end])?;
                Some((start, lemmas))
            });
            if let Some((start, lemmas)) = known {
                self.known = true;
                let exact = lemmas.iter().any(|lemma| matches!(lemma, Lemma::Tag(_)));
                let kind = if exact { weight * SIBLING } else { weight };
                for lemma in lemmas {
                    match lemma {
                        Lemma::Tag(tag) => raise(&mut self.tags[tag.output()], weight),
                        Lemma::Thing(thing) => raise(&mut self.things[thing.output()], weight),
                        Lemma::Kind(members) => self.add_kind(members, weight, kind),
                    }
                }
                end = start;
                weight = BEFORE;
                continue;
            }
            self.add_ending(end - 1, weight * ENDING);
            end -= 1;
        }
    }

    /// Adds what is of a kind: its tags with the weight `members`.
    fn add_kind(&mut self, kind: &Kind, weight: f32, members: f32) {
        for (tags, weight) in [(&kind.tags, members), (&kind.near_tags, weight * NEAR)] {
            tags.iter().for_each(|tag| raise(&mut self.tags[tag.output()], weight));
        }
        for (things, weight) in [(&kind.things, weight), (&kind.near_things, weight * NEAR)] {
            things.iter().for_each(|thing| raise(&mut self.things[thing.output()], weight));
        }
        self.senses.extend(kind.senses.iter().map(|sense| (*sense, weight)));
        self.kin.extend(kind.words.iter().map(|text| stems(text)));
    }

    /// Adds the tags whose names end with a word that names nothing itself.
    fn add_ending(&mut self, word: usize, weight: f32) {
        for (tag, names) in self.tags.iter_mut().zip(TAG_STEMS.iter()) {
            if names.iter().any(|name| name.last() == self.stems.get(word)) {
                self.known = true;
                raise(tag, weight);
            }
        }
    }

    /// Adds the tags and objects whose names have a similar meaning.
    fn add_meaning(&mut self) {
        let Some(meaning) = &self.meaning else { return };
        for (weight, tag) in self.tags.iter_mut().zip(ImageClass::all()) {
            raise(weight, tag.meaning().map_or(0.0, |name| likeness(meaning, name)));
        }
        for (weight, thing) in self.things.iter_mut().zip(Thing::all()) {
            raise(weight, thing.meaning().map_or(0.0, |name| likeness(meaning, name)));
        }
    }
}

/// Returns how much a name counts by its meaning.
fn likeness(one: &Meaning, other: &Meaning) -> f32 {
    let (from, to, most) = LIKE;
    ((one.cosine(other) - from) / (to - from)).clamp(0.0, 1.0) * most
}

fn raise(weight: &mut f32, to: f32) {
    *weight = weight.max(to);
}

fn stems(text: &str) -> Vec<String> {
    words(text).iter().map(|word| stem(word)).collect()
}

/// Returns the names in the name of a tag: “swim trunks / shorts” has two, and brackets explain.
fn variants(name: &'static str) -> impl Iterator<Item = &'static str> {
    name.split(" (").next().unwrap_or(name).split(" / ").flat_map(|name| name.split(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notion(text: &str) -> Notion {
        Notion::of(&words(text))
    }

    fn tag(name: &str) -> ImageClass {
        ImageClass::all().find(|tag| tag.name() == name).unwrap()
    }

    #[test]
    fn a_kind_has_its_tags_and_objects() {
        let dogs = notion("dogs");
        assert_eq!(dogs.tag(tag("Golden Retriever")), 1.0);
        assert_eq!(dogs.thing(Thing::named("dog").unwrap()), 1.0);
        assert!(dogs.tag(tag("espresso")) < 0.1);
        assert_eq!(notion("pets").thing(Thing::named("cat").unwrap()), 1.0);
    }

    #[test]
    fn phrases_stay_phrases() {
        let hot_dog = notion("hot dog");
        assert_eq!(hot_dog.tag(tag("hot dog")), 1.0);
        assert!(hot_dog.tag(tag("Beagle")) < 0.5);
        let ice_cream = notion("ice cream");
        assert_eq!([ice_cream.tag(tag("ice cream")), ice_cream.tag(tag("popsicle"))], [1.0, SIBLING]);
        assert!(ice_cream.senses.is_empty(), "ice cream is no snow");
        assert_eq!(notion("swim trunks").tag(tag("swim trunks / shorts")), 1.0);
    }

    #[test]
    fn the_last_word_counts_most() {
        let cake = notion("birthday cake");
        assert_eq!(cake.thing(Thing::named("cake").unwrap()), 1.0);
        assert_eq!(cake.senses, [(Sense::People(3), BEFORE)]);
        assert_eq!(notion("poodle").tag(tag("Toy Poodle")), ENDING);
    }
}
