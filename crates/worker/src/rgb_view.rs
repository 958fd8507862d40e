use mmm_analysis::RgbView;
use mmm_facts::MediaError;
use mmm_media::RgbPicture;

/// Returns a decoded picture as the analysts look at it.
///
/// # Errors
/// When it has no pixels, or their number does not fit its size.
pub(super) fn rgb_view(picture: &RgbPicture) -> Result<RgbView<'_>, MediaError> {
    RgbView::new(picture.width, picture.height, &picture.pixels).ok_or(MediaError::NoPicture)
}
