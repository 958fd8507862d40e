use serde::Serialize;
use serde_json::Value;

/// Everything that the page shows, in the form in which it is sent. Times are in seconds.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Showing {
    /// The number of movies shown so far.
    pub revision: u32,
    /// The path of the spec, as the user gave it.
    pub spec: String,
    pub phase: Phase,
    /// `draft` or `final`: the profile that is being built or was built last.
    pub profile: &'static str,
    /// The time from the change to the finished movie; `None` during a build.
    pub seconds: Option<f64>,
    /// The last build's counts of actions that ran and of cached answers.
    pub ran: usize,
    pub cached: usize,
    /// The newest movies; they stay visible during a build and after a failed one.
    pub movies: Vec<ShownMovie>,
    /// Diagnostics as `--json` prints them, each with a `text` rendered for people.
    pub diagnostics: Vec<Value>,
}

/// The state of the build.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// A build is running.
    #[default]
    Working,
    /// The movie matches the current files.
    Ready,
    /// The current files can't be built; the diagnostics say why.
    Failed,
}

/// One output.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct ShownMovie {
    pub name: String,
    /// The URL of the movie file.
    pub url: String,
    pub profile: &'static str,
    /// In pixels.
    pub width: u32,
    pub height: u32,
    pub duration: f64,
    pub shots: Vec<ShownShot>,
    /// The shots of the previous movie that are not in this one.
    pub gone: Vec<String>,
}

/// One shot.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct ShownShot {
    pub id: String,
    pub source: String,
    pub kind: String,
    /// Its start in the movie.
    pub start: f64,
    pub length: f64,
    /// Its start in its clip.
    #[serde(rename = "in")]
    pub from: Option<f64>,
    pub transition: String,
    /// Why it is in the movie.
    pub reason: String,
    /// Why it differs from the previous movie, as far as that is known; `None` if it doesn't differ.
    pub changed: Option<String>,
    /// The URL of a picture of it; `None` until there is one.
    pub still: Option<String>,
}

/// The progress of a build.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Doing {
    pub step: &'static str,
    pub done: usize,
    pub of: usize,
}
