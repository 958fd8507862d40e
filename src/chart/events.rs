use super::header::clock;
use super::layout::{BAND, EVENT_ROWS, LEFT, Layout, RIGHT, WAVE};
use super::palette::INK;
use super::svg::{Style, Svg, num, width};
use mmm_facts::{Event, EventKind, MusicFacts};

/// Half the width of a mark, half the width of a mark without a label, and the free space around a label.
const MARK: f64 = 7.0;
const SMALL: f64 = 4.0;
const AIR: f64 = 7.0;

/// An event with its position.
struct Placed {
    x: f64,
    event: Event,
    spot: Spot,
}

/// The position of an event's mark and label.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Spot {
    /// A label in a row of [`EVENT_ROWS`], between two x positions, to the right or left of its mark.
    Label { row: usize, from: f64, to: f64, right: bool },
    /// A small mark at the top of the waveform.
    Mark,
    /// Only the line through the waveform.
    Line,
}

/// Draws drops and stops: a mark, its name and time, and a line through the waveform.
pub(super) fn draw(svg: &mut Svg, layout: &Layout, facts: &MusicFacts) {
    let placed = place(layout, &facts.form.events);
    let band = !facts.form.sections.is_empty();
    if !placed.is_empty() {
        super::lane(svg, "Events", EVENT_ROWS[0] - 5.5);
    }
    let lines: String = placed.iter().map(|placed| line(placed, band)).collect();
    svg.stroke(&lines, "#fff", 4.0, "stroke-opacity=\"0.7\"");
    svg.stroke(&lines, INK, 1.4, "");
    for placed in &placed {
        mark(svg, placed);
    }
}

/// Places the events so that they don't overlap; those with the highest sync value come first.
fn place(layout: &Layout, events: &[Event]) -> Vec<Placed> {
    let mut wanted: Vec<Event> = events.iter().filter(|e| e.kind != EventKind::Section).copied().collect();
    wanted.sort_by_key(|e| (std::cmp::Reverse(e.sync), e.time, e.kind));
    let mut placed: Vec<Placed> = Vec::new();
    for event in wanted {
        let x = layout.x(event.time.secs());
        let spot = spot(x, &label(event), &placed);
        placed.push(Placed { x, event, spot });
    }
    placed
}

/// Returns the first free place for a label: near, then above, each first right and then left. If none is
/// free, the event gets only a mark or a line.
fn spot(x: f64, label: &str, placed: &[Placed]) -> Spot {
    let reach = MARK + 5.0 + width(label, 16);
    for row in 0..EVENT_ROWS.len() {
        for right in [true, false] {
            let (from, to) = if right { (x - MARK, x + reach) } else { (x - reach, x + MARK) };
            let inside = from >= LEFT - MARK && to <= RIGHT + MARK;
            if inside && placed.iter().all(|other| free(other, row, from, to, x)) {
                return Spot::Label { row, from, to, right };
            }
        }
    }
    let alone = placed.iter().all(|other| (other.x - x).abs() >= 2.0 * SMALL + 1.0);
    if alone { Spot::Mark } else { Spot::Line }
}

/// Whether `other` leaves `from` to `to` of a row free, and the line down from there at `x`.
fn free(other: &Placed, row: usize, from: f64, to: f64, x: f64) -> bool {
    let apart = |a: f64, b: f64, c: f64, d: f64| a >= d + AIR || b <= c - AIR;
    let Spot::Label { row: its_row, from: its_from, to: its_to, .. } = other.spot else { return true };
    match row.cmp(&its_row) {
        std::cmp::Ordering::Equal => apart(from, to, its_from, its_to),
        // The other event's line crosses this row.
        std::cmp::Ordering::Less => apart(from, to, other.x, other.x),
        std::cmp::Ordering::Greater => apart(x, x, its_from, its_to),
    }
}

fn label(event: Event) -> String {
    let name = match event.kind {
        EventKind::Drop => "drop",
        EventKind::Stop => "stop",
        EventKind::Section => "part",
    };
    format!("{name} {}", clock(event.time.secs()))
}

/// Returns the line through the waveform, and from a label down to the `band` with the section names, which
/// it skips.
fn line(placed: &Placed, band: bool) -> String {
    let (x, foot) = (num(placed.x), num(WAVE.1));
    let music = format!("M{x} {}V{foot}", num(WAVE.0));
    match placed.spot {
        Spot::Label { row, .. } if band => {
            format!("M{x} {}V{}{music}", num(EVENT_ROWS[row]), num(BAND.0 - 2.0))
        }
        Spot::Label { row, .. } => format!("M{x} {}V{foot}", num(EVENT_ROWS[row])),
        Spot::Mark | Spot::Line => music,
    }
}

/// Draws the mark of an event and its label.
fn mark(svg: &mut Svg, placed: &Placed) {
    let Placed { x, event, spot } = *placed;
    match spot {
        Spot::Label { row, right, .. } => {
            let y = EVENT_ROWS[row];
            shape(svg, event.kind, x, y - 5.5, MARK);
            let side = if right { MARK + 5.0 } else { -MARK - 5.0 };
            svg.text(x + side, y, &label(event), Style { end: !right, ..Style::default() });
        }
        Spot::Mark => shape(svg, event.kind, x, WAVE.0 + SMALL, SMALL),
        Spot::Line => {}
    }
}

/// Draws a triangle for a drop and a square for a stop, given its centre and half of its width.
fn shape(svg: &mut Svg, kind: EventKind, x: f64, y: f64, half: f64) {
    if kind == EventKind::Drop {
        let (left, top) = (num(x - half), num(y - half * 0.85));
        let (wide, half, high) = (num(2.0 * half), num(half), num(half * 1.7));
        svg.fill(&format!("M{left} {top}h{wide}l-{half} {high}z"), INK);
    } else {
        let side = half * 1.6;
        svg.rect(x - side / 2.0, y - side / 2.0, side, side, INK, half / 5.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::{Score, Time};

    fn drops(times: impl Iterator<Item = f64>) -> Vec<Event> {
        let event = |time| Event { time: Time::from_secs_f64(time), kind: EventKind::Drop, sync: Score::ONE };
        times.map(event).collect()
    }

    /// However many events there are, no two labels overlap, and none leaves the picture.
    #[test]
    fn labels_never_meet() {
        for count in [1, 2, 5, 40, 400] {
            let events = drops((0..=count).map(|i| 100.0 * f64::from(i) / f64::from(count)));
            let placed = place(&Layout { seconds: 100.0 }, &events);
            let label = |p: &Placed| match p.spot {
                Spot::Label { row, from, to, .. } => Some((row, from, to)),
                _ => None,
            };
            let labels: Vec<_> = placed.iter().filter_map(label).collect();
            assert!(labels.len() >= 2.min(placed.len()));
            for (i, a) in labels.iter().enumerate() {
                assert!(a.1 >= LEFT - MARK && a.2 <= RIGHT + MARK);
                assert!(labels[..i].iter().all(|b| a.0 != b.0 || a.2 <= b.1 || b.2 <= a.1));
            }
        }
    }

    /// At the end of the piece, the label is on the left.
    #[test]
    fn the_last_label_stays_in_the_picture() {
        let placed = place(&Layout { seconds: 100.0 }, &drops([99.9].into_iter()));
        assert!(matches!(placed[0].spot, Spot::Label { right: false, row: 0, .. }));
    }
}
