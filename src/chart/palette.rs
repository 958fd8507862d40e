use mmm_facts::{Section, SectionKind};

/// Text and lines that carry information.
pub(super) const INK: &str = "#1c232b";
/// Text that only explains.
pub(super) const QUIET: &str = "#66707a";
/// Lines that only structure the picture.
pub(super) const HAIR: &str = "#c9ced4";
/// Music outside of known sections.
pub(super) const PLAIN: [u8; 3] = [0x8d, 0x97, 0xa1];

/// One hue for each section label. White text is readable on all of them (contrast 4.5 or more).
const HUES: [[u8; 3]; 8] = [
    [0x35, 0x69, 0xa0],
    [0xb2, 0x60, 0x1c],
    [0x26, 0x7d, 0x72],
    [0xb0, 0x47, 0x66],
    [0x6f, 0x57, 0xa6],
    [0x66, 0x74, 0x28],
    [0x55, 0x66, 0x77],
    [0x8a, 0x5a, 0x44],
];

/// Assigns hues to labels in order of appearance, so that sections with the same label have the same hue.
pub(super) struct Hues<'a>(Vec<&'a str>);

impl<'a> Hues<'a> {
    pub(super) fn new(sections: &'a [Section]) -> Self {
        let mut labels: Vec<&str> = Vec::new();
        for section in sections {
            if !labels.contains(&section.label.as_str()) {
                labels.push(&section.label);
            }
        }
        Self(labels)
    }

    pub(super) fn of(&self, section: &Section) -> [u8; 3] {
        let index = self.0.iter().position(|label| *label == section.label).unwrap_or(0);
        HUES[index % HUES.len()]
    }
}

/// Returns the colour strength of a section, 0..=1; peaks stand out.
pub(super) fn strength(kind: SectionKind) -> f64 {
    match kind {
        SectionKind::Peak => 1.0,
        SectionKind::Build | SectionKind::Body => 0.5,
        SectionKind::Intro | SectionKind::Break | SectionKind::Outro => 0.34,
    }
}

/// Mixes `share` (0..=1) of a colour with white, in SVG notation.
pub(super) fn tint(colour: [u8; 3], share: f64) -> String {
    let [r, g, b] = colour.map(|c| (255.0 - (255.0 - f64::from(c)) * share.clamp(0.0, 1.0)).round() as u8);
    format!("#{r:02x}{g:02x}{b:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the relative luminance, 0..=1 (WCAG 2.1).
    fn luminance(colour: [u8; 3]) -> f64 {
        let [r, g, b] = colour.map(|c| {
            let c = f64::from(c) / 255.0;
            if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// WCAG 2.1 (1.4.3) requires a contrast of 4.5 for text.
    #[test]
    fn white_text_is_read_on_every_hue() {
        for hue in HUES {
            assert!(1.05 / (luminance(hue) + 0.05) >= 4.5, "{hue:?}");
        }
    }

    #[test]
    fn a_tint_lies_between_white_and_the_colour() {
        assert_eq!(tint([0, 100, 200], 0.0), "#ffffff");
        assert_eq!(tint([0, 100, 200], 1.0), "#0064c8");
    }
}
