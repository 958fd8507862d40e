//! TIFF pictures in colours that `image` doesn't convert: inks, YCbCr, grey with opacity, and samples that are
//! floating-point numbers or have 32 bits.

mod float;

use std::io::{BufRead, Read, Seek};

use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::{PlanarConfiguration, Tag};
use tiff::{ColorType, TiffError};

use super::super::RgbPicture;
use super::super::ifd::{TiffTags, tag};
use super::check_size;
use super::finish::{finished, over_white};
use super::jpeg::on_paper;
use super::profile::to_srgb;
use float::FloatSamples;

use mmm_facts::MediaError;

/// The most bytes of samples that are decoded.
const MOST_BYTES: usize = 2 << 30;

/// Decodes the first picture of a TIFF, reduced if it is more than twice `cover`; `None` if its samples are
/// of another kind.
pub(super) fn decode(
    reader: &mut (impl BufRead + Seek),
    cover: (u32, u32),
) -> Result<Option<RgbPicture>, MediaError> {
    match samples(reader) {
        Ok(None) | Err(TiffError::UnsupportedError(_)) => Ok(None),
        Ok(Some(samples)) => samples.shown(cover).map(Some),
        Err(error) => Err(spoken(error)),
    }
}

/// Returns width, height and bits per sample; `None` if the tags don't say them.
pub(super) fn size(reader: &mut (impl Read + Seek)) -> Result<Option<(u32, u32, u8)>, MediaError> {
    let Some(mut tags) = TiffTags::open(reader)? else { return Ok(None) };
    let Some(main) = tags.main()? else { return Ok(None) };
    let mut number =
        |name| Ok::<_, MediaError>(tags.number(&main, name)?.and_then(|n| u32::try_from(n).ok()));
    let (width, height, bits) = (number(tag::WIDTH)?, number(tag::HEIGHT)?, number(tag::BITS)?);
    let Some((width, height)) = width.zip(height) else { return Ok(None) };
    check_size(width, height)?;
    Ok(Some((width, height, bits.and_then(|bits| u8::try_from(bits).ok()).unwrap_or(1))))
}

/// Compressions that are read, as numbered by TIFF 6.0 and its supplements: none, fax, LZW, JPEG, Deflate and
/// PackBits.
const COMPRESSIONS: [u64; 9] = [1, 2, 3, 4, 5, 7, 8, 32773, 32946];
/// Interpretations that are read: grey, RGB, palette, ink and YCbCr.
const INTERPRETATIONS: [u64; 6] = [0, 1, 2, 3, 5, 6];

/// Sample formats, as numbered by TIFF 6.0: unsigned, floating-point and undefined, which means unsigned.
const UNSIGNED: u64 = 1;
const FLOAT: u64 = 3;
const UNDEFINED: u64 = 4;

/// Whether the tags say that a picture is stored in a way that no decoder supports.
pub(super) fn is_strange(reader: &mut (impl Read + Seek)) -> Result<bool, MediaError> {
    let Some(mut tags) = TiffTags::open(reader)? else { return Ok(false) };
    let Some(main) = tags.main()? else { return Ok(false) };
    // libav reads no BigTIFF.
    if tags.is_big() {
        return Ok(true);
    }
    // libav takes all samples for unsigned ones, and the planes of inks and of YCbCr for red, green and blue.
    let is_signed = |format: &u64| !matches!(*format, UNSIGNED | UNDEFINED);
    let signed = tags.numbers(&main, tag::SAMPLE_FORMAT)?.iter().any(is_signed);
    let mut number = |name| Ok::<_, MediaError>(tags.number(&main, name)?);
    let (coding, colours) = (number(tag::COMPRESSION)?, number(tag::PHOTOMETRIC)?);
    let planar = number(tag::PLANAR)? == Some(u64::from(PlanarConfiguration::Planar.to_u16()));
    let mistaken = planar && matches!(colours, Some(5 | 6));
    let deep = number(tag::BITS)?.is_some_and(|bits| bits > 16);
    let known = |number: Option<u64>, list: &[u64]| number.is_none_or(|number| list.contains(&number));
    Ok(signed || mistaken || deep || !known(coding, &COMPRESSIONS) || !known(colours, &INTERPRETATIONS))
}

/// Whether `image` would show other samples than those in the file: it takes whole numbers of 32 bits for
/// floating-point ones, and all of those for numbers from 0 to 1.
pub(super) fn is_misread(reader: &mut (impl Read + Seek)) -> Result<bool, MediaError> {
    let Some(mut tags) = TiffTags::open(reader)? else { return Ok(false) };
    let Some(main) = tags.main()? else { return Ok(false) };
    let deep = tags.number(&main, tag::BITS)?.is_some_and(|bits| bits > 16);
    Ok(deep || tags.number(&main, tag::SAMPLE_FORMAT)? == Some(FLOAT))
}

/// The samples of a picture, as stored, in 8 bits.
struct Samples {
    size: (u32, u32),
    color: ColorType,
    /// Interleaved.
    samples: Vec<u8>,
    profile: Option<Vec<u8>>,
}

fn samples(reader: &mut (impl BufRead + Seek)) -> Result<Option<Samples>, TiffError> {
    let mut decoder = Decoder::new(reader)?;
    let (size, color) = (decoder.dimensions()?, decoder.colortype()?);
    let planar = decoder.find_tag_unsigned::<u16>(Tag::PlanarConfiguration)?;
    if check_size(size.0, size.1).is_err() {
        return Err(TiffError::LimitsExceeded);
    }
    let planar = planar == Some(PlanarConfiguration::Planar.to_u16());
    let profile = decoder.find_tag(Tag::IccProfile).ok().flatten().and_then(|tag| tag.into_u8_vec().ok());
    let is_inverted = decoder.find_tag_unsigned::<u16>(Tag::PhotometricInterpretation)? == Some(0);
    let stated_white = stated_white(&mut decoder);
    let mut limits = Limits::default();
    limits.decoding_buffer_size = MOST_BYTES;
    let mut decoder = decoder.with_limits(limits);
    let mut read = DecodingResult::U8(Vec::new());
    decoder.read_image_to_buffer(&mut read)?;
    let pixels = size.0 as usize * size.1 as usize;
    let floats: Vec<f32> = match read {
        DecodingResult::F16(samples) => samples.into_iter().map(|sample| sample.to_f32()).collect(),
        DecodingResult::F32(samples) => samples,
        DecodingResult::F64(samples) => samples.into_iter().map(|sample| sample as f32).collect(),
        whole => {
            let samples = channels(color).zip(high_bytes(whole));
            let samples = samples.and_then(|(channels, all)| pixel_by_pixel(all, channels, pixels, planar));
            return Ok(samples.map(|samples| Samples { size, color, samples, profile }));
        }
    };
    let Some((channels, has_alpha)) = float_channels(color) else { return Ok(None) };
    let Some(samples) = pixel_by_pixel(floats, channels, pixels, planar) else { return Ok(None) };
    let float = FloatSamples { samples: &samples, channels, has_alpha, is_inverted, stated_white };
    Ok(Some(Samples { size, color, samples: float.bytes(), profile }))
}

/// Returns the highest eight bits of samples that are whole numbers without a sign.
fn high_bytes(read: DecodingResult) -> Option<Vec<u8>> {
    Some(match read {
        DecodingResult::U8(samples) => samples,
        DecodingResult::U16(samples) => samples.into_iter().map(|sample| (sample >> 8) as u8).collect(),
        DecodingResult::U32(samples) => samples.into_iter().map(|sample| (sample >> 24) as u8).collect(),
        _ => return None,
    })
}

/// Returns the sample that is white according to the tag `SMaxSampleValue`, if that is a floating-point number.
fn stated_white(decoder: &mut Decoder<impl BufRead + Seek>) -> Option<f32> {
    let tag = decoder.find_tag(Tag::SMaxSampleValue).ok().flatten()?;
    let most = |samples: Vec<f32>| samples.into_iter().reduce(f32::max);
    match tag.clone().into_f32_vec() {
        Ok(samples) => most(samples),
        Err(_) => most(tag.into_f64_vec().ok()?.into_iter().map(|sample| sample as f32).collect()),
    }
}

/// Returns the samples in the order of the pixels; `None` if their number is wrong.
fn pixel_by_pixel<T: Copy>(samples: Vec<T>, channels: usize, pixels: usize, planar: bool) -> Option<Vec<T>> {
    if samples.len() != pixels * channels {
        return None;
    }
    Some(if planar { interleaved(&samples, pixels) } else { samples })
}

/// Joins the samples of each pixel, which are stored in planes of one sample per pixel.
fn interleaved<T: Copy>(planes: &[T], pixels: usize) -> Vec<T> {
    (0..pixels).flat_map(|at| planes[at..].iter().step_by(pixels).copied()).collect()
}

/// Returns the floating-point samples per pixel, and whether the last one is opacity.
fn float_channels(color: ColorType) -> Option<(usize, bool)> {
    match color {
        ColorType::Gray(_) => Some((1, false)),
        ColorType::GrayA(_) | ColorType::Multiband { num_samples: 2, .. } => Some((2, true)),
        ColorType::RGB(_) => Some((3, false)),
        ColorType::RGBA(_) => Some((4, true)),
        _ => None,
    }
}

/// Returns the samples per pixel of the supported kinds of pictures.
fn channels(color: ColorType) -> Option<usize> {
    match color {
        ColorType::Gray(8 | 16 | 32) => Some(1),
        ColorType::GrayA(8 | 16) | ColorType::Multiband { bit_depth: 8 | 16, num_samples: 2 } => Some(2),
        ColorType::YCbCr(8 | 16) | ColorType::RGB(32) => Some(3),
        ColorType::CMYK(8 | 16) => Some(4),
        ColorType::CMYKA(8 | 16) => Some(5),
        _ => None,
    }
}

impl Samples {
    fn shown(self, cover: (u32, u32)) -> Result<RgbPicture, MediaError> {
        let (width, height) = self.size;
        let profile = self.profile.as_deref();
        let picture = |pixels| RgbPicture { width, height, pixels };
        match self.color {
            ColorType::Gray(_) => {
                let pixels = self.samples.into_iter().flat_map(|grey| [grey; 3]).collect();
                finished(picture(pixels), cover, None)
            }
            ColorType::RGB(_) => finished(picture(self.samples), cover, profile),
            ColorType::RGBA(_) => {
                let colour = |&[r, g, b, a]: &[u8; 4]| [r, g, b].map(|sample| over_white(sample, a));
                let pixels = self.samples.as_chunks().0.iter().flat_map(colour).collect();
                finished(picture(pixels), cover, profile)
            }
            ColorType::YCbCr(_) => {
                let pixels = self.samples.as_chunks().0.iter().flat_map(|pixel| rgb(*pixel)).collect();
                finished(picture(pixels), cover, profile)
            }
            ColorType::CMYK(_) | ColorType::CMYKA(_) => {
                let step = if matches!(self.color, ColorType::CMYK(_)) { 4 } else { 5 };
                // A TIFF counts the ink; a JPEG, and so what follows, the paper left white.
                let paper = |pixel: &[u8]| [pixel[0], pixel[1], pixel[2], pixel[3]].map(|ink| 255 - ink);
                let inks: Vec<u8> = self.samples.chunks_exact(step).flat_map(paper).collect();
                let colours = profile.and_then(|profile| to_srgb(&inks, 4, profile));
                finished(picture(colours.unwrap_or_else(|| on_paper(&inks))), cover, None)
            }
            _ => {
                let grey = |&[grey, alpha]: &[u8; 2]| [over_white(grey, alpha); 3];
                let pixels = self.samples.as_chunks().0.iter().flat_map(grey).collect();
                finished(picture(pixels), cover, None)
            }
        }
    }
}

/// Converts YCbCr to RGB with the default coefficients of a TIFF, those of ITU-R BT.601 (TIFF 6.0, section
/// 21).
fn rgb([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let [y, cb, cr] = [f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0];
    let rgb = [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb];
    rgb.map(|sample| sample.round().clamp(0.0, 255.0) as u8)
}

fn spoken(error: TiffError) -> MediaError {
    match error {
        TiffError::IoError(error) => error.into(),
        TiffError::LimitsExceeded => {
            MediaError::unsupported("pictures that take so much memory are not supported")
        }
        _ => MediaError::undecodable(),
    }
}

#[cfg(test)]
mod tests;
