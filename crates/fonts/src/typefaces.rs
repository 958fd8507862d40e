use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use mmm_base::Digest;
use mmm_facts::{Face, Typefaces, Weight};

use super::{Shelf, built_in_has, clusters};

/// Returns the clusters of some texts that the built-in faces lack.
pub fn lacking_clusters<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let lacking = texts.flat_map(clusters).filter(|cluster| !built_in_has(cluster));
    lacking.map(str::to_owned).collect()
}

/// Chooses faces on `shelf` for `texts`, and returns them with the files of the chosen faces. Faces in `kept`
/// (names with digests) are preferred. `digest` computes the digest of a file; faces in files that can't be
/// read are skipped.
///
/// If a text needs several faces, one that was already chosen for it is reused before another is added.
pub fn choose_typefaces(
    texts: &BTreeSet<(Weight, String)>,
    shelf: &Shelf,
    kept: &BTreeMap<String, Digest>,
    digest: &mut dyn FnMut(&Path) -> Option<Digest>,
) -> (Typefaces, BTreeMap<Digest, PathBuf>) {
    let (mut chosen, mut files) = (Typefaces::default(), BTreeMap::new());
    let known: BTreeSet<&Path> =
        shelf.volumes.iter().filter(|v| kept.contains_key(&v.name)).map(|v| v.path.as_path()).collect();
    let known: BTreeMap<&Path, Digest> =
        known.into_iter().filter_map(|path| Some((path, digest(path)?))).collect();
    for (weight, text) in texts {
        let (mut taken, mut missing) = (Vec::<usize>::new(), Vec::new());
        for cluster in clusters(text).filter(|cluster| !built_in_has(cluster)) {
            let suits = |at: &usize| shelf.volumes[*at].suits(cluster);
            if taken.iter().any(suits) {
                continue;
            }
            let kept = |volume: &super::shelf::Volume| {
                kept.get(&volume.name).is_some_and(|d| known.get(volume.path.as_path()) == Some(d))
            };
            match shelf.best((cluster, text.as_str()), *weight, &kept) {
                Some(at) if !taken.contains(&at) => taken.push(at),
                Some(_) => {}
                None => missing.push(cluster.to_owned()),
            }
        }
        let mut faces = Vec::new();
        for volume in taken.iter().map(|at| &shelf.volumes[*at]) {
            let Some(source) = digest(&volume.path) else { continue };
            files.insert(source, volume.path.clone());
            chosen.names.insert(volume.name.clone(), source);
            faces.push(Face { source, index: volume.index });
        }
        missing.dedup();
        if !missing.is_empty() {
            chosen.missing.insert(text.clone(), missing);
        }
        chosen.texts.insert((*weight, text.clone()), faces);
    }
    (chosen, files)
}
