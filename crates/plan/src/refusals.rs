//! The words of every [`Conflict`].

use mmm_base::{MediaPath, Time};
use mmm_spec::{Constraints, Length};

use mmm_facts::{Conflict, ConflictKind};

/// A length as people write it: `62.5s`, rounded to the hundredth.
pub(super) fn seconds(time: Time) -> String {
    let hundredths = (time.micros() + 5000).div_euclid(10_000);
    Time::from_millis(hundredths * 10).to_string()
}

fn conflict(kind: ConflictKind, message: String, places: Vec<(&str, String)>, help: String) -> Conflict {
    let places = places.into_iter().map(|(place, text)| (place.to_owned(), text)).collect();
    Conflict { kind, message, places, help }
}

pub(super) fn no_media() -> Conflict {
    conflict(
        ConflictKind::NoMedia,
        "there is no photo or clip to show".to_owned(),
        vec![("media", "takes in nothing that can be shown".to_owned())],
        "name a folder with photos or clips under `media`".to_owned(),
    )
}

/// Every medium is too short for the shortest shot.
pub(super) fn all_too_short(shortest: Time, said: bool) -> Conflict {
    let shortest = seconds(shortest);
    let mut places = vec![("media", format!("nothing in them lasts {shortest} without a cut"))];
    if said {
        places.push(("constraints.shot", format!("at least {shortest} a shot")));
    }
    conflict(
        ConflictKind::NoMedia,
        format!("no medium can be shown for {shortest}"),
        places,
        "add photos or longer clips, or let a shot be shorter".to_owned(),
    )
}

/// How often the language lets a medium come again.
const MOST_REPEATS: i64 = 100;

/// What a conflict about the length is about.
pub(super) struct Shortage {
    pub wanted: Time,
    /// What the media can fill.
    pub filled: Time,
    /// How many media can be shown.
    pub usable: usize,
    /// How many are not, since a better one shows the same.
    pub copies: usize,
    /// Longest shot of a photo.
    pub longest: Time,
}

/// The movie can't be filled.
pub(super) fn too_little(shortage: &Shortage, length: Length, constraints: &Constraints) -> Conflict {
    let Shortage { wanted, filled, usable, copies, longest } = shortage;
    let (wanted, usable) = (*wanted, *usable);
    let media = count(usable, "medium", "media");
    let besides = match copies {
        0 => String::new(),
        copies => format!(", besides {}", count(*copies, "near-duplicate", "near-duplicates")),
    };
    let mut places = vec![
        ("duration", format!("{} wanted", seconds(wanted))),
        ("media", format!("{media} that can be shown{besides}")),
        ("constraints.repeats", repeats_said(constraints.repeats)),
    ];
    if constraints.shot.is_some() {
        places.insert(1, ("constraints.shot", format!("at most {} a shot", seconds(*longest))));
    }
    if length == Length::Music {
        places.push(("music", format!("lasts {}", seconds(wanted))));
    }
    let mut ways = Vec::new();
    if *filled > Time::ZERO {
        ways.push(format!("set `duration` to at most {}", floor_tenth(*filled)));
        let each = Time::from_micros(longest.micros().max(1));
        let lacking = (wanted - *filled).micros().max(0) / each.micros() + 1;
        ways.push(format!("add {} or more", count(lacking as usize, "medium", "media")));
        let turns = i64::from(constraints.repeats) + 1;
        let once = (filled.micros() / turns).max(1);
        let rounds = (wanted.micros() - 1).div_euclid(once).max(turns);
        if rounds <= MOST_REPEATS {
            ways.push(format!("allow `constraints: {{ repeats: {rounds} }}`"));
        }
        let needed = Time::from_micros(wanted.micros() / usable.max(1) as i64 / turns);
        if constraints.shot.is_some() && needed > *longest {
            ways.push(format!("let a shot last up to {}", ceil_tenth(needed)));
        }
    }
    let help = if ways.is_empty() { "add media".to_owned() } else { join_or(&ways) };
    let message = format!("{} can't be filled with {media}", seconds(wanted));
    conflict(ConflictKind::TooLittle, message, places, help)
}

fn repeats_said(repeats: u32) -> String {
    match repeats {
        0 => "no medium may come again".to_owned(),
        1 => "a medium may come again once".to_owned(),
        more => format!("a medium may come again {more} times"),
    }
}

/// What is required does not fit.
pub(super) fn too_much(rules: &[usize], needed: Time, wanted: Time, shortest: Time, said: bool) -> Conflict {
    let required = count(rules.len(), "medium is required", "media are required");
    let mut lines: Vec<usize> = rules.to_vec();
    lines.sort_unstable();
    lines.dedup();
    let mut places = vec![("duration".to_owned(), format!("{} wanted", seconds(wanted)))];
    if said {
        places.push(("constraints.shot".to_owned(), format!("at least {} a shot", seconds(shortest))));
    }
    places.extend(lines.iter().map(|rule| (format!("media[{rule}]"), "required".to_owned())));
    Conflict {
        kind: ConflictKind::TooMuch,
        message: format!("{required}, more than {} can show", seconds(wanted)),
        places,
        help: format!("set `duration` to at least {}, or require fewer media", ceil_tenth(needed)),
    }
}

/// Cuts can't stand so that every shot is as long as asked.
pub(super) fn no_cuts(constraints: &Constraints, wanted: Time, spacing: Time) -> Conflict {
    let (min, max) = constraints.shot.unwrap_or((Time::from_millis(500), Time::from_secs(20)));
    if wanted < min {
        let places = vec![
            ("duration", format!("{} wanted", seconds(wanted))),
            ("constraints.shot", format!("at least {} a shot", seconds(min))),
        ];
        let message = format!("a movie of {} is shorter than its shortest shot", seconds(wanted));
        let help = format!("let a shot last {} or less", seconds(wanted));
        return conflict(ConflictKind::TooMuch, message, places, help);
    }
    conflict(
        ConflictKind::Music,
        format!("no cuts stand so that every shot lasts {} to {}", seconds(min), seconds(max)),
        vec![
            ("constraints.shot", format!("{} to {}", seconds(min), seconds(max))),
            ("constraints.cut-on", format!("cuts may stand about {} apart", seconds(spacing))),
        ],
        format!("let a shot last up to {}, or cut on `free`", ceil_tenth(max.max(spacing + spacing))),
    )
}

/// A medium's own words can't hold.
pub(super) fn medium(place: &str, message: String, said: String, help: String) -> Conflict {
    conflict(ConflictKind::Medium, message, vec![(place, said)], help)
}

/// A required clip has no moment long enough to be shown.
pub(super) fn too_short(path: &MediaPath, rule: usize, longest: Time, shortest: Time) -> Conflict {
    conflict(
        ConflictKind::Medium,
        format!("`{path}` is required and has no moment of {}", seconds(shortest)),
        vec![
            (&format!("media[{rule}]"), format!("at most {} without a cut", seconds(longest))),
            ("constraints.shot", format!("at least {} a shot", seconds(shortest))),
        ],
        format!("don't require `{path}`, or let a shot be shorter"),
    )
}

/// The music does not reach.
pub(super) fn music(place: &str, message: String, said: String, help: &str) -> Conflict {
    conflict(ConflictKind::Music, message, vec![(place, said)], help.to_owned())
}

/// `1 medium`, `4 media`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn join_or(ways: &[String]) -> String {
    match ways {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{}, or {last}", first.join(", ")),
    }
}

fn floor_tenth(time: Time) -> String {
    Time::from_millis(time.micros().div_euclid(100_000) * 100).to_string()
}

fn ceil_tenth(time: Time) -> String {
    Time::from_millis((time.micros() + 99_999).div_euclid(100_000) * 100).to_string()
}
