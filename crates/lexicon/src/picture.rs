use crate::clues::{Clues, Sighting};
use crate::image_class::ImageClass;
use crate::kinds::Sense;
use crate::matched_by::{Match, MatchedBy};
use crate::meaning::Meaning;
use crate::notion::Notion;
use crate::query::Query;
use crate::relevance::{Relevance, round};
use crate::stem::{stem, words};
use crate::thing::Thing;
use crate::wish::{Stance, Wish};

/// The tags of a picture that count.
const TAGS: usize = 10;
/// From which score on a picture shows what “only” names.
const ENOUGH: f64 = 0.25;
/// How much a notion weighs that no tag, object or rule is known to show, against one that some do.
const UNKNOWN: f64 = 0.3;
/// Matches below this are not named.
const WORTH_NAMING: f64 = 0.08;

impl Query {
    /// Returns how well a picture fits, by what is known of it.
    pub fn relevance(&self, clues: &Clues) -> Relevance {
        let picture = Picture::of(clues);
        let mut relevance = Relevance::default();
        let (mut missed, mut limited, mut within) = (1.0, false, false);
        for wish in self.wishes() {
            let score = picture.score(wish, &mut relevance.because);
            match wish.stance {
                Stance::Less => relevance.unwanted = relevance.unwanted.max(score),
                Stance::More | Stance::Only => {
                    relevance.asked = true;
                    missed *= 1.0 - score;
                    limited |= wish.stance == Stance::Only;
                    within |= wish.stance == Stance::Only && score >= ENOUGH;
                }
            }
        }
        relevance.wanted = if relevance.asked { round(1.0 - missed) } else { 1.0 };
        relevance.unwanted = round(relevance.unwanted);
        relevance.excluded = limited && !within;
        relevance.because.sort_by(|one, two| two.strength.total_cmp(&one.strength));
        relevance
    }
}

/// A picture with what is needed of it for every wish.
struct Picture<'a> {
    clues: &'a Clues<'a>,
    names: Vec<Said>,
    keywords: Vec<Vec<Said>>,
    caption: Vec<Said>,
    meaning: Option<Meaning>,
}

/// A word that somebody gave the picture.
struct Said {
    word: String,
    stem: String,
    meaning: Option<Meaning>,
}

fn said(text: &str) -> Vec<Said> {
    let words = words(text).into_iter().filter(|word| !word.chars().all(char::is_numeric));
    words.map(|word| Said { stem: stem(&word), meaning: Meaning::of(&word), word }).collect()
}

impl<'a> Picture<'a> {
    fn of(clues: &'a Clues<'a>) -> Self {
        let tags = || clues.tags.iter().take(TAGS);
        let meanings = tags().filter_map(|(tag, probability)| Some((*probability, tag.meaning()?)));
        let (folders, file) = clues.path.rsplit_once('/').unwrap_or(("", clues.path));
        let file = file.rsplit_once('.').map_or(file, |(name, _)| name);
        Self {
            clues,
            names: said(&format!("{folders}/{file}")),
            keywords: clues.keywords.iter().map(|keyword| said(keyword)).collect(),
            caption: said(clues.caption.unwrap_or_default()),
            meaning: Meaning::blend(meanings),
        }
    }

    /// Returns how well the picture shows a wish, and adds what shows it to `because`.
    fn score(&self, wish: &Wish, because: &mut Vec<Match>) -> f64 {
        let mut scores: Vec<(f64, bool)> = Vec::new();
        let fit = self.clues.fits.iter().find(|(phrase, _)| *phrase == wish.phrase);
        let fit = fit.map(|(_, fit)| if fit.is_nan() { 0.0 } else { fit.clamp(0.0, 1.0) });
        for notion in &wish.notions {
            let mut matches = self.matches(notion, fit.is_none());
            let missed: f64 = matches.iter().map(|(_, strength)| 1.0 - strength).product();
            // A name that no table knows is known if somebody gave it to the picture.
            scores.push((1.0 - missed, notion.known || missed < 0.5));
            matches.retain(|(_, strength)| *strength >= WORTH_NAMING);
            because.extend(matches.into_iter().map(|(by, strength)| Match {
                wish: wish.text.clone(),
                stance: wish.stance,
                by,
                strength: round(strength),
            }));
        }
        let said = together(&scores);
        let Some(fit) = fit else { return said };
        because.extend(Some(fit).filter(|fit| *fit >= WORTH_NAMING).map(|fit| Match {
            wish: wish.text.clone(),
            stance: wish.stance,
            by: MatchedBy::OwnModel,
            strength: round(fit),
        }));
        1.0 - (1.0 - said) * (1.0 - fit)
    }

    /// Returns all that speaks for a notion, and how strongly. `by_sight` says whether what the built-in
    /// models and the colours show counts.
    fn matches(&self, notion: &Notion, by_sight: bool) -> Vec<(MatchedBy, f64)> {
        let mut found = Vec::new();
        self.match_texts(notion, &mut found);
        if by_sight {
            self.match_tags(notion, &mut found);
            self.match_sightings(notion, &mut found);
        }
        let senses = notion.senses.iter().filter(|(sense, _)| by_sight || matches!(sense, Sense::Hours(..)));
        for (sense, weight) in senses {
            found.extend(self.sense(*sense).map(|(by, strength)| (by, strength * f64::from(*weight))));
        }
        found.iter_mut().for_each(|(_, strength)| *strength = strength.min(1.0));
        // What is no number is left out here too.
        found.retain(|(_, strength)| *strength > 0.0);
        found
    }

    fn match_texts(&self, notion: &Notion, found: &mut Vec<(MatchedBy, f64)>) {
        let clues = self.clues;
        found.extend(best_word(notion, &self.names, 0.9).map(|(word, it)| (MatchedBy::Name(word), it)));
        found.extend(best_word(notion, &self.caption, 0.9).map(|(word, it)| (MatchedBy::Caption(word), it)));
        for (keyword, words) in clues.keywords.iter().zip(&self.keywords) {
            let matched = best_word(notion, words, 0.95);
            found.extend(matched.map(|(_, strength)| (MatchedBy::Keyword(keyword.clone()), strength)));
        }
        for (texts, by) in [
            (clues.people, MatchedBy::Person as fn(String) -> MatchedBy),
            (clues.place.map(str::to_owned).as_slice(), MatchedBy::Place),
        ] {
            for text in texts {
                let stems: Vec<String> = words(text).iter().map(|word| stem(word)).collect();
                if notion.stems.iter().all(|wanted| stems.contains(wanted)) {
                    found.push((by(text.clone()), 0.95));
                }
            }
        }
    }

    fn match_tags(&self, notion: &Notion, found: &mut Vec<(MatchedBy, f64)>) {
        let tags = &self.clues.tags[..self.clues.tags.len().min(TAGS)];
        let share = |(tag, probability): &(ImageClass, f32)| notion.tag(*tag) * probability;
        let total: f32 = tags.iter().map(share).sum();
        let best = tags.iter().max_by(|one, two| share(one).total_cmp(&share(two)));
        found.extend(best.map(|(tag, _)| (MatchedBy::Tag(*tag), f64::from(total.min(1.0)) * 0.95)));
        if let (Some(wanted), Some(shown)) = (&notion.meaning, &self.meaning) {
            let sure: f32 = tags.iter().take(5).map(|(_, probability)| probability).sum();
            let close = wanted.cosine(shown) * (sure + 0.2).min(1.0);
            found.push((MatchedBy::Meaning, f64::from(((close - 0.35) / 0.5).clamp(0.0, 1.0)) * 0.5));
        }
    }

    fn match_sightings(&self, notion: &Notion, found: &mut Vec<(MatchedBy, f64)>) {
        let strength = |sighting: &Sighting| {
            let size = 0.6 + 0.4 * (sighting.share / 0.1).min(1.0);
            let sure = ((sighting.confidence - 0.25) / 0.5).clamp(0.0, 1.0);
            notion.thing(sighting.thing) * sure * size
        };
        let best = self.clues.sightings.iter().max_by(|one, two| strength(one).total_cmp(&strength(two)));
        found.extend(best.map(|seen| (MatchedBy::Sighting(seen.thing), f64::from(strength(seen)) * 0.9)));
    }

    fn sense(&self, sense: Sense) -> Option<(MatchedBy, f64)> {
        let colours = self.clues.atmosphere;
        let rule = |name, score: f32, most: f64| Some((MatchedBy::Colours(name), f64::from(score) * most));
        match sense {
            Sense::People(count) => Some(self.people(count)),
            Sense::Portrait => Some(self.portrait()),
            Sense::Smile => {
                Some((MatchedBy::Smile, f64::from(self.clues.smile) * 0.9)).filter(|_| self.clues.faces > 0)
            }
            Sense::Sunset => rule("sunset", colours.sunset, 0.9 * self.outdoors() * self.sky()),
            Sense::Night => rule("night", colours.night, 0.85 * self.outdoors()),
            Sense::Snow => rule("snow", colours.snow, 0.7 * self.outdoors()),
            Sense::Water => rule("water", colours.water, 0.4 * self.outdoors()),
            Sense::Greenery => rule("greenery", colours.greenery, 0.5),
            Sense::Hours(from, to) => {
                let hour = self.clues.hour.filter(|hour| (from..=to).contains(hour))?;
                Some((MatchedBy::Hour(hour), 0.4))
            }
        }
    }

    /// Returns how far the tags allow for a wide view, 0.2 to 1. White is no snow behind a hammer, and black
    /// no night around a fish.
    fn outdoors(&self) -> f64 {
        let tags = self.clues.tags.iter().take(TAGS);
        let close: f32 =
            tags.filter(|(tag, _)| !tag.is_wide_view()).map(|(_, probability)| probability).sum();
        f64::from(1.0 - 0.8 * close.min(1.0))
    }

    /// Returns how far the tags allow for much sky, 0.5 to 1: a lit front of a house has the colours of a sunset.
    fn sky(&self) -> f64 {
        let tags =
            self.clues.tags.iter().take(TAGS).filter(|(tag, _)| tag.is_wide_view() && !tag.is_landscape());
        f64::from(1.0 - 0.5 * tags.map(|(_, probability)| probability).sum::<f32>().min(1.0))
    }

    /// Returns how many people are seen, and how sure that is. Passers-by in the distance count less.
    fn crowd(&self) -> (u32, f64) {
        let seen = self.clues.sightings.iter().filter(|sighting| sighting.thing == Thing::PERSON);
        let near = |share: f32| 0.3 + 0.7 * (share / 0.02).min(1.0);
        let sure = seen.clone().map(|seen| seen.confidence * near(seen.share)).fold(0.0, f32::max);
        let sure = if self.clues.faces > 0 { 0.95 } else { f64::from(sure) };
        (self.clues.faces.max(seen.filter(|sighting| sighting.confidence >= 0.4).count() as u32), sure)
    }

    fn people(&self, asked: u32) -> (MatchedBy, f64) {
        let (count, sure) = self.crowd();
        let fits = match (asked, count) {
            (_, 0) => 0.3,
            (1, _) => 0.9,
            (2, 2) | (3, 3..) => 0.95,
            (2, 3..) | (3, 2) => 0.55,
            _ => 0.2,
        };
        (MatchedBy::People(count.max(1)), fits * sure)
    }

    fn portrait(&self) -> (MatchedBy, f64) {
        let person = self.clues.sightings.iter().filter(|sighting| sighting.thing == Thing::PERSON);
        let largest = person.map(|sighting| sighting.share * sighting.confidence).fold(0.0, f32::max);
        let large = f64::from((largest / 0.3).min(1.0));
        let fits = match self.clues.faces {
            0 => 0.4 * large,
            1 => 0.5 + 0.45 * large,
            2 => 0.3 + 0.1 * large,
            _ => 0.2,
        };
        (MatchedBy::People(self.clues.faces.max(1)), fits)
    }
}

/// Returns how well a picture shows several notions together, from how well it shows each, and whether the
/// notion is one that pictures are known to show. One that is missing weighs more than one that is there.
fn together(scores: &[(f64, bool)]) -> f64 {
    let weight = |known: bool| if known { 1.0 } else { UNKNOWN };
    let total: f64 = scores.iter().map(|(_, known)| weight(*known)).sum();
    let mean = scores.iter().map(|(score, known)| score * weight(*known)).sum::<f64>() / total;
    let known = scores.iter().filter(|(_, known)| *known).map(|(score, _)| *score);
    0.6 * mean + 0.4 * known.reduce(f64::min).unwrap_or(mean)
}

/// Returns the word that says best what a notion is, and how well, at most `most`.
fn best_word(notion: &Notion, said: &[Said], most: f64) -> Option<(String, f64)> {
    let has = |wanted: &String| said.iter().position(|word| word.stem == *wanted);
    let all = |wanted: &[String]| wanted.iter().map(has).collect::<Option<Vec<usize>>>();
    let last = |at: Vec<usize>| at.last().map(|at| said[*at].word.clone());
    let whole = all(&notion.stems).and_then(last).map(|word| (word, most));
    let head = || has(notion.stems.last()?).map(|at| (said[at].word.clone(), most * 0.6));
    let kin = || notion.kin.iter().find_map(|stems| all(stems).and_then(last)).map(|word| (word, most * 0.7));
    let alike = || {
        let wanted = notion.meaning.as_ref()?;
        let close = said.iter().filter_map(|word| Some((word, wanted.cosine(word.meaning.as_ref()?))));
        let (word, cosine) = close.max_by(|one, two| one.1.total_cmp(&two.1))?;
        Some((word.word.clone(), f64::from(((cosine - 0.5) / 0.35).clamp(0.0, 1.0)) * most * 0.6))
    };
    whole.or_else(kin).or_else(head).or_else(alike)
}
