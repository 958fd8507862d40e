use mmm_base::{CaptureTime, MediaPath};
use mmm_facts::{Probe, Said, SaidSource};
use mmm_spec::Remarks;

/// What the files beside a medium say, in the order in which they are believed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Beside {
    pub times: Vec<CaptureTime>,
    pub remarks: Vec<(SaidSource, Remarks)>,
    /// The files that are not used.
    pub unused: Vec<(MediaPath, SidecarTrouble)>,
}

/// Why a file beside a medium is not used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum SidecarTrouble {
    /// It can't be read; why.
    Unreadable(String),
    /// It is no XMP.
    NoXmp,
    /// It is no JSON.
    NoJson,
    /// It says that it is about another file.
    OfOther(String),
}

impl Beside {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns what people said about a medium with these headers, in the file and beside it.
    pub fn said(&self, probe: &Probe) -> Said {
        let mut said = probe.said.clone();
        for (source, remarks) in &self.remarks {
            said.add(remarks, *source, probe.stored());
        }
        said
    }
}
