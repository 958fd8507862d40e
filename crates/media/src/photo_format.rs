use image::ImageFormat;

use super::raw_format::RawFormat;

/// The supported photo formats.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PhotoFormat {
    /// JPEG, and MPO, which is a JPEG followed by more of them.
    Jpeg,
    /// PNG, WebP, GIF, BMP or TIFF, which the `image` crate reads.
    Raster(ImageFormat),
    /// HEIF with HEVC pictures, according to its brands.
    Heic,
    /// HEIF with AV1 pictures.
    Avif,
    /// A camera's raw photo, of which the largest preview is shown.
    Raw(RawFormat),
}

impl PhotoFormat {
    /// Returns the short name for messages and for facts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Raster(format) => format.extensions_str()[0],
            Self::Heic => "heic",
            Self::Avif => "avif",
            Self::Raw(format) => format.name(),
        }
    }

    /// Whether the file consists of HEIF boxes.
    pub fn is_heif(self) -> bool {
        matches!(self, Self::Heic | Self::Avif)
    }
}
