use serde::{Deserialize, Serialize};

/// The format of a picture beside a movie, told by the ending of its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PictureFormat {
    Jpeg,
    Png,
    Webp,
    Gif,
}

impl PictureFormat {
    /// How the names of stills may end, in small letters.
    pub const STILLS: &[&str] = &[".jpg", ".jpeg", ".png", ".webp"];
    /// How the names of pictures that move may end.
    pub const MOVING: &[&str] = &[".gif", ".webp"];

    /// By the ending of a file's name.
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
