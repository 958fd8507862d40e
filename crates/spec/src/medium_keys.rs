//! The keys of movie.yaml that say something about media.

use super::shape::{Forms, Key, SOME, Shape, Table, WITHIN};
use super::words::Choice;
use super::{ClipSound, LivePhotos, Role};

pub(super) const ENTRY: Shape = Shape::Forms(Forms {
    scalar: Some(&Shape::Pattern { may_drop: true }),
    list: None,
    map: Some(&Shape::Table(&MEDIUM)),
});

const CLOCK: Key = Key {
    name: "clock",
    shape: &Shape::ClockShift,
    required: false,
    default: "",
    example: "\"+3h17m\"",
    doc: "What is added to the time that the camera recorded, because its clock was wrong.",
};

const ZONE: Key = Key {
    name: "zone",
    shape: &Shape::Zone,
    required: false,
    default: "",
    example: "Europe/Lisbon",
    doc: "The time zone that the camera's clock was set to, instead of what the file says: a name such as \
          `Europe/Lisbon`, or an offset such as `+02:00`.",
};

/// The number of a sound track, in entries of `media` and of `music`.
pub(super) const AUDIO: Key = Key {
    name: "audio",
    shape: &Shape::Count { least: 1, most: 100 },
    required: false,
    default: "",
    example: "2",
    doc: "Which sound track of the file is heard, counted from 1. By default, the best one that can be \
          decoded.",
};

/// An entry of `media`, written as a mapping.
pub(super) static MEDIUM: Table = Table {
    name: "medium",
    doc: "A file, a folder or a glob, with settings for the media that it names.",
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
            doc: "The movie must include it.",
        },
        Key {
            name: "people",
            shape: &Shape::People,
            required: false,
            default: "",
            example: "Anna and (Bob or Carla)",
            doc: "Includes only media with these people: names that a photo library gave to faces, with `and`, \
                  `or`, `not` and parentheses.",
        },
        Key {
            name: "rating",
            shape: &Shape::Stars,
            required: false,
            default: "",
            example: "3..",
            doc: "Includes only media with so many stars: `4`, `3..` for three or more, `..2` for one or two.",
        },
        Key {
            name: "in",
            shape: &Shape::Time(WITHIN),
            required: false,
            default: "",
            example: "3.2s",
            doc: "The start of the part of a clip that may be used.",
        },
        Key {
            name: "out",
            shape: &Shape::Time(SOME),
            required: false,
            default: "",
            example: "9s",
            doc: "The end of that part.",
        },
        Key {
            name: "speed",
            shape: &Shape::Speed,
            required: false,
            default: "1",
            example: "0.5",
            doc: "The speed of a clip: at `2`, one second of the movie shows two seconds of the clip. If \
                  the speed is not `1`, the sound is dropped unless `sound: keep` is set; then it keeps its \
                  pitch.",
        },
        Key {
            name: "steady",
            shape: &Shape::Flag,
            required: false,
            default: "",
            example: "true",
            doc: "Whether a handheld clip is stabilized. By default, `steady` of `style` decides.",
        },
        Key {
            name: "live",
            shape: &Shape::Word(LivePhotos::WORDS),
            required: false,
            default: "",
            example: "play",
            doc: "Whether a Live Photo or Motion Photo plays. By default, `live-photos` of `style` decides.",
        },
        Key {
            name: "sound",
            shape: &Shape::Word(ClipSound::WORDS),
            required: false,
            default: "auto",
            example: "keep",
            doc: "What happens to a clip's own sound.",
        },
        AUDIO,
        Key {
            name: "caption",
            shape: &Shape::Text { longest: 200, may_be_empty: false },
            required: false,
            default: "",
            example: "Grandma's 80th",
            doc: "Text over the shot.",
        },
        Key {
            name: "focus",
            shape: &Shape::List { of: &Shape::Fraction, least: 2, most: 2 },
            required: false,
            default: "",
            example: "[0.31, 0.4]",
            doc: "The point that always stays in the frame: its distance from the left and from the top, as \
                  fractions of the width and the height.",
        },
        Key {
            name: "role",
            shape: &Shape::Word(Role::WORDS),
            required: false,
            default: "",
            example: "opening",
            doc: "Its place in the story.",
        },
        Key {
            name: "taken",
            shape: &Shape::Moment,
            required: false,
            default: "",
            example: "2024-06-08T10:15+02:00",
            doc: "When it was taken, instead of what the file says: a day, a time, and a time zone if the \
                  time is not that of most other media.",
        },
        CLOCK,
        ZONE,
    ],
};

/// An entry of `cameras`.
pub(super) static CAMERA: Table =
    Table { name: "camera", doc: "How the clock of a camera was set.", keys: &[CLOCK, ZONE] };
