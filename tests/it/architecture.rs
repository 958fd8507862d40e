//! Keeps the structure simple: crates and modules depend in one direction, and files and functions stay
//! short.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The crates of this workspace that each crate may depend on. docs/architecture.md describes each of them.
const CRATES: [(&str, &[&str]); 14] = [
    ("base", &[]),
    ("lexicon", &[]),
    ("spec", &["base"]),
    ("facts", &["base", "spec"]),
    ("fonts", &["base", "facts"]),
    ("store", &["base"]),
    ("media", &["base", "facts", "spec"]),
    ("analysis", &["base", "facts"]),
    ("plan", &["base", "facts", "lexicon", "spec"]),
    ("render", &["base", "facts", "fonts", "media", "spec", "store"]),
    ("exec", &["base", "facts", "spec", "store"]),
    ("worker", &["analysis", "base", "exec", "facts", "media", "render", "spec", "store"]),
    ("engine", &["base", "exec", "facts", "fonts", "plan", "spec", "store"]),
    ("mmm", &["base", "engine", "exec", "facts", "fonts", "lexicon", "plan", "spec", "store", "worker"]),
];

/// Libraries that only the listed crates may use, so that the other crates build without them.
const LIBRARIES: [(&str, &[&str]); 8] = [
    ("ffmpeg-next", &["media", "render"]),
    ("rten", &["analysis"]),
    ("symphonia", &["media"]),
    ("salsa", &["engine"]),
    ("notify", &["engine"]),
    ("clap", &["mmm"]),
    ("miette", &["base"]),
    ("axum", &["mmm"]),
];

/// Which modules of a crate may use the module in the second column. Any module may use a module that is not
/// listed.
const ROOMS: [(&str, &str, &[&str]); 12] = [
    // (crate, module, the other modules of the crate that may use it)
    ("mmm", "cli", &[]),
    ("mmm", "serve", &["cli"]),
    ("mmm", "chart", &["cli"]),
    ("plan", "dates", &["cast"]),
    ("plan", "cast", &["music", "solve", "write"]),
    ("plan", "music", &["solve", "write"]),
    ("plan", "solve", &["write"]),
    ("plan", "write", &[]),
    ("plan", "lock", &["words"]),
    ("plan", "timeline", &[]),
    ("render", "review", &[]),
    ("analysis", "net", &["audio", "clip", "sight"]),
];

/// The most lines of a file and of a function.
const LONGEST_FILE: usize = 600;
const LONGEST_FUNCTION: usize = 70;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the folder of a crate.
fn folder(name: &str) -> PathBuf {
    if name == "mmm" { root().to_owned() } else { root().join("crates").join(name) }
}

/// Returns the Rust files of a crate with their text.
fn sources(name: &str) -> Vec<(PathBuf, String)> {
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
    walk(&folder(name).join("src"), &mut found);
    assert!(!found.is_empty(), "{name} has no sources");
    found
}

/// Returns the names in a table of a crate's manifest.
fn manifest(name: &str, table: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(folder(name).join("Cargo.toml")).unwrap();
    let manifest: toml::Table = text.parse().unwrap();
    manifest
        .get(table)
        .and_then(|table| table.as_table())
        .into_iter()
        .flatten()
        .map(|(key, _)| key.clone())
        .collect()
}

fn is_test(path: &Path) -> bool {
    path.to_str().unwrap().ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "tests")
}

/// Returns the text without comments and unit tests.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Returns every path in a text that begins with `start`, with `use` lists expanded. Paths outside of `use`
/// count too.
fn paths(code: &str, start: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices(start) {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        collect("", &code[at..], &mut found);
    }
    found
}

/// Adds the paths at the beginning of `rest` to `found`, each prefixed by `before`. Returns their length in
/// bytes.
fn collect(before: &str, rest: &str, found: &mut Vec<String>) -> usize {
    let head: String = rest.chars().take_while(|c| c.is_alphanumeric() || "_:*".contains(*c)).collect();
    let path = format!("{before}{head}");
    if !(path.ends_with("::") && rest[head.len()..].starts_with('{')) {
        found.push(path);
        return head.len();
    }
    let mut at = head.len() + 1;
    loop {
        let inside = &rest[at..];
        at += inside.len() - inside.trim_start_matches([' ', '\n', ',']).len();
        if rest[at..].is_empty() {
            return at;
        }
        if rest[at..].starts_with('}') {
            return at + 1;
        }
        let taken = collect(&path, &rest[at..], found);
        let alias = rest[at + taken..].find([',', '}']).unwrap_or(0);
        at += taken.max(1) + if rest[at + taken..].starts_with(" as ") { alias } else { 0 };
    }
}

#[test]
fn use_lists_are_taken_apart() {
    let text = "use mmm_facts::{Canvas, plan::{Shot as Cut, Segment}};\nlet x = mmm_facts::Time::ZERO; crate::x::y()";
    let want =
        ["mmm_facts::Canvas", "mmm_facts::plan::Shot", "mmm_facts::plan::Segment", "mmm_facts::Time::ZERO"];
    assert_eq!(paths(text, "mmm_facts::"), want);
    assert_eq!(paths(text, "crate::"), ["crate::x::y"]);
}

#[test]
fn every_crate_is_on_the_plan() {
    let mut there: BTreeSet<String> = fs::read_dir(root().join("crates"))
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    there.insert("mmm".to_owned());
    let known: BTreeSet<String> = CRATES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(there, known);
}

#[test]
fn crates_depend_one_way() {
    let mut above: BTreeMap<&str, usize> = BTreeMap::new();
    for (level, (name, allowed)) in CRATES.iter().enumerate() {
        let ours: BTreeSet<String> = manifest(name, "dependencies")
            .into_iter()
            .filter_map(|dependency| dependency.strip_prefix("mmm-").map(str::to_owned))
            .collect();
        let allowed: BTreeSet<String> = allowed.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(ours, allowed, "Cargo.toml of {name}");
        assert!(
            ours.iter().all(|used| above.contains_key(used.as_str())),
            "{name} stands above what it uses"
        );
        above.insert(name, level);
    }
}

#[test]
fn libraries_stay_in_their_crates() {
    for (name, _) in CRATES {
        let used = manifest(name, "dependencies");
        for (library, homes) in LIBRARIES {
            assert!(!used.contains(library) || homes.contains(&name), "{name} uses {library}");
        }
    }
}

#[test]
fn crates_are_used_through_their_root_or_a_public_room() {
    let rooms = [
        ("plan", "lock"),
        ("plan", "timeline"),
        ("plan", "words"),
        ("render", "review"),
        ("analysis", "net"),
        ("base", "diagnostics"),
        ("facts", "sample"),
    ];
    let mut imports = 0;
    for (name, _) in CRATES {
        for (path, text) in sources(name) {
            for (used, _) in CRATES {
                for import in paths(&code(&text), &format!("mmm_{used}::")) {
                    imports += 1;
                    let inside: Vec<&str> = import.split("::").skip(1).collect();
                    let module = inside.len() > 1 && inside[0].starts_with(|c: char| c.is_lowercase());
                    assert!(
                        !module || rooms.contains(&(used, inside[0])),
                        "{}: {import} reaches into mmm-{used}",
                        path.display()
                    );
                }
            }
        }
    }
    assert!(imports > 500, "the scan found {imports} imports");
}

#[test]
fn rooms_of_a_crate_are_used_one_way() {
    for (name, room, users) in ROOMS {
        for (path, text) in sources(name) {
            let inside = path.strip_prefix(folder(name).join("src")).unwrap();
            let own = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
            if own == room || users.contains(&own.as_str()) || own == "lib" || own == "main" || is_test(&path)
            {
                continue;
            }
            for start in [format!("crate::{room}::"), format!("super::{room}::"), format!("mmm::{room}::")] {
                let used = paths(&code(&text), &start);
                assert!(used.is_empty(), "{}: {} is not for it", path.display(), used[0]);
            }
        }
    }
}

#[test]
fn only_the_main_function_names_the_worker() {
    for (path, text) in sources("mmm") {
        let named = code(&text).contains("mmm_worker");
        assert_eq!(named, path.ends_with("src/main.rs"), "{}", path.display());
    }
}

/// A module of a folder: a file, or a folder with all of its files.
type Modules = BTreeMap<String, Vec<PathBuf>>;

/// Returns the modules of a folder without its tests.
fn modules(folder: &Path) -> Modules {
    fn files(path: &Path) -> Vec<PathBuf> {
        if path.is_file() {
            return vec![path.to_owned()];
        }
        fs::read_dir(path).unwrap().flatten().flat_map(|entry| files(&entry.path())).collect()
    }
    let mut found = Modules::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        let stem = name.trim_end_matches(".rs").to_owned();
        let is_module = entry.path().is_dir() || name.ends_with(".rs");
        if is_module && !["lib", "main", "mod"].contains(&stem.as_str()) && !is_test(&entry.path()) {
            let files = files(&entry.path()).into_iter().filter(|file| !is_test(file)).collect();
            found.insert(stem, files);
        }
    }
    found
}

/// Returns which modules of a folder each module imports, by name or through the re-exports of the folder's
/// `lib.rs` or `mod.rs`.
fn imports(folder: &Path, modules: &Modules) -> BTreeMap<String, BTreeSet<String>> {
    let mut homes: BTreeMap<String, String> = BTreeMap::new();
    for root in ["lib.rs", "mod.rs"] {
        let text = fs::read_to_string(folder.join(root)).unwrap_or_default();
        for module in modules.keys() {
            let exported = paths(&code(&text), &format!("{module}::")).into_iter();
            homes.extend(
                exported.filter_map(|path| Some((path.split("::").last()?.to_owned(), module.clone()))),
            );
        }
    }
    let is_root = folder.join("lib.rs").exists();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, files) in modules {
        for file in files {
            let code = code(&fs::read_to_string(file).unwrap());
            let inside = file.strip_prefix(folder).unwrap();
            let depth = inside.components().count() - usize::from(inside.ends_with("mod.rs"));
            let up = "super::".repeat(depth);
            let mut named: Vec<String> =
                paths(&code, &up).iter().map(|path| path[up.len()..].to_owned()).collect();
            if is_root {
                named.extend(paths(&code, "crate::").iter().map(|path| path["crate::".len()..].to_owned()));
            }
            let first = named.iter().map(|path| path.split("::").next().unwrap().to_owned());
            let used = first
                .filter_map(|name| modules.get(&name).map(|_| name.clone()).or(homes.get(&name).cloned()));
            found.entry(module.clone()).or_default().extend(used.filter(|used| used != module));
        }
    }
    found
}

/// Returns a path of imports from `module` back to itself, if there is one.
fn circle(imports: &BTreeMap<String, BTreeSet<String>>, module: &str) -> Option<Vec<String>> {
    let mut ways = vec![vec![module.to_owned()]];
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop() {
        for next in imports.get(way.last().unwrap()).into_iter().flatten() {
            let mut longer = way.clone();
            longer.push(next.clone());
            if next == module {
                return Some(longer);
            }
            if seen.insert(next.clone()) {
                ways.push(longer);
            }
        }
    }
    None
}

#[test]
fn no_modules_import_each_other() {
    fn check(folder: &Path, edges: &mut usize) {
        let modules = modules(folder);
        let imports = imports(folder, &modules);
        *edges += imports.values().map(BTreeSet::len).sum::<usize>();
        for module in modules.keys() {
            let circle = circle(&imports, module).map(|way| way.join(" → "));
            assert_eq!(circle, None, "in {}", folder.display());
            if folder.join(module).is_dir() {
                check(&folder.join(module), edges);
            }
        }
    }
    let mut edges = 0;
    for (name, _) in CRATES {
        check(&folder(name).join("src"), &mut edges);
    }
    assert!(edges > 500, "the scan found {edges} imports");
}

#[test]
fn a_circle_is_found() {
    let edge = |from: &str, to: &[&str]| (from.to_owned(), to.iter().map(|to| (*to).to_owned()).collect());
    let imports =
        BTreeMap::from([edge("a", &["b"]), edge("b", &["c", "d"]), edge("c", &["a"]), edge("d", &[])]);
    assert_eq!(circle(&imports, "b").unwrap(), ["b", "c", "a", "b"]);
    assert_eq!(circle(&imports, "d"), None);
}

#[test]
fn crates_that_think_touch_nothing_outside() {
    let outside = ["std::fs", "std::env", "std::process", "std::time", "std::net", "HashMap", "HashSet"];
    for name in ["base", "lexicon", "spec", "facts", "analysis", "plan"] {
        for (path, text) in sources(name) {
            if is_test(&path) {
                continue;
            }
            let code = code(&text);
            for word in outside {
                assert!(!code.contains(word), "{} uses {word}", path.display());
            }
        }
    }
}

#[test]
fn types_have_names_of_their_own() {
    let mut homes: BTreeMap<String, PathBuf> = BTreeMap::new();
    for (name, _) in CRATES {
        for (path, text) in sources(name) {
            for line in code(&text).lines() {
                let Some(rest) = ["pub struct ", "pub enum ", "pub trait ", "pub type "]
                    .iter()
                    .find_map(|start| line.strip_prefix(start))
                else {
                    continue;
                };
                let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
                if let Some(other) = homes.insert(name.clone(), path.clone()) {
                    panic!("{name} is in {} and in {}", other.display(), path.display());
                }
            }
        }
    }
    assert!(homes.len() > 200, "the scan found {} types", homes.len());
}

#[test]
fn files_and_functions_fit_in_the_eye() {
    for (path, text) in CRATES.iter().flat_map(|(name, _)| sources(name)) {
        let lines = text.lines().count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines", path.display());
        // A test is read from top to bottom, and its snapshots make it long.
        if is_test(&path) {
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
fn every_crate_and_room_says_what_it_is_for() {
    for (path, text) in CRATES.iter().flat_map(|(name, _)| sources(name)) {
        if path.ends_with("lib.rs") || path.ends_with("mod.rs") {
            assert!(text.starts_with("//! "), "{} does not say what it is for", path.display());
        }
    }
}
