use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Facts, Issue, MusicFacts};
use crate::{Flaw, MediaKind, PhraseFit, Probe, Said};
use mmm_base::{CaptureTime, MediaPath, Rate};
use mmm_spec::{CameraRule, Known, Settings};

use crate::Kept;

/// Everything that a plan is computed from.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Material {
    pub settings: Settings,
    /// Photos and clips that can be used, in the order of the spec's rules, the files of one rule by path;
    /// each path once.
    pub media: Vec<Medium>,
    /// The corrections of the clocks of cameras.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cameras: Vec<CameraRule>,
    /// The facts of each track of `settings.music`, in the same order.
    pub music: Vec<MusicFacts>,
    /// Frames per second of the movie.
    pub rate: Rate,
    /// Width and height of the movie in pixels.
    pub frame: (u32, u32),
    /// What an earlier plan decided for the same settings.
    pub kept: Option<Kept>,
    /// Media that cheap measures left out of the running. No model looked at them, and no shot shows them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub passed_over: BTreeSet<MediaPath>,
}

impl Material {
    /// Whether a clip is stabilized.
    pub fn steadies(&self, medium: &Medium) -> bool {
        let said = medium.known.steady.unwrap_or(self.settings.style.steady);
        said && matches!(medium.facts, Facts::Clip(_))
    }

    /// Returns the issues of a medium, except for a shake that stabilization removes.
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

/// One photo or clip, and everything known about it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Medium {
    pub path: MediaPath,
    /// The rule of `media` (counted from 0) that includes it, which leads to the line of the spec.
    pub rule: usize,
    pub known: Known,
    pub probe: Probe,
    /// `Facts::Photo` or `Facts::Clip`.
    pub facts: Facts,
    /// The stretches of a clip whose frames can't be decoded, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flaws: Vec<Flaw>,
    /// Capture times from the files that other programs put beside it, in the order in which they are
    /// believed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<CaptureTime>,
    /// What people and their photo libraries said about it, in the file and beside it.
    #[serde(default, skip_serializing_if = "Said::is_empty")]
    pub said: Said,
    /// The moving picture inside the file of a photo, as a clip with the same path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motion: Option<Box<Medium>>,
    /// How well it fits each phrase of the prompt, by the user's own model; empty without one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fits: Vec<PhraseFit>,
}

impl Medium {
    /// Returns the medium whose picture a shot of this kind shows: itself, or its moving picture.
    pub fn seen_as(&self, kind: MediaKind) -> &Self {
        match &self.motion {
            Some(motion) if kind == MediaKind::Clip => motion,
            _ => self,
        }
    }
}
