//! Measures the unavoidable work for this movie, each step on one thread with the libraries alone. Every
//! needed frame of a source is decoded once. Every frame is resampled at most once. The frames of the finished movie
//! are encoded with its settings: what they show decides how long that takes, and a dissolve takes longer than a cut.
//! Nothing is composed or written, and no title is drawn.

use std::fmt;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use ffmpeg_next::codec::{Context, Flags, threading};
use ffmpeg_next::format::Pixel;
use ffmpeg_next::software::scaling;
use ffmpeg_next::{Dictionary, Packet, Rational, decoder, encoder, format, frame, media, picture};
use mmm_media::decode_photo;

use super::timeline::{RATE, Shot, Timeline};

/// The width and height of the movie.
type Size = (u32, u32);

/// Seconds of processor time.
#[derive(Default)]
pub struct Work {
    decode: f64,
    resample: f64,
    encode: f64,
    sound: f64,
}

impl Work {
    /// Does the work of a finished movie and measures it.
    pub fn of(timeline: &Timeline, movie: &Path, size: Size) -> Self {
        let mut work = Self::default();
        for shot in &timeline.shots {
            if shot.is_photo {
                photo(shot, size, &mut work);
            } else {
                clip(shot, size, &mut work);
            }
        }
        work.encode = encoding(movie, size);
        work.sound = sound(timeline);
        work
    }

    pub fn total(&self) -> f64 {
        self.decode + self.resample + self.encode + self.sound
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { decode, resample, encode, sound } = self;
        write!(f, "decode {decode:.1} s, resample {resample:.1} s, encode {encode:.1} s, sound {sound:.1} s")
    }
}

fn photo(shot: &Shot, size: Size, work: &mut Work) {
    let mut plate = None;
    work.decode += timed(|| {
        let photo = decode_photo(&shot.source, size).expect("a photo");
        plate = Some(photo.to_yuv420().expect("planes"));
    });
    let plate = plate.expect("a plate");
    let mut resizer = Resizer::new();
    let mut frame = frame::Video::new(Pixel::YUV420P, size.0, size.1);
    for n in 0..shot.seen() {
        work.resample += timed(|| {
            let planes = [(&plate.y, 1), (&plate.u, 2), (&plate.v, 2)];
            for (plane, (pixels, part)) in planes.into_iter().enumerate() {
                let (width, height) = (plate.width / part, plate.height / part);
                let side = 1.0 - 0.05 * f64::from(n) / f64::from(shot.seen());
                let (wide, high) = (f64::from(width) * side, f64::from(width) * 9.0 / 16.0 * side);
                let options = ResizeOptions::new()
                    .resize_alg(ResizeAlg::Convolution(FilterType::Bilinear))
                    .crop(0.0, 0.0, wide, high.min(f64::from(height)));
                let from = ImageRef::new(width, height, pixels, PixelType::U8).expect("a plane");
                let mut to = Image::new(size.0 / part, size.1 / part, PixelType::U8);
                resizer.resize(&from, &mut to, &options).expect("a frame");
                let (row, stride) = ((size.0 / part) as usize, frame.stride(plane));
                for (to, from) in frame.data_mut(plane).chunks_mut(stride).zip(to.buffer().chunks(row)) {
                    to[..row].copy_from_slice(from);
                }
            }
        });
    }
}

fn clip(shot: &Shot, size: Size, work: &mut Work) {
    let mut pictures = Pictures::of(&shot.source);
    let start = shot.start();
    let at = (start * 1e6) as i64;
    pictures.input.seek(at, ..at + 1).expect("a place");
    let (width, height) = (pictures.decoder.width(), pictures.decoder.height());
    let mut scaler = scaling::Context::get(
        pictures.decoder.format(),
        width,
        height,
        Pixel::YUV420P,
        size.0,
        size.1,
        scaling::Flags::BICUBIC,
    )
    .expect("a scaler");
    let (mut left, mut frame) = (shot.seen(), frame::Video::empty());
    while left > 0 {
        let mut ready = false;
        work.decode += timed(|| ready = pictures.next(&mut frame));
        assert!(ready, "{} ends before its shot", shot.source.display());
        let time = frame.pts().map_or(0.0, |pts| pts as f64 * pictures.base);
        if time + 0.5 / RATE < start {
            continue;
        }
        left -= 1;
        if (width, height) != size {
            let mut scaled = frame::Video::empty();
            work.resample += timed(|| scaler.run(&frame, &mut scaled).expect("a frame"));
        }
    }
}

/// The pictures of a file, decoded on one thread.
struct Pictures {
    input: format::context::Input,
    decoder: decoder::Video,
    stream: usize,
    /// Seconds of one unit of time.
    base: f64,
}

impl Pictures {
    fn of(file: &Path) -> Self {
        let input = format::input(file).expect("a clip");
        let best = input.streams().best(media::Type::Video).expect("a picture");
        let (stream, base) = (best.index(), f64::from(best.time_base()));
        let mut context = Context::from_parameters(best.parameters()).expect("a decoder");
        context.set_threading(threading::Config::count(1));
        let decoder = context.decoder().video().expect("a decoder");
        Self { input, decoder, stream, base }
    }

    /// Decodes the next picture, if there is one.
    fn next(&mut self, frame: &mut frame::Video) -> bool {
        while self.decoder.receive_frame(frame).is_err() {
            match self.input.packets().find(|(stream, _)| stream.index() == self.stream) {
                Some((_, packet)) => self.decoder.send_packet(&packet).expect("a packet"),
                None if self.decoder.send_eof().is_ok() => {}
                None => return false,
            }
        }
        true
    }
}

/// Returns the processor seconds for encoding the frames of a movie.
fn encoding(movie: &Path, size: Size) -> f64 {
    let (mut pictures, mut encoder) = (Pictures::of(movie), x264(size));
    let (mut frame, mut seconds) = (frame::Video::empty(), 0.0);
    for next in 0.. {
        if !pictures.next(&mut frame) {
            break;
        }
        frame.set_pts(Some(next));
        frame.set_kind(picture::Type::None);
        seconds += timed(|| send(&mut encoder, &frame));
    }
    seconds
        + timed(|| {
            encoder.send_eof().expect("the end");
            drain(&mut encoder);
        })
}

/// Returns the encoder of final movies, with its settings.
fn x264((width, height): Size) -> encoder::Video {
    let codec = encoder::find_by_name("libx264").expect("libx264");
    let mut context = Context::new_with_codec(codec);
    context.set_threading(threading::Config::count(1));
    context.set_flags(Flags::GLOBAL_HEADER);
    let mut video = context.encoder().video().expect("an encoder");
    video.set_width(width);
    video.set_height(height);
    video.set_format(Pixel::YUV420P);
    video.set_frame_rate(Some(Rational(30, 1)));
    video.set_time_base(Rational(1, 30));
    video.set_gop(120);
    let mut options = Dictionary::new();
    for (key, value) in super::SETTINGS {
        options.set(key, value);
    }
    options.set("x264-params", "threads=1:lookahead-threads=1");
    video.open_with(options).expect("an encoder")
}

fn send(encoder: &mut encoder::Video, frame: &frame::Video) {
    encoder.send_frame(frame).expect("a frame");
    drain(encoder);
}

fn drain(encoder: &mut encoder::Video) {
    let mut packet = Packet::empty();
    while encoder.receive_packet(&mut packet).is_ok() {}
}

/// Returns the processor seconds for decoding the song and encoding it as AAC.
fn sound(timeline: &Timeline) -> f64 {
    let report = Command::new("/usr/bin/time")
        .args(["-f", "%U %S", "ffmpeg", "-v", "error", "-ss", &timeline.song_from.to_string(), "-i"])
        .arg(&timeline.song)
        .args(["-t", &timeline.seconds().to_string(), "-ar", "48000", "-c:a", "aac", "-b:a", "192k"])
        .args(["-f", "null", "-"])
        .output()
        .expect("GNU time is installed");
    let text = String::from_utf8_lossy(&report.stderr).into_owned();
    text.split_whitespace().filter_map(|word| word.parse::<f64>().ok()).sum()
}

/// Returns the seconds that this thread ran while doing `work`.
fn timed(work: impl FnOnce()) -> f64 {
    let start = running();
    work();
    running() - start
}

/// Returns the seconds that this thread has run. If the operating system doesn't count them, returns the
/// elapsed time.
fn running() -> f64 {
    use std::sync::LazyLock;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let start = *START;
    let count = std::fs::read_to_string(Path::new("/proc/thread-self/schedstat"));
    let count = count.ok().and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    count.map_or_else(|| start.elapsed().as_secs_f64(), |nanos| nanos / 1e9)
}
