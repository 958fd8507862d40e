use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::RenderError;
use mmm_base::{Cancel, Digest, Time};
use mmm_facts::SAMPLE_RATE;
use mmm_media::{Layout, SoundReader};

/// Length of a click in samples: 30 ms.
const CLICK: usize = 1440;

/// Writes a music track as a 16-bit stereo WAV with a click on each of `beats`. They are in order of time;
/// true marks a downbeat, whose click is higher.
///
/// # Errors
/// If the music can't be read or the file can't be written, and on cancellation.
pub fn write_clicks(
    music: &Path,
    beats: &[(Time, bool)],
    out: &Path,
    cancel: &Cancel,
) -> Result<(), RenderError> {
    let failed = RenderError::of(Digest::of(b""));
    let mut reader = SoundReader::open(music, SAMPLE_RATE, Layout::Stereo).map_err(&failed)?;
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut draft = tempfile::NamedTempFile::new_in(folder)?;
    let mut body = BufWriter::new(tempfile::tempfile_in(folder)?);
    let (mut block, mut done, mut beats) = (Vec::new(), 0usize, beats.iter().peekable());
    let mut sounding: Vec<(usize, bool)> = Vec::new();
    loop {
        block.clear();
        let more = reader.read(&mut block).map_err(&failed)?;
        for frame in block.chunks_exact(2) {
            while let Some((_, down)) = beats.next_if(|(time, _)| sample(*time) <= done) {
                sounding.push((done, *down));
            }
            sounding.retain(|(start, _)| done - start < CLICK);
            let click: f32 = sounding.iter().map(|(start, down)| tone(done - start, *down)).sum();
            for value in frame {
                let level = (value * 0.6 + click).clamp(-1.0, 1.0);
                body.write_all(&((level * 32_767.0) as i16).to_le_bytes())?;
            }
            done += 1;
        }
        if cancel.is_cancelled() {
            return Err(RenderError::Cancelled);
        }
        if !more {
            break;
        }
    }
    let mut body = body.into_inner().map_err(|error| error.into_error())?;
    write_header(draft.as_file_mut(), done)?;
    std::io::Seek::rewind(&mut body)?;
    std::io::copy(&mut body, draft.as_file_mut())?;
    draft.persist(out).map_err(|error| error.error)?;
    Ok(())
}

fn sample(time: Time) -> usize {
    (time.micros().max(0) as u128 * u128::from(SAMPLE_RATE) / 1_000_000) as usize
}

/// Returns a sample of a decaying sine: 1.5 kHz on a downbeat, 1 kHz on other beats.
fn tone(at: usize, down: bool) -> f32 {
    let t = at as f32 / SAMPLE_RATE as f32;
    let pitch = if down { 1500.0 } else { 1000.0 };
    (t * pitch * std::f32::consts::TAU).sin() * 0.5 * (1.0 - at as f32 / CLICK as f32)
}

/// Writes the header of a RIFF WAVE file (Microsoft and IBM 1991) with `frames` frames.
fn write_header(file: &mut File, frames: usize) -> std::io::Result<()> {
    let bytes = u32::try_from(frames * 4).unwrap_or(u32::MAX - 36);
    let mut head = Vec::with_capacity(44);
    head.extend(b"RIFF");
    head.extend((bytes + 36).to_le_bytes());
    head.extend(b"WAVEfmt ");
    head.extend(16u32.to_le_bytes());
    head.extend(1u16.to_le_bytes());
    head.extend(2u16.to_le_bytes());
    head.extend(SAMPLE_RATE.to_le_bytes());
    head.extend((SAMPLE_RATE * 4).to_le_bytes());
    head.extend(4u16.to_le_bytes());
    head.extend(16u16.to_le_bytes());
    head.extend(b"data");
    head.extend(bytes.to_le_bytes());
    file.write_all(&head)
}
