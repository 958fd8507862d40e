use std::collections::BTreeMap;

use mmm_base::Digest;
use serde::{Deserialize, Serialize};

/// Which nets listen and look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Nets {
    /// None: the classical measures alone.
    None,
    /// Those that are built in.
    BuiltIn,
    /// Those that are built in, but for the beats the user's own.
    WithBeats(BeatModel),
}

/// A model for beats in the form of Beat This!, by the contents of its two files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BeatModel {
    /// From sound to a mel spectrogram.
    pub spectrogram: Digest,
    /// From the spectrogram to beats and downbeats.
    pub beats: Digest,
}

/// What a model does in an analysis.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModelRole {
    /// One of the three that hear beats together.
    Beats1,
    Beats2,
    Beats3,
    /// From sound to the mel spectrogram of a user's own model for beats.
    OwnSpectrogram,
    /// From that spectrogram to beats and downbeats.
    OwnBeats,
    /// Hears speech, singing and music.
    AudioEvents,
}

/// The models of one analysis: the weights in each role. Another map is another key, so an exchanged model runs its own
/// analysis again and no other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Models(BTreeMap<ModelRole, Digest>);

impl Models {
    /// The weights in a role; none where nothing has it.
    pub fn weights(&self, role: ModelRole) -> Option<Digest> {
        self.0.get(&role).copied()
    }

    /// Whether there is no model at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The weights that are files of the user's.
    pub fn files(&self) -> impl Iterator<Item = Digest> {
        self.0.values().copied().filter(|digest| Model::of_digest(*digest).is_none())
    }
}

impl FromIterator<(ModelRole, Digest)> for Models {
    fn from_iter<I: IntoIterator<Item = (ModelRole, Digest)>>(models: I) -> Self {
        Self(models.into_iter().collect())
    }
}

impl Nets {
    /// The models that listen for beats.
    pub fn beats(self) -> Models {
        let built_in = [
            (ModelRole::Beats1, Model::Beat1),
            (ModelRole::Beats2, Model::Beat2),
            (ModelRole::Beats3, Model::Beat3),
        ];
        match self {
            Self::None => Models::default(),
            Self::BuiltIn => built_in.into_iter().map(|(role, model)| (role, model.digest())).collect(),
            Self::WithBeats(model) => {
                [(ModelRole::OwnSpectrogram, model.spectrogram), (ModelRole::OwnBeats, model.beats)]
                    .into_iter()
                    .collect()
            }
        }
    }

    /// The models that listen to clips.
    pub fn clip_sound(self) -> Models {
        match self {
            Self::None => Models::default(),
            Self::BuiltIn | Self::WithBeats(_) => {
                [(ModelRole::AudioEvents, Model::AudioEvents.digest())].into_iter().collect()
            }
        }
    }
}

/// The models that are built into the program; the order is that of `INFO`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Model {
    /// Beats and downbeats, 50 frames a second: `feat` [1, T, 272], `h0` and `c0` [2, 1, 150] (zeros at
    /// the start) to `act` [1, T, 3] (beat, downbeat, neither), `h` and `c` for the next frames.
    Beat1,
    /// The same from other training data.
    Beat2,
    /// The same from other training data again.
    Beat3,
    /// Speech, singing and music, 100 frames a second: `feat` [1, T, 80] to `probs` [1, T, 3].
    AudioEvents,
}

impl Model {
    pub const ALL: [Self; 4] = [Self::Beat1, Self::Beat2, Self::Beat3, Self::AudioEvents];

    /// The digest of its weights.
    pub fn digest(self) -> Digest {
        self.info().digest.parse().expect("a test compares the digest with the weights")
    }

    /// The model whose weights have this digest.
    pub fn of_digest(digest: Digest) -> Option<Self> {
        Self::ALL.into_iter().find(|model| model.digest() == digest)
    }

    /// What the model is and where it comes from.
    pub fn info(self) -> &'static ModelInfo {
        &INFO[self as usize]
    }
}

/// A model in ONNX form, and where it comes from; its weights are with the runtime, in `analysis`.
#[derive(Clone, Copy, Debug)]
pub struct ModelInfo {
    pub name: &'static str,
    pub version: &'static str,
    /// SPDX identifier.
    pub licence: &'static str,
    /// Who must be credited.
    pub attribution: &'static str,
    /// BLAKE3 of its weights; belongs in the key of every action that runs the model.
    pub digest: &'static str,
}

const BEATNET: &str = "Mojtaba Heydari, Frank Cwitkowitz, Zhiyao Duan: BeatNet: CRNN and Particle Filtering for \
    Online Joint Beat, Downbeat and Meter Tracking, ISMIR 2021; converted from PyTorch to ONNX";
const FIRERED: &str = "FireRedVAD team (FireRedTeam/FireRedVAD), unchanged";

/// models/LICENSES.md says where each was taken from.
static INFO: [ModelInfo; 4] = [
    ModelInfo {
        name: "beatnet-1",
        version: "1.1.3",
        licence: "CC-BY-4.0",
        attribution: BEATNET,
        digest: "cbcc76210502a1d572584a8e9bdf14cf0753989a7a12974d479cf14ef36b5e45",
    },
    ModelInfo {
        name: "beatnet-2",
        version: "1.1.3",
        licence: "CC-BY-4.0",
        attribution: BEATNET,
        digest: "610683711758c7ec57bfcf9297c006c0e4e2a18206016f2ba3915e02f876189e",
    },
    ModelInfo {
        name: "beatnet-3",
        version: "1.1.3",
        licence: "CC-BY-4.0",
        attribution: BEATNET,
        digest: "008eb2d113d1c85f0787f9d5ac5cc44b6d19822a04ae4684263a3da21f407ea2",
    },
    ModelInfo {
        name: "fireredvad-aed",
        version: "1",
        licence: "Apache-2.0",
        attribution: FIRERED,
        digest: "408e77202f8dab098fec30123ae7c5e16d70f6661030d00d7595f9f7a1b945e0",
    },
];
