use cosmic_text::{
    Align, Attrs, Buffer, Family, FontSystem, Metrics, Shaping, SwashCache, SwashContent, Weight, fontdb,
};

use crate::media::Yuv420;
use crate::timeline::{Canvas, Words, WordsPlace};

/// Words over the picture: white, on a soft shadow, eased in and out.
///
/// Only the fonts in the binary are used, so that the same words give the same pixels everywhere.
pub(super) struct Overlay(Vec<Drawn>);

/// One text, drawn once.
struct Drawn {
    start: i32,
    frames: u32,
    ramp: f32,
    mask: Mask,
    shadow: Mask,
}

/// How much of each pixel is covered, over a part of the canvas; its corner and size are even.
struct Mask {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
    cover: Vec<u8>,
}

const REGULAR: &[u8] = include_bytes!("../../assets/fonts/Lato-Medium.ttf");
const BOLD: &[u8] = include_bytes!("../../assets/fonts/Lato-Bold.ttf");

/// Legal white and black of BT.709 in 8 bits.
const WHITE: i32 = 235;
const BLACK: i32 = 16;

/// How dark the shadow is at its darkest, of 256.
const SHADOW: i32 = 150;

/// Seconds of easing at each end.
const RAMP_S: f32 = 0.35;

impl Overlay {
    pub(super) fn new(words: &[Words], canvas: Canvas) -> Self {
        if words.is_empty() {
            return Self(Vec::new());
        }
        let fonts = [REGULAR, BOLD].map(|font| fontdb::Source::Binary(std::sync::Arc::new(font)));
        let mut db = fontdb::Database::new();
        for font in fonts {
            db.load_font_source(font);
        }
        let mut fonts = FontSystem::new_with_locale_and_db("en".to_owned(), db);
        let draw = words.iter().filter_map(|words| Drawn::new(words, canvas, &mut fonts));
        Self(draw.collect())
    }

    /// Draws what is seen at frame `index` of the piece.
    pub(super) fn draw(&self, index: i32, picture: &mut Yuv420) {
        for drawn in &self.0 {
            let at = index - drawn.start;
            if at < 0 || at >= drawn.frames as i32 {
                continue;
            }
            let edge = (at + 1).min(drawn.frames as i32 - at) as f32;
            let t = (edge / drawn.ramp).min(1.0);
            let strength = (t * t * (3.0 - 2.0 * t) * 256.0) as i32;
            drawn.shadow.blend(picture, BLACK, strength * SHADOW / 256);
            drawn.mask.blend(picture, WHITE, strength);
        }
    }
}

impl Drawn {
    fn new(words: &Words, canvas: Canvas, fonts: &mut FontSystem) -> Option<Self> {
        let mask = mask(words, canvas, fonts)?;
        let shadow = mask.shadow((canvas.width.min(canvas.height) / 90).max(2) as usize, canvas);
        let rate = canvas.rate.0 as f32 / canvas.rate.1 as f32;
        let ramp = (RAMP_S * rate).min(words.frames as f32 / 3.0).max(1.0);
        Some(Self { start: words.start, frames: words.frames, ramp, mask, shadow })
    }
}

/// The shaped and placed text; none where nothing of it has a picture.
fn mask(words: &Words, canvas: Canvas, fonts: &mut FontSystem) -> Option<Mask> {
    let (width, height) = (canvas.width as f32, canvas.height as f32);
    let short = width.min(height);
    let (size, weight) = match words.place {
        WordsPlace::Title => (short * 0.092, Weight::BOLD),
        WordsPlace::Caption => (short * 0.046, Weight::MEDIUM),
    };
    // Within 80 % of the width: the title-safe area of SMPTE ST 2046-1 is 90 %.
    let room = width * 0.8;
    let mut buffer = Buffer::new(fonts, Metrics::new(size, size * 1.2));
    buffer.set_size(Some(room), None);
    let attrs = Attrs::new().family(Family::Name("Lato")).weight(weight);
    buffer.set_text(&words.text, &attrs, Shaping::Advanced, Some(Align::Center));
    buffer.shape_until_scroll(fonts, false);
    let tall = buffer.layout_runs().map(|run| run.line_top + run.line_height).fold(0.0, f32::max);
    let top = match words.place {
        WordsPlace::Title => (height - tall) / 2.0,
        WordsPlace::Caption => height * 0.92 - tall,
    };
    let mut page = Mask::page(canvas);
    let mut cache = SwashCache::new();
    let mut any = false;
    for run in buffer.layout_runs() {
        for glyph in run.glyphs {
            let physical = glyph.physical(((width - room) / 2.0, top + run.line_y), 1.0);
            let Some(image) = cache.get_image_uncached(fonts, physical.cache_key) else { continue };
            if image.content == SwashContent::Mask {
                let (x, y) = (physical.x + image.placement.left, physical.y - image.placement.top);
                page.stamp(x, y, image.placement.width as usize, &image.data);
                any = true;
            }
        }
    }
    any.then(|| page.trimmed(0, canvas))
}

impl Mask {
    fn page(canvas: Canvas) -> Self {
        let (width, height) = (canvas.width as usize, canvas.height as usize);
        Self { x: 0, y: 0, width, height, cover: vec![0; width * height] }
    }

    /// Adds a glyph whose corner is at `x`, `y`; what lies outside is dropped.
    fn stamp(&mut self, x: i32, y: i32, width: usize, data: &[u8]) {
        for (row, line) in data.chunks_exact(width.max(1)).enumerate() {
            let Some(py) = usize::try_from(y + row as i32).ok().filter(|y| *y < self.height) else {
                continue;
            };
            for (column, cover) in line.iter().enumerate() {
                let px = usize::try_from(x + column as i32).ok().filter(|x| *x < self.width);
                if let Some(px) = px {
                    let at = &mut self.cover[py * self.width + px];
                    *at = at.saturating_add(*cover);
                }
            }
        }
    }

    /// The part of a page that is covered, with `margin` pixels around it.
    fn trimmed(&self, margin: usize, canvas: Canvas) -> Self {
        let rows = || (0..self.height).filter(|y| self.row(*y).iter().any(|c| *c > 0));
        let columns = self.row_union();
        let used = || columns.iter().enumerate().filter(|(_, used)| **used).map(|(x, _)| x);
        let low = |first: Option<usize>| first.unwrap_or(0).saturating_sub(margin) & !1;
        let high = |last: Option<usize>, end: u32| {
            (last.map_or(0, |last| last + 1) + margin).min(end as usize).next_multiple_of(2).min(end as usize)
        };
        let (x, y) = (low(used().next()), low(rows().next()));
        let (right, bottom) =
            (high(used().next_back(), canvas.width), high(rows().next_back(), canvas.height));
        let (width, height) = (right.saturating_sub(x), bottom.saturating_sub(y));
        let lines = (y..y + height).flat_map(|line| &self.row(line)[x..x + width]);
        Self { x, y, width, height, cover: lines.copied().collect() }
    }

    fn row(&self, y: usize) -> &[u8] {
        &self.cover[y * self.width..(y + 1) * self.width]
    }

    fn row_union(&self) -> Vec<bool> {
        (0..self.width).map(|x| (0..self.height).any(|y| self.cover[y * self.width + x] > 0)).collect()
    }

    /// A soft shadow of this mask: blurred over `radius` pixels, and spread.
    fn shadow(&self, radius: usize, canvas: Canvas) -> Self {
        let mut page = Self::page(canvas);
        page.stamp(self.x as i32, self.y as i32 + (radius / 3) as i32, self.width, &self.cover);
        let mut soft = page.trimmed(radius * 3, canvas);
        for _ in 0..3 {
            soft.cover = running_mean(&soft.cover, soft.width, radius);
            let turned = transpose(&soft.cover, soft.width);
            soft.cover = transpose(&running_mean(&turned, soft.height, radius), soft.height);
        }
        for cover in &mut soft.cover {
            *cover = cover.saturating_mul(2);
        }
        soft
    }

    /// Brings the picture under the mask towards `luma` without colour; `strength` of 256.
    fn blend(&self, picture: &mut Yuv420, luma: i32, strength: i32) {
        let (wide, half) = (picture.width as usize, picture.width as usize / 2);
        for line in 0..self.height {
            let covers = self.row(line);
            let start = (self.y + line) * wide + self.x;
            mix(&mut picture.y[start..start + self.width], covers.iter().copied(), luma, strength);
            if line % 2 == 0 {
                let start = (self.y + line) / 2 * half + self.x / 2;
                let pairs = covers.iter().copied().step_by(2);
                mix(&mut picture.u[start..start + self.width / 2], pairs.clone(), 128, strength);
                mix(&mut picture.v[start..start + self.width / 2], pairs, 128, strength);
            }
        }
    }
}

fn mix(pixels: &mut [u8], covers: impl Iterator<Item = u8>, goal: i32, strength: i32) {
    for (pixel, cover) in pixels.iter_mut().zip(covers) {
        let part = i32::from(cover) * strength;
        let value = i32::from(*pixel);
        *pixel = (value + ((goal - value) * part + 32_640) / 65_280).clamp(0, 255) as u8;
    }
}

/// The mean over `2 × radius + 1` neighbours in each row of `width`.
fn running_mean(cover: &[u8], width: usize, radius: usize) -> Vec<u8> {
    let mut result = Vec::with_capacity(cover.len());
    let count = 2 * radius as u32 + 1;
    for row in cover.chunks_exact(width.max(1)) {
        let mut sum: u32 = row.iter().take(radius).map(|c| u32::from(*c)).sum();
        for x in 0..width {
            sum += row.get(x + radius).map_or(0, |c| u32::from(*c));
            result.push((sum / count) as u8);
            sum -= if x >= radius { u32::from(row[x - radius]) } else { 0 };
        }
    }
    result
}

/// Rows of `width` become columns.
fn transpose(cover: &[u8], width: usize) -> Vec<u8> {
    let height = cover.len() / width.max(1);
    (0..width).flat_map(|x| (0..height).map(move |y| cover[y * width + x])).collect()
}
