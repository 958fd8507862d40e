use super::names::names_help;
use super::{count, seconds};
use mmm_base::{MediaPath, Time};
use mmm_facts::{ClipTrouble, Conflict, Shortage, WayOut};

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
        Conflict::AllTooShort { shortest, set, ways, .. } => all_too_short(*shortest, *set, ways),
        Conflict::TooLittle(shortage) => too_little(shortage),
        Conflict::TooMuchRequired { rules, wanted, shortest, set, as_music, for_people, ways, .. } => {
            too_much_required((rules, *for_people), *wanted, set.then_some(*shortest), *as_music, ways)
        }
        Conflict::ShorterThanAShot { wanted, shortest, ways, .. } => text(
            format!("a movie of {} is shorter than its shortest shot", seconds(*wanted)),
            &[
                ("duration", format!("{} wanted", seconds(*wanted))),
                ("constraints.shot", format!("at least {} a shot", seconds(*shortest))),
            ],
            help(ways, Bound::Least, "let a shot be shorter"),
        ),
        Conflict::NoCuts { shortest, longest, wanted, spacing, ways, .. } => {
            no_cuts((*shortest, *longest), *wanted, *spacing, ways)
        }
        Conflict::NoMusic => text(
            "the movie is to be as long as its music, and there is no music".to_owned(),
            &[("duration", "as long as the music".to_owned())],
            "name a track under `music`, or a length under `duration`".to_owned(),
        ),
        Conflict::MusicUnheard { path, track, from, end } => music_unheard(path, *track, *from, *end),
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
        Conflict::People { name, least, named, usable, names } => {
            people(name, *least, *named, *usable, names)
        }
        Conflict::Clip { path, rule, trouble } => clip(path, &format!("media[{rule}]"), *trouble),
        Conflict::MusicEndOutside { path, track, length } => {
            let length = seconds(*length);
            text(
                format!("`to` is outside of `{path}`"),
                &[(&format!("music[{track}].to"), format!("the track lasts {length}"))],
                format!("set `to` to at most {length}"),
            )
        }
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

/// Describes that a track starts after the end of its sound.
fn music_unheard(path: &MediaPath, track: usize, from: Time, end: Time) -> ConflictText {
    let (from, end) = (seconds(from), seconds(end));
    text(
        format!("nothing of `{path}` is heard from {from}: its sound ends at {end}"),
        &[
            (&format!("music[{track}].from"), format!("its sound ends at {end}")),
            ("duration", "as long as the music".to_owned()),
        ],
        "write an earlier `from`".to_owned(),
    )
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
            match floor_tenth(longest) {
                Time::ZERO => format!("don't require `{path}`"),
                least => format!("don't require `{path}`, or let a shot last {least}"),
            },
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

/// Describes that no cuts keep shots within their range.
fn no_cuts(
    (shortest, longest): (Time, Time),
    wanted: Time,
    spacing: Option<Time>,
    ways: &[WayOut],
) -> ConflictText {
    let range = ("constraints.shot", format!("{} to {}", seconds(shortest), seconds(longest)));
    let places = match spacing {
        Some(spacing) => {
            vec![range, ("constraints.cut-on", format!("cuts may fall about {} apart", seconds(spacing)))]
        }
        None => vec![("duration", format!("{} wanted", seconds(wanted))), range],
    };
    text(
        format!(
            "no cuts divide {} into shots of {} to {}",
            seconds(wanted),
            seconds(shortest),
            seconds(longest)
        ),
        &places,
        help(ways, Bound::Exactly, "remove `constraints.shot`"),
    )
}

/// Describes that every medium is too short for the shortest shot, which the spec may set.
fn all_too_short(shortest: Time, set: bool, ways: &[WayOut]) -> ConflictText {
    let shortest = seconds(shortest);
    let mut places = vec![("media", format!("nothing in them lasts {shortest} without a cut"))];
    if set {
        places.push(("constraints.shot", format!("at least {shortest} a shot")));
    }
    let help = help(ways, Bound::Least, "add photos or longer clips");
    text(format!("no medium can be shown for {shortest}"), &places, help)
}

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
    let help = help(&shortage.ways, Bound::Most, "add media");
    text(format!("{} can't be filled with {media}", seconds(wanted)), &places, help)
}

/// Whether the length that helps is the longest, the shortest, or one of several.
#[derive(Clone, Copy)]
enum Bound {
    Most,
    Least,
    Exactly,
}

/// Returns what helps, each way on its own; `otherwise` if the planner found nothing.
fn help(ways: &[WayOut], bound: Bound, otherwise: &str) -> String {
    let way = |way: &WayOut| match way {
        WayOut::Duration { length } => match bound {
            Bound::Most => format!("set `duration` to at most {length}"),
            Bound::Least => format!("set `duration` to at least {length}"),
            Bound::Exactly => format!("set `duration` to {length}"),
        },
        WayOut::MoreMedia { count: number } => format!("add {} or more", count(*number, "medium", "media")),
        WayOut::Repeats { repeats } => format!("allow `constraints: {{ repeats: {repeats} }}`"),
        WayOut::Shot { shortest, longest } => {
            let which = match bound {
                Bound::Most => format!("let a shot last up to {longest}"),
                Bound::Least => format!("let a shot last {shortest}"),
                Bound::Exactly => format!("let a shot last {shortest} to {longest}"),
            };
            format!("{which} (`constraints: {{ shot: {shortest}..{longest} }}`)")
        }
        WayOut::AnyShot => "remove `constraints.shot`".to_owned(),
        WayOut::Free => "set `constraints: { cut-on: free }`".to_owned(),
        WayOut::Optional { path } => format!("don't require `{path}`, or give it no role"),
    };
    if ways.is_empty() { otherwise.to_owned() } else { join_or(&ways.iter().map(way).collect::<Vec<_>>()) }
}

fn repeats_text(repeats: u32) -> String {
    match repeats {
        0 => "no medium may be repeated".to_owned(),
        1 => "a medium may be repeated once".to_owned(),
        more => format!("a medium may be repeated {more} times"),
    }
}

/// Returns why too few media show a person.
fn people(name: &str, least: u32, named: usize, usable: usize, names: &[String]) -> ConflictText {
    let place = format!("constraints.people.{name}");
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let wanted = format!("at least {} with {name}", count(least as usize, "shot", "shots"));
    if named == 0 {
        let message = format!("the movie must have {wanted}, but nobody in the media is called `{name}`");
        return text(message, &[(&place, "names nobody".to_owned())], names_help(name, &names));
    }
    let there = match (usable, named) {
        (usable, named) if usable == named => {
            let verb = if named == 1 { "shows" } else { "show" };
            format!("only {} {verb} {name}", count(named, "medium", "media"))
        }
        (usable, named) => format!(
            "of {} with {name}, only {usable} can be shown: the others are near-duplicates or too short",
            count(named, "medium", "media")
        ),
    };
    let help = match usable {
        0 => "remove this line, or include more media of this person".to_owned(),
        usable => format!("write `{usable}..`, or include more media of this person"),
    };
    text(format!("the movie must have {wanted}, but {there}"), &[(&place, format!("{usable} there"))], help)
}

fn too_much_required(
    (rules, for_people): (&[usize], usize),
    wanted: Time,
    shortest: Option<Time>,
    as_music: bool,
    ways: &[WayOut],
) -> ConflictText {
    let required = count(rules.len() + for_people, "medium is required", "media are required");
    let mut lines: Vec<usize> = rules.to_vec();
    lines.sort_unstable();
    lines.dedup();
    let mut places = vec![("duration".to_owned(), format!("{} wanted", seconds(wanted)))];
    if let Some(shortest) = shortest {
        places.push(("constraints.shot".to_owned(), format!("at least {} a shot", seconds(shortest))));
    }
    if as_music {
        places.push(("music".to_owned(), format!("lasts {}", seconds(wanted))));
    }
    places.extend(lines.iter().map(|rule| (format!("media[{rule}]"), "required".to_owned())));
    if for_people > 0 {
        let shots = count(for_people, "more shot", "more shots");
        places.push(("constraints.people".to_owned(), format!("requires {shots}")));
    }
    let fewer = "require fewer media";
    let help = match ways {
        [] => fewer.to_owned(),
        ways => format!("{}, or {fewer}", help(ways, Bound::Least, "")),
    };
    ConflictText { message: format!("{required}, more than {} can show", seconds(wanted)), places, help }
}

fn join_or(ways: &[String]) -> String {
    match ways {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{}, or {last}", first.join(", ")),
    }
}

fn floor_tenth(time: Time) -> Time {
    Time::from_millis(time.micros().div_euclid(100_000) * 100)
}
