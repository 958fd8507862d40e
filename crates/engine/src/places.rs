use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use mmm_base::Digest;
use mmm_facts::Sources;
use mmm_store::Stamp;

/// The file of each content on this machine.
#[derive(Default)]
pub(super) struct Places(pub BTreeMap<Digest, (PathBuf, Stamp)>);

impl Sources for Places {
    /// Returns the path of the file if it hasn't changed since its digest was taken.
    fn path(&self, source: Digest) -> Option<PathBuf> {
        let (path, stamp) = self.0.get(&source)?;
        let now = Stamp::of(&fs::metadata(path).ok()?);
        (now == *stamp).then(|| path.clone())
    }
}
