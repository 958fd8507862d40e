use super::super::*;
use super::movie;
use mmm_base::{MediaPath, Time};

fn listing(paths: &[&str]) -> Vec<MediaPath> {
    paths.iter().map(|path| MediaPath::new(path).unwrap()).collect()
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
        "media:\n  - { path: clips/, sound: keep, in: 1s }\n  - IMG_2.JPG\n  - { path: clips/a.mp4, in: 2s, required: true }\n  - { path: clips/deep/b.mp4, required: false }\n",
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
        sound: Some(ClipSound::Keep),
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
    assert_eq!(select(&movie("media: ./"), &[]).unmatched, [0]);
}

#[test]
fn the_order_of_the_listing_does_not_matter() {
    let movie = movie("media: [\"**/*.mp4\", ./]");
    let mut files = listing(FOLDER);
    let wanted = select(&movie, &files);
    files.reverse();
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
