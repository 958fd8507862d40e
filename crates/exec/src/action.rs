use serde::{Deserialize, Serialize};

use mmm_base::{Digest, Key, action_key};
use mmm_facts::MediaKind;
use mmm_facts::Model;
use mmm_facts::{BeatModel, Nets};
use mmm_facts::{PieceRecipe, PosterRecipe, PreviewRecipe, SoundRecipe, View};
use mmm_store::Bucket;

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
    /// A still beside the movie.
    Poster(Box<PosterRecipe>),
    /// A loop beside the movie.
    Preview(Box<PreviewRecipe>),
}

impl Action {
    /// What is in a medium: with those of the nets that know something of its kind.
    pub fn facts(source: Digest, kind: MediaKind, nets: Nets) -> Self {
        let built_in: &[Model] = match kind {
            MediaKind::Music => &[Model::Beat1, Model::Beat2, Model::Beat3],
            MediaKind::Clip => &[Model::AudioEvents],
            MediaKind::Photo => &[],
        };
        let nets = match (nets, kind) {
            (Nets::None, _) => Vec::new(),
            (Nets::WithBeats(model), MediaKind::Music) => vec![model.spectrogram, model.beats],
            (Nets::BuiltIn | Nets::WithBeats(_), _) => built_in.iter().map(|net| net.digest()).collect(),
        };
        Self::Facts { source, kind, nets }
    }

    /// The nets that it wants; none where they are neither built in nor a user's model.
    pub fn nets(&self) -> Option<Nets> {
        let Self::Facts { source, kind, nets } = self else { return Some(Nets::None) };
        let known = [Nets::None, Nets::BuiltIn];
        let known = known.into_iter().find(|known| *self == Self::facts(*source, *kind, *known));
        known.or(match nets.as_slice() {
            [spectrogram, beats] if *kind == MediaKind::Music => {
                Some(Nets::WithBeats(BeatModel { spectrogram: *spectrogram, beats: *beats }))
            }
            _ => None,
        })
    }

    /// The kind, as events and the cache name it, with the version of its meaning: what changes
    /// an answer without changing a field raises the version.
    pub fn bucket(&self) -> Bucket {
        let (kind, version) = match self {
            Self::Probe { .. } => ("probe", 3),
            Self::Facts { kind: MediaKind::Photo, .. } => ("photo-facts", 3),
            Self::Facts { kind: MediaKind::Clip, .. } => ("clip-facts", 9),
            Self::Facts { kind: MediaKind::Music, .. } => ("music-facts", 3),
            Self::Segment(_) => ("segment", 9),
            Self::Sound(_) => ("sound", 4),
            Self::Still(_) => ("still", 8),
            Self::Poster(_) => ("poster", 2),
            Self::Preview(_) => ("preview", 2),
        };
        Bucket { kind, version }
    }

    /// The name of its answer.
    pub fn key(&self) -> Key {
        let Bucket { kind, version } = self.bucket();
        action_key(kind, version, self)
    }

    /// The files that it reads, each once: media, and models and fonts that are not built in.
    pub fn inputs(&self) -> Vec<Digest> {
        let mut inputs = match self {
            Self::Probe { source } => vec![*source],
            Self::Facts { source, .. } => match self.nets() {
                Some(Nets::WithBeats(model)) => vec![*source, model.spectrogram, model.beats],
                _ => vec![*source],
            },
            Self::Segment(recipe) | Self::Still(recipe) => inputs_of(recipe),
            Self::Poster(recipe) => inputs_of(&recipe.piece),
            Self::Preview(recipe) => recipe.pieces.iter().flat_map(inputs_of).collect(),
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
                View::Blend(..) => u64::from(recipe.frames) * 3 / 2,
            },
            Self::Sound(recipe) => recipe.samples / 4800,
            Self::Still(_) => 2,
            Self::Poster(recipe) => u64::from(recipe.at) + 3,
            Self::Preview(recipe) => {
                recipe.pieces.iter().map(|piece| u64::from(piece.frames)).sum::<u64>() / 2 + 20
            }
        }
    }
}

/// The media, the table of colours and the fonts that a piece is made from.
fn inputs_of(recipe: &PieceRecipe) -> Vec<Digest> {
    let faces = recipe.words.iter().flat_map(|words| &words.faces).map(|face| face.source);
    let shots = match &recipe.view {
        View::Shot(shot) => vec![shot],
        View::Blend(_, before, after) => vec![before, after],
    };
    faces.chain(shots.into_iter().flat_map(|shot| [Some(shot.source), shot.cube]).flatten()).collect()
}
