use std::collections::BTreeMap;

use mmm_base::Digest;
use serde::{Deserialize, Serialize};

/// Which neural networks analyse the media.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one, and a box would not be Copy")]
pub enum ModelSet {
    /// None: classical analysis only.
    None,
    /// The built-in models.
    BuiltIn,
    /// The built-in models, and the user's own.
    WithOwn(OwnModels),
}

/// The models that the user named.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct OwnModels {
    /// Replaces the built-in models for beats.
    pub beats: Option<BeatModel>,
    /// Compares pictures with the words of prompts and queries.
    pub images: Option<ImageTextModel>,
}

/// A beat model in the form of Beat This!, identified by the contents of its two files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BeatModel {
    /// Computes a mel spectrogram from sound.
    pub spectrogram: Digest,
    /// Computes beats and downbeats from the spectrogram.
    pub beats: Digest,
}

/// A pair of models in the form of CLIP (Radford and others, 2021), identified by the contents of its files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ImageTextModel {
    /// Computes the embedding of a picture.
    pub image: Digest,
    /// Computes the embedding of a text.
    pub text: Digest,
    /// Turns a text into the numbers that the model takes.
    pub tokenizer: Digest,
    /// How a picture is resized and scaled.
    pub preprocessing: Option<Digest>,
    /// What kind of model it is.
    pub config: Option<Digest>,
    /// How texts are padded.
    pub tokenizer_config: Option<Digest>,
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
    /// Says what a picture shows.
    Tags,
    /// Finds faces.
    Faces,
    /// `Landmarks` and `Expressions` read expressions together.
    Landmarks,
    Expressions,
    /// Finds objects.
    Objects,
    /// Finds the subject of a photo.
    Subject,
    /// Computes the embedding of a picture, with a user's own model.
    OwnImage,
    /// Computes the embedding of a text, with the same.
    OwnText,
    /// `OwnTokenizer` and the next ones say what the two take.
    OwnTokenizer,
    OwnTokenizerConfig,
    OwnPreprocessing,
    OwnConfig,
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

impl ImageTextModel {
    /// Returns what computes the embedding of a picture.
    pub fn image_models(self) -> Models {
        let settings =
            [(ModelRole::OwnPreprocessing, self.preprocessing), (ModelRole::OwnConfig, self.config)];
        Self::with_settings(&[(ModelRole::OwnImage, self.image)], &settings)
    }

    /// Returns what computes the embedding of a text.
    pub fn text_models(self) -> Models {
        let models = [(ModelRole::OwnText, self.text), (ModelRole::OwnTokenizer, self.tokenizer)];
        let settings =
            [(ModelRole::OwnTokenizerConfig, self.tokenizer_config), (ModelRole::OwnConfig, self.config)];
        Self::with_settings(&models, &settings)
    }

    fn with_settings(models: &[(ModelRole, Digest)], settings: &[(ModelRole, Option<Digest>)]) -> Models {
        let settings = settings.iter().filter_map(|(role, digest)| Some((*role, (*digest)?)));
        models.iter().copied().chain(settings).collect()
    }
}

impl ModelSet {
    /// Returns the models that the user named.
    pub fn own(self) -> OwnModels {
        match self {
            Self::WithOwn(own) => own,
            Self::None | Self::BuiltIn => OwnModels::default(),
        }
    }

    /// Returns the models that detect beats.
    pub fn beats(self) -> Models {
        let built_in = [
            (ModelRole::Beats1, Model::Beat1),
            (ModelRole::Beats2, Model::Beat2),
            (ModelRole::Beats3, Model::Beat3),
        ];
        match (self, self.own().beats) {
            (Self::None, _) => Models::default(),
            (_, None) => built_in.into_iter().map(|(role, model)| (role, model.digest())).collect(),
            (_, Some(model)) => {
                [(ModelRole::OwnSpectrogram, model.spectrogram), (ModelRole::OwnBeats, model.beats)]
                    .into_iter()
                    .collect()
            }
        }
    }

    /// Returns the models that look at pictures.
    pub fn pictures(self) -> Models {
        let built_in = [
            (ModelRole::Tags, Model::Tags),
            (ModelRole::Faces, Model::Faces),
            (ModelRole::Landmarks, Model::Landmarks),
            (ModelRole::Expressions, Model::Expressions),
            (ModelRole::Objects, Model::Objects),
        ];
        match self {
            Self::None => Models::default(),
            Self::BuiltIn | Self::WithOwn(_) => {
                built_in.into_iter().map(|(role, model)| (role, model.digest())).collect()
            }
        }
    }

    /// Returns the models that find the subject of a photo that is to be cropped.
    pub fn masks(self) -> Models {
        match self {
            Self::None => Models::default(),
            Self::BuiltIn | Self::WithOwn(_) => {
                [(ModelRole::Subject, Model::Subject.digest())].into_iter().collect()
            }
        }
    }

    /// Returns the models that analyse the sound of clips.
    pub fn clip_sound(self) -> Models {
        match self {
            Self::None => Models::default(),
            Self::BuiltIn | Self::WithOwn(_) => {
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
    /// What a picture shows: `image` [1, 3, 224, 224] to `logits` [1, 1000] and `features` [1, 1280]. Models of
    /// pictures take red, green and blue, 0..=255.
    Tags,
    /// Faces in a picture whose sides are multiples of 32: `image` [1, 3, H, W] to the maps `heat`
    /// [1, 1, H/4, W/4], `scale` and `offset` (2 channels, down and across) and `landmarks` (10).
    Faces,
    /// The mesh of a face: `image` [1, 3, 256, 256] to `landmarks` [1, 478, 3] in pixels and `presence` [1, 1].
    Landmarks,
    /// The expression of a face: `landmarks` [1, 478, 3] to `scores` [1, 52].
    Expressions,
    /// Objects in a picture: `image` [1, 3, 416, 416] to `scores` [1, 3549, 80] and `boxes` [1, 3549, 4] in
    /// pixels.
    Objects,
    /// The subject of a picture: `image` [1, 3, H, W] to `mask` [1, 1, H, W], 0..=1.
    Subject,
}

impl Model {
    pub const ALL: [Self; 10] = [
        Self::Beat1,
        Self::Beat2,
        Self::Beat3,
        Self::AudioEvents,
        Self::Tags,
        Self::Faces,
        Self::Landmarks,
        Self::Expressions,
        Self::Objects,
        Self::Subject,
    ];

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
const EFFICIENTNET: &str =
    "Mingxing Tan, Quoc V. Le: EfficientNet, ICML 2019 (Lite0, ImageNet-1k); converted to ONNX";
const CENTERFACE: &str =
    "Yuanyuan Xu, Wan Yan, Haixin Sun, Genke Yang, Jiliang Luo: CenterFace, 2019; in 8 and 16 bits";
const MEDIAPIPE: &str =
    "The MediaPipe authors (Google): face landmarker; converted from TensorFlow Lite to ONNX";
const NANODET: &str = "RangiLyu: NanoDet, 2020 (COCO); converted from TensorFlow.js to ONNX";
const U2NET: &str = "Xuebin Qin, Zichen Zhang, Chenyang Huang, Masood Dehghan, Osmar R. Zaiane, Martin Jagersand: \
    U2-Net, Pattern Recognition 2020 (U2-Net-P, DUTS); in 16 bits";

/// models/LICENSES.md lists the source of each.
static INFO: [ModelInfo; 10] = [
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
    ModelInfo {
        name: "efficientnet-lite0",
        version: "0.1.0",
        licence: "Apache-2.0",
        attribution: EFFICIENTNET,
        digest: "b8bdeff974d7db29e10d6abe2928e61947c5331567733a99d10338a7607dde33",
    },
    ModelInfo {
        name: "centerface",
        version: "1.5.0",
        licence: "MIT",
        attribution: CENTERFACE,
        digest: "c3e6542429e15cd91ec6e74348d064824fc8686cfbb015e763481a332c0071be",
    },
    ModelInfo {
        name: "face-landmarks",
        version: "1",
        licence: "Apache-2.0",
        attribution: MEDIAPIPE,
        digest: "a7146ddfc2c27d2b743a377c54dfb069296a3fc3ebe0fe3736fdcf6f28048bef",
    },
    ModelInfo {
        name: "face-blendshapes",
        version: "1",
        licence: "Apache-2.0",
        attribution: MEDIAPIPE,
        digest: "530a40c24f2dae0c4b77d5d81ea786b68d35952d447dc1ca961cfe6b04930729",
    },
    ModelInfo {
        name: "nanodet",
        version: "3.0.4",
        licence: "Apache-2.0",
        attribution: NANODET,
        digest: "827c72653eafd89c3539f357a117c9bcef11a7880480149b800b481a4e6bde9c",
    },
    ModelInfo {
        name: "u2netp",
        version: "0.1.3",
        licence: "Apache-2.0",
        attribution: U2NET,
        digest: "07fdb0de057b454867cbe9e6a80864caf4e6e23ce90ec6f6c4786ba272bb2f67",
    },
];
