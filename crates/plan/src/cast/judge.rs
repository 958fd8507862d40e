use mmm_base::Score;
use mmm_facts::Material;

use super::cast::Cast;
use super::twins::{Likeness, Twin};
use super::wishes::Wishes;

/// How well a medium would do in a movie, before any movie is planned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Judgement {
    /// All merits in one figure.
    pub score: Score,
    pub better: Option<BetterMedium>,
}

/// A medium that is preferred to another one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BetterMedium {
    /// Its index in the material.
    pub medium: usize,
    pub kind: BetterKind,
}

/// What a medium has in common with a better one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BetterKind {
    /// Both are versions of one picture or clip.
    Version,
    /// Both are of one burst or show the same.
    Burst,
    /// They are only similar.
    Similar,
}

/// Judges the media of `material`; `None` for those that can't be shown at all.
pub fn judge(material: &Material) -> Vec<Option<Judgement>> {
    let mut judgements = vec![None; material.media.len()];
    // Without a cast there is nothing to judge.
    let wishes = Wishes::read(material.settings.prompt.as_deref());
    let Ok(cast) = Cast::gather(material, &wishes) else { return judgements };
    for (candidate, twin) in cast.candidates.iter().zip(&cast.twins) {
        let better = twin.map(|Twin { of, likeness }| BetterMedium {
            medium: cast.candidates[of].place.medium,
            kind: match likeness {
                Likeness::Version(_) => BetterKind::Version,
                Likeness::Burst => BetterKind::Burst,
                Likeness::Similar => BetterKind::Similar,
            },
        });
        let score = Score::new(candidate.score);
        judgements[candidate.place.medium] = Some(Judgement { score, better });
    }
    judgements
}
