use super::header::clock;
use super::layout::{BAND, Layout, RIGHT, WAVE};
use super::palette::{Hues, INK, strength, tint};
use super::svg::{Style, Svg, escape, printable, shorten, width};
use mmm_facts::{Course, MusicFacts, Section, SectionKind};

/// Draws the sections: a band with their names, and a faint tint of their colours behind the waveform.
pub(super) fn draw(svg: &mut Svg, layout: &Layout, hues: &Hues, facts: &MusicFacts) {
    if facts.form.sections.is_empty() {
        return;
    }
    super::lane(svg, "Parts", (BAND.0 + BAND.1) / 2.0);
    for section in &facts.form.sections {
        part(svg, layout, hues.of(section), section);
    }
}

fn part(svg: &mut Svg, layout: &Layout, hue: [u8; 3], section: &Section) {
    let (left, right) = (layout.x(section.start.secs()), layout.x(section.end.secs()));
    // A gap of 2 pixels before the next section, or half the section's width if it is thin.
    let gap = if right < RIGHT { 2.0_f64.min((right - left) * 0.5) } else { 0.0 };
    let room = right - left - gap;
    if room <= 0.0 {
        return;
    }
    let peak = section.kind == SectionKind::Peak;
    let band = if peak { 1.0 } else { 0.12 + 0.2 * strength(section.kind) };
    svg.raw(&format!("<g><title>{}</title>", escape(&printable(&describe(section)))));
    svg.rect(left, BAND.0, room, BAND.1 - BAND.0, &tint(hue, band), 3.0_f64.min(room / 2.0));
    svg.rect(left, WAVE.0, room, WAVE.1 - WAVE.0, &tint(hue, if peak { 0.1 } else { 0.045 }), 0.0);
    name(svg, left, room, section, if peak { "#fff" } else { INK });
    svg.raw("</g>");
}

/// Draws the label above the kind, or only the label if there is little room, or nothing.
fn name(svg: &mut Svg, left: f64, room: f64, section: &Section, fill: &str) {
    let (label, kind) = (shorten(&section.label, 18, 80.0), kind(section.kind));
    let bold = Style { size: 18, fill, bold: true, ..Style::default() };
    let words = width(kind, 16).max(width(&label, 18));
    let middle = (BAND.0 + BAND.1) / 2.0;
    if words + 8.0 <= room {
        // Wide sections have left-aligned text. Narrow ones have no room for a margin, so their text is
        // centred.
        let wide = words + 16.0 <= room;
        let (x, bold) =
            if wide { (left + 9.0, bold) } else { (left + room / 2.0, Style { middle: true, ..bold }) };
        svg.text(x, middle - 3.0, &label, bold);
        svg.text(x, middle + 16.0, kind, Style { size: 16, bold: false, ..bold });
    } else if width(&label, 18) + 3.0 <= room {
        svg.text(left + room / 2.0, middle + 6.5, &label, Style { middle: true, ..bold });
    }
}

/// Describes a section for the tooltip.
fn describe(section: &Section) -> String {
    let (start, end) = (clock(section.start.secs()), clock(section.end.secs()));
    let energy = (section.energy.get() * 100.0).round() as i64;
    format!(
        "{}: {}, {}, energy {energy} %, {start} to {end}",
        section.label,
        kind(section.kind),
        course(section.course)
    )
}

fn kind(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Intro => "intro",
        SectionKind::Build => "build",
        SectionKind::Peak => "peak",
        SectionKind::Break => "break",
        SectionKind::Outro => "outro",
        SectionKind::Body => "body",
    }
}

fn course(course: Course) -> &'static str {
    match course {
        Course::Building => "building",
        Course::Peak => "at its peak",
        Course::Dropping => "dropping",
        Course::Steady => "steady",
    }
}
