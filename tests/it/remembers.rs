//! Builds that do only what follows from a change.

use std::fs;

use crate::space::Space;

fn digest(space: &Space, name: &str) -> String {
    blake3::hash(&fs::read(space.path(name)).unwrap()).to_hex().to_string()
}

#[test]
fn a_second_build_does_nothing() {
    let space = Space::holiday();
    let first = space.draft().finished_event();
    assert!(first["actions"]["run"].as_u64().unwrap() > 10);
    let second = space.draft();
    assert_eq!(second.finished_event()["actions"]["run"], 0, "{}", second.stdout);
    assert_eq!(second.finished_event()["outputs"], first["outputs"]);
    assert_eq!(first["outputs"][0]["digest"], digest(&space, "movie.draft.mp4"));
}

#[test]
fn a_lost_movie_is_linked_again_from_its_pieces() {
    let space = Space::holiday();
    let first = space.draft().finished_event();
    fs::remove_file(space.path("movie.draft.mp4")).unwrap();
    let again = space.draft();
    assert_eq!(again.actions(), [].into());
    assert_eq!(again.finished_event()["outputs"], first["outputs"]);
    assert_eq!(digest(&space, "movie.draft.mp4"), first["outputs"][0]["digest"]);
}

#[test]
fn a_changed_photo_makes_only_the_pieces_that_show_it() {
    let space = Space::new();
    for photo in ["hill.jpg", "bee.jpg", "astronaut.jpg", "fig.jpg"] {
        space.take(&format!("photos/{photo}"), photo);
    }
    space.clicks("song.wav", 120.0, 20.0);
    let files = "hill.jpg, bee.jpg, astronaut.jpg, fig.jpg";
    space.movie(&format!(
        "media: [{files}]\nmusic: song.wav\nrate: 30\nduration: 8s\nconstraints: {{order: as-listed}}\nstyle: {{transitions: cut}}\n"
    ));
    let before = space.draft();
    assert_eq!(before.actions()["segment"], 4, "{:?}", before.actions());
    // Another comment in its JPEG: other bytes, the same picture and the same facts.
    let mut photo = fs::read(space.path("bee.jpg")).unwrap();
    photo.splice(2..2, *b"\xff\xfe\x00\x07hello");
    space.write("bee.jpg", photo);
    let after = space.draft();
    let ran = after.actions();
    assert_eq!(ran.get("segment"), Some(&1), "{ran:?}");
    assert_eq!(ran.get("photo-facts"), Some(&1));
    assert_eq!(ran.get("sound"), None);
}

#[test]
fn comments_and_key_order_change_nothing() {
    let space = Space::holiday();
    space.draft();
    space.movie(
        "# another word\nduration: 10s   # ten\nmusic: song.wav\nrate: 30\nmedia: [photos/, clips/]\n",
    );
    assert_eq!(space.draft().finished_event()["actions"]["run"], 0);
}

#[test]
fn a_moved_folder_reads_digests_and_nothing_else() {
    let space = Space::holiday();
    space.draft();
    let away = space.folder().with_file_name("moved");
    fs::rename(space.folder(), &away).unwrap();
    let mut command = space.command(&["build", "--profile", "draft", "--json"]);
    let ran = crate::space::Run::from(command.current_dir(&away).output().unwrap()).expect_success();
    assert_eq!(ran.finished_event()["actions"]["run"], 0);
}

#[test]
fn the_same_bytes_at_any_number_of_jobs_and_from_two_cold_caches() {
    let digests: Vec<String> = ["1", "2", "3"]
        .iter()
        .map(|jobs| {
            let space = Space::holiday();
            space.run(&["build", "--profile", "draft", "--jobs", jobs]).expect_success();
            digest(&space, "movie.draft.mp4")
        })
        .collect();
    assert_eq!(digests[0], digests[1]);
    assert_eq!(digests[0], digests[2]);
}

#[test]
fn two_outputs_share_what_they_can() {
    let space = Space::holiday();
    space.movie(
        "media: [photos/, clips/]\nmusic: song.wav\nrate: 30\nduration: 8s\n\
         outputs:\n  wide.mp4: {}\n  tall.mp4: {aspect: '9:16', duration: 4s}\n",
    );
    let ran = space.draft();
    assert_eq!(ran.finished_event()["outputs"].as_array().unwrap().len(), 2);
    assert_eq!(ran.actions()["music-facts"], 1);
    let tall = crate::space::probe(&space.path("tall.draft.mp4"));
    let picture = crate::space::stream(&tall, "video");
    assert_eq!((&picture["width"], &picture["height"]), (&360.into(), &640.into()));
    let only = space.run(&["build", "--profile", "draft", "--output", "tall.mp4", "--json"]).expect_success();
    assert_eq!(only.finished_event()["outputs"].as_array().unwrap().len(), 1);
    space.run(&["build", "--output", "other.mp4"]).expect_exit(2);
}

#[test]
fn an_earlier_movie_beside_the_spec_is_no_clip() {
    let space = Space::holiday();
    space.movie("media: .\nmusic: song.wav\nrate: 30\nduration: 6s\noutputs: {one.mp4: }\n");
    space.draft();
    let sources = |space: &Space| {
        let plan = space.last_event(&["plan", "--json"]);
        let part = |key: &str| plan[key].as_array().cloned().unwrap_or_default();
        let all: Vec<_> = [part("shots"), part("left_out")].concat();
        all.iter().map(|shot| shot["source"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    space.movie("media: .\nmusic: song.wav\nrate: 30\nduration: 6s\noutputs: {two.mp4: }\n");
    let seen = sources(&space);
    assert!(!seen.is_empty() && !seen.contains(&"one.draft.mp4".to_owned()), "{seen:?}");
    // Who names it wants it.
    space.movie(
        "media: [photos/, one.draft.mp4]\nmusic: song.wav\nrate: 30\nduration: 6s\noutputs: {two.mp4: }\n",
    );
    assert!(sources(&space).contains(&"one.draft.mp4".to_owned()));
}

/// Edits as people make them, in an order that looks like chance and is the same each time: after
/// every one the movie is bit for bit what a clean build with the same lock makes.
#[test]
fn after_any_edits_the_movie_is_that_of_a_clean_build() {
    let space = Space::new();
    for photo in ["hill.jpg", "bee.jpg", "fig.jpg", "path.jpg"] {
        space.take(&format!("photos/{photo}"), &format!("photos/{photo}"));
    }
    space.take("clips/rabbit.mp4", "clips/rabbit.mp4");
    space.clicks("song.wav", 120.0, 20.0);
    let (mut length, mut pace, mut trim, mut title) = (6, "auto", "2.5s", "Summer");
    let spec = |length: u32, pace: &str, trim: &str, title: &str| {
        format!(
            "title: {title}\nmedia:\n  - photos/\n  - {{path: clips/rabbit.mp4, out: {trim}}}\n\
             music: song.wav\nrate: 30\nduration: {length}s\nstyle: {{pace: {pace}, transitions: cut}}\n"
        )
    };
    space.movie(&spec(length, pace, trim, title));
    space.draft();
    let mut random = 2026u64;
    for _ in 0..8 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        match (random >> 33) % 7 {
            0 => length = if length == 6 { 8 } else { 6 },
            1 => pace = if pace == "auto" { "lively" } else { "auto" },
            2 => trim = if trim == "2.5s" { "2s" } else { "2.5s" },
            3 => title = if title == "Summer" { "Winter" } else { "Summer" },
            4 => drop(space.take("photos/dogs.jpg", "photos/dogs.jpg")),
            5 => drop(fs::remove_file(space.path("photos/dogs.jpg"))),
            _ => {
                let mut photo = fs::read(space.path("photos/bee.jpg")).unwrap();
                photo.splice(2..2, *b"\xff\xfe\x00\x07hello");
                space.write("photos/bee.jpg", photo);
            }
        }
        space.movie(&spec(length, pace, trim, title));
        let lock = fs::read(space.path("movie.lock")).unwrap();
        space.draft();
        let incremental = digest(&space, "movie.draft.mp4");
        let written = fs::read(space.path("movie.lock")).unwrap();
        // The same from nothing: an empty cache, no movie, and the lock as it was before the edit.
        space.write("movie.lock", lock);
        fs::remove_file(space.path("movie.draft.mp4")).unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let mut clean = space.command(&["build", "--profile", "draft"]);
        let clean = clean.env("MMM_CACHE_DIR", elsewhere.path()).output().unwrap();
        crate::space::Run::from(clean).expect_success();
        assert_eq!(digest(&space, "movie.draft.mp4"), incremental);
        assert_eq!(fs::read(space.path("movie.lock")).unwrap(), written);
    }
}

#[test]
fn models_may_be_done_without_and_are_not_needed_again() {
    let space = Space::holiday();
    let facts = |space: &Space, args: &[&str]| {
        let build = space.run(&[&["build", "--profile", "draft", "--json"], args].concat()).expect_success();
        let ran = build.actions();
        ["photo-facts", "clip-facts", "music-facts"].map(|kind| ran.get(kind).copied().unwrap_or(0))
    };
    assert_eq!(facts(&space, &[]), [4, 2, 1]);
    // No net looks at photos; what is heard without nets is another answer, and lies beside the first.
    assert_eq!(facts(&space, &["--no-models"]), [0, 2, 1]);
    assert_eq!(facts(&space, &[]), [0, 0, 0]);
    space.write("mmm.toml", "models = false\n");
    assert_eq!(facts(&space, &[]), [0, 0, 0]);
}
