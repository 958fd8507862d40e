//! Which text appears over which part of the movie.

use mmm_base::Rate;
use mmm_facts::{TextOverlay, TextPlace, TitleCue, TitleKind, Typefaces};

/// Returns the texts of the movie, in frames from its start, each with the faces it needs.
pub(super) fn texts(titles: &[TitleCue], rate: Rate, typefaces: &Typefaces) -> Vec<TextOverlay> {
    let place = |kind| match kind {
        TitleKind::Title => TextPlace::Title,
        TitleKind::Caption => TextPlace::Caption,
    };
    let texts = titles.iter().map(|title| {
        let (start, frames) = frames_of(title, rate);
        let (text, place) = (title.text.trim(), place(title.kind));
        TextOverlay {
            text: text.to_owned(),
            place,
            faces: typefaces.faces(place.weight(), text),
            start: start as i32,
            frames,
        }
    });
    texts.collect()
}

/// Returns the first frame of a text, and the number of frames that show it.
pub(super) fn frames_of(title: &TitleCue, rate: Rate) -> (u32, u32) {
    let start = rate.nearest_frame(title.start);
    let frames = (rate.nearest_frame(title.start + title.length) - start).max(1);
    (start as u32, frames as u32)
}

/// Returns the texts that are visible in the `frames` frames from `start` on, counted from `start`.
pub(super) fn texts_in(texts: &[TextOverlay], start: u32, frames: u32) -> Vec<TextOverlay> {
    let (start, end) = (start as i32, (start + frames) as i32);
    let seen = texts.iter().filter(|texts| texts.start < end && texts.start + texts.frames as i32 > start);
    seen.map(|texts| TextOverlay { start: texts.start - start, ..texts.clone() }).collect()
}
