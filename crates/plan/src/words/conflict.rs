use super::{count, seconds};
use mmm_base::{MediaPath, Time};
use mmm_facts::{ClipTrouble, Conflict, Shortage};

/// A conflict in plain English.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConflictText {
    /// One short message, lower case, no full stop.
    pub message: String,
    /// The smallest set of places in the spec that conflict, as paths in a [`SpanMap`](mmm_spec::SpanMap)
    /// (`duration`, `constraints.shot`, `media[3].in`), each with a remark.
    pub places: Vec<(String, String)>,
    /// What would help, as an imperative.
    pub help: String,
}

fn text(message: String, places: &[(&str, String)], help: String) -> ConflictText {
    let places = places.iter().map(|(place, text)| ((*place).to_owned(), text.clone())).collect();
    ConflictText { message, places, help }
}

/// Returns what a conflict is, where in the spec it is, and what would help.
pub fn conflict(conflict: &Conflict) -> ConflictText {
    match conflict {
        Conflict::NothingToShow => text(
            "there is no photo or clip to show".to_owned(),
            &[("media", "matches nothing that can be shown".to_owned())],
            "name a folder with photos or clips under `media`".to_owned(),
        ),
        Conflict::AllTooShort { shortest, set } => all_too_short(*shortest, *set),
        Conflict::TooLittle(shortage) => too_little(shortage),
        Conflict::TooMuchRequired { rules, needed, wanted, shortest, set } => {
            too_much_required(rules, *needed, *wanted, set.then_some(*shortest))
        }
        Conflict::ShorterThanAShot { wanted, shortest } => text(
            format!("a movie of {} is shorter than its shortest shot", seconds(*wanted)),
            &[
                ("duration", format!("{} wanted", seconds(*wanted))),
                ("constraints.shot", format!("at least {} a shot", seconds(*shortest))),
            ],
            format!("let a shot last {} or less", seconds(*wanted)),
        ),
        Conflict::NoCuts { shortest, longest, spacing } => text(
            format!("no cuts let every shot last {} to {}", seconds(*shortest), seconds(*longest)),
            &[
                ("constraints.shot", format!("{} to {}", seconds(*shortest), seconds(*longest))),
                ("constraints.cut-on", format!("cuts may fall about {} apart", seconds(*spacing))),
            ],
            format!(
                "let a shot last up to {}, or cut on `free`",
                ceil_tenth((*longest).max(*spacing + *spacing))
            ),
        ),
        Conflict::NoMusic => text(
            "the movie is to be as long as its music, and there is no music".to_owned(),
            &[("duration", "as long as the music".to_owned())],
            "name a track under `music`, or a length under `duration`".to_owned(),
        ),
        Conflict::NoLength { wanted } => text(
            "a movie must last longer than 0s".to_owned(),
            &[("duration", format!("{wanted} wanted"))],
            "set `duration` to a second or more".to_owned(),
        ),
        Conflict::OverADay { wanted } => text(
            "a movie lasts a day at most".to_owned(),
            &[("duration", format!("{wanted} wanted"))],
            "set `duration` to less".to_owned(),
        ),
        Conflict::TitleOutside { text: title, from, to, length } => text(
            format!("the title `{title}` is not inside the movie"),
            &[("style.titles", format!("{} to {}", seconds(*from), seconds(*to)))],
            format!("let it end by {}, where the movie does", seconds(*length)),
        ),
        Conflict::Clip { path, rule, trouble } => clip(path, &format!("media[{rule}]"), *trouble),
        Conflict::MusicStartOutside { path, track, length } => {
            let length = seconds(*length);
            text(
                format!("`from` is outside of `{path}`"),
                &[(&format!("music[{track}].from"), format!("the track lasts {length}"))],
                format!("set `from` to less than {length}"),
            )
        }
    }
}

/// Describes what is impossible about the clip at `path`, which the spec includes at `place`.
fn clip(path: &MediaPath, place: &str, trouble: ClipTrouble) -> ConflictText {
    let outside = |name: &str, most: &str, length: Time| {
        let length = seconds(length);
        text(
            format!("`{name}` is outside of `{path}`"),
            &[(&format!("{place}.{name}"), format!("the clip lasts {length}"))],
            format!("set `{name}` to {most} {length}"),
        )
    };
    match trouble {
        ClipTrouble::TooShort { longest, shortest } => text(
            format!("`{path}` is required and has no moment of {}", seconds(shortest)),
            &[
                (place, format!("at most {} without a cut", seconds(longest))),
                ("constraints.shot", format!("at least {} a shot", seconds(shortest))),
            ],
            format!("don't require `{path}`, or let a shot be shorter"),
        ),
        ClipTrouble::InOutside { length } => outside("in", "less than", length),
        ClipTrouble::OutOutside { length } => outside("out", "at most", length),
        ClipTrouble::InAfterOut { from, to } => text(
            format!("`in` is not before `out` for `{path}`"),
            &[(&format!("{place}.in"), format!("{}..{}", seconds(from), seconds(to)))],
            "set `in` to a time before `out`".to_owned(),
        ),
    }
}

/// Describes that every medium is too short for the shortest shot, which the spec may set.
fn all_too_short(shortest: Time, set: bool) -> ConflictText {
    let shortest = seconds(shortest);
    let mut places = vec![("media", format!("nothing in them lasts {shortest} without a cut"))];
    if set {
        places.push(("constraints.shot", format!("at least {shortest} a shot")));
    }
    let help = "add photos or longer clips, or let a shot be shorter".to_owned();
    text(format!("no medium can be shown for {shortest}"), &places, help)
}

/// The highest value of `constraints.repeats`.
const MOST_REPEATS: i64 = 100;

fn too_little(shortage: &Shortage) -> ConflictText {
    let Shortage { wanted, usable, copies, longest, set, repeats, as_music, .. } = *shortage;
    let media = count(usable, "medium", "media");
    let besides = match copies {
        0 => String::new(),
        copies => format!(", besides {}", count(copies, "near-duplicate", "near-duplicates")),
    };
    let mut places = vec![
        ("duration", format!("{} wanted", seconds(wanted))),
        ("media", format!("{media} that can be shown{besides}")),
        ("constraints.repeats", repeats_text(repeats)),
    ];
    if set {
        places.insert(1, ("constraints.shot", format!("at most {} a shot", seconds(longest))));
    }
    if as_music {
        places.push(("music", format!("lasts {}", seconds(wanted))));
    }
    let ways = ways_out(shortage);
    let help = if ways.is_empty() { "add media".to_owned() } else { join_or(&ways) };
    text(format!("{} can't be filled with {media}", seconds(wanted)), &places, help)
}

/// Returns what would fill the movie, each way on its own.
fn ways_out(shortage: &Shortage) -> Vec<String> {
    let Shortage { wanted, filled, usable, longest, set, repeats, .. } = *shortage;
    if filled <= Time::ZERO {
        return Vec::new();
    }
    let mut ways = vec![format!("set `duration` to at most {}", floor_tenth(filled))];
    let each = Time::from_micros(longest.micros().max(1));
    let lacking = (wanted - filled).micros().max(0) / each.micros() + 1;
    ways.push(format!("add {} or more", count(lacking as usize, "medium", "media")));
    let turns = i64::from(repeats) + 1;
    let once = (filled.micros() / turns).max(1);
    let rounds = (wanted.micros() - 1).div_euclid(once).max(turns);
    if rounds <= MOST_REPEATS {
        ways.push(format!("allow `constraints: {{ repeats: {rounds} }}`"));
    }
    let needed = Time::from_micros(wanted.micros() / usable.max(1) as i64 / turns);
    if set && needed > longest {
        ways.push(format!("let a shot last up to {}", ceil_tenth(needed)));
    }
    ways
}

fn repeats_text(repeats: u32) -> String {
    match repeats {
        0 => "no medium may be repeated".to_owned(),
        1 => "a medium may be repeated once".to_owned(),
        more => format!("a medium may be repeated {more} times"),
    }
}

fn too_much_required(rules: &[usize], needed: Time, wanted: Time, shortest: Option<Time>) -> ConflictText {
    let required = count(rules.len(), "medium is required", "media are required");
    let mut lines: Vec<usize> = rules.to_vec();
    lines.sort_unstable();
    lines.dedup();
    let mut places = vec![("duration".to_owned(), format!("{} wanted", seconds(wanted)))];
    if let Some(shortest) = shortest {
        places.push(("constraints.shot".to_owned(), format!("at least {} a shot", seconds(shortest))));
    }
    places.extend(lines.iter().map(|rule| (format!("media[{rule}]"), "required".to_owned())));
    ConflictText {
        message: format!("{required}, more than {} can show", seconds(wanted)),
        places,
        help: format!("set `duration` to at least {}, or require fewer media", ceil_tenth(needed)),
    }
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
