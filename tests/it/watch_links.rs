//! `mmm watch` with files that lie elsewhere or have several names, and with mistakes that are fixed.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::space::{Space, fixture};
use crate::watch::{SPEC, Watch, watch_holiday};

const LINKED: &str = "media: [hill.jpg, bee.jpg, fig.jpg]\nmusic: {path: song.wav, beats: song.beats}\n\
                      duration: 3s\nrate: 24\nstyle: {titles: off, transitions: cut}\n";

/// Replaces a file as editors do: by a new one that is renamed.
fn replace(path: &Path, bytes: impl AsRef<[u8]>) {
    let new = path.with_extension("new");
    fs::write(&new, bytes).unwrap();
    fs::rename(new, path).unwrap();
}

/// Returns a photo with other bytes.
fn with_comment(photo: &str, comment: u8) -> Vec<u8> {
    let mut bytes = fs::read(fixture(photo)).unwrap();
    bytes.splice(2..2, [0xff, 0xfe, 0, 3, comment]);
    bytes
}

/// Returns a project whose spec, song, beats and photos are links into another folder, and that folder.
fn linked_project() -> (Space, PathBuf) {
    let space = Space::new().without_models();
    space.take("photos/hill.jpg", "../library/hill.jpg").take("photos/bee.jpg", "../library/bee.jpg");
    space.take("photos/fig.jpg", "../library/fig.jpg").clicks("../library/song.wav", 120.0, 6.0);
    space.write("../library/movie.yaml", LINKED).write("../library/song.beats", "0.5\n1\n1.5\n2\n2.5\n3\n");
    let library = fs::canonicalize(space.path("../library")).unwrap();
    for name in ["hill.jpg", "song.wav", "song.beats", "movie.yaml"] {
        symlink(Path::new("../library").join(name), space.path(name)).unwrap();
    }
    // A link to a link, in a folder that is a link.
    space.write("../far/real/x", "");
    symlink("real", space.path("../far/dir")).unwrap();
    symlink(library.join("bee.jpg"), space.path("../far/real/bee.jpg")).unwrap();
    symlink("../far/dir/bee.jpg", space.path("bee.jpg")).unwrap();
    // A file with two names.
    fs::hard_link(library.join("fig.jpg"), space.path("fig.jpg")).unwrap();
    (space, library)
}

#[track_caller]
fn assert_builds(watch: &Watch, what: &str, change: impl FnOnce()) {
    let start = Instant::now();
    change();
    watch.next_event("changed");
    let seen = start.elapsed();
    // Notifications take milliseconds, a look at the stamps at most a second.
    assert!(seen < Duration::from_secs(8), "{what}: seen after {seen:?}");
    watch.next_event("finished");
}

#[test]
fn files_that_links_lead_to_are_watched() {
    let (space, library) = linked_project();
    let watch = Watch::start(&space, &[]);
    watch.next_build();
    let at = |name: &str| library.join(name);
    assert_builds(&watch, "photo in place", || {
        fs::write(at("hill.jpg"), with_comment("photos/hill.jpg", 1)).unwrap();
    });
    assert_builds(&watch, "photo by rename", || {
        replace(&at("hill.jpg"), with_comment("photos/hill.jpg", 2));
    });
    assert_builds(&watch, "photo behind several links", || {
        replace(&at("bee.jpg"), with_comment("photos/bee.jpg", 1));
    });
    assert_builds(&watch, "link on the way", || {
        let link = space.path("../far/real/bee.jpg");
        symlink(at("hill.jpg"), link.with_extension("new")).unwrap();
        fs::rename(link.with_extension("new"), link).unwrap();
    });
    assert_builds(&watch, "hard link in place", || {
        fs::write(at("fig.jpg"), with_comment("photos/fig.jpg", 1)).unwrap();
    });
    assert_builds(&watch, "song by rename", || {
        space.clicks("../library/other.wav", 100.0, 6.0);
        fs::rename(at("other.wav"), at("song.wav")).unwrap();
    });
    assert_builds(&watch, "beats in place", || {
        fs::write(at("song.beats"), "0.6\n1.2\n1.8\n2.4\n3\n").unwrap();
    });
    assert_builds(&watch, "spec in place", || {
        fs::write(at("movie.yaml"), LINKED.replace("duration: 3s", "duration: 2.5s")).unwrap();
    });
    assert_builds(&watch, "spec by rename", || {
        replace(&at("movie.yaml"), LINKED.replace("duration: 3s", "duration: 2s"));
    });
    assert_builds(&watch, "spec of its own", || {
        fs::remove_file(space.path("movie.yaml")).unwrap();
        space.movie(LINKED);
    });
    // Other files beside the media are no change.
    fs::write(at("notes.txt"), "call home").unwrap();
    watch.assert_quiet();
}

#[test]
fn a_link_is_seen_when_what_it_leads_to_appears() {
    let (space, library) = linked_project();
    symlink(library.join("later.jpg"), space.path("later.jpg")).unwrap();
    symlink(library.join("later"), space.path("folder")).unwrap();
    for media in ["later.jpg", "folder/hill.jpg"] {
        fs::remove_file(space.path("movie.yaml")).unwrap();
        space.movie(&format!("media: [{media}]\nduration: 2s\nrate: 24\nstyle: {{titles: off}}\n"));
        let watch = Watch::start(&space, &[]);
        watch.next_event("diagnostic");
        fs::create_dir(library.join("later")).unwrap();
        fs::copy(library.join("hill.jpg"), library.join("later/hill.jpg")).unwrap();
        fs::copy(library.join("hill.jpg"), library.join("later.jpg")).unwrap();
        watch.next_event("finished");
        drop(watch);
        fs::remove_file(library.join("later.jpg")).unwrap();
        fs::remove_dir_all(library.join("later")).unwrap();
    }
}

#[test]
fn a_folder_that_is_moved_away_or_made_again_is_watched_on() {
    const SHORT: &str = "media: [hill.jpg]\nduration: 2s\nrate: 24\nstyle: {titles: off}\n";
    let space = Space::new().without_models();
    space.take("photos/hill.jpg", "hill.jpg").movie(SHORT);
    // The program runs in the folder and gets a relative path.
    let watch = Watch::start(&space, &[]);
    watch.next_build();
    let home = fs::canonicalize(space.folder()).unwrap();
    let away = home.with_file_name("away");
    let edit = |seconds: &str| {
        fs::write(home.join("movie.yaml"), SHORT.replace("2s", seconds)).unwrap();
    };
    fs::rename(&home, &away).unwrap();
    assert_eq!(watch.next_event("diagnostic")["code"], "mmm::cli::no-spec");
    fs::rename(&away, &home).unwrap();
    watch.next_event("finished");
    assert_builds(&watch, "back", || edit("3s"));
    // Deleted and made again.
    fs::rename(&home, &away).unwrap();
    watch.next_event("diagnostic");
    fs::create_dir(&home).unwrap();
    for name in ["hill.jpg", "movie.yaml"] {
        fs::copy(away.join(name), home.join(name)).unwrap();
    }
    fs::remove_dir_all(&away).unwrap();
    watch.next_event("finished");
    assert_builds(&watch, "made again", || edit("4s"));
    // Too fast to be seen in between.
    fs::rename(&home, &away).unwrap();
    fs::rename(&away, &home).unwrap();
    assert_builds(&watch, "there and back", || edit("2s"));
}

#[test]
fn a_broken_spec_that_is_fixed_runs_only_what_the_fix_requires() {
    let (space, watch) = watch_holiday(&[]);
    for broken in ["media: [photos/\n", "media: [photos/]\nmusik: song.wav\n", "", "media: gone/\n"] {
        space.movie(broken);
        assert_eq!(watch.next_event("diagnostic")["severity"], "error", "{broken}");
        space.movie(SPEC);
        assert_eq!(watch.next_build(), 0, "after {broken:?}");
    }
    // The file itself is away for a while.
    fs::rename(space.path("movie.yaml"), space.path("away.txt")).unwrap();
    assert_eq!(watch.next_event("diagnostic")["code"], "mmm::cli::no-spec");
    fs::rename(space.path("away.txt"), space.path("movie.yaml")).unwrap();
    assert_eq!(watch.next_build(), 0);
    // The fix changes something: one caption on one shot.
    space.movie("media: [\n");
    watch.next_event("diagnostic");
    let caption = "media: [photos/, clips/, {path: photos/bee.jpg, caption: A bee}]";
    space.movie(&SPEC.replace("media: [photos/, clips/]", caption));
    let ran = watch.next_build();
    assert!((1..=5).contains(&ran), "{ran} actions ran");
}
