use std::collections::BTreeSet;
use std::mem::take;
use std::sync::LazyLock;

use crate::notion::Notion;
use crate::stem::singular;
use crate::vocabulary::{
    ALSO_PAIRS, FORMATS, JOINTS, LESS, LESS_PAIRS, LINKS, MORE, ONLY, ONLY_PAIRS, PLAIN, TURNS, VAGUE,
};
use crate::wish::{Stance, Wish};

/// Reads one clause from its first word to its last.
pub(crate) struct ClauseReader {
    pub stance: Stance,
    /// Whether the word before was a negation, so that “more” and “many” belong to it.
    negated: bool,
    phrase: Vec<String>,
    phrases: Vec<Vec<String>>,
    /// The words of the wish so far, small ones too, and how many of them there are up to the last that is
    /// not small.
    spoken: Vec<String>,
    spoken_end: usize,
    wishes: Vec<Wish>,
}

impl ClauseReader {
    /// Begins a clause with a stance.
    pub fn new(stance: Stance) -> Self {
        Self {
            stance,
            negated: false,
            phrase: Vec::new(),
            phrases: Vec::new(),
            spoken: Vec::new(),
            spoken_end: 0,
            wishes: Vec::new(),
        }
    }

    /// Reads the words of the clause.
    pub fn read(&mut self, clause: &[String]) {
        let mut at = 0;
        while let Some(word) = clause.get(at) {
            let next = clause.get(at + 1).map_or("", String::as_str);
            let is = |list: &[[&str; 2]]| list.contains(&[word.as_str(), next]);
            if is(ALSO_PAIRS) {
                at += 1;
            } else if is(ONLY_PAIRS) {
                self.limit();
                at += 1;
            } else if is(LESS_PAIRS) {
                self.turn(Stance::Less);
                at += 1;
            } else if !(FORMATS.contains(&next) && ["portrait", "landscape"].contains(&word.as_str())) {
                self.read_word(word);
            }
            at += 1;
        }
    }

    fn read_word(&mut self, word: &str) {
        let negated = take(&mut self.negated);
        if LESS.contains(&word) {
            self.turn(Stance::Less);
            self.negated = true;
        } else if MORE.contains(&word) {
            if negated {
                self.negated = true;
            } else if self.stance == Stance::Less {
                self.turn(Stance::More);
            } else {
                self.end_wish();
            }
        } else if ONLY.contains(&word) {
            self.limit();
        } else if TURNS.contains(&word) {
            self.turn(Stance::More);
        } else if JOINTS.contains(&word) {
            self.end_wish();
        } else if LINKS.contains(&word) {
            self.end_phrase();
            self.speak(word);
        } else if is_plain(word) {
            self.negated = negated;
            self.speak(word);
        } else {
            self.phrase.push(word.to_owned());
            self.speak(word);
        }
    }

    /// Adds a word to what is said. Small words count only between others.
    fn speak(&mut self, word: &str) {
        let is_small = LINKS.contains(&word) || (is_plain(word) && !is_in(&VAGUE_WORDS, word));
        if !(is_small && self.spoken.is_empty()) {
            self.spoken.push(word.to_owned());
        }
        if !is_small {
            self.spoken_end = self.spoken.len();
        }
    }

    /// What was named in the clause and what follows is all that there should be.
    fn limit(&mut self) {
        self.end_wish();
        if self.stance == Stance::More {
            self.stance = Stance::Only;
            let more = self.wishes.iter_mut().filter(|wish| wish.stance == Stance::More);
            more.for_each(|wish| wish.stance = Stance::Only);
        }
    }

    fn turn(&mut self, stance: Stance) {
        self.end_wish();
        self.stance = stance;
    }

    fn end_phrase(&mut self) {
        if !self.phrase.is_empty() {
            self.phrases.push(take(&mut self.phrase));
        }
    }

    fn end_wish(&mut self) {
        self.end_phrase();
        let phrases = take(&mut self.phrases);
        let mut spoken = take(&mut self.spoken);
        spoken.truncate(take(&mut self.spoken_end));
        if !phrases.is_empty() {
            let text = phrases.iter().map(|phrase| phrase.join(" ")).collect::<Vec<_>>().join(", ");
            let notions = phrases.iter().map(|phrase| Notion::of(phrase)).collect();
            self.wishes.push(Wish { text, phrase: spoken.join(" "), stance: self.stance, notions });
        }
    }

    /// Returns what the clause names.
    pub fn finish(mut self) -> Vec<Wish> {
        self.end_wish();
        self.wishes
    }
}

/// Returns whether a word, or its plural, says nothing about what is in a picture. A single Latin letter says nothing
/// either; it is left over from `4k` or `30s`.
fn is_plain(word: &str) -> bool {
    (word.len() == 1 && word.is_ascii()) || is_in(&PLAIN_WORDS, word) || is_in(&VAGUE_WORDS, word)
}

/// Returns whether a list has a word, or its singular.
fn is_in(list: &BTreeSet<&str>, word: &str) -> bool {
    list.contains(word) || list.contains(singular(word).as_str())
}

static PLAIN_WORDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| PLAIN.split_whitespace().collect());
static VAGUE_WORDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| VAGUE.split_whitespace().collect());
