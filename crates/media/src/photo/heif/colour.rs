//! Converts the samples of a stored picture to sRGB.

use ffmpeg_next::format::Pixel;
use ffmpeg_next::{ffi, frame};

use super::super::super::RgbPicture;
use super::super::super::colour::Grade;
use super::super::super::picture::packed;
use super::super::super::scale::{Filter, Scale, Side, chroma_steps};
use super::super::profile;
use super::still::Part;
use mmm_facts::{Color, MediaError};

/// Matrices that libswscale supports, as numbered by ISO/IEC 23091-2: BT.709, FCC, the two of BT.601, 240M,
/// the two of BT.2020.
const MATRICES: [u8; 7] = [1, 4, 5, 6, 7, 9, 10];
/// The default for an unspecified matrix (MIAF, 7.3.6.4).
const BT601: u8 = 5;
/// Red, green and blue without a matrix.
const IDENTITY: u8 = 0;
const UNSAID: u8 = 2;

/// Returns the colour properties stored in a decoded picture.
pub(super) fn said_by(frame: &frame::Video) -> Color {
    let known = |number: i64| u8::try_from(number).unwrap_or(UNSAID);
    // SAFETY: reads numbers of a live frame.
    let (primaries, transfer, matrix, range) = unsafe {
        let frame = &*frame.as_ptr();
        (frame.color_primaries as i64, frame.color_trc as i64, frame.colorspace as i64, frame.color_range)
    };
    let old_full = [Pixel::YUVJ420P, Pixel::YUVJ422P, Pixel::YUVJ444P].contains(&frame.format());
    Color {
        primaries: known(primaries),
        transfer: known(transfer),
        matrix: known(matrix),
        full_range: range == ffi::AVColorRange::AVCOL_RANGE_JPEG || old_full,
        depth: 8,
    }
}

/// Returns a part of a stored picture at another size, in sRGB.
pub(super) fn shown(
    mut stored: frame::Video,
    part: Part,
    size: (u32, u32),
    color: Color,
    icc: Option<&[u8]>,
) -> Result<RgbPicture, MediaError> {
    let from = side(&mut stored, color)?;
    if let Some(grade) = Grade::of_high_range(color.primaries, color.transfer) {
        let mut deep = scaled(&stored, from, part, Side::deep_rgb(size))?;
        grade.cube().apply_to_frame(&mut deep);
        let whole = Part { corner: (0, 0), size };
        return scaled(&deep, Side::deep_rgb(size), whole, Side::rgb(size))
            .map(|frame| RgbPicture::from_frame(&frame));
    }
    let mut picture = RgbPicture::from_frame(&scaled(&stored, from, part, Side::rgb(size))?);
    drop(stored);
    let colours = match icc {
        Some(icc) => profile::to_srgb(&picture.pixels, 3, icc),
        None => profile::of_code_points(color.primaries, color.transfer)
            .and_then(|profile| profile::through(&picture.pixels, 3, &profile)),
    };
    picture.pixels = colours.unwrap_or(picture.pixels);
    Ok(picture)
}

/// Returns the first plane of a part of a stored picture at another size, in 8 bits: the opacity of another
/// picture.
pub(super) fn grey(stored: &frame::Video, part: Part, size: (u32, u32)) -> Result<Vec<u8>, MediaError> {
    let side = |format, (width, height): (u32, u32)| Side {
        format,
        width,
        height,
        matrix: i32::from(BT601),
        full_range: true,
    };
    let (from, to) = (side(stored.format(), part.size), side(Pixel::GRAY8, size));
    let frame = scaled(stored, from, part, to)?;
    Ok(packed(&frame, 0, size.0 as usize, size.1 as usize))
}

fn scaled(stored: &frame::Video, from: Side, part: Part, to: Side) -> Result<frame::Video, MediaError> {
    let filter = if part.size == (to.width, to.height) { Filter::Bicubic } else { Filter::Area };
    let from = Side { width: part.size.0, height: part.size.1, ..from };
    // A part that begins between two chroma samples is moved by a pixel.
    let steps = chroma_steps(from.format);
    let corner = (part.corner.0 >> steps.0 << steps.0, part.corner.1 >> steps.1 << steps.1);
    let mut scale = Scale::new(from, to, filter)?;
    scale.run(stored, corner)?;
    Ok(scale.into_frame())
}

/// Returns the picture's format as libswscale needs it.
fn side(stored: &mut frame::Video, color: Color) -> Result<Side, MediaError> {
    let matrix = match color.matrix {
        UNSAID => BT601,
        IDENTITY => {
            as_rgb(stored);
            BT601
        }
        matrix if MATRICES.contains(&matrix) => matrix,
        matrix => {
            return Err(MediaError::unsupported(format!("photos of the matrix {matrix} are not supported")));
        }
    };
    Ok(Side {
        format: stored.format(),
        width: stored.width(),
        height: stored.height(),
        matrix: i32::from(matrix),
        full_range: color.full_range,
    })
}

/// Marks three equal planes as what they are: green, blue and red, in this order.
fn as_rgb(stored: &mut frame::Video) {
    let format = match stored.format() {
        Pixel::YUV444P | Pixel::YUVJ444P => Pixel::GBRP,
        Pixel::YUV444P10LE => Pixel::GBRP10LE,
        Pixel::YUV444P12LE => Pixel::GBRP12LE,
        format => format,
    };
    stored.set_format(format);
}
