use mmm_facts::{Said, SaidSource};
use mmm_spec::folded_name;

/// What each star adds to a score, and the number of stars that adds nothing, as no stars do.
const STAR: f64 = 0.1;
const NEUTRAL: f64 = 2.0;

/// From so many stars on, somebody chose the picture, whatever is measured in it.
const CHOSEN: u8 = 4;

/// How people judged a medium and whom they named in it, in any of its versions.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Opinion<'a> {
    pub stars: Option<u8>,
    pub favourite: bool,
    pub rejected: Option<SaidSource>,
    people: Vec<&'a str>,
}

impl<'a> Opinion<'a> {
    pub fn of(said: &'a Said) -> Self {
        Self {
            stars: said.stars.map(|stars| stars.value),
            favourite: said.favourite.is_some(),
            rejected: said.rejected,
            people: said.people.iter().map(|person| person.name.as_str()).collect(),
        }
    }

    /// Adds what was said about another version of the medium. A judgement of its own stays.
    pub fn add(&mut self, other: &Self) {
        if self.stars.is_none() && !self.favourite && self.rejected.is_none() {
            (self.stars, self.favourite, self.rejected) = (other.stars, other.favourite, other.rejected);
        }
        self.people.extend(&other.people);
    }

    /// Returns the stars, of which a favourite has five; `None` if it has none or is rejected.
    fn rank(&self) -> Option<u8> {
        match (self.rejected, self.favourite) {
            (Some(_), _) => None,
            (None, true) => Some(5),
            (None, false) => self.stars,
        }
    }

    /// Returns what the stars add to a score.
    pub fn merit(&self) -> f64 {
        self.rank().map_or(0.0, |stars| STAR * (f64::from(stars) - NEUTRAL))
    }

    /// Whether somebody marked the medium as a good one, so that measured issues don't count.
    pub fn is_chosen(&self) -> bool {
        self.rank().is_some_and(|stars| stars >= CHOSEN)
    }

    /// Whether it shows a person of this name.
    pub fn shows(&self, name: &str) -> bool {
        let folded = folded_name(name);
        self.people.iter().any(|person| folded_name(person) == folded)
    }
}
