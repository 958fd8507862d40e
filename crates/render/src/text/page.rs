use cosmic_text::{
    Align, Attrs, Buffer, CacheKey, CacheKeyFlags, Family, FeatureTag, FontFeatures, LayoutRun, Metrics,
    Shaping, Weight, Wrap,
};

use super::cases::{BUILT_IN, Cases};
use super::title_safe::TITLE_SAFE;
use mmm_facts::{Canvas, TextOverlay, TextPlace};

/// A text with the position of every glyph.
pub(super) struct Page {
    pub glyphs: Vec<Glyph>,
    /// The boxes of the lines: left, top, right, bottom, in pixels.
    pub lines: Vec<[f32; 4]>,
    /// Font size in pixels.
    pub size: f32,
}

/// A glyph and the pixel of its origin; the key contains the subpixel offset.
pub(super) struct Glyph {
    pub key: CacheKey,
    pub x: i32,
    pub y: i32,
}

/// How the text of a place is typeset. Sizes are in pixels of a movie whose short side is [`SHORT_SIDE`];
/// other movies get the same page at another scale.
struct Manner {
    /// The preferred font size, and the smallest at which words are kept whole.
    size: f32,
    least: f32,
    /// Line height in em: for the built-in face, and for texts with taller scripts.
    leading: (f32, f32),
    /// Letter spacing in em. Large letters are set closer than small ones.
    tracking: f32,
    /// The longest line as a fraction of the width; the tallest text as a fraction of the height.
    measure: f32,
    tall: f32,
}

const SHORT_SIDE: f32 = 1080.0;

/// Cap height of the built-in face and its depth below the baseline, in em.
const CAPITALS: f32 = 0.72;
const DEPTH: f32 = 0.21;

/// The bottom of captions, as a fraction of the height.
const FOOT: f32 = 0.93;

/// The factor by which the size shrinks at each step until a text fits.
const SMALLER: f32 = 0.96;

impl Manner {
    fn of(place: TextPlace) -> Self {
        match place {
            TextPlace::Title => Self {
                size: 104.0,
                least: 36.0,
                leading: (1.12, 1.32),
                tracking: -0.012,
                measure: 0.84,
                tall: 0.7,
            },
            TextPlace::Caption => Self {
                size: 48.0,
                least: 30.0,
                leading: (1.22, 1.36),
                tracking: 0.0,
                measure: 0.8,
                tall: 0.4,
            },
        }
    }

    /// Returns the most lines a text may have; it grows only as the text shrinks to fit.
    fn most_lines(&self, size: f32) -> usize {
        match size / self.size {
            part if part > 0.78 => 2,
            part if part > 0.6 => 3,
            _ => 5,
        }
    }
}

/// The space that a text takes as it is currently wrapped.
struct Extent {
    lines: usize,
    widest: f32,
}

impl Extent {
    fn of(buffer: &Buffer) -> Self {
        let widths = buffer.layout_runs().map(|run| ends(&run).map_or(0.0, |(left, right)| right - left));
        Self { lines: buffer.layout_runs().count(), widest: widths.fold(0.0, f32::max) }
    }
}

/// Returns the left and right ends of a line's visible glyphs.
fn ends(run: &LayoutRun) -> Option<(f32, f32)> {
    let seen = run.glyphs.iter().filter(|glyph| !run.text[glyph.start..glyph.end].trim().is_empty());
    seen.map(|glyph| (glyph.x, glyph.x + glyph.w)).reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)))
}

impl Page {
    /// Typesets `words` at their size, or smaller if needed to fit, times `part`.
    pub fn set(words: &TextOverlay, canvas: Canvas, part: f32, cases: &mut Cases) -> Self {
        let scale = canvas.width.min(canvas.height) as f32 / SHORT_SIDE;
        let room = (canvas.width as f32 / scale, canvas.height as f32 / scale);
        let manner = Manner::of(words.place);
        let spans = cases.spans(words.text.trim());
        let leading =
            if spans.iter().all(|(_, case)| *case == BUILT_IN) { manner.leading.0 } else { manner.leading.1 };
        let mut buffer = Buffer::new(&mut cases.system, Metrics::new(manner.size, manner.size * leading));
        fill(&mut buffer, &spans, words, &manner, cases);
        let size = fit(&mut buffer, &manner, leading, room, cases) * part;
        even(&mut buffer, size, leading, room.0 * manner.measure, cases);
        Self::place(&buffer, words.place, (size, size * leading), room, scale)
    }

    /// Positions the lines for their place.
    fn place(
        buffer: &Buffer,
        place: TextPlace,
        (size, step): (f32, f32),
        room: (f32, f32),
        scale: f32,
    ) -> Self {
        let count = buffer.layout_runs().count();
        let rest = step * count.saturating_sub(1) as f32;
        let first = match place {
            // Centres the block from the capitals of the first line to the baseline of the last.
            TextPlace::Title => (room.1 - rest + size * CAPITALS) / 2.0,
            TextPlace::Caption => room.1 * FOOT - size * DEPTH - rest,
        };
        let (mut glyphs, mut lines) = (Vec::new(), Vec::new());
        for (index, run) in buffer.layout_runs().enumerate() {
            let Some((left, right)) = ends(&run) else { continue };
            let shift = (room.0 - left - right) / 2.0;
            // Baselines are on whole pixels, so that the bottoms of letters are sharp.
            let line = ((first + step * index as f32) * scale).round();
            for glyph in run.glyphs {
                let x = (glyph.x + glyph.font_size * glyph.x_offset + shift) * scale;
                let y = line + (glyph.y - glyph.font_size * glyph.y_offset) * scale;
                let flags = glyph.cache_key_flags | CacheKeyFlags::DISABLE_HINTING;
                let (key, x, y) = CacheKey::new(
                    glyph.font_id,
                    glyph.glyph_id,
                    glyph.font_size * scale,
                    (x, y),
                    glyph.font_weight,
                    flags,
                );
                glyphs.push(Glyph { key, x, y });
            }
            let (left, right) = ((left + shift) * scale, (right + shift) * scale);
            lines.push([left, line - size * CAPITALS * scale, right, line + size * DEPTH * scale]);
        }
        Self { glyphs, lines, size: size * scale }
    }
}

/// Fills the buffer with the text, each span in its face.
fn fill(buffer: &mut Buffer, spans: &[(String, usize)], words: &TextOverlay, manner: &Manner, cases: &Cases) {
    let weight = Weight(words.place.weight().class());
    let plain = Attrs::new().family(Family::Name(cases.name(BUILT_IN))).weight(weight);
    let mut features = FontFeatures::new();
    // Dates are running text here, not a table.
    features.enable(FeatureTag::new(b"pnum"));
    // Letters that join must not be spaced.
    let ours = plain.clone().letter_spacing(manner.tracking).font_features(features);
    let spans = spans.iter().map(|(text, case)| {
        let attrs = if *case == BUILT_IN {
            ours.clone()
        } else {
            plain.clone().family(Family::Name(cases.name(*case)))
        };
        (text.as_str(), attrs)
    });
    buffer.set_rich_text(spans, &plain, Shaping::Advanced, Some(Align::Left));
}

/// Wraps the text again for a size and a width.
fn lay(buffer: &mut Buffer, size: f32, leading: f32, width: f32, cases: &mut Cases) -> Extent {
    buffer.set_metrics(Metrics::new(size, size * leading));
    buffer.set_size(Some(width), None);
    buffer.shape_until_scroll(&mut cases.system, false);
    Extent::of(buffer)
}

/// Finds the font size at which a text fits.
fn fit(buffer: &mut Buffer, manner: &Manner, leading: f32, room: (f32, f32), cases: &mut Cases) -> f32 {
    /// Below this font size, in pixels, a text is illegible.
    const NOTHING: f32 = 2.0;
    let measure = room.0 * manner.measure;
    let fits = |extent: &Extent, size: f32, tall: f32| {
        extent.widest <= measure && extent.lines as f32 * leading * size <= room.1 * tall
    };
    let mut size = manner.size;
    buffer.set_wrap(Wrap::Word);
    while size >= manner.least {
        let extent = lay(buffer, size, leading, measure, cases);
        if extent.lines <= manner.most_lines(size) && fits(&extent, size, manner.tall) {
            return size;
        }
        size *= SMALLER;
    }
    // Too long for any good size: allow breaks within words and use the whole safe area.
    buffer.set_wrap(Wrap::WordOrGlyph);
    while size > NOTHING {
        let extent = lay(buffer, size, leading, measure, cases);
        if fits(&extent, size, TITLE_SAFE * 0.9) {
            break;
        }
        size *= SMALLER;
    }
    size
}

/// Narrows the text as far as it keeps its number of lines, so that the last line isn't a single word.
fn even(buffer: &mut Buffer, size: f32, leading: f32, measure: f32, cases: &mut Cases) {
    let now = lay(buffer, size, leading, measure, cases);
    if now.lines < 2 || buffer.wrap() != Wrap::Word {
        return;
    }
    let (mut narrow, mut wide) = (0.0, measure);
    for _ in 0..12 {
        let middle = (narrow + wide) / 2.0;
        let extent = lay(buffer, size, leading, middle, cases);
        if extent.lines == now.lines && extent.widest <= middle {
            wide = middle;
        } else {
            narrow = middle;
        }
    }
    lay(buffer, size, leading, wide, cases);
}
