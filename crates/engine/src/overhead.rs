//! The bytes of a finished file besides its encoded pictures and sound.

use mmm_facts::Timeline;
use mmm_spec::Container;

/// The bytes that every file has, at most.
const HEAD: u64 = 6_000;
/// The most bytes in the index, and around it in the file, for a picture, for a packet of sound, for a
/// chapter, and for a subtitle (with the empty one after it).
const PICTURE: u64 = 28;
const SOUND: u64 = 24;
const CHAPTER: u64 = 160;
const SUBTITLE: u64 = 120;
/// The samples in a packet of AAC, and of Opus.
const AAC: u64 = 1024;
const OPUS: u64 = 960;
/// The bytes that a segment in the cache has more than its packets, for each of them.
const STORED: u64 = 21;

/// Returns the most bytes by which a finished file is larger than its segments and its sound in the cache. The
/// cache stores 21 bytes with each packet, which the file doesn't have.
pub(super) fn overhead(timeline: &Timeline, container: Container) -> u64 {
    let packets = match container {
        Container::Mp4 | Container::Mov => timeline.samples.div_ceil(AAC) + 1,
        Container::Webm => timeline.samples.div_ceil(OPUS) + 1,
    };
    let packets = if timeline.sound.is_some() { packets } else { 0 };
    let text = |text: &Option<String>| text.as_ref().map_or(0, |text| 2 * text.len() as u64 + 60);
    let chapters = timeline.chapters.iter().map(|mark| CHAPTER + 3 * mark.title.len() as u64);
    // The characters that WebVTT escapes take up to five bytes.
    let subtitles = timeline.subtitles.iter().map(|text| SUBTITLE + 5 * text.text.len() as u64);
    let tags = text(&timeline.title) + text(&timeline.description);
    let index = u64::from(timeline.frames) * (PICTURE - STORED) + packets * (SOUND - STORED);
    HEAD + tags + index + chapters.sum::<u64>() + subtitles.sum::<u64>()
}
