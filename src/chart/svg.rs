use std::fmt::Write;

/// The font, and similar fonts for machines without it.
pub(super) const FONTS: &str =
    "Lato, Carlito, 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/// The elements of a picture, in drawing order.
#[derive(Default)]
pub(super) struct Svg(String);

/// The style of a text.
#[derive(Clone, Copy)]
pub(super) struct Style<'a> {
    /// The font size in pixels.
    pub(super) size: u32,
    pub(super) fill: &'a str,
    pub(super) bold: bool,
    /// Centres the text at its position.
    pub(super) middle: bool,
    /// Right-aligns the text at its position.
    pub(super) end: bool,
}

impl Default for Style<'_> {
    fn default() -> Self {
        Self { size: 16, fill: super::palette::INK, bold: false, middle: false, end: false }
    }
}

impl Svg {
    /// Adds one element unmodified.
    pub(super) fn raw(&mut self, element: &str) {
        self.0.push_str(element);
        self.0.push('\n');
    }

    pub(super) fn rect(&mut self, left: f64, top: f64, width: f64, height: f64, fill: &str, round: f64) {
        let (x, y, w, h) = (num(left), num(top), num(width.max(0.0)), num(height.max(0.0)));
        let corner = if round > 0.0 { format!(" rx=\"{}\"", num(round)) } else { String::new() };
        self.raw(&format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"{corner} fill=\"{fill}\"/>"
        ));
    }

    /// Adds a filled path, unless it is empty.
    pub(super) fn fill(&mut self, path: &str, fill: &str) {
        if !path.is_empty() {
            self.raw(&format!("<path d=\"{path}\" fill=\"{fill}\"/>"));
        }
    }

    /// Adds a stroked path, `width` pixels wide, with further `attributes`, unless it is empty.
    pub(super) fn stroke(&mut self, path: &str, colour: &str, width: f64, attributes: &str) {
        if !path.is_empty() {
            let (width, space) = (num(width), if attributes.is_empty() { "" } else { " " });
            let stroke = format!("stroke=\"{colour}\" stroke-width=\"{width}\"");
            self.raw(&format!("<path d=\"{path}\" fill=\"none\" {stroke}{space}{attributes}/>"));
        }
    }

    /// Adds text whose baseline begins at `x`, `y`, or has its centre or end there if the style says so.
    pub(super) fn text(&mut self, x: f64, y: f64, text: &str, style: Style) {
        let mut more = String::new();
        if style.bold {
            more.push_str(" font-weight=\"700\"");
        }
        if style.middle {
            more.push_str(" text-anchor=\"middle\"");
        }
        if style.end {
            more.push_str(" text-anchor=\"end\"");
        }
        let (x, y, size, fill) = (num(x), num(y), style.size, style.fill);
        let text = escape(&printable(text));
        self.raw(&format!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{fill}\"{more}>{text}</text>"
        ));
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// Formats a length to a tenth of a pixel, as short as possible; 0 if it is not a finite number.
pub(super) fn num(value: f64) -> String {
    let tenths = if value.is_finite() { (value * 10.0).round().clamp(-1e6, 1e6) as i64 } else { 0 };
    let (sign, tenths) = (if tenths < 0 { "-" } else { "" }, tenths.abs());
    match tenths % 10 {
        0 => format!("{sign}{}", tenths / 10),
        tenth => format!("{sign}{}.{tenth}", tenths / 10),
    }
}

/// Adds a point to a path: `M` to move there, `L` to draw there.
pub(super) fn point(path: &mut String, command: char, x: f64, y: f64) {
    // Writing to a string cannot fail.
    let _ = write!(path, "{command}{} {}", num(x), num(y));
}

/// Removes characters that XML 1.0 (section 2.2) or a single line of text can't contain: control characters,
/// noncharacters and marks that change the text direction. Replaces white space by a space.
pub(super) fn printable(text: &str) -> String {
    let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    spaced.filter(|&c| !c.is_control() && !hidden(c)).collect()
}

fn hidden(c: char) -> bool {
    let turns =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    turns || matches!(c, '\u{fdd0}'..='\u{fdef}') || (c as u32) & 0xfffe == 0xfffe
}

pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Returns the approximate width of a text in pixels, from the widths of Arial for each kind of letter. Arial
/// is as wide as any of [`FONTS`] except the last, and wider than the first.
pub(super) fn width(text: &str, size: u32) -> f64 {
    text.chars().map(em).sum::<f64>() * f64::from(size)
}

/// Returns the width of a character in ems.
fn em(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '|' | '\'' => 0.23,
        ' ' | '.' | ',' | ':' | ';' | '!' | 'f' | 't' | 'r' | '/' | '(' | ')' | '-' | '·' | 'I' => 0.31,
        'm' | 'M' | 'W' | '%' | '@' | '…' => 0.92,
        'w' => 0.73,
        'A'..='Z' => 0.71,
        '\u{300}'..='\u{36f}' | '\u{200d}' => 0.0,
        // Ideographs, full-width forms and emoji are square.
        c if c as u32 >= 0x1100 => 1.05,
        c if c.is_uppercase() => 0.74,
        _ => 0.57,
    }
}

/// Returns the text, or as much of its beginning as fits into `room` pixels together with an ellipsis.
pub(super) fn shorten(text: &str, size: u32, room: f64) -> String {
    let text = printable(text);
    let text = text.trim();
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut used = width("…", size);
    let fits = |c: &char| {
        used += em(*c) * f64::from(size);
        used <= room
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_short_and_always_numbers() {
        assert_eq!([12.04, -0.04, 7.26, f64::NAN].map(num), ["12", "0", "7.3", "0"]);
    }

    #[test]
    fn titles_are_tamed() {
        assert_eq!(escape(&printable("a\u{0}<b>\t\u{202e}&'\"")), "a&lt;b&gt; &amp;&#39;&quot;");
        let long = shorten(&"word ".repeat(100), 40, 1472.0);
        assert!(long.starts_with("word word") && long.ends_with('…'));
        assert!(width(&long, 40) <= 1472.0);
    }
}
