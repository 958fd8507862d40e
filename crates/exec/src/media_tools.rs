use std::fs::File;
use std::path::Path;

use mmm_base::{Cancel, Digest, Time};
use mmm_facts::{
    Encoder, Figure, Finished, Libraries, MediaError, MovieRecipe, Probe, Review, Timeline, Wanted,
};
use mmm_spec::Codec;
use mmm_store::StoreError;

use super::{ExecError, Executor, MeasureError};

/// Opens a blob that was checked; none where it is gone or damaged.
pub type OpenBlob<'a> = dyn Fn(Digest) -> Result<Option<File>, StoreError> + 'a;

/// What else needs the media libraries: files are looked at, linked and measured as they are now, so nothing of it is
/// cached.
pub trait MediaTools: Send + Sync {
    /// The headers of a file.
    ///
    /// # Errors
    /// When it can't be read, or is no medium.
    fn probe(&self, path: &Path) -> Result<Probe, MediaError>;

    /// The lowest and highest sample of each of `columns` equal stretches of a file's sound, `length` long.
    ///
    /// # Errors
    /// When the file can't be read.
    fn waveform(
        &self,
        path: &Path,
        length: Time,
        columns: usize,
        cancel: &Cancel,
    ) -> Result<Vec<(f32, f32)>, MediaError>;

    /// Writes a piece of music as a WAV at `out` with a click at each of `beats`; true on a downbeat.
    ///
    /// # Errors
    /// When the music can't be read, the file can't be written, or on cancellation.
    fn write_clicks(
        &self,
        music: &Path,
        beats: &[(Time, bool)],
        out: &Path,
        cancel: &Cancel,
    ) -> Result<(), ExecError>;

    /// Whether the movie at `path` says that mmm made it.
    fn is_our_movie(&self, path: &Path) -> bool;

    /// Whether the picture at `path` has our mark and nobody changed it since.
    fn is_our_picture(&self, path: &Path) -> bool;

    /// Whether a blob is a whole encoded stream.
    fn is_encoded(&self, blob: File) -> bool;

    /// Links segments and sound into a file at `path` by copying packets.
    ///
    /// # Errors
    /// [`ExecError::Damaged`] where a blob is gone, damaged, or does not fit the others; when the disk is full; on
    /// cancellation.
    fn link(
        &self,
        movie: &MovieRecipe,
        path: &Path,
        open: &OpenBlob<'_>,
        cancel: &Cancel,
    ) -> Result<Finished, ExecError>;

    /// The figures of a finished file's streams, beside each other and beside its timeline.
    ///
    /// # Errors
    /// When the file can't be read.
    fn stream_figures(&self, path: &Path, timeline: &Timeline) -> Result<Vec<Figure>, MeasureError>;

    /// All figures of a finished file, on `threads` threads; what needs a plan only with `wanted`.
    ///
    /// # Errors
    /// When the file can't be read or decoded, or on cancellation.
    fn review(
        &self,
        path: &Path,
        wanted: Option<&Wanted<'_>>,
        threads: usize,
        cancel: &Cancel,
    ) -> Result<Review, MeasureError>;

    /// What the media libraries of this machine can do.
    fn libraries(&self) -> Libraries;

    /// Encodes a handful of pictures and decodes them again.
    ///
    /// # Errors
    /// Why the encoder can't be used on this machine, in a few words.
    fn try_encoder(&self, encoder: Encoder, codec: Codec) -> Result<(), String>;
}

/// Who does all that needs the media libraries; handed in by the program.
pub trait Worker: Executor + MediaTools {}

impl<W: Executor + MediaTools> Worker for W {}
