//! Names as folders really have them: accents in either form, other letter case, folders that link to each
//! other, and exclusions with a slip.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::space::{Run, Space};
use crate::tools::interrupt;
use crate::watch::Watch;

/// Names with accents, each written with composed letters and with decomposed ones.
const FORMS: [[&str; 5]; 2] = [
    ["\u{c9}t\u{e9}", "plage \u{e0} N\u{ee}mes.jpg", "caf\u{e9} secret.jpg", "\u{e9}t\u{e9}", "\u{ef}"],
    [
        "E\u{301}te\u{301}",
        "plage a\u{300} Ni\u{302}mes.jpg",
        "cafe\u{301} secret.jpg",
        "e\u{301}te\u{301}",
        "i\u{308}",
    ],
];

/// Returns a spec that uses each way of naming a file.
fn spec([folder, beach, secret, song, list]: [&str; 5]) -> String {
    format!(
        "media:\n  - {folder}/\n  - {{path: {beach}, caption: A beach}}\n  - \"!{folder}/{secret}\"\n  \
         - \"{folder}2*/?*.JPG\"\nmusic: {{path: {song}/{song}.wav, beats: {list}.beats}}\nduration: 4s\n\
         rate: 25\nstyle: {{look: {list}.cube}}\n"
    )
}

fn write_files(space: &Space, [folder, beach, secret, song, list]: [&str; 5]) {
    space.take("photos/hill.jpg", &format!("{folder}/a.jpg"));
    space.take("photos/fig.jpg", &format!("{folder}/{secret}"));
    space.take("photos/path.jpg", &format!("{folder}2/{list}.jpg"));
    space.take("photos/bee.jpg", beach);
    space.clicks(&format!("{song}/{song}.wav"), 120.0, 10.0);
    space.write(&format!("{list}.beats"), "0.5\n1.0\n1.5\n2.0\n2.5\n3.0\n3.5\n4.0\n");
    let cube = "LUT_3D_SIZE 2\n0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n";
    space.write(&format!("{list}.cube"), cube);
}

/// Returns the sources that a plan shows or leaves out.
fn sources(plan: &Value) -> BTreeSet<String> {
    let lists = ["shots", "left_out"].into_iter().flat_map(|list| plan[list].as_array().unwrap());
    lists.map(|one| one["source"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_spec_names_files_with_accents_in_either_form() {
    for (written, there) in [(FORMS[0], FORMS[1]), (FORMS[1], FORMS[0])] {
        let space = Space::new().without_models();
        write_files(&space, there);
        space.movie(&spec(written));
        assert_eq!(codes(&space.run(&["check", "--json"]).expect_success()), [""; 0]);
        let plan = space.last_event(&["plan", "--json"]);
        let [folder, beach, _, _, list] = there;
        let want = [format!("{folder}/a.jpg"), format!("{folder}2/{list}.jpg"), beach.to_owned()];
        assert_eq!(sources(&plan), want.into());
        assert!(space.draft().finished_event()["actions"]["run"].as_u64().unwrap() > 3);
        // The same project on a disk that writes names in the other form.
        let other = Space::new().without_models();
        write_files(&other, written);
        other.movie(&spec(written)).write("movie.lock", space.lock());
        let moved = other
            .command(&["build", "--profile", "draft", "--json"])
            .env("MMM_CACHE_DIR", space.cache())
            .output();
        let moved = Run::from(moved.unwrap()).expect_success();
        assert_eq!(moved.finished_event()["actions"]["run"], 1, "only the link runs: {}", moved.stdout);
    }
}

#[test]
fn of_two_files_whose_names_differ_only_in_form_the_exact_name_is_used() {
    let [composed, decomposed] = ["caf\u{e9}.jpg", "cafe\u{301}.jpg"];
    let space = Space::new().without_models();
    space.take("photos/hill.jpg", composed).take("photos/bee.jpg", decomposed);
    for name in [composed, decomposed] {
        space.movie(&format!("media: {name}\nduration: 2s\n"));
        assert_eq!(sources(&space.last_event(&["plan", "--json"])), [name.to_owned()].into());
    }
}

/// Returns the codes of a run about names. The photos are of different years, which has a warning of its own.
fn codes(ran: &Run) -> Vec<String> {
    ran.codes().into_iter().filter(|code| code != ODD_TIME).collect()
}

const ODD_TIME: &str = "mmm::media::odd-time";

/// Checks a spec that must have one complaint, and returns that.
#[track_caller]
fn complaint(space: &Space, spec: &str) -> Value {
    space.movie(spec);
    let ran = space.run(&["check", "--json"]);
    let found: Vec<Value> = ran.events().into_iter().filter(|event| event["event"] == "diagnostic").collect();
    // A movie without any media is another complaint.
    let found: Vec<Value> = found
        .into_iter()
        .filter(|event| event["code"] != "mmm::plan::no-media" && event["code"] != ODD_TIME)
        .collect();
    assert_eq!(found.len(), 1, "{spec}\n{}", ran.stdout);
    let is_error = found[0]["severity"] == "error";
    assert_eq!(ran.code, if is_error || codes(&ran).len() > 1 { 3 } else { 0 }, "{spec}\n{}", ran.stdout);
    found[0].clone()
}

#[track_caller]
fn assert_meant(found: &Value, severity: &str, code: &str, meant: &str) {
    assert_eq!((&found["severity"], &found["code"]), (&severity.into(), &code.into()), "{found}");
    let help = found["help"].as_str().unwrap();
    assert!(help.starts_with(&format!("did you mean `{meant}`?")), "{found}");
    assert_eq!(found["labels"][0]["line"], 2, "{found}");
}

#[test]
fn another_letter_case_is_an_error_that_names_the_file_that_is_there() {
    let space = Space::new().without_models();
    space.take("photos/hill.jpg", "photos/IMG_0042.JPG").take("photos/bee.jpg", "photos/Day 1/bee.jpg");
    space.take("photos/bee.jpg", "\u{c9}t\u{e9}/bee.jpg").clicks("Songs/Song.wav", 120.0, 4.0);
    space.write("list.Beats", "0.5\n1\n").write("look.CUBE", "LUT_1D_SIZE 2\n0 0 0\n1 1 1\n");
    for (media, meant) in [
        ("photos/IMG_0042.jpg", "photos/IMG_0042.JPG"),
        ("Photos/", "photos/"),
        ("PHOTOS", "photos/"),
        ("Photos/IMG_0042.JPG", "photos/IMG_0042.JPG"),
        ("photos/day 1/", "photos/Day 1/"),
        ("Photos/DAY 1/Bee.jpg", "photos/Day 1/bee.jpg"),
        ("\u{e9}T\u{c9}/bee.jpg", "\u{c9}t\u{e9}/bee.jpg"),
        ("{path: photos/img_0042.jpg, required: true}", "photos/IMG_0042.JPG"),
    ] {
        let found = complaint(&space, &format!("media:\n  - {media}\n"));
        assert_meant(&found, "error", "mmm::media::missing", meant);
    }
    for (media, meant) in [
        ("Photos/*.jpg", "photos/*.jpg"),
        ("Photos/**/*.jpg", "photos/**/*.jpg"),
        ("Photos/Day 1/b*", "photos/Day 1/b*"),
        ("photos/day 1/{a,b}*", "photos/Day 1/{a,b}*"),
    ] {
        let found = complaint(&space, &format!("media:\n  - \"{media}\"\n"));
        assert_meant(&found, "error", "mmm::media::glob-matches-nothing", meant);
    }
    for (key, code, meant) in [
        ("music: songs/Song.wav", "mmm::media::missing", "Songs/Song.wav"),
        ("music: [Songs/song.WAV]", "mmm::media::missing", "Songs/Song.wav"),
        ("music: {path: Songs/Song.wav, beats: list.beats}", "mmm::music::beats-file", "list.Beats"),
        ("style: {look: Look.cube}", "mmm::look::cube", "look.CUBE"),
    ] {
        // The second mistake makes `check` report what it can without looking at media.
        space.movie(&format!("media: photos/\n{key}\nlenght: 2s\n"));
        let ran = space.run(&["check", "--json"]).expect_exit(3);
        assert_meant(&ran.diagnostic(code), "error", code, meant);
    }
    // A glob ignores letter case where it has a choice.
    space.movie("media: \"p*/img*.jpg\"\nduration: 2s\n");
    assert_eq!(codes(&space.run(&["check", "--json"]).expect_success()), [""; 0]);
}

#[test]
fn a_slip_in_a_name_names_the_nearest_file() {
    let space = Space::with_photos(&["hill", "bee"]).without_models();
    space.take("photos/fig.jpg", "photos/IMG_0042.jpg");
    let missing = "mmm::media::missing";
    for (media, meant) in
        [("photso/", "photos/"), ("photos/hil.jpg", "photos/hill.jpg"), ("photo/bee.jpg", "photos/bee.jpg")]
    {
        assert_meant(&complaint(&space, &format!("media:\n  - {media}\n")), "error", missing, meant);
    }
    let glob = "mmm::media::glob-matches-nothing";
    assert_meant(&complaint(&space, "media:\n  - \"photo/*.jpg\"\n"), "warning", glob, "photos/*.jpg");
    // Nothing is near, or the folder is there.
    for media in ["gone/", "photos/sunset over the sea.jpg"] {
        let found = complaint(&space, &format!("media:\n  - {media}\n"));
        assert!(found["help"].as_str().unwrap().starts_with("check the path"), "{found}");
    }
    fs::create_dir(space.path("empty")).unwrap();
    let found = complaint(&space, "media:\n  - empty/\n");
    assert_eq!(found["message"], "the folder `empty` contains no file to include", "{found}");
}

#[test]
fn an_exclusion_that_excludes_nothing_is_a_warning() {
    let space = Space::with_photos(&["hill", "bee"]).without_models();
    space.take("photos/fig.jpg", "private/fig.jpg").take("photos/path.jpg", "trip/receipts/path.jpg");
    space.take("photos/astronaut.jpg", "Pri\u{301}vate\u{301}/a.jpg");
    let code = "mmm::media::exclusion-matches-nothing";
    for (exclusion, meant) in [
        ("!Private/", "!private/"),
        ("!privat/", "!private/"),
        ("!private/Fig.jpg", "!private/fig.jpg"),
        ("!trip/reciepts/", "!trip/receipts/"),
        ("!**/receits/**", "!**/receipts/**"),
        ("!privat/*.jpg", "!private/*.jpg"),
        ("!pr\u{ed}vat\u{e9}/", "!Pri\u{301}vate\u{301}/"),
    ] {
        let found = complaint(&space, &format!("media: [./,\n  \"{exclusion}\"]\nduration: 4s\n"));
        assert_meant(&found, "warning", code, meant);
    }
    // Above the entry that includes the files, or beside all entries.
    for media in [
        "[\n  \"!private/\", ./]",
        "[photos/,\n  \"!private/\"]",
        "[./,\n  \"!private/\", private/, \"!private/\"]",
    ] {
        space.movie(&format!("media: {media}\nduration: 4s\n"));
        let ran = space.run(&["check", "--json"]).expect_success();
        if media.contains("private/, ") {
            assert_eq!(codes(&ran), [""; 0], "{media}");
            continue;
        }
        assert_eq!(codes(&ran), [code], "{media}");
        assert!(ran.stdout.contains("no entry above it includes"), "{}", ran.stdout);
    }
    for exclusion in ["!private/", "!**/receipts/**", "!Pr\u{ed}vat\u{e9}/", "!trip/*/path.JPG"] {
        space.movie(&format!("media: [./, \"{exclusion}\"]\nduration: 4s\n"));
        assert_eq!(codes(&space.run(&["check", "--json"]).expect_success()), [""; 0], "{exclusion}");
    }
    // A spec with another mistake.
    space.movie("media: [./, \"!privat/\"]\nlenght: 4s\n");
    let ran = space.run(&["check", "--json"]).expect_exit(3);
    assert_eq!(codes(&ran), ["mmm::spec::unknown-key", code]);
}

/// Returns a movie in a mesh of folders: each has a photo and links to all others, to its parent and to
/// itself.
fn mesh(folders: usize) -> Space {
    let space = Space::new().without_models();
    let photos = ["hill", "bee", "astronaut"];
    for at in 0..folders {
        let photo = photos[at % photos.len()];
        space.take(&format!("photos/{photo}.jpg"), &format!("{at}/{photo}.jpg"));
        for other in 0..folders {
            symlink(format!("../{other}"), space.path(&format!("{at}/see {other}"))).unwrap();
        }
        symlink("..", space.path(&format!("{at}/up"))).unwrap();
        symlink(".", space.path(&format!("{at}/same"))).unwrap();
    }
    space.movie("media: ./\nduration: 2s\nrate: 24\nstyle: {titles: off}\n");
    space
}

#[test]
fn folders_that_link_to_each_other_are_read_once_by_every_command() {
    let space = mesh(12);
    let start = Instant::now();
    assert_eq!(codes(&space.run(&["check", "--json"]).expect_success()), [""; 0]);
    let plan = space.last_event(&["plan", "--json"]);
    // Twelve media; those with equal content are near-duplicates.
    assert_eq!(sources(&plan).len(), 12, "{plan}");
    assert!(sources(&plan).iter().all(|path| path.matches('/').count() == 1), "{plan}");
    fs::rename(space.path("movie.yaml"), space.path("aside.txt")).unwrap();
    let found = space.last_event(&["init", "--json"]);
    assert_eq!(found["photos"], 12, "{found}");
    fs::rename(space.path("aside.txt"), space.path("movie.yaml")).unwrap();
    space.draft();
    // Each listing takes some milliseconds. The photos are analysed once, in a development build.
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    let start = Instant::now();
    space.run(&["check"]).expect_success();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let mut watch = Watch::start(&space, &[]);
    watch.next_build();
    space.take("photos/fig.jpg", "3/fig.jpg");
    watch.next_event("changed");
    watch.next_event("finished");
    let start = Instant::now();
    interrupt(&watch.child);
    assert_eq!(watch.child.wait().unwrap().code(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_linked_folder_is_shown_by_its_least_deep_path_and_excluded_by_its_own() {
    let space = Space::new().without_models();
    space.take("photos/hill.jpg", "old/trips/lisbon/hill.jpg").take("photos/bee.jpg", "bee.jpg");
    symlink("old/trips/lisbon", space.path("best")).unwrap();
    symlink("loop", space.path("loop")).unwrap();
    let plan = |media: &str| {
        space.movie(&format!("media: {media}\nduration: 2s\n"));
        sources(&space.last_event(&["plan", "--json"]))
    };
    let of = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<BTreeSet<String>>();
    let all = plan("./");
    assert!(all.is_superset(&of(&["bee.jpg", "best/hill.jpg"])), "{all:?}");
    assert_eq!(plan("[best/, old/]"), of(&["best/hill.jpg"]));
    assert_eq!(plan("old/trips/"), of(&["old/trips/lisbon/hill.jpg"]));
    assert_eq!(plan("[bee.jpg, best/, \"!old/trips/\"]"), of(&["bee.jpg"]));
    assert_eq!(plan("[bee.jpg, old/, best/, \"!best/\"]"), of(&["bee.jpg", "old/trips/lisbon/hill.jpg"]));
    // A link to itself is named.
    space.movie("media: ./\nduration: 2s\n");
    let ran = space.run(&["check", "--json"]).expect_success();
    assert_eq!(codes(&ran), ["mmm::media::unreadable"]);
    assert!(ran.stdout.contains("`loop` is left out: the link leads to no file"), "{}", ran.stdout);
}

#[test]
fn sidecars_are_found_in_other_letter_case_and_with_other_accents() {
    let space = Space::new().without_models();
    space.take("photos/astronaut.jpg", "\u{dc}n.jpg");
    space.take("photos/fig.jpg", "c.JPG");
    let json = r#"{"photoTakenTime": {"timestamp": "1559736000"}}"#;
    fs::write(space.path("U\u{308}n.jpg.json"), json).unwrap();
    let xmp = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:DateTimeOriginal="2019-06-07T09:00:00"/></rdf:RDF></x:xmpmeta>"#;
    fs::write(space.path("C.Xmp"), xmp).unwrap();
    space.movie("media: .\nduration: 4s\n");
    let plan = space.last_event(&["plan", "--json"]);
    let times: Vec<(&str, &str)> = plan["capture_times"]
        .as_array()
        .unwrap()
        .iter()
        .map(|time| (time["source"].as_str().unwrap(), time["from"].as_str().unwrap_or("none")))
        .collect();
    assert!(times.contains(&("\u{dc}n.jpg", "takeout")), "{times:?}");
    assert!(times.contains(&("c.JPG", "sidecar")), "{times:?}");
}
