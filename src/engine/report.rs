use std::path::PathBuf;

use super::LockReport;
use crate::base::{Digest, MediaPath, Time};
use crate::diagnostics::Diagnostic;

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
