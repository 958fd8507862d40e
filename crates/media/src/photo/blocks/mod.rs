//! Finds the blocks of a photo's file that state facts about it: EXIF, XMP, IPTC and texts. Only the heads of
//! other parts are read.

mod gif;
mod iptc;
mod jpeg;
mod png;
mod webp;

use std::io::{self, BufRead, ErrorKind, Read, Seek, SeekFrom};

use image::ImageFormat;

pub(super) use self::iptc::in_resources;

use self::iptc::{iptc_date, iptc_remarks};
use super::super::photo_format::PhotoFormat;
use super::{heif, raw};
use mmm_base::{CaptureTime, TimeSource};
use mmm_facts::SaidSource;
use mmm_spec::{Remarks, WrittenTime, date_text, xmp_remarks, xmp_time};

/// A TIFF must be read whole to find its tags; they are ignored in a TIFF larger than this many bytes.
const MOST_TIFF_BYTES: u64 = 256 << 20;

/// Larger blocks are no facts, in bytes.
const MOST_BLOCK_BYTES: u32 = 16 << 20;

/// The blocks of one photo, as far as they are there and can be found.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(super) struct Blocks {
    /// From the header of its TIFF on; a TIFF is this block itself.
    pub exif: Option<Vec<u8>>,
    pub xmp: Option<Vec<u8>>,
    /// The records of IPTC's Information Interchange Model.
    pub iptc: Option<Vec<u8>>,
    /// Keywords and texts of a PNG, in their order.
    pub texts: Vec<(String, String)>,
}

/// Finds the blocks of a photo; of a damaged one, those in front of the damage.
pub(super) fn read(reader: &mut (impl BufRead + Seek), format: PhotoFormat) -> io::Result<Blocks> {
    let mut blocks = Blocks::default();
    let found = match format {
        PhotoFormat::Jpeg => jpeg::read(reader, &mut blocks),
        PhotoFormat::Heic | PhotoFormat::Avif => {
            (blocks.exif, blocks.xmp) = heif::facts(&heif::whole(reader)?);
            Ok(())
        }
        PhotoFormat::Raster(ImageFormat::Png) => png::read(reader, &mut blocks),
        PhotoFormat::Raster(ImageFormat::WebP) => webp::read(reader, &mut blocks),
        PhotoFormat::Raster(ImageFormat::Gif) => gif::read(reader, &mut blocks),
        PhotoFormat::Raster(ImageFormat::Tiff) => tiff(reader, &mut blocks),
        PhotoFormat::Raster(_) => Ok(()),
        PhotoFormat::Raw(format) => {
            blocks.exif = raw::exif_block(reader, format)?;
            Ok(())
        }
    };
    match found {
        Err(error) if error.kind() != ErrorKind::UnexpectedEof => Err(error),
        _ => Ok(blocks),
    }
}

fn tiff(reader: &mut (impl Read + Seek), blocks: &mut Blocks) -> io::Result<()> {
    if reader.seek(SeekFrom::End(0))? <= MOST_TIFF_BYTES {
        reader.rewind()?;
        reader.read_to_end(blocks.exif.insert(Vec::new()))?;
    }
    Ok(())
}

impl Blocks {
    /// Returns the capture time that the blocks other than EXIF state: the XMP, else the IPTC, else a text.
    pub fn taken(&self) -> Option<CaptureTime> {
        let xmp =
            self.xmp.as_deref().and_then(|xmp| xmp_time(&String::from_utf8_lossy(xmp), TimeSource::Xmp));
        let iptc = || Some(iptc_date(self.iptc.as_deref()?)?.from_source(TimeSource::Iptc));
        let text = || Some(self.dated_text()?.from_source(TimeSource::Text));
        xmp.or_else(iptc).or_else(text)
    }

    /// Returns what the blocks other than EXIF say that people said, in the order in which they are believed.
    pub fn remarks(&self) -> Vec<(SaidSource, Remarks)> {
        let xmp = self.xmp.as_deref().and_then(|xmp| xmp_remarks(&String::from_utf8_lossy(xmp)));
        let iptc = self.iptc.as_deref().map(iptc_remarks);
        let mut text = Remarks::default();
        for (keyword, said) in &self.texts {
            match keyword.as_str() {
                "Title" => text.name(said),
                "Description" => text.describe(said),
                _ => {}
            }
        }
        let all = [(SaidSource::Xmp, xmp), (SaidSource::Iptc, iptc), (SaidSource::Text, Some(text))];
        all.into_iter().filter_map(|(source, found)| Some((source, found?))).collect()
    }

    /// Returns the first date among the texts whose keyword says that the picture was made then.
    fn dated_text(&self) -> Option<WrittenTime> {
        const KEYWORDS: [&str; 7] = [
            "creationtime",
            "exifdatetimeoriginal",
            "datetimeoriginal",
            "datetime",
            "createdate",
            "creationdate",
            "datecreated",
        ];
        let plain = |keyword: &str| -> String {
            keyword
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|letter| letter.to_ascii_lowercase())
                .collect()
        };
        KEYWORDS.iter().find_map(|wanted| {
            self.texts
                .iter()
                .filter(|(keyword, _)| plain(keyword) == *wanted)
                .find_map(|(_, text)| date_text(text))
        })
    }
}

#[cfg(test)]
mod tests;
