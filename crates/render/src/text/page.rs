use cosmic_text::{
    Align, Attrs, Buffer, CacheKey, CacheKeyFlags, Family, FeatureTag, FontFeatures, Metrics, Shaping,
    Weight, Wrap,
};

use super::cases::{BUILT_IN, Cases};
use super::paragraph::{Paragraph, Row};
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

/// A text as it is wrapped for a width.
struct Wrapped<'a> {
    rows: Vec<Row<'a>>,
    /// The width of its widest row, in pixels.
    widest: f32,
}

impl<'a> Wrapped<'a> {
    fn new(paragraphs: &'a [Paragraph], size: f32, width: f32, within_words: bool) -> Self {
        let rows = paragraphs.iter().flat_map(|paragraph| paragraph.rows(width / size, within_words));
        let rows: Vec<Row> = rows.collect();
        let widths = rows.iter().map(|row| row.ends(size).map_or(0.0, |(left, right)| right - left));
        let widest = widths.fold(0.0, f32::max);
        Self { rows, widest }
    }
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
        let paragraphs = shape(&spans, words.place, cases);
        let (size, within_words) = fit(&paragraphs, &manner, leading, room);
        let size = size * part;
        let text = even(&paragraphs, size, room.0 * manner.measure, within_words);
        Self::place(&text.rows, words.place, (size, size * leading), room, scale)
    }

    /// Positions the lines for their place.
    fn place(rows: &[Row], place: TextPlace, (size, step): (f32, f32), room: (f32, f32), scale: f32) -> Self {
        let rest = step * rows.len().saturating_sub(1) as f32;
        let first = match place {
            // Centres the block from the capitals of the first line to the baseline of the last.
            TextPlace::Title => (room.1 - rest + size * CAPITALS) / 2.0,
            TextPlace::Caption => room.1 * FOOT - size * DEPTH - rest,
        };
        let (mut glyphs, mut lines) = (Vec::new(), Vec::new());
        for (index, row) in rows.iter().enumerate() {
            let Some((left, right)) = row.ends(size) else { continue };
            let shift = (room.0 - left - right) / 2.0;
            // Baselines are on whole pixels, so that the bottoms of letters are sharp.
            let line = ((first + step * index as f32) * scale).round();
            for (x, glyph) in row.glyphs(size) {
                let x = (x + size * glyph.offset.0 + shift) * scale;
                let y = line + size * glyph.offset.1 * scale;
                let flags = glyph.flags | CacheKeyFlags::DISABLE_HINTING;
                let (key, x, y) =
                    CacheKey::new(glyph.font, glyph.glyph, size * scale, (x, y), glyph.weight, flags);
                glyphs.push(Glyph { key, x, y });
            }
            let (left, right) = ((left + shift) * scale, (right + shift) * scale);
            lines.push([left, line - size * CAPITALS * scale, right, line + size * DEPTH * scale]);
        }
        Self { glyphs, lines, size: size * scale }
    }
}

/// Shapes the text, each span in its face.
pub(super) fn shape(spans: &[(String, usize)], place: TextPlace, cases: &mut Cases) -> Vec<Paragraph> {
    /// In em: wider than any text that the language allows. Without a width, cosmic-text drops what reads from
    /// the left at the start of a paragraph that reads from the right.
    const ENDLESS: f32 = 100_000.0;
    let mut buffer = Buffer::new(&mut cases.system, Metrics::new(1.0, 1.0));
    buffer.set_wrap(Wrap::Word);
    buffer.set_size(Some(ENDLESS), None);
    let weight = Weight(place.weight().class());
    let plain = Attrs::new().family(Family::Name(cases.name(BUILT_IN))).weight(weight);
    let mut features = FontFeatures::new();
    // Dates are running text here, not a table.
    features.enable(FeatureTag::new(b"pnum"));
    // Letters that join must not be spaced.
    let ours = plain.clone().letter_spacing(Manner::of(place).tracking).font_features(features);
    let rich = spans.iter().map(|(text, case)| {
        let attrs = if *case == BUILT_IN {
            ours.clone()
        } else {
            plain.clone().family(Family::Name(cases.name(*case)))
        };
        (text.as_str(), attrs)
    });
    buffer.set_rich_text(rich, &plain, Shaping::Advanced, Some(Align::Left));
    buffer.shape_until_scroll(&mut cases.system, false);
    buffer.layout_runs().map(|run| Paragraph::of(&run)).collect()
}

/// Finds the font size at which a text fits, and whether words have to be broken.
fn fit(paragraphs: &[Paragraph], manner: &Manner, leading: f32, room: (f32, f32)) -> (f32, bool) {
    /// Below this font size, in pixels, a text is illegible.
    const NOTHING: f32 = 2.0;
    let measure = room.0 * manner.measure;
    let fits = |text: &Wrapped, size: f32, tall: f32| {
        text.widest <= measure && text.rows.len() as f32 * leading * size <= room.1 * tall
    };
    let mut size = manner.size;
    while size >= manner.least {
        let text = Wrapped::new(paragraphs, size, measure, false);
        if text.rows.len() <= manner.most_lines(size) && fits(&text, size, manner.tall) {
            return (size, false);
        }
        size *= SMALLER;
    }
    // Too long for any good size: allow breaks within words and use the whole safe area.
    while size > NOTHING {
        if fits(&Wrapped::new(paragraphs, size, measure, true), size, TITLE_SAFE * 0.9) {
            break;
        }
        size *= SMALLER;
    }
    (size, true)
}

/// Narrows the text as far as it keeps its number of rows, so that the last row isn't a single word.
fn even(paragraphs: &[Paragraph], size: f32, measure: f32, within_words: bool) -> Wrapped<'_> {
    let now = Wrapped::new(paragraphs, size, measure, within_words);
    if now.rows.len() < 2 || within_words {
        return now;
    }
    let (mut narrow, mut wide) = (0.0, measure);
    for _ in 0..12 {
        let middle = (narrow + wide) / 2.0;
        let text = Wrapped::new(paragraphs, size, middle, false);
        if text.rows.len() == now.rows.len() && text.widest <= middle {
            wide = middle;
        } else {
            narrow = middle;
        }
    }
    Wrapped::new(paragraphs, size, wide, false)
}
