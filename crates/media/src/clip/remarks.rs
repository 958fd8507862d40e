//! Reads what people said about a clip from the tags of its container.

use std::ffi::CStr;

use ffmpeg_next::DictionaryRef;

use super::super::tag_text::tag_text;
use mmm_facts::SaidSource;
use mmm_spec::{Remarks, xmp_remarks};

/// The packet of XMP in an MP4 or a QuickTime file.
const XMP: [&CStr; 1] = [c"xmp"];

const TITLES: [&CStr; 3] = [c"com.apple.quicktime.title", c"com.apple.quicktime.displayname", c"title"];
const CAPTIONS: [&CStr; 2] = [c"com.apple.quicktime.description", c"description"];
const KEYWORDS: [&CStr; 2] = [c"com.apple.quicktime.keywords", c"keywords"];
const STARS: [&CStr; 1] = [c"com.apple.quicktime.rating.user"];
const PLACES: [&CStr; 1] = [c"com.apple.quicktime.location.name"];

/// Returns what the tags say, in the order in which their sources are believed.
pub(super) fn remarks(tags: &[DictionaryRef<'_>]) -> Vec<(SaidSource, Remarks)> {
    let texts = |names: &[&CStr]| -> Vec<String> {
        names.iter().flat_map(|name| tags.iter().filter_map(|tags| tag_text(tags, name))).collect()
    };
    let mut remarks = Remarks::default();
    texts(&STARS).iter().filter_map(|stars| stars.trim().parse().ok()).for_each(|stars| remarks.rate(stars));
    texts(&TITLES).iter().for_each(|title| remarks.name(title));
    texts(&CAPTIONS).iter().for_each(|caption| remarks.describe(caption));
    for keywords in texts(&KEYWORDS) {
        keywords.split([',', ';']).for_each(|keyword| remarks.add_keyword(keyword));
    }
    remarks.locate(texts(&PLACES));
    let xmp = texts(&XMP).iter().find_map(|xmp| xmp_remarks(xmp));
    xmp.map(|xmp| (SaidSource::Xmp, xmp)).into_iter().chain([(SaidSource::Tag, remarks)]).collect()
}
