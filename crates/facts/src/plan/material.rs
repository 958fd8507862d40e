use serde::{Deserialize, Serialize};

use crate::{Facts, Issue, MusicFacts};
use crate::{Flaw, Probe};
use mmm_base::{MediaPath, Rate};
use mmm_spec::{Known, Settings};

use crate::Kept;

/// Everything that a plan is made from.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Material {
    pub settings: Settings,
    /// Photos and clips that can be used, in the order of the spec's rules, files of one rule by
    /// path; each path once.
    pub media: Vec<Medium>,
    /// As many as `settings.music`, in its order.
    pub music: Vec<MusicFacts>,
    /// Frames a second of the movie.
    pub rate: Rate,
    /// Width and height of the movie's picture.
    pub frame: (u32, u32),
    /// What an earlier plan decided for the same wishes.
    pub kept: Option<Kept>,
}

impl Material {
    /// Whether a medium is shown steadied.
    pub fn steadies(&self, medium: &Medium) -> bool {
        let said = medium.known.steady.unwrap_or(self.settings.style.steady);
        said && matches!(medium.facts, Facts::Clip(_))
    }

    /// What speaks against showing a medium: all that was found, but for a shake that is taken away.
    pub fn issues<'a>(&self, medium: &'a Medium) -> &'a [Issue] {
        match &medium.facts {
            Facts::Photo(facts) => &facts.issues,
            Facts::Clip(facts) => match facts.picture.issues.split_last() {
                Some((Issue::Shaky, others)) if self.steadies(medium) => others,
                _ => &facts.picture.issues,
            },
            Facts::Music(_) => &[],
        }
    }
}

/// One photo or clip, with all that is known about it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Medium {
    pub path: MediaPath,
    /// Which rule of `media` (counted from 0) took it in, and so which line of the spec.
    pub rule: usize,
    pub known: Known,
    pub probe: Probe,
    /// `Facts::Photo` or `Facts::Clip`.
    pub facts: Facts,
    /// The stretches of a clip whose pictures can't be decoded, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flaws: Vec<Flaw>,
}
