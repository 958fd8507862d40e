//! Draws a piece of music as one picture: waveform, energy, sections, bars, beats and events over time.
//!
//! [`draw`] turns facts into SVG text, and [`png()`] turns an SVG into pixels. The same facts give the same
//! bytes everywhere: lengths are written with one decimal, and the pixels use only the built-in fonts.

mod axis;
mod bars;
mod energy;
mod events;
mod header;
mod layout;
mod palette;
mod png;
mod sections;
mod svg;
mod trust;
mod wave;

pub use png::{PngError, png};
pub use wave::COLUMNS;

use layout::{HEIGHT, Layout, WIDTH};
use mmm_facts::MusicFacts;
use svg::{FONTS, Style, Svg};

/// Returns the SVG of a piece of music, 1600 by 900 pixels, under `title`.
///
/// `peaks` are the lowest and the highest sample (-1..=1) of equally long stretches that cover the piece.
/// More than [`COLUMNS`] of them would not be visible.
pub fn draw(facts: &MusicFacts, title: &str, peaks: &[(f32, f32)]) -> String {
    let layout = Layout::new(facts);
    let hues = palette::Hues::new(&facts.form.sections);
    let mut svg = Svg::default();
    header::draw(&mut svg, facts, title);
    sections::draw(&mut svg, &layout, &hues, facts);
    wave::draw(&mut svg, &layout, &hues, facts, peaks);
    energy::draw(&mut svg, &layout, &facts.form.energy);
    events::draw(&mut svg, &layout, facts);
    bars::draw(&mut svg, &layout, facts);
    axis::draw(&mut svg, &layout);
    page(&svg.finish(), title)
}

/// Returns the root element of the document, with its size, its name for screen readers, its font and its
/// white background.
fn page(body: &str, title: &str) -> String {
    let name = svg::escape(&svg::printable(title));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" \
         height=\"{HEIGHT}\" role=\"img\" aria-label=\"{name}\" font-family=\"{FONTS}\" font-weight=\"500\">\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n{body}</svg>\n"
    )
}

/// Draws the name of a lane in the left margin, centred at `y`.
fn lane(svg: &mut Svg, name: &str, y: f64) {
    svg.text(layout::MARGIN, y + 5.5, name, Style { size: 16, fill: palette::QUIET, ..Style::default() });
}

#[cfg(test)]
mod tests;
