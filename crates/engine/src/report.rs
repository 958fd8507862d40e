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
    /// What took time, in order.
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
    /// It was written now; else it was there already.
    pub written: bool,
    /// Its poster and its preview.
    pub pictures: Vec<PictureReport>,
}

/// A picture beside a movie.
#[derive(Clone, Debug)]
pub struct PictureReport {
    pub path: PathBuf,
    pub digest: Digest,
    pub bytes: u64,
    /// It was written now; else it was there already.
    pub written: bool,
}

impl OutputReport {
    /// The kind of the file that was written; a draft is an MP4 file whatever the movie is.
    pub fn container(&self) -> Container {
        self.path.to_str().and_then(Container::of).unwrap_or_default()
    }
}

/// A stretch of a build.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Step {
    pub name: &'static str,
    /// Actions that ran in it.
    pub actions: usize,
    /// On the wall's clock.
    pub seconds: f64,
}
