use super::animation::{Animation, encode_animation};
use super::piece::render_frames;
use super::rgb::rgb;
use super::{RenderError, Sources};
use crate::base::{Cancel, Rate};
use crate::media::mark_picture;
use crate::timeline::PreviewRecipe;

/// A larger file would not be sent with a message, or be loaded with a page.
const MOST_BYTES: usize = 4_000_000;

/// Parts of the wanted size, in percent, and qualities of WebP that are tried until the file is small enough; the
/// last always is.
const TRIES: [(u32, u32); 5] = [(100, 70), (100, 50), (84, 50), (67, 50), (50, 40)];

/// Makes a preview: the bytes of a picture file that moves, goes round for ever, and says it is ours.
///
/// # Errors
/// When a source is gone or can't be read, on cancellation, or when the encoder fails.
pub fn render_preview(
    recipe: &PreviewRecipe,
    sources: &dyn Sources,
    cancel: &Cancel,
) -> Result<Vec<u8>, RenderError> {
    let canvas = recipe.pieces.first().ok_or(RenderError::Damaged)?.canvas;
    let mut pictures = Vec::new();
    for piece in &recipe.pieces {
        let mut index = 0;
        render_frames(piece, sources, cancel, &mut |picture| {
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
    let mut bytes = Vec::new();
    for (percent, quality) in TRIES {
        if cancel.is_cancelled() {
            return Err(RenderError::Cancelled);
        }
        let part = |side: u32| (side * percent / 100).next_multiple_of(2);
        bytes = encode_animation(&animation, (part(size.0), part(size.1)), quality)?;
        if bytes.len() <= MOST_BYTES {
            break;
        }
    }
    Ok(mark_picture(bytes))
}
