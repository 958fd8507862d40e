use std::fs::File;
use std::path::Path;

use mmm_base::{Cancel, Digest, Time};
use mmm_facts::{
    Encoder, Figure, Finished, Libraries, MediaError, MovieRecipe, Probe, Review, Timeline, Wanted,
};
use mmm_spec::Codec;
use mmm_store::StoreError;

use super::{ExecError, Executor, MeasureError};

/// Opens a blob after verifying it; `None` if it is missing or damaged.
pub type OpenBlob<'a> = dyn Fn(Digest) -> Result<Option<File>, StoreError> + 'a;

/// Everything else that needs the media libraries: probing, linking and measuring files in their current
/// state. None of it is cached.
pub trait MediaTools: Send + Sync {
    /// Returns the headers of a file.
    ///
    /// # Errors
    /// If it can't be read or is not a medium.
    fn probe(&self, path: &Path) -> Result<Probe, MediaError>;

    /// Returns the lowest and highest sample of each of `columns` equal parts of a file's sound, which lasts
    /// `length`.
    ///
    /// # Errors
    /// If the file can't be read.
    fn waveform(
        &self,
        path: &Path,
        length: Time,
        columns: usize,
        cancel: &Cancel,
    ) -> Result<Vec<(f32, f32)>, MediaError>;

    /// Writes a piece of music as a WAV file at `out` with a click at each of `beats`; true marks a downbeat.
    ///
    /// # Errors
    /// If the music can't be read, if the file can't be written, or on cancellation.
    fn write_clicks(
        &self,
        music: &Path,
        beats: &[(Time, bool)],
        out: &Path,
        cancel: &Cancel,
    ) -> Result<(), ExecError>;

    /// Whether the metadata of the movie at `path` says that `mmm` built it.
    fn is_our_movie(&self, path: &Path) -> bool;

    /// Whether the picture at `path` has the mark of `mmm` and is unchanged since.
    fn is_our_picture(&self, path: &Path) -> bool;

    /// Whether a blob is a complete encoded stream.
    fn is_encoded(&self, blob: File) -> bool;

    /// Links segments and sound into a file at `path` by copying packets.
    ///
    /// # Errors
    /// [`ExecError::Damaged`] if a blob is missing, damaged, or can't be joined with the others. Also if the
    /// disk is full, and on cancellation.
    fn link(
        &self,
        movie: &MovieRecipe,
        path: &Path,
        open: &OpenBlob<'_>,
        cancel: &Cancel,
    ) -> Result<Finished, ExecError>;

    /// Measures a finished file's streams against each other and against its timeline.
    ///
    /// # Errors
    /// If the file can't be read.
    fn stream_figures(&self, path: &Path, timeline: &Timeline) -> Result<Vec<Figure>, MeasureError>;

    /// Measures a finished file on `threads` threads. Figures that need a plan are included only with
    /// `wanted`.
    ///
    /// # Errors
    /// If the file can't be read or decoded, or on cancellation.
    fn review(
        &self,
        path: &Path,
        wanted: Option<&Wanted<'_>>,
        threads: usize,
        cancel: &Cancel,
    ) -> Result<Review, MeasureError>;

    /// Returns the capabilities of this machine's media libraries.
    fn libraries(&self) -> Libraries;

    /// Encodes a few frames and decodes them again.
    ///
    /// # Errors
    /// Why the encoder can't be used on this machine, in a few words.
    fn try_encoder(&self, encoder: Encoder, codec: Codec) -> Result<(), String>;
}

/// Everything that needs the media libraries; the program provides the implementation.
pub trait Worker: Executor + MediaTools {}

impl<W: Executor + MediaTools> Worker for W {}
