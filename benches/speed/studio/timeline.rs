use std::path::{Path, PathBuf};

use serde_json::Value;

/// Frames a second of every movie.
pub const RATE: f64 = 30.0;

/// What `mmm export` says of a movie, as far as others have to know it to make the same.
pub struct Timeline {
    pub shots: Vec<Shot>,
    pub frames: u32,
    pub song: PathBuf,
    /// Where in the song it starts, in seconds.
    pub song_from: f64,
}

/// One shot, with the handles that its dissolves take.
pub struct Shot {
    pub source: PathBuf,
    pub is_photo: bool,
    /// Frames from its cut to the next one.
    pub frames: u32,
    /// Where a clip starts at the cut, in seconds.
    pub from: f64,
    /// Frames of it that are seen before its cut, and after the next one.
    pub before: u32,
    pub after: u32,
}

impl Timeline {
    /// Reads what was exported for a spec.
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

    /// Its length.
    pub fn seconds(&self) -> f64 {
        f64::from(self.frames) / RATE
    }

    /// The first of its shots, `frames` of them or a few more.
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
    /// Frames that are seen of it, dissolves and all.
    pub fn seen(&self) -> u32 {
        self.before + self.frames + self.after
    }

    /// Where what is seen of a clip starts, in seconds.
    pub fn start(&self) -> f64 {
        (self.from - f64::from(self.before) / RATE).max(0.0)
    }
}
