//! The text track of a file being linked.

use ffmpeg_next::{Rational, codec, ffi, format, media};

use super::{RenderError, Setup, StreamKind};
use mmm_facts::{MovieRecipe, Subtitle};
use mmm_spec::Container;

/// The size of the letters that a player draws is the short side of the picture divided by this.
const LETTERS: u32 = 20;

/// The subtitles that are not written yet, in order.
pub(super) struct LinkedText {
    left: std::collections::VecDeque<Subtitle>,
    container: Container,
    /// The index of the stream.
    pub stream: usize,
}

impl LinkedText {
    pub fn new(subtitles: &[Subtitle], container: Container, stream: usize) -> Self {
        Self { left: subtitles.iter().cloned().collect(), container, stream }
    }

    /// Returns the next subtitle as a packet whose times are frames, if it begins at `frame` or before.
    pub fn until(&mut self, frame: i64) -> Option<ffmpeg_next::Packet> {
        let next = self.left.pop_front_if(|next| i64::from(next.start) <= frame)?;
        let mut packet = ffmpeg_next::Packet::copy(&sample(&next.text, self.container));
        packet.set_pts(Some(i64::from(next.start)));
        packet.set_dts(Some(i64::from(next.start)));
        packet.set_duration(i64::from(next.end - next.start));
        packet.set_flags(codec::packet::Flags::KEY);
        Some(packet)
    }
}

/// Returns the bytes of one text: a length and UTF-8 (3GPP TS 26.245, 5.17), or the text of a WebVTT cue.
fn sample(text: &str, container: Container) -> Vec<u8> {
    match container {
        Container::Mp4 | Container::Mov => {
            // A text of the spec has at most 200 characters, so its length fits.
            let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
            let mut end = usize::from(length).min(text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            [&(end as u16).to_be_bytes()[..], &text.as_bytes()[..end]].concat()
        }
        Container::Webm => text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").into_bytes(),
    }
}

/// Adds a stream for the subtitles of a movie beside the picture with this setup. Returns its index. Players
/// are asked to show it only if the picture doesn't have the texts.
pub(super) fn add_text_stream(
    output: &mut format::context::Output,
    picture: &Setup,
    movie: &MovieRecipe,
) -> Result<usize, RenderError> {
    let container = movie.container;
    let StreamKind::Picture { width, height, rate, .. } = picture.kind else {
        return Err(RenderError::Damaged);
    };
    let mut stream = output.add_stream(codec::Id::None)?;
    let index = stream.index();
    let mut parameters = codec::Parameters::new();
    let description = match container {
        Container::Mp4 | Container::Mov => description(width.min(height)),
        Container::Webm => Vec::new(),
    };
    // SAFETY: the parameters are ours; extradata is in memory that libav may free, with the padding that it
    // requires.
    unsafe {
        let raw = &mut *parameters.as_mut_ptr();
        raw.codec_type = media::Type::Subtitle.into();
        raw.codec_id = match container {
            Container::Mp4 | Container::Mov => {
                // MOV files would get QuickTime's own text by default.
                raw.codec_tag = u32::from_le_bytes(*b"tx3g");
                codec::Id::MOV_TEXT
            }
            Container::Webm => codec::Id::WEBVTT,
        }
        .into();
        (raw.width, raw.height) = (width as i32, height as i32);
        if !description.is_empty() {
            let size = description.len() + ffi::AV_INPUT_BUFFER_PADDING_SIZE as usize;
            let memory = ffi::av_mallocz(size).cast::<u8>();
            if memory.is_null() {
                return Err(RenderError::Encoder("out of memory".to_owned()));
            }
            std::ptr::copy_nonoverlapping(description.as_ptr(), memory, description.len());
            raw.extradata = memory;
            raw.extradata_size = description.len() as i32;
        }
    }
    stream.set_parameters(parameters);
    if movie.only_subtitles {
        // SAFETY: a plain field of a stream that is ours until the header is written.
        unsafe { (*stream.as_mut_ptr()).disposition |= ffi::AV_DISPOSITION_DEFAULT };
    }
    // The unit of the picture's times, so that times are exact to the frame.
    let fine = if rate.1 == 1 { 512 } else { 1 };
    stream.set_time_base(Rational(1, rate.0 as i32 * fine));
    Ok(index)
}

/// Returns the sample description of `tx3g` without its box header (3GPP TS 26.245, 5.16): white text at the
/// bottom, centred.
fn description(short_side: u32) -> Vec<u8> {
    const FONT: &[u8] = b"Arial";
    let letters = (short_side / LETTERS).clamp(1, 255) as u8;
    let mut bytes = vec![0; 4];
    // Centred horizontally, at the bottom vertically; a transparent background.
    bytes.extend([1, 0xff, 0, 0, 0, 0]);
    // The text box: the whole track.
    bytes.extend([0; 8]);
    // The style of all characters: the first font, plain, opaque white.
    bytes.extend([0, 0, 0, 0, 0, 1, 0, letters, 0xff, 0xff, 0xff, 0xff]);
    let table = [&[0, 1, 0, 1, FONT.len() as u8][..], FONT].concat();
    bytes.extend((table.len() as u32 + 8).to_be_bytes());
    bytes.extend(b"ftab");
    bytes.extend(table);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_when_they_begin_and_in_the_form_of_the_container() {
        let text = |start, text: &str| Subtitle { start, end: start + 5, text: text.to_owned() };
        let mut linked = LinkedText::new(&[text(3, "ä"), text(9, "b")], Container::Mp4, 2);
        assert!(linked.until(2).is_none());
        let packet = linked.until(3).unwrap();
        assert_eq!(
            (packet.pts(), packet.duration(), packet.data()),
            (Some(3), 5, Some(&[0, 2, 0xc3, 0xa4][..]))
        );
        assert!(linked.until(8).is_none());
        assert_eq!(linked.until(i64::MAX).unwrap().pts(), Some(9));
        assert!(linked.until(i64::MAX).is_none());
        assert_eq!(sample("a<b", Container::Webm), b"a&lt;b");
        let long = "é".repeat(40_000);
        assert_eq!(sample(&long, Container::Mov).len(), 2 + 65_534);
    }
}
