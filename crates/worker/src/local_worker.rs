use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::OnceLock;

use mmm_analysis::Peaks;
use mmm_base::{Cancel, Time};
use mmm_exec::{Action, Answer, Context, ExecError, Executor, MeasureError, MediaTools, OpenBlob};
use mmm_facts::{
    Encoder, Figure, Finished, Libraries, MediaError, MovieRecipe, Probe, Review, Timeline, Tools, Wanted,
};
use mmm_media::{Layout, SoundReader};
use mmm_render::review::InspectError;
use mmm_render::{EncodedReader, RenderError};
use mmm_spec::Codec;

use super::perform::{exec_error, perform};

/// Samples per second for computing a waveform: enough for its peaks.
const WAVEFORM_HZ: u32 = 22_050;
/// How many bytes of a segment to read at once.
const READ_AT_ONCE: usize = 1 << 16;

/// Performs actions in this process.
#[derive(Clone, Default, Debug)]
pub struct LocalWorker {
    /// Determined at first use: commands that run no action don't need it.
    tools: OnceLock<Tools>,
}

impl Executor for LocalWorker {
    fn tools(&self) -> &Tools {
        self.tools.get_or_init(mmm_render::tools)
    }

    fn perform(&self, action: &Action, context: Context<'_>) -> Result<Answer, ExecError> {
        perform(action, self.tools(), context)
    }
}

impl MediaTools for LocalWorker {
    fn probe(&self, path: &Path) -> Result<Probe, MediaError> {
        mmm_media::probe(path)
    }

    fn waveform(
        &self,
        path: &Path,
        length: Time,
        columns: usize,
        cancel: &Cancel,
    ) -> Result<Vec<(f32, f32)>, MediaError> {
        let total = length.micros().max(0) as u64 * u64::from(WAVEFORM_HZ) / 1_000_000;
        let mut reader = SoundReader::open(path, WAVEFORM_HZ, Layout::Mono)?;
        let (mut peaks, mut block) = (Peaks::new(total, columns), Vec::new());
        loop {
            let more = reader.read(&mut block)?;
            peaks.samples(&block);
            if !more || cancel.is_cancelled() {
                return Ok(peaks.finish());
            }
        }
    }

    fn write_clicks(
        &self,
        music: &Path,
        beats: &[(Time, bool)],
        out: &Path,
        cancel: &Cancel,
    ) -> Result<(), ExecError> {
        mmm_render::write_clicks(music, beats, out, cancel).map_err(exec_error)
    }

    fn is_our_movie(&self, path: &Path) -> bool {
        mmm_render::review::is_ours(path)
    }

    fn is_our_picture(&self, path: &Path) -> bool {
        mmm_media::is_our_picture(path).unwrap_or(false)
    }

    fn is_encoded(&self, blob: File) -> bool {
        reader(blob).is_ok()
    }

    fn link(
        &self,
        movie: &MovieRecipe,
        path: &Path,
        open: &OpenBlob<'_>,
        cancel: &Cancel,
    ) -> Result<Finished, ExecError> {
        let open = |blob| reader(open(blob)?.ok_or(RenderError::Damaged)?);
        mmm_render::link(movie, path, &open, cancel).map_err(exec_error)
    }

    fn stream_figures(&self, path: &Path, timeline: &Timeline) -> Result<Vec<Figure>, MeasureError> {
        let file = mmm_render::review::inspect(path).map_err(measure_error)?;
        Ok(mmm_render::review::streams(&file, Some(timeline)))
    }

    fn review(
        &self,
        path: &Path,
        wanted: Option<&Wanted<'_>>,
        threads: usize,
        cancel: &Cancel,
    ) -> Result<Review, MeasureError> {
        mmm_render::review::review(path, wanted, threads, cancel).map_err(measure_error)
    }

    fn libraries(&self) -> Libraries {
        mmm_render::libraries()
    }

    fn try_encoder(&self, encoder: Encoder, codec: Codec) -> Result<(), String> {
        mmm_render::try_encoder(encoder, codec)
    }
}

fn reader(blob: File) -> Result<EncodedReader<BufReader<File>>, RenderError> {
    EncodedReader::open(BufReader::with_capacity(READ_AT_ONCE, blob))
}

fn measure_error(error: InspectError) -> MeasureError {
    match error {
        InspectError::Cancelled => MeasureError::Cancelled,
        other => MeasureError::Failed(other.to_string()),
    }
}
