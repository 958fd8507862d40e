//! Recognises files by their first bytes, never by their name.

use std::fs::{self, File};
use std::io::{Read, Seek};
use std::path::Path;

use image::ImageFormat;

use super::photo_format::PhotoFormat;
use super::raw_format::RawFormat;
use mmm_facts::MediaError;

/// The result of looking at the first bytes.
pub(super) enum Sniffed {
    Photo(PhotoFormat),
    /// Possibly a clip or music; libav decides.
    Container,
    /// Recognised, but not supported.
    Refused(MediaError),
}

/// Opens a file that can be read without blocking; rejects pipes and devices.
pub(super) fn open(path: &Path) -> Result<File, MediaError> {
    let meta = fs::metadata(path)?;
    if meta.is_dir() {
        return Err(MediaError::not_media("a folder"));
    }
    if !meta.is_file() {
        return Err(MediaError::not_media("a device or a pipe"));
    }
    Ok(File::open(path)?)
}

/// Recognises `file` by its first bytes and seeks back to its start.
pub(super) fn sniff(file: &mut File) -> Result<Sniffed, MediaError> {
    let mut head = Vec::with_capacity(1024);
    file.take(1024).read_to_end(&mut head)?;
    file.rewind()?;
    if head.is_empty() {
        return Ok(Sniffed::Refused(MediaError::Empty));
    }
    if let Some(format) = photo(&head) {
        if format != PhotoFormat::Raster(ImageFormat::Tiff) {
            return Ok(Sniffed::Photo(format));
        }
        // The thumbnail of a raw photo comes first, so only its other pictures tell it from a TIFF.
        let raw = RawFormat::of_tiff(file)?.map(PhotoFormat::Raw);
        file.rewind()?;
        return Ok(Sniffed::Photo(raw.unwrap_or(format)));
    }
    let refused = unread_photo(&head).map(MediaError::unsupported);
    let refused = refused.or_else(|| something_else(&head).map(MediaError::not_media));
    Ok(refused.map_or(Sniffed::Container, Sniffed::Refused))
}

fn photo(head: &[u8]) -> Option<PhotoFormat> {
    if let Some(raw) = RawFormat::of_head(head) {
        return Some(PhotoFormat::Raw(raw));
    }
    let starts = |magic: &[u8]| head.starts_with(magic);
    let riff = |kind: &[u8]| starts(b"RIFF") && head.get(8..12) == Some(kind);
    match head {
        _ if starts(b"\xff\xd8\xff") => Some(PhotoFormat::Jpeg),
        _ if starts(b"\x89PNG\r\n\x1a\n") => Some(PhotoFormat::Raster(ImageFormat::Png)),
        _ if riff(b"WEBP") => Some(PhotoFormat::Raster(ImageFormat::WebP)),
        _ if starts(b"GIF87a") || starts(b"GIF89a") => Some(PhotoFormat::Raster(ImageFormat::Gif)),
        // A BMP is `BM`, its length, four zeros, and the offset of its pixels.
        _ if starts(b"BM") && head.get(6..10) == Some(&[0; 4]) => Some(PhotoFormat::Raster(ImageFormat::Bmp)),
        _ if head.get(4..8) == Some(b"ftyp") => heif(head),
        _ if TIFF_HEADS.iter().any(|head| starts(head)) => Some(PhotoFormat::Raster(ImageFormat::Tiff)),
        _ => None,
    }
}

/// The first bytes of TIFF and BigTIFF, in both byte orders.
const TIFF_HEADS: [&[u8]; 4] = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];

/// Recognises a HEIF still by its brands, because MP4 begins with the same box.
fn heif(head: &[u8]) -> Option<PhotoFormat> {
    let length = u32::from_be_bytes(*head.first_chunk::<4>()?) as usize;
    let (major, others) = head.get(8..length.min(head.len()))?.split_at_checked(8)?;
    let has = |brand: &[u8; 4]| major.starts_with(brand) || others.as_chunks::<4>().0.contains(brand);
    match &major[..4] {
        b"avif" | b"avis" => Some(PhotoFormat::Avif),
        b"mif1" | b"mif2" | b"msf1" | b"miaf" if has(b"avif") => Some(PhotoFormat::Avif),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"mif2" | b"msf1" | b"miaf" => {
            Some(PhotoFormat::Heic)
        }
        _ => None,
    }
}

/// Names photo formats that cameras write and that aren't supported yet.
fn unread_photo(head: &[u8]) -> Option<&'static str> {
    let starts = |magic: &[u8]| head.starts_with(magic);
    match head {
        _ if starts(b"\xff\x0a") || starts(b"\0\0\0\x0cJXL ") => Some("JPEG XL photos are not supported yet"),
        _ if starts(b"\0\0\0\x0cjP  ") || starts(b"\xff\x4f\xff\x51") => {
            Some("JPEG 2000 photos are not supported")
        }
        _ if starts(b"8BPS") => Some("Photoshop pictures are not supported; export them as JPEG or PNG"),
        _ => None,
    }
}

/// Names files that often get into media folders by mistake.
fn something_else(head: &[u8]) -> Option<&'static str> {
    let starts = |magic: &[u8]| head.starts_with(magic);
    match head {
        _ if starts(b"%PDF") => Some("a PDF document"),
        _ if starts(b"PK\x03\x04") => Some("an archive or an office document"),
        _ if starts(b"\x1f\x8b") || starts(b"7z\xbc\xaf") || starts(b"Rar!") => Some("an archive"),
        _ if starts(b"\x7fELF") || starts(b"MZ") => Some("a program"),
        _ if starts(b"MThd") => Some("a MIDI score, which has no sound of its own"),
        _ if is_text(head) => Some("text"),
        _ if head.iter().all(|&byte| byte == 0) => Some("nothing but zeros"),
        _ => None,
    }
}

fn is_text(head: &[u8]) -> bool {
    let valid = match str::from_utf8(head) {
        Ok(text) => text,
        // The head may end in the middle of a character.
        Err(error) if error.error_len().is_none() => {
            str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !valid.is_empty() && !valid.chars().any(|letter| letter.is_control() && !"\t\r\n\x0c".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_text_in_any_script_and_sound_is_not() {
        assert!(is_text("hello, мир\n".as_bytes()));
        assert!(is_text(&"мир".as_bytes()[..5]));
        assert!(!is_text(b"ID3\x03\0\0\0"));
        assert!(!is_text(b"\xff\xfb\x90\x64"));
    }

    #[test]
    fn brands_tell_photos_from_movies() {
        let brands = |brands: &str| {
            let length = (brands.len() as u32 + 8).to_be_bytes();
            photo(&[&length[..], b"ftyp", brands.as_bytes(), b"\0\0\0\x08meta"].concat())
        };
        assert_eq!(brands("heic0000mif1heic"), Some(PhotoFormat::Heic));
        assert_eq!(brands("mif10000mif1heix"), Some(PhotoFormat::Heic));
        assert_eq!(brands("mif10000mif1avif"), Some(PhotoFormat::Avif));
        assert_eq!(brands("avis0000"), Some(PhotoFormat::Avif));
        assert_eq!(brands("isom0000mp42"), None);
        assert_eq!(brands("crx 0001crx "), Some(PhotoFormat::Raw(RawFormat::CR3)));
        assert_eq!(brands("heic"), None);
    }

    #[test]
    fn raw_photos_are_not_taken_for_tiff() {
        let name = |head: &[u8]| photo(head).map(PhotoFormat::name);
        assert_eq!(name(b"II*\0\x10\0\0\0CR\x02\0"), Some("cr2"));
        assert_eq!(name(b"FUJIFILMCCD-RAW 0201"), Some("raf"));
        assert_eq!(name(b"IIU\0\x18\0\0\0"), Some("rw2"));
        assert_eq!(name(b"MMOR\0\0\0\x08"), Some("orf"));
        assert_eq!(name(b"II\x1a\0\0\0HEAPCCDR"), Some("crw"));
        assert_eq!(name(b"FOVb\0\0\x02\0"), Some("x3f"));
        assert_eq!(photo(b"II*\0\x08\0\0\0"), Some(PhotoFormat::Raster(ImageFormat::Tiff)));
    }
}
