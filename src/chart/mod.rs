//! One picture of a piece of music: waveform, energy, parts, bars, beats and what happens, over time.
//!
//! Values in, text out: [`draw`] gives the SVG of some facts, [`png()`] the pixels of an SVG. The same
//! facts give the same bytes everywhere: lengths are written with one decimal, and the pixels use
//! only the fonts in the binary.

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

/// The SVG of a piece of music, 1600 by 900, under `title`.
///
/// `peaks` are the lowest and the highest sample (-1..=1) of equally long stretches that cover the
/// piece; [`COLUMNS`] of them are as many as can be seen.
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

/// The root of the document: its size, its name for screen readers, its type and its white ground.
fn page(body: &str, title: &str) -> String {
    let name = svg::escape(&svg::printable(title));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" \
         height=\"{HEIGHT}\" role=\"img\" aria-label=\"{name}\" font-family=\"{FONTS}\" font-weight=\"500\">\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n{body}</svg>\n"
    )
}

/// A lane's name, in the margin to the left of it, its middle at `y`.
fn lane(svg: &mut Svg, name: &str, y: f64) {
    svg.text(layout::MARGIN, y + 5.5, name, Style { size: 16, fill: palette::QUIET, ..Style::default() });
}

#[cfg(test)]
mod tests;
