//! The keys of movie.yaml.

use super::shape::{Bounds, Forms, Key, Shape, Table, Word};
use super::words::Choice;
use super::{
    Aspect, ClipSound, Codec, CutOn, Fit, FrameRate, Look, Order, Pace, PhotoMotion, PictureFormat, Role,
    TransitionKind,
};
use mmm_base::Time;

const DAY: Time = Time::from_secs(86_400);
const LENGTH: Bounds = Bounds::new(Time::from_secs(1), Time::from_secs(6 * 3600));
const SHIFT: Bounds = Bounds::new(Time::from_secs(-10), Time::from_secs(10));
const SHOT: Bounds = Bounds::new(Time::from_millis(100), Time::from_secs(600));
const GAP: Bounds = Bounds::new(Time::from_secs(1), Time::from_secs(365 * 86_400));
const WITHIN: Bounds = Bounds::new(Time::ZERO, DAY);
const SOME: Bounds = Bounds::new(Time::from_millis(1), DAY);
const STAY: Bounds = Bounds::new(Time::from_millis(100), Time::from_secs(600));

/// Most entries of a list.
const MOST: usize = 10_000;

const TITLE: Key = Key {
    name: "title",
    shape: &Shape::Text { longest: 200, may_be_empty: true },
    required: false,
    default: "",
    example: "\"Lisbon, June\"",
    doc: "Stands over the opening and in the file's metadata. An empty text in an output takes it away.",
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
    doc: "A track, or a list of tracks that follow each other. An empty list in an output takes the music away.",
};

const DURATION: Key = Key {
    name: "duration",
    shape: &Shape::Length(LENGTH),
    required: false,
    default: "",
    example: "60s",
    doc: "How long the movie is: exactly `60s`, somewhere in `45s..75s`, or as long as the `music`. Not \
          said, it is as long as there is something to show, up to the end of the music.",
};

const ASPECT: Key = Key {
    name: "aspect",
    shape: &Shape::Word(Aspect::WORDS),
    required: false,
    default: "16:9",
    example: "\"9:16\"",
    doc: "The shape of the picture, width to height.",
};

const CODEC: Key = Key {
    name: "codec",
    shape: &Shape::Word(Codec::WORDS),
    required: false,
    default: "h264",
    example: "hevc",
    doc: "How the picture is encoded. A `.webm` is always `av1`, and drafts are always `h264`.",
};

const RATE: Key = Key {
    name: "rate",
    shape: &Shape::Word(FrameRate::WORDS),
    required: false,
    default: "auto",
    example: "25",
    doc: "Frames a second. Of clips with another rate some pictures stand for longer than others, or are left out.",
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
    doc: "What must hold, whatever the music and the media are.",
};

/// The whole file.
pub(super) static MOVIE: Table = Table {
    name: "movie",
    doc: "What a movie is about and what must hold of it.",
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
            doc: "The photos and clips: files, folders and globs, relative to the spec. A leading `!` takes away.",
        },
        MUSIC,
        DURATION,
        ASPECT,
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
            doc: "The files to make, MP4, MOV or WebM, each with what it has otherwise than the rest of the spec.",
        },
    ],
};

/// What an output may override; `style` and `constraints` key by key.
pub(super) static OUTPUT: Table = Table {
    name: "output",
    doc: "What one output has otherwise. `style` and `constraints` are merged key by key.",
    keys: &[
        TITLE,
        PROMPT,
        MUSIC,
        DURATION,
        ASPECT,
        CODEC,
        RATE,
        STYLE_KEY,
        CONSTRAINTS_KEY,
        Key {
            name: "poster",
            shape: &Shape::Forms(Forms {
                scalar: Some(&Shape::FileEnding(PictureFormat::STILLS)),
                list: None,
                map: Some(&Shape::Table(&POSTER)),
            }),
            required: false,
            default: "",
            example: "movie.jpg",
            doc: "A picture of the final movie, at its full size, for where it is linked or listed.",
        },
        Key {
            name: "preview",
            shape: &Shape::FileEnding(PictureFormat::MOVING),
            required: false,
            default: "",
            example: "movie.gif",
            doc: "A loop of the final movie's best shots, some five seconds, 480 pixels on the longer side and 4 MB at most.",
        },
    ],
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
            doc: "The time in the movie, as it is there, words and all. Not said, the middle of the best shot without words.",
        },
    ],
};

const ENTRY: Shape = Shape::Forms(Forms {
    scalar: Some(&Shape::Pattern { may_drop: true }),
    list: None,
    map: Some(&Shape::Table(&MEDIUM)),
});

/// An entry of `media`, written as a mapping.
pub(super) static MEDIUM: Table = Table {
    name: "medium",
    doc: "A file, a folder or a glob, with what is known of what it names.",
    keys: &[
        Key {
            name: "path",
            shape: &Shape::Pattern { may_drop: false },
            required: true,
            default: "",
            example: "clips/dive.mp4",
            doc: "A file, a folder or a glob, relative to the spec.",
        },
        Key {
            name: "required",
            shape: &Shape::Flag,
            required: false,
            default: "false",
            example: "true",
            doc: "It must be in the movie.",
        },
        Key {
            name: "in",
            shape: &Shape::Time(WITHIN),
            required: false,
            default: "",
            example: "3.2s",
            doc: "Where the part of a clip that may be shown starts.",
        },
        Key {
            name: "out",
            shape: &Shape::Time(SOME),
            required: false,
            default: "",
            example: "9s",
            doc: "Where that part ends.",
        },
        Key {
            name: "speed",
            shape: &Shape::Speed,
            required: false,
            default: "1",
            example: "0.5",
            doc: "How fast a clip is shown: at `2` a second of the movie shows two of the clip. Its sound goes \
                  unless `sound: keep` is written; then it keeps its pitch.",
        },
        Key {
            name: "steady",
            shape: &Shape::Flag,
            required: false,
            default: "",
            example: "true",
            doc: "Whether a handheld clip is steadied. Not said, `steady` of `style` decides.",
        },
        Key {
            name: "sound",
            shape: &Shape::Word(ClipSound::WORDS),
            required: false,
            default: "auto",
            example: "keep",
            doc: "What becomes of a clip's own sound.",
        },
        Key {
            name: "caption",
            shape: &Shape::Text { longest: 200, may_be_empty: false },
            required: false,
            default: "",
            example: "Grandma's 80th",
            doc: "Words over the shot.",
        },
        Key {
            name: "focus",
            shape: &Shape::List { of: &Shape::Fraction, least: 2, most: 2 },
            required: false,
            default: "",
            example: "[0.31, 0.4]",
            doc: "The point that stays in the frame whatever the crop: from the left and from the top, each \
                  as a part of the whole.",
        },
        Key {
            name: "role",
            shape: &Shape::Word(Role::WORDS),
            required: false,
            default: "",
            example: "opening",
            doc: "Its place in the story.",
        },
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
            doc: "Where in the file the music starts. Not said, the start is chosen to fit.",
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
            doc: "The beats by hand, where they are heard wrong; or the file that lists them.",
        },
    ],
};

/// `beats` of a track, written as a mapping.
pub(super) static BEATS: Table = Table {
    name: "beats",
    doc: "What is known better of the beats of a track than by listening.",
    keys: &[
        Key {
            name: "file",
            shape: &Shape::File,
            required: false,
            default: "",
            example: "song.beats",
            doc: "A list of beats instead of those that are heard: a time in seconds a line, and after it, \
                  if known, the beat's place in the bar, 1 for the first. `mmm beats SONG --list OUT` writes one.",
        },
        Key {
            name: "multiply",
            shape: &Shape::Factor,
            required: false,
            default: "1",
            example: "2",
            doc: "How many times as many beats: `2` puts one between each two, `0.5` takes every second.",
        },
        Key {
            name: "offset",
            shape: &Shape::Shift(SHIFT),
            required: false,
            default: "0ms",
            example: "-20ms",
            doc: "How much later all beats are; earlier with a minus.",
        },
        Key {
            name: "first-downbeat",
            shape: &Shape::Time(WITHIN),
            required: false,
            default: "",
            example: "1.92s",
            doc: "A time at which a bar begins: the bars are counted from the beat nearest to it.",
        },
    ],
};

const AUTO: Word = Word {
    name: "auto",
    doc: "Cuts, with a dissolve where a new chapter begins; out of black at the start and back at the end.",
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
            doc: "How one shot goes over into the next: only the ways that are named. Where `cut` is among \
                  several, the others mark chapters. None of them moves a cut or makes the movie shorter.",
        },
        Key {
            name: "dip",
            shape: &Shape::WordOrColour(&[
                Word { name: "black", doc: "Night falls." },
                Word { name: "white", doc: "A moment of light." },
            ]),
            required: false,
            default: "black",
            example: "\"#f4efe6\"",
            doc: "The colour that a `dip` goes through, between shots and at the movie's ends; without `dip` among \
                  the `transitions` the ends stay black.",
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
            name: "fit",
            shape: &Shape::Word(Fit::WORDS),
            required: false,
            default: "auto",
            example: "contain",
            doc: "How a picture of another shape is brought into the frame.",
        },
        Key {
            name: "look",
            shape: &Shape::WordOrFile(Look::WORDS, ".cube"),
            required: false,
            default: "natural",
            example: "film",
            doc: "The colours of the whole movie, by a word or by a `.cube` file of your own (a LUT for BT.709). \
                  Words over the picture stay white.",
        },
        Key {
            name: "steady",
            shape: &Shape::Flag,
            required: false,
            default: "false",
            example: "true",
            doc: "Whether handheld clips are steadied: shaking goes, slow pans stay, and up to a tenth of the \
                  picture's edges is lost. Each such clip is read several times.",
        },
        Key {
            name: "titles",
            shape: &Shape::Forms(Forms {
                scalar: Some(&Shape::Word(&[
                    Word { name: "auto", doc: "The movie's title over the opening, and captions." },
                    Word { name: "off", doc: "No words at all." },
                ])),
                list: Some(&Shape::List { of: &Shape::Table(&WORDS_OVER), least: 0, most: 1000 }),
                map: None,
            }),
            required: false,
            default: "auto",
            example: "[{ text: Day one, at: 2s, for: 3s }]",
            doc: "Words over the picture: `auto`, `off`, or a list of your own beside the captions.",
        },
        Key {
            name: "loudness",
            shape: &Shape::Loudness { least: -40, most: -5 },
            required: false,
            default: "-14 LUFS",
            example: "-23 LUFS",
            doc: "How loud the finished movie is as a whole (EBU R128), from -40 to -5 LUFS.",
        },
    ],
};

/// An entry of `style.titles`.
pub(super) static WORDS_OVER: Table = Table {
    name: "title",
    doc: "Some words, when they appear and how long they stay.",
    keys: &[
        Key {
            name: "text",
            shape: &Shape::Text { longest: 200, may_be_empty: false },
            required: true,
            default: "",
            example: "Day one",
            doc: "The words.",
        },
        Key {
            name: "at",
            shape: &Shape::Time(WITHIN),
            required: true,
            default: "",
            example: "2s",
            doc: "When they appear, counted from the start of the movie.",
        },
        Key {
            name: "for",
            shape: &Shape::Time(STAY),
            required: true,
            default: "",
            example: "3s",
            doc: "How long they stay.",
        },
    ],
};

/// `constraints`.
pub(super) static CONSTRAINTS: Table = Table {
    name: "constraints",
    doc: "What must hold, whatever the music and the media are.",
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
            doc: "The shortest and the longest shot. Not said, the pace decides.",
        },
        Key {
            name: "repeats",
            shape: &Shape::Count { least: 0, most: 100 },
            required: false,
            default: "0",
            example: "1",
            doc: "How often a photo or clip may come again.",
        },
        Key {
            name: "cut-on",
            shape: &Shape::Word(CutOn::WORDS),
            required: false,
            default: "beat",
            example: "downbeat",
            doc: "Where cuts may stand.",
        },
        Key {
            name: "chapter-gap",
            shape: &Shape::Time(GAP),
            required: false,
            default: "1h",
            example: "30min",
            doc: "A gap in the times of capture that is longer than this starts a new chapter.",
        },
    ],
};

/// Every table, in the order of the reference.
pub(super) static TABLES: [&Table; 9] =
    [&MOVIE, &MEDIUM, &TRACK, &BEATS, &STYLE, &WORDS_OVER, &CONSTRAINTS, &OUTPUT, &POSTER];
