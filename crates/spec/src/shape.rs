use mmm_base::Time;

/// A mapping of the language: its keys, and what each of them accepts.
///
/// These tables are the only definition of the language: the checker reads a spec by them, and the schema and
/// the reference are generated from them.
#[derive(Debug)]
pub(super) struct Table {
    /// Its name in the schema.
    pub name: &'static str,
    pub doc: &'static str,
    pub keys: &'static [Key],
}

/// One key of a mapping.
#[derive(Debug)]
pub(super) struct Key {
    pub name: &'static str,
    pub shape: &'static Shape,
    pub required: bool,
    /// The value that applies if the key is missing, as it would be written; empty if there is none.
    pub default: &'static str,
    /// A value other than the default, as it would be written on one line.
    pub example: &'static str,
    /// One or two sentences of Markdown.
    pub doc: &'static str,
}

/// One word that a key accepts.
#[derive(Debug)]
pub(super) struct Word {
    pub name: &'static str,
    pub doc: &'static str,
}

/// What a key accepts.
#[derive(Debug)]
pub(super) enum Shape {
    /// The user's own text, at most `longest` characters.
    Text {
        longest: usize,
        may_be_empty: bool,
    },
    /// `true` or `false`.
    Flag,
    /// A whole number between the two, both included.
    Count {
        least: u32,
        most: u32,
    },
    /// The one version number that can be read.
    Version(u32),
    /// A number from 0 to 1.
    Fraction,
    Time(Bounds),
    /// A date, with or without a time of day and a time zone.
    Moment,
    /// A time to add to a clock or to take from it.
    ClockShift,
    /// A time zone: its name, or its offset from UTC.
    Zone,
    /// A time that may be negative.
    Shift(Bounds),
    /// Names of people with `and`, `or`, `not` and parentheses.
    People,
    /// A number of stars or a range of them.
    Stars,
    /// A mapping from names of people to the fewest shots of each: `3..`, at most the number.
    Shots(u32),
    /// One of [`Factor::ALL`](super::Factor::ALL).
    Factor,
    /// A number from 0.25 to 4, to the thousandth.
    Speed,
    /// `a..b`.
    Range(Bounds),
    /// `music`, a time or a range of times.
    Length(Bounds),
    /// `-14 LUFS`; the bounds in whole LUFS.
    Loudness {
        least: i32,
        most: i32,
    },
    /// `none`, or a number of bytes such as `16MB`.
    Bytes {
        least: u64,
        most: u64,
    },
    /// A file below the folder of the spec.
    File,
    /// A file, a folder or a glob below the folder of the spec. If `may_drop`, a leading `!` excludes files.
    Pattern {
        may_drop: bool,
    },
    /// One of these words.
    Word(&'static [Word]),
    /// One of these words, or a file with this ending.
    WordOrFile(&'static [Word], &'static str),
    /// One of these words, or a colour such as `#f4efe6`.
    WordOrColour(&'static [Word]),
    /// A file below the folder of the spec that has one of these extensions, in lower case.
    FileEnding(&'static [&'static str]),
    /// A mapping with these keys.
    Table(&'static Table),
    /// A list of values of one shape.
    List {
        of: &'static Shape,
        least: usize,
        most: usize,
    },
    /// A different shape for each way to write the value.
    Forms(Forms),
    /// A mapping from the user's own names to mappings with these keys.
    Named(&'static Table),
    /// A mapping from names of outputs to mappings with these keys.
    Outputs(&'static Table),
}

/// The shape of a value that is written as one word, as a list, or as a mapping.
#[derive(Debug)]
pub(super) struct Forms {
    pub scalar: Option<&'static Shape>,
    pub list: Option<&'static Shape>,
    pub map: Option<&'static Shape>,
}

const DAY: Time = Time::from_secs(86_400);
/// Any time of a day's length, or none.
pub(super) const WITHIN: Bounds = Bounds::new(Time::ZERO, DAY);
/// Any time of a day's length.
pub(super) const SOME: Bounds = Bounds::new(Time::from_millis(1), DAY);

/// The shortest and the longest time that a key accepts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Bounds {
    pub least: Time,
    pub most: Time,
}

impl Table {
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().map(|key| key.name)
    }
}

impl Bounds {
    pub const fn new(least: Time, most: Time) -> Self {
        Self { least, most }
    }

    pub fn hold(self, time: Time) -> bool {
        (self.least..=self.most).contains(&time)
    }
}

impl Shape {
    /// Returns what the key accepts, in a few words.
    pub fn noun(&self) -> String {
        match self {
            Self::Text { .. } => "text".into(),
            Self::Flag => "`true` or `false`".into(),
            Self::Count { least, most } => format!("a whole number from {least} to {most}"),
            Self::Version(version) => format!("`{version}`"),
            Self::Fraction => "a number from 0 to 1".into(),
            Self::Time(_) => "a time such as `3.2s`".into(),
            Self::Moment => "a date such as `2024-06-08` or `2024-06-08T10:15+02:00`".into(),
            Self::ClockShift => "a time such as `\"+3h17m\"` or `\"-1h\"`".into(),
            Self::Zone => "a time zone such as `Europe/Lisbon` or `+02:00`".into(),
            Self::Shift(_) => "a time such as `20ms` or `-20ms`".into(),
            Self::People => "names such as `Anna and (Bob or Carla)`".into(),
            Self::Stars => "a number of stars from 1 to 5, or a range such as `3..`".into(),
            Self::Shots(_) => "a mapping from names to numbers of shots such as `3..`".into(),
            Self::Factor => "`0.25`, `0.5`, `1`, `2` or `4`".into(),
            Self::Speed => "a number from 0.25 to 4".into(),
            Self::Range(_) => "a range of times such as `2s..6s`".into(),
            Self::Length(_) => "`music`, a time such as `60s` or a range such as `45s..75s`".into(),
            Self::Loudness { .. } => "a loudness such as `-14 LUFS`".into(),
            Self::Bytes { .. } => "`none` or a size such as `16MB`".into(),
            Self::File => "the path of a file".into(),
            Self::Pattern { .. } => "a path or a glob".into(),
            Self::Word(words) => one_of(words),
            Self::WordOrFile(words, ending) => format!("{}, or the path of a `{ending}` file", one_of(words)),
            Self::WordOrColour(words) => {
                let names: Vec<String> = words.iter().map(|word| format!("`{}`", word.name)).collect();
                format!("{} or a colour such as `\"#f4efe6\"`", names.join(", "))
            }
            Self::FileEnding(endings) => format!("the path of a {} file", endings_in_words(endings)),
            Self::Table(_) => "a mapping of keys".into(),
            Self::List { of, least, most } if least == most => {
                format!("a list of {least}, each {}", of.noun())
            }
            Self::List { of, .. } => format!("a list, each entry {}", of.noun()),
            Self::Forms(forms) => {
                let nouns: Vec<String> = forms.all().map(Self::noun).collect();
                nouns.join(", or ")
            }
            Self::Named(_) => "a mapping from names to what is set for them".into(),
            Self::Outputs(_) => "a mapping from file names to what they override".into(),
        }
    }
}

impl Forms {
    /// Returns every shape that the value may have.
    pub fn all(&self) -> impl Iterator<Item = &'static Shape> {
        [self.scalar, self.list, self.map].into_iter().flatten()
    }
}

/// Returns `` `a`, `b` or `c` ``.
pub(super) fn one_of(words: &[Word]) -> String {
    in_words(words.iter().map(|word| word.name))
}

/// Returns `` `.a`, `.b` or `.c` ``.
pub(super) fn endings_in_words(endings: &[&str]) -> String {
    in_words(endings.iter().copied())
}

fn in_words<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
