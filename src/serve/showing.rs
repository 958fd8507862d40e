use serde::Serialize;
use serde_json::Value;

/// All that the page shows, as it is sent to it. Times are in seconds.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Showing {
    /// Counts what was shown before.
    pub revision: u32,
    /// The spec, as it was named.
    pub spec: String,
    pub phase: Phase,
    /// `draft` or `final`: what is being made, or was made last.
    pub profile: &'static str,
    /// From the change to the movie; none while it is being made.
    pub seconds: Option<f64>,
    /// What the last build did: actions that ran, and that were in the cache.
    pub ran: usize,
    pub cached: usize,
    /// The newest movies; they stay while others are made, and where nothing can be made.
    pub movies: Vec<ShownMovie>,
    /// As `--json` prints them, each with `text`: the same drawn for people.
    pub diagnostics: Vec<Value>,
}

/// Where a build stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// A movie is being made.
    #[default]
    Working,
    /// The movie shown is that of the files as they are.
    Ready,
    /// There is no movie of the files as they are; the diagnostics say why.
    Failed,
}

/// One output.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct ShownMovie {
    pub name: String,
    /// Where the page gets it.
    pub url: String,
    pub profile: &'static str,
    /// In pixels.
    pub width: u32,
    pub height: u32,
    pub duration: f64,
    pub shots: Vec<ShownShot>,
    /// Shots of the movie before that are not in this one.
    pub gone: Vec<String>,
}

/// One shot.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct ShownShot {
    pub id: String,
    pub source: String,
    pub kind: String,
    /// Where it starts in the movie.
    pub start: f64,
    pub length: f64,
    /// Where it starts in its clip.
    #[serde(rename = "in")]
    pub from: Option<f64>,
    pub transition: String,
    /// Why it is there.
    pub reason: String,
    /// It is not as it was in the movie before: why, as far as that is known.
    pub changed: Option<String>,
    /// Where the page gets a picture of it; none while there is none.
    pub still: Option<String>,
}

/// How far a build is.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Doing {
    pub step: &'static str,
    pub done: usize,
    pub of: usize,
}
