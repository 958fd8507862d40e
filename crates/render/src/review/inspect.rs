use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ffmpeg_next::codec::packet::side_data;
use ffmpeg_next::{Stream, ffi, format};

use mmm_base::{Rate, Time};
use mmm_facts::{MediaError, OUR_MARK};
use mmm_media::{chosen_streams, quiet_libav};

/// The contents of a finished file, according to its headers and its packets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FinishedFile {
    pub width: u32,
    pub height: u32,
    /// Average frames per second.
    pub rate: Rate,
    /// Number of frames.
    pub frames: u32,
    /// Frames after which the next one doesn't follow at the regular distance.
    pub uneven: Vec<u32>,
    /// Start and end of the picture.
    pub picture: (Time, Time),
    /// Start and end of the sound; `None` if there is none.
    pub sound: Option<(Time, Time)>,
    /// Samples of sound at its own rate, without priming.
    pub samples: Option<u64>,
    /// Bytes of media before the index: 0 for a file that plays while it loads.
    pub before_index: u64,
}

/// Why a file could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    #[error("{}", mmm_base::diagnostics::io_words(.0))]
    Io(#[from] io::Error),
    #[error("it can't be read: {0}")]
    Unreadable(#[from] ffmpeg_next::Error),
    #[error("it can't be decoded: {0}")]
    Undecodable(#[from] MediaError),
    #[error("it has no picture")]
    NoPicture,
    #[error("its sound can't be measured: {0}")]
    Unmeasurable(#[from] ebur128::Error),
    #[error("interrupted")]
    Cancelled,
}

/// Whether the file has the mark of this tool.
pub fn is_ours(path: &Path) -> bool {
    let Some(text) = path.to_str() else { return false };
    let Ok(input) = format::input(&format!("file:{text}")) else { return false };
    input.metadata().get("comment") == Some(OUR_MARK)
}

/// Measures a file without decoding it.
///
/// # Errors
/// If it can't be read, or has no picture.
pub fn inspect(path: &Path) -> Result<FinishedFile, InspectError> {
    quiet_libav();
    let before_index = before_index(path)?;
    let text = path.to_str().ok_or(InspectError::NoPicture)?;
    let mut input = format::input(&format!("file:{text}"))?;
    let chosen = chosen_streams(&input, path);
    let picture = chosen.picture.and_then(|index| input.stream(index)).ok_or(InspectError::NoPicture)?;
    let (index, base, rate) = (picture.index(), picture.time_base(), picture.avg_frame_rate());
    // SAFETY: the parameters live as long as the input.
    let (width, height) = unsafe {
        let parameters = &*picture.parameters().as_ptr();
        (parameters.width.max(0) as u32, parameters.height.max(0) as u32)
    };
    let sounding = chosen.sound.and_then(|index| input.stream(index));
    let sounding = sounding.map(|sound| (sound.index(), sound_of(&sound)));
    let mut times = Vec::new();
    let mut heard = SoundPackets::default();
    for (stream, packet) in input.packets() {
        if stream.index() == index {
            times.push(packet.pts().unwrap_or(ffi::AV_NOPTS_VALUE));
        } else if sounding.is_some_and(|(index, _)| index == stream.index()) {
            heard.add(&stream, &packet);
        }
    }
    let sound = sounding.map(|(_, said)| said.or(heard.span()).unwrap_or_default());
    times.sort_unstable();
    let gap = usual_gap(&times);
    let gaps = times.windows(2).enumerate();
    let uneven = gaps.filter(|(_, pair)| (pair[1].saturating_sub(pair[0])).abs_diff(gap) > 1);
    let uneven = uneven.map(|(frame, _)| frame as u32).collect();
    let start = times.first().copied().unwrap_or(0);
    let end = times.last().map_or(0, |last| last.saturating_add(gap));
    let base = (base.0, base.1);
    Ok(FinishedFile {
        width,
        height,
        rate: Rate(rate.0.max(1) as u32, rate.1.max(1) as u32),
        frames: times.len() as u32,
        uneven,
        picture: (time_of(start, base), time_of(end, base)),
        sound: sound.map(|(span, _)| span),
        samples: sound.map(|(_, samples)| samples),
        before_index,
    })
}

/// Returns start, end and number of samples of a sound stream, according to its headers; `None` if they don't
/// say, as in Matroska.
fn sound_of(sound: &Stream<'_>) -> Option<((Time, Time), u64)> {
    if sound.duration() == ffi::AV_NOPTS_VALUE {
        return None;
    }
    let base = (sound.time_base().0, sound.time_base().1);
    // SAFETY: the parameters live as long as the stream.
    let hz = i128::from(unsafe { (*sound.parameters().as_ptr()).sample_rate }.max(1));
    let start = if sound.start_time() == ffi::AV_NOPTS_VALUE { 0 } else { sound.start_time() };
    let ticks = sound.duration().max(0);
    let samples = (i128::from(ticks) * i128::from(base.0) * hz / i128::from(base.1.max(1))) as u64;
    Some(((time_of(start, base), time_of(start.saturating_add(ticks), base)), samples))
}

/// The length of a sound, according to its packets.
#[derive(Default)]
struct SoundPackets {
    /// The time of the first audible sample of the first packet.
    start: Option<Time>,
    /// Samples that are decoded but inaudible: priming, and padding after the end.
    unheard: i64,
    samples: i64,
    rate_hz: i64,
}

impl SoundPackets {
    fn add(&mut self, stream: &Stream<'_>, packet: &ffmpeg_next::Packet) {
        let base = (stream.time_base().0, stream.time_base().1);
        // SAFETY: the parameters live as long as the stream.
        let (rate_hz, priming) = unsafe {
            let parameters = stream.parameters();
            let parameters = &*parameters.as_ptr();
            (parameters.sample_rate.max(1), parameters.initial_padding.max(0))
        };
        self.rate_hz = i64::from(rate_hz);
        let of_base = |ticks: i64| (i128::from(ticks) * i128::from(base.0) * i128::from(self.rate_hz)) as f64;
        self.samples += (of_base(packet.duration()) / f64::from(base.1.max(1))).round() as i64;
        let skip = packet.side_data().find(|data| data.kind() == side_data::Type::SkipSamples);
        let (mut before, after) = skip.map_or((0, 0), |skip| skipped(skip.data()));
        if self.start.is_none() {
            // The Opus decoder removes its priming itself.
            before = before.max(i64::from(priming));
            let pts = packet.pts().map_or(Time::ZERO, |pts| time_of(pts, base));
            self.start = Some(pts + Time::from_micros(before * 1_000_000 / self.rate_hz));
        }
        self.unheard += before + after;
    }

    /// Returns start, end and the number of audible samples.
    fn span(&self) -> Option<((Time, Time), u64)> {
        let (start, samples) = (self.start?, (self.samples - self.unheard).max(0));
        Some(((start, start + Time::from_micros(samples * 1_000_000 / self.rate_hz.max(1))), samples as u64))
    }
}

/// Parses the samples to skip at the start and at the end of a packet, in libavcodec's format.
fn skipped(data: &[u8]) -> (i64, i64) {
    let number = |bytes: Option<&[u8]>| {
        bytes.and_then(|bytes| bytes.try_into().ok()).map_or(0, |bytes| i64::from(u32::from_le_bytes(bytes)))
    };
    (number(data.get(..4)), number(data.get(4..8)))
}

/// Converts ticks of `base` seconds to time.
fn time_of(ticks: i64, base: (i32, i32)) -> Time {
    let micros = i128::from(ticks) * i128::from(base.0) * 1_000_000 / i128::from(base.1.max(1));
    Time::from_micros(micros as i64)
}

/// Returns the usual distance between frames: the median, in ticks.
fn usual_gap(times: &[i64]) -> i64 {
    let mut gaps: Vec<i64> = times.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied().unwrap_or(0)
}

/// Returns the bytes of `mdat` before `moov` among the boxes of an MP4 (ISO/IEC 14496-12); zero for other
/// files.
fn before_index(path: &Path) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let (mut at, mut media) = (0u64, 0u64);
    loop {
        let mut head = [0; 16];
        io::Seek::seek(&mut file, io::SeekFrom::Start(at))?;
        let read = (&file).take(16).read(&mut head)?;
        if read < 8 || at >= length {
            return Ok(media);
        }
        let short = u64::from(u32::from_be_bytes([head[0], head[1], head[2], head[3]]));
        let size = match short {
            0 => length - at,
            1 => u64::from_be_bytes(head[8..].try_into().unwrap_or_default()),
            short => short,
        };
        match &head[4..8] {
            b"moov" => return Ok(media),
            b"mdat" => media += size,
            b"ftyp" | b"free" | b"skip" | b"wide" | b"uuid" | b"moof" => {}
            _ => return Ok(0),
        }
        if size < 8 {
            return Ok(media);
        }
        at = at.saturating_add(size);
    }
}
