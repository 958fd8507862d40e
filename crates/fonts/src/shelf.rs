use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cosmic_text::fontdb::{self, Database, FaceInfo, Style};
use cosmic_text::skrifa::string::StringId;
use cosmic_text::skrifa::{FontRef, MetadataProvider, Tag};

use super::script::families;
use super::{Repertoire, wants_colour};
use mmm_facts::Weight;

/// Endings of font files.
const ENDINGS: [&str; 4] = ["ttf", "otf", "ttc", "otc"];
/// Folders below one that are followed at most: a loop of links ends here.
const MOST_DEPTH: usize = 8;

/// The faces in some folders that draw something of what is wanted.
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
    /// Family and style, as the font calls itself.
    pub name: String,
    pub in_colour: bool,
    /// Upright, of the common width, and not of a typewriter.
    plain: bool,
    /// The lightest and the heaviest that it can be.
    weights: (u16, u16),
    /// Which of the wanted clusters it draws.
    pub has: BTreeSet<String>,
}

impl Shelf {
    /// Looks through `folders` and all that is below them for faces that draw some of `wanted`. A
    /// folder that is not there holds nothing, and a file that is no font is passed by.
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

    /// The best face for `cluster` of `text`, by its place; those whose names are in `kept` before
    /// others, where they are no worse in weight.
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

    /// Whether it draws a cluster, and in colours just where they are wanted.
    pub fn suits(&self, cluster: &str) -> bool {
        self.in_colour == wants_colour(cluster) && self.has.contains(cluster)
    }

    /// How far its weight is from a wanted one.
    fn off(&self, weight: Weight) -> u16 {
        let class = weight.class();
        class.abs_diff(class.clamp(self.weights.0, self.weights.1.max(self.weights.0)))
    }

    /// How little a face that is not made for a script goes with those that are.
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

/// The font files in a folder and below it.
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
