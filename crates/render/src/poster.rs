use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};

use super::RenderError;
use super::WithoutProxies;
use super::animation::{Animation, encode_animation};
use super::rgb::rgb;
use super::segment::render_frame;
use super::still::encode_jpeg;
use mmm_base::{Cancel, Rate};
use mmm_facts::PosterRecipe;
use mmm_facts::Sources;
use mmm_media::mark_picture;
use mmm_spec::PictureFormat;

/// JPEG quality, 1 to 100: indistinguishable from the original side by side.
const JPEG_QUALITY: i32 = 92;
/// WebP quality, 1 to 100.
const WEBP_QUALITY: u32 = 88;

/// Renders a poster and returns the bytes of a picture file with our mark.
///
/// # Errors
/// If a source is missing or can't be read, on cancellation, or if the encoder fails.
pub fn render_poster(
    recipe: &PosterRecipe,
    sources: &dyn Sources,
    cancel: &Cancel,
) -> Result<Vec<u8>, RenderError> {
    // A frame of a transition or a fade depends on its position in the segment.
    let picture = render_frame(&recipe.segment, recipe.at, &WithoutProxies(sources), cancel)?;
    let (size, pixels) = ((picture.width, picture.height), rgb(&picture));
    let bytes = match recipe.format {
        PictureFormat::Jpeg => encode_jpeg(&pixels, size, JPEG_QUALITY)?,
        PictureFormat::Png => encode_png(&pixels, size)?,
        PictureFormat::Webp | PictureFormat::Gif => {
            let still = Animation { size, pictures: vec![pixels], rate: Rate(1, 1), format: recipe.format };
            encode_animation(&still, size, WEBP_QUALITY)?
        }
    };
    Ok(mark_picture(bytes))
}

fn encode_png(pixels: &[u8], (width, height): (u32, u32)) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes)
        .write_image(pixels, width, height, ExtendedColorType::Rgb8)
        .map_err(|error| RenderError::Encoder(error.to_string()))?;
    Ok(bytes)
}
