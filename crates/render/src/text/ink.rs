use cosmic_text::{SwashContent, SwashImage};

use super::cases::Cases;
use super::page::Page;
use super::title_safe::TITLE_SAFE;
use mmm_facts::Canvas;

/// The pixels of a text: how much of each is covered, and in which colour. Position and size are even.
#[derive(Clone)]
pub(super) struct Ink {
    pub x: usize,
    pub y: usize,
    pub width: usize,
    pub height: usize,
    /// Coverage of each pixel, 0 to 255.
    pub cover: Vec<u8>,
    /// Luma and chroma of each pixel; `None` if the whole text is white.
    pub tint: Option<Vec<[u8; 3]>>,
    /// For each chroma sample, its coverage and its chroma.
    pub chroma: Vec<[u8; 3]>,
}

/// Legal white of BT.709 in 8 bits.
pub(super) const WHITE: [u8; 3] = [235, 128, 128];

/// A rendered glyph and its upper left corner.
type Placed = (i32, i32, SwashImage);

impl Ink {
    /// Renders the glyphs of a page, clipped to the canvas; `None` if no glyph has an image.
    pub fn of(page: &Page, canvas: Canvas, cases: &mut Cases) -> Option<Self> {
        let mut images: Vec<Placed> = Vec::new();
        for glyph in &page.glyphs {
            let Some(image) = cases.glyphs.get_image_uncached(&mut cases.system, glyph.key) else { continue };
            let (x, y) = (glyph.x + image.placement.left, glyph.y - image.placement.top);
            images.push((x, y, image));
        }
        let mut ink = Self::blank(&images, canvas)?;
        if images.iter().any(|(_, _, image)| image.content == SwashContent::Color) {
            ink.tint = Some(vec![WHITE; ink.cover.len()]);
        }
        images.iter().for_each(|image| ink.stamp(image));
        Some(ink.subsampled())
    }

    /// Returns empty ink that is large enough for the glyphs.
    fn blank(images: &[Placed], canvas: Canvas) -> Option<Self> {
        let seen =
            images.iter().filter(|(_, _, image)| image.placement.width > 0 && image.placement.height > 0);
        let boxes = seen.map(|(x, y, image)| {
            let place = image.placement;
            [*x, *y, *x + place.width as i32, *y + place.height as i32]
        });
        let all = boxes.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])?;
        let start = |at: i32, end: u32| (at.clamp(0, end as i32) as usize) & !1;
        let end = |at: i32, end: u32| (at.clamp(0, end as i32) as usize).next_multiple_of(2);
        let (x, y) = (start(all[0], canvas.width), start(all[1], canvas.height));
        let width = end(all[2], canvas.width).saturating_sub(x);
        let height = end(all[3], canvas.height).saturating_sub(y);
        let room = width * height;
        (room > 0).then(|| Self { x, y, width, height, cover: vec![0; room], tint: None, chroma: Vec::new() })
    }

    fn stamp(&mut self, (x, y, image): &Placed) {
        let channels = if image.content == SwashContent::Color { 4 } else { 1 };
        let row = image.placement.width as usize * channels;
        for (line, pixels) in image.data.chunks_exact(row.max(1)).enumerate() {
            let inside = |at: i32, start: usize, length: usize| {
                usize::try_from(at).ok()?.checked_sub(start).filter(|at| *at < length)
            };
            let Some(py) = inside(y + line as i32, self.y, self.height) else { continue };
            for (column, pixel) in pixels.chunks_exact(channels).enumerate() {
                let Some(px) = inside(x + column as i32, self.x, self.width) else { continue };
                let at = py * self.width + px;
                match (pixel, &mut self.tint) {
                    ([red, green, blue, cover], Some(tint)) if *cover > 0 => {
                        tint[at] = tinted([*red, *green, *blue], *cover);
                        self.cover[at] = self.cover[at].max(*cover);
                    }
                    // Touching letters add their coverage, up to full.
                    ([cover], _) => self.cover[at] = self.cover[at].saturating_add(*cover),
                    _ => {}
                }
            }
        }
    }

    /// Whether all ink is inside the safe title area.
    pub fn is_title_safe(&self, canvas: Canvas) -> bool {
        let inside = |start: usize, length: usize, whole: u32| {
            let margin = whole as f32 * (1.0 - TITLE_SAFE) / 2.0;
            // The position of ink is even, so a pixel at its edge may be empty.
            start as f32 + 1.0 >= margin && (start + length) as f32 - 1.0 <= whole as f32 - margin
        };
        inside(self.x, self.width, canvas.width) && inside(self.y, self.height, canvas.height)
    }

    /// Returns the ink moved down by `rows` (may be fractional): resampled, never moved by whole pixels.
    pub fn lowered(&self, rows: f32) -> Self {
        let whole = rows.floor();
        let taps = cubic(rows - whole);
        // A cubic reaches two more rows, up and down; positions stay even.
        let down = (whole as usize) & !1;
        let odd = whole as usize - down;
        let (pad, height) = (2, self.height + 6);
        let top = (self.y + down).saturating_sub(pad);
        let pad = self.y + down - top;
        let mut cover = vec![0; self.width * height];
        let mut tint = self.tint.as_ref().map(|_| vec![WHITE; self.width * height]);
        let empty = vec![0; self.width];
        for line in 0..height {
            let source = line as isize - pad as isize - odd as isize;
            let row = |offset: isize| {
                let row = usize::try_from(source + offset).ok().filter(|row| *row < self.height);
                row.map_or(empty.as_slice(), |row| &self.cover[row * self.width..][..self.width])
            };
            let rows = [row(-2), row(-1), row(0), row(1)];
            for (x, cover) in cover[line * self.width..][..self.width].iter_mut().enumerate() {
                let sum: f32 = (0..4).map(|tap| taps[tap] * f32::from(rows[tap][x])).sum();
                *cover = (sum + 0.5).clamp(0.0, 255.0) as u8;
            }
            if let (Some(from), Some(to)) = (&self.tint, &mut tint) {
                let row = source.clamp(0, self.height as isize - 1) as usize * self.width;
                to[line * self.width..][..self.width].copy_from_slice(&from[row..row + self.width]);
            }
        }
        Self { x: self.x, y: top, width: self.width, height, cover, tint, chroma: Vec::new() }.subsampled()
    }

    /// Computes the chroma at half the resolution in both directions.
    fn subsampled(mut self) -> Self {
        let samples =
            (0..self.height / 2).flat_map(|row| (0..self.width / 2).map(move |column| (column, row)));
        self.chroma = samples.map(|(column, row)| self.sample(column, row)).collect();
        self
    }

    /// Returns a chroma sample. It lies on the left one of two pixels and between two rows (as in MPEG-2),
    /// and includes half of each horizontal neighbour.
    fn sample(&self, column: usize, row: usize) -> [u8; 3] {
        /// The sum of all weights.
        const PARTS: u32 = 8;
        let (mut cover, mut sums) = (0, [0, 0]);
        for line in [row * 2, row * 2 + 1] {
            for (offset, part) in [(0, 1), (1, 2), (2, 1)] {
                let Some(x) = (column * 2 + offset).checked_sub(1).filter(|x| *x < self.width) else {
                    continue;
                };
                let at = line * self.width + x;
                let own = part * u32::from(self.cover[at]);
                let tint = self.tint.as_ref().map_or(WHITE, |tint| tint[at]);
                cover += own;
                sums[0] += own * u32::from(tint[1]);
                sums[1] += own * u32::from(tint[2]);
            }
        }
        let mean = |sum: u32| (sum + cover / 2).checked_div(cover).map_or(128, |mean| mean as u8);
        [(cover / PARTS) as u8, mean(sums[0]), mean(sums[1])]
    }
}

/// Returns the weights of four rows around a position `part` of a row below the second (Catmull-Rom cubic):
/// sharp, and exact at whole rows.
fn cubic(part: f32) -> [f32; 4] {
    let t = 1.0 - part;
    let (t2, t3) = (t * t, t * t * t);
    if part == 0.0 {
        return [0.0, 0.0, 1.0, 0.0];
    }
    [
        (-t3 + 2.0 * t2 - t) / 2.0,
        (3.0 * t3 - 5.0 * t2 + 2.0) / 2.0,
        (-3.0 * t3 + 4.0 * t2 + t) / 2.0,
        (t3 - t2) / 2.0,
    ]
}

/// Converts a glyph's colour (sRGB, premultiplied by its coverage) to the movie's samples, with the matrix of
/// ITU-R BT.709-6, section 3, in 16-bit fixed point.
fn tinted(colour: [u8; 3], cover: u8) -> [u8; 3] {
    let whole = |sample: u8| (i32::from(sample) * 255 / i32::from(cover).max(1)).min(255);
    let [red, green, blue] = colour.map(whole);
    let sample = |sum: i32, zero: i32| (((sum + 32_768) >> 16) + zero).clamp(0, 255) as u8;
    [
        sample(11_966 * red + 40_254 * green + 4_064 * blue, 16),
        sample(-6_596 * red - 22_189 * green + 28_784 * blue, 128),
        sample(28_784 * red - 26_145 * green - 2_639 * blue, 128),
    ]
}
