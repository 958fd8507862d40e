use heifer_isobmff::boxes::{ColorInfo, Property};
use heifer_isobmff::{BoxIter, Error, HeifFile, Item, ItemId};

use super::super::check_size;
use mmm_facts::{Color, MediaError, Orientation};

/// The type names of alpha planes: HEVC's own, and MPEG's common one.
const ALPHA: [&str; 2] = ["urn:mpeg:hevc:2015:auxid:1", "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"];

/// Essential properties that need no handling here: libav's decoders apply them, or they have no effect.
const SEEN_TO: [&[u8; 4]; 4] = [b"av1C", b"a1op", b"lsel", b"pasp"];

/// The picture that a HEIF file is shown as: its primary item.
pub(super) struct Still<'a> {
    pub file: HeifFile<'a>,
    pub id: ItemId,
    /// The part of the stored picture that is shown.
    pub part: Part,
    /// The orientation of that part. EXIF's orientation doesn't apply to HEIF (ISO/IEC 23008-12, A.2.1).
    pub orientation: Orientation,
}

/// A rectangle in a stored picture, in pixels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Part {
    pub corner: (u32, u32),
    pub size: (u32, u32),
}

/// The picture with the opacity of another one.
pub(super) struct Alpha {
    pub id: ItemId,
    pub part: Part,
    /// Whether the colours are already multiplied by it.
    pub premultiplied: bool,
}

impl<'a> Still<'a> {
    pub fn of(bytes: &'a [u8]) -> Result<Self, MediaError> {
        let boxes = whole_boxes(bytes);
        let file = HeifFile::parse(boxes).map_err(|error| match error {
            Error::MissingBox(_) if boxes.len() < bytes.len() => MediaError::Truncated,
            error => spoken(error),
        })?;
        let id = file.primary_id;
        if let Some(unknown) = unknown_need(&file, file.item(id).map_err(spoken)?) {
            return Err(MediaError::unsupported(format!("photos that need `{unknown}` are not supported")));
        }
        let part = part(&file, id)?;
        let orientation = orientation(&file, id)?;
        Ok(Self { file, id, part, orientation })
    }

    /// Returns the colour properties that the file stores outside the coded pictures.
    pub fn color(&self) -> Option<Color> {
        let said = |id| {
            self.file.item_properties(id).ok()?.find_map(|property| match property {
                Property::Color(ColorInfo::Nclx { primaries, transfer, matrix, full_range }) => Some(Color {
                    primaries: u8::try_from(*primaries).ok()?,
                    transfer: u8::try_from(*transfer).ok()?,
                    matrix: u8::try_from(*matrix).ok()?,
                    full_range: *full_range,
                    depth: self.depth(),
                }),
                _ => None,
            })
        };
        said(self.id).or_else(|| said(self.first_coded()))
    }

    pub fn profile(&self) -> Option<&[u8]> {
        self.file.icc_profile(self.id).ok().flatten()
    }

    /// Returns the bits per sample.
    pub fn depth(&self) -> u8 {
        let said = |id| {
            self.file.item_properties(id).ok()?.find_map(|property| match property {
                Property::PixelInfo(bits) => bits.first().copied(),
                Property::HevcConfig(config) => Some(config.bit_depth_luma),
                _ => None,
            })
        };
        said(self.id).or_else(|| said(self.first_coded())).unwrap_or(8)
    }

    pub fn exif(&self) -> Option<Vec<u8>> {
        self.file.exif(self.id).ok().flatten()
    }

    pub fn xmp(&self) -> Option<Vec<u8>> {
        self.file.xmp(self.id).ok().flatten()
    }

    pub fn alpha(&self) -> Option<Alpha> {
        let is_alpha = |property: &Property| matches!(property, Property::AuxiliaryType(kind) if ALPHA.contains(&kind.as_str()));
        let has = |&id: &ItemId| self.file.item_properties(id).is_ok_and(|mut all| all.any(is_alpha));
        let id = self.file.referencing_items(self.id, b"auxl").into_iter().find(has)?;
        // It is rotated like the picture it belongs to, and has the same visible part if it is as large.
        let part = match (size(&self.file, id).ok()?, size(&self.file, self.id).ok()?) {
            (own, picture) if own == picture => self.part,
            (own, _) => Part { corner: (0, 0), size: own },
        };
        let premultiplied = self.file.referenced_items(self.id, b"prem").contains(&id);
        Some(Alpha { id, part, premultiplied })
    }

    /// Returns the first picture that this one is assembled from, or the picture itself.
    fn first_coded(&self) -> ItemId {
        self.file.referenced_items(self.id, b"dimg").first().copied().unwrap_or(self.id)
    }
}

/// Returns the file up to the end of its last whole box. Some cameras append bytes of their own, and this
/// distinguishes a truncated file from an invalid one.
fn whole_boxes(bytes: &[u8]) -> &[u8] {
    let ends = BoxIter::new(bytes).map_while(Result::ok);
    let end = ends.map(|found| found.offset + found.header.header_size as usize + found.content.len()).last();
    &bytes[..end.unwrap_or(0)]
}

/// Returns the size of an item's picture as stored.
pub(super) fn size(file: &HeifFile<'_>, id: ItemId) -> Result<(u32, u32), MediaError> {
    let (width, height) = file
        .image_size(id)
        .map_err(spoken)?
        .filter(|&(width, height)| width > 0 && height > 0)
        .ok_or_else(|| MediaError::corrupt("the picture has no size"))?;
    check_size(width, height)?;
    Ok((width, height))
}

/// Returns an essential property of the item that is not supported.
fn unknown_need(file: &HeifFile<'_>, item: &Item) -> Option<String> {
    let needs = item.properties.iter().filter(|needed| needed.essential);
    needs.filter_map(|needed| file.properties.get(usize::from(needed.index).checked_sub(1)?)).find_map(
        |property| match property {
            Property::Unknown(kind, _) if !SEEN_TO.contains(&&kind.0) => Some(kind.to_string()),
            _ => None,
        },
    )
}

/// Returns the clean aperture, or the whole picture; an aperture outside the picture is ignored.
fn part(file: &HeifFile<'_>, id: ItemId) -> Result<Part, MediaError> {
    let whole = size(file, id)?;
    let clean = file.item_properties(id).map_err(spoken)?.find_map(|property| match property {
        Property::CleanAperture { width, height, horiz_offset, vert_offset } => {
            let (left, width) = span(whole.0, *width, *horiz_offset)?;
            let (top, height) = span(whole.1, *height, *vert_offset)?;
            Some(Part { corner: (left, top), size: (width, height) })
        }
        _ => None,
    });
    Ok(clean.unwrap_or(Part { corner: (0, 0), size: whole }))
}

/// Returns start and length of a clean aperture on a side of `whole` pixels, from its length and the offset
/// of its centre from the picture's centre (ISO/IEC 14496-12, 12.1.4).
fn span(whole: u32, length: (u32, u32), offset: (i32, u32)) -> Option<(u32, u32)> {
    if length.1 == 0 || offset.1 == 0 {
        return None;
    }
    let length = (f64::from(length.0) / f64::from(length.1)).round();
    let start = (f64::from(offset.0) / f64::from(offset.1) + (f64::from(whole) - length) / 2.0).round();
    let inside = length >= 1.0 && start >= 0.0 && start + length <= f64::from(whole);
    inside.then_some((start as u32, length as u32))
}

/// Combines the rotations and mirrorings of an item in their order.
fn orientation(file: &HeifFile<'_>, id: ItemId) -> Result<Orientation, MediaError> {
    let steps = file.item_properties(id).map_err(spoken)?.filter_map(|property| match property {
        // Anticlockwise, in quarter turns.
        Property::Rotation(quarters) => Some([1, 8, 3, 6][usize::from(*quarters & 3)]),
        Property::Mirror(top_and_bottom) => Some(if *top_and_bottom { 4 } else { 2 }),
        _ => None,
    });
    Ok(steps.fold(Orientation::UPRIGHT, |turned, step| turned.then(Orientation::from_exif(step))))
}

pub(super) fn spoken(error: Error) -> MediaError {
    match error {
        Error::UnexpectedEof => MediaError::Truncated,
        Error::Unimplemented(_) => {
            MediaError::unsupported("photos whose boxes are of such an old or rare form are not supported")
        }
        Error::MissingBox(kind) => {
            MediaError::corrupt(&format!("a part that describes its pictures is missing (`{kind}`)"))
        }
        _ => MediaError::corrupt("its boxes contradict each other"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_apertures_are_counted_from_the_middle() {
        assert_eq!(span(100, (80, 1), (0, 1)), Some((10, 80)));
        assert_eq!(span(100, (80, 1), (-10, 1)), Some((0, 80)));
        assert_eq!(span(101, (80, 1), (1, 2)), Some((11, 80)));
        assert_eq!(span(100, (80, 1), (11, 1)), None);
        assert_eq!(span(100, (0, 1), (0, 1)), None);
        assert_eq!(span(100, (80, 0), (0, 0)), None);
        assert_eq!(span(100, (u32::MAX, 1), (i32::MIN, 1)), None);
    }

    #[test]
    fn a_file_ends_with_its_last_whole_box() {
        let boxes = b"\0\0\0\x09free!\0\0\0\x08skip";
        assert_eq!(whole_boxes(boxes), boxes);
        assert_eq!(whole_boxes(&[&boxes[..], b"and more"].concat()), boxes);
        assert_eq!(whole_boxes(&boxes[..12]), &boxes[..9]);
        assert_eq!(whole_boxes(b"no"), b"");
    }
}
