use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cosmic_text::fontdb::{self, Database, FaceInfo, Style};
use cosmic_text::skrifa::string::StringId;
use cosmic_text::skrifa::{FontRef, MetadataProvider, Tag};

use super::script::families;
use super::{Repertoire, wants_colour};
use mmm_facts::Weight;

/// File extensions of fonts.
const ENDINGS: [&str; 4] = ["ttf", "otf", "ttc", "otc"];
/// How many levels of subfolders are searched at most; this also ends a loop of links.
const MOST_DEPTH: usize = 8;

/// The faces found in some folders that draw at least one of the requested clusters.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shelf {
    /// In the order of their paths.
    pub(super) volumes: Vec<Volume>,
}

/// One face on a shelf.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Volume {
    pub path: PathBuf,
    pub index: u32,
    pub family: String,
    /// Family and style, as the font names itself.
    pub name: String,
    pub in_colour: bool,
    /// Upright, of normal width and not monospaced; or a colour font.
    plain: bool,
    /// The lightest and the heaviest weight that the face offers.
    weights: (u16, u16),
    /// The requested clusters that it draws.
    pub has: BTreeSet<String>,
}

impl Shelf {
    /// Searches `folders` and their subfolders for faces that draw at least one of `wanted`. Missing folders
    /// count as empty, and files that are not fonts are skipped.
    pub fn look(folders: &[PathBuf], wanted: &BTreeSet<String>) -> Self {
        let mut files = BTreeSet::new();
        folders.iter().for_each(|folder| list(folder, MOST_DEPTH, &mut files));
        let mut volumes = Vec::new();
        for path in files {
            let mut fonts = Database::new();
            if fonts.load_font_file(&path).is_err() {
                continue;
            }
            for face in fonts.faces() {
                let volume = |bytes: &[u8], _| {
                    Volume::of(bytes, face, &path, wanted).filter(|found| !found.has.is_empty())
                };
                volumes.extend(fonts.with_face_data(face.id, volume).flatten());
            }
        }
        Self { volumes }
    }

    /// Returns the index of the best face for `cluster` of `text`. Faces for which `kept` is true come first,
    /// if their weight fits at least as well as that of the best face.
    pub(super) fn best(
        &self,
        (cluster, text): (&str, &str),
        weight: Weight,
        kept: &dyn Fn(&Volume) -> bool,
    ) -> Option<usize> {
        let made_for = families(cluster, text);
        let colour = wants_colour(cluster);
        let rank = |at: &usize| {
            let volume = &self.volumes[*at];
            let exact = made_for.iter().position(|family| *family == volume.family);
            let foreign = exact.unwrap_or(made_for.len() + volume.strangeness());
            let off = volume.off(weight);
            (volume.in_colour != colour, !volume.plain, foreign, off, volume.name.as_str(), *at)
        };
        let able = || (0..self.volumes.len()).filter(|at| self.volumes[*at].has.contains(cluster));
        let best = able().min_by_key(rank)?;
        let as_good = |at: &usize| {
            let (volume, best) = (&self.volumes[*at], &self.volumes[best]);
            volume.in_colour == best.in_colour && volume.off(weight) <= best.off(weight) && kept(volume)
        };
        able().filter(as_good).min_by_key(rank).or(Some(best))
    }
}

impl Volume {
    fn of(bytes: &[u8], face: &FaceInfo, path: &Path, wanted: &BTreeSet<String>) -> Option<Self> {
        let repertoire = Repertoire::of(bytes, face.index)?;
        let has = wanted.iter().filter(|cluster| repertoire.has(cluster)).cloned().collect();
        let font = FontRef::from_index(bytes, face.index).ok()?;
        let family = face.families.first().map(|(name, _)| name.clone()).unwrap_or_default();
        let name = font.localized_strings(StringId::FULL_NAME).english_or_first();
        let name = name.map_or_else(|| face.post_script_name.clone(), |name| name.to_string());
        let axis = font.axes().get_by_tag(Tag::new(b"wght"));
        let weights = axis.map(|axis| (axis.min_value() as u16, axis.max_value() as u16));
        let normal = face.style == Style::Normal && face.stretch == fontdb::Stretch::Normal;
        Some(Self {
            path: path.to_owned(),
            index: face.index,
            family,
            name,
            in_colour: repertoire.in_colour,
            plain: normal && !face.monospaced || repertoire.in_colour,
            weights: weights.unwrap_or((face.weight.0, face.weight.0)),
            has,
        })
    }

    /// Whether the face draws a cluster, in colour exactly if the cluster needs colour.
    pub fn suits(&self, cluster: &str) -> bool {
        self.in_colour == wants_colour(cluster) && self.has.contains(cluster)
    }

    /// Returns how far the face's weights are from `weight`, in units of `usWeightClass`.
    fn off(&self, weight: Weight) -> u16 {
        let class = weight.class();
        class.abs_diff(class.clamp(self.weights.0, self.weights.1.max(self.weights.0)))
    }

    /// Ranks faces that are not made for a script by how badly they match those that are; 0 is the best
    /// match.
    fn strangeness(&self) -> usize {
        let serif = usize::from(self.family.contains("Serif") || self.family.contains("Mono"));
        let noto = if self.family.starts_with("Noto Sans") {
            0
        } else {
            2 + 2 * usize::from(!self.family.starts_with("Noto"))
        };
        noto + serif
    }
}

/// Collects the font files in a folder and its subfolders.
fn list(folder: &Path, depth: usize, files: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        if path.is_dir() {
            if depth > 0 {
                list(&path, depth - 1, files);
            }
        } else if ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
            files.insert(path);
        }
    }
}
