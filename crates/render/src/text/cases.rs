use std::sync::Arc;

use cosmic_text::fontdb::{Database, FaceInfo, ID, Language, Source, Stretch, Style};
use cosmic_text::{FontSystem, SwashCache, fontdb};

use crate::RenderError;
use mmm_facts::Sources;
use mmm_facts::TextOverlay;
use mmm_facts::Weight;
use mmm_fonts::{BOLD, MEDIUM, Repertoire, clusters};

/// The faces used for one text: the built-in one, then those that the recipe names.
pub(super) struct Cases {
    pub system: FontSystem,
    pub glyphs: SwashCache,
    cases: Vec<Case>,
}

/// A font face.
struct Case {
    /// Its name among the faces of this text.
    name: String,
    bytes: Arc<dyn AsRef<[u8]> + Send + Sync>,
    index: u32,
}

/// The built-in face is the first one.
pub(super) const BUILT_IN: usize = 0;

impl Cases {
    /// Reads the faces of `words`.
    ///
    /// # Errors
    /// If a font file is missing.
    pub fn open(words: &TextOverlay, sources: &dyn Sources) -> Result<Self, RenderError> {
        let weight = words.place.weight();
        let lato = match weight {
            Weight::Medium => MEDIUM,
            Weight::Bold => BOLD,
        };
        let mut cases = vec![Case { name: "case 0".to_owned(), bytes: Arc::new(lato), index: 0 }];
        for face in &words.faces {
            let gone = || RenderError::Gone { source_digest: face.source };
            let bytes = std::fs::read(sources.path(face.source).ok_or_else(gone)?).map_err(|_| gone())?;
            let name = format!("case {}", cases.len());
            cases.push(Case { name, bytes: Arc::new(bytes), index: face.index });
        }
        let mut fonts = Database::new();
        for case in &cases {
            fonts.push_face_info(case.info(weight));
        }
        let system = FontSystem::new_with_locale_and_db("en".to_owned(), fonts);
        Ok(Self { system, glyphs: SwashCache::new(), cases })
    }

    /// Splits `text` into spans that a single face covers, each with the index of that face. Clusters that no
    /// face covers are dropped.
    pub fn spans(&self, text: &str) -> Vec<(String, usize)> {
        let faces = self.cases.iter().enumerate();
        let known: Vec<(usize, Repertoire)> = faces
            .filter_map(|(at, case)| Some((at, Repertoire::of((*case.bytes).as_ref(), case.index)?)))
            .collect();
        let face = |cluster: &str| {
            let suits = known.iter().find(|(_, face)| face.suits(cluster));
            let has = || known.iter().find(|(at, face)| *at != BUILT_IN && face.has(cluster));
            suits.or_else(has).map(|(at, _)| *at)
        };
        let mut spans: Vec<(String, usize)> = Vec::new();
        for cluster in clusters(text) {
            let blank = cluster.chars().all(char::is_whitespace);
            let cluster = if !blank {
                cluster
            } else if cluster.contains('\n') {
                "\n"
            } else {
                " "
            };
            let Some(at) = face(cluster) else { continue };
            match spans.last_mut() {
                Some((span, last)) if *last == at => span.push_str(cluster),
                _ => spans.push((cluster.to_owned(), at)),
            }
        }
        spans
    }

    /// Returns the name of a face.
    pub fn name(&self, case: usize) -> &str {
        &self.cases[case].name
    }
}

impl Case {
    /// Registers the face with a unique name and the requested weight, so that only the name decides which
    /// face is selected.
    fn info(&self, weight: Weight) -> FaceInfo {
        FaceInfo {
            id: ID::dummy(),
            source: Source::Binary(Arc::clone(&self.bytes)),
            index: self.index,
            families: vec![(self.name.clone(), Language::English_UnitedStates)],
            post_script_name: self.name.clone(),
            style: Style::Normal,
            weight: fontdb::Weight(weight.class()),
            stretch: Stretch::Normal,
            monospaced: false,
        }
    }
}
