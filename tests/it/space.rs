//! A folder in which a test runs mmm.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::media::wav;

/// A folder of media with a spec, and a cache of its own.
pub struct Space {
    root: tempfile::TempDir,
}

/// A finished run of mmm.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// Returns the path of a fixture.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// Returns the files below a folder, sorted.
#[track_caller]
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            found.extend(files_below(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    found
}

impl Space {
    pub fn new() -> Self {
        Self { root: tempfile::tempdir().unwrap() }
    }

    /// Returns a space with photos of the fixtures, by their names without `.jpg`, in `photos/`.
    pub fn with_photos(names: &[&str]) -> Self {
        let space = Self::new();
        for name in names {
            space.take(&format!("photos/{name}.jpg"), &format!("photos/{name}.jpg"));
        }
        space
    }

    /// Returns a space with a movie of four photos, two clips and a song with clear beats.
    pub fn holiday() -> Self {
        let space = Self::with_photos(&["hill", "path", "bee", "astronaut"]);
        space.take("clips/rabbit.mp4", "clips/rabbit.mp4");
        space.take("clips/two-shots.mp4", "clips/two-shots.mp4");
        space.clicks("song.wav", 120.0, 20.0);
        space.movie("media: [photos/, clips/]\nmusic: song.wav\nduration: 10s\nrate: 30\n");
        space
    }

    /// Switches models off in the settings of the user, for a story that isn't about what is seen or
    /// heard: models are most of what its build would cost.
    pub fn without_models(self) -> Self {
        let settings = self.root.path().join(".config/mmm/mmm.toml");
        fs::create_dir_all(settings.parent().unwrap()).unwrap();
        fs::write(settings, "models = false\n").unwrap();
        self
    }

    /// Returns the folder of the spec.
    pub fn folder(&self) -> PathBuf {
        self.root.path().join("trip")
    }

    /// Returns the path of a file in the folder, whose parent exists.
    pub fn path(&self, name: &str) -> PathBuf {
        let path = self.folder().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    pub fn cache(&self) -> PathBuf {
        self.root.path().join("cache")
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        fs::write(self.path(name), bytes).unwrap();
        self
    }

    /// Copies a fixture into the folder.
    #[track_caller]
    pub fn take(&self, from: &str, to: &str) -> &Self {
        let source = fixture(from);
        fs::copy(&source, self.path(to)).unwrap_or_else(|error| panic!("{}: {error}", source.display()));
        self
    }

    /// Writes the spec.
    pub fn movie(&self, yaml: &str) -> &Self {
        self.write("movie.yaml", yaml)
    }

    /// Returns the text of the lock.
    #[track_caller]
    pub fn lock(&self) -> String {
        fs::read_to_string(self.path("movie.lock")).unwrap()
    }

    /// Writes a song: a drum hit on every beat, a higher one on every fourth, over a bass note.
    pub fn clicks(&self, name: &str, bpm: f64, seconds: f64) -> &Self {
        const HZ: usize = 44_100;
        let beat = 60.0 / bpm * HZ as f64;
        let samples = (0..(seconds * HZ as f64) as usize).map(|n| {
            let (count, at) = ((n as f64 / beat).floor(), n as f64 % beat / HZ as f64);
            let pitch = if (count as u64).is_multiple_of(4) { 180.0 } else { 120.0 };
            let hit = (at * pitch * std::f64::consts::TAU).sin() * (-at * 30.0).exp();
            let bass = (n as f64 / HZ as f64 * 55.0 * std::f64::consts::TAU).sin() * 0.05;
            ((hit * 0.7 + bass) * 30_000.0) as i16
        });
        self.write(name, wav(HZ as u32, &samples.collect::<Vec<_>>()))
    }

    /// Adds a comment to a JPEG: other bytes, the same picture and the same facts.
    pub fn add_comment(&self, photo: &str) -> &Self {
        let mut bytes = fs::read(self.path(photo)).unwrap();
        bytes.splice(2..2, *b"\xff\xfe\x00\x07hello");
        self.write(photo, bytes)
    }

    /// Runs mmm in the folder.
    pub fn run(&self, args: &[&str]) -> Run {
        self.command(args).output().map(Run::from).unwrap()
    }

    /// Runs mmm, which must succeed, and returns its last JSON event.
    #[track_caller]
    pub fn last_event(&self, args: &[&str]) -> Value {
        self.run(args).expect_success().events().pop().expect("a line of JSON")
    }

    /// Returns a command that runs mmm in the folder, without the settings of the user.
    pub fn command(&self, args: &[&str]) -> Command {
        fs::create_dir_all(self.folder()).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_mmm"));
        command.args(args).current_dir(self.folder()).stdin(Stdio::null());
        command.env("MMM_CACHE_DIR", self.cache()).env("HOME", self.root.path());
        for name in [
            "MMM_JOBS",
            "MMM_CACHE_LIMIT",
            "MMM_FONTS",
            "MMM_ENCODER",
            "XDG_CACHE_HOME",
            "XDG_CONFIG_HOME",
            "NO_COLOR",
        ] {
            command.env_remove(name);
        }
        command
    }

    /// Returns the timeline that `mmm export` prints.
    #[track_caller]
    pub fn timeline(&self) -> Value {
        serde_json::from_str(&self.run(&["export"]).expect_success().stdout).unwrap()
    }

    /// Builds a draft: the cuts of the final movie in a tenth of the time.
    #[track_caller]
    pub fn draft(&self) -> Run {
        self.run(&["build", "--profile", "draft", "--json"]).expect_success()
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    /// Returns the run. Fails unless it succeeded.
    #[track_caller]
    pub fn expect_success(self) -> Self {
        assert_eq!(self.code, 0, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Returns the run. Fails unless it ended with the exit code, and without a panic.
    #[track_caller]
    pub fn expect_exit(self, code: i32) -> Self {
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Returns the JSON lines of stdout.
    #[track_caller]
    pub fn events(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Returns the last event, which lists the outputs.
    #[track_caller]
    pub fn finished_event(&self) -> Value {
        let last = self.events().pop().expect("a line of JSON");
        assert_eq!(last["event"], "finished", "{last}");
        last
    }

    /// Returns the event with the figures of a review.
    #[track_caller]
    pub fn review_event(&self) -> Value {
        let found = self.events().into_iter().find(|event| event["event"] == "review");
        found.unwrap_or_else(|| panic!("no review in {}{}", self.stdout, self.stderr))
    }

    /// Returns the first diagnostic with a code.
    #[track_caller]
    pub fn diagnostic(&self, code: &str) -> Value {
        let found = self.events().into_iter().find(|event| event["code"] == code);
        found.unwrap_or_else(|| panic!("no {code} in {}{}", self.stdout, self.stderr))
    }

    /// Returns how many actions of each kind ran.
    pub fn actions(&self) -> BTreeMap<String, usize> {
        let mut ran = BTreeMap::new();
        for event in self.events() {
            if event["event"] == "action" && event["state"] == "run" {
                *ran.entry(event["kind"].as_str().unwrap().to_owned()).or_default() += 1;
            }
        }
        ran
    }

    /// Returns the codes of the diagnostics.
    pub fn codes(&self) -> Vec<String> {
        let events = self.events();
        let found = events.iter().filter(|event| event["event"] == "diagnostic");
        found.map(|event| event["code"].as_str().unwrap().to_owned()).collect()
    }
}

/// Returns a figure of a review.
#[track_caller]
pub fn figure<'a>(review: &'a Value, name: &str) -> &'a Value {
    let figures = review["figures"].as_array().unwrap();
    figures.iter().find(|figure| figure["name"] == name).unwrap_or_else(|| panic!("no `{name}`: {review:#}"))
}

/// Returns the names of the figures of a review that fail.
pub fn failing_figures(review: &Value) -> Vec<String> {
    figures_judged(review, false.into())
}

/// Returns the names of the figures of a review that pass.
pub fn passing_figures(review: &Value) -> Vec<String> {
    figures_judged(review, true.into())
}

fn figures_judged(review: &Value, holds: Value) -> Vec<String> {
    let all = review["figures"].as_array().unwrap().iter();
    let judged = all.filter(|figure| figure["holds"] == holds);
    judged.map(|figure| figure["name"].as_str().unwrap().to_owned()).collect()
}
