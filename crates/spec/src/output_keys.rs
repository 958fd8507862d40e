//! The keys that say what kind of file an output is: its shape, size, quality and codec, and what is written
//! beside it.

use super::shape::{Forms, Key, Shape, Table, WITHIN};
use super::words::Choice;
use super::{Aspect, Codec, FrameRate, FrameSize, PictureFormat, Quality, SubtitleFormat, Target};

pub(super) const TARGET: Key = Key {
    name: "for",
    shape: &Shape::Word(Target::WORDS),
    required: false,
    default: "",
    example: "whatsapp",
    doc: "Where the movie will be shown. Sets the keys that suit this place ([outputs.md](outputs.md)); keys \
          written beside it override it.",
};

pub(super) const ASPECT: Key = Key {
    name: "aspect",
    shape: &Shape::Word(Aspect::WORDS),
    required: false,
    default: "16:9",
    example: "\"9:16\"",
    doc: "The aspect ratio of the picture, width to height.",
};

pub(super) const CODEC: Key = Key {
    name: "codec",
    shape: &Shape::Word(Codec::WORDS),
    required: false,
    default: "h264",
    example: "hevc",
    doc: "The video codec. A `.webm` file is always `av1`, and drafts are always `h264`.",
};

pub(super) const RATE: Key = Key {
    name: "rate",
    shape: &Shape::Word(FrameRate::WORDS),
    required: false,
    default: "auto",
    example: "25",
    doc: "Frames per second (fps). In clips with another rate, some frames last longer than others or are \
          dropped.",
};

pub(super) const SIZE: Key = Key {
    name: "size",
    shape: &Shape::Word(FrameSize::WORDS),
    required: false,
    default: "1080",
    example: "2160",
    doc: "The pixels on the shorter side of the picture. With `21:9`, the picture is as wide as one of `16:9`. \
          Drafts always have the same size.",
};

pub(super) const QUALITY: Key = Key {
    name: "quality",
    shape: &Shape::Word(Quality::WORDS),
    required: false,
    default: "good",
    example: "best",
    doc: "How close the picture comes to the original, and how large the file becomes.",
};

pub(super) const MAX_SIZE: Key = Key {
    name: "max-size",
    shape: &Shape::Bytes { least: 100_000, most: 1_000_000_000_000 },
    required: false,
    default: "none",
    example: "16MB",
    doc: "The most bytes that the final movie may have. If it has more, the picture and then the sound are encoded \
          again with fewer ([outputs.md](outputs.md)). `none` removes a limit from above or of `for`.",
};

pub(super) const POSTER_KEY: Key = Key {
    name: "poster",
    shape: &Shape::Forms(Forms {
        scalar: Some(&Shape::FileEnding(PictureFormat::STILLS)),
        list: None,
        map: Some(&Shape::Table(&POSTER)),
    }),
    required: false,
    default: "",
    example: "movie.jpg",
    doc: "A picture of the final movie at full size, for links and lists.",
};

pub(super) const PREVIEW: Key = Key {
    name: "preview",
    shape: &Shape::FileEnding(PictureFormat::MOVING),
    required: false,
    default: "",
    example: "movie.gif",
    doc: "A loop of the final movie's best shots: about five seconds, 480 pixels on the longer \
          side, at most 4 MB.",
};

pub(super) const SUBTITLES: Key = Key {
    name: "subtitles",
    shape: &Shape::FileEnding(SubtitleFormat::ENDINGS),
    required: false,
    default: "",
    example: "movie.srt",
    doc: "A file with the texts of the final movie and their times: SubRip (`.srt`) or WebVTT (`.vtt`). The \
          movie also contains them as a text track.",
};

/// `poster` of an output, written as a mapping.
pub(super) static POSTER: Table = Table {
    name: "poster",
    doc: "Where the picture is written, and what it shows.",
    keys: &[
        Key {
            name: "path",
            shape: &Shape::FileEnding(PictureFormat::STILLS),
            required: true,
            default: "",
            example: "movie.jpg",
            doc: "The file, relative to the spec.",
        },
        Key {
            name: "at",
            shape: &Shape::Time(WITHIN),
            required: false,
            default: "",
            example: "12s",
            doc: "The time in the movie; the picture includes any text shown then. By default, the middle \
                  of the best shot without text.",
        },
    ],
};
