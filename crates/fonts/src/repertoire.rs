use cosmic_text::skrifa::charmap::Charmap;
use cosmic_text::skrifa::raw::TableProvider;
use cosmic_text::skrifa::{FontRef, MetadataProvider, Tag};

use super::cluster::{needs_glyph, wants_colour};

/// The characters that a face draws.
#[derive(Clone)]
pub struct Repertoire<'a> {
    characters: Charmap<'a>,
    /// Whether its glyphs are colour pictures.
    pub in_colour: bool,
}

impl<'a> Repertoire<'a> {
    /// Returns the characters of face `index` of a font file. `None` if the bytes are not a font, or if its
    /// glyphs are of a kind that can't be drawn here (gradients of COLR version 1, SVG).
    pub fn of(bytes: &'a [u8], index: u32) -> Option<Self> {
        let font = FontRef::from_index(bytes, index).ok()?;
        let has = |tag: &[u8; 4]| font.table_data(Tag::new(tag)).is_some_and(|table| !table.is_empty());
        let layers = font.colr().is_ok_and(|colours| colours.num_base_glyph_records() > 0);
        let in_colour = layers || has(b"CBDT") || has(b"sbix");
        let unseen = !in_colour && (has(b"COLR") || has(b"SVG "));
        let outlines = has(b"glyf") || has(b"CFF ") || has(b"CFF2");
        (!unseen && (outlines || in_colour)).then(|| Self { characters: font.charmap(), in_colour })
    }

    /// Whether the face draws all of a cluster.
    pub fn has(&self, cluster: &str) -> bool {
        let mapped = |character| self.characters.map(character).is_some_and(|glyph| glyph.to_u32() != 0);
        cluster.chars().filter(|character| needs_glyph(*character)).all(mapped)
    }

    /// Whether the face draws all of a cluster, in colour exactly if the cluster needs colour.
    pub fn suits(&self, cluster: &str) -> bool {
        self.in_colour == wants_colour(cluster) && self.has(cluster)
    }
}
