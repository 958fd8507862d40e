use turbojpeg::{Image, PixelFormat, Subsamp};

use super::ProxySources;
use super::RenderError;
use super::rgb::rgb;
use super::segment::render_frames;
use mmm_base::Cancel;
use mmm_facts::SegmentRecipe;

/// JPEG quality, 1 to 100: no visible blocks in small pictures for pages.
const QUALITY: i32 = 82;

/// Renders the first frame of a segment as a JPEG, including its text.
///
/// # Errors
/// If a source is missing or can't be read, or on cancellation.
pub fn render_still(
    recipe: &SegmentRecipe,
    sources: &dyn ProxySources,
    cancel: &Cancel,
) -> Result<Vec<u8>, RenderError> {
    let mut jpeg = Vec::new();
    let one = SegmentRecipe { frames: 1, ..recipe.clone() };
    render_frames(&one, sources, cancel, &mut |picture| {
        let size = (picture.width, picture.height);
        jpeg = encode_jpeg(&rgb(picture), size, QUALITY)?;
        Ok(())
    })?;
    Ok(jpeg)
}

/// Encodes packed RGB pixels as a JPEG.
pub(super) fn encode_jpeg(
    pixels: &[u8],
    (width, height): (u32, u32),
    quality: i32,
) -> Result<Vec<u8>, RenderError> {
    let (width, height) = (width as usize, height as usize);
    let image = Image { pixels, width, pitch: width * 3, height, format: PixelFormat::RGB };
    let packed = turbojpeg::compress(image, quality, Subsamp::Sub2x2);
    Ok(packed.map_err(|error| RenderError::Encoder(error.to_string()))?.to_vec())
}
