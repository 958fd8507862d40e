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

/// The texts of one segment, ready to be drawn over its frames.
pub(crate) struct Overlay(Vec<Drawn>);

/// One text.
struct Drawn {
    start: i32,
    easing: Easing,
    ink: Ink,
    /// A soft shadow close to the letters, and the scrim that darkens bright pictures behind them.
    shadow: Shade,
    scrim: Shade,
    /// The luma that the scrim may leave behind the text.
    ground: f32,
}

/// Strength of the shadow at its darkest, 0 to 1; it is visible on bright backgrounds only.
const SHADOW: f32 = 0.34;

impl Overlay {
    /// Typesets `words` for pictures of the size of `canvas`.
    ///
    /// # Errors
    /// If a font file is missing.
    pub fn new(words: &[TextOverlay], canvas: Canvas, sources: &dyn Sources) -> Result<Self, RenderError> {
        let mut drawn = Vec::new();
        for words in words {
            drawn.extend(Drawn::new(words, canvas, &mut Cases::open(words, sources)?));
        }
        Ok(Self(drawn))
    }

    /// Draws the text that is visible at frame `index` of the segment.
    pub fn draw(&self, index: i32, picture: &mut Yuv420) {
        for drawn in &self.0 {
            drawn.draw(index - drawn.start, picture);
        }
    }
}

impl Drawn {
    /// Returns `None` if no glyph of the text has an image.
    fn new(words: &TextOverlay, canvas: Canvas, cases: &mut Cases) -> Option<Self> {
        let (page, ink) = set(words, canvas, cases)?;
        let (scrim, ground) = match words.place {
            TextPlace::Title => (Shade::behind(&page.lines, page.size, canvas), TITLE_GROUND),
            TextPlace::Caption => (Shade::foot(&page.lines, page.size, canvas), CAPTION_GROUND),
        };
        let shadow = Shade::around(&ink, page.size, canvas);
        Some(Self { start: words.start, easing: Easing::of(words, canvas), ink, shadow, scrim, ground })
    }

    /// Draws the text as it appears `at` frames after its first.
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

/// Typesets and renders the text as large as its place allows, with all ink inside the safe title area.
pub(super) fn set(words: &TextOverlay, canvas: Canvas, cases: &mut Cases) -> Option<(Page, Ink)> {
    /// The factor by which the text shrinks at each step while ink is outside the safe area, and the scale at
    /// which to give up: the text is then illegible anyway.
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
