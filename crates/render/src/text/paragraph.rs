use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use cosmic_text::{CacheKeyFlags, LayoutGlyph, LayoutRun, Weight, fontdb::ID};
use unicode_bidi::{BidiInfo, Level};
use unicode_linebreak::linebreaks;

/// A paragraph as UAX 9 calls it: one line of the user's text, shaped once and not yet broken into rows.
///
/// Directions are resolved for the whole paragraph, across changes of the face. Each row is put in order from
/// left to right only after it is broken (rule L2).
pub(super) struct Paragraph {
    /// In the order in which they are read.
    clusters: Vec<Cluster>,
}

/// What a reader sees as one character, or as one sign that several characters form.
struct Cluster {
    /// Its first byte in the paragraph.
    #[cfg(test)]
    start: usize,
    level: Level,
    /// In em.
    width: f32,
    is_blank: bool,
    /// Whether a row may begin here (UAX 14).
    may_begin: bool,
    /// From left to right.
    glyphs: Vec<ShapedGlyph>,
}

/// A glyph in a face. Lengths are in em.
#[derive(Clone, Copy)]
pub(super) struct ShapedGlyph {
    pub font: ID,
    pub glyph: u16,
    pub weight: Weight,
    pub flags: CacheKeyFlags,
    width: f32,
    /// What is added to its place: to the right, and downwards.
    pub offset: (f32, f32),
}

/// A row of a paragraph, from left to right.
pub(super) struct Row<'a> {
    clusters: Vec<&'a Cluster>,
}

impl Paragraph {
    /// Creates a paragraph from the one line that it takes where nothing is wrapped. The font size is 1.
    pub fn of(run: &LayoutRun) -> Self {
        // The lists of lines from right to left begin at the right.
        let mut glyphs: Vec<&LayoutGlyph> = run.glyphs.iter().collect();
        if run.rtl {
            glyphs.reverse();
        }
        let mut signs: BTreeMap<usize, Vec<&LayoutGlyph>> = BTreeMap::new();
        for glyph in glyphs {
            signs.entry(glyph.start).or_default().push(glyph);
        }
        let begins: BTreeSet<usize> = linebreaks(run.text).map(|(at, _)| at).collect();
        let ends: Vec<usize> = signs.keys().copied().skip(1).chain([run.text.len()]).collect();
        let cluster = |((start, glyphs), end): ((usize, Vec<&LayoutGlyph>), usize)| Cluster {
            #[cfg(test)]
            start,
            level: glyphs[0].level,
            width: glyphs.iter().map(|glyph| glyph.w).sum(),
            is_blank: run.text[start..end].trim().is_empty(),
            may_begin: begins.contains(&start),
            glyphs: glyphs.into_iter().map(ShapedGlyph::of).collect(),
        };
        Self { clusters: signs.into_iter().zip(ends).map(cluster).collect() }
    }

    /// Breaks the paragraph into rows of at most `width` em, as full as they can be. A word that is wider gets
    /// a row of its own, or is broken as well if `within_words`.
    pub fn rows(&self, width: f32, within_words: bool) -> Vec<Row<'_>> {
        let (mut rows, mut first, mut may_end, mut pen) = (Vec::new(), 0, None, 0.0);
        let mut at = 0;
        while let Some(cluster) = self.clusters.get(at) {
            if at > first && cluster.may_begin {
                may_end = Some(at);
            }
            let end = may_end.or((within_words && at > first).then_some(at));
            if let Some(end) = end.filter(|_| !cluster.is_blank && pen + cluster.width > width) {
                rows.push(self.row(first..end));
                (first, at, may_end, pen) = (end, end, None, 0.0);
            } else {
                pen += cluster.width;
                at += 1;
            }
        }
        rows.push(self.row(first..self.clusters.len()));
        rows
    }

    /// Puts a part of the paragraph in order from left to right. Blanks at its end take no place.
    fn row(&self, range: Range<usize>) -> Row<'_> {
        let read = &self.clusters[range];
        let seen = read.iter().rposition(|cluster| !cluster.is_blank).map_or(0, |last| last + 1);
        let levels: Vec<Level> = read[..seen].iter().map(|cluster| cluster.level).collect();
        Row { clusters: BidiInfo::reorder_visual(&levels).into_iter().map(|at| &read[at]).collect() }
    }
}

impl Row<'_> {
    /// Returns the left and right ends of the visible glyphs at a font size; `None` if there are none.
    pub fn ends(&self, size: f32) -> Option<(f32, f32)> {
        let (mut pen, mut ends) = (0.0, None);
        for cluster in &self.clusters {
            for glyph in &cluster.glyphs {
                let next = pen + size * glyph.width;
                if !cluster.is_blank {
                    ends =
                        Some(ends.map_or((pen, next), |(left, right): (f32, f32)| {
                            (left.min(pen), right.max(next))
                        }));
                }
                pen = next;
            }
        }
        ends
    }

    /// Returns the first byte of each cluster, from left to right.
    #[cfg(test)]
    pub fn starts(&self) -> Vec<usize> {
        self.clusters.iter().map(|cluster| cluster.start).collect()
    }

    /// Returns the glyphs with the places of their origins, from the left end of the row at a font size.
    pub fn glyphs(&self, size: f32) -> Vec<(f32, ShapedGlyph)> {
        let mut pen = 0.0;
        let mut placed = Vec::new();
        for glyph in self.clusters.iter().flat_map(|cluster| &cluster.glyphs) {
            placed.push((pen, *glyph));
            pen += size * glyph.width;
        }
        placed
    }
}

impl ShapedGlyph {
    fn of(glyph: &LayoutGlyph) -> Self {
        Self {
            font: glyph.font_id,
            glyph: glyph.glyph_id,
            weight: glyph.font_weight,
            flags: glyph.cache_key_flags,
            width: glyph.w,
            offset: (glyph.x_offset, glyph.y - glyph.y_offset),
        }
    }
}
