use std::fs::File;
use std::path::Path;

use ffmpeg_next::packet::Mut;
use ffmpeg_next::{Dictionary, Rational, codec, ffi, format, media};

use super::encoded::{Heard, OPUS_HZ};
use super::linked_stream::{MILLISECOND, add_stream, reorder};
use super::{Encoded, Packet, RenderError, StreamKind};
use crate::base::{Cancel, Digest, Rate};
use crate::media::{OUR_MARK, quiet_libav};
use crate::spec::Container;

/// What is linked into one file.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Movie {
    /// The pieces of the picture, in order, with their lengths in frames.
    pub pieces: Vec<(Digest, u32)>,
    pub sound: Option<Digest>,
    pub title: Option<String>,
    pub description: Option<String>,
    /// First frame and title of each chapter.
    pub chapters: Vec<(u32, String)>,
    pub rate: Rate,
    pub frames: u32,
    #[serde(default, skip_serializing_if = "Container::is_mp4")]
    pub container: Container,
}

/// A linked file.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Finished {
    pub digest: Digest,
    pub bytes: u64,
    pub frames: u32,
}

/// libavformat's name of the muxer.
fn muxer(container: Container) -> &'static str {
    match container {
        Container::Mp4 => "mp4",
        Container::Mov => "mov",
        Container::Webm => "webm",
    }
}

/// The muxers' settings: the index first, and nothing of the time or of chance.
fn options(container: Container) -> Dictionary<'static> {
    let mut options = Dictionary::new();
    options.set("fflags", "+bitexact");
    match container {
        Container::Mp4 | Container::Mov => {
            options.set("movflags", "+faststart");
            // Edit lists count in it: to the sample of the sound, and of every frame at whole rates.
            options.set("movie_timescale", "48000");
        }
        Container::Webm => {
            options.set("cues_to_front", "1");
            // Players take the priming from the times of the sound; nothing else is to be moved for it.
            options.set("avoid_negative_ts", "disabled");
        }
    }
    options
}

/// Links pieces into a file at `path` by copying packets: index first, so that it plays while it
/// loads. `piece` reads a piece by its digest; one is held at a time.
///
/// # Errors
/// When a piece is damaged or does not fit the others, the disk is full, or on cancellation. The
/// file is then of no use.
pub fn link(
    movie: &Movie,
    path: &Path,
    piece: &dyn Fn(Digest) -> Result<Encoded, RenderError>,
    cancel: &Cancel,
) -> Result<Finished, RenderError> {
    let finished = write(movie, path, piece, cancel, 0)?;
    if movie.container != Container::Webm || movie.sound.is_none() {
        return Ok(finished);
    }
    // libavformat 5 writes the times of Opus as they are given; later ones add the priming to them.
    match late(path)? {
        0 => Ok(finished),
        late => write(movie, path, piece, cancel, late),
    }
}

/// By how many milliseconds the sound of a WebM file begins after its priming.
fn late(path: &Path) -> Result<i64, RenderError> {
    let text = path.to_str().ok_or(RenderError::Damaged)?;
    let input = format::input(&format!("file:{text}"))?;
    let sound = input.streams().best(media::Type::Audio).ok_or(RenderError::Damaged)?;
    // SAFETY: the parameters live as long as the input.
    let priming = unsafe { (*sound.parameters().as_ptr()).initial_padding }.max(0);
    let heard = Heard { rate_hz: OPUS_HZ, samples: 0, priming: priming as u32 };
    Ok(sound.start_time() + millis(i64::from(priming), heard))
}

/// As [`link`]; sound in milliseconds is written so many earlier.
fn write(
    movie: &Movie,
    path: &Path,
    piece: &dyn Fn(Digest) -> Result<Encoded, RenderError>,
    cancel: &Cancel,
    earlier: i64,
) -> Result<Finished, RenderError> {
    let text = path.to_str().ok_or_else(|| RenderError::Encoder("the path is not UTF-8".to_owned()))?;
    let mut output = format::output_as(&format!("file:{text}"), muxer(movie.container))?;
    let first = movie.pieces.first().ok_or(RenderError::Damaged)?;
    let picture = piece(first.0)?;
    let sound = movie.sound.map(piece).transpose()?;
    add_stream(&mut output, &picture)?;
    if let Some(sound) = &sound {
        add_stream(&mut output, sound)?;
    }
    describe(&mut output, movie)?;
    quiet_libav();
    output.write_header_with(options(movie.container))?;
    let StreamKind::Picture { codec, .. } = picture.kind else { return Err(RenderError::Damaged) };
    let sounding = sound.as_ref();
    let reorder = reorder(codec);
    let mut muxer = Muxer { output, sound: sounding, next_sound: 0, rate: movie.rate, reorder, earlier };
    let (mut start, mut decoded) = (0, 0);
    for (index, (digest, frames)) in movie.pieces.iter().enumerate() {
        if cancel.is_cancelled() {
            return Err(RenderError::Cancelled);
        }
        let next = if index == 0 { picture.clone() } else { piece(*digest)? };
        if next.kind != picture.kind || next.extradata != picture.extradata {
            return Err(RenderError::Damaged);
        }
        muxer.picture(&next, start, &mut decoded)?;
        start += i64::from(*frames);
    }
    muxer.finish()?;
    finished(path, movie.frames)
}

fn finished(path: &Path, frames: u32) -> Result<Finished, RenderError> {
    let mut hasher = blake3::Hasher::new();
    let file = File::open(path)?;
    file.sync_data()?;
    hasher.update_reader(&file)?;
    Ok(Finished { digest: hasher.finalize().into(), bytes: file.metadata()?.len(), frames })
}

/// Writes packets in the order of their times.
struct Muxer<'a> {
    output: format::context::Output,
    sound: Option<&'a Encoded>,
    next_sound: usize,
    rate: Rate,
    /// Frames by which decoding runs ahead.
    reorder: i64,
    /// Milliseconds by which the sound of WebM is written earlier.
    earlier: i64,
}

impl Muxer<'_> {
    /// Writes a piece that starts at frame `start`; `decoded` counts packets over all pieces.
    fn picture(&mut self, piece: &Encoded, start: i64, decoded: &mut i64) -> Result<(), RenderError> {
        let base = Rational(self.rate.1 as i32, self.rate.0 as i32);
        for packet in &piece.packets {
            let dts = *decoded - self.reorder;
            *decoded += 1;
            self.sound_until(self.rate.time_of(dts).micros())?;
            let mut copy = ffmpeg_next::Packet::copy(&packet.bytes);
            copy.set_pts(Some(start + packet.pts));
            copy.set_dts(Some(dts));
            copy.set_duration(1);
            if packet.key {
                copy.set_flags(codec::packet::Flags::KEY);
            }
            self.write(copy, 0, base)?;
        }
        Ok(())
    }

    /// Writes the sound up to a time.
    fn sound_until(&mut self, micros: i64) -> Result<(), RenderError> {
        let Some(sound) = self.sound else { return Ok(()) };
        let Some(heard) = sound.kind.heard() else { return Ok(()) };
        while let Some(packet) = sound.packets.get(self.next_sound) {
            let at = i128::from(packet.pts) * 1_000_000 / i128::from(heard.rate_hz);
            if at > i128::from(micros) {
                return Ok(());
            }
            self.next_sound += 1;
            let (copy, base) = match sound.kind {
                StreamKind::Opus { .. } => (opus_packet(packet, heard, self.earlier)?, MILLISECOND),
                _ => (aac_packet(packet, heard), Rational(1, heard.rate_hz as i32)),
            };
            self.write(copy, 1, base)?;
        }
        Ok(())
    }

    fn write(
        &mut self,
        mut packet: ffmpeg_next::Packet,
        stream: usize,
        base: Rational,
    ) -> Result<(), RenderError> {
        let Some(to) = self.output.stream(stream).map(|stream| stream.time_base()) else {
            return Err(RenderError::Damaged);
        };
        packet.set_stream(stream);
        packet.rescale_ts(base, to);
        packet.write_interleaved(&mut self.output)?;
        Ok(())
    }

    fn finish(mut self) -> Result<(), RenderError> {
        self.sound_until(i64::MAX)?;
        self.output.write_trailer()?;
        Ok(())
    }
}

fn aac_packet(packet: &Packet, heard: Heard) -> ffmpeg_next::Packet {
    let mut copy = ffmpeg_next::Packet::copy(&packet.bytes);
    copy.set_pts(Some(packet.pts));
    copy.set_dts(Some(packet.pts));
    // The last packet ends where the sound does.
    copy.set_duration(packet.duration.min(heard.samples as i64 - packet.pts).max(0));
    copy.set_flags(codec::packet::Flags::KEY);
    copy
}

/// Samples as whole milliseconds; priming and packets of Opus are such.
fn millis(samples: i64, heard: Heard) -> i64 {
    samples * 1000 / i64::from(heard.rate_hz)
}

/// A packet with its times in milliseconds, counted from the start of the priming.
fn opus_packet(packet: &Packet, heard: Heard, earlier: i64) -> Result<ffmpeg_next::Packet, RenderError> {
    let at = packet.pts + i64::from(heard.priming);
    let mut copy = ffmpeg_next::Packet::copy(&packet.bytes);
    copy.set_pts(Some(millis(at, heard) - earlier));
    copy.set_dts(Some(millis(at, heard) - earlier));
    copy.set_flags(codec::packet::Flags::KEY);
    let over = packet.pts + packet.duration - heard.samples as i64;
    if over > 0 {
        discard(&mut copy, over as u32)?;
    }
    // The file is as long as what is heard; a length of nothing would be guessed.
    copy.set_duration(millis(packet.duration.min(heard.samples as i64 - at), heard).max(1));
    Ok(copy)
}

/// Says that the last samples of a packet are not to be heard.
fn discard(packet: &mut ffmpeg_next::Packet, samples: u32) -> Result<(), RenderError> {
    const SIZE: usize = 10;
    // SAFETY: a packet of ours; libav gives it memory of this size, or none.
    let said = unsafe {
        let kind = ffi::AVPacketSideDataType::AV_PKT_DATA_SKIP_SAMPLES;
        let memory = ffi::av_packet_new_side_data(packet.as_mut_ptr(), kind, SIZE);
        if memory.is_null() {
            return Err(RenderError::Encoder("out of memory".to_owned()));
        }
        std::slice::from_raw_parts_mut(memory, SIZE)
    };
    said.fill(0);
    said[4..8].copy_from_slice(&samples.to_le_bytes());
    Ok(())
}

/// Title, description, chapters, and the mark by which the tool knows its own movies.
fn describe(output: &mut format::context::Output, movie: &Movie) -> Result<(), RenderError> {
    let mut metadata = Dictionary::new();
    metadata.set("comment", OUR_MARK);
    if let Some(title) = &movie.title {
        metadata.set("title", &title.replace('\0', ""));
    }
    if let Some(description) = &movie.description {
        metadata.set("description", &description.replace('\0', ""));
    }
    output.set_metadata(metadata);
    let base = Rational(movie.rate.1 as i32, movie.rate.0 as i32);
    if movie.chapters.len() > 1 {
        for (index, (start, title)) in movie.chapters.iter().enumerate() {
            let end = movie.chapters.get(index + 1).map_or(movie.frames, |next| next.0);
            output.add_chapter(
                index as i64,
                base,
                i64::from(*start),
                i64::from(end),
                title.replace('\0', ""),
            )?;
        }
    }
    Ok(())
}
