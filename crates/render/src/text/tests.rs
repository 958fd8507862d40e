use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::Overlay;
use super::cases::Cases;
use super::ink::Ink;
use super::overlay::set;
use super::page::Page;
use mmm_base::{Cancel, Digest, Rate};
use mmm_facts::Sources;
use mmm_facts::{Canvas, Profile, TextOverlay, TextPlace};
use mmm_fonts::{Shelf, choose_typefaces, lacking_clusters};
use mmm_media::Yuv420;
use mmm_spec::{Aspect, Codec};
use mmm_store::digest_file;

const ASPECTS: [Aspect; 6] =
    [Aspect::Wide, Aspect::Tall, Aspect::Square, Aspect::Portrait, Aspect::Classic, Aspect::Cinema];

/// The font files of the fixtures.
pub(super) struct Fonts(pub BTreeMap<Digest, PathBuf>);

impl Sources for Fonts {
    fn path(&self, source: Digest) -> Option<PathBuf> {
        self.0.get(&source).cloned()
    }
}

/// Returns a text overlay with the font faces it needs, from a folder.
pub(super) fn words_from(folder: &Path, text: &str, place: TextPlace) -> (TextOverlay, Fonts) {
    let shelf = Shelf::look(&[folder.to_owned()], &lacking_clusters([text].into_iter()));
    let texts = BTreeSet::from([(place.weight(), text.to_owned())]);
    let digest = &mut |path: &Path| digest_file(path, &Cancel::default()).ok();
    let (typefaces, files) = choose_typefaces(&texts, &shelf, &BTreeMap::new(), digest);
    let faces = typefaces.faces(place.weight(), text);
    (TextOverlay { text: text.to_owned(), place, start: 0, frames: 90, faces }, Fonts(files))
}

pub(super) fn words(text: &str, place: TextPlace) -> (TextOverlay, Fonts) {
    words_from(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/fonts"), text, place)
}

fn drawn(text: &str, place: TextPlace, canvas: Canvas) -> Option<(Page, Ink)> {
    let (words, fonts) = words(text, place);
    set(&words, canvas, &mut Cases::open(&words, &fonts).unwrap())
}

fn wide() -> Canvas {
    Canvas::of(Aspect::Wide, Codec::H264, Profile::Draft)
}

fn glyphs(text: &str) -> Vec<(u16, i32)> {
    let (page, _) = drawn(text, TextPlace::Title, wide()).unwrap();
    page.glyphs.iter().map(|glyph| (glyph.key.glyph_id, glyph.x)).collect()
}

/// Returns a picture with the given luma at each pixel.
fn ground(canvas: Canvas, luma: impl Fn(usize, usize) -> u8) -> Yuv420 {
    let (width, height) = (canvas.width as usize, canvas.height as usize);
    let y = (0..width * height).map(|at| luma(at % width, at / width)).collect();
    let chroma = vec![150; width * height / 4];
    Yuv420 { width: canvas.width, height: canvas.height, y, u: chroma.clone(), v: chroma }
}

fn painted(text: &str, place: TextPlace, frame: i32, mut picture: Yuv420, canvas: Canvas) -> Yuv420 {
    let (words, fonts) = words(text, place);
    Overlay::new(&[words], canvas, &fonts).unwrap().draw(frame, &mut picture);
    picture
}

#[test]
fn arabic_letters_join_and_run_from_the_right() {
    let joined = glyphs("السفر");
    let apart = glyphs("ا ل س ف ر");
    let ids = |glyphs: &[(u16, i32)]| glyphs.iter().map(|glyph| glyph.0).collect::<BTreeSet<_>>();
    assert_ne!(ids(&joined), ids(&apart), "letters in a word have the forms of a word");
    assert!(ids(&joined).difference(&ids(&apart)).count() >= 3, "{joined:?} {apart:?}");
    // In logical order, each letter is further to the left.
    let (words, fonts) = words("אבגד", TextPlace::Title);
    let mut cases = Cases::open(&words, &fonts).unwrap();
    let page = Page::set(&words, wide(), 1.0, &mut cases);
    let single = |letter: &str| glyphs(letter)[0].0;
    let place =
        |letter: &str| page.glyphs.iter().find(|glyph| glyph.key.glyph_id == single(letter)).unwrap().x;
    assert!(place("א") > place("ב") && place("ב") > place("ג") && place("ג") > place("ד"));
}

#[test]
fn a_latin_word_in_a_hebrew_title_still_reads_from_the_left() {
    let found = glyphs("אב Lisbon");
    let (lisbon, alef) = (glyphs("Lisbon"), glyphs("א"));
    let letters: Vec<i32> =
        lisbon.iter().map(|letter| found.iter().find(|glyph| glyph.0 == letter.0).unwrap().1).collect();
    assert!(letters.is_sorted(), "{letters:?}");
    assert!(found.iter().find(|glyph| glyph.0 == alef[0].0).unwrap().1 > letters[5]);
}

#[test]
fn emoji_are_in_colours_and_letters_are_not() {
    let canvas = wide();
    let black =
        || Yuv420 { u: vec![128; 640 * 360 / 4], v: vec![128; 640 * 360 / 4], ..ground(canvas, |_, _| 16) };
    let (_, ink) = drawn("🌞", TextPlace::Title, canvas).unwrap();
    assert!(ink.tint.is_some());
    let sun = painted("🌞", TextPlace::Title, 45, black(), canvas);
    let yellow = sun.u.iter().filter(|blue| **blue < 100).count();
    assert!(yellow > 50, "{yellow} samples are yellow");
    let words = painted("Sun", TextPlace::Title, 45, black(), canvas);
    assert!(words.u.iter().chain(&words.v).all(|chroma| *chroma == 128));
    assert!(words.y.contains(&235));
}

#[test]
fn a_character_without_a_glyph_leaves_nothing() {
    let canvas = wide();
    let (_, with) = drawn("Runes ᚠ", TextPlace::Title, canvas).unwrap();
    let (_, without) = drawn("Runes ", TextPlace::Title, canvas).unwrap();
    assert_eq!((with.x, with.width, &with.cover), (without.x, without.width, &without.cover));
    assert!(drawn("ᚠᚠ", TextPlace::Title, canvas).is_none());
}

#[test]
fn lines_are_even_and_no_word_is_left_alone() {
    let (page, _) = drawn("Two weeks along the coast of Portugal by", TextPlace::Title, wide()).unwrap();
    let widths: Vec<f32> = page.lines.iter().map(|line| line[2] - line[0]).collect();
    assert_eq!(widths.len(), 2, "{widths:?}");
    assert!(widths[1] > widths[0] * 0.6, "{widths:?}");
    let middles: Vec<f32> = page.lines.iter().map(|line| line[0] + line[2]).collect();
    assert!(middles.iter().all(|middle| (middle - 640.0).abs() < 1.0), "{middles:?}");
}

#[test]
fn a_draft_breaks_its_lines_where_the_final_movie_does() {
    let text = "Summer in the mountains, with everyone who came along";
    for aspect in ASPECTS {
        let lines = |profile| {
            let (page, _) = drawn(text, TextPlace::Title, Canvas::of(aspect, Codec::H264, profile)).unwrap();
            page.lines.len()
        };
        assert_eq!(lines(Profile::Draft), lines(Profile::Final), "{aspect:?}");
    }
}

#[test]
fn a_long_word_becomes_smaller_and_stays_whole() {
    let word = "Donaudampfschifffahrtsgesellschaft";
    let (page, _) =
        drawn(word, TextPlace::Title, Canvas::of(Aspect::Tall, Codec::H264, Profile::Draft)).unwrap();
    assert_eq!(page.lines.len(), 1);
}

#[test]
fn a_text_of_any_length_stays_in_the_safe_area() {
    let texts =
        ["W".repeat(200), "東京の夏休み旅行".repeat(25), "a\n".repeat(100), "गर्मी की छुट्टियाँ ".repeat(10)];
    for aspect in ASPECTS {
        let canvas = Canvas::of(aspect, Codec::H264, Profile::Draft);
        for (text, place) in
            texts.iter().flat_map(|text| [(text, TextPlace::Title), (text, TextPlace::Caption)])
        {
            let (_, ink) = drawn(text, place, canvas).unwrap();
            assert!(ink.is_title_safe(canvas), "{text} in {aspect:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_stays_in_the_safe_area(
        text in "([A-Za-zÀ-žα-ωа-я,.!]{1,14}[ \n]|السفر |東京の夏|🌞|हिन्दी |אבג ){1,14}",
        aspect in 0..6_usize,
        title in any::<bool>(),
    ) {
        let canvas = Canvas::of(ASPECTS[aspect], Codec::H264, Profile::Draft);
        let place = if title { TextPlace::Title } else { TextPlace::Caption };
        if let Some((page, ink)) = drawn(text.trim(), place, canvas) {
            prop_assert!(ink.is_title_safe(canvas), "{} {:?}", text, page.lines);
        }
    }
}

/// Returns the relative luminance (WCAG 2.2) of luma in a picture without colour.
fn luminance(luma: u8) -> f64 {
    let part = (f64::from(luma) - 16.0).max(0.0) / 219.0;
    if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

/// Returns the contrast of letters with their surroundings within three pixels, at the 95th percentile of
/// brightness.
fn contrast(ink: &Ink, picture: &Yuv420) -> f64 {
    let cover = |x: usize, y: usize| ink.cover[y * ink.width + x];
    let luma = |x: usize, y: usize| picture.y[(ink.y + y) * picture.width as usize + ink.x + x];
    let (mut letters, mut near) = (Vec::new(), Vec::new());
    for y in 3..ink.height - 3 {
        for x in 3..ink.width - 3 {
            if cover(x, y) == 255 {
                letters.push(luma(x, y));
            } else if cover(x, y) == 0 && (y - 3..=y + 3).any(|y| (x - 3..=x + 3).any(|x| cover(x, y) == 255))
            {
                near.push(luma(x, y));
            }
        }
    }
    near.sort_unstable();
    let bright = near[near.len() * 19 / 20];
    let text = letters.iter().map(|luma| luminance(*luma)).sum::<f64>() / letters.len() as f64;
    (text + 0.05) / (luminance(bright) + 0.05)
}

#[test]
fn words_are_legible_on_every_ground() {
    let canvas = Canvas::of(Aspect::Wide, Codec::H264, Profile::Final);
    let busy = |x: usize, y: usize| if (x / 24 + y / 24).is_multiple_of(2) { 235 } else { 16 };
    let fine = |x: usize, y: usize| if (x / 3 + y / 3).is_multiple_of(2) { 235 } else { 60 };
    type Luma = Box<dyn Fn(usize, usize) -> u8>;
    let grounds: [(&str, Luma); 6] = [
        ("white", Box::new(|_, _| 235)),
        ("black", Box::new(|_, _| 16)),
        ("grey", Box::new(|_, _| 130)),
        ("squares", Box::new(busy)),
        ("fine squares", Box::new(fine)),
        ("half white", Box::new(|x, _| if x < 960 { 235 } else { 16 })),
    ];
    for (name, luma) in grounds {
        // WCAG 2.2, 1.4.3: large text, and other text.
        let cases = [("Lisbon, June", TextPlace::Title, 3.0), ("Grandma's 80th", TextPlace::Caption, 4.5)];
        for (text, place, least) in cases {
            let (_, ink) = drawn(text, place, canvas).unwrap();
            let picture = painted(text, place, 45, ground(canvas, &luma), canvas);
            let found = contrast(&ink, &picture);
            assert!(found >= least, "{text} on {name}: {found:.2}");
        }
    }
}

#[test]
fn a_dark_picture_is_left_as_it_is_but_for_the_words() {
    let canvas = wide();
    let before = ground(canvas, |_, _| 16);
    let after = painted("Lisbon", TextPlace::Title, 45, before.clone(), canvas);
    let (_, ink) = drawn("Lisbon", TextPlace::Title, canvas).unwrap();
    let inside = |at: usize| {
        let (x, y) = (at % 640, at / 640);
        (ink.x..ink.x + ink.width).contains(&x) && (ink.y..ink.y + ink.height).contains(&y)
    };
    assert!(after.y.iter().enumerate().all(|(at, luma)| *luma == 16 || inside(at)));
}

#[test]
fn frames_are_the_same_each_time_and_pieces_go_on_from_each_other() {
    let canvas = wide();
    let picture = || ground(canvas, |x, y| (60 + (x + y) % 150) as u8);
    let (words, fonts) = words("Sommer 🌞 السفر", TextPlace::Title);
    let whole = Overlay::new(std::slice::from_ref(&words), canvas, &fonts).unwrap();
    let later = Overlay::new(&[TextOverlay { start: -30, ..words }], canvas, &fonts).unwrap();
    for frame in [30, 45, 85] {
        let (mut one, mut other) = (picture(), picture());
        whole.draw(frame, &mut one);
        later.draw(frame - 30, &mut other);
        assert!(one == other, "frame {frame}");
        assert!(one != picture());
    }
}

#[test]
fn words_sink_by_parts_of_a_pixel() {
    let (_, ink) = drawn("Lisbon", TextPlace::Title, wide()).unwrap();
    let middle = |ink: &Ink| {
        let rows = ink.cover.chunks_exact(ink.width).enumerate();
        let (mut sum, mut all) = (0.0, 0.0);
        for (line, row) in rows {
            let cover: f64 = row.iter().map(|cover| f64::from(*cover)).sum();
            sum += cover * (ink.y + line) as f64;
            all += cover;
        }
        sum / all
    };
    for rows in [0.0, 0.25, 1.0, 2.5, 3.75, 9.0] {
        let low = ink.lowered(rows);
        let moved = middle(&low) - middle(&ink);
        assert!((moved - f64::from(rows)).abs() < 0.05, "{moved} for {rows}");
        assert_eq!((low.x % 2, low.y % 2, low.height % 2), (0, 0, 0));
    }
}

#[test]
fn a_font_that_is_gone_is_said_so() {
    let (words, _) = words("السفر", TextPlace::Title);
    assert!(Overlay::new(&[words], wide(), &Fonts(BTreeMap::new())).is_err());
}

#[test]
fn the_rate_of_the_movie_is_that_of_the_easing() {
    let slow = Canvas { rate: Rate(10, 1), ..wide() };
    let black = ground(slow, |_, _| 16);
    let light = |frame, canvas: Canvas| {
        let picture = painted("Lisbon", TextPlace::Title, frame, black.clone(), canvas);
        picture.y.iter().map(|luma| u64::from(*luma)).sum::<u64>()
    };
    assert!(light(3, slow) > light(3, wide()));
    let frames: Vec<u64> = (0..20).map(|frame| light(frame, wide())).collect();
    // While a title settles, its sharpness varies slightly from frame to frame.
    assert!(frames.windows(2).all(|pair| pair[1] * 1000 > pair[0] * 999), "{frames:?}");
    assert!(frames[19] > frames[0] + 150_000);
}
