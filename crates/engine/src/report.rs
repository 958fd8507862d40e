use std::path::PathBuf;

use super::LockReport;
use mmm_base::diagnostics::Diagnostic;
use mmm_base::{Digest, MediaPath, Time};
use mmm_spec::Container;

/// What a build did.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub outputs: Vec<OutputReport>,
    /// Warnings.
    pub diagnostics: Vec<Diagnostic>,
    pub lock: Option<LockReport>,
    pub ran: usize,
    pub cached: usize,
    /// The steps that took time, in order.
    pub steps: Vec<Step>,
}

/// One output of a build.
#[derive(Clone, Debug)]
pub struct OutputReport {
    pub name: MediaPath,
    pub path: PathBuf,
    pub digest: Digest,
    pub bytes: u64,
    pub frames: u32,
    pub duration: Time,
    /// Whether this build wrote it; if not, it was up to date.
    pub written: bool,
    /// The poster and the preview.
    pub pictures: Vec<BesideReport>,
    pub subtitles: Option<BesideReport>,
    /// How the movie fits into its `max-size`.
    pub size: Option<SizeReport>,
}

/// A file that was delivered beside a movie.
#[derive(Clone, Debug)]
pub struct BesideReport {
    pub path: PathBuf,
    pub digest: Digest,
    pub bytes: u64,
    /// Whether this build wrote it; if not, it was up to date.
    pub written: bool,
}

impl OutputReport {
    /// Returns the container of the file. A draft is an MP4 file whatever the final movie is.
    pub fn container(&self) -> Container {
        self.path.to_str().and_then(Container::of).unwrap_or_default()
    }
}

/// The settings with which a movie fits into its `max-size`.
#[derive(Clone, PartialEq, Debug)]
pub struct SizeReport {
    /// The most bytes that the movie may have.
    pub limit: u64,
    /// The constant rate factor of the picture, and the one that its quality asks for.
    pub rate_factor: f64,
    pub asked: f64,
    /// The rate factor of the segments that could be finer than the others, and their number.
    pub finer: Option<(f64, usize)>,
    /// The bit rate of the sound in kilobits per second; `None` for the usual one.
    pub sound: Option<u32>,
    /// How often the movie was encoded.
    pub rounds: usize,
    /// Whether it fits; `None` if it is not encoded yet.
    pub fits: Option<bool>,
    /// The most bytes that the movie has with these settings, as far as its segments tell.
    pub at_most: Option<u64>,
    /// The bytes of the smallest movie that was tried, at most.
    pub smallest: Option<u64>,
}

/// A step of a build.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Step {
    pub name: &'static str,
    /// The number of actions that ran in it.
    pub actions: usize,
    /// Wall-clock time.
    pub seconds: f64,
}
