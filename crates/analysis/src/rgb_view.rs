/// An upright picture of 8-bit RGB, rows from the top, without padding; values as displayed (BT.709 or sRGB
/// transfer).
#[derive(Clone, Copy, Debug)]
pub struct RgbView<'a> {
    width: u32,
    height: u32,
    pixels: &'a [u8],
}

impl<'a> RgbView<'a> {
    /// The least number of rows used where pixels are only counted.
    pub const SOME_ROWS: usize = 256;

    /// Returns a view of `width` × `height` pixels; `None` if there are no pixels or `pixels` has another
    /// length.
    pub fn new(width: u32, height: u32, pixels: &'a [u8]) -> Option<Self> {
        let bytes = u128::from(width) * u128::from(height) * 3;
        (bytes > 0 && bytes == pixels.len() as u128).then_some(Self { width, height, pixels })
    }

    /// Returns the width in pixels, at least 1.
    pub fn width(&self) -> usize {
        self.width as usize
    }

    /// Returns the height in pixels, at least 1.
    pub fn height(&self) -> usize {
        self.height as usize
    }

    /// Returns the pixels from the top left, row by row.
    pub fn pixels(&self) -> impl Iterator<Item = [u8; 3]> + 'a {
        self.pixels.chunks_exact(3).map(|rgb| [rgb[0], rgb[1], rgb[2]])
    }

    /// Returns evenly spaced rows: at least [`RgbView::SOME_ROWS`], or all if there are fewer.
    pub fn some_rows(&self) -> impl Iterator<Item = &'a [[u8; 3]]> {
        let (all, step) = (self.pixels.as_chunks::<3>().0, (self.height() / Self::SOME_ROWS).max(1));
        all.chunks_exact(self.width()).step_by(step)
    }

    /// Returns the pixels of row `y`, counted from the top.
    pub fn row(&self, y: usize) -> &'a [u8] {
        let stride = self.width() * 3;
        &self.pixels[y * stride..(y + 1) * stride]
    }
}
