use super::pattern::{escape, is_glob};
use super::quote::quote;

/// What was found in a folder, for a first movie.yaml.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Starter {
    pub title: Option<String>,
    /// What to include, in order.
    pub media: Vec<Found>,
    /// Music files; the first is used, the others are listed as alternatives.
    pub music: Vec<String>,
    /// How many photos and clips `media` includes in total.
    pub photos: usize,
    pub clips: usize,
}

/// Something to include, by its path below the spec's folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// The spec's folder itself, with everything below it.
    Whole,
    /// A folder with everything below it, by its name.
    Folder(String),
    /// A file, by its name.
    File(String),
    /// A glob, as it should be written.
    Glob(String),
}

/// Returns the text of a first movie.yaml: short, valid, and with comments that teach the language.
pub fn starter(starter: &Starter) -> String {
    let mut lines =
        vec!["# A movie for mmm. `mmm build` builds it, and `mmm check` finds mistakes.".to_owned()];
    lines.push("mmm: 1".to_owned());
    match starter.title.as_deref().map(str::trim).filter(|title| !title.is_empty()) {
        Some(title) => lines.push(format!("title: {}", quote(&one_line(title)))),
        None => lines.push("# title: Lisbon, June".to_owned()),
    }
    lines.push(String::new());
    media(starter, &mut lines);
    lines.push(String::new());
    music(starter, &mut lines);
    lines.extend(REST.lines().map(str::to_owned));
    lines.join("\n") + "\n"
}

const REST: &str = r#"
# The length: exactly `60s`, anything in `45s..75s`, or the length of the `music`.
# Without it, the movie is as long as the media allow.
# duration: 60s

# The aspect ratio: 16:9, 9:16, 1:1, 4:5, 4:3 or 21:9.
# aspect: "16:9"

# Where it will be shown: whatsapp, discord, instagram-reel, youtube or tv. Or choose yourself:
# for: whatsapp
# size: 1080                  # 480, 720, 1080, 1440 or 2160 pixels on the shorter side
# quality: good               # small, good or best
# max-size: 16MB              # the most bytes of the file

# style:
#   pace: auto                # auto, calm, steady or lively
#   transitions: auto         # auto, cut, dissolve, dip, wipe, slide, zoom, or several: [cut, dip]
#   photos: ken-burns         # ken-burns or still
#   fit: auto                 # auto, crop, fill or contain
#   titles: auto              # auto, off, or a list of { text, at, for }

# constraints:
#   order: chronological      # chronological or as-listed
#   shot: 0.8s..6s            # the shortest and the longest shot
#   repeats: 0                # how often a photo or clip may repeat
#   cut-on: beat              # beat, downbeat or free

# Several cuts of one movie. Each uses the settings above and overrides some of them.
# outputs:
#   movie.mp4: {}
#   story.mp4: { aspect: "9:16", duration: 30s, subtitles: story.srt }"#;

fn media(starter: &Starter, lines: &mut Vec<String>) {
    let count = |number: usize, one: &str| match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {one}s"),
    };
    lines.push(format!("# {} and {}.", count(starter.photos, "photo"), count(starter.clips, "clip")));
    lines.push("# Files, folders and globs, relative to this file. A leading ! excludes files.".to_owned());
    lines.push("media:".to_owned());
    if starter.media.is_empty() {
        lines.push("  - ./                        # this folder and all below it".to_owned());
    }
    lines.extend(starter.media.iter().map(|found| format!("  - {}", quote(&pattern(found)))));
    lines.push("  # - \"!**/receipts/**\"".to_owned());
    lines.push("  # - path: dive.mp4            # one file, with its own settings".to_owned());
    lines.push("  #   required: true".to_owned());
    lines.push("  #   in: 3.2s".to_owned());
    lines.push("  #   out: 9s".to_owned());
    lines.push("  #   caption: The first dive".to_owned());
}

fn music(starter: &Starter, lines: &mut Vec<String>) {
    lines
        .push("# Cuts fall on the beats of the music. Tracks in a list play one after the other.".to_owned());
    match starter.music.split_first() {
        Some((first, others)) => {
            lines.push(format!("music: {}", quote(&plain_path(first))));
            lines.extend(others.iter().map(|other| format!("# music: {}", quote(&plain_path(other)))));
        }
        None => lines.push("# music: song.mp3".to_owned()),
    }
}

fn pattern(found: &Found) -> String {
    match found {
        Found::Whole => "./".to_owned(),
        Found::Glob(glob) => glob.clone(),
        Found::File(name) if is_glob(name) => plain_path(&escape(name)),
        Found::File(name) => plain_path(name),
        Found::Folder(name) => {
            let name = name.trim_end_matches('/');
            let name = if is_glob(name) { escape(name) } else { name.to_owned() };
            plain_path(&name) + "/"
        }
    }
}

/// Returns a path that can't be read as anything else; `!a`, for example, becomes `./!a`.
fn plain_path(path: &str) -> String {
    if path.starts_with(['!', '~', ' ']) || path.contains("://") || path.trim().is_empty() {
        format!("./{path}")
    } else {
        path.to_owned()
    }
}

fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.chars().take(200).collect::<String>().trim().to_owned()
}
