use std::ffi::CStr;
use std::ptr;

use ffmpeg_next::{DictionaryRef, ffi};

/// Returns a tag's text. It may not be valid UTF-8, which the wrapper crate's own reader assumes.
pub(super) fn tag_text(tags: &DictionaryRef<'_>, name: &CStr) -> Option<String> {
    // SAFETY: the dictionary is alive as long as its reference; its values end in a zero.
    let value = unsafe {
        let entry = ffi::av_dict_get(tags.as_ptr(), name.as_ptr(), ptr::null(), 0);
        CStr::from_ptr(entry.as_ref()?.value)
    };
    let value = value.to_string_lossy();
    let value = value.trim_matches(|letter: char| letter.is_whitespace() || letter.is_control());
    (!value.is_empty()).then(|| value.to_owned())
}
