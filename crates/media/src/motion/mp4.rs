//! Reads the track in which Apple's devices say when the photo of a Live Photo was taken.
//!
//! It is a track of timed metadata (`mebx`) with one sample, whose time is that of the photo. Its key is
//! `com.apple.quicktime.still-image-time`. An empty edit at its start delays the sample.

use std::io::{self, ErrorKind, Read, Seek};

use super::boxes::{BoxHead, boxes, content_of};
use mmm_base::Time;

const KEY: &[u8] = b"com.apple.quicktime.still-image-time";

/// The largest of the boxes that are read whole, in bytes.
const MOST_BYTES: u64 = 1 << 20;
/// The most tracks that are looked at; a phone writes up to seven.
const MOST_TRACKS: usize = 32;
/// The most edits of a track.
const MOST_EDITS: usize = 1000;

/// Returns when the photo was taken, counted from the start of the movie; `None` if there is no such track.
///
/// # Errors
/// If the disk can't be read.
pub(crate) fn still_time(reader: &mut (impl Read + Seek), length: u64) -> io::Result<Option<Time>> {
    let Some(movie) = content_of(reader, (0, length), b"moov")? else { return Ok(None) };
    let inside = boxes(reader, movie)?;
    let movie_scale = match inside.iter().find(|one| one.kind == *b"mvhd") {
        Some(head) => time_scale(&content(reader, head.content)?),
        None => None,
    };
    for track in inside.iter().filter(|one| one.kind == *b"trak").take(MOST_TRACKS) {
        if let Some(time) = track_time(reader, *track, movie_scale)? {
            return Ok(Some(time).filter(|time| *time >= Time::ZERO));
        }
    }
    Ok(None)
}

/// Returns the time of the first sample of a track with the key.
fn track_time(
    reader: &mut (impl Read + Seek),
    track: BoxHead,
    movie_scale: Option<u32>,
) -> io::Result<Option<Time>> {
    let Some(media) = content_of(reader, track.content, b"mdia")? else { return Ok(None) };
    let mut table = Some(media);
    for kind in [b"minf", b"stbl", b"stsd"] {
        table = match table {
            Some(within) => content_of(reader, within, kind)?,
            None => None,
        };
    }
    let Some(table) = table else { return Ok(None) };
    let described = content(reader, table)?;
    if !described.windows(KEY.len()).any(|bytes| bytes == KEY) {
        return Ok(None);
    }
    let own_scale = match content_of(reader, media, b"mdhd")? {
        Some(head) => time_scale(&content(reader, head)?),
        None => None,
    };
    let edits = match content_of(reader, track.content, b"edts")? {
        Some(edits) => content_of(reader, edits, b"elst")?,
        None => None,
    };
    let edits = match edits {
        Some(list) => content(reader, list)?,
        None => Vec::new(),
    };
    Ok(shown_at(&edits, movie_scale, own_scale))
}

/// Returns when the first sample is shown, by the list of edits.
fn shown_at(edits: &[u8], movie_scale: Option<u32>, own_scale: Option<u32>) -> Option<Time> {
    let mut delay: u64 = 0;
    let is_long = edits.first() == Some(&1);
    let size = if is_long { 20 } else { 12 };
    for edit in edits.get(8..).unwrap_or_default().chunks_exact(size).take(MOST_EDITS) {
        let (length, start) = if is_long {
            (u64::from_be_bytes(*edit.first_chunk()?), i64::from_be_bytes(*edit[8..].first_chunk()?))
        } else {
            let start = i32::from_be_bytes(*edit[4..].first_chunk()?);
            (u64::from(u32::from_be_bytes(*edit.first_chunk()?)), i64::from(start))
        };
        if start != -1 {
            // The edit begins later in the media than its first sample, so that is shown earlier.
            let late = scaled(i128::from(start), own_scale.unwrap_or(1))?;
            return Some(scaled(i128::from(delay), movie_scale?)? - late);
        }
        delay = delay.saturating_add(length);
    }
    if delay == 0 { Some(Time::ZERO) } else { scaled(i128::from(delay), movie_scale?) }
}

fn scaled(ticks: i128, scale: u32) -> Option<Time> {
    let micros = ticks.checked_mul(1_000_000)?.checked_div(i128::from(scale))?;
    i64::try_from(micros).ok().filter(|micros| micros.unsigned_abs() < 1 << 50).map(Time::from_micros)
}

/// Returns the ticks per second in the header of a movie or of a media.
fn time_scale(header: &[u8]) -> Option<u32> {
    let at = if header.first() == Some(&1) { 20 } else { 12 };
    header.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes)).filter(|scale| *scale > 0)
}

fn content(reader: &mut (impl Read + Seek), (from, to): (u64, u64)) -> io::Result<Vec<u8>> {
    reader.seek(io::SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    match reader.take((to - from).min(MOST_BYTES)).read_to_end(&mut bytes) {
        Err(error) if error.kind() != ErrorKind::UnexpectedEof => Err(error),
        _ => Ok(bytes),
    }
}
