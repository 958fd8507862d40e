use super::RenderError;
use super::WithoutProxies;
use super::animation::{Animation, encode_animation};
use super::rgb::rgb;
use super::segment::render_frames;
use mmm_base::{Cancel, Rate};
use mmm_facts::PreviewRecipe;
use mmm_facts::Sources;
use mmm_media::mark_picture;

/// The size limit in bytes: larger files can't be sent with a message or loaded with a page.
const MOST_BYTES: usize = 4_000_000;

/// Scales in percent of the requested size and WebP qualities, tried in order until the file is small enough;
/// the last always is.
const TRIES: [(u32, u32); 6] = [(100, 70), (100, 50), (84, 50), (67, 50), (50, 40), (40, 40)];

/// Renders a preview and returns the bytes of an animated picture file that loops forever, with our mark.
///
/// # Errors
/// If a source is missing or can't be read, on cancellation, or if the encoder fails.
pub fn render_preview(
    recipe: &PreviewRecipe,
    sources: &dyn Sources,
    cancel: &Cancel,
) -> Result<Vec<u8>, RenderError> {
    let canvas = recipe.segments.first().ok_or(RenderError::Damaged)?.canvas;
    let mut pictures = Vec::new();
    for segment in &recipe.segments {
        let mut index = 0;
        render_frames(segment, &WithoutProxies(sources), cancel, &mut |picture| {
            if index % recipe.every == 0 {
                pictures.push(rgb(picture));
            }
            index += 1;
            Ok(())
        })?;
    }
    let size = (canvas.width, canvas.height);
    let rate = Rate(canvas.rate.0, canvas.rate.1 * recipe.every);
    let animation = Animation { size, pictures, rate, format: recipe.format };
    Ok(mark_picture(small_enough(&animation, MOST_BYTES, cancel)?))
}

/// Encodes with the first of [`TRIES`] that gives at most `most` bytes, or with the last.
fn small_enough(animation: &Animation, most: usize, cancel: &Cancel) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Vec::new();
    for (percent, quality) in TRIES {
        if cancel.is_cancelled() {
            return Err(RenderError::Cancelled);
        }
        bytes = encode_animation(animation, part(animation.size, percent), quality)?;
        if bytes.len() <= most {
            break;
        }
    }
    Ok(bytes)
}

/// Returns `percent` of a size, in even pixels.
fn part((width, height): (u32, u32), percent: u32) -> (u32, u32) {
    let side = |side: u32| (side * percent / 100).next_multiple_of(2);
    (side(width), side(height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_spec::PictureFormat;

    /// Returns pictures of uncorrelated noise (xorshift, Marsaglia 2003).
    fn noise(size: (u32, u32), count: usize, format: PictureFormat) -> Animation {
        let mut state = 2_463_534_242_u32;
        let mut byte = move || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            (state >> 24) as u8
        };
        let pixels = size.0 as usize * size.1 as usize;
        let pictures = (0..count).map(|_| (0..pixels * 3).map(|_| byte()).collect()).collect();
        Animation { size, pictures, rate: Rate(25, 2), format }
    }

    #[test]
    fn a_file_that_is_too_large_is_made_smaller_step_by_step() {
        for format in [PictureFormat::Gif, PictureFormat::Webp] {
            let animation = noise((96, 64), 4, format);
            let files: Vec<Vec<u8>> = TRIES
                .iter()
                .map(|(percent, quality)| {
                    encode_animation(&animation, part(animation.size, *percent), *quality).unwrap()
                })
                .collect();
            let fitted = |most| small_enough(&animation, most, &Cancel::default()).unwrap();
            assert!(files.windows(2).all(|pair| pair[1].len() <= pair[0].len()));
            assert!(files[TRIES.len() - 1].len() * 3 < files[0].len());
            for (index, file) in files.iter().enumerate() {
                // The first try that gives a file at most this large.
                let first = files.iter().position(|other| other.len() <= file.len()).unwrap();
                assert!(fitted(file.len()) == files[first], "{format:?}, step {index}");
            }
            assert!(fitted(0) == files[TRIES.len() - 1]);
        }
    }

    /// Encodes a third of five seconds of a square movie of noise, which can't be compressed, at the last of
    /// [`TRIES`].
    #[test]
    fn the_worst_preview_is_small_enough() {
        let (percent, quality) = TRIES[TRIES.len() - 1];
        for format in [PictureFormat::Gif, PictureFormat::Webp] {
            let animation = noise(part((480, 480), percent), 21, format);
            let bytes = encode_animation(&animation, animation.size, quality).unwrap().len();
            assert!(bytes * 3 <= MOST_BYTES, "{format:?}: a third is {bytes} bytes");
        }
    }
}
