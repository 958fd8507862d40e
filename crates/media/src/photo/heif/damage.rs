//! Finds damage in coded pictures that their decoders don't report.

use ffmpeg_next::codec::{self, decoder, threading};
use ffmpeg_next::{Codec, Error, Packet, ffi, frame};
use heifer_isobmff::{HeifFile, ItemId};

use super::super::super::scale::{chroma_steps, sample_bytes};
use super::super::MOST_PIXELS;
use super::still::spoken;
use mmm_facts::MediaError;

/// The side of the smallest block that HEVC codes by itself (ITU-T H.265, 7.4.3.2.1: `CtbSizeY`).
const BLOCK: usize = 16;
/// The most zeros behind a unit that count as padding.
const MOST_PADDING: usize = 8;

/// libav's name of the AV1 decoder that finds wrong bits.
const STRICT_AV1: &str = "libaom-av1";
/// The most pixels of a picture that this decoder checks, because it takes 21 bytes for each.
const MOST_CHECKED: u64 = 1 << 25;

pub(super) fn undecodable() -> MediaError {
    MediaError::corrupt("a part of the picture cannot be decoded")
}

/// Decodes the picture of one packet with a decoder of its own that reports damage: only the first frame of a
/// decoder is known to be blank before it is decoded.
pub(super) fn decoded(codec: Codec, packet: &Packet) -> Result<frame::Video, Error> {
    let mut context = codec::Context::new_with_codec(codec);
    context.set_threading(threading::Config { kind: threading::Type::Frame, count: 1, safe: true });
    // SAFETY: sets numbers of a context that isn't open yet.
    unsafe {
        let context = context.as_mut_ptr();
        (*context).max_pixels = MOST_PIXELS as i64;
        (*context).err_recognition = ffi::AV_EF_EXPLODE | ffi::AV_EF_CRCCHECK;
    }
    let mut decoder = context.decoder().video().map_err(|_| Error::DecoderNotFound)?;
    let mut frame = frame::Video::empty();
    decoder.send_packet(packet).and_then(|()| decoder.send_eof())?;
    decoder.receive_frame(&mut frame)?;
    Ok(frame)
}

/// Rejects an AV1 picture with wrong bits, if libav has the decoder that finds them. After wrong bits, a tile
/// doesn't end with the bits that it must end with (AV1 bitstream specification, 8.2.4). dav1d doesn't look at
/// them and shows whatever it decoded. `shown` is what it decoded.
pub(super) fn check_av1(packet: &Packet, shown: &frame::Video) -> Result<(), MediaError> {
    let is_large = u64::from(shown.width()) * u64::from(shown.height()) > MOST_CHECKED;
    let Some(codec) = decoder::find_by_name(STRICT_AV1).filter(|_| !is_large) else { return Ok(()) };
    match decoded(codec, packet) {
        Err(Error::InvalidData) => Err(undecodable()),
        _ => Ok(()),
    }
}

/// Rejects an HEVC picture with three zeros in a row, which no unit of it may contain (ITU-T H.265, 7.4.2.1):
/// a part of the file was never written.
pub(super) fn check_hevc(file: &HeifFile<'_>, id: ItemId) -> Result<(), MediaError> {
    let config = file.hevc_config(id).map_err(spoken)?;
    let length_bytes = config.map_or(4, |config| usize::from(config.nal_length_size).max(1));
    let data = file.item_data(id).map_err(spoken)?;
    if has_gap(&data, length_bytes) { Err(undecodable()) } else { Ok(()) }
}

/// Whether a unit, each of which follows its length, contains zeros that its coding rules out.
fn has_gap(mut data: &[u8], length_bytes: usize) -> bool {
    while let Some((length, rest)) = data.split_at_checked(length_bytes) {
        let length = length.iter().fold(0, |length, &byte| length << 8 | usize::from(byte));
        let (unit, rest) = rest.split_at(length.min(rest.len()));
        let end = unit.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        if unit.len() - end > MOST_PADDING || unit[..end].windows(3).any(|bytes| bytes == [0; 3]) {
            return true;
        }
        data = rest;
    }
    false
}

/// Rejects a frame that its decoder marks as damaged or of which it left a part blank.
pub(super) fn check_frame(frame: &frame::Video, size: (u32, u32)) -> Result<(), MediaError> {
    // SAFETY: reads a number of a live frame.
    let flawed = frame.is_corrupt() || unsafe { (*frame.as_ptr()).decode_error_flags } != 0;
    if flawed || has_blank_block(frame, size) { Err(undecodable()) } else { Ok(()) }
}

/// Whether a block of the picture has only zeros in all three planes. Without luma there is no such colour, so
/// nothing was decoded into it.
fn has_blank_block(frame: &frame::Video, size: (u32, u32)) -> bool {
    let format = frame.format();
    let steps = chroma_steps(format);
    // Only then the planes are surely luma and chroma, rather than red, green and blue.
    if frame.planes() != 3 || steps.0 == 0 {
        return false;
    }
    let bytes = sample_bytes(format);
    let (columns, rows) = (size.0 as usize / BLOCK, size.1 as usize / BLOCK);
    let is_blank = |plane: usize, column: usize, row: usize| {
        let (across, down) = if plane == 0 { (0, 0) } else { steps };
        let (width, height) = ((BLOCK >> across) * bytes, BLOCK >> down);
        let (data, stride) = (frame.data(plane), frame.stride(plane));
        (row * height..(row + 1) * height).all(|line| {
            let start = line * stride + column * width;
            data[start..start + width].iter().all(|&byte| byte == 0)
        })
    };
    (0..rows).any(|row| (0..columns).any(|column| (0..3).all(|plane| is_blank(plane, column, row))))
}

#[cfg(test)]
mod tests {
    use ffmpeg_next::format::Pixel;

    use super::*;

    #[test]
    fn zeros_inside_a_unit_are_a_gap() {
        let unit = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes(), bytes].concat();
        assert!(!has_gap(&unit(b"ab\0\0\x03\0c"), 4));
        assert!(!has_gap(&unit(b"ab\0\0\0\0"), 4));
        assert!(has_gap(&unit(b"a\0\0\0b"), 4));
        assert!(has_gap(&unit(&[b"ab", &[0; 9][..]].concat()), 4));
        assert!(has_gap(&[unit(b"a"), unit(b"\0\0\0b")].concat(), 4));
    }

    #[test]
    fn a_blank_block_is_damage_and_black_is_none() {
        let mut frame = frame::Video::new(Pixel::YUV420P, 64, 48);
        for (plane, sample) in [(0, 0), (1, 128), (2, 128)] {
            frame.data_mut(plane).fill(sample);
        }
        assert!(!has_blank_block(&frame, (64, 48)));
        for plane in 1..3 {
            let stride = frame.stride(plane);
            for line in 8..16 {
                frame.data_mut(plane)[line * stride + 16..][..8].fill(0);
            }
        }
        assert!(has_blank_block(&frame, (64, 48)));
        assert!(!has_blank_block(&frame, (47, 48)) && !has_blank_block(&frame, (64, 31)));
    }
}
