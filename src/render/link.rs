use std::fs::File;
use std::path::Path;

use ffmpeg_next::{Dictionary, Rational, codec, ffi, format, media};

use super::{Encoded, RenderError, StreamKind};
use crate::base::{Cancel, Digest, Rate};
use crate::media::quiet_libav;
use crate::spec::Codec;

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

/// The kind of file that a movie is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Container {
    #[default]
    Mp4,
    Mov,
}

impl Container {
    /// By the ending of a file's name.
    pub fn of(name: &str) -> Self {
        if name.to_ascii_lowercase().ends_with(".mov") { Self::Mov } else { Self::Mp4 }
    }

    fn is_mp4(&self) -> bool {
        *self == Self::Mp4
    }

    /// libavformat's name of its muxer.
    fn muxer(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::Mov => "mov",
        }
    }
}

/// A linked file.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Finished {
    pub digest: Digest,
    pub bytes: u64,
    pub frames: u32,
}

/// The mark in a finished movie by which the tool knows its own, and dares to replace it.
pub const OUR_MARK: &str = "made by mmm";

/// Frames by which decoding runs ahead of showing, at most: x264 and x265 keep two levels of pictures
/// that are shown later than they are decoded. AV1 has frames that are not shown instead.
fn reorder(codec: Codec) -> i64 {
    match codec {
        Codec::H264 | Codec::Hevc => 2,
        Codec::Av1 => 0,
    }
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
    let text = path.to_str().ok_or_else(|| RenderError::Encoder("the path is not UTF-8".to_owned()))?;
    let mut output = format::output_as(&format!("file:{text}"), movie.container.muxer())?;
    let first = movie.pieces.first().ok_or(RenderError::Damaged)?;
    let picture = piece(first.0)?;
    let sound = movie.sound.map(piece).transpose()?;
    add_stream(&mut output, &picture)?;
    if let Some(sound) = &sound {
        add_stream(&mut output, sound)?;
    }
    describe(&mut output, movie)?;
    quiet_libav();
    let mut options = Dictionary::new();
    options.set("movflags", "+faststart");
    options.set("fflags", "+bitexact");
    // Edit lists count in it: to the sample of the sound, and of every frame at whole rates.
    options.set("movie_timescale", "48000");
    output.write_header_with(options)?;
    let StreamKind::Picture { codec, .. } = picture.kind else { return Err(RenderError::Damaged) };
    let sounding = sound.as_ref();
    let reorder = reorder(codec);
    let mut muxer = Muxer { output, sound: sounding, next_sound: 0, rate: movie.rate, reorder };
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
        let Some(Encoded { kind: StreamKind::Aac { rate_hz, samples, .. }, packets, .. }) = self.sound else {
            return Ok(());
        };
        while let Some(packet) = packets.get(self.next_sound) {
            let at = i128::from(packet.pts) * 1_000_000 / i128::from(*rate_hz);
            if at > i128::from(micros) {
                return Ok(());
            }
            self.next_sound += 1;
            let mut copy = ffmpeg_next::Packet::copy(&packet.bytes);
            copy.set_pts(Some(packet.pts));
            copy.set_dts(Some(packet.pts));
            // The last packet ends where the sound does.
            copy.set_duration(packet.duration.min(*samples as i64 - packet.pts).max(0));
            copy.set_flags(codec::packet::Flags::KEY);
            self.write(copy, 1, Rational(1, *rate_hz as i32))?;
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

/// Adds a stream for what is encoded.
pub(super) fn add_stream(output: &mut format::context::Output, encoded: &Encoded) -> Result<(), RenderError> {
    let mut stream = output.add_stream(codec::Id::None)?;
    let mut parameters = codec::Parameters::new();
    // SAFETY: parameters of ours; extradata is given to them in memory that libav may free, with
    // the padding that it asks for.
    unsafe {
        let raw = &mut *parameters.as_mut_ptr();
        let size = encoded.extradata.len();
        let memory = ffi::av_mallocz(size + ffi::AV_INPUT_BUFFER_PADDING_SIZE as usize).cast::<u8>();
        if memory.is_null() {
            return Err(RenderError::Encoder("out of memory".to_owned()));
        }
        std::ptr::copy_nonoverlapping(encoded.extradata.as_ptr(), memory, size);
        raw.extradata = memory;
        raw.extradata_size = size as i32;
        match encoded.kind {
            StreamKind::Picture { codec, width, height, profile, level, .. } => {
                raw.codec_type = media::Type::Video.into();
                raw.codec_id = match codec {
                    Codec::H264 => codec::Id::H264,
                    Codec::Hevc => codec::Id::HEVC,
                    Codec::Av1 => codec::Id::AV1,
                }
                .into();
                if codec == Codec::Hevc {
                    // Apple's players take no other.
                    raw.codec_tag = u32::from_le_bytes(*b"hvc1");
                }
                raw.width = width as i32;
                raw.height = height as i32;
                raw.format = ffi::AVPixelFormat::AV_PIX_FMT_YUV420P as i32;
                raw.profile = profile;
                raw.level = level;
                raw.video_delay = reorder(codec) as i32;
                raw.sample_aspect_ratio = Rational(1, 1).into();
                raw.color_range = ffi::AVColorRange::AVCOL_RANGE_MPEG;
                raw.color_primaries = ffi::AVColorPrimaries::AVCOL_PRI_BT709;
                raw.color_trc = ffi::AVColorTransferCharacteristic::AVCOL_TRC_BT709;
                raw.color_space = ffi::AVColorSpace::AVCOL_SPC_BT709;
                raw.chroma_location = ffi::AVChromaLocation::AVCHROMA_LOC_LEFT;
            }
            StreamKind::Aac { rate_hz, priming, .. } => {
                raw.codec_type = media::Type::Audio.into();
                raw.codec_id = codec::Id::AAC.into();
                raw.sample_rate = rate_hz as i32;
                raw.frame_size = 1024;
                raw.initial_padding = priming as i32;
                raw.format = ffi::AVSampleFormat::AV_SAMPLE_FMT_FLTP as i32;
                ffi::av_channel_layout_default(&mut raw.ch_layout, 2);
            }
        }
    }
    stream.set_parameters(parameters);
    match encoded.kind {
        StreamKind::Picture { rate, .. } => {
            let rate = Rational(rate.0 as i32, rate.1 as i32);
            // A tick that is fine enough for players that count in it, and exact for the frames.
            let fine = if rate.1 == 1 { 512 } else { 1 };
            stream.set_time_base(Rational(1, rate.0 * fine));
            stream.set_avg_frame_rate(rate);
            stream.set_rate(rate);
        }
        StreamKind::Aac { rate_hz, .. } => stream.set_time_base(Rational(1, rate_hz as i32)),
    }
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
