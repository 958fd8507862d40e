use std::fs::File;
use std::io::Seek;

use ffmpeg_next::{DictionaryRef, Rational, Stream, ffi};

use super::super::container::{Container, start_of};
use super::super::file_part::FilePart;
use super::super::motion::still_time;
use super::super::streams::{channels, codec_name, has_decoder, is_decodable, is_opened};
use super::super::tag_text::tag_text;
use super::avi_dates::AviDates;
use super::geometry::Geometry;
use super::remarks;
use super::shown_length::shown_length;
use super::tags;
use mmm_base::{Rate, Time};
use mmm_facts::{
    Color, Decodability, MediaError, MediaKind, PictureStream, PictureTrack, Probe, Said, SoundStream,
    SoundTrack,
};

/// The most frames whose distances are compared; more than an hour of any clip.
const MOST_DISTANCES: i32 = 500_000;

/// Reads the headers of a container: a clip if it has a video stream, else music.
pub(crate) fn probe(mut file: File, bytes: u64) -> Result<Probe, MediaError> {
    let avi = AviDates::read(&mut file)?;
    read(FilePart::whole(file), bytes, avi.as_ref(), None)
}

/// Reads the headers of a clip in a part of a file, of so many bytes. `still` is when the photo of a Motion Photo was
/// taken, counted from the start of the movie, if its XMP says so.
pub(crate) fn probe_part(part: FilePart, bytes: u64, still: Option<Time>) -> Result<Probe, MediaError> {
    read(part, bytes, None, still)
}

fn read(
    mut part: FilePart,
    bytes: u64,
    avi: Option<&AviDates>,
    still: Option<Time>,
) -> Result<Probe, MediaError> {
    let stated = still.map_or_else(|| still_time(&mut part, bytes), |still| Ok(Some(still)))?;
    part.rewind()?;
    let mut container = Container::read(part)?;
    let duration = shown_length(&mut container)?;
    if container.picture().is_none() && !container.streams.pictures.is_empty() {
        return Err(no_picture(&container));
    }
    let picture = container.picture().map(|stream| picture(&container, &stream));
    let sound = container.sound(None).filter(is_opened).map(|stream| sound(&stream));
    let (pictures, sounds) = (picture_tracks(&container), sound_tracks(&container));
    if picture.is_none() && sound.is_none() {
        return Err(no_stream(&sounds));
    }
    let mut all = vec![container.input.metadata()];
    let streams: Vec<_> = container.picture().or_else(|| container.sound(None)).into_iter().collect();
    all.extend(streams.iter().map(Stream::metadata));
    let is_clip = picture.is_some();
    Ok(Probe {
        kind: if is_clip { MediaKind::Clip } else { MediaKind::Music },
        format: format_name(&container),
        bytes,
        duration,
        picture,
        sound,
        pictures,
        sounds,
        taken: if is_clip { tags::taken(&all, avi) } else { None },
        place: if is_clip { tags::place(&all) } else { None },
        camera: if is_clip { tags::camera(&all) } else { None },
        comment: container.input.metadata().get("comment").map(str::to_owned),
        said: if is_clip { said(&all) } else { Said::default() },
        live_id: if is_clip { tags::live_id(&all) } else { None },
        still_at: stated.and_then(|stated| still_at(&container, stated)),
        motion: None,
    })
}

/// Returns when the photo of a Live Photo was taken, counted from the first frame that is shown; `stated` counts
/// from the start of the movie.
fn still_at(container: &Container, stated: Time) -> Option<Time> {
    let stream = container.picture()?;
    let late = start_of(&stream) as f64 * f64::from(stream.time_base());
    Some((stated - Time::from_secs_f64(late)).max(Time::ZERO))
}

/// Returns what people said about a clip.
fn said(tags: &[DictionaryRef<'_>]) -> Said {
    let mut said = Said::default();
    for (source, remarks) in remarks::remarks(tags) {
        // Areas of faces in a clip don't say at which time they are right.
        said.add(&remarks, source, None);
    }
    said
}

fn picture(container: &Container, stream: &Stream<'_>) -> PictureStream {
    let parameters = parameters(stream);
    let (width, height) = (parameters.width.max(0) as u32, parameters.height.max(0) as u32);
    let geometry = Geometry::of(stream);
    let (width, height) = geometry.shown(width, height);
    PictureStream {
        width,
        height,
        orientation: geometry.orientation,
        codec: codec_name(parameters),
        rate: rate(stream.avg_frame_rate()).or_else(|| rate(stream.rate())),
        variable_rate: has_variable_rate(container, stream),
        color: color(parameters),
    }
}

fn sound(stream: &Stream<'_>) -> SoundStream {
    let parameters = parameters(stream);
    SoundStream {
        codec: codec_name(parameters),
        sample_rate_hz: parameters.sample_rate.max(0) as u32,
        channels: channels(parameters),
    }
}

fn parameters<'a>(stream: &'a Stream<'_>) -> &'a ffi::AVCodecParameters {
    // SAFETY: a stream's parameters are alive as long as the container.
    unsafe { &*(*stream.as_ptr()).codecpar }
}

/// Returns the pictures of a file, if there are several.
fn picture_tracks(container: &Container) -> Vec<PictureTrack> {
    let indices = &container.streams.pictures;
    let streams = indices.iter().filter_map(|index| container.input.stream(*index));
    let track = |stream: Stream<'_>| {
        let parameters = parameters(&stream);
        let (width, height) = (parameters.width.max(0) as u32, parameters.height.max(0) as u32);
        let (width, height) = Geometry::of(&stream).shown(width, height);
        PictureTrack {
            codec: codec_name(parameters),
            width,
            height,
            decodable: decodable(parameters),
            is_chosen: container.streams.picture == Some(stream.index()),
        }
    };
    if indices.len() < 2 { Vec::new() } else { streams.map(track).collect() }
}

/// Returns the sound tracks of a file, if there are several or one can't be decoded.
fn sound_tracks(container: &Container) -> Vec<SoundTrack> {
    let indices = &container.streams.sounds;
    let streams = indices.iter().filter_map(|index| container.input.stream(*index));
    let track = |stream: Stream<'_>| {
        let title = tag_text(&stream.metadata(), c"title");
        let decodable = match decodable(parameters(&stream)) {
            Decodability::Decodable if !is_opened(&stream) => Decodability::Unsupported,
            state => state,
        };
        let is_chosen =
            container.streams.sound == Some(stream.index()) && decodable == Decodability::Decodable;
        SoundTrack { stream: sound(&stream), title, decodable, is_chosen }
    };
    let tracks: Vec<SoundTrack> = streams.map(track).collect();
    let usual = matches!(tracks.as_slice(), [SoundTrack { decodable: Decodability::Decodable, .. }]);
    if usual { Vec::new() } else { tracks }
}

fn decodable(parameters: &ffi::AVCodecParameters) -> Decodability {
    match (is_decodable(parameters), has_decoder(parameters)) {
        (true, _) => Decodability::Decodable,
        (false, true) => Decodability::Empty,
        (false, false) => Decodability::Unsupported,
    }
}

/// Returns why none of a file's pictures can be decoded.
fn no_picture(container: &Container) -> MediaError {
    let streams = container.streams.pictures.iter().filter_map(|index| container.input.stream(*index));
    let foreign = streams.filter(|stream| !has_decoder(parameters(stream)));
    let mut codecs: Vec<String> = foreign.map(|stream| codec_name(parameters(&stream))).collect();
    codecs.dedup();
    match codecs.as_slice() {
        [] => MediaError::corrupt("the clip's picture has no size"),
        codecs => {
            let codecs = codecs.join("`, `");
            MediaError::unsupported(format!("clips in the codec `{codecs}` are not supported"))
        }
    }
}

/// Returns why a file without a picture can't be heard.
fn no_stream(sounds: &[SoundTrack]) -> MediaError {
    match sounds.iter().find(|track| track.decodable == Decodability::Unsupported) {
        Some(track) => {
            MediaError::unsupported(format!("sound in the codec `{}` is not supported", track.stream.codec))
        }
        None => MediaError::not_media("a container without picture or sound that can be read"),
    }
}

/// Returns the common name of a container; libav has one demuxer for a whole family.
fn format_name(container: &Container) -> String {
    let brand = tag_text(&container.input.metadata(), c"major_brand");
    let name = container.input.format().name().to_owned();
    match name.split(',').next().unwrap_or_default() {
        "mov" if brand.as_deref().is_none_or(|brand| brand == "qt") => "mov".into(),
        "mov" if brand.as_deref().is_some_and(|brand| brand.starts_with("M4A")) => "m4a".into(),
        "mov" if brand.as_deref().is_some_and(|brand| brand.starts_with("3g")) => "3gp".into(),
        "mov" => "mp4".into(),
        "matroska" => "mkv".into(),
        other => other.into(),
    }
}

fn rate(ratio: Rational) -> Option<Rate> {
    let (num, den) = (ratio.numerator(), ratio.denominator());
    let ratio = Rate(u32::try_from(num).ok()?, u32::try_from(den).ok()?);
    (ratio.0 > 0 && ratio.1 > 0).then_some(ratio)
}

fn color(parameters: &ffi::AVCodecParameters) -> Color {
    let known = |number: i64| u8::try_from(number).unwrap_or(2);
    // SAFETY: `format` of a video stream is a pixel format, or -1, which has no descriptor.
    let depth = unsafe {
        let format = std::mem::transmute::<i32, ffi::AVPixelFormat>(parameters.format);
        ffi::av_pix_fmt_desc_get(format).as_ref().map_or(8, |format| format.comp[0].depth)
    };
    Color {
        primaries: known(parameters.color_primaries as i64),
        transfer: known(parameters.color_trc as i64),
        matrix: known(parameters.color_space as i64),
        full_range: parameters.color_range == ffi::AVColorRange::AVCOL_RANGE_JPEG,
        depth: u8::try_from(depth).unwrap_or(8),
    }
}

/// Whether frames have unequal distances, according to the headers alone.
///
/// MP4 and MOV list every frame: one distance that differs from the usual one by more than a tenth is enough.
/// For other containers, the rate that fits all time stamps is compared with the average rate; twice the
/// average is the rate of fields.
fn has_variable_rate(container: &Container, stream: &Stream<'_>) -> bool {
    if container.input.format().name().starts_with("mov")
        && let Some(distances) = distances(stream)
    {
        let usual = distances[distances.len() / 2];
        return distances.iter().any(|distance| (distance - usual).abs() * 10 > usual);
    }
    let (steady, average) = (f64::from(stream.rate()), f64::from(stream.avg_frame_rate()));
    let ratio = steady / average;
    ratio.is_finite() && (ratio - 1.0).abs() > 0.02 && (ratio - 2.0).abs() > 0.04
}

/// Returns the sorted distances of the frames listed in the header, without the last one, which is often odd.
fn distances(stream: &Stream<'_>) -> Option<Vec<i64>> {
    // SAFETY: the stream is alive and its list is only read, one entry at a time.
    let times: Vec<i64> = unsafe {
        let stream = stream.as_ptr().cast_mut();
        let count = ffi::avformat_index_get_entries_count(stream).min(MOST_DISTANCES);
        (0..count)
            .filter_map(|at| Some(ffi::avformat_index_get_entry(stream, at).as_ref()?.timestamp))
            .collect()
    };
    let mut distances: Vec<i64> = times.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect();
    distances.pop();
    distances.sort_unstable();
    (!distances.is_empty()).then_some(distances)
}
