use serde::{Deserialize, Serialize};

/// The format of a picture beside a movie, given by its file extension.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PictureFormat {
    Jpeg,
    Png,
    Webp,
    Gif,
}

impl PictureFormat {
    /// File extensions of still images, in lower case.
    pub const STILLS: &[&str] = &[".jpg", ".jpeg", ".png", ".webp"];
    /// File extensions of moving images.
    pub const MOVING: &[&str] = &[".gif", ".webp"];

    /// Returns the format for a file name; `None` if the extension is another one.
    pub fn of(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        match name.rsplit_once('.')?.1 {
            "jpg" | "jpeg" => Some(Self::Jpeg),
            "png" => Some(Self::Png),
            "webp" => Some(Self::Webp),
            "gif" => Some(Self::Gif),
            _ => None,
        }
    }
}
