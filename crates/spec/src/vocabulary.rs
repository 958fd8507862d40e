//! The keys of movie.yaml.

use super::medium_keys::{AUDIO, CAMERA, ENTRY, MEDIUM};
use super::output_keys::{
    ASPECT, CODEC, MAX_SIZE, POSTER, POSTER_KEY, PREVIEW, QUALITY, RATE, SIZE, SUBTITLES, TARGET,
};
use super::shape::{Bounds, Forms, Key, SOME, Shape, Table, WITHIN, Word};
use super::words::Choice;
use super::{CutOn, Fit, LivePhotos, Look, Order, Pace, PhotoMotion, TransitionKind};
use mmm_base::Time;

const LENGTH: Bounds = Bounds::new(Time::from_secs(1), Time::from_secs(6 * 3600));
const SHIFT: Bounds = Bounds::new(Time::from_secs(-10), Time::from_secs(10));
const SHOT: Bounds = Bounds::new(Time::from_millis(100), Time::from_secs(600));
const GAP: Bounds = Bounds::new(Time::from_secs(1), Time::from_secs(365 * 86_400));
const CROSSFADE: Bounds = Bounds::new(Time::ZERO, Time::from_secs(30));
const STAY: Bounds = Bounds::new(Time::from_millis(100), Time::from_secs(600));

/// Most entries of a list.
const MOST: usize = 10_000;

const TITLE: Key = Key {
    name: "title",
    shape: &Shape::Text { longest: 200, may_be_empty: true },
    required: false,
    default: "",
    example: "\"Lisbon, June\"",
    doc: "Shown over the opening and written to the file's metadata. An empty text in an output removes it.",
};

const PROMPT: Key = Key {
    name: "prompt",
    shape: &Shape::Text { longest: 10_000, may_be_empty: true },
    required: false,
    default: "",
    example: "\"Calm at first, finish on the beach.\"",
    doc: "What the movie is about, in your own words.",
};

const MUSIC: Key = Key {
    name: "music",
    shape: &Shape::Forms(Forms {
        scalar: Some(&Shape::File),
        list: Some(&Shape::List { of: &ONE_TRACK, least: 0, most: 100 }),
        map: Some(&Shape::Table(&TRACK)),
    }),
    required: false,
    default: "[]",
    example: "song.mp3",
    doc: "A track, or a list of tracks that play one after the other. An empty list in an output removes \
          the music.",
};

const DURATION: Key = Key {
    name: "duration",
    shape: &Shape::Length(LENGTH),
    required: false,
    default: "",
    example: "60s",
    doc: "The length of the movie: exactly `60s`, anything in `45s..75s`, or the length of the `music`. By \
          default, it is as long as the media allow, up to the end of the music; music of less than 3 s \
          doesn't shorten it.",
};

const STYLE_KEY: Key = Key {
    name: "style",
    shape: &Shape::Table(&STYLE),
    required: false,
    default: "{}",
    example: "{ pace: calm }",
    doc: "How the movie looks, sounds and moves.",
};

const CONSTRAINTS_KEY: Key = Key {
    name: "constraints",
    shape: &Shape::Table(&CONSTRAINTS),
    required: false,
    default: "{}",
    example: "{ repeats: 1 }",
    doc: "Rules that the movie must follow, whatever the music and the media are.",
};

/// The whole file.
pub(super) static MOVIE: Table = Table {
    name: "movie",
    doc: "What a movie is made from, how it looks and sounds, and the rules that it must follow.",
    keys: &[
        Key {
            name: "mmm",
            shape: &Shape::Version(1),
            required: false,
            default: "1",
            example: "1",
            doc: "The version of the language.",
        },
        TITLE,
        PROMPT,
        Key {
            name: "media",
            shape: &Shape::Forms(Forms {
                scalar: Some(&Shape::Pattern { may_drop: false }),
                list: Some(&Shape::List { of: &ENTRY, least: 1, most: MOST }),
                map: None,
            }),
            required: true,
            default: "",
            example: "[photos/, \"clips/*.mp4\"]",
            doc: "The photos and clips: files, folders and globs, relative to the spec. A leading `!` \
                  excludes files.",
        },
        Key {
            name: "cameras",
            shape: &Shape::Named(&CAMERA),
            required: false,
            default: "{}",
            example: "{ Canon R7: { clock: -1h } }",
            doc: "Corrections of the clocks of cameras, by the names that `mmm analyze` shows. A part of \
                  the name is enough.",
        },
        MUSIC,
        DURATION,
        TARGET,
        ASPECT,
        SIZE,
        QUALITY,
        MAX_SIZE,
        CODEC,
        RATE,
        STYLE_KEY,
        CONSTRAINTS_KEY,
        Key {
            name: "outputs",
            shape: &Shape::Outputs(&OUTPUT),
            required: false,
            default: "{ movie.mp4: {} }",
            example: "{ story.mp4: { aspect: \"9:16\" } }",
            doc: "The files to write (MP4, MOV or WebM), each with the keys that it overrides.",
        },
    ],
};

/// What an output may override; `style` and `constraints` key by key.
pub(super) static OUTPUT: Table = Table {
    name: "output",
    doc: "The keys that one output overrides. `style` and `constraints` are merged key by key.",
    keys: &[
        TITLE,
        PROMPT,
        MUSIC,
        DURATION,
        TARGET,
        ASPECT,
        SIZE,
        QUALITY,
        MAX_SIZE,
        CODEC,
        RATE,
        STYLE_KEY,
        CONSTRAINTS_KEY,
        POSTER_KEY,
        PREVIEW,
        SUBTITLES,
    ],
};

const ONE_TRACK: Shape =
    Shape::Forms(Forms { scalar: Some(&Shape::File), list: None, map: Some(&Shape::Table(&TRACK)) });

/// A track of `music`, written as a mapping.
pub(super) static TRACK: Table = Table {
    name: "track",
    doc: "A piece of music, and where in it to start.",
    keys: &[
        Key {
            name: "path",
            shape: &Shape::File,
            required: true,
            default: "",
            example: "music/song.mp3",
            doc: "The file, relative to the spec.",
        },
        Key {
            name: "from",
            shape: &Shape::Time(WITHIN),
            required: false,
            default: "",
            example: "12s",
            doc: "Where in the file the music starts. By default, the planner chooses the start.",
        },
        AUDIO,
        Key {
            name: "to",
            shape: &Shape::Time(SOME),
            required: false,
            default: "",
            example: "90s",
            doc: "Where in the file the music ends. By default, at its last sound: silence at the end is \
                  skipped.",
        },
        Key {
            name: "loop",
            shape: &Shape::Flag,
            required: false,
            default: "false",
            example: "true",
            doc: "Whether the track begins again, on a bar, until the movie ends. Only the last track can be \
                  a loop.",
        },
        Key {
            name: "crossfade",
            shape: &Shape::Time(CROSSFADE),
            required: false,
            default: "",
            example: "2s",
            doc: "How long the track overlaps with the next one, or with itself if it is a loop.",
        },
        Key {
            name: "beats",
            shape: &Shape::Forms(Forms {
                scalar: Some(&Shape::File),
                list: None,
                map: Some(&Shape::Table(&BEATS)),
            }),
            required: false,
            default: "{}",
            example: "{ multiply: 2, offset: -20ms }",
            doc: "Corrections of the detected beats, or a file that lists the beats.",
        },
    ],
};

/// `beats` of a track, written as a mapping.
pub(super) static BEATS: Table = Table {
    name: "beats",
    doc: "Corrections of the beats that were detected in a track.",
    keys: &[
        Key {
            name: "file",
            shape: &Shape::File,
            required: false,
            default: "",
            example: "song.beats",
            doc: "A list that replaces the detected beats. Each line has a time in seconds and, if known, \
                  the place in the bar, 1 for the first. `mmm beats SONG --list OUT` writes one.",
        },
        Key {
            name: "multiply",
            shape: &Shape::Factor,
            required: false,
            default: "1",
            example: "2",
            doc: "Multiplies the number of beats: `2` adds one between every two, `0.5` keeps every second \
                  one.",
        },
        Key {
            name: "offset",
            shape: &Shape::Shift(SHIFT),
            required: false,
            default: "0ms",
            example: "-20ms",
            doc: "How much later all beats come; a negative time moves them earlier.",
        },
        Key {
            name: "first-downbeat",
            shape: &Shape::Time(WITHIN),
            required: false,
            default: "",
            example: "1.92s",
            doc: "A time at which a bar begins. Bars are counted from the beat nearest to it.",
        },
    ],
};

const AUTO: Word = Word {
    name: "auto",
    doc: "Cuts, with a dissolve where a new chapter begins; a fade from black at the start and to black at \
          the end.",
};
const KINDS: &[Word] = TransitionKind::WORDS;

/// `style`.
pub(super) static STYLE: Table = Table {
    name: "style",
    doc: "How the movie looks, sounds and moves.",
    keys: &[
        Key {
            name: "pace",
            shape: &Shape::Word(Pace::WORDS),
            required: false,
            default: "auto",
            example: "calm",
            doc: "How fast cuts follow each other.",
        },
        Key {
            name: "transitions",
            shape: &Shape::Forms(Forms {
                scalar: Some(&Shape::Word(&[
                    AUTO,
                    Word { ..KINDS[0] },
                    Word { ..KINDS[1] },
                    Word { ..KINDS[2] },
                    Word { ..KINDS[3] },
                    Word { ..KINDS[4] },
                    Word { ..KINDS[5] },
                ])),
                list: Some(&Shape::List { of: &Shape::Word(KINDS), least: 1, most: KINDS.len() }),
                map: None,
            }),
            required: false,
            default: "auto",
            example: "[cut, dissolve]",
            doc: "How one shot changes to the next. Only the kinds that you name are used. If `cut` is \
                  among several, the others mark chapters. No transition moves a cut or shortens the movie.",
        },
        Key {
            name: "dip",
            shape: &Shape::WordOrColour(&[
                Word { name: "black", doc: "Through black." },
                Word { name: "white", doc: "Through white, like a flash." },
            ]),
            required: false,
            default: "black",
            example: "\"#f4efe6\"",
            doc: "The colour of a `dip`, between shots and at the ends of the movie. Without `dip` in \
                  `transitions`, the ends stay black.",
        },
        Key {
            name: "photos",
            shape: &Shape::Word(PhotoMotion::WORDS),
            required: false,
            default: "ken-burns",
            example: "still",
            doc: "Whether photos move.",
        },
        Key {
            name: "live-photos",
            shape: &Shape::Word(LivePhotos::WORDS),
            required: false,
            default: "auto",
            example: "still",
            doc: "Whether Live Photos and Motion Photos play. The shot contains the moment of the photo.",
        },
        Key {
            name: "fit",
            shape: &Shape::Word(Fit::WORDS),
            required: false,
            default: "auto",
            example: "contain",
            doc: "How a picture with another aspect ratio fits into the frame.",
        },
        Key {
            name: "look",
            shape: &Shape::WordOrFile(Look::WORDS, ".cube"),
            required: false,
            default: "natural",
            example: "film",
            doc: "The colours of the whole movie: a preset, or your own `.cube` file (a LUT for BT.709). \
                  Text stays white.",
        },
        Key {
            name: "steady",
            shape: &Shape::Flag,
            required: false,
            default: "false",
            example: "true",
            doc: "Whether handheld clips are stabilized. Slow pans stay, and up to a tenth of the picture \
                  is lost at the edges. Each such clip is read several times.",
        },
        Key {
            name: "titles",
            shape: &Shape::Forms(Forms {
                scalar: Some(&Shape::Word(&[
                    Word { name: "auto", doc: "The movie's title over the opening, and captions." },
                    Word { name: "off", doc: "No text at all." },
                ])),
                list: Some(&Shape::List { of: &Shape::Table(&WORDS_OVER), least: 0, most: 1000 }),
                map: None,
            }),
            required: false,
            default: "auto",
            example: "[{ text: Day one, at: 2s, for: 3s }]",
            doc: "Text over the picture: `auto`, `off`, or your own list of titles in addition to the \
                  captions.",
        },
        Key {
            name: "loudness",
            shape: &Shape::Loudness { least: -40, most: -5 },
            required: false,
            default: "-14 LUFS",
            example: "-23 LUFS",
            doc: "The integrated loudness of the finished movie (EBU R128), from -40 to -5 LUFS.",
        },
    ],
};

/// An entry of `style.titles`.
pub(super) static WORDS_OVER: Table = Table {
    name: "title",
    doc: "A title: its text, when it appears and how long it stays.",
    keys: &[
        Key {
            name: "text",
            shape: &Shape::Text { longest: 200, may_be_empty: false },
            required: true,
            default: "",
            example: "Day one",
            doc: "The text.",
        },
        Key {
            name: "at",
            shape: &Shape::Time(WITHIN),
            required: true,
            default: "",
            example: "2s",
            doc: "When it appears, counted from the start of the movie.",
        },
        Key {
            name: "for",
            shape: &Shape::Time(STAY),
            required: true,
            default: "",
            example: "3s",
            doc: "How long it stays.",
        },
    ],
};

/// `constraints`.
pub(super) static CONSTRAINTS: Table = Table {
    name: "constraints",
    doc: "Rules that the movie must follow, whatever the music and the media are.",
    keys: &[
        Key {
            name: "order",
            shape: &Shape::Word(Order::WORDS),
            required: false,
            default: "chronological",
            example: "as-listed",
            doc: "The order of the shots.",
        },
        Key {
            name: "shot",
            shape: &Shape::Range(SHOT),
            required: false,
            default: "",
            example: "0.8s..6s",
            doc: "The shortest and the longest shot. By default, the pace decides.",
        },
        Key {
            name: "repeats",
            shape: &Shape::Count { least: 0, most: 100 },
            required: false,
            default: "0",
            example: "1",
            doc: "How often a photo or clip may repeat.",
        },
        Key {
            name: "cut-on",
            shape: &Shape::Word(CutOn::WORDS),
            required: false,
            default: "beat",
            example: "downbeat",
            doc: "Where cuts may fall.",
        },
        Key {
            name: "chapter-gap",
            shape: &Shape::Time(GAP),
            required: false,
            default: "1h",
            example: "30min",
            doc: "A gap between capture times that is longer than this starts a new chapter.",
        },
        Key {
            name: "people",
            shape: &Shape::Shots(100),
            required: false,
            default: "{}",
            example: "{ Anna: 3.. }",
            doc: "In how many shots certain people must be at least, each with another photo or clip.",
        },
    ],
};

/// Every table, in the order of the reference.
pub(super) static TABLES: [&Table; 10] =
    [&MOVIE, &MEDIUM, &CAMERA, &TRACK, &BEATS, &STYLE, &WORDS_OVER, &CONSTRAINTS, &OUTPUT, &POSTER];
