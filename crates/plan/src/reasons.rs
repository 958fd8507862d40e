use mmm_base::Time;
use mmm_facts::Issue;
use mmm_facts::MediaKind;
use mmm_spec::Role;

use super::arrange::Take;
use super::cast::{Candidate, Cast};
use super::grid::{Grid, Step};
use super::limits::Limits;
use super::moment::Part;
use super::refusals::{count, seconds};
use super::twins::Twin;
use mmm_base::Score;
use mmm_facts::LeftOut;

/// Why a shot shows what it shows, when it does, in words.
pub(super) fn of_shot(cast: &Cast, grid: &Grid, take: &Take, part: Option<&Part>) -> String {
    let candidate = &cast.candidates[take.who];
    let mut words = vec![standing(candidate, take)];
    match part {
        Some(part) => words.push(format!("its best moment, {} to {}", seconds(part.from), seconds(part.to))),
        None if candidate.issues.is_empty() => words.push(strength(candidate).to_owned()),
        None => {}
    }
    if !candidate.speed().is_normal() {
        words.push(format!("at {} times its speed", candidate.speed().get()));
    }
    if let Some(issue) = candidate.issues.first() {
        words.push(format!("{}, and nothing better was left", issue_words(*issue)));
    }
    let copies = cast.twins.iter().flatten().filter(|twin| twin.of == take.who).count();
    if copies > 0 {
        words.push(format!("the best of {} that look alike", copies + 1));
    }
    if candidate.wanted > 0.5 {
        words.push("the prompt asks for it".to_owned());
    }
    words.push(place(grid, take));
    words.join("; ")
}

fn standing(candidate: &Candidate, take: &Take) -> String {
    let role = match candidate.role {
        Some(Role::Opening) => "opens the movie",
        Some(Role::Ending) => "ends the movie",
        Some(Role::Highlight) => "a highlight, placed where the music is strongest",
        None if candidate.medium.known.required => "required",
        None => "chosen",
    };
    match take.turn {
        0 => role.to_owned(),
        turn => format!("shown again ({} of {})", turn + 1, candidate.medium.path.name()),
    }
}

/// What is best in a picture.
fn strength(candidate: &Candidate) -> &'static str {
    let look = candidate.look;
    let measures = [
        (look.sharpness, "sharp"),
        (look.exposure, "well exposed"),
        (look.contrast, "rich in contrast"),
        (look.colourfulness, "colourful"),
    ];
    let best = measures.iter().reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map_or("", |(_, words)| *words)
}

fn place(grid: &Grid, take: &Take) -> String {
    let energy = grid.energy(take.from, take.to);
    let passage = match energy {
        energy if energy < 0.33 => "a calm passage",
        energy if energy > 0.67 => "a lively passage",
        _ => "an even passage",
    };
    match grid.nodes[take.from].step {
        _ if !grid.on_beats => format!("{} long", seconds(grid.span(take.from, take.to))),
        Step::Edge => format!("from the start, in {passage}"),
        Step::Section => format!("where a part of the music starts, in {passage}"),
        Step::Down => format!("on a downbeat, in {passage}"),
        Step::Beat => format!("on a beat, in {passage}"),
        Step::Filler => format!("where the music has no beat, in {passage}"),
    }
}

/// Every candidate that is in no shot, best first, and why.
pub(super) fn left_out(cast: &Cast, takes: &[Take], limits: &Limits) -> Vec<LeftOut> {
    let mut shown = vec![false; cast.candidates.len()];
    takes.iter().for_each(|take| shown[take.who] = true);
    let mut in_chapter: Vec<Vec<f64>> = vec![Vec::new(); cast.sizes.len()];
    for take in takes.iter().filter(|take| take.turn == 0) {
        let candidate = &cast.candidates[take.who];
        in_chapter[candidate.place.chapter].push(candidate.score);
    }
    let mut left: Vec<LeftOut> = (0..shown.len())
        .filter(|&index| !shown[index])
        .map(|index| {
            let candidate = &cast.candidates[index];
            let reason = why_not(cast, index, &shown, &in_chapter, limits);
            LeftOut { source: candidate.medium.path.clone(), reason, score: Score::new(candidate.score) }
        })
        .collect();
    left.sort_by(|one, other| other.score.cmp(&one.score).then_with(|| one.source.cmp(&other.source)));
    left
}

fn why_not(cast: &Cast, index: usize, shown: &[bool], in_chapter: &[Vec<f64>], limits: &Limits) -> String {
    let candidate = &cast.candidates[index];
    let longest = candidate.longest(limits);
    if longest < limits.min {
        return too_short(candidate, longest, limits);
    }
    if let Some(twin) = cast.twins[index] {
        return twin_words(cast, candidate, twin, shown[twin.of]);
    }
    if !candidate.issues.is_empty() {
        let words: Vec<&str> = candidate.issues.iter().map(|issue| issue_words(*issue)).collect();
        return words.join(", ");
    }
    if candidate.wanted < 0.5 {
        return "the prompt asks for less of it".to_owned();
    }
    let chapter = candidate.place.chapter;
    let others = &in_chapter[chapter];
    let better = others.iter().filter(|&&score| score >= candidate.score).count();
    if others.is_empty() {
        let size = count(cast.sizes[chapter], "medium", "media");
        format!("no room: its chapter, {}, is small ({size})", cast.titles[chapter])
    } else if better > 0 {
        format!("no room: {better} better in its chapter")
    } else {
        format!("no room: {} from its chapter suit the music better", count(others.len(), "medium", "media"))
    }
}

fn too_short(candidate: &Candidate, longest: Time, limits: &Limits) -> String {
    if candidate.kind == MediaKind::Clip && !candidate.medium.flaws.is_empty() {
        format!("damaged: {} of it can be shown without a cut", seconds(longest))
    } else if candidate.kind == MediaKind::Clip {
        format!(
            "too short: {} without a cut, and a shot lasts at least {}",
            seconds(longest),
            seconds(limits.min)
        )
    } else {
        format!("a shot lasts at least {}", seconds(limits.min))
    }
}

fn twin_words(cast: &Cast, candidate: &Candidate, twin: Twin, is_shown: bool) -> String {
    let other = &cast.candidates[twin.of];
    let (own, better) = (candidate.look, other.look);
    let how = if other.required && !candidate.required && own.aesthetic > better.aesthetic {
        "which is required"
    } else if candidate.is_flawed() && !other.is_flawed() {
        "which has no flaw"
    } else if better.sharpness > own.sharpness {
        "which is sharper"
    } else if better.exposure > own.exposure {
        "which is better exposed"
    } else {
        "which is as good"
    };
    let kind = if twin.burst { "near-duplicate of" } else { "looks like" };
    let fate = if is_shown { "" } else { ", left out as well" };
    format!("{kind} {}, {how}{fate}", other.medium.path)
}

fn issue_words(issue: Issue) -> &'static str {
    match issue {
        Issue::Blurred => "blurred",
        Issue::Underexposed => "too dark",
        Issue::Overexposed => "blown out",
        Issue::Empty => "shows nothing",
        Issue::Screenshot => "looks like a screenshot or a document",
        Issue::Small => "too few pixels",
        Issue::Short => "too short to be meant",
        Issue::Shaky => "shakes too much",
    }
}
