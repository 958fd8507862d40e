use std::path::{Path, PathBuf};

use serde_json::Value;

/// The frames per second of every movie.
pub const RATE: f64 = 30.0;

/// The part of `mmm export` that other programs need to render the same movie.
pub struct Timeline {
    pub shots: Vec<Shot>,
    pub frames: u32,
    pub song: PathBuf,
    /// The start in the song, in seconds.
    pub song_from: f64,
}

/// One shot, with the handles that its dissolves need.
pub struct Shot {
    pub source: PathBuf,
    pub is_photo: bool,
    /// The number of frames from its cut to the next one.
    pub frames: u32,
    /// The position in the clip at the cut, in seconds.
    pub from: f64,
    /// The number of frames that are visible before its cut, and after the next one.
    pub before: u32,
    pub after: u32,
}

impl Timeline {
    /// Parses the exported timeline of a spec.
    pub fn read(text: &str, spec: &Path) -> Self {
        let json: Value = serde_json::from_str(text).expect("the exported timeline");
        let folder = spec.parent().expect("a folder");
        let path = |value: &Value| folder.join(value.as_str().expect("a path"));
        let number = |value: &Value| value.as_u64().expect("a number") as u32;
        let seconds = |value: &Value| value.as_i64().map_or(0.0, |micros| micros as f64 / 1e6);
        let list = json["shots"].as_array().expect("shots");
        let half = |index: usize| list.get(index).map_or(0, |shot| number(&shot["transition"]["frames"]) / 2);
        let shots = list.iter().enumerate().map(|(index, shot)| Shot {
            source: path(&shot["source"]),
            is_photo: shot["kind"] == "photo",
            frames: number(&shot["frames"]),
            from: seconds(&shot["in"]),
            before: half(index),
            after: half(index + 1),
        });
        let music = &json["music"][0];
        Self {
            shots: shots.collect(),
            frames: number(&json["frames"]),
            song: path(&music["source"]),
            song_from: seconds(&music["from"]),
        }
    }

    /// Returns the length of the movie in seconds.
    pub fn seconds(&self) -> f64 {
        f64::from(self.frames) / RATE
    }

    /// Returns the first shots, with at least `frames` frames in total.
    pub fn beginning(&self, frames: u32) -> &[Shot] {
        let mut sum = 0;
        let end = self.shots.iter().position(|shot| {
            sum += shot.frames;
            sum >= frames
        });
        &self.shots[..end.map_or(self.shots.len(), |end| end + 1)]
    }
}

impl Shot {
    /// Returns the number of frames that are visible, including dissolves.
    pub fn seen(&self) -> u32 {
        self.before + self.frames + self.after
    }

    /// Returns the position in the clip of the first visible frame, in seconds.
    pub fn start(&self) -> f64 {
        (self.from - f64::from(self.before) / RATE).max(0.0)
    }
}
