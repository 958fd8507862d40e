//! The house stays simple: imports go one way, rooms and functions fit in the eye.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The floors of the house, from the top; a room may use those below its own, and its own floor
/// only where `BESIDE` says so.
const FLOORS: [&[&str]; 8] = [
    &["cli"],
    &["serve"],
    &["engine"],
    &["exec"],
    &["review", "render", "timeline", "lock", "plan", "chart", "analysis"],
    &["media", "spec", "store", "net", "fonts"],
    &["diagnostics"],
    &["base"],
];

/// The rooms of one floor stand in the order in which a movie passes through them.
const BESIDE: [(&str, &str); 10] = [
    ("chart", "analysis"),
    ("plan", "analysis"),
    ("lock", "plan"),
    ("timeline", "plan"),
    ("render", "timeline"),
    ("review", "render"),
    ("review", "timeline"),
    ("review", "plan"),
    ("review", "analysis"),
    ("timeline", "analysis"),
];

/// Lines of a file, and of a function, that are too many.
const LONGEST_FILE: usize = 600;
const LONGEST_FUNCTION: usize = 70;

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                walk(&entry.path(), found);
            } else if entry.path().extension().is_some_and(|ending| ending == "rs") {
                found.push((entry.path(), fs::read_to_string(entry.path()).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    walk(&root(), &mut found);
    assert!(found.len() > 100, "{} files below {}", found.len(), root().display());
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn room(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(root()).unwrap();
    (inside.components().count() > 1).then(|| inside.iter().next().unwrap().to_str().unwrap().to_owned())
}

#[test]
fn imports_point_one_way() {
    let floor: BTreeMap<&str, usize> = FLOORS
        .iter()
        .enumerate()
        .flat_map(|(level, rooms)| rooms.iter().map(move |room| (*room, level)))
        .collect();
    let mut imports = 0;
    for (path, text) in sources() {
        let Some(room) = room(&path) else { continue };
        let own = *floor.get(room.as_str()).unwrap_or_else(|| panic!("`{room}` is on no floor"));
        for used in text.split("crate::").skip(1) {
            let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let Some(level) = floor.get(used.as_str()) else { continue };
            imports += 1;
            let beside = BESIDE.contains(&(room.as_str(), used.as_str()));
            assert!(room == used || *level > own || beside, "{} uses `{used}`", path.display());
        }
    }
    assert!(imports > 100, "the scan found {imports} imports");
}

#[test]
fn salsa_stays_in_the_engine_and_miette_in_diagnostics() {
    for (path, text) in sources() {
        let room = room(&path).unwrap_or_default();
        for (library, home) in [("salsa", "engine"), ("miette", "diagnostics"), ("clap", "cli")] {
            let used = text.lines().any(|line| {
                let line = line.trim_start();
                line.starts_with(&format!("use {library}::")) || line.contains(&format!("#[{library}::"))
            });
            assert!(!used || room == home, "{} uses {library}", path.display());
        }
    }
}

#[test]
fn rooms_that_think_touch_nothing_outside() {
    let outside = ["std::fs", "std::env", "std::process", "std::time", "std::net", "HashMap", "HashSet"];
    let mut read = 0;
    for (path, text) in sources() {
        if !["spec", "analysis", "plan", "timeline", "chart", "base"]
            .contains(&room(&path).unwrap_or_default().as_str())
        {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap();
        if path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs") {
            continue;
        }
        for word in outside {
            assert!(!code.contains(word), "{} uses {word}", path.display());
        }
        read += 1;
    }
    assert!(read > 50, "{read} files were read");
}

#[test]
fn files_and_functions_fit_in_the_eye() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines", path.display());
        // A test is read from the top like a story; its snapshots make it long.
        if path.ends_with("tests.rs") || path.parent().is_some_and(|folder| folder.ends_with("tests")) {
            continue;
        }
        let mut start = None;
        for (number, line) in text.lines().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let head = line.trim_start();
            let begins = ["fn ", "pub fn ", "pub(super) fn ", "pub(crate) fn ", "const fn ", "pub const fn "];
            if start.is_none() && begins.iter().any(|begin| head.starts_with(begin)) && !head.ends_with(';') {
                start = Some((number, indent));
            } else if let Some((first, depth)) = start
                && indent == depth
                && head.starts_with('}')
            {
                let long = number - first + 1;
                assert!(long <= LONGEST_FUNCTION, "{}:{} has {long} lines", path.display(), first + 1);
                start = None;
            }
        }
    }
}

#[test]
fn every_room_says_what_it_is_for() {
    for room in FLOORS.concat() {
        let text = fs::read_to_string(root().join(room).join("mod.rs")).unwrap();
        assert!(text.starts_with("//! "), "src/{room}/mod.rs does not say what the room is for");
    }
}
