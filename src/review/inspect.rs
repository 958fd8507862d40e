use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ffmpeg_next::{ffi, format, media};

use crate::render::OUR_MARK;

/// What a finished file holds, by its packets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FinishedFile {
    pub width: u32,
    pub height: u32,
    /// Pictures.
    pub frames: u32,
    /// Every picture has its own time, one frame after the one before.
    pub steady: bool,
    /// Samples of sound at its own rate, without priming; none where there is no sound.
    pub samples: Option<u64>,
    /// The index stands before the media, so that it plays while it loads.
    pub starts_at_once: bool,
}

/// Why a file could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("the file can't be read back: {0}")]
    Unreadable(#[from] ffmpeg_next::Error),
    #[error("the file has no picture")]
    NoPicture,
}

/// Whether the file says that this tool made it.
pub fn is_ours(path: &Path) -> bool {
    let Some(text) = path.to_str() else { return false };
    let Ok(input) = format::input(&format!("file:{text}")) else { return false };
    input.metadata().get("comment") == Some(OUR_MARK)
}

/// Measures a file without decoding it.
///
/// # Errors
/// When it can't be read, or has no picture.
pub fn inspect(path: &Path) -> Result<FinishedFile, InspectError> {
    let text = path.to_str().ok_or(InspectError::NoPicture)?;
    let mut input = format::input(&format!("file:{text}"))?;
    let picture = input.streams().best(media::Type::Video).ok_or(InspectError::NoPicture)?;
    let (index, base, rate) = (picture.index(), picture.time_base(), picture.avg_frame_rate());
    // SAFETY: the parameters live as long as the input.
    let (width, height) = unsafe {
        let parameters = &*picture.parameters().as_ptr();
        (parameters.width.max(0) as u32, parameters.height.max(0) as u32)
    };
    let samples = input.streams().best(media::Type::Audio).map(|sound| {
        let base = sound.time_base();
        // SAFETY: as above.
        let hz = i128::from(unsafe { (*sound.parameters().as_ptr()).sample_rate }.max(1));
        let length = i128::from(sound.duration().max(0)) * i128::from(base.0) * hz;
        (length / i128::from(base.1.max(1))) as u64
    });
    let mut times = Vec::new();
    for (stream, packet) in input.packets() {
        if stream.index() == index {
            times.push(packet.pts().unwrap_or(ffi::AV_NOPTS_VALUE));
        }
    }
    times.sort_unstable();
    // Ticks in a frame, as a ratio.
    let (num, den) = (i64::from(base.1) * i64::from(rate.1), i64::from(base.0) * i64::from(rate.0).max(1));
    let start = times.first().copied().unwrap_or(0);
    let steady = times.iter().enumerate().all(|(n, time)| (time - start) * den == n as i64 * num);
    let frames = times.len() as u32;
    Ok(FinishedFile { width, height, frames, steady, samples, starts_at_once: starts_at_once(path)? })
}

/// Whether `moov` comes before `mdat` among the boxes of an MP4 (ISO/IEC 14496-12).
fn starts_at_once(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    loop {
        let mut head = [0; 8];
        if file.read_exact(&mut head).is_err() {
            return Ok(false);
        }
        let size = u64::from(u32::from_be_bytes([head[0], head[1], head[2], head[3]]));
        match &head[4..] {
            b"moov" => return Ok(true),
            b"mdat" => return Ok(false),
            _ if size < 8 => return Ok(false),
            _ => io::copy(&mut (&file).take(size - 8), &mut io::sink())?,
        };
    }
}
