use mmm_media::RgbPicture;

/// Pixels on a glimpse's longer side: the detail visible from across a room.
pub(super) const LONG_SIDE: u32 = 160;

/// A frame of the movie, reduced so that each pixel is the mean of the area it covers.
pub(super) struct Glimpse {
    /// BT.709 luma of gamma-coded R, G and B, 0 (black) to 255 (white).
    pub grey: Vec<u8>,
    /// Gamma-coded R, G and B of each pixel.
    pub rgb: Vec<u8>,
}

/// Pixels of this grey and darker are black: 5 % of the range.
const BLACK: u8 = 13;
/// A frame is black if at least this share of it is black.
const BLACK_SHARE: f64 = 0.98;

impl Glimpse {
    /// Builds a glimpse from a reduced picture.
    pub fn of(picture: RgbPicture) -> Self {
        let grey = |rgb: &[u8; 3]| {
            let [r, g, b] = rgb.map(u32::from);
            // The weights of BT.709 in 1/65536.
            ((13_933 * r + 46_871 * g + 4_732 * b + 32_768) >> 16) as u8
        };
        let grey = picture.pixels.as_chunks::<3>().0.iter().map(grey).collect();
        Self { grey, rgb: picture.pixels }
    }

    /// Whether nearly the whole frame is black.
    pub fn is_black(&self) -> bool {
        let black = self.grey.iter().filter(|grey| **grey <= BLACK).count();
        black as f64 >= BLACK_SHARE * self.grey.len() as f64
    }
}
