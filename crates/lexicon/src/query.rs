use crate::clause_reader::ClauseReader;
use crate::stem::words;
use crate::vocabulary::{LESS, MORE, ONLY, TURNS};
use crate::wish::{Stance, Wish};

/// What a prompt or a query asks for, as far as it can be compared with a picture.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Query {
    wishes: Vec<Wish>,
}

impl Query {
    /// Reads a prompt or a query.
    ///
    /// Words of pace, length, order and format are left out. A negation holds up to the end of its clause,
    /// and on through a list that “or” ends: “no dogs, cats or birds”.
    pub fn read(text: &str) -> Self {
        let mut query = Self::default();
        for sentence in text.split(['.', ';', ':', '!', '?', '(', ')', '\n']) {
            let clauses: Vec<Vec<String>> = sentence.split([',', '–', '—']).map(clause_words).collect();
            let mut stance = Stance::More;
            for (at, clause) in clauses.iter().enumerate() {
                stance = carried(stance, &clauses[at..]);
                let mut reader = ClauseReader::new(stance);
                reader.read(clause);
                stance = reader.stance;
                query.wishes.extend(reader.finish());
            }
        }
        query
    }

    /// Returns what it names, in the order of the text.
    pub fn wishes(&self) -> &[Wish] {
        &self.wishes
    }

    /// Returns whether it names nothing that a picture could show.
    pub fn is_empty(&self) -> bool {
        self.wishes.is_empty()
    }
}

/// Returns the words of a clause; `+` and `&` are “and”, and a number is none.
fn clause_words(clause: &str) -> Vec<String> {
    let spelled = clause.replace(['&', '+'], " and ");
    words(&spelled).into_iter().filter(|word| !word.chars().all(char::is_numeric)).collect()
}

/// Returns the stance with which the first of the clauses begins, given that of the clause before.
fn carried(before: Stance, clauses: &[Vec<String>]) -> Stance {
    let has = |clause: &[String], list: &[&str]| clause.iter().any(|word| list.contains(&word.as_str()));
    let marked = |clause: &&Vec<String>| [LESS, MORE, ONLY, TURNS].iter().any(|list| has(clause, list));
    let rest: Vec<&Vec<String>> = clauses.iter().take_while(|clause| !marked(clause)).collect();
    let goes_on = match before {
        Stance::More => false,
        Stance::Less => rest.iter().any(|clause| has(clause, &["or", "nor"])),
        Stance::Only => rest.iter().any(|clause| has(clause, &["or", "and"])),
    };
    if goes_on { before } else { Stance::More }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Kind;
    use crate::thing::Thing;

    /// Returns the wishes of a query, each as its text after `+`, `-` or `!` for its stance.
    fn read(text: &str) -> Vec<String> {
        let mark = |stance| match stance {
            Stance::More => '+',
            Stance::Less => '-',
            Stance::Only => '!',
        };
        Query::read(text).wishes().iter().map(|wish| format!("{}{}", mark(wish.stance), wish.text)).collect()
    }

    #[test]
    fn a_negation_holds_for_its_clause() {
        assert_eq!(read("More dogs, no food"), ["+dogs", "-food"]);
        assert_eq!(read("no dogs and cats"), ["-dogs", "-cats"]);
        assert_eq!(read("the beach without people"), ["+beach", "-people"]);
        assert_eq!(read("don't show the car"), ["-car"]);
        assert_eq!(
            read("More food and beaches, fewer trams. Finish on the pier"),
            ["+food", "+beaches", "-trams", "+pier"]
        );
        assert_eq!(read("no trams but mountains"), ["-trams", "+mountains"]);
        assert_eq!(read("no more dogs, not too many cats"), ["-dogs", "-cats"]);
        assert_eq!(read("no dogs, more cats"), ["-dogs", "+cats"]);
        assert_eq!(read("no dogs and more cats"), ["-dogs", "+cats"]);
        assert_eq!(read("everything except the party"), ["-party"]);
        assert_eq!(read("anything but snow"), ["-snow"]);
    }

    #[test]
    fn a_list_with_or_stays_negated() {
        assert_eq!(read("no dogs, cats or birds"), ["-dogs", "-cats", "-birds"]);
        assert_eq!(read("no dogs, cats and birds"), ["-dogs", "+cats", "+birds"]);
        assert_eq!(read("without snow, ice or rain, more sun"), ["-snow", "-ice", "-rain", "+sun"]);
    }

    #[test]
    fn only_leaves_out_the_rest() {
        assert_eq!(read("only mountains"), ["!mountains"]);
        assert_eq!(read("dogs and cats only"), ["!dogs", "!cats"]);
        assert_eq!(read("nothing but the sea"), ["!sea"]);
        assert_eq!(read("only lakes, mountains and forests"), ["!lakes", "!mountains", "!forests"]);
        assert_eq!(read("only dogs, no cats"), ["!dogs", "-cats"]);
        assert_eq!(read("not only dogs"), ["+dogs"]);
    }

    #[test]
    fn a_wish_has_all_that_one_picture_should_show() {
        assert_eq!(read("kids at the beach"), ["+kids, beach"]);
        assert_eq!(Query::read("kids at the beach").wishes()[0].notions.len(), 2);
        assert_eq!(read("sunset over the sea & ice cream"), ["+sunset, sea", "+ice cream"]);
        assert_eq!(read("hot dogs or a hot dog-stand"), ["+hot dogs", "+hot dog stand"]);
    }

    #[test]
    fn a_wish_keeps_the_words_between_what_it_names() {
        let phrases = |text: &str| -> Vec<String> {
            Query::read(text).wishes().iter().map(|wish| wish.phrase.clone()).collect()
        };
        assert_eq!(phrases("Kids at the beach, no trams"), ["kids at the beach", "trams"]);
        assert_eq!(phrases("photos of an old dog running in the snow"), ["old dog running in the snow"]);
        assert_eq!(
            phrases("more of the food and people dancing at night"),
            ["food", "people dancing at night"]
        );
        assert_eq!(phrases("only sunsets over the sea for 30 seconds"), ["sunsets over the sea"]);
        assert_eq!(phrases("running"), [""; 0]);
    }

    #[test]
    fn words_of_pace_length_order_and_format_name_nothing() {
        for text in [
            "",
            " ,.;",
            "a slow movie",
            "Calm at first, lively in the middle",
            "1 minute, 16:9",
            "90 seconds",
            "in chronological order",
            "a vertical video in portrait format",
            "cut to the music",
            "the best photos",
            "45s reel for instagram",
            "4K, 1080p60, 2nd half",
            "Making of the movies",
        ] {
            assert_eq!(read(text), [""; 0], "{text}");
            assert!(Query::read(text).is_empty());
        }
        assert_eq!(read("a portrait of grandma, slow"), ["+portrait, grandma"]);
        assert_eq!(read("Calm at first, finish on the beach."), ["+beach"]);
    }

    #[test]
    fn every_kind_and_object_can_be_asked_for() {
        let kinds = Kind::all().iter().flat_map(|kind| kind.words.iter().copied());
        let lost =
            kinds.chain(Thing::all().map(Thing::name)).filter(|text| read(text) != [format!("+{text}")]);
        assert_eq!(lost.collect::<Vec<_>>(), [""; 0]);
    }

    #[test]
    fn other_letters_are_read() {
        assert_eq!(read("CRÈME BRÛLÉE, no Łódź"), ["+creme brulee", "-łodz"]);
        assert_eq!(read("家族 and 海"), ["+家族", "+海"]);
    }
}
