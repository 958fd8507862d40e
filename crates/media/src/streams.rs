//! Chooses the picture and the sound of a file among its streams: the same for every reader.

use std::cmp::Reverse;
use std::ffi::CStr;

use ffmpeg_next::format::context::Input;
use ffmpeg_next::{Stream, codec, ffi, media};

use super::tag_text::tag_text;

/// The streams of a file that are its picture and its sound.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ChosenStreams {
    /// The index of the picture; `None` if there is none that can be decoded.
    pub picture: Option<usize>,
    /// The index of the sound; `None` if there is none that can be decoded.
    pub sound: Option<usize>,
    /// The indices of all moving pictures, whether they can be decoded or not.
    pub pictures: Vec<usize>,
    /// The indices of all sound tracks, whether they can be decoded or not.
    pub sounds: Vec<usize>,
}

/// Streams at least this long, in hundredths of the longest one, count as equally long.
const SAME_LENGTH: i64 = 90;

/// Codecs of still pictures: with sound, a single frame in one of them is a cover.
const STILL_CODECS: [ffi::AVCodecID; 6] = [
    ffi::AVCodecID::AV_CODEC_ID_MJPEG,
    ffi::AVCodecID::AV_CODEC_ID_PNG,
    ffi::AVCodecID::AV_CODEC_ID_BMP,
    ffi::AVCodecID::AV_CODEC_ID_GIF,
    ffi::AVCodecID::AV_CODEC_ID_TIFF,
    ffi::AVCodecID::AV_CODEC_ID_WEBP,
];

impl ChosenStreams {
    /// Chooses among the streams of a container. `count` returns how many frames the named streams have, as
    /// far as it matters; it is only called if the headers don't tell a cover from a moving picture.
    pub(super) fn of(input: &Input, count: impl FnOnce(&[usize]) -> Option<Vec<u32>>) -> Self {
        let of = |medium| input.streams().filter(move |stream| stream.parameters().medium() == medium);
        let mut sounds: Vec<Track> = of(media::Type::Audio).map(|stream| Track::of(&stream)).collect();
        if sounds.len() > 1 {
            for (sound, stream) in sounds.iter_mut().zip(of(media::Type::Audio)) {
                sound.is_decodable &= is_opened(&stream);
            }
        }
        let pictures = of(media::Type::Video).filter(|stream| !is_cover(stream));
        let pictures = moving(pictures.map(|stream| Track::of(&stream)).collect(), !sounds.is_empty(), count);
        let index = |track: &Track| track.index;
        let sound = best(&sounds);
        let picture = best(&pictures).map(|first| largest_rendition(first, &pictures));
        Self {
            picture: picture.map(index),
            sound: sound.map(index),
            pictures: pictures.iter().map(index).collect(),
            sounds: sounds.iter().map(index).collect(),
        }
    }
}

/// What decides between streams of one kind.
#[derive(Clone, Copy)]
struct Track {
    index: usize,
    is_decodable: bool,
    /// Whether it only adds to another stream: depth, an enhancement layer, a description for the blind.
    is_auxiliary: bool,
    is_default: bool,
    is_still_codec: bool,
    /// Number of frames according to the headers; zero if unknown.
    frames: i64,
    /// In microseconds, if the headers say so.
    length: Option<i64>,
    /// Width and height in pixels; channels and 1 of sound.
    size: (i64, i64),
    bit_rate: i64,
}

impl Track {
    fn of(stream: &Stream<'_>) -> Self {
        // SAFETY: a stream and its parameters are alive as long as their container.
        let (disposition, parameters) =
            unsafe { ((*stream.as_ptr()).disposition, &*(*stream.as_ptr()).codecpar) };
        let has = |flags: i32| disposition & flags != 0;
        let is_sound = parameters.codec_type == ffi::AVMediaType::AVMEDIA_TYPE_AUDIO;
        let aside = if is_sound {
            ffi::AV_DISPOSITION_VISUAL_IMPAIRED
                | ffi::AV_DISPOSITION_HEARING_IMPAIRED
                | ffi::AV_DISPOSITION_COMMENT
                | ffi::AV_DISPOSITION_DESCRIPTIONS
        } else {
            ffi::AV_DISPOSITION_DEPENDENT | ffi::AV_DISPOSITION_METADATA
        };
        let size = match is_sound {
            true => (channels(parameters).into(), 1),
            false => (parameters.width.max(0).into(), parameters.height.max(0).into()),
        };
        Self {
            index: stream.index(),
            is_decodable: is_decodable(parameters),
            is_auxiliary: has(aside) || (!is_sound && is_grey(parameters)),
            is_default: has(ffi::AV_DISPOSITION_DEFAULT),
            is_still_codec: STILL_CODECS.contains(&parameters.codec_id),
            frames: if has(ffi::AV_DISPOSITION_STILL_IMAGE) { 1 } else { stream.frames() },
            length: length(stream),
            size,
            bit_rate: parameters.bit_rate.max(0),
        }
    }

    fn area(&self) -> i64 {
        self.size.0 * self.size.1
    }

    /// Whether it shows a picture of the same shape, within a hundredth.
    fn has_shape_of(&self, other: &Self) -> bool {
        let (one, two) = (self.size.0 * other.size.1, other.size.0 * self.size.1);
        (one - two).abs() * 100 <= one.max(two)
    }
}

/// Whether a stream can be decoded here: there is a decoder for it, and the file says what it needs.
pub(super) fn is_decodable(parameters: &ffi::AVCodecParameters) -> bool {
    let has_shape = match parameters.codec_type {
        ffi::AVMediaType::AVMEDIA_TYPE_AUDIO => parameters.sample_rate > 0 && channels(parameters) > 0,
        _ => parameters.width > 0 && parameters.height > 0,
    };
    has_shape && has_decoder(parameters)
}

/// Whether the decoder of a sound stream accepts it; some profiles of a codec are not implemented.
pub(super) fn is_opened(stream: &Stream<'_>) -> bool {
    let context = codec::Context::from_parameters(stream.parameters());
    context.is_ok_and(|context| context.decoder().audio().is_ok())
}

/// Whether libav was built with a decoder for a stream.
pub(super) fn has_decoder(parameters: &ffi::AVCodecParameters) -> bool {
    // SAFETY: looks up a static table.
    unsafe { !ffi::avcodec_find_decoder(parameters.codec_id).is_null() }
}

/// Returns the number of channels of a sound stream.
pub(super) fn channels(parameters: &ffi::AVCodecParameters) -> u32 {
    parameters.ch_layout.nb_channels.max(0) as u32
}

/// Returns the name of a stream's codec, or the four letters by which the file names it if libav doesn't know
/// it.
pub(super) fn codec_name(parameters: &ffi::AVCodecParameters) -> String {
    if parameters.codec_id == ffi::AVCodecID::AV_CODEC_ID_NONE {
        let letters = parameters.codec_tag.to_le_bytes();
        let named = letters.iter().all(|letter| letter.is_ascii_graphic());
        return if named { letters.map(char::from).iter().collect() } else { "unknown".into() };
    }
    // SAFETY: libav's names are static texts; unknown codecs are `unknown_codec`.
    let name = unsafe { CStr::from_ptr(ffi::avcodec_get_name(parameters.codec_id)) };
    name.to_string_lossy().into_owned()
}

/// Whether a stream is a cover, or pictures of chapters.
fn is_cover(stream: &Stream<'_>) -> bool {
    let covers = ffi::AV_DISPOSITION_ATTACHED_PIC | ffi::AV_DISPOSITION_TIMED_THUMBNAILS;
    // SAFETY: reads a number of a live stream.
    unsafe { (*stream.as_ptr()).disposition & covers != 0 }
}

/// Whether a picture has no colours: the depth of another picture, or its transparency.
fn is_grey(parameters: &ffi::AVCodecParameters) -> bool {
    // SAFETY: `format` of a video stream is a pixel format, or -1, which has no descriptor.
    unsafe {
        let format = std::mem::transmute::<i32, ffi::AVPixelFormat>(parameters.format);
        let palette = ffi::AV_PIX_FMT_FLAG_PAL as u64;
        ffi::av_pix_fmt_desc_get(format)
            .as_ref()
            .is_some_and(|format| format.nb_components < 3 && format.flags & palette == 0)
    }
}

/// Returns how long a stream is, in microseconds, if the file says so. Matroska says it in a tag.
fn length(stream: &Stream<'_>) -> Option<i64> {
    let (num, den) = (stream.time_base().numerator(), stream.time_base().denominator());
    let ticks = Some(stream.duration()).filter(|&ticks| ticks > 0);
    let micros = |ticks: i64| i128::from(ticks) * i128::from(num) * 1_000_000 / i128::from(den.max(1));
    ticks.and_then(|ticks| i64::try_from(micros(ticks)).ok()).or_else(|| tagged_end(stream))
}

/// Returns the end of a stream in microseconds according to its tag, which libavformat and mkvmerge write into
/// Matroska; older versions of mkvmerge add the language.
pub(super) fn tagged_end(stream: &Stream<'_>) -> Option<i64> {
    let tags = stream.metadata();
    let tag = tag_text(&tags, c"DURATION").or_else(|| tag_text(&tags, c"DURATION-eng"))?;
    let mut parts = tag.split(':').map(|part| part.trim().parse::<f64>().ok());
    let seconds = parts.try_fold(0.0, |all, part| Some(all * 60.0 + part?))?;
    (seconds.is_finite() && seconds > 0.0).then_some((seconds * 1e6) as i64)
}

/// Returns the pictures that move: all except stills beside a moving picture, and covers beside sound.
fn moving(
    mut pictures: Vec<Track>,
    has_sound: bool,
    count: impl FnOnce(&[usize]) -> Option<Vec<u32>>,
) -> Vec<Track> {
    let may_be_cover = |picture: &Track| has_sound && picture.is_still_codec;
    let several = pictures.len() > 1;
    let is_open = |picture: &Track| picture.frames <= 0 && (several || may_be_cover(picture));
    if pictures.iter().any(is_open) {
        let wanted: Vec<usize> = pictures.iter().map(|picture| picture.index).collect();
        let counts = count(&wanted).unwrap_or_default();
        for (picture, counted) in pictures.iter_mut().zip(counts) {
            // A stream without any frame shows no more than a still.
            picture.frames = picture.frames.max(i64::from(counted.max(1)));
        }
    }
    let any_moves = pictures.iter().any(|picture| picture.frames != 1);
    pictures.retain(|picture| picture.frames != 1 || !(any_moves || may_be_cover(picture)));
    pictures
}

/// Returns the stream that is meant to be used among those that can be decoded: the main one, flagged as the
/// default, of full length, the largest, of the most bits; the first of equal ones.
fn best(tracks: &[Track]) -> Option<&Track> {
    let decodable = || tracks.iter().filter(|track| track.is_decodable);
    let longest = decodable().filter_map(|track| track.length).max().unwrap_or(0);
    let rank = |track: &&Track| {
        let is_long = is_as_long(track, longest);
        (!track.is_auxiliary, track.is_default, is_long, track.area(), track.bit_rate, Reverse(track.index))
    };
    decodable().max_by_key(rank)
}

fn is_as_long(track: &Track, longest: i64) -> bool {
    track
        .length
        .is_none_or(|length| i128::from(length) * 100 >= i128::from(longest) * i128::from(SAME_LENGTH))
}

/// Returns the largest of several encodings of one picture: as long as `chosen` and of its shape.
fn largest_rendition<'a>(chosen: &'a Track, tracks: &'a [Track]) -> &'a Track {
    let same_length = |track: &Track| match (track.length, chosen.length) {
        (Some(one), Some(other)) => is_as_long(track, other) && is_as_long(chosen, one),
        _ => true,
    };
    let is_same = |track: &&Track| {
        track.is_decodable
            && track.is_auxiliary == chosen.is_auxiliary
            && track.has_shape_of(chosen)
            && same_length(track)
    };
    let larger = tracks.iter().filter(is_same).filter(|track| track.area() > chosen.area());
    larger.max_by_key(|track| (track.area(), track.bit_rate, Reverse(track.index))).unwrap_or(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(index: usize, size: (i64, i64)) -> Track {
        Track {
            index,
            is_decodable: true,
            is_auxiliary: false,
            is_default: false,
            is_still_codec: false,
            frames: 100,
            length: Some(4_000_000),
            size,
            bit_rate: 0,
        }
    }

    fn chosen(tracks: &[Track]) -> Option<usize> {
        best(tracks).map(|first| largest_rendition(first, tracks)).map(|track| track.index)
    }

    #[test]
    fn the_default_then_the_longest_then_the_largest_is_chosen() {
        let wide = picture(0, (1280, 720));
        let tall = picture(1, (640, 1136));
        assert_eq!(chosen(&[wide, tall]), Some(0));
        assert_eq!(chosen(&[wide, Track { is_default: true, ..tall }]), Some(1));
        assert_eq!(chosen(&[Track { length: Some(2_000_000), ..wide }, tall]), Some(1));
        assert_eq!(chosen(&[Track { is_decodable: false, ..wide }, tall]), Some(1));
        assert_eq!(chosen(&[Track { is_auxiliary: true, is_default: true, ..wide }, tall]), Some(1));
        // Equal ones: the first; more bits; unknown lengths count as full.
        assert_eq!(chosen(&[wide, picture(1, (1280, 720))]), Some(0));
        assert_eq!(chosen(&[wide, Track { bit_rate: 9, ..picture(1, (1280, 720)) }]), Some(1));
        assert_eq!(chosen(&[Track { length: None, ..wide }, tall]), Some(0));
        assert_eq!(chosen(&[]), None);
    }

    #[test]
    fn of_several_sizes_of_one_picture_the_largest_is_chosen() {
        let small = Track { is_default: true, ..picture(0, (640, 360)) };
        let large = picture(1, (1280, 720));
        assert_eq!(chosen(&[small, large]), Some(1));
        assert_eq!(chosen(&[small, Track { length: Some(1_000_000), ..large }]), Some(0));
        assert_eq!(chosen(&[small, Track { is_decodable: false, ..large }]), Some(0));
    }

    #[test]
    fn stills_are_left_out_and_counted_only_if_the_headers_dont_say() {
        let never = |_: &[usize]| panic!("the headers say it");
        let still = Track { frames: 1, is_still_codec: true, ..picture(0, (9, 9)) };
        let film = picture(1, (4, 4));
        let index = |tracks: Vec<Track>| tracks.iter().map(|track| track.index).collect::<Vec<_>>();
        assert_eq!(index(moving(vec![still, film], false, never)), [1]);
        assert!(moving(vec![still], true, never).is_empty());
        assert_eq!(index(moving(vec![still], false, never)), [0]);
        assert_eq!(index(moving(vec![Track { is_still_codec: false, ..still }], true, never)), [0]);
        let open = |track: Track| Track { frames: 0, ..track };
        assert_eq!(index(moving(vec![open(film)], true, never)), [1]);
        let counted = moving(vec![open(still), open(film)], true, |wanted| {
            assert_eq!(wanted, [0, 1]);
            Some(vec![1, 128])
        });
        assert_eq!(index(counted), [1]);
    }
}
