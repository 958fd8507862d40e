use cosmic_text::{
    Align, Attrs, Buffer, CacheKey, CacheKeyFlags, Family, FeatureTag, FontFeatures, LayoutRun, Metrics,
    Shaping, Weight, Wrap,
};

use super::cases::{BUILT_IN, Cases};
use super::title_safe::TITLE_SAFE;
use mmm_facts::{Canvas, TextOverlay, TextPlace};

/// A text with a place for every glyph.
pub(super) struct Page {
    pub glyphs: Vec<Glyph>,
    /// The boxes of the lines: left, top, right, bottom, in pixels.
    pub lines: Vec<[f32; 4]>,
    /// Of the letters, in pixels.
    pub size: f32,
}

/// A glyph, and the pixel that its origin is in; the key holds the rest of the way.
pub(super) struct Glyph {
    pub key: CacheKey,
    pub x: i32,
    pub y: i32,
}

/// How the words of a place are set. Sizes are in pixels of a movie whose short side is
/// [`SHORT_SIDE`]; other movies have the same page at another scale.
struct Manner {
    /// The size that is wanted, and the least at which a word is kept whole.
    size: f32,
    least: f32,
    /// From line to line, in sizes: of the face in the program, and where taller scripts come in.
    leading: (f32, f32),
    /// Between letters, in sizes. Large letters stand closer than small ones.
    tracking: f32,
    /// The widest line, of the width; the tallest text, of the height.
    measure: f32,
    tall: f32,
}

const SHORT_SIDE: f32 = 1080.0;

/// Height of capitals in the face in the program, and depth below the line, in sizes.
const CAPITALS: f32 = 0.72;
const DEPTH: f32 = 0.21;

/// Where the foot of captions is, of the height.
const FOOT: f32 = 0.93;

/// What is taken away from the size at a time until a text fits.
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

    /// How many lines a text may have: more only where it has become smaller for want of room.
    fn most_lines(&self, size: f32) -> usize {
        match size / self.size {
            part if part > 0.78 => 2,
            part if part > 0.6 => 3,
            _ => 5,
        }
    }
}

/// How much room a text takes as it is broken now.
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

/// The left and the right end of what is seen of a line.
fn ends(run: &LayoutRun) -> Option<(f32, f32)> {
    let seen = run.glyphs.iter().filter(|glyph| !run.text[glyph.start..glyph.end].trim().is_empty());
    seen.map(|glyph| (glyph.x, glyph.x + glyph.w)).reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)))
}

impl Page {
    /// Sets `words` at their size, or as much smaller as they have to be, and `part` of that.
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

    /// Puts the lines where their place is.
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
            // Capitals and the foot of the last line stand evenly about the middle.
            TextPlace::Title => (room.1 - rest + size * CAPITALS) / 2.0,
            TextPlace::Caption => room.1 * FOOT - size * DEPTH - rest,
        };
        let (mut glyphs, mut lines) = (Vec::new(), Vec::new());
        for (index, run) in buffer.layout_runs().enumerate() {
            let Some((left, right)) = ends(&run) else { continue };
            let shift = (room.0 - left - right) / 2.0;
            // Lines stand on whole pixels, so that their feet are sharp.
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

/// Puts the text into the buffer, each stretch in its face.
fn fill(buffer: &mut Buffer, spans: &[(String, usize)], words: &TextOverlay, manner: &Manner, cases: &Cases) {
    let weight = Weight(words.place.weight().class());
    let plain = Attrs::new().family(Family::Name(cases.name(BUILT_IN))).weight(weight);
    let mut features = FontFeatures::new();
    // Dates are words here and no table.
    features.enable(FeatureTag::new(b"pnum"));
    // Letters that join are not moved apart or together.
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

/// Breaks the text anew for a size and a width.
fn lay(buffer: &mut Buffer, size: f32, leading: f32, width: f32, cases: &mut Cases) -> Extent {
    buffer.set_metrics(Metrics::new(size, size * leading));
    buffer.set_size(Some(width), None);
    buffer.shape_until_scroll(&mut cases.system, false);
    Extent::of(buffer)
}

/// Finds the size at which a text has room.
fn fit(buffer: &mut Buffer, manner: &Manner, leading: f32, room: (f32, f32), cases: &mut Cases) -> f32 {
    /// A text whose letters are this small is not read any more.
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
    // Too much for any good size: words are broken, and all that is safe is used.
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

/// Narrows the text as far as it keeps its number of lines: no word is left alone on the last one.
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
