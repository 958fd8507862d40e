//! Which words stand over which part of the movie.

use mmm_base::Rate;
use mmm_facts::Typefaces;
use mmm_facts::{TitleCue, TitleKind};
use mmm_facts::{Words, WordsPlace};

/// The words of the movie in frames, from its start, each with the faces it needs.
pub(super) fn words(titles: &[TitleCue], rate: Rate, typefaces: &Typefaces) -> Vec<Words> {
    let place = |kind| match kind {
        TitleKind::Title => WordsPlace::Title,
        TitleKind::Caption => WordsPlace::Caption,
    };
    let words = titles.iter().map(|title| {
        let start = rate.nearest_frame(title.start);
        let frames = (rate.nearest_frame(title.start + title.length) - start).max(1);
        let (text, place) = (title.text.trim(), place(title.kind));
        Words {
            text: text.to_owned(),
            place,
            faces: typefaces.faces(place.weight(), text),
            start: start as i32,
            frames: frames as u32,
        }
    });
    words.collect()
}

/// The words that are seen from frame `start` on for `frames` frames, counted from `start`.
pub(super) fn words_in(words: &[Words], start: u32, frames: u32) -> Vec<Words> {
    let (start, end) = (start as i32, (start + frames) as i32);
    let seen = words.iter().filter(|words| words.start < end && words.start + words.frames as i32 > start);
    seen.map(|words| Words { start: words.start - start, ..words.clone() }).collect()
}
