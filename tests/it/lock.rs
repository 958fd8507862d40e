//! The lock: the same movie on every machine, and small changes for small edits.

use std::collections::BTreeSet;
use std::fs;

use crate::space::Space;
use crate::tools::{git, tool};

/// Returns a movie of photos on a steady beat.
fn album(names: &[&str]) -> Space {
    let space = Space::with_photos(names);
    space.clicks("song.wav", 120.0, 30.0);
    space
        .movie("media: photos/\nmusic: song.wav\nrate: 30\nduration: 10s\nconstraints: {order: as-listed}\n");
    space
}

/// Returns the name and the length in frames of each shot.
fn shot_lengths(space: &Space) -> Vec<(String, u64)> {
    let timeline = space.timeline();
    let shots = timeline["shots"].as_array().unwrap();
    shots
        .iter()
        .map(|shot| (shot["id"].as_str().unwrap().to_owned(), shot["frames"].as_u64().unwrap()))
        .collect()
}

#[test]
fn another_machine_builds_the_same_movie_from_the_lock() {
    let space = Space::holiday();
    let first = space.draft().finished_event();
    let text = space.lock();
    assert!(text.contains("[[output.shot]]") && text.contains("\"photos/hill.jpg\" = "), "{text}");
    space.draft();
    assert_eq!(space.lock(), text, "a build with nothing to do leaves the lock alone");
    // Another machine has a copy of the folder and an empty cache; `--frozen` forbids a new lock.
    let other = Space::new();
    fs::create_dir_all(other.folder()).unwrap();
    let copied = tool("cp").arg("-r").arg(space.folder()).arg(other.folder().parent().unwrap()).status();
    assert!(copied.unwrap().success());
    fs::remove_file(other.path("movie.draft.mp4")).unwrap();
    let again =
        other.run(&["build", "--profile", "draft", "--frozen", "--json"]).expect_success().finished_event();
    assert_eq!(again["outputs"][0]["digest"], first["outputs"][0]["digest"]);
}

#[test]
fn adding_and_removing_a_photo_keeps_the_other_shots() {
    let space = album(&["hill", "path", "bee", "astronaut", "fig"]);
    space.draft();
    let before = shot_lengths(&space);
    assert_eq!(before.len(), 5, "{before:?}");
    space.take("photos/dogs.jpg", "photos/dogs.jpg");
    // Without `required`, the planner prefers to give each of the old photos a bar.
    let spec = fs::read_to_string(space.path("movie.yaml")).unwrap();
    space.movie(&spec.replace("media: photos/", "media: [photos/, {path: photos/dogs.jpg, required: true}]"));
    let with = space.draft();
    let after = shot_lengths(&space);
    let old: BTreeSet<_> = before.iter().collect();
    let changed: Vec<_> = after.iter().filter(|shot| !old.contains(shot)).collect();
    assert!(after.iter().any(|(id, _)| id == "photos/dogs.jpg"), "{after:?}");
    assert!(changed.len() <= 3, "{changed:?}");
    let encoded = with.actions()["segment"];
    assert!(encoded <= changed.len(), "{encoded} segments for {changed:?}");
    // When it is removed again, its length goes back to one of its neighbours.
    fs::remove_file(space.path("photos/dogs.jpg")).unwrap();
    space.movie(&spec);
    space.draft();
    let less = shot_lengths(&space);
    let kept = less.iter().filter(|shot| after.contains(shot)).count();
    assert!(less.len() == 5 && kept >= 4, "{less:?} after {after:?}");
}

#[test]
fn a_locked_build_refuses_to_change_its_lock() {
    let space = album(&["hill", "path", "bee"]);
    space.run(&["build", "--profile", "draft", "--locked", "--json"]).expect_exit(5);
    assert!(!space.path("movie.lock").exists() && !space.path("movie.draft.mp4").exists());
    space.draft();
    space.run(&["build", "--profile", "draft", "--locked"]).expect_success();
    let text = space.lock();
    space.take("photos/fig.jpg", "photos/fig.jpg");
    let refused = space.run(&["build", "--profile", "draft", "--locked", "--json"]).expect_exit(5);
    assert_eq!(refused.codes(), ["mmm::lock::changes"]);
    assert!(refused.stdout.contains("`photos/fig.jpg` is new"), "{}", refused.stdout);
    assert_eq!(space.lock(), text);
}

/// Returns media, spec and lock of a movie whose lock has version 1.
fn of_version_1() -> Space {
    let space = Space::new();
    for name in ["astronaut", "bee", "fig", "hill", "path", "path-burst"] {
        space.take(&format!("photos/{name}.jpg"), &format!("photos/{name}.jpg"));
    }
    space.take("clips/rabbit.mp4", "clips/rabbit.mp4").take("music/say-what.ogg", "song.ogg");
    space.take("locks/version-1.lock", "movie.lock");
    space.movie("media: [photos/, clips/]\nmusic: song.ogg\nrate: 30\nduration: 10s\n");
    space
}

#[test]
fn a_lock_of_version_1_builds_locked_and_no_shot_moves() {
    let space = of_version_1();
    let old = space.lock();
    space.run(&["build", "--profile", "draft", "--frozen"]).expect_success();
    assert_eq!(space.lock(), old, "a locked build writes no lock");
    let before = shot_lengths(&space);
    assert_eq!(before.iter().map(|(_, frames)| frames).sum::<u64>(), 300, "{before:?}");
    space.write("before.lock", &old);
    space.draft();
    let text = space.lock();
    assert!(text.contains("version = 2") && !text.contains("\nreason"), "{text}");
    assert!(text.contains("[[output.shot]]\n# chosen; sharp; "), "{text}");
    assert_eq!(shot_lengths(&space), before);
    let diff =
        space.run(&["diff", "before.lock", "movie.lock", "--json"]).expect_success().events().pop().unwrap();
    assert_eq!(diff["outputs"][0]["changes"], serde_json::json!([]));
    space.run(&["build", "--profile", "draft", "--locked"]).expect_success();
}

#[test]
fn what_readers_of_a_lock_see_does_not_count() {
    let space = album(&["hill", "path", "bee"]);
    space.draft();
    let text = space.lock();
    let reworded = text.replace("# chosen", "# picked").replace("[media]", "[media] # by content");
    let first = "id = \"photos/hill.jpg\"\nsource = \"photos/hill.jpg\"\n";
    assert!(reworded.contains(first), "{reworded}");
    let turned = reworded.replace(first, "source = 'photos/hill.jpg'\n\nid = 'photos/hill.jpg'\n");
    // The facts may come from analyses with other names and versions, as long as the shots are the same.
    let measured = turned
        .replace("[analyses]\n", "[analyses]\nolder-facts = 1\n")
        .replace("photo-facts = ", "photo-facts = 9");
    for lock_text in [&reworded, &turned, &measured] {
        assert_ne!(lock_text, &text);
        space.write("movie.lock", lock_text);
        space.run(&["build", "--profile", "draft", "--locked"]).expect_success();
        space.draft();
        assert_eq!(&space.lock(), lock_text, "an ordinary build has nothing to write either");
    }
}

#[test]
fn a_locked_build_names_the_shot_that_would_change_and_why() {
    let space = album(&["hill", "path", "bee", "astronaut", "fig"]);
    space.draft();
    let locked = || {
        let refused = space.run(&["build", "--profile", "draft", "--locked", "--json"]).expect_exit(5);
        assert_eq!(refused.codes(), ["mmm::lock::changes"]);
        let event = refused.events().into_iter().find(|event| event["event"] == "diagnostic").unwrap();
        event["message"].as_str().unwrap().to_owned()
    };
    let bee = fs::read(space.path("photos/bee.jpg")).unwrap();
    fs::remove_file(space.path("photos/bee.jpg")).unwrap();
    let gone = locked();
    assert!(gone.contains("shot 2 `photos/bee.jpg` at ") && gone.contains(" would become `"), "{gone}");
    assert!(gone.contains(": `photos/bee.jpg` is gone"), "{gone}");
    // The same content gets another name: no shot changes, but the lock has to name the file.
    space.write("photos/bees.jpg", &bee);
    let renamed = locked();
    assert!(renamed.ends_with("change: `photos/bee.jpg` is now `photos/bees.jpg`"), "{renamed}");
    // The shots are in the order of their names, and the new name comes last.
    fs::rename(space.path("photos/bees.jpg"), space.path("photos/wasp.jpg")).unwrap();
    let moved = locked();
    assert!(moved.contains("shot 2 `") && moved.contains("is now `photos/wasp.jpg`"), "{moved}");
    fs::remove_file(space.path("photos/wasp.jpg")).unwrap();
    space.take("photos/dogs.jpg", "photos/bee.jpg");
    let edited = locked();
    assert!(edited.contains("`photos/bee.jpg` changed"), "{edited}");
    space.write("photos/bee.jpg", &bee);
    let spec = fs::read_to_string(space.path("movie.yaml")).unwrap();
    space.movie(&spec.replace("duration: 10s", "duration: 8s"));
    let asked = locked();
    assert!(asked.contains(": the settings that decide its shots changed"), "{asked}");
}

#[test]
fn update_replaces_only_the_given_shot() {
    let space = album(&["hill", "path", "bee", "astronaut", "fig", "dogs"]);
    space.movie(
        "media: photos/\nmusic: song.wav\nrate: 30\nduration: 4s\nconstraints: {order: as-listed, shot: 1s..2s}\n",
    );
    space.draft();
    let before = shot_lengths(&space);
    assert_eq!(space.last_event(&["update", "--json"])["written"], false);
    let updated = space.last_event(&["update", "--shot", "2", "--json"]);
    assert_eq!(updated["written"], true);
    let after = shot_lengths(&space);
    let differ = before.iter().zip(&after).filter(|(one, other)| one != other).count();
    assert!(before.len() == after.len() && differ == 1 && before[1] != after[1], "{before:?} {after:?}");
    let nowhere = space.run(&["update", "--shot", "40", "--json"]).expect_exit(2);
    assert_eq!(nowhere.codes(), ["mmm::cli::no-shot"]);
}

#[test]
fn a_lock_with_merge_conflicts_is_reported_with_the_way_out() {
    let space = album(&["hill", "path", "bee"]);
    space.draft();
    let text = space.lock();
    space
        .write("movie.lock", text.replacen("[[output", "<<<<<<< HEAD\n=======\n>>>>>>> theirs\n[[output", 1));
    for command in [&["build", "--profile", "draft", "--json"][..], &["check", "--json"], &["plan", "--json"]]
    {
        let refused = space.run(command).expect_exit(3);
        assert_eq!(refused.codes(), ["mmm::lock::conflict"], "{command:?}");
        assert!(refused.stdout.contains("movie.lock:") && refused.stdout.contains("mmm update"));
    }
    space.run(&["update"]).expect_success();
    assert_eq!(space.lock(), text);
    space.write("movie.lock", text.replace("version = 2", "version = 9"));
    let newer = space.run(&["build", "--json"]).expect_exit(3);
    assert_eq!(newer.codes(), ["mmm::lock::version"]);
    assert!(newer.stdout.contains("version 9") && newer.stdout.contains("up to 2"), "{}", newer.stdout);
}

#[test]
fn a_new_title_or_loudness_keeps_every_shot() {
    let space = album(&["hill", "path", "bee", "astronaut"]);
    space.draft();
    space.take("photos/fig.jpg", "photos/zebra.jpg");
    space.draft();
    let before = shot_lengths(&space);
    space.movie(
        "title: Summer\nmedia: photos/\nmusic: song.wav\nrate: 30\nduration: 10s\nstyle: {loudness: -18 LUFS}\n\
         constraints: {order: as-listed}\n",
    );
    space.draft();
    assert_eq!(shot_lengths(&space), before);
}

#[test]
fn a_cut_that_does_not_exist_is_named_in_plain_words() {
    let space = album(&["hill"]);
    space.draft();
    for (cut, words) in [
        ("old.lock", "`old.lock` does not exist"),
        ("mian", "`mian` is neither a file nor a revision of git here"),
        ("-x.y", "`-x.y` is neither a file nor a revision of git here"),
    ] {
        let ran = space.run(&["diff", "--json", "--", cut, "movie.lock"]).expect_exit(2);
        assert_eq!(ran.diagnostic("mmm::cli::no-cut")["message"], words);
    }
}

#[test]
fn diff_lists_added_and_removed_shots() {
    let space = album(&["hill", "path", "bee", "astronaut"]);
    git(&space.folder(), &["init", "-q"]);
    space.run(&["update"]).expect_success();
    git(&space.folder(), &["add", "."]);
    git(&space.folder(), &["commit", "-qm", "first"]);
    let same = space.last_event(&["diff", "HEAD", "movie.lock", "--json"]);
    assert_eq!(same["outputs"][0]["changes"], serde_json::json!([]));
    let before = shot_lengths(&space);
    space.take("photos/fig.jpg", "photos/fig.jpg");
    let planned = space.last_event(&["diff", "HEAD", "movie.yaml", "--json"]);
    let changes = planned["outputs"][0]["changes"].as_array().unwrap();
    let added: Vec<_> = changes.iter().filter(|change| change["kind"] == "added").collect();
    assert_eq!((added.len(), &added[0]["id"]), (1, &"photos/fig.jpg".into()), "{planned}");
    assert_eq!(planned["outputs"][0]["shots"], serde_json::json!([before.len(), before.len() + 1]));
    let text = space.run(&["diff", "HEAD", "movie.yaml"]).expect_success().stdout;
    assert!(text.contains("+ photos/fig.jpg at "), "{text}");
    let back = space.run(&["diff", "movie.yaml", "HEAD"]).expect_success().stdout;
    assert!(back.contains("- photos/fig.jpg at "), "{back}");
    for nothing in ["no-such-branch", "--exec=x", "song.wav"] {
        let refused = space.run(&["diff", "--json", "--", nothing, "movie.lock"]).expect_exit(2);
        assert_eq!(refused.codes().len(), 1, "{nothing}");
    }
}
