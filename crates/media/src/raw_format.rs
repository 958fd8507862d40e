use std::io::{self, Read, Seek};

use super::ifd::{Directory, TiffTags, tag};

/// A camera's raw photo, by its usual ending.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct RawFormat(&'static str);

/// The beginnings of raw photos that are not recognised by their tags. CR3 is recognised by its brand.
const MAGICS: [(&[u8], RawFormat); 9] = [
    (b"FUJIFILMCCD-RAW", RawFormat::RAF),
    (b"IIU\0", RawFormat("rw2")),
    (b"IIRO", RawFormat("orf")),
    (b"IIRS", RawFormat("orf")),
    (b"MMOR", RawFormat("orf")),
    (b"II\x1a\0\0\0HEAPCCDR", RawFormat("crw")),
    (b"FOVb", RawFormat("x3f")),
    (b"\0MRM", RawFormat("mrw")),
    (b"II*\0\x10\0\0\0CR", RawFormat("cr2")),
];

/// The formats of makers whose raw photos are built like a TIFF, by the beginning of the maker's name.
const MAKERS: [(&str, &str); 12] = [
    ("nikon", "nef"),
    ("sony", "arw"),
    ("pentax", "pef"),
    ("ricoh", "pef"),
    ("samsung", "srw"),
    ("hasselblad", "3fr"),
    ("phase one", "iiq"),
    ("leaf", "mos"),
    ("kodak", "dcr"),
    ("eastman kodak", "dcr"),
    ("epson", "erf"),
    ("mamiya", "mef"),
];

/// Interpretations of pictures that are no colours yet: the mosaic of a sensor, and linear raw samples.
const RAW_SAMPLES: [u64; 2] = [32803, 34892];

/// Compressions that only raw photos use: of Sony, Nikon, Samsung, Pentax and Kodak, and two of DNG.
const RAW_COMPRESSIONS: [u64; 8] = [32767, 34713, 32770, 65535, 65000, 262, 34892, 52546];

impl RawFormat {
    pub const CR3: Self = Self("cr3");
    pub const RAF: Self = Self("raf");

    /// Returns the short name for facts, such as `dng`.
    pub fn name(self) -> &'static str {
        self.0
    }

    /// Recognises a raw photo by its first bytes.
    pub fn of_head(head: &[u8]) -> Option<Self> {
        if head.get(4..12) == Some(b"ftypcrx ") {
            return Some(Self::CR3);
        }
        MAGICS.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, format)| *format)
    }

    /// Recognises a raw photo that is built like a TIFF by the tags of its pictures. A scan, a layered or a
    /// reduced TIFF has none of these tags, whatever else is in it.
    ///
    /// # Errors
    /// If the disk can't be read.
    pub fn of_tiff(reader: &mut (impl Read + Seek)) -> io::Result<Option<Self>> {
        let Some(mut tags) = TiffTags::open(reader)? else { return Ok(None) };
        let directories = tags.directories()?;
        let Some(main) = directories.first() else { return Ok(None) };
        if main.has(tag::DNG_VERSION) {
            return Ok(Some(Self("dng")));
        }
        for directory in &directories {
            if is_raw(&mut tags, directory)? {
                return Self::of_maker(&mut tags, main).map(Some);
            }
        }
        Ok(None)
    }

    fn of_maker(tags: &mut TiffTags<impl Read + Seek>, main: &Directory) -> io::Result<Self> {
        let make = tags.text(main, tag::MAKE)?.to_lowercase();
        let named = MAKERS.iter().find(|(maker, _)| make.starts_with(maker)).map(|(_, name)| *name);
        let coolpix = tags.text(main, tag::MODEL)?.to_lowercase().contains("coolpix");
        Ok(Self(match named {
            Some("nef") if coolpix => "nrw",
            Some(name) => name,
            None => "raw",
        }))
    }
}

/// Whether a directory describes the samples of a sensor.
fn is_raw(tags: &mut TiffTags<impl Read + Seek>, directory: &Directory) -> io::Result<bool> {
    let samples = tags.number(directory, tag::PHOTOMETRIC)?;
    let compression = tags.number(directory, tag::COMPRESSION)?;
    Ok(samples.is_some_and(|samples| RAW_SAMPLES.contains(&samples))
        || compression.is_some_and(|compression| RAW_COMPRESSIONS.contains(&compression)))
}
