use serde::{Deserialize, Serialize};

use crate::base::{Digest, Key, action_key};
use crate::media::MediaKind;
use crate::net::WhichNet;
use crate::store::Bucket;
use crate::timeline::{PieceRecipe, SoundRecipe, View};

/// One costly step.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// What a file's headers tell.
    Probe { source: Digest },
    /// What is in a medium.
    Facts {
        source: Digest,
        kind: MediaKind,
        /// The nets that listen and look, by their weights; none without models.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        nets: Vec<Digest>,
    },
    /// One encoded piece of the picture.
    Segment(Box<PieceRecipe>),
    /// The encoded sound of a movie.
    Sound(Box<SoundRecipe>),
    /// The first frame of a piece, for a page.
    Still(Box<PieceRecipe>),
}

impl Action {
    /// What is in a medium: with the nets that know something of its kind, or without any.
    pub fn facts(source: Digest, kind: MediaKind, nets: bool) -> Self {
        let known: &[WhichNet] = match kind {
            MediaKind::Music => &[WhichNet::Beat1, WhichNet::Beat2, WhichNet::Beat3],
            MediaKind::Clip => &[WhichNet::AudioEvents],
            MediaKind::Photo => &[],
        };
        let nets = if nets { known.iter().map(|net| net.digest()).collect() } else { Vec::new() };
        Self::Facts { source, kind, nets }
    }

    /// The kind, as events and the cache name it, with the version of its meaning: what changes
    /// an answer without changing a field raises the version.
    pub fn bucket(&self) -> Bucket {
        let (kind, version) = match self {
            Self::Probe { .. } => ("probe", 2),
            Self::Facts { kind: MediaKind::Photo, .. } => ("photo-facts", 1),
            Self::Facts { kind: MediaKind::Clip, .. } => ("clip-facts", 5),
            Self::Facts { kind: MediaKind::Music, .. } => ("music-facts", 2),
            Self::Segment(_) => ("segment", 2),
            Self::Sound(_) => ("sound", 1),
            Self::Still(_) => ("still", 1),
        };
        Bucket { kind, version }
    }

    /// The name of its answer.
    pub fn key(&self) -> Key {
        let Bucket { kind, version } = self.bucket();
        action_key(kind, version, self)
    }

    /// The media that it reads, each once.
    pub fn inputs(&self) -> Vec<Digest> {
        let mut inputs = match self {
            Self::Probe { source } | Self::Facts { source, .. } => vec![*source],
            Self::Segment(recipe) | Self::Still(recipe) => match &recipe.view {
                View::Shot(shot) => vec![shot.source],
                View::Dissolve(before, after) => vec![before.source, after.source],
            },
            Self::Sound(recipe) => recipe.cues.iter().map(|cue| cue.source).collect(),
        };
        inputs.sort_unstable();
        inputs.dedup();
        inputs
    }

    /// About how much work it is, to begin the longest first: frames of a 1080p clip, roughly.
    pub fn weight(&self) -> u64 {
        match self {
            Self::Probe { .. } => 1,
            Self::Facts { kind: MediaKind::Photo, .. } => 3,
            Self::Facts { kind: MediaKind::Clip, .. } => 60,
            Self::Facts { kind: MediaKind::Music, .. } => 120,
            Self::Segment(recipe) => match recipe.view {
                View::Shot(_) => u64::from(recipe.frames),
                View::Dissolve(..) => u64::from(recipe.frames) * 3 / 2,
            },
            Self::Sound(recipe) => recipe.samples / 4800,
            Self::Still(_) => 2,
        }
    }
}
