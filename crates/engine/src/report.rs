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
    pub pictures: Vec<PictureReport>,
}

/// A picture that was delivered beside a movie.
#[derive(Clone, Debug)]
pub struct PictureReport {
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

/// A step of a build.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Step {
    pub name: &'static str,
    /// The number of actions that ran in it.
    pub actions: usize,
    /// Wall-clock time.
    pub seconds: f64,
}
