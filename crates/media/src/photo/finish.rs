use super::super::RgbPicture;
use super::profile::to_srgb;
use mmm_facts::MediaError;

/// Reduces a stored picture that is more than twice `cover`, and converts its colours.
pub(super) fn finished(
    mut stored: RgbPicture,
    cover: (u32, u32),
    profile: Option<&[u8]>,
) -> Result<RgbPicture, MediaError> {
    if let Some((width, height)) = shrunk((stored.width, stored.height), cover) {
        stored = stored.resized(width, height)?;
    }
    if let Some(colours) = profile.and_then(|profile| to_srgb(&stored.pixels, 3, profile)) {
        stored.pixels = colours;
    }
    Ok(stored)
}

/// Returns the smallest size of the same shape that covers `cover`, if it is less than half the size.
pub(super) fn shrunk((width, height): (u32, u32), cover: (u32, u32)) -> Option<(u32, u32)> {
    let part = |len: u32, cover: u32| f64::from(cover.max(1)) / f64::from(len);
    let scale = part(width, cover.0).max(part(height, cover.1));
    let to = |len: u32| (f64::from(len) * scale).ceil() as u32;
    (scale < 0.5).then(|| (to(width), to(height)))
}

/// Returns a sample of opacity `alpha` (of 255) over white.
pub(super) fn over_white(sample: u8, alpha: u8) -> u8 {
    let (sample, alpha) = (u32::from(sample), u32::from(alpha));
    ((sample * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_much_larger_pictures_shrink() {
        assert_eq!(shrunk((1000, 800), (400, 100)), Some((400, 320)));
        assert_eq!(shrunk((1000, 800), (501, 100)), None);
        assert_eq!(shrunk((10, 8), (u32::MAX, u32::MAX)), None);
    }
}
