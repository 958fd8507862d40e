use mmm_facts::Medium;
use mmm_lexicon::Query;

use super::relevance::relevance;

/// What the prompt asks for: what to show more or less of, and the pace of each third of the movie.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Wishes {
    query: Query,
    /// Factors on the rate of cuts in the first, the middle and the last third.
    pub pace: [f64; 3],
}

const FEWER: &[&str] = &["fewer", "less", "no", "not", "without", "avoid", "skip"];
const MORE: &[&str] = &["more", "many", "lots", "mostly", "especially"];
const CALM: &[&str] = &["calm", "slow", "slower", "gentle", "quiet", "relaxed", "peaceful"];
const LIVELY: &[&str] = &["lively", "energetic", "fast", "faster", "quick", "upbeat", "dynamic"];
const PARTS: [&[&str]; 3] = [
    &["first", "start", "starts", "beginning", "begin", "opening"],
    &["middle", "centre", "center", "halfway"],
    &["end", "ending", "ends", "finish", "finally", "last", "close"],
];
/// Factors on the rate of cuts for each word for calm or lively.
const CALMER: f64 = 0.7;
const LIVELIER: f64 = 1.4;

impl Wishes {
    /// Reads a prompt; `None` asks for nothing.
    pub fn read(prompt: Option<&str>) -> Self {
        let prompt = prompt.unwrap_or_default();
        // The same words as in `query_texts`.
        let mut wishes = Self { query: Query::read(prompt), pace: [1.0; 3] };
        let prompt = prompt.to_lowercase();
        for clause in prompt.split([',', '.', ';', ':', '!', '?', '(', ')']) {
            wishes.read_clause(clause);
        }
        wishes
    }

    fn read_clause(&mut self, clause: &str) {
        let words: Vec<&str> = words(clause).collect();
        let part = PARTS.iter().position(|names| words.iter().any(|word| names.contains(word)));
        let mut less = false;
        for word in words {
            if FEWER.contains(&word) {
                less = true;
            } else if MORE.contains(&word) {
                less = false;
            } else if CALM.contains(&word) || LIVELY.contains(&word) {
                let factor = if CALM.contains(&word) == less { LIVELIER } else { CALMER };
                let span = part.map_or(0..3, |part| part..part + 1);
                self.pace[span].iter_mut().for_each(|pace| *pace *= factor);
            }
        }
        self.pace.iter_mut().for_each(|pace| *pace = pace.clamp(0.5, 2.0));
    }

    /// Returns how much the prompt asks for the medium: 1 more of it, 0 less of it, ½ if it says nothing
    /// about it.
    pub fn of(&self, medium: &Medium) -> f64 {
        if self.query.is_empty() {
            return 0.5;
        }
        relevance(&self.query, medium).leaning()
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_facts::sample::photo;

    #[test]
    fn words_of_the_prompt_raise_and_lower() {
        let wishes = Wishes::read(Some("More food and beaches, fewer trams. Finish on the pier"));
        for more in ["trip/food/1.jpg", "trip/beach.jpg", "pier.jpg"] {
            assert!(wishes.of(&photo(more, 0)) > 0.9, "{more}");
        }
        assert!(wishes.of(&photo("Tram_12.jpg", 0)) < 0.1);
        assert_eq!(wishes.of(&photo("street.jpg", 0)), 0.5);
        let mut said = photo("IMG_1.jpg", 0);
        let mut remarks = mmm_spec::Remarks::default();
        remarks.add_keyword("Beaches");
        said.said.add(&remarks, mmm_facts::SaidSource::Xmp, None);
        assert!(wishes.of(&said) > 0.9);
        remarks.describe("A tram, at night");
        said.said.add(&remarks, mmm_facts::SaidSource::Sidecar, None);
        assert!(wishes.of(&said) < 0.1);
    }

    #[test]
    fn pace_words_hold_for_their_part() {
        let wishes = Wishes::read(Some("Calm at first, lively in the middle, finish on the beach."));
        assert_eq!(wishes.pace, [CALMER, LIVELIER, 1.0]);
        assert_eq!(Wishes::read(Some("a slow movie")).pace, [CALMER; 3]);
        assert_eq!(Wishes::read(Some("not slow")).pace, [LIVELIER; 3]);
        assert_eq!(Wishes::read(None).pace, [1.0; 3]);
    }
}
