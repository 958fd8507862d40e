use std::collections::BTreeMap;
use std::fs;
use std::io::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mmm_exec::{Pool, Worker};

use super::places::Places;
use mmm_base::{Cancel, Digest};
use mmm_facts::Encoders;
use mmm_facts::{BeatModel, ModelSet};
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
        self.model_set = ModelSet::WithBeats(BeatModel { spectrogram, beats: self.model(&beats)? });
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
