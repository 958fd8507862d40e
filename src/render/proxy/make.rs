use std::path::Path;

use ffmpeg_next::{Dictionary, Rational, format};
use serde::{Deserialize, Serialize};

use crate::base::{Cancel, Digest, Rate, Time};
use crate::media::{ClipReader, ClipScaler, Crop, MediaError, quiet_libav};
use crate::render::linked_stream::add_stream;
use crate::render::picture::PictureEncoder;
use crate::render::{Encoded, RenderError};
use crate::spec::Codec;
use crate::timeline::{Canvas, Encoder, Profile};

/// What there is instead of the groups of pictures that begin in one second of a clip.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proxy {
    /// The clip itself is to be read: it is small, or interlaced, damaged here, or its container does not say where
    /// decoding can begin.
    Unfit,
    /// No group begins in that second.
    Empty,
    /// A file with the same pictures at the same times.
    Made(Stretch),
}

/// What of a clip a small copy shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Stretch {
    /// The time of its first picture in the clip.
    pub from: Time,
    /// The time of the first picture after it; none where the clip ends.
    pub until: Option<Time>,
    /// By how much times of the clip may be off.
    pub tick: Time,
}

/// The shorter side of a small copy: no draft is larger but for upright crops, and those by a fifth.
const SHORT_SIDE_PX: u32 = 540;
/// Of smaller clips a frame is decoded in little more time than is saved.
const LEAST_SIDE_PX: u32 = 1200;
/// A copy is of whole groups of pictures; longer ones would cost more than they ever give back.
const LONGEST_GROUP: Time = Time::from_secs(4);
/// Threads that decode: someone waits for a shot or two, and most of that is decoding.
const THREADS: usize = 2;
/// Ticks of a second in a copy.
const TICKS: i32 = 1_000_000;

/// Makes a small copy at `to` (an MP4 of H.264 in BT.709, upright, tone-mapped) of the groups of pictures of the clip at
/// `path` that begin in one second of it.
///
/// # Errors
/// When the clip can't be read, on cancellation, or when the encoder fails.
pub fn render_proxy(
    path: &Path,
    source: Digest,
    second: u32,
    to: &Path,
    cancel: &Cancel,
) -> Result<Proxy, RenderError> {
    let failed = RenderError::of(source);
    let mut reader = ClipReader::with_threads(path, THREADS).map_err(&failed)?;
    let (width, height) = reader.shown_size();
    let dense = reader.key_spacing().is_some_and(|spacing| spacing <= LONGEST_GROUP);
    if width.min(height) < LEAST_SIDE_PX || !dense || !reader.is_dated() {
        return Ok(Proxy::Unfit);
    }
    let start = Time::from_secs(i64::from(second));
    let end = start + Time::from_secs(1);
    let keys = reader.keys(start, end).map_err(&failed)?;
    let Some(from) = keys.first().copied().filter(|key| *key < end) else { return Ok(Proxy::Empty) };
    let until = keys.last().copied().filter(|key| *key >= end);
    let size = small((width, height));
    let Some((encoded, times)) =
        copied(&mut reader, (from, until), size, cancel).map_err(|error| error.of(source))?
    else {
        return Ok(Proxy::Unfit);
    };
    write(&encoded, &times, to)?;
    Ok(Proxy::Made(Stretch { from, until, tick: reader.tick() }))
}

/// What fails while a clip is copied.
enum Failure {
    Media(MediaError),
    Render(RenderError),
}

impl Failure {
    fn of(self, source: Digest) -> RenderError {
        match self {
            Self::Media(error) => RenderError::of(source)(error),
            Self::Render(error) => error,
        }
    }
}

impl From<MediaError> for Failure {
    fn from(error: MediaError) -> Self {
        Self::Media(error)
    }
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        Self::Render(error)
    }
}

/// The pictures of a stretch in small, and their times from its first on; none where they are not whole pictures.
fn copied(
    reader: &mut ClipReader,
    (from, until): (Time, Option<Time>),
    size: (u32, u32),
    cancel: &Cancel,
) -> Result<Option<(Encoded, Vec<Time>)>, Failure> {
    let rate = Rate(30, 1);
    let (codec, encoder) = (Codec::H264, Encoder::Software);
    let canvas = Canvas { width: size.0, height: size.1, rate, profile: Profile::Draft, codec, encoder };
    let mut encoder = PictureEncoder::of_proxy(canvas)?;
    let mut scaler = ClipScaler::default();
    let mut times = Vec::new();
    reader.seek(from)?;
    while let Some(frame) = reader.next()?.filter(|frame| until.is_none_or(|until| frame.time < until)) {
        if cancel.is_cancelled() {
            return Err(RenderError::Cancelled.into());
        }
        // Pictures that are shown before the first key belong to the group before.
        if frame.time < from {
            continue;
        }
        if frame.frame.is_interlaced() || reader.lacks(frame.time) {
            return Ok(None);
        }
        let (width, height) = frame.shown_size();
        encoder.push(&scaler.to_yuv420(&frame, Crop { x: 0, y: 0, width, height }, size)?)?;
        times.push(frame.time - from);
    }
    let end = until.unwrap_or(from) - Time::from_micros(1);
    let whole = !reader.lacks(end) && times.first() == Some(&Time::ZERO);
    Ok(whole.then_some((encoder.finish()?, times)))
}

/// Width and height of a small copy; even.
fn small((width, height): (u32, u32)) -> (u32, u32) {
    let short = f64::from(width.min(height).max(1));
    let side = |pixels: u32| {
        (f64::from(pixels) * f64::from(SHORT_SIDE_PX) / short / 2.0).round().max(1.0) as u32 * 2
    };
    (side(width), side(height))
}

/// Writes the packets as a file in which each picture has its own time.
fn write(encoded: &Encoded, times: &[Time], to: &Path) -> Result<(), RenderError> {
    quiet_libav();
    let text = to.to_str().ok_or_else(|| RenderError::Encoder("the path is not UTF-8".to_owned()))?;
    let mut output = format::output_as(&format!("file:{text}"), "mp4")?;
    add_stream(&mut output, encoded)?;
    let base = Rational(1, TICKS);
    if let Some(mut stream) = output.stream_mut(0) {
        stream.set_time_base(base);
    }
    let mut options = Dictionary::new();
    options.set("fflags", "+bitexact");
    options.set("video_track_timescale", "1000000");
    output.write_header_with(options)?;
    let end = times.last().map_or(0, |last| last.micros() + 1);
    for packet in &encoded.packets {
        let at = |index: i64| times.get(index as usize).map_or(end, |time| time.micros());
        let mut copy = ffmpeg_next::Packet::copy(&packet.bytes);
        copy.set_pts(Some(at(packet.pts)));
        copy.set_dts(Some(at(packet.pts)));
        copy.set_duration(at(packet.pts + 1) - at(packet.pts));
        if packet.key {
            copy.set_flags(ffmpeg_next::codec::packet::Flags::KEY);
        }
        copy.set_stream(0);
        copy.write_interleaved(&mut output)?;
    }
    output.write_trailer()?;
    Ok(())
}
