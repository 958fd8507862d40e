use image::ImageFormat;

/// The kinds of photos that are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PhotoFormat {
    /// JPEG, and MPO, which is a JPEG with more of them behind it.
    Jpeg,
    /// PNG, WebP, GIF, BMP or TIFF, which the `image` crate reads.
    Raster(ImageFormat),
    /// HEIF with pictures in HEVC, as its brands say.
    Heic,
    /// HEIF with pictures in AV1.
    Avif,
}

impl PhotoFormat {
    /// The short name for people and for facts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Raster(format) => format.extensions_str()[0],
            Self::Heic => "heic",
            Self::Avif => "avif",
        }
    }

    /// Whether it is made of the boxes of HEIF.
    pub fn is_heif(self) -> bool {
        matches!(self, Self::Heic | Self::Avif)
    }
}
