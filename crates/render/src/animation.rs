use std::fs;

use ffmpeg_next::codec::{Context, Flags, threading};
use ffmpeg_next::format::Pixel;
use ffmpeg_next::{Dictionary, Rational, encoder, ffi, filter, format, frame};

use super::RenderError;
use mmm_base::Rate;
use mmm_media::quiet_libav;
use mmm_spec::PictureFormat;

/// A sequence of pictures, or a single one.
pub(super) struct Animation {
    /// Size of each picture in pixels.
    pub size: (u32, u32),
    /// Packed RGB.
    pub pictures: Vec<Vec<u8>>,
    pub rate: Rate,
    pub format: PictureFormat,
}

/// Uses one palette for all pictures of a GIF, so that colours don't flicker. Colours between palette entries
/// are dithered with a static pattern.
const PALETTE: &str = "split[a][b];[a]palettegen=stats_mode=full[p];[b][p]paletteuse=dither=bayer:bayer_scale=3:diff_mode=rectangle";

/// Encodes a GIF or WebP file of `size` pixels; `quality` applies to WebP, 1 to 100.
pub(super) fn encode_animation(
    animation: &Animation,
    size: (u32, u32),
    quality: u32,
) -> Result<Vec<u8>, RenderError> {
    quiet_libav();
    let frames = filtered(animation, size)?;
    let file = tempfile::NamedTempFile::new()?;
    let path =
        file.path().to_str().ok_or_else(|| RenderError::Encoder("the path is not UTF-8".to_owned()))?;
    let (muxer, library) = match animation.format {
        PictureFormat::Gif => ("gif", "gif"),
        _ if animation.pictures.len() > 1 => ("webp", "libwebp_anim"),
        _ => ("webp", "libwebp"),
    };
    let mut output = format::output_as(&format!("file:{path}"), muxer)?;
    let mut encoder = open(animation, &frames, library, quality)?;
    let mut stream = output.add_stream(ffmpeg_next::codec::Id::None)?;
    stream.set_parameters(&encoder);
    stream.set_time_base(TICK);
    let mut options = Dictionary::new();
    options.set("fflags", "+bitexact");
    if animation.pictures.len() > 1 {
        options.set("loop", "0");
    }
    output.write_header_with(options)?;
    let mut packet = ffmpeg_next::Packet::empty();
    let mut drain = |encoder: &mut encoder::Video| -> Result<(), RenderError> {
        while encoder.receive_packet(&mut packet).is_ok() {
            let base = output.stream(0).map_or(TICK, |stream| stream.time_base());
            packet.set_stream(0);
            packet.rescale_ts(TICK, base);
            packet.write(&mut output)?;
        }
        Ok(())
    };
    for frame in &frames {
        encoder.send_frame(frame)?;
        drain(&mut encoder)?;
    }
    encoder.send_eof()?;
    drain(&mut encoder)?;
    output.write_trailer()?;
    drop(output);
    Ok(fs::read(path)?)
}

/// GIF counts time in hundredths of a second.
const TICK: Rational = Rational(1, 100);

fn open(
    animation: &Animation,
    frames: &[frame::Video],
    library: &str,
    quality: u32,
) -> Result<encoder::Video, RenderError> {
    let first = frames.first().ok_or(RenderError::Damaged)?;
    let codec = encoder::find_by_name(library)
        .ok_or_else(|| RenderError::Encoder(format!("this libavcodec has no {library}")))?;
    let mut context = Context::new_with_codec(codec);
    context.set_threading(threading::Config::count(1));
    context.set_flags(Flags::BITEXACT);
    let mut video = context.encoder().video()?;
    video.set_width(first.width());
    video.set_height(first.height());
    video.set_format(first.format());
    video.set_time_base(TICK);
    video.set_frame_rate(Some(Rational(animation.rate.0 as i32, animation.rate.1 as i32)));
    let mut options = Dictionary::new();
    if animation.format == PictureFormat::Webp {
        options.set("quality", &quality.to_string());
        options.set("compression_level", "5");
    }
    Ok(video.open_with(options)?)
}

/// Returns the pictures scaled, in the encoder's pixel format, with their times in ticks.
fn filtered(animation: &Animation, (width, height): (u32, u32)) -> Result<Vec<frame::Video>, RenderError> {
    let missing = ffmpeg_next::Error::FilterNotFound;
    let (source, sink) = (filter::find("buffer").ok_or(missing)?, filter::find("buffersink").ok_or(missing)?);
    let (from, Rational(num, den)) = (animation.size, TICK);
    let format = ffi::AVPixelFormat::from(Pixel::RGB24) as i32;
    let shape =
        format!("video_size={}x{}:pix_fmt={format}:time_base={num}/{den}:pixel_aspect=1/1", from.0, from.1);
    let colours = match animation.format {
        PictureFormat::Gif => PALETTE,
        _ => "format=bgra",
    };
    let mut graph = filter::Graph::new();
    // SAFETY: sets a number of a graph that isn't configured yet.
    unsafe { (*graph.as_mut_ptr()).nb_threads = 1 };
    graph.add(&source, "in", &shape)?;
    graph.add(&sink, "out", "")?;
    let scale = format!("scale={width}:{height}:flags=area+accurate_rnd+full_chroma_int+bitexact");
    graph.output("in", 0)?.input("out", 0)?.parse(&format!("[in]{scale},{colours}[out]"))?;
    graph.validate()?;
    for (index, pixels) in animation.pictures.iter().enumerate() {
        let at = index as i64 * i64::from(den) * i64::from(animation.rate.1);
        let mut picture = packed(pixels, from);
        picture.set_pts(Some(at / (i64::from(num) * i64::from(animation.rate.0))));
        graph.get("in").ok_or(missing)?.source().add(&picture)?;
    }
    graph.get("in").ok_or(missing)?.source().flush()?;
    let mut frames = Vec::new();
    let mut sink = graph.get("out").ok_or(missing)?;
    loop {
        let mut picture = frame::Video::empty();
        if sink.sink().frame(&mut picture).is_err() {
            return Ok(frames);
        }
        frames.push(picture);
    }
}

/// Returns a frame of packed RGB pixels.
fn packed(pixels: &[u8], (width, height): (u32, u32)) -> frame::Video {
    let mut picture = frame::Video::new(Pixel::RGB24, width, height);
    let stride = picture.stride(0);
    let row = width as usize * 3;
    for (to, from) in picture.data_mut(0).chunks_mut(stride).zip(pixels.chunks_exact(row)) {
        to[..row].copy_from_slice(from);
    }
    picture
}
