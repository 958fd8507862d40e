use std::collections::BTreeMap;
use std::fs;
use std::io::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mmm_exec::{Pool, Worker};

use super::places::Places;
use mmm_base::{Cancel, Digest};
use mmm_facts::Encoders;
use mmm_facts::{BeatModel, ImageTextModel, ModelSet, OwnModels};
use mmm_store::Stamp;
use mmm_store::digest_file;

/// The resources that a run may use.
#[derive(Clone)]
pub struct Means {
    /// Performs actions, and does everything else that needs the media libraries.
    pub worker: Arc<dyn Worker>,
    /// The workers that all projects of this process share.
    pub pool: Pool,
    /// The models that analyse sound and pictures.
    pub model_set: ModelSet,
    /// The paths of the models that are not built in.
    models: BTreeMap<Digest, (PathBuf, Stamp)>,
    /// Folders with fonts for characters that the built-in fonts lack, in order of preference.
    pub fonts: Vec<PathBuf>,
    /// The encoders of final movies.
    pub encoders: Encoders,
}

/// The Beat This! model that computes a spectrogram from sound.
const SPECTROGRAM: &str = "mel_spectrogram.onnx";
/// The Beat This! models that find beats in a spectrogram, the better one first.
const BEATS: [&str; 2] = ["beat_this.onnx", "beat_this_small.onnx"];

/// Where a pair of models like CLIP may be in its folder, as Transformers, OpenCLIP and Immich export it; the
/// first that exists counts.
const IMAGES: [&str; 6] = [
    "image.onnx",
    "visual.onnx",
    "vision_model.onnx",
    "onnx/vision_model.onnx",
    "visual/model.onnx",
    "image/model.onnx",
];
const TEXTS: [&str; 6] = [
    "text.onnx",
    "textual.onnx",
    "text_model.onnx",
    "onnx/text_model.onnx",
    "textual/model.onnx",
    "text/model.onnx",
];
const TOKENIZERS: [&str; 3] = ["tokenizer.json", "textual/tokenizer.json", "text/tokenizer.json"];
const TOKENIZER_CONFIGS: [&str; 3] =
    ["tokenizer_config.json", "textual/tokenizer_config.json", "text/tokenizer_config.json"];
const PREPROCESSING: [&str; 4] = [
    "preprocessor_config.json",
    "preprocess_cfg.json",
    "visual/preprocess_cfg.json",
    "visual/preprocessor_config.json",
];

impl Means {
    pub fn new(worker: Arc<dyn Worker>, pool: Pool, model_set: ModelSet) -> Self {
        let (models, fonts, encoders) = (BTreeMap::new(), Vec::new(), Encoders::default());
        Self { worker, pool, model_set, models, fonts, encoders }
    }

    /// Sets the beat model to the one in the folder `dir`.
    ///
    /// # Errors
    /// The file that can't be read, and why.
    pub fn with_beat_model(mut self, dir: &Path) -> Result<Self, (PathBuf, Error)> {
        let better = dir.join(BEATS[0]);
        let beats = if better.exists() { better } else { dir.join(BEATS[1]) };
        let spectrogram = self.model(&dir.join(SPECTROGRAM))?;
        let beats = Some(BeatModel { spectrogram, beats: self.model(&beats)? });
        self.model_set = ModelSet::WithOwn(OwnModels { beats, ..self.model_set.own() });
        Ok(self)
    }

    /// Sets the models that compare photos with texts to those in the folder `dir`.
    ///
    /// # Errors
    /// The file that can't be read, and why. A file that is not there is named as it is usually called.
    pub fn with_image_text_model(mut self, dir: &Path) -> Result<Self, (PathBuf, Error)> {
        let found = |names: &[&str]| {
            let at = |name: &&str| Some(dir.join(name)).filter(|file| file.exists());
            names.iter().find_map(at)
        };
        let mut needed = |names: &[&str]| {
            let file = found(names).unwrap_or_else(|| dir.join(names[0]));
            self.model(&file)
        };
        let (image, text, tokenizer) = (needed(&IMAGES)?, needed(&TEXTS)?, needed(&TOKENIZERS)?);
        let mut optional = |names: &[&str]| found(names).map(|file| self.model(&file)).transpose();
        let images = Some(ImageTextModel {
            image,
            text,
            tokenizer,
            preprocessing: optional(&PREPROCESSING)?,
            config: optional(&["config.json"])?,
            tokenizer_config: optional(&TOKENIZER_CONFIGS)?,
        });
        self.model_set = ModelSet::WithOwn(OwnModels { images, ..self.model_set.own() });
        Ok(self)
    }

    /// Sets the folders to search for fonts, with their subfolders.
    pub fn with_fonts(self, folders: Vec<PathBuf>) -> Self {
        Self { fonts: folders, ..self }
    }

    /// Sets the encoders of final movies.
    pub fn with_encoders(self, encoders: Encoders) -> Self {
        Self { encoders, ..self }
    }

    fn model(&mut self, file: &Path) -> Result<Digest, (PathBuf, Error)> {
        let bad = |error| (file.to_owned(), error);
        let stamp = Stamp::of(&fs::metadata(file).map_err(bad)?);
        let digest = digest_file(file, &Cancel::default()).map_err(bad)?;
        self.models.insert(digest, (file.to_owned(), stamp));
        Ok(digest)
    }

    /// Returns the paths of the media and the models.
    pub(super) fn places(&self, mut media: BTreeMap<Digest, (PathBuf, Stamp)>) -> Places {
        media.extend(self.models.clone());
        Places(media)
    }
}
