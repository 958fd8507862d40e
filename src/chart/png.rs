use std::sync::Arc;

use resvg::{tiny_skia, usvg};

use mmm_fonts::{BOLD, MEDIUM};

/// The greatest width of a picture in pixels.
const WIDEST: u32 = 16_384;

/// Why an SVG could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    #[error("not an SVG that can be drawn: {0}")]
    Svg(#[from] usvg::Error),
    #[error("a picture {0} pixels wide cannot be made: 1 to {WIDEST} can")]
    Width(u32),
    #[error("the picture could not be written: {0}")]
    Write(String),
}

/// Renders an SVG as a PNG, `width` pixels wide, in the shape of the SVG.
///
/// Text uses the built-in fonts, whatever is installed.
pub fn png(svg: &str, width: u32) -> Result<Vec<u8>, PngError> {
    let tree = usvg::Tree::from_str(svg, &options())?;
    let scale = width as f32 / tree.size().width();
    let height = (tree.size().height() * scale).round().max(1.0);
    if !(1..=WIDEST).contains(&width) || height > WIDEST as f32 {
        return Err(PngError::Width(width));
    }
    let mut pixels = tiny_skia::Pixmap::new(width, height as u32).ok_or(PngError::Width(width))?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| PngError::Write(error.to_string()))
}

fn options() -> usvg::Options<'static> {
    let mut options = usvg::Options { font_family: "Lato".to_owned(), ..usvg::Options::default() };
    let fonts = options.fontdb_mut();
    for font in [MEDIUM, BOLD] {
        fonts.load_font_source(usvg::fontdb::Source::Binary(Arc::new(font)));
    }
    fonts.set_sans_serif_family("Lato");
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_pixels_without_installed_fonts() {
        let svg = |text| {
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 80 45\" font-family=\"{}\">\
                 <text x=\"5\" y=\"30\">{text}</text></svg>",
                super::super::svg::FONTS
            )
        };
        let (with, without) = (png(&svg("mmm"), 80).unwrap(), png(&svg(""), 80).unwrap());
        assert!(with.starts_with(b"\x89PNG") && with.len() > without.len() + 50);
    }

    #[test]
    fn what_cannot_be_drawn_is_said() {
        assert!(matches!(png("no svg", 100), Err(PngError::Svg(_))));
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"2\" height=\"1\"/>";
        assert!(matches!(png(svg, 0), Err(PngError::Width(0))));
        assert!(matches!(png(svg, 100_000), Err(PngError::Width(_))));
    }
}
