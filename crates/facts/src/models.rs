use std::collections::BTreeMap;

use mmm_base::Digest;
use serde::{Deserialize, Serialize};

/// Which neural networks analyse the media.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ModelSet {
    /// None: classical analysis only.
    None,
    /// The built-in models.
    BuiltIn,
    /// The built-in models, except that the user's own model detects beats.
    WithBeats(BeatModel),
}

/// A beat model in the form of Beat This!, identified by the contents of its two files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BeatModel {
    /// Computes a mel spectrogram from sound.
    pub spectrogram: Digest,
    /// Computes beats and downbeats from the spectrogram.
    pub beats: Digest,
}

/// The role of a model in an analysis.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModelRole {
    /// `Beats1`, `Beats2` and `Beats3` detect beats together.
    Beats1,
    Beats2,
    Beats3,
    /// Computes the mel spectrogram for a user's own beat model.
    OwnSpectrogram,
    /// Computes beats and downbeats from that spectrogram.
    OwnBeats,
    /// Detects speech, singing and music.
    AudioEvents,
}

/// The models of one analysis: the weights in each role. They are part of the action's key, so a changed
/// model repeats only the analyses that use it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Models(BTreeMap<ModelRole, Digest>);

impl Models {
    /// Returns the weights in a role; `None` if no model has that role.
    pub fn weights(&self, role: ModelRole) -> Option<Digest> {
        self.0.get(&role).copied()
    }

    /// Whether there are no models.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the weights that are the user's own files.
    pub fn files(&self) -> impl Iterator<Item = Digest> {
        self.0.values().copied().filter(|digest| Model::of_digest(*digest).is_none())
    }
}

impl FromIterator<(ModelRole, Digest)> for Models {
    fn from_iter<I: IntoIterator<Item = (ModelRole, Digest)>>(models: I) -> Self {
        Self(models.into_iter().collect())
    }
}

impl ModelSet {
    /// Returns the models that detect beats.
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

    /// Returns the models that analyse the sound of clips.
    pub fn clip_sound(self) -> Models {
        match self {
            Self::None => Models::default(),
            Self::BuiltIn | Self::WithBeats(_) => {
                [(ModelRole::AudioEvents, Model::AudioEvents.digest())].into_iter().collect()
            }
        }
    }
}

/// The built-in models, in the order of `INFO`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Model {
    /// Beats and downbeats, 50 frames per second: `feat` [1, T, 272], `h0` and `c0` [2, 1, 150] (zeros at the
    /// start) to `act` [1, T, 3] (beat, downbeat, neither), `h` and `c` for the next frames.
    Beat1,
    /// As `Beat1`, trained on other data.
    Beat2,
    /// As `Beat1`, trained on yet other data.
    Beat3,
    /// Speech, singing and music, 100 frames per second: `feat` [1, T, 80] to `probs` [1, T, 3].
    AudioEvents,
}

impl Model {
    pub const ALL: [Self; 4] = [Self::Beat1, Self::Beat2, Self::Beat3, Self::AudioEvents];

    /// Returns the digest of its weights.
    pub fn digest(self) -> Digest {
        self.info().digest.parse().expect("a test compares the digest with the weights")
    }

    /// Returns the model whose weights have this digest.
    pub fn of_digest(digest: Digest) -> Option<Self> {
        Self::ALL.into_iter().find(|model| model.digest() == digest)
    }

    /// Returns what the model is and where it comes from.
    pub fn info(self) -> &'static ModelInfo {
        &INFO[self as usize]
    }
}

/// A model in ONNX form and its origin. The weights themselves are in the `analysis` crate, with the model
/// runtime.
#[derive(Clone, Copy, Debug)]
pub struct ModelInfo {
    pub name: &'static str,
    pub version: &'static str,
    /// SPDX identifier.
    pub licence: &'static str,
    /// Who must be credited.
    pub attribution: &'static str,
    /// BLAKE3 of its weights; part of the key of every action that runs the model.
    pub digest: &'static str,
}

const BEATNET: &str = "Mojtaba Heydari, Frank Cwitkowitz, Zhiyao Duan: BeatNet: CRNN and Particle Filtering for \
    Online Joint Beat, Downbeat and Meter Tracking, ISMIR 2021; converted from PyTorch to ONNX";
const FIRERED: &str = "FireRedVAD team (FireRedTeam/FireRedVAD), unchanged";

/// models/LICENSES.md lists the source of each.
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
