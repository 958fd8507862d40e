use std::path::{Path, PathBuf};

use ffmpeg_next::codec::{self, Parameters};
use ffmpeg_next::{Dictionary, Rational, format};
use serde::{Deserialize, Serialize};

use super::encoder::ProxyEncoder;
use crate::{Packet, RenderError};
use mmm_base::{Cancel, Digest, Time};
use mmm_facts::MediaError;
use mmm_media::{ClipFrame, ClipReader, ClipScaler, Crop, Skip, Yuv420};

/// The proxy for the groups of pictures that begin in one second of a clip.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proxy {
    /// The clip itself must be read: it is small, interlaced or damaged here, its keyframes are too far apart
    /// or not indexed, or its container has no display times.
    Unfit,
    /// No group begins in that second.
    Empty,
    /// No group begins there before the requested end.
    Later,
    /// A file with the same pictures at the same times.
    Made(ProxyStretch),
}

/// The part of a clip that a proxy shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProxyStretch {
    /// The time of its first picture in the clip.
    pub from: Time,
    /// The time of the first picture after it; `None` at the end of the clip.
    pub until: Option<Time>,
    pub end: ProxyEnd,
    /// By how much times of the clip may be off.
    pub tick: Time,
}

/// Why a proxy ends where it does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProxyEnd {
    /// The groups end there.
    Groups,
    /// No more was needed.
    Need,
    /// The next picture is damaged, interlaced or of another shape; the clip itself must be read for it.
    Flaw,
}

impl ProxyStretch {
    /// Whether the proxy contains everything its groups have before `to`.
    pub fn reaches(&self, to: Time) -> bool {
        self.end != ProxyEnd::Need || self.until.is_none_or(|until| until >= to)
    }
}

/// The shorter side of a proxy. Only drafts of upright crops are larger, by a fifth.
const SHORT_SIDE_PX: u32 = 540;
/// Smaller clips decode fast enough that a proxy saves little time.
const LEAST_SIDE_PX: u32 = 1200;
/// MPEG-2 allows no sides that are multiples of 4096; hardly any clip is seven times as wide as high.
const MOST_SIDE_PX: u32 = 4094;
/// Proxies begin with a group of pictures; for longer groups a proxy costs more than it saves.
const LONGEST_GROUP: Time = Time::from_secs(4);
/// Ticks per second in a proxy.
const TICKS: i32 = 1_000_000;

/// Makes the proxies of one clip. The clip stays open from one to the next.
pub struct ProxyMaker {
    source: Digest,
    /// Threads that decode.
    threads: usize,
    open: Option<(PathBuf, ClipReader)>,
}

impl ProxyMaker {
    /// Opens nothing yet.
    pub fn new(source: Digest, threads: usize) -> Self {
        Self { source, threads, open: None }
    }

    /// Writes a proxy to `file` (an MP4 of MPEG-2 in BT.709, upright, tone-mapped). It contains the groups of
    /// pictures of the clip at `path` that begin in one second of it, up to the picture shown at `to`. A longer
    /// proxy begins with the same pictures, because the encoder doesn't look ahead.
    ///
    /// # Errors
    /// If the clip can't be read, on cancellation, or if the encoder fails.
    pub fn make(
        &mut self,
        path: &Path,
        (second, to): (u32, Time),
        file: &Path,
        cancel: &Cancel,
    ) -> Result<Proxy, RenderError> {
        let source = self.source;
        let failed = RenderError::of(source);
        let mut reader = match self.open.take().filter(|(of, _)| of == path) {
            Some((_, reader)) => reader,
            None => ClipReader::with_threads(path, self.threads).map_err(&failed)?,
        };
        let shape = reader.shown_size();
        let dense = reader.key_spacing().is_some_and(|spacing| spacing <= LONGEST_GROUP);
        if !has_proxies(shape) || !dense || !reader.is_dated() {
            return Ok(Proxy::Unfit);
        }
        let start = Time::from_secs(i64::from(second));
        let end = start + Time::from_secs(1);
        let keys = reader.keys(start, end).map_err(&failed)?;
        let Some(from) = keys.first().copied().filter(|key| *key < end) else { return Ok(Proxy::Empty) };
        if from >= to {
            return Ok(Proxy::Later);
        }
        let wanted = Wanted { from, groups: keys.last().copied().filter(|key| *key >= end), to };
        let sizes = (shape, small(shape));
        let encoded = encoded_proxy(&mut reader, wanted, sizes, cancel).map_err(|error| error.of(source))?;
        // The first picture of a group may not be one that is shown.
        if encoded.times.first() != Some(&Time::ZERO) {
            return Ok(Proxy::Unfit);
        }
        write(&encoded, file)?;
        let EncodedProxy { until, end, .. } = encoded;
        let tick = reader.tick();
        self.open = Some((path.to_owned(), reader));
        Ok(Proxy::Made(ProxyStretch { from, until, end, tick }))
    }
}

/// The requested part of a clip.
#[derive(Clone, Copy)]
struct Wanted {
    from: Time,
    /// Where the groups end; `None` at the end of the clip.
    groups: Option<Time>,
    to: Time,
}

impl Wanted {
    /// No picture at or after this time is needed.
    fn end(self) -> Time {
        self.groups.map_or(self.to, |groups| groups.min(self.to))
    }
}

/// The part that was encoded.
struct EncodedProxy {
    packets: Vec<Packet>,
    parameters: Parameters,
    /// Display times of the pictures, relative to the first.
    times: Vec<Time>,
    until: Option<Time>,
    end: ProxyEnd,
}

/// An error while a proxy is encoded.
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

/// Encodes the pictures of a clip of this shape at reduced size until no more are needed or available.
fn encoded_proxy(
    reader: &mut ClipReader,
    wanted: Wanted,
    (shape, size): ((u32, u32), (u32, u32)),
    cancel: &Cancel,
) -> Result<EncodedProxy, Failure> {
    let mut encoder = ProxyEncoder::new(size)?;
    let (mut scaler, mut picture) = (ClipScaler::for_drafts(), Yuv420::default());
    let mut times = Vec::new();
    reader.skip(Skip::LoopFilter);
    reader.stop_at(Some(wanted.end()));
    reader.seek(wanted.from)?;
    let (until, end) = loop {
        if cancel.is_cancelled() {
            return Err(RenderError::Cancelled.into());
        }
        let next = reader.next()?;
        // Pictures shown before the first keyframe belong to the previous group.
        if next.as_ref().is_some_and(|frame| frame.time < wanted.from) {
            continue;
        }
        let last = times.last().map(|last| wanted.from + *last);
        let is_reshaped = next.as_ref().is_some_and(|frame| !has_shape(frame.shown_size(), shape));
        if is_reshaped || is_flawed(reader, next.as_ref(), last) {
            // Readers that stop before the last picture never see the damage.
            break (last, ProxyEnd::Flaw);
        }
        // The next picture need not be decoded. If there is one, it is shown at this time or later.
        let at = next.iter().map(|frame| frame.time).chain(reader.stopped()).min();
        match wanted.groups {
            Some(groups) if at.is_none_or(|at| at >= groups) => break (Some(groups), ProxyEnd::Groups),
            _ => {}
        }
        let Some(frame) = next.filter(|frame| frame.time < wanted.to) else {
            let end = if at.is_some() { ProxyEnd::Need } else { ProxyEnd::Groups };
            break (at, end);
        };
        let (width, height) = frame.shown_size();
        scaler.to_yuv420(&frame, Crop { x: 0, y: 0, width, height }, size, &mut picture)?;
        encoder.push(&picture)?;
        times.push(frame.time - wanted.from);
    };
    let (packets, parameters) = encoder.finish()?;
    Ok(EncodedProxy { packets, parameters, times, until, end })
}

/// Whether the next picture, or the time between it and the last one, is damaged or interlaced.
fn is_flawed(reader: &ClipReader, next: Option<&ClipFrame>, last: Option<Time>) -> bool {
    let instant = Time::from_micros(1);
    match next {
        Some(frame) => {
            frame.frame.is_interlaced()
                || [frame.time, frame.time - instant].iter().any(|at| reader.lacks(*at))
        }
        None => last.is_some_and(|last| reader.lacks(last + instant)),
    }
}

/// Whether two pictures have the same shape, within a hundredth.
fn has_shape(one: (u32, u32), other: (u32, u32)) -> bool {
    let (one, other) = (u64::from(one.0) * u64::from(other.1), u64::from(other.0) * u64::from(one.1));
    one.abs_diff(other) * 100 <= one.max(other)
}

/// Whether clips of this width and height have proxies.
fn has_proxies(shape: (u32, u32)) -> bool {
    let (width, height) = small(shape);
    shape.0.min(shape.1) >= LEAST_SIDE_PX && width.max(height) <= MOST_SIDE_PX
}

/// Returns width and height of a proxy; both even.
fn small((width, height): (u32, u32)) -> (u32, u32) {
    let short = f64::from(width.min(height).max(1));
    let side = |pixels: u32| {
        (f64::from(pixels) * f64::from(SHORT_SIDE_PX) / short / 2.0).round().max(1.0) as u32 * 2
    };
    (side(width), side(height))
}

/// Writes the packets as a file in which each picture keeps its own time.
fn write(proxy: &EncodedProxy, to: &Path) -> Result<(), RenderError> {
    let EncodedProxy { packets, parameters, times, .. } = proxy;
    let text = to.to_str().ok_or_else(|| RenderError::Encoder("the path is not UTF-8".to_owned()))?;
    let mut output = format::output_as(&format!("file:{text}"), "mp4")?;
    let mut stream = output.add_stream(codec::Id::None)?;
    stream.set_parameters(parameters.clone());
    stream.set_time_base(Rational(1, TICKS));
    let mut options = Dictionary::new();
    options.set("fflags", "+bitexact");
    options.set("video_track_timescale", "1000000");
    output.write_header_with(options)?;
    let end = times.last().map_or(0, |last| last.micros() + 1);
    for packet in packets {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clips_that_are_small_or_very_wide_have_no_proxies() {
        for shape in [(3840, 2160), (2160, 3840), (1200, 1200), (9098, 1200), (1200, 9098)] {
            assert!(has_proxies(shape), "{shape:?}");
            let proxy = small(shape);
            assert!(ProxyEncoder::new(proxy).is_ok(), "{proxy:?}");
        }
        for shape in [(1920, 1080), (1198, 4000), (9102, 1200), (1200, 9102), (20_000, 1200)] {
            assert!(!has_proxies(shape), "{shape:?} {:?}", small(shape));
        }
    }
}
