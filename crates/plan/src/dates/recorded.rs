use mmm_base::{CaptureTime, MediaPath};
use mmm_facts::{Medium, Probe};
use mmm_spec::Known;

/// What is known about a medium without decoding it.
#[derive(Clone, Copy, Debug)]
pub struct Recorded<'a> {
    pub path: &'a MediaPath,
    pub known: &'a Known,
    pub probe: &'a Probe,
    /// Capture times from the files beside it.
    pub beside: &'a [CaptureTime],
}

impl<'a> From<&'a Medium> for Recorded<'a> {
    fn from(medium: &'a Medium) -> Self {
        Self { path: &medium.path, known: &medium.known, probe: &medium.probe, beside: &medium.beside }
    }
}
