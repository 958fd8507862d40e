use mmm_analysis::RgbView;
use mmm_facts::MediaError;
use mmm_media::RgbPicture;

/// Returns a decoded picture in the form that the analysts use.
///
/// # Errors
/// If it has no pixels, or if their number doesn't match its size.
pub(super) fn rgb_view(picture: &RgbPicture) -> Result<RgbView<'_>, MediaError> {
    RgbView::new(picture.width, picture.height, &picture.pixels).ok_or(MediaError::NoPicture)
}
