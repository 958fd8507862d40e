use super::super::*;
use super::movie;
use mmm_base::{MediaPath, Time};

fn listing(paths: &[&str]) -> Listing {
    Listing::of(&paths.iter().map(|path| MediaPath::new(path).unwrap()).collect::<Vec<_>>())
}

/// Returns the paths that `media` includes from a folder.
fn taken(media: &str, files: &[&str]) -> Vec<String> {
    let selection = select(&movie(&format!("media: {media}\n")), &listing(files));
    selection.taken.iter().map(|taken| taken.path.to_string()).collect()
}

const FOLDER: &[&str] = &[
    "IMG_10.jpg",
    "IMG_2.JPG",
    "clips/a.mp4",
    "clips/deep/b.mp4",
    "clips2/c.mp4",
    "movie.mp4",
    "movie.yaml",
    "photos/.hidden/x.jpg",
    "photos/.thumb.jpg",
    "photos/receipts/r.jpg",
    "photos/z.heic",
];

#[test]
fn files_folders_and_globs() {
    assert_eq!(taken("IMG_10.jpg", FOLDER), ["IMG_10.jpg"]);
    assert_eq!(taken("clips/", FOLDER), ["clips/a.mp4", "clips/deep/b.mp4"]);
    assert_eq!(taken("clips", FOLDER), ["clips/a.mp4", "clips/deep/b.mp4"]);
    assert_eq!(taken("\"*.jpg\"", FOLDER), ["IMG_2.JPG", "IMG_10.jpg"]);
    assert_eq!(taken("\"clips/*\"", FOLDER), ["clips/a.mp4"]);
    assert_eq!(taken("\"clips*/\"", FOLDER), ["clips/a.mp4", "clips/deep/b.mp4", "clips2/c.mp4"]);
    assert_eq!(taken("\"**/{a,c}.mp4\"", FOLDER), ["clips/a.mp4", "clips2/c.mp4"]);
    assert_eq!(taken("[photos/, \"!photos/receipts/\"]", FOLDER), ["photos/z.heic"]);
}

#[test]
fn the_whole_folder_but_outputs_and_hidden_files() {
    let all = taken("./", FOLDER);
    assert_eq!(all.len(), FOLDER.len() - 3);
    assert!(!all.iter().any(|path| path == "movie.mp4" || path.contains("/.")));
    assert_eq!(taken("photos/.thumb.jpg", FOLDER), ["photos/.thumb.jpg"]);
    assert_eq!(taken("photos/.hidden", FOLDER), ["photos/.hidden/x.jpg"]);
    assert_eq!(taken("\"photos/.*\"", FOLDER), [""; 0]);
}

#[test]
fn a_name_that_looks_like_a_glob_is_a_name() {
    let odd = ["a[1].jpg", "a1.jpg", "[2024] Trip/x.jpg", "2 Trip/y.jpg", "!b.jpg"];
    assert_eq!(taken("\"a[1].jpg\"", &odd), ["a[1].jpg"]);
    assert_eq!(taken("\"a[1].jpg\"", &odd[1..]), ["a1.jpg"]);
    assert_eq!(taken("\"[2024] Trip/\"", &odd), ["[2024] Trip/x.jpg"]);
    assert_eq!(taken("[./!b.jpg]", &odd), ["!b.jpg"]);
}

#[test]
fn later_rules_add_and_the_first_gives_the_place() {
    let movie = movie(
        "media:\n  - { path: clips/, sound: keep, in: 1s, live: still }\n  - IMG_2.JPG\n  - { path: clips/a.mp4, in: 2s, audio: 2, required: true, live: play }\n  - { path: clips/deep/b.mp4, required: false }\n",
    );
    let selection = select(&movie, &listing(FOLDER));
    let all: Vec<(&str, usize, usize, bool)> =
        selection.taken.iter().map(|one| (one.path.as_str(), one.rule, one.last_rule, one.named)).collect();
    assert_eq!(
        all,
        [("clips/a.mp4", 0, 2, true), ("clips/deep/b.mp4", 0, 3, true), ("IMG_2.JPG", 1, 1, true)]
    );
    let wanted = Known {
        required: true,
        from: Some(Time::from_secs(2)),
        live: Some(LivePhotos::Play),
        sound: Some(ClipSound::Keep),
        audio: Some(2),
        ..Known::default()
    };
    assert_eq!(selection.taken[0].known, wanted);
}

#[test]
fn what_is_dropped_comes_back_anew() {
    let text = "media: [{ path: clips/, sound: keep }, IMG_2.JPG, \"!clips/**\", clips/a.mp4]";
    let selection = select(&movie(text), &listing(FOLDER));
    let all: Vec<(&str, usize)> = selection.taken.iter().map(|one| (one.path.as_str(), one.rule)).collect();
    assert_eq!(all, [("IMG_2.JPG", 1), ("clips/a.mp4", 3)]);
    assert_eq!(selection.taken[1].known, Known::default());
}

#[test]
fn rules_that_find_nothing_are_named() {
    let text = "media: [clips/, \"*.png\", clips/a.mp4, \"!x/\", \"!clips/deep/\", gone.jpg]";
    let selection = select(&movie(text), &listing(FOLDER));
    assert_eq!((selection.unmatched, selection.idle), (vec![1, 5], vec![3]));
    assert_eq!(selection.early, [0; 0]);
    // An exclusion above the rule that includes its files, and one that comes twice.
    let selection = select(&movie("media: [\"!clips/\", ./, \"!clips/\", \"!clips/\"]"), &listing(FOLDER));
    assert_eq!((selection.idle, selection.early), (vec![0, 3], vec![0, 3]));
    assert_eq!(select(&movie("media: ./"), &Listing::default()).unmatched, [0]);
}

#[test]
fn the_order_of_the_listing_does_not_matter() {
    let movie = movie("media: [\"**/*.mp4\", ./]");
    let mut files = listing(FOLDER);
    let wanted = select(&movie, &files);
    files.files.reverse();
    assert_eq!(select(&movie, &files), wanted);
}

fn listed(media: &str) -> Vec<String> {
    let mark = |root: Root| {
        let tail = match (root.recursive, root.hidden) {
            (false, _) => "",
            (true, false) => "/**",
            (true, true) => "/.**",
        };
        root.path + tail
    };
    roots(&movie(&format!("media: {media}\n"))).into_iter().map(mark).collect()
}

#[test]
fn only_what_is_needed_is_listed() {
    assert_eq!(listed("a.jpg"), ["a.jpg/**"]);
    assert_eq!(listed("[photos/, photos/a.jpg, photos/b/, \"!x/**\"]"), ["photos/**"]);
    assert_eq!(listed("[photos/, photos/.h/a.jpg]"), ["photos/**", "photos/.h/a.jpg/**"]);
    assert_eq!(listed("\"photos/*.jpg\""), ["photos", "photos/*.jpg/**"]);
    assert_eq!(listed("\"photos/**/*.jpg\""), ["photos/**"]);
    assert_eq!(listed("\"photos/{a,b/c}.jpg\""), ["photos/**"]);
    assert_eq!(listed("[photos/, ./]"), ["/**"]);
    assert_eq!(listed("[\"**/.x/*.jpg\", ./]"), ["/.**"]);
    assert_eq!(listed("[a/, ab/, a/]"), ["a/**", "ab/**"]);
}

/// `Zürich/Café.jpg` as it is written on most disks, and on those of Macs.
const COMPOSED: &str = "Z\u{fc}rich/Caf\u{e9}.jpg";
const DECOMPOSED: &str = "Zu\u{308}rich/Cafe\u{301}.jpg";

#[test]
fn composed_and_decomposed_names_match() {
    for (written, there) in [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)] {
        let (folder, file) = written.split_once('/').unwrap();
        let files = [there, "b.jpg"];
        for pattern in [
            written.to_owned(),
            format!("{folder}/"),
            format!("{folder}/**"),
            format!("\"{folder}/*.jpg\""),
            format!("\"*/{file}\""),
            "\"**/Caf?.JPG\"".to_owned(),
            format!("\"{folder}/{{{file},x}}\""),
        ] {
            assert_eq!(taken(&pattern, &files), [there], "{pattern}");
            let rest = taken(&format!("[./, {}]", exclusion(&pattern)), &files);
            assert_eq!(rest, ["b.jpg"], "!{pattern}");
        }
    }
    // A name is composed of its parts, each in its own form.
    let mixed = "Zu\u{308}rich/Caf\u{e9}.jpg";
    assert_eq!(taken(COMPOSED, &[mixed]), [mixed]);
    assert_eq!(taken(DECOMPOSED, &[mixed]), [mixed]);
}

fn exclusion(pattern: &str) -> String {
    format!("\"!{}\"", pattern.trim_matches('"'))
}

#[test]
fn of_two_files_that_differ_only_in_form_the_exact_name_wins() {
    for (written, other) in [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)] {
        assert_eq!(taken(written, &[written, other]), [written]);
        let folder = written.split_once('/').unwrap().0;
        assert_eq!(taken(&format!("{folder}/"), &[written, other]), [written]);
    }
    // In a folder of the other form, the exact name of the file wins.
    let (folder, composed) = ("Zu\u{308}rich", "Zu\u{308}rich/Caf\u{e9}.jpg");
    assert_eq!(taken(COMPOSED, &[DECOMPOSED, composed]), [composed]);
    assert_eq!(taken(&format!("{folder}/"), &[DECOMPOSED, composed]).len(), 2);
    // A file is named once, by either form.
    let media = format!("[{{path: {COMPOSED}, in: 1s}}, {{path: {DECOMPOSED}, sound: keep}}]");
    let selection = select(&movie(&format!("media: {media}\n")), &listing(&[DECOMPOSED]));
    assert_eq!(selection.taken.len(), 1);
    let known = &selection.taken[0].known;
    assert!(selection.taken[0].named && known.from.is_some() && known.sound.is_some());
}

#[test]
fn an_output_is_no_input_in_either_form() {
    let files = ["e\u{301}te\u{301}.mp4", "a.jpg"];
    let movie = movie("media: ./\noutputs: {\u{e9}t\u{e9}.mp4: {}}\n");
    let selection = select(&movie, &listing(&files));
    assert_eq!(selection.taken.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["a.jpg"]);
}

#[test]
fn the_order_of_files_does_not_depend_on_their_form() {
    let order = |files: &[&str]| -> Vec<String> {
        let taken = taken("./", files);
        taken.iter().map(|path| normal_name(path).into_owned()).collect()
    };
    let composed = order(&["\u{e9}a.jpg", "eb.jpg", "z.jpg", "f.jpg"]);
    assert_eq!(order(&["e\u{301}a.jpg", "eb.jpg", "z.jpg", "f.jpg"]), composed);
}

/// Returns the listing of a folder in which `old/trips/` is also `best/`, and `new/` is also `old/see/`.
fn linked() -> Listing {
    let shared = |shown: &str, others: &[&str], real: &str| SharedFolder {
        shown: shown.to_owned(),
        others: others.iter().map(|other| (*other).to_owned()).collect(),
        real: real.to_owned(),
    };
    let mut listing = listing(&["best/a.jpg", "best/deep/b.jpg", "new/c.jpg", "old/d.jpg"]);
    listing.folders = vec![shared("best", &["old/trips"], "old/trips"), shared("new", &["old/see"], "new")];
    listing
}

#[test]
fn a_file_with_several_paths_is_included_once_by_any_of_them() {
    let taken = |media: &str| -> Vec<String> {
        let selection = select(&movie(&format!("media: {media}\n")), &linked());
        selection.taken.iter().map(|taken| taken.path.to_string()).collect()
    };
    assert_eq!(taken("./"), ["best/a.jpg", "best/deep/b.jpg", "new/c.jpg", "old/d.jpg"]);
    assert_eq!(taken("best/"), ["best/a.jpg", "best/deep/b.jpg"]);
    assert_eq!(taken("old/trips/deep/b.jpg"), ["old/trips/deep/b.jpg"]);
    assert_eq!(taken("old/"), ["old/d.jpg", "old/see/c.jpg", "old/trips/a.jpg", "old/trips/deep/b.jpg"]);
    assert_eq!(taken("[old/, best/]")[..2], ["best/a.jpg", "best/deep/b.jpg"]);
    assert_eq!(taken("\"old/*/?.jpg\""), ["old/see/c.jpg", "old/trips/a.jpg"]);
    // What is excluded under its real path is excluded; a link is only a path.
    assert_eq!(taken("[./, \"!old/trips/\"]"), ["new/c.jpg", "old/d.jpg"]);
    assert_eq!(taken("[./, \"!old/\"]"), ["new/c.jpg"]);
    assert_eq!(
        taken("[./, \"!best/\"]"),
        ["new/c.jpg", "old/d.jpg", "old/trips/a.jpg", "old/trips/deep/b.jpg"]
    );
    assert_eq!(taken("[./, \"!old/see/\"]").len(), 4);
    assert_eq!(taken("[./, \"!new/\"]"), ["best/a.jpg", "best/deep/b.jpg", "old/d.jpg"]);
}

#[test]
fn filters_choose_among_the_files_of_their_rule() {
    let movie = movie(
        "media:\n  - { path: photos/, rating: 3.. }\n  - { path: clips/, people: Anna, required: true, sound: keep }\n  \
         - \"*.jpg\"\n  - { path: ./, people: not Anna, rating: ..2, caption: x }\n",
    );
    let selection = select(&movie, &listing(FOLDER));
    let rules =
        |path: &str| selection.taken.iter().find(|taken| taken.path.as_str() == path).unwrap().rules.clone();
    assert_eq!((rules("photos/z.heic"), rules("IMG_10.jpg")), (vec![0, 3], vec![2, 3]));
    let admitted = |stars: Option<u8>, people: &[&str]| {
        let people = people.iter().map(|name| folded_name(name)).collect();
        selection.admitted(&movie, |_, filter| filter.admits(stars, &people))
    };
    let paths = |taken: &[Taken]| taken.iter().map(|one| one.path.to_string()).collect::<Vec<_>>();
    let all = admitted(Some(4), &[]);
    // A rule without a filter includes its files whatever later rules ask.
    assert_eq!(paths(&all), ["photos/receipts/r.jpg", "photos/z.heic", "IMG_2.JPG", "IMG_10.jpg"]);
    assert!(all.iter().all(|taken| taken.rule == taken.last_rule && taken.known == Known::default()));
    let all = admitted(None, &["ANNA"]);
    assert_eq!(paths(&all), ["clips/a.mp4", "clips/deep/b.mp4", "IMG_2.JPG", "IMG_10.jpg"]);
    assert!(all[0].known.required && all[0].known.sound == Some(ClipSound::Keep) && !all[2].known.required);
    // What an earlier rule leaves out stands where a later one includes it, with the settings of that one.
    let all = admitted(Some(2), &[]);
    let places: Vec<_> = all.iter().map(|one| (one.path.as_str(), one.rule, one.last_rule)).collect();
    assert_eq!(places[..3], [("IMG_2.JPG", 2, 3), ("IMG_10.jpg", 2, 3), ("clips/a.mp4", 3, 3)]);
    assert!(all[2].known.sound.is_none() && all[2].known.caption.as_deref() == Some("x"));
    // Without filters, no rules are kept for each file.
    assert!(
        select(&self::movie("media: ./"), &listing(FOLDER)).taken.iter().all(|taken| taken.rules.is_empty())
    );
}
