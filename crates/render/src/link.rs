use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use ffmpeg_next::{Dictionary, Rational, codec, format, media};

use super::linked_sound::{LinkedSound, millis};
use super::linked_stream::{add_stream, reorder};
use super::linked_text::{LinkedText, add_text_stream};
use super::setup::{Heard, OPUS_HZ};
use super::text_track::disable_text_track;
use super::{EncodedReader, RenderError, StreamKind};
use mmm_base::{Cancel, Digest, Rate};
use mmm_facts::OUR_MARK;
use mmm_facts::{Finished, MovieRecipe};
use mmm_media::quiet_libav;
use mmm_spec::Container;

/// Returns libavformat's name of the muxer.
fn muxer(container: Container) -> &'static str {
    match container {
        Container::Mp4 => "mp4",
        Container::Mov => "mov",
        Container::Webm => "webm",
    }
}

/// Returns the muxer's settings: the index comes first, and nothing depends on time or chance.
fn options(container: Container) -> Dictionary<'static> {
    let mut options = Dictionary::new();
    options.set("fflags", "+bitexact");
    match container {
        Container::Mp4 | Container::Mov => {
            options.set("movflags", "+faststart");
            // The unit of edit lists: exact to a sample of the sound, and to every frame at integer rates.
            options.set("movie_timescale", "48000");
        }
        Container::Webm => {
            options.set("cues_to_front", "1");
            // Players derive the priming from the times of the sound; no times may be shifted for it.
            options.set("avoid_negative_ts", "disabled");
        }
    }
    options
}

/// Links segments into a file at `path` by copying packets. The index comes first, so that the file plays
/// while it loads. `segment` opens a segment or the sound by its digest; of each, only a packet or two are in
/// memory at a time.
///
/// # Errors
/// If a segment is damaged or doesn't match the others, if the disk is full, or on cancellation. The file is
/// then unusable.
pub fn link<R: Read + Seek>(
    movie: &MovieRecipe,
    path: &Path,
    segment: &dyn Fn(Digest) -> Result<EncodedReader<R>, RenderError>,
    cancel: &Cancel,
) -> Result<Finished, RenderError> {
    let finished = write(movie, path, segment, cancel, 0)?;
    if movie.container != Container::Webm || movie.sound.is_none() {
        return Ok(finished);
    }
    // libavformat 5 writes the times of Opus as given; later versions add the priming to them.
    match late(path)? {
        0 => Ok(finished),
        late => write(movie, path, segment, cancel, late),
    }
}

/// Returns by how many milliseconds the sound of a WebM file starts later than its priming requires.
fn late(path: &Path) -> Result<i64, RenderError> {
    let text = path.to_str().ok_or(RenderError::Damaged)?;
    let input = format::input(&format!("file:{text}"))?;
    let sound = input.streams().best(media::Type::Audio).ok_or(RenderError::Damaged)?;
    // SAFETY: the parameters live as long as the input.
    let priming = unsafe { (*sound.parameters().as_ptr()).initial_padding }.max(0);
    let heard = Heard { rate_hz: OPUS_HZ, samples: 0, priming: priming as u32 };
    Ok(sound.start_time() + millis(i64::from(priming), heard))
}

/// Links like [`link`]; WebM sound is written `earlier` milliseconds earlier.
fn write<R: Read + Seek>(
    movie: &MovieRecipe,
    path: &Path,
    segment: &dyn Fn(Digest) -> Result<EncodedReader<R>, RenderError>,
    cancel: &Cancel,
    earlier: i64,
) -> Result<Finished, RenderError> {
    let text = path.to_str().ok_or_else(|| RenderError::Encoder("the path is not UTF-8".to_owned()))?;
    let mut output = format::output_as(&format!("file:{text}"), muxer(movie.container))?;
    let first = movie.segments.first().ok_or(RenderError::Damaged)?;
    let first = segment(first.0)?;
    let setup = first.setup().clone();
    let StreamKind::Picture { codec, .. } = setup.kind else { return Err(RenderError::Damaged) };
    let sound = movie.sound.map(segment).transpose()?;
    add_stream(&mut output, &setup)?;
    if let Some(sound) = &sound {
        add_stream(&mut output, sound.setup())?;
    }
    let text =
        if movie.subtitles.is_empty() { None } else { Some(add_text_stream(&mut output, &setup, movie)?) };
    describe(&mut output, movie)?;
    quiet_libav();
    output.write_header_with(options(movie.container))?;
    let sound = sound.map(|sound| LinkedSound::new(sound, earlier)).transpose()?;
    let reorder = reorder(codec);
    let text = text.map(|stream| LinkedText::new(&movie.subtitles, movie.container, stream));
    let mut muxer = Muxer { output, sound, text, rate: movie.rate, reorder, decoded: 0 };
    let (mut first, mut start) = (Some(first), 0);
    for (digest, frames) in &movie.segments {
        if cancel.is_cancelled() {
            return Err(RenderError::Cancelled);
        }
        let next = first.take().map_or_else(|| segment(*digest), Ok)?;
        if *next.setup() != setup {
            return Err(RenderError::Damaged);
        }
        muxer.picture(next, start)?;
        start += i64::from(*frames);
    }
    muxer.finish()?;
    if movie.container != Container::Webm && !movie.subtitles.is_empty() && !movie.only_subtitles {
        // libavformat enables the first track of each kind, whatever its disposition.
        disable_text_track(path)?;
    }
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
struct Muxer<R> {
    output: format::context::Output,
    sound: Option<LinkedSound<R>>,
    text: Option<LinkedText>,
    rate: Rate,
    /// The number of frames by which decoding precedes display.
    reorder: i64,
    /// The number of pictures written so far, in all segments.
    decoded: i64,
}

impl<R: Read + Seek> Muxer<R> {
    /// Writes a segment that starts at frame `start`.
    fn picture(&mut self, mut segment: EncodedReader<R>, start: i64) -> Result<(), RenderError> {
        let base = Rational(self.rate.1 as i32, self.rate.0 as i32);
        while let Some(packet) = segment.packet()? {
            let dts = self.decoded - self.reorder;
            self.decoded += 1;
            self.sound_until(self.rate.time_of(dts).micros())?;
            self.text_until(dts)?;
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
        while let Some(sound) = &mut self.sound {
            let Some((packet, base)) = sound.until(micros)? else { break };
            self.write(packet, 1, base)?;
        }
        Ok(())
    }

    /// Writes the subtitles that begin at or before a frame.
    fn text_until(&mut self, frame: i64) -> Result<(), RenderError> {
        let base = Rational(self.rate.1 as i32, self.rate.0 as i32);
        while let Some(text) = &mut self.text {
            let (Some(packet), stream) = (text.until(frame), text.stream) else { break };
            self.write(packet, stream, base)?;
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
        if self.text.is_some() {
            // The interleaver would hold the packets of ten seconds to wait for a stream with so few.
            packet.write(&mut self.output)?;
        } else {
            packet.write_interleaved(&mut self.output)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), RenderError> {
        self.sound_until(i64::MAX)?;
        self.text_until(i64::MAX)?;
        self.output.write_trailer()?;
        Ok(())
    }
}

/// Sets title, description and chapters, and the mark by which the tool recognises its own movies.
fn describe(output: &mut format::context::Output, movie: &MovieRecipe) -> Result<(), RenderError> {
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io::{self, BufReader, Cursor, SeekFrom};
    use std::rc::Rc;

    use super::*;
    use crate::picture::PictureEncoder;
    use crate::{EncodedWriter, Packet, Setup};
    use mmm_facts::{Canvas, Profile};
    use mmm_media::Yuv420;
    use mmm_spec::{Aspect, Codec};

    /// Length of the movie in seconds, and of its sound in samples.
    const SECONDS: u32 = 600;
    const SAMPLES: u64 = SECONDS as u64 * 48_000;
    /// Bytes of a sound packet with its header, and packets per second.
    const SOUND_BYTES: usize = 400;
    const IN_A_SECOND: f64 = 48_000.0 / 1024.0;

    /// A file that counts the bytes read from it.
    struct Counted {
        file: Cursor<Rc<[u8]>>,
        read: Rc<Cell<usize>>,
    }

    impl Read for Counted {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let read = self.file.read(into)?;
            self.read.set(self.read.get() + read);
            Ok(read)
        }
    }

    impl Seek for Counted {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.file.seek(to)
        }
    }

    fn stored(setup: Setup, packets: &[Packet]) -> Rc<[u8]> {
        let mut bytes = Vec::new();
        let mut writer = EncodedWriter::new(&mut bytes).unwrap();
        writer.put(packets).unwrap();
        writer.finish(setup).unwrap();
        bytes.into()
    }

    /// Returns an encoded second of grey.
    fn second() -> Rc<[u8]> {
        let canvas =
            Canvas { width: 64, height: 36, ..Canvas::of(Aspect::Wide, Codec::H264, Profile::Draft) };
        let mut encoder = PictureEncoder::new(canvas).unwrap();
        let (y, u) = (vec![90; 64 * 36], vec![128; 32 * 18]);
        let picture = Yuv420 { width: 64, height: 36, y, u: u.clone(), v: u };
        (0..30).for_each(|_| encoder.push(&picture).unwrap());
        let encoded = encoder.finish().unwrap();
        stored(encoded.setup, &encoded.packets)
    }

    fn tone() -> Rc<[u8]> {
        let kind = StreamKind::Aac { rate_hz: 48_000, samples: SAMPLES, priming: 1024 };
        let packet = |index: i64| Packet {
            pts: (index - 1) * 1024,
            duration: 1024,
            key: true,
            bytes: vec![index as u8; SOUND_BYTES - 21],
        };
        let packets: Vec<Packet> = (0..=SAMPLES.div_ceil(1024) as i64).map(packet).collect();
        stored(Setup { kind, extradata: vec![0x11, 0x90] }, &packets)
    }

    #[test]
    fn the_sound_is_read_as_the_picture_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long.mp4");
        let (picture, sound) = (second(), tone());
        let of = |bytes: &Rc<[u8]>| Digest::of(bytes);
        let movie = MovieRecipe {
            segments: vec![(of(&picture), 30); SECONDS as usize],
            sound: Some(of(&sound)),
            title: None,
            description: None,
            chapters: Vec::new(),
            rate: Rate(30, 1),
            frames: SECONDS * 30,
            container: Container::Mp4,
            subtitles: Vec::new(),
            only_subtitles: false,
        };
        let (heard, ahead, opened) = (Rc::new(Cell::new(0)), Cell::new(0.0f64), Cell::new(0));
        let open = |digest| {
            let (file, read) = if digest == of(&sound) {
                (sound.clone(), heard.clone())
            } else {
                // Before the pictures of this second, only the sound of the seconds before is needed.
                let needed = f64::from(opened.get()) * IN_A_SECOND * SOUND_BYTES as f64;
                ahead.set(ahead.get().max(heard.get() as f64 - needed));
                opened.set(opened.get() + 1);
                (picture.clone(), Rc::default())
            };
            EncodedReader::open(BufReader::with_capacity(4096, Counted { file: Cursor::new(file), read }))
        };
        let finished = link(&movie, &path, &open, &Cancel::default()).unwrap();
        assert_eq!(opened.get(), SECONDS);
        assert!(heard.get() >= sound.len(), "{} of {} bytes", heard.get(), sound.len());
        assert!(finished.bytes > sound.len() as u64 * 9 / 10);
        // Of 11 MB, at most the buffers and some packets are in memory: the footer and the start are read on
        // opening.
        assert!(ahead.get() < 20_000.0, "{} bytes were read ahead", ahead.get());
        let input = format::input(&path.to_str().unwrap().to_owned()).unwrap();
        assert_eq!(input.streams().map(|stream| stream.frames()).collect::<Vec<_>>(), [18_000, 28_126]);
    }
}
