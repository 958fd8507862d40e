use turbojpeg::raw;

use super::super::RgbPicture;
use super::check_size;
use super::jpeg_end::{has_all_scans, has_end};
use super::large::one_at_a_time;
use super::profile::to_srgb;
use mmm_facts::MediaError;

/// More scans than any camera or tool writes; a malicious file may contain thousands.
const MOST_SCANS: i32 = 500;

/// The scales that libjpeg-turbo decodes with fast code, in eighths of the full size, smallest first.
const EIGHTHS: [u32; 4] = [1, 2, 4, 8];

/// Decodes the stored picture of a JPEG, reduced as far as it still covers `cover`.
pub(super) fn decode(bytes: &[u8], cover: (u32, u32)) -> Result<RgbPicture, MediaError> {
    let mut turbo = Turbo::new()?;
    let header = turbo.read_header(bytes)?;
    check_size(header.width, header.height)?;
    if header.depth != 8 {
        let depth = header.depth;
        return Err(MediaError::unsupported(format!(
            "JPEG photos of {depth} bits per sample are not supported"
        )));
    }
    if !header.coloured {
        return Err(MediaError::unsupported(
            "JPEG photos of two or more than four colours are not supported",
        ));
    }
    let eighths = if header.lossless { 8 } else { smallest_cover((header.width, header.height), cover) };
    // Of a progressive JPEG, the decoder keeps all coefficients.
    let is_whole = header.progressive || eighths == 8;
    let _alone = is_whole.then(|| one_at_a_time((header.width, header.height)));
    turbo.set_eighths(eighths)?;
    let (width, height) = (scaled(header.width, eighths), scaled(header.height, eighths));
    let samples = if header.inked { 4 } else { 3 };
    let mut pixels = vec![0; width as usize * height as usize * samples];
    let format = if header.inked { raw::TJPF_TJPF_CMYK } else { raw::TJPF_TJPF_RGB };
    let mut decompress = |bytes: &[u8]| turbo.decompress(bytes, &mut pixels, (width, samples), format);
    if decompress(bytes)? == Outcome::Doubtful && !has_end(bytes) {
        // Some cameras only omit the end marker. If adding one removes the warning, the picture is complete;
        // if scan data is missing, libjpeg has filled the picture with grey.
        let body = bytes.strip_suffix(b"\xff").unwrap_or(bytes);
        let lacks_scans = header.progressive && !has_all_scans(body);
        if lacks_scans || decompress(&[body, b"\xff\xd9"].concat())? == Outcome::Doubtful {
            return Err(MediaError::Truncated);
        }
    }
    let profile = turbo.profile();
    match profile.and_then(|profile| to_srgb(&pixels, samples, &profile)) {
        Some(colours) => pixels = colours,
        None if header.inked => pixels = on_paper(&pixels),
        None => {}
    }
    Ok(RgbPicture { width, height, pixels })
}

fn smallest_cover(size: (u32, u32), cover: (u32, u32)) -> u32 {
    let covers = |&eighths: &u32| scaled(size.0, eighths) >= cover.0 && scaled(size.1, eighths) >= cover.1;
    EIGHTHS.into_iter().find(covers).unwrap_or(8)
}

/// Scales a length like TJSCALED of turbojpeg.h: rounded up.
fn scaled(len: u32, eighths: u32) -> u32 {
    (u64::from(len) * u64::from(eighths)).div_ceil(8) as u32
}

/// Converts ink to light. Adobe's programs, and so nearly all CMYK JPEGs, store 255 for no ink, and libjpeg
/// returns it unmodified.
pub(super) fn on_paper(inks: &[u8]) -> Vec<u8> {
    let light = |ink: u8, black: u8| ((u32::from(ink) * u32::from(black) + 127) / 255) as u8;
    inks.as_chunks::<4>().0.iter().flat_map(|&[c, m, y, k]| [light(c, k), light(m, k), light(y, k)]).collect()
}

struct Header {
    width: u32,
    height: u32,
    /// Whether the colour space is CMYK or YCCK.
    inked: bool,
    lossless: bool,
    progressive: bool,
    /// Bits per sample.
    depth: i32,
    /// Whether the colour space is known.
    coloured: bool,
}

/// The result of a libjpeg-turbo call that did not fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Outcome {
    Clean,
    /// With a warning: something in the file was wrong.
    Doubtful,
}

/// A decompressor of libjpeg-turbo.
///
/// The wrapper of the `turbojpeg` crate treats every warning as a failure and rejects photos that all other
/// programs show. This one distinguishes the two.
struct Turbo(raw::tjhandle);

impl Turbo {
    fn new() -> Result<Self, MediaError> {
        // SAFETY: returns a handle or null.
        let handle = unsafe { raw::tj3Init(raw::TJINIT_TJINIT_DECOMPRESS as i32) };
        if handle.is_null() {
            return Err(MediaError::Io {
                kind: "out of memory".to_owned(),
                message: "out of memory".to_owned(),
            });
        }
        let turbo = Self(handle);
        // SAFETY: the handle is alive.
        unsafe { raw::tj3Set(turbo.0, raw::TJPARAM_TJPARAM_SCANLIMIT as i32, MOST_SCANS) };
        Ok(turbo)
    }

    fn outcome(&self, result: i32) -> Result<Outcome, MediaError> {
        if result == 0 {
            return Ok(Outcome::Clean);
        }
        // SAFETY: the handle is alive.
        let code = unsafe { raw::tj3GetErrorCode(self.0) };
        if code == raw::TJERR_TJERR_WARNING as i32 {
            Ok(Outcome::Doubtful)
        } else {
            Err(MediaError::undecodable())
        }
    }

    fn get(&self, what: raw::TJPARAM) -> i32 {
        // SAFETY: the handle is alive.
        unsafe { raw::tj3Get(self.0, what as i32) }
    }

    fn read_header(&mut self, bytes: &[u8]) -> Result<Header, MediaError> {
        // SAFETY: reads no further than the given length.
        let result = unsafe { raw::tj3DecompressHeader(self.0, bytes.as_ptr(), bytes.len() as raw::size_t) };
        self.outcome(result)?;
        let space = self.get(raw::TJPARAM_TJPARAM_COLORSPACE);
        let side = |what| u32::try_from(self.get(what)).unwrap_or(0);
        Ok(Header {
            width: side(raw::TJPARAM_TJPARAM_JPEGWIDTH),
            height: side(raw::TJPARAM_TJPARAM_JPEGHEIGHT),
            inked: space == raw::TJCS_TJCS_CMYK as i32 || space == raw::TJCS_TJCS_YCCK as i32,
            lossless: self.get(raw::TJPARAM_TJPARAM_LOSSLESS) == 1,
            progressive: self.get(raw::TJPARAM_TJPARAM_PROGRESSIVE) == 1,
            depth: self.get(raw::TJPARAM_TJPARAM_PRECISION),
            coloured: space >= 0,
        })
    }

    /// Returns the colour profile in the header.
    fn profile(&self) -> Option<Vec<u8>> {
        let (mut data, mut len): (*mut u8, raw::size_t) = (std::ptr::null_mut(), 0);
        // SAFETY: the handle is alive; returns newly allocated memory with its length, which is copied and
        // freed, or null.
        unsafe {
            let found = raw::tj3GetICCProfile(self.0, &raw mut data, &raw mut len) == 0 && !data.is_null();
            let profile = found.then(|| std::slice::from_raw_parts(data, len as usize).to_vec());
            raw::tj3Free(data.cast());
            profile
        }
    }

    fn set_eighths(&mut self, eighths: u32) -> Result<(), MediaError> {
        let factor = raw::tjscalingfactor { num: eighths as i32, denom: 8 };
        // TurboJPEG compares with its own list of reduced fractions.
        let factor = match eighths {
            1 => factor,
            _ => raw::tjscalingfactor { num: 1, denom: 8 / eighths as i32 },
        };
        // SAFETY: the handle is alive.
        let result = unsafe { raw::tj3SetScalingFactor(self.0, factor) };
        self.outcome(result).map(drop)
    }

    /// Fills `pixels` with rows of `row.0` pixels of `row.1` samples.
    fn decompress(
        &mut self,
        bytes: &[u8],
        pixels: &mut [u8],
        row: (u32, usize),
        format: raw::TJPF,
    ) -> Result<Outcome, MediaError> {
        let pitch = row.0 as i32 * row.1 as i32;
        // SAFETY: `pixels` contains whole rows of the scaled size from the same header, and `bytes` is what
        // that header was read from.
        let result = unsafe {
            let (data, len) = (bytes.as_ptr(), bytes.len() as raw::size_t);
            raw::tj3Decompress8(self.0, data, len, pixels.as_mut_ptr(), pitch, format)
        };
        self.outcome(result)
    }
}

impl Drop for Turbo {
    fn drop(&mut self) {
        // SAFETY: the handle is owned and destroyed once.
        unsafe { raw::tj3Destroy(self.0) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reduction_keeps_the_cover() {
        assert_eq!(smallest_cover((4000, 3000), (500, 375)), 1);
        assert_eq!(smallest_cover((4000, 3000), (501, 100)), 2);
        assert_eq!(smallest_cover((4000, 3000), (1000, 1000)), 4);
        assert_eq!(smallest_cover((4000, 3000), (u32::MAX, u32::MAX)), 8);
    }

    #[test]
    fn ink_on_paper() {
        assert_eq!(
            on_paper(&[255, 255, 255, 255, 0, 255, 255, 255, 255, 255, 255, 0]),
            [255, 255, 255, 0, 255, 255, 0, 0, 0]
        );
    }
}
