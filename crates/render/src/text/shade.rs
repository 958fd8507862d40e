use super::ink::Ink;
use mmm_facts::Canvas;
use mmm_media::Yuv420;

/// A part of the canvas that is darkened. Position and size are even.
pub(super) struct Shade {
    pub x: usize,
    pub y: usize,
    pub width: usize,
    pub height: usize,
    /// Strength of the shade at each pixel, 0 to 255.
    pub depth: Vec<u8>,
}

/// The largest luma above black behind captions: white text on it has a contrast of 5 to 1 (relative
/// luminance as in WCAG 2.2); 4.5 is required.
pub(super) const CAPTION_GROUND: f32 = 95.0;
/// The same for titles: 3.4 to 1; 3 is required of large letters. A darker scrim would be noticeable.
pub(super) const TITLE_GROUND: f32 = 118.0;
/// The share of the shadow's strength that is guaranteed around every letter, 0 to 1; low because captions
/// have thin strokes.
const SHADOW_SURE: f32 = 0.2;

/// Returns the brightness behind some ink, in luma above black: the mean plus the spread, because letters
/// over a busy background also cover its bright parts.
pub(super) fn glare(picture: &Yuv420, ink: &Ink) -> f32 {
    /// Every fourth pixel of every fourth row is enough.
    const STEP: usize = 4;
    let (mut count, mut sum, mut squares) = (0_u64, 0_u64, 0_u64);
    for y in (ink.y..ink.y + ink.height).step_by(STEP) {
        let row = &picture.y[y * picture.width as usize..][ink.x..ink.x + ink.width];
        for luma in row.iter().step_by(STEP) {
            let luma = u64::from(luma.saturating_sub(16));
            count += 1;
            sum += luma;
            squares += luma * luma;
        }
    }
    let count = count.max(1) as f64;
    let mean = sum as f64 / count;
    let spread = (squares as f64 / count - mean * mean).max(0.0).sqrt();
    (mean + spread).min(219.0) as f32
}

/// Returns the share of light that a scrim must remove, 0 to 1, so that the background's luma is at most
/// `ground`. `glare` is the brightness behind the letters, `shadow` the strength of their shadow. Zero on
/// dark pictures.
pub(super) fn scrim_strength(glare: f32, shadow: f32, ground: f32) -> f32 {
    let shaded = glare * (1.0 - shadow * SHADOW_SURE);
    if shaded <= ground { 0.0 } else { 1.0 - ground / shaded }
}

impl Shade {
    /// Returns the soft shadow around some ink, slightly below it.
    pub fn around(ink: &Ink, size: f32, canvas: Canvas) -> Self {
        let radius = ((size * 0.06) as usize).max(1);
        let reach = (radius * 3 + radius / 2).next_multiple_of(2);
        let left = ink.x.saturating_sub(reach);
        let top = ink.y.saturating_sub(reach);
        let right = (ink.x + ink.width + reach).min(canvas.width as usize);
        let bottom = (ink.y + ink.height + reach).min(canvas.height as usize);
        let (width, height) = (right - left, bottom - top);
        let mut depth = vec![0; width * height];
        for (line, row) in ink.cover.chunks_exact(ink.width).enumerate() {
            let y = ink.y - top + line + radius / 2;
            if y < height {
                depth[y * width + ink.x - left..][..ink.width].copy_from_slice(row);
            }
        }
        blur(&mut depth, width, radius);
        // Blurring weakens the shadow; doubling restores full strength at the letters.
        depth.iter_mut().for_each(|part| *part = part.saturating_mul(2));
        Self { x: left, y: top, width, height, depth }
    }

    /// Returns a scrim behind the lines of a title. It has no edge: the whole picture is darkened, and less
    /// with distance from the text.
    pub fn behind(lines: &[[f32; 4]], size: f32, canvas: Canvas) -> Self {
        let (width, height) = (canvas.width as usize, canvas.height as usize);
        let far = canvas.width.min(canvas.height) as f32 * FALLOFF;
        // It has no detail, so it is computed small and enlarged.
        let small = (width.div_ceil(CELL), height.div_ceil(CELL));
        let middle = |cell: usize| (cell * CELL + CELL / 2) as f32;
        let mut depth = Vec::with_capacity(small.0 * small.1);
        for (x, y) in (0..small.1).flat_map(|y| (0..small.0).map(move |x| (middle(x), middle(y)))) {
            let near = lines.iter().map(|[left, top, right, bottom]| {
                let across = (left - size * 0.25 - x).max(x - right - size * 0.25).max(0.0);
                let down = (top - size * 0.25 - y).max(y - bottom - size * 0.25).max(0.0);
                across * across + down * down
            });
            let near = near.fold(f32::MAX, f32::min) / (far * far);
            // Flat at the text, and never quite zero.
            depth.push((255.0 / (1.0 + near)) as u8);
        }
        Self { x: 0, y: 0, width, height, depth: enlarged(&depth, small, (width, height)) }
    }

    /// Returns a scrim at the bottom of the picture, darker towards the edge, under the lines of a caption.
    pub fn foot(lines: &[[f32; 4]], size: f32, canvas: Canvas) -> Self {
        let (width, height) = (canvas.width as usize, canvas.height as usize);
        let top = lines.iter().map(|line| line[1]).fold(height as f32, f32::min);
        let (whole, none) = (top - size * 0.2, top - size * 7.0);
        let mut depth = vec![0; width * height];
        for (y, row) in depth.chunks_exact_mut(width).enumerate() {
            let share = ((y as f32 - none) / (whole - none)).clamp(0.0, 1.0);
            row.fill((share * share * (3.0 - 2.0 * share) * 255.0) as u8);
        }
        Self { x: 0, y: 0, width, height, depth }.trimmed()
    }

    /// Removes empty rows at the top and bottom.
    fn trimmed(self) -> Self {
        let seen = |row: &[u8]| row.iter().any(|part| *part > 0);
        let rows = self.depth.chunks_exact(self.width);
        let first = rows.clone().position(seen).unwrap_or(0) & !1;
        let last = rows.clone().rposition(seen).map_or(first, |last| (last + 1).next_multiple_of(2));
        let last = last.min(self.height);
        let depth = self.depth[first * self.width..last * self.width].to_vec();
        Self { y: self.y + first, height: last - first, depth, ..self }
    }
}

/// Distance from a title at which its scrim is half as dark, as a fraction of the short side.
const FALLOFF: f32 = 0.7;
/// Size in pixels of the cells in which it is computed.
const CELL: usize = 8;

/// Blurs with three running means, which approximate a Gaussian.
fn blur(depth: &mut Vec<u8>, width: usize, radius: usize) {
    let height = depth.len() / width.max(1);
    for _ in 0..3 {
        *depth = running_mean(depth, width, radius);
        let turned = transpose(depth, width);
        *depth = transpose(&running_mean(&turned, height, radius), height);
    }
}

/// Returns the mean over `2 × radius + 1` neighbours in each row of `width`; beyond its ends is zero.
fn running_mean(depth: &[u8], width: usize, radius: usize) -> Vec<u8> {
    let mut result = Vec::with_capacity(depth.len());
    let count = 2 * radius as u32 + 1;
    for row in depth.chunks_exact(width.max(1)) {
        let mut sum: u32 = row.iter().take(radius).map(|part| u32::from(*part)).sum();
        for x in 0..width {
            sum += row.get(x + radius).map_or(0, |part| u32::from(*part));
            result.push(((sum + count / 2) / count) as u8);
            sum -= if x >= radius { u32::from(row[x - radius]) } else { 0 };
        }
    }
    result
}

/// Transposes a plane with rows of `width`.
fn transpose(depth: &[u8], width: usize) -> Vec<u8> {
    let height = depth.len() / width.max(1);
    (0..width).flat_map(|x| (0..height).map(move |y| depth[y * width + x])).collect()
}

/// Enlarges cells to pixels, interpolating linearly between cell centres.
fn enlarged(depth: &[u8], small: (usize, usize), size: (usize, usize)) -> Vec<u8> {
    let place = |at: usize, most: usize| {
        // In 256ths of a cell, from the centre of the first.
        let at = ((at * 2 + 1) * 256 / (2 * CELL)).saturating_sub(128);
        let cell = (at / 256).min(most - 1);
        (cell, (cell + 1).min(most - 1), (at % 256) as u32)
    };
    let across: Vec<(usize, usize, u32)> = (0..size.0).map(|x| place(x, small.0)).collect();
    let mut result = Vec::with_capacity(size.0 * size.1);
    for y in 0..size.1 {
        let (above, below, down) = place(y, small.1);
        let (above, below) = (&depth[above * small.0..][..small.0], &depth[below * small.0..][..small.0]);
        let column = |x: usize| u32::from(above[x]) * (256 - down) + u32::from(below[x]) * down;
        let columns: Vec<u32> = (0..small.0).map(column).collect();
        result.extend(across.iter().map(|(left, right, part)| {
            ((columns[*left] * (256 - part) + columns[*right] * part + 32_768) >> 16) as u8
        }));
    }
    result
}
