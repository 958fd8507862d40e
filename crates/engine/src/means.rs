use std::collections::BTreeMap;
use std::fs;
use std::io::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mmm_exec::{Pool, Worker};

use super::workspace::Places;
use mmm_base::{Cancel, Digest};
use mmm_facts::Encoders;
use mmm_facts::{BeatModel, Nets};
use mmm_store::Stamp;
use mmm_store::digest_file;

/// What a run may use.
#[derive(Clone)]
pub struct Means {
    /// Who performs actions, and does what else needs the media libraries.
    pub worker: Arc<dyn Worker>,
    /// The workers that all projects of this process share.
    pub pool: Pool,
    /// Which nets listen and look.
    pub nets: Nets,
    /// Where the files of nets are that are not built in.
    models: BTreeMap<Digest, (PathBuf, Stamp)>,
    /// Folders with fonts for what those in the program lack, in the order of their rank.
    pub fonts: Vec<PathBuf>,
    /// What encodes final movies.
    pub encoders: Encoders,
}

/// The file of a folder with Beat This! that makes a spectrogram of sound, …
const SPECTROGRAM: &str = "mel_spectrogram.onnx";
/// … and those that find beats in one, the better first.
const BEATS: [&str; 2] = ["beat_this.onnx", "beat_this_small.onnx"];

impl Means {
    pub fn new(worker: Arc<dyn Worker>, pool: Pool, nets: Nets) -> Self {
        let (models, fonts, encoders) = (BTreeMap::new(), Vec::new(), Encoders::default());
        Self { worker, pool, nets, models, fonts, encoders }
    }

    /// The same with the model of the folder `dir` for beats.
    ///
    /// # Errors
    /// The file that can't be read, and why.
    pub fn with_beat_model(mut self, dir: &Path) -> Result<Self, (PathBuf, Error)> {
        let better = dir.join(BEATS[0]);
        let beats = if better.exists() { better } else { dir.join(BEATS[1]) };
        let spectrogram = self.model(&dir.join(SPECTROGRAM))?;
        self.nets = Nets::WithBeats(BeatModel { spectrogram, beats: self.model(&beats)? });
        Ok(self)
    }

    /// The same with the fonts in these folders, and below them.
    pub fn with_fonts(self, folders: Vec<PathBuf>) -> Self {
        Self { fonts: folders, ..self }
    }

    /// The same with final movies encoded by these.
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

    /// Media and models.
    pub(super) fn places(&self, mut media: BTreeMap<Digest, (PathBuf, Stamp)>) -> Places {
        media.extend(self.models.clone());
        Places(media)
    }
}
