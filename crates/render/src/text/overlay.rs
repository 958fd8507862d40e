use super::blend::{darken, paint};
use super::cases::Cases;
use super::easing::Easing;
use super::ink::Ink;
use super::page::Page;
use super::shade::{CAPTION_GROUND, Shade, TITLE_GROUND, glare, scrim_strength};
use crate::RenderError;
use mmm_facts::Sources;
use mmm_facts::{Canvas, TextOverlay, TextPlace};
use mmm_media::Yuv420;

/// The words of one segment, ready to be drawn over its frames.
pub(crate) struct Overlay(Vec<Drawn>);

/// One text.
struct Drawn {
    start: i32,
    easing: Easing,
    ink: Ink,
    /// A soft shadow close round the letters, and the ground that is darkened on bright pictures.
    shadow: Shade,
    scrim: Shade,
    /// The luma that the scrim may leave.
    ground: f32,
}

/// How dark the shadow is at its darkest, of 1: seen on bright grounds only.
const SHADOW: f32 = 0.34;

impl Overlay {
    /// Sets `words` for pictures of the size of `canvas`.
    ///
    /// # Errors
    /// Where the file of a font is gone.
    pub fn new(words: &[TextOverlay], canvas: Canvas, sources: &dyn Sources) -> Result<Self, RenderError> {
        let mut drawn = Vec::new();
        for words in words {
            drawn.extend(Drawn::new(words, canvas, &mut Cases::open(words, sources)?));
        }
        Ok(Self(drawn))
    }

    /// Draws what is seen at frame `index` of the segment.
    pub fn draw(&self, index: i32, picture: &mut Yuv420) {
        for drawn in &self.0 {
            drawn.draw(index - drawn.start, picture);
        }
    }
}

impl Drawn {
    /// None where nothing of the words has a picture.
    fn new(words: &TextOverlay, canvas: Canvas, cases: &mut Cases) -> Option<Self> {
        let (page, ink) = set(words, canvas, cases)?;
        let (scrim, ground) = match words.place {
            TextPlace::Title => (Shade::behind(&page.lines, page.size, canvas), TITLE_GROUND),
            TextPlace::Caption => (Shade::foot(&page.lines, page.size, canvas), CAPTION_GROUND),
        };
        let shadow = Shade::around(&ink, page.size, canvas);
        Some(Self { start: words.start, easing: Easing::of(words, canvas), ink, shadow, scrim, ground })
    }

    /// Draws the text as it is `at` frames after its first.
    fn draw(&self, at: i32, picture: &mut Yuv420) {
        let opacity = self.easing.opacity(at);
        if opacity <= 0.0 {
            return;
        }
        let strength = scrim_strength(glare(picture, &self.ink), SHADOW, self.ground);
        darken(picture, &self.scrim, strength * opacity);
        darken(picture, &self.shadow, SHADOW * opacity);
        match self.easing.below(at) {
            below if below > 0.0 => paint(picture, &self.ink.lowered(below), opacity),
            _ => paint(picture, &self.ink, opacity),
        }
    }
}

/// The text set as large as its place allows, and drawn: every mark of it inside the safe area.
pub(super) fn set(words: &TextOverlay, canvas: Canvas, cases: &mut Cases) -> Option<(Page, Ink)> {
    /// What is taken away where a mark reaches over the edge, and the least that is left to take
    /// away from: a pixel says nothing any more.
    const LESS: f32 = 0.94;
    const LEAST: f32 = 0.02;
    let mut part = 1.0;
    loop {
        let page = Page::set(words, canvas, part, cases);
        let ink = Ink::of(&page, canvas, cases)?;
        if ink.is_title_safe(canvas) || part < LEAST {
            return Some((page, ink));
        }
        part *= LESS;
    }
}
