//! Builds that run only what a change requires.

use std::fs;
use std::time::{Duration, SystemTime};

use serde_json::json;

use crate::measure::{digest, probe, stream};
use crate::space::{Run, Space, files_below, fixture};

#[test]
fn a_second_build_runs_nothing() {
    let space = Space::holiday();
    let first = space.draft().finished_event();
    assert!(first["actions"]["run"].as_u64().unwrap() > 10);
    let second = space.draft();
    assert_eq!(second.finished_event()["actions"]["run"], 0, "{}", second.stdout);
    assert_eq!(second.finished_event()["outputs"], first["outputs"]);
    assert_eq!(first["outputs"][0]["digest"], digest(&space.path("movie.draft.mp4")));
}

#[test]
fn a_deleted_movie_is_linked_again_from_cached_segments() {
    let space = Space::holiday();
    let first = space.draft().finished_event();
    fs::remove_file(space.path("movie.draft.mp4")).unwrap();
    let again = space.draft();
    assert_eq!(again.actions(), [].into());
    assert_eq!(again.finished_event()["outputs"], first["outputs"]);
    assert_eq!(digest(&space.path("movie.draft.mp4")), first["outputs"][0]["digest"].as_str().unwrap());
}

#[test]
fn a_changed_photo_rebuilds_only_its_segments() {
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
    space.add_comment("bee.jpg");
    let ran = space.draft().actions();
    assert_eq!(ran.get("segment"), Some(&1), "{ran:?}");
    assert_eq!(ran.get("photo-facts"), Some(&1));
    assert_eq!(ran.get("sound"), None);
}

#[test]
fn comments_and_key_order_rebuild_nothing() {
    let space = Space::holiday();
    space.draft();
    space.movie(
        "# another word\nduration: 10s   # ten\nmusic: song.wav\nrate: 30\nmedia: [photos/, clips/]\n",
    );
    assert_eq!(space.draft().finished_event()["actions"]["run"], 0);
}

#[test]
fn a_moved_folder_rebuilds_nothing() {
    let space = Space::holiday();
    space.draft();
    let moved = space.folder().with_file_name("moved");
    fs::rename(space.folder(), &moved).unwrap();
    let mut command = space.command(&["build", "--profile", "draft", "--json"]);
    let ran = Run::from(command.current_dir(&moved).output().unwrap()).expect_success();
    assert_eq!(ran.finished_event()["actions"]["run"], 0);
}

#[test]
fn the_number_of_jobs_does_not_change_the_movie() {
    let build = |jobs: &str| {
        let space = Space::holiday();
        space.run(&["build", "--profile", "draft", "--jobs", jobs]).expect_success();
        digest(&space.path("movie.draft.mp4"))
    };
    let one = build("1");
    assert_eq!(build("2"), one);
    assert_eq!(build("3"), one);
}

#[test]
fn two_outputs_share_facts() {
    let space = Space::holiday();
    space.movie(
        "media: [photos/, clips/]\nmusic: song.wav\nrate: 30\nduration: 8s\n\
         outputs:\n  wide.mp4: {}\n  tall.mp4: {aspect: '9:16', duration: 4s}\n",
    );
    let ran = space.draft();
    assert_eq!(ran.finished_event()["outputs"].as_array().unwrap().len(), 2);
    assert_eq!(ran.actions()["music-beats"], 1);
    let tall = probe(&space.path("tall.draft.mp4"));
    let picture = stream(&tall, "video");
    assert_eq!((&picture["width"], &picture["height"]), (&360.into(), &640.into()));
    let only = space.run(&["build", "--profile", "draft", "--output", "tall.mp4", "--json"]).expect_success();
    assert_eq!(only.finished_event()["outputs"].as_array().unwrap().len(), 1);
    space.run(&["build", "--output", "other.mp4"]).expect_exit(2);
}

#[test]
fn an_earlier_output_is_a_clip_only_when_the_spec_names_it() {
    let space = Space::holiday();
    space.movie("media: .\nmusic: song.wav\nrate: 30\nduration: 6s\noutputs: {one.mp4: }\n");
    space.draft();
    let sources = || {
        let plan = space.last_event(&["plan", "--json"]);
        let part = |key: &str| plan[key].as_array().cloned().unwrap_or_default();
        let all: Vec<_> = [part("shots"), part("left_out")].concat();
        all.iter().map(|shot| shot["source"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    space.movie("media: .\nmusic: song.wav\nrate: 30\nduration: 6s\noutputs: {two.mp4: }\n");
    let found = sources();
    assert!(!found.is_empty() && !found.contains(&"one.draft.mp4".to_owned()), "{found:?}");
    space.movie(
        "media: [photos/, one.draft.mp4]\nmusic: song.wav\nrate: 30\nduration: 6s\noutputs: {two.mp4: }\n",
    );
    assert!(sources().contains(&"one.draft.mp4".to_owned()));
}

/// What an edit of [`edits_of_every_kind_build_the_same_as_from_nothing`] can change in the spec.
struct Edits {
    length: u32,
    pace: &'static str,
    trim: &'static str,
    title: &'static str,
}

impl Edits {
    /// Applies the edit with the given number.
    fn apply(&mut self, space: &Space, number: u64) {
        match number % 7 {
            0 => self.length = if self.length == 6 { 8 } else { 6 },
            1 => self.pace = if self.pace == "auto" { "lively" } else { "auto" },
            2 => self.trim = if self.trim == "2.5s" { "2s" } else { "2.5s" },
            3 => self.title = if self.title == "Summer" { "Winter" } else { "Summer" },
            4 => drop(space.take("photos/dogs.jpg", "photos/dogs.jpg")),
            5 => drop(fs::remove_file(space.path("photos/dogs.jpg"))),
            _ => drop(space.add_comment("photos/bee.jpg")),
        }
        self.write(space);
    }

    fn write(&self, space: &Space) {
        let Self { length, pace, trim, title } = self;
        space.movie(&format!(
            "title: {title}\nmedia:\n  - photos/\n  - {{path: clips/rabbit.mp4, out: {trim}}}\n\
             music: song.wav\nrate: 30\nduration: {length}s\nstyle: {{pace: {pace}, transitions: cut}}\n"
        ));
    }
}

/// After each of eight edits, which are the same in every run of this test, the movie is identical to that of
/// a clean build with the same lock.
#[test]
fn edits_of_every_kind_build_the_same_as_from_nothing() {
    let space = Space::with_photos(&["hill", "bee", "fig", "path"]);
    space.take("clips/rabbit.mp4", "clips/rabbit.mp4");
    space.clicks("song.wav", 120.0, 20.0);
    let mut edits = Edits { length: 6, pace: "auto", trim: "2.5s", title: "Summer" };
    edits.write(&space);
    space.draft();
    let mut random = 2026u64;
    for _ in 0..8 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        edits.apply(&space, random >> 33);
        let lock_before = space.lock();
        space.draft();
        let incremental = digest(&space.path("movie.draft.mp4"));
        let lock_after = space.lock();
        // A clean build: an empty cache, no movie, and the lock from before the edit.
        space.write("movie.lock", lock_before);
        fs::remove_file(space.path("movie.draft.mp4")).unwrap();
        let empty = tempfile::tempdir().unwrap();
        let mut clean = space.command(&["build", "--profile", "draft"]);
        Run::from(clean.env("MMM_CACHE_DIR", empty.path()).output().unwrap()).expect_success();
        assert_eq!(digest(&space.path("movie.draft.mp4")), incremental);
        assert_eq!(space.lock(), lock_after);
    }
}

#[test]
fn facts_with_and_without_models_are_cached_side_by_side() {
    let space = Space::holiday();
    let facts = |args: &[&str]| {
        let build = space.run(&[&["build", "--profile", "draft", "--json"], args].concat()).expect_success();
        let ran = build.actions();
        ["photo-facts", "clip-picture", "clip-sound", "music-beats", "music-form"]
            .map(|kind| ran.get(kind).copied().unwrap_or(0))
    };
    assert_eq!(facts(&[]), [4, 2, 2, 1, 1]);
    // The form of the music runs again if its beats differ. Facts without models are cached beside those with
    // models.
    let [photos, pictures, sounds, beats, form] = facts(&["--no-models"]);
    assert_eq!([photos, pictures, sounds, beats], [4, 2, 2, 1]);
    assert!(form <= 1);
    assert_eq!(facts(&[]), [0; 5]);
    space.write("mmm.toml", "models = false\n");
    assert_eq!(facts(&[]), [0; 5]);
}

#[test]
fn a_photo_changed_with_the_same_size_and_time_is_noticed() {
    let space = Space::new();
    space.take("photos/hill.jpg", "a.jpg").movie("media: a.jpg\nduration: 2s\n");
    space.draft();
    let before = digest(&space.path("movie.draft.mp4"));
    let old = fs::metadata(space.path("a.jpg")).unwrap();
    // Padding after the end of a JPEG does not change its picture.
    let mut other = fs::read(fixture("photos/fig.jpg")).unwrap();
    other.resize(old.len() as usize, 0);
    space.write("a.jpg", other);
    let file = fs::File::options().append(true).open(space.path("a.jpg")).unwrap();
    file.set_modified(old.modified().unwrap()).unwrap();
    space.draft();
    assert_ne!(digest(&space.path("movie.draft.mp4")), before);
}

#[test]
fn changes_are_noticed_after_the_clock_was_set_back() {
    let space = Space::holiday();
    let first = space.draft().finished_event();
    // Every file so far is dated tomorrow.
    let tomorrow = SystemTime::now() + Duration::from_secs(86_400);
    for path in files_below(&space.folder()).into_iter().chain(files_below(&space.cache())) {
        fs::File::options().append(true).open(path).unwrap().set_modified(tomorrow).unwrap();
    }
    let again = space.draft().finished_event();
    assert_eq!((&again["outputs"], &again["actions"]["run"]), (&first["outputs"], &json!(0)));
    // A change made now is older than the cache.
    space.take("photos/fig.jpg", "photos/bee.jpg");
    let changed = space.draft();
    assert!(changed.actions().contains_key("photo-facts"), "{:?}", changed.actions());
    assert_ne!(changed.finished_event()["outputs"], first["outputs"]);
    space.run(&["cache", "gc", "--limit", "1MB", "--json"]).expect_success();
    space.run(&["cache", "stats", "--json"]).expect_success();
    space.draft();
}
