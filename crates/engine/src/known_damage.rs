//! What rendering found damaged in a medium.

use serde::{Deserialize, Serialize};

use mmm_base::Digest;
use mmm_exec::Answer;
use mmm_facts::{Flaw, MediaError};
use mmm_spec::Known;

/// What rendering found damaged in a medium, in any movie.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(super) struct KnownDamage {
    /// Why it can't be rendered at all.
    pub error: Option<MediaError>,
    /// The stretches of a clip without intact frames, in order.
    pub flaws: Vec<Flaw>,
}

impl KnownDamage {
    /// Returns what one answer says about the media that it was rendered from.
    pub fn found(answer: &Answer) -> Vec<(Digest, Self)> {
        match answer {
            Answer::SourceUnreadable(source, error) => {
                vec![(*source, Self { error: Some(error.clone()), flaws: Vec::new() })]
            }
            Answer::Lacking(_, lacks) => {
                let one = |flaw| Self { error: None, flaws: vec![flaw] };
                lacks.iter().map(|lack| (lack.source, one(lack.flaw))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Adds what another answer says.
    pub fn add(&mut self, more: Self) {
        self.error = more.error.or(self.error.take());
        self.flaws.extend(more.flaws);
        self.flaws = Flaw::merged(std::mem::take(&mut self.flaws));
    }

    /// Returns the flaws in the part of the clip that may be shown, except those that touch one of `reported`.
    pub fn others(&self, reported: &[Flaw], known: &Known) -> Vec<Flaw> {
        let is_before = |one: &Flaw, other: &Flaw| one.to.is_some_and(|to| to <= other.from);
        let is_reported =
            |flaw: &Flaw| reported.iter().any(|one| !is_before(one, flaw) && !is_before(flaw, one));
        let is_shown = |flaw: &Flaw| {
            known.to.is_none_or(|end| flaw.from < end)
                && known.from.is_none_or(|start| flaw.to.is_none_or(|to| start < to))
        };
        self.flaws.iter().filter(|flaw| is_shown(flaw) && !is_reported(flaw)).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::Time;

    #[test]
    fn only_flaws_in_the_chosen_part_are_reported_and_each_once() {
        let flaw = |from_s, to_s| Flaw { from: Time::from_secs(from_s), to: Some(Time::from_secs(to_s)) };
        let mut damage = KnownDamage::default();
        for flaw in [flaw(8, 9), flaw(2, 3), flaw(3, 4)] {
            damage.add(KnownDamage { error: None, flaws: vec![flaw] });
        }
        assert_eq!(damage.flaws, [flaw(2, 4), flaw(8, 9)]);
        assert_eq!(damage.others(&[flaw(3, 5)], &Known::default()), [flaw(8, 9)]);
        let late = Known { from: Some(Time::from_secs(4)), ..Known::default() };
        assert_eq!(damage.others(&[], &late), [flaw(8, 9)]);
        let early = Known { to: Some(Time::from_secs(2)), ..Known::default() };
        assert_eq!(damage.others(&[], &early), []);
    }
}
