use mmm_media::RgbPicture;

/// Pixels of a glimpse's longer side: what is seen from across the room.
pub(super) const LONG_SIDE: u32 = 160;

/// A frame of the movie, reduced so that each of its points is the mean of what it covers.
pub(super) struct Glimpse {
    /// Sums of R, G and B by BT.709, 0 black … 255 white, as they are coded.
    pub grey: Vec<u8>,
    /// R, G and B of each point, as they are coded.
    pub rgb: Vec<u8>,
}

/// Points of this grey and darker are black: 5 % of the range.
const BLACK: u8 = 13;
/// A frame of which this share is black is black.
const BLACK_SHARE: f64 = 0.98;

impl Glimpse {
    /// The greys of a reduced picture.
    pub fn of(picture: RgbPicture) -> Self {
        let grey = |rgb: &[u8; 3]| {
            let [r, g, b] = rgb.map(u32::from);
            // The weights of BT.709 in 1/65536.
            ((13_933 * r + 46_871 * g + 4_732 * b + 32_768) >> 16) as u8
        };
        let grey = picture.pixels.as_chunks::<3>().0.iter().map(grey).collect();
        Self { grey, rgb: picture.pixels }
    }

    /// Whether nearly all of it is black.
    pub fn is_black(&self) -> bool {
        let black = self.grey.iter().filter(|grey| **grey <= BLACK).count();
        black as f64 >= BLACK_SHARE * self.grey.len() as f64
    }
}
