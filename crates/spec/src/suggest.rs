use super::clip_text::clip_text;
use super::shape::Table;
use super::vocabulary::{MOVIE, TABLES};

/// Returns the known name nearest to `written`, if it is near enough to be a typing mistake.
pub(super) fn nearest<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let written = clip_text(&written.to_lowercase().replace('_', "-"));
    known
        .map(|name| (strsim::damerau_levenshtein(&written, name), name))
        .filter(|(distance, name)| *distance <= (name.len().max(written.len()) / 3).max(1))
        .min()
        .map(|(_, name)| name)
}

/// Returns what to do about a key that `table` does not have.
pub(super) fn unknown_key_help(written: &str, table: &'static Table) -> String {
    if let Some(name) = nearest(written, table.names()) {
        return format!("did you mean `{name}`? {}", all(table));
    }
    let elsewhere = TABLES.iter().find(|other| other.keys.iter().any(|key| key.name == written));
    match elsewhere {
        Some(other) if other.name == MOVIE.name => {
            format!("`{written}` belongs to the top of the spec; {}", all(table))
        }
        Some(other) => format!("`{written}` belongs {}; {}", home(other), all(table)),
        None => all(table),
    }
}

fn all(table: &Table) -> String {
    let names: Vec<String> = table.names().map(|name| format!("`{name}`")).collect();
    format!("the keys here are {}", names.join(", "))
}

/// Returns where a table is written.
fn home(table: &Table) -> &'static str {
    match table.name {
        "medium" => "to an entry of `media`",
        "track" => "to a track of `music`",
        "title" => "to an entry of `titles`",
        "style" => "below `style`",
        "constraints" => "below `constraints`",
        "poster" => "to `poster` of an output",
        _ => "to an output",
    }
}
