//! Writes the changes between two cuts of a movie to one HTML file with frames side by side.

use std::collections::BTreeMap;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::cut_frames::CutFrames;
use crate::cli::format::{count, escaped, length};
use mmm_base::{Digest, MediaPath, Time};
use mmm_engine::DrawnMoment;
use mmm_plan::lock::{ChangeKind, Lock, LockedOutput, ShotChange};

/// One cut of a movie.
pub(super) struct Cut {
    /// The name that the user gave.
    pub name: String,
    pub lock: Lock,
    /// Why each shot of an output is in the cut, in order; empty if that is unknown.
    pub reasons: BTreeMap<MediaPath, Vec<String>>,
    pub frames: CutFrames,
}

/// The changes of one output.
pub(super) struct OutputChange<'a> {
    pub name: &'a MediaPath,
    pub before: Option<&'a LockedOutput>,
    pub after: Option<&'a LockedOutput>,
    pub changes: Vec<ShotChange>,
}

impl Cut {
    /// Returns the middle of the shot with an id; `None` if the lock has no digest of its medium.
    fn moment(&self, output: &MediaPath, locked: &LockedOutput, id: &str) -> Option<DrawnMoment> {
        let at = locked.shots.iter().position(|shot| shot.id == id)?;
        let shot = &locked.shots[at];
        let end = locked.shots.get(at + 1).map_or(locked.length, |next| next.start);
        let source: Digest = *self.lock.media.get(&shot.source)?;
        let frame = self.frames.of(output, source, end - shot.start);
        Some(DrawnMoment { source, part: shot.part, frame })
    }
}

/// Returns the moments that the page shows.
pub(super) fn moments(outputs: &[OutputChange], cuts: [&Cut; 2]) -> Vec<DrawnMoment> {
    let mut moments: Vec<DrawnMoment> =
        outputs.iter().flat_map(|output| sides(output, cuts)).flatten().collect();
    moments.sort();
    moments.dedup();
    moments
}

/// Returns the moments of an output's changes, before and after.
fn sides<'a>(output: &'a OutputChange, cuts: [&'a Cut; 2]) -> impl Iterator<Item = Option<DrawnMoment>> + 'a {
    let shown = output.changes.iter().filter(|change| change.kind != ChangeKind::Moved);
    shown.flat_map(move |change| [side(output, change, cuts, 0), side(output, change, cuts, 1)])
}

fn side(output: &OutputChange, change: &ShotChange, cuts: [&Cut; 2], index: usize) -> Option<DrawnMoment> {
    let (locked, place) = [(output.before, &change.before), (output.after, &change.after)][index];
    place.as_ref()?;
    cuts[index].moment(output.name, locked?, &change.id)
}

/// Returns the HTML page.
pub(super) fn page(
    outputs: &[OutputChange],
    cuts: [&Cut; 2],
    pictures: &BTreeMap<DrawnMoment, Vec<u8>>,
) -> String {
    let title = format!("{} → {}", cuts[0].name, cuts[1].name);
    let mut body = String::new();
    for output in outputs {
        section(output, cuts, pictures, &mut body);
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{0} · mmm diff</title>\n<style>\n{1}</style>\n<h1>{0}</h1>\n{body}",
        escaped(&title),
        include_str!("diff_page.css"),
    )
}

fn section(
    output: &OutputChange,
    cuts: [&Cut; 2],
    pictures: &BTreeMap<DrawnMoment, Vec<u8>>,
    page: &mut String,
) {
    let shots = |locked: Option<&LockedOutput>| locked.map_or(0, |locked| locked.shots.len());
    let ends =
        |locked: Option<&LockedOutput>| locked.map_or("–".to_owned(), |locked| length(locked.length));
    let (name, before, after) = (escaped(output.name.as_str()), output.before, output.after);
    let told = summary(&output.changes);
    write!(
        page,
        "<section>\n<h2>{name}</h2>\n<p class=\"told\">{told}; {} → {}, {} → {}</p>\n",
        shots(before),
        count(shots(after), "shot"),
        ends(before),
        ends(after),
    )
    .expect("text takes all");
    let most = [before, after].into_iter().flatten().map(|locked| locked.length.micros()).max().unwrap_or(1);
    for (locked, is_after) in [(before, false), (after, true)] {
        page.push_str(&strip(locked, is_after, &output.changes, most));
    }
    for change in output.changes.iter().filter(|change| change.kind != ChangeKind::Moved) {
        let picture = |index| side(output, change, cuts, index).map(|moment| pictures.get(&moment));
        page.push_str(&card(change, output, cuts, [picture(0), picture(1)]));
    }
    let moved: Vec<&ShotChange> =
        output.changes.iter().filter(|change| change.kind == ChangeKind::Moved).collect();
    if !moved.is_empty() {
        writeln!(page, "<details><summary>{} only moved</summary><ul>", count(moved.len(), "shot"))
            .expect("text takes all");
        for change in moved {
            let places = change.before.as_ref().zip(change.after.as_ref());
            let (was, is) =
                places.map_or_else(Default::default, |(was, is)| (length(was.start), length(is.start)));
            writeln!(page, "<li>{} from {was} to {is}</li>", escaped(&change.id)).expect("text takes all");
        }
        page.push_str("</ul></details>\n");
    }
    page.push_str("</section>\n");
}

fn summary(changes: &[ShotChange]) -> String {
    let kinds = [
        (ChangeKind::Added, "added"),
        (ChangeKind::Gone, "gone"),
        (ChangeKind::Retimed, "retimed"),
        (ChangeKind::Moved, "only moved"),
    ];
    let number = |kind| changes.iter().filter(|change| change.kind == kind).count();
    let words: Vec<String> = kinds
        .into_iter()
        .filter(|(kind, _)| number(*kind) > 0)
        .map(|(kind, word)| format!("{} {word}", number(kind)))
        .collect();
    if words.is_empty() { "no shot changed".to_owned() } else { words.join(", ") }
}

/// Draws the shots of one cut along time, to the scale of the longer cut.
fn strip(locked: Option<&LockedOutput>, is_after: bool, changes: &[ShotChange], most: i64) -> String {
    let Some(locked) = locked else { return String::new() };
    let share = |time: Time| time.micros() as f64 * 100.0 / most.max(1) as f64;
    let ends = locked.shots.iter().skip(1).map(|shot| shot.start).chain([locked.length]);
    let mut blocks = String::new();
    for (shot, end) in locked.shots.iter().zip(ends) {
        let change = changes.iter().find(|change| change.id == shot.id);
        let shown =
            change.filter(|change| if is_after { change.after.is_some() } else { change.before.is_some() });
        let kind = shown.map_or("same", |change| kind_name(change.kind));
        write!(
            blocks,
            "<i class=\"{kind}\" style=\"width:{:.3}%\" title=\"{}\"></i>",
            share(end - shot.start),
            escaped(&shot.id),
        )
        .expect("text takes all");
    }
    format!("<div class=\"strip\">{blocks}</div>\n")
}

fn kind_name(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "added",
        ChangeKind::Gone => "gone",
        ChangeKind::Retimed => "retimed",
        ChangeKind::Moved => "moved",
    }
}

/// Draws one change: two frames with their descriptions. A side is empty if the shot is not in that cut, and
/// has no picture if its medium is missing or has changed.
fn card(
    change: &ShotChange,
    output: &OutputChange,
    cuts: [&Cut; 2],
    pictures: [Option<Option<&Vec<u8>>>; 2],
) -> String {
    let kind = kind_name(change.kind);
    let places = [&change.before, &change.after];
    let figure = |index: usize| {
        let Some(place) = places[index] else { return "<figure class=\"none\"></figure>".to_owned() };
        let picture = match pictures[index].flatten() {
            Some(jpeg) => format!("<img alt=\"\" src=\"data:image/jpeg;base64,{}\">", STANDARD.encode(jpeg)),
            None => "<p>this file is missing or has changed</p>".to_owned(),
        };
        let reasons = cuts[index].reasons.get(output.name);
        let reason = reasons.and_then(|reasons| reasons.get(place.number - 1));
        let part = place.from.map_or_else(String::new, |from| format!(", from {:.2} s in", from.secs()));
        let (width, height) = cuts[index].frames.shape(output.name);
        format!(
            "<figure><div style=\"aspect-ratio: {width} / {height}\">{picture}</div><figcaption>shot {} at {}, {:.2} s long{part}<br><span>{}</span></figcaption></figure>",
            place.number,
            length(place.start),
            place.length.secs(),
            escaped(reason.map_or("", String::as_str)),
        )
    };
    format!(
        "<article><h3><b class=\"{kind}\">{kind}</b> {}</h3>\n<div class=\"pair\">{}{}</div></article>\n",
        escaped(&change.id),
        figure(0),
        figure(1),
    )
}
