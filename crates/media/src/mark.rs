//! The mark by which this tool recognises its own output files, so that it knows which files it may
//! overwrite.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use mmm_base::Digest;
use mmm_facts::OUR_MARK;

/// Length of a picture's mark in bytes: [`OUR_MARK`], a space and a digest of 64 hexadecimal digits.
const LENGTH: usize = OUR_MARK.len() + 1 + 64;

/// The largest distance in bytes of a mark from either end of a file.
const NEAR: u64 = 256;

/// Adds our mark to a picture whose format has room for comments (JPEG, PNG, GIF or WebP); returns any other
/// unmodified.
pub fn mark_picture(bytes: Vec<u8>) -> Vec<u8> {
    let text = text_of(&bytes);
    match Place::of(&bytes) {
        Some(place) => place.put(bytes, text.as_bytes()),
        None => bytes,
    }
}

/// Whether the file at `path` is a picture with our mark that hasn't changed since.
///
/// # Errors
/// If the file can't be read.
pub fn is_our_picture(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let near = |file: &mut File, from: u64| -> io::Result<bool> {
        let mut part = Vec::new();
        file.seek(SeekFrom::Start(from))?;
        file.take(NEAR).read_to_end(&mut part)?;
        Ok(part.windows(OUR_MARK.len()).any(|window| window == OUR_MARK.as_bytes()))
    };
    if !near(&mut file, 0)? && !near(&mut file, length.saturating_sub(NEAR))? {
        return Ok(false);
    }
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    Ok(is_marked(&bytes))
}

fn is_marked(bytes: &[u8]) -> bool {
    let bare = Place::of_marked(bytes).and_then(|place| place.taken_out(bytes));
    // If nothing changed, marking the bare picture again gives the same file.
    bare.is_some_and(|bare| mark_picture(bare) == bytes)
}

fn text_of(bytes: &[u8]) -> String {
    format!("{OUR_MARK} {}", Digest::of(bytes))
}

/// The position of a comment in a file.
struct Place {
    format: Format,
    at: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    /// A COM segment after the JFIF header (ITU-T T.81, B.2.4.5).
    Jpeg,
    /// A tEXt chunk before the last one.
    Png,
    /// A comment extension before the trailer.
    Gif,
    /// A chunk of our own at the end, which decoders skip.
    Webp,
}

impl Format {
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', ..] => Some(Self::Png),
            [b'G', b'I', b'F', b'8', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }

    /// Returns the number of bytes between the end of the mark and the end of the file.
    fn after(self) -> usize {
        match self {
            Self::Jpeg | Self::Webp => 0,
            Self::Png => 12,
            Self::Gif => 1,
        }
    }

    /// Encodes a comment in this format.
    fn written(self, text: &[u8]) -> Vec<u8> {
        match self {
            Self::Jpeg => [&[0xff, 0xfe], &(text.len() as u16 + 2).to_be_bytes()[..], text].concat(),
            Self::Png => {
                let chunk = [b"tEXtComment\0", text].concat();
                let length = (chunk.len() as u32 - 4).to_be_bytes();
                [&length[..], &chunk, &crc32fast::hash(&chunk).to_be_bytes()].concat()
            }
            Self::Gif => [&[0x21, 0xfe, text.len() as u8], text, &[0]].concat(),
            Self::Webp => {
                let padding = &[0][..text.len() % 2];
                [b"MMM ", &(text.len() as u32).to_le_bytes()[..], text, padding].concat()
            }
        }
    }
}

impl Place {
    /// Returns where to insert a mark in a picture that has none.
    fn of(bytes: &[u8]) -> Option<Self> {
        let format = Format::of(bytes)?;
        let at = match format {
            Format::Jpeg => after_jfif(bytes)?,
            _ => bytes.len().checked_sub(format.after())?,
        };
        Some(Self { format, at })
    }

    /// Returns where the mark begins in a picture that has one.
    fn of_marked(bytes: &[u8]) -> Option<Self> {
        let format = Format::of(bytes)?;
        let at = match format {
            Format::Jpeg => after_jfif(bytes)?,
            _ => bytes.len().checked_sub(format.after() + format.written(&[0; LENGTH]).len())?,
        };
        Some(Self { format, at })
    }

    fn put(&self, mut bytes: Vec<u8>, text: &[u8]) -> Vec<u8> {
        bytes.splice(self.at..self.at, self.format.written(text));
        self.resized(bytes)
    }

    fn taken_out(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let end = self.at + self.format.written(&[0; LENGTH]).len();
        let (before, after) = (bytes.get(..self.at)?, bytes.get(end..)?);
        Some(self.resized([before, after].concat()))
    }

    /// Updates the file length in the RIFF header.
    fn resized(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        let size = (bytes.len() as u32).saturating_sub(8).to_le_bytes();
        if self.format == Format::Webp
            && let Some(field) = bytes.get_mut(4..8)
        {
            field.copy_from_slice(&size);
        }
        bytes
    }
}

/// Returns the offset after the SOI marker and the APP0 segment that follows it, if there is one.
fn after_jfif(bytes: &[u8]) -> Option<usize> {
    match bytes.get(2..6)? {
        [0xff, 0xe0, high, low] => Some(4 + usize::from(u16::from_be_bytes([*high, *low]))),
        _ => Some(2),
    }
    .filter(|at| *at <= bytes.len())
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, ImageFormat};

    use super::*;

    fn pictures() -> Vec<Vec<u8>> {
        let picture = DynamicImage::new_rgb8(24, 16);
        let encoded = [ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP].map(|format| {
            let mut bytes = io::Cursor::new(Vec::new());
            picture.write_to(&mut bytes, format).unwrap();
            bytes.into_inner()
        });
        let pixels = vec![90; 24 * 16 * 3];
        let image = turbojpeg::Image {
            pixels: pixels.as_slice(),
            width: 24,
            pitch: 72,
            height: 16,
            format: turbojpeg::PixelFormat::RGB,
        };
        let jpeg = turbojpeg::compress(image, 90, turbojpeg::Subsamp::Sub2x2).unwrap().to_vec();
        encoded.into_iter().chain([jpeg]).collect()
    }

    #[test]
    fn a_marked_picture_is_ours_until_a_byte_of_it_changes() {
        for bare in pictures() {
            assert!(!is_marked(&bare));
            let marked = mark_picture(bare.clone());
            assert!(marked.len() > bare.len() && is_marked(&marked), "{:?}", &bare[..12]);
            for at in [20, marked.len() / 2, marked.len() - 20] {
                let mut other = marked.clone();
                other[at] ^= 1;
                assert!(!is_marked(&other), "{:?} changed at {at}", &bare[..12]);
            }
            assert!(!is_marked(&marked[..marked.len() - 1]));
            assert!(!is_marked(&marked[..marked.len() / 2]));
        }
    }

    #[test]
    fn a_marked_picture_is_the_same_picture() {
        for bare in pictures().into_iter().take(3) {
            let shown = image::load_from_memory(&mark_picture(bare.clone())).unwrap();
            assert_eq!(shown, image::load_from_memory(&bare).unwrap());
        }
        assert_eq!(crc32fast::hash(b"IEND"), 0xae42_6082, "as at the end of every PNG");
    }
}
