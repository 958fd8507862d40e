//! Decodes the pictures of items and assembles them from their tiles.

use ffmpeg_next::codec::{Id, decoder};
use ffmpeg_next::{Codec, Error, Packet, ffi, frame};
use heifer_isobmff::boxes::Grid;
use heifer_isobmff::{FourCC, HeifFile, ItemId};

use super::super::super::quiet_libav::quiet_libav;
use super::super::super::scale::{blank, chroma_steps, sample_bytes};
use super::super::check_size;
use super::damage;
use super::still::{size, spoken};
use mmm_facts::MediaError;

/// Returns the stored picture of an item: one coded picture, or a grid of them. It may be larger than the
/// item's size; the rest isn't meant to be shown.
pub(super) fn picture(file: &HeifFile<'_>, id: ItemId) -> Result<frame::Video, MediaError> {
    quiet_libav();
    let kind = file.item(id).map_err(spoken)?.item_type;
    match &kind.0 {
        b"grid" => tiled(file, id),
        _ => Coder::of(kind)?.decode(file, id, size(file, id)?),
    }
}

/// Decodes the tiles of a picture one by one, on the calling thread alone.
struct Coder {
    found: Codec,
    name: &'static str,
    codec: Id,
}

impl Coder {
    fn of(kind: FourCC) -> Result<Self, MediaError> {
        let (codec, name) = match &kind.0 {
            b"hvc1" | b"hev1" => (Id::HEVC, "HEVC"),
            b"av01" => (Id::AV1, "AV1"),
            _ => {
                return Err(MediaError::unsupported(format!(
                    "photos of the kind `{kind}` are not supported"
                )));
            }
        };
        let found = decoder::find(codec).ok_or_else(|| missing(name))?;
        Ok(Self { found, name, codec })
    }

    /// Decodes the picture of one item, at least as large as `size`.
    fn decode(&self, file: &HeifFile<'_>, id: ItemId, size: (u32, u32)) -> Result<frame::Video, MediaError> {
        let packet = match self.codec {
            Id::HEVC => {
                damage::check_hevc(file, id)?;
                Packet::copy(&file.hevc_bitstream(id).map_err(spoken)?)
            }
            _ => Packet::copy(&file.item_data(id).map_err(spoken)?),
        };
        let frame = damage::decoded(self.found, &packet).map_err(|error| match error {
            Error::PatchWelcome => MediaError::unsupported("pictures coded like this one are not supported"),
            Error::DecoderNotFound => missing(self.name),
            _ => damage::undecodable(),
        })?;
        if frame.width() < size.0 || frame.height() < size.1 {
            return Err(MediaError::corrupt("the picture is smaller than the file says"));
        }
        damage::check_frame(&frame, size)?;
        if self.codec == Id::AV1 {
            damage::check_av1(&packet, &frame)?;
        }
        Ok(frame)
    }
}

fn missing(name: &str) -> MediaError {
    MediaError::unsupported(format!("FFmpeg has no decoder for {name} on this machine"))
}

/// Joins the tiles of a grid, row by row (ISO/IEC 23008-12, 6.6.2.3).
fn tiled(file: &HeifFile<'_>, id: ItemId) -> Result<frame::Video, MediaError> {
    let grid = file.grid(id).map_err(spoken)?;
    let whole = (grid.output_width, grid.output_height);
    check_size(whole.0, whole.1)?;
    let tiles = file.referenced_items(id, b"dimg");
    let first = *tiles.first().ok_or_else(contradiction)?;
    let tile = size(file, first)?;
    if !is_covered(&grid, tiles.len(), tile) || whole != size(file, id)? {
        return Err(contradiction());
    }
    let coder = Coder::of(file.item(first).map_err(spoken)?.item_type)?;
    let mut canvas: Option<frame::Video> = None;
    for (at, &id) in tiles.iter().enumerate() {
        let decoded = coder.decode(file, id, tile)?;
        let canvas = match &mut canvas {
            Some(canvas) => canvas,
            None => canvas.insert(blank_like(&decoded, whole)?),
        };
        let (row, column) = (at as u32 / u32::from(grid.columns), at as u32 % u32::from(grid.columns));
        paste(&decoded, tile, canvas, (column * tile.0, row * tile.1))?;
    }
    canvas.ok_or_else(contradiction)
}

/// Whether the tiles cover the picture and none is superfluous.
fn is_covered(grid: &Grid, tiles: usize, tile: (u32, u32)) -> bool {
    let along = |count: u16, tile: u32, whole: u32| {
        let (count, tile, whole) = (u64::from(count), u64::from(tile), u64::from(whole));
        tile * count >= whole && tile * (count - 1) < whole
    };
    tiles == usize::from(grid.rows) * usize::from(grid.columns)
        && along(grid.columns, tile.0, grid.output_width)
        && along(grid.rows, tile.1, grid.output_height)
}

/// Returns a blank frame of another size with the same format and colour properties.
fn blank_like(frame: &frame::Video, (width, height): (u32, u32)) -> Result<frame::Video, MediaError> {
    let mut canvas = blank(frame.format(), width, height)?;
    // SAFETY: both frames are alive; copies the properties of the samples, including their colours.
    match unsafe { ffi::av_frame_copy_props(canvas.as_mut_ptr(), frame.as_ptr()) } {
        0.. => Ok(canvas),
        _ => Err(MediaError::TooLarge { width, height }),
    }
}

/// Copies `size` pixels of the tile to a corner of the canvas, clipped at its edges.
fn paste(
    tile: &frame::Video,
    size: (u32, u32),
    canvas: &mut frame::Video,
    corner: (u32, u32),
) -> Result<(), MediaError> {
    let format = canvas.format();
    let steps = chroma_steps(format);
    let on_chroma = |at: u32, step: u8| at.is_multiple_of(1 << step);
    if tile.format() != format || !on_chroma(corner.0, steps.0) || !on_chroma(corner.1, steps.1) {
        return Err(contradiction());
    }
    let bytes = sample_bytes(format);
    let (width, height) = (size.0.min(canvas.width() - corner.0), size.1.min(canvas.height() - corner.1));
    for plane in 0..canvas.planes() {
        let (across, down) = if plane == 1 || plane == 2 { steps } else { (0, 0) };
        let row = width.div_ceil(1 << across) as usize * bytes;
        let rows = height.div_ceil(1 << down) as usize;
        let (from, to) = (tile.stride(plane), canvas.stride(plane));
        let start = (corner.1 >> down) as usize * to + (corner.0 >> across) as usize * bytes;
        let lines = canvas.data_mut(plane)[start..].chunks_mut(to).zip(tile.data(plane).chunks(from));
        for (to, from) in lines.take(rows) {
            to[..row].copy_from_slice(&from[..row]);
        }
    }
    Ok(())
}

fn contradiction() -> MediaError {
    MediaError::corrupt("the tiles of the picture do not fit together")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_a_picture_and_none_is_for_nothing() {
        let grid = Grid { rows: 2, columns: 3, output_width: 1025, output_height: 900 };
        assert!(is_covered(&grid, 6, (512, 512)));
        assert!(!is_covered(&grid, 5, (512, 512)));
        assert!(!is_covered(&grid, 6, (340, 512)));
        assert!(!is_covered(&grid, 6, (600, 512)));
        assert!(!is_covered(&grid, 6, (512, 900)));
    }
}
