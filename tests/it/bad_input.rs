//! Bad or unusual specs, media and folders: a clear diagnostic or a movie, and never a panic.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;

use serde_json::Value;

use crate::measure::{frames, mean};
use crate::media::{png, wav};
use crate::space::{Space, fixture};
use crate::tools::ffmpeg;

#[test]
fn all_mistakes_of_a_spec_are_reported_at_once_with_their_positions() {
    let space = Space::new();
    space.movie("media: photos/\nduratoin: 60s\nduration: 3\nstyle:\n  pace: fast\nmusic: ../song.mp3\n");
    let ran = space.run(&["check", "--json"]).expect_exit(3);
    let found = ran.events();
    let position = |code: &str| {
        let found = found.iter().find(|event| event["code"] == code).unwrap_or_else(|| panic!("{code}"));
        let label = &found["labels"][0];
        (label["line"].as_u64().unwrap(), label["column"].as_u64().unwrap())
    };
    assert_eq!(position("mmm::spec::unknown-key"), (2, 1));
    assert_eq!(position("mmm::spec::bare-number"), (3, 11));
    assert_eq!(position("mmm::spec::bad-value"), (5, 9));
    assert_eq!(position("mmm::spec::path-outside"), (6, 8));
    let text = space.run(&["build"]).expect_exit(3).stderr;
    assert!(text.contains("duration") && text.contains("movie.yaml"), "{text}");
}

#[test]
fn missing_files_are_reported_beside_mistakes_of_the_spec() {
    let space = Space::with_photos(&["hill"]);
    let spec = |media: &str| {
        let music = "music: [songs/a.mp3, songs/b.mp3]\noutputs: {a.mp4: {}, b.mp4: {}}";
        space.movie(&format!("media: {media}\nlenght: 3s\n{music}\n"));
        let ran = space.run(&["check", "--json"]).expect_exit(3);
        let found = ran.events().into_iter().filter(|event| event["event"] == "diagnostic");
        let place = |event: Value| {
            let label = event["labels"][0].clone();
            (event["code"].as_str().unwrap().to_owned(), label["line"].as_u64(), label["column"].as_u64())
        };
        found.map(place).collect::<Vec<_>>()
    };
    let at = |code: &str, line, column| (code.to_owned(), Some(line), Some(column));
    let (key, first, second) = (
        at("mmm::spec::unknown-key", 2, 1),
        at("mmm::media::missing", 3, 9),
        at("mmm::media::missing", 3, 22),
    );
    let missing = spec("[photos/, photso/, '*.heic']");
    assert_eq!(
        missing,
        [
            key.clone(),
            at("mmm::media::missing", 1, 18),
            at("mmm::media::glob-matches-nothing", 1, 27),
            first.clone(),
            second.clone()
        ]
    );
    // The other files that a spec can name.
    space.movie("media: photos/\nlenght: 3s\nmusic: {path: a.mp3, beats: a.beats}\nstyle: {look: a.cube}\n");
    let mut codes = space.run(&["check", "--json"]).expect_exit(3).codes();
    codes.sort();
    assert_eq!(
        codes,
        ["mmm::look::cube", "mmm::media::missing", "mmm::music::beats-file", "mmm::spec::unknown-key"]
    );
    // An entry that can't be read may have been meant to include anything.
    let unread = spec("[photos/, {pfad: a.jpg}, photso/]");
    assert!(unread.iter().all(|(code, _, _)| code.starts_with("mmm::spec::")), "{unread:?}");
}

#[test]
fn unreadable_specs_are_reported() {
    let space = Space::new();
    assert_eq!(space.run(&["build", "--json"]).expect_exit(3).codes(), ["mmm::cli::no-spec"]);
    for (bytes, code) in [
        (&b"media: [a\n"[..], "mmm::spec::unreadable-yaml"),
        (b"media: \xff\xfe", "mmm::spec::not-utf8"),
        (b"", "mmm::spec::missing-key"),
    ] {
        space.write("movie.yaml", bytes);
        assert_eq!(space.run(&["check", "--json"]).expect_exit(3).codes(), [code]);
    }
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        bomb += &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "));
    }
    space.movie(&bomb);
    space.run(&["check"]).expect_exit(3);
}

#[test]
fn broken_media_are_reported_by_name_and_left_out() {
    let space = Space::holiday();
    for entry in fs::read_dir(fixture("malformed")).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        space.take(&format!("malformed/{name}"), &format!("photos/{name}"));
    }
    fs::create_dir(space.path("photos/folder.jpg")).unwrap();
    symlink("nowhere.jpg", space.path("photos/dangling.jpg")).unwrap();
    symlink(".", space.path("photos/loop")).unwrap();
    let ran = space.draft();
    assert!(ran.codes().iter().all(|code| code.starts_with("mmm::media::")), "{:?}", ran.codes());
    let text = space.run(&["build", "--profile", "draft"]).expect_success().stderr;
    for name in ["zero.jpg", "text.jpg", "three-bytes.jpg", "no-moov.mp4", "huge.png", "cut.heic", "cut.avif"]
    {
        assert!(text.contains(name), "{name} is not named in\n{text}");
    }
}

/// Each file is shown, left out for a reason, or named by one diagnostic.
#[test]
fn a_folder_of_every_fixture_builds_a_movie() {
    let space = Space::new();
    let mut names = BTreeSet::new();
    for folder in ["photos", "clips", "malformed"] {
        for entry in fs::read_dir(fixture(folder)).unwrap().flatten() {
            let name = entry.file_name().into_string().unwrap();
            if !name.ends_with(".mp3") && !name.ends_with(".ogg") && !name.ends_with(".wav") {
                space.take(&format!("{folder}/{name}"), &format!("media/{folder}/{name}"));
                names.insert(format!("media/{folder}/{name}"));
            }
        }
    }
    assert!(names.len() >= 70, "{}", names.len());
    space.movie("media: media/\nduration: 20s\nstyle: {titles: off}\n");
    let ran = space.draft();
    let plan = space.last_event(&["plan", "--json"]);
    let sources = |list: &str| -> BTreeSet<String> {
        let list = plan[list].as_array().unwrap().iter();
        list.map(|one| one["source"].as_str().unwrap().to_owned()).collect()
    };
    let (shown, left_out) = (sources("shots"), sources("left_out"));
    let events = ran.events();
    let count_reports = |name: &str| {
        let diagnostics = events.iter().filter(|event| event["event"] == "diagnostic");
        diagnostics.filter(|found| found["message"].as_str().unwrap().contains(&format!("`{name}`"))).count()
    };
    for name in &names {
        let reports = count_reports(name);
        assert!(reports <= 1, "{name} is reported {reports} times");
        assert!(
            shown.contains(name) || left_out.contains(name) || reports == 1,
            "{name} is neither shown nor reported\n{}",
            ran.stdout
        );
        assert!(!(shown.contains(name) && name.contains("zero.")), "{name}");
    }
    let frames = frames(&space.path("movie.draft.mp4"), 64, 36);
    let rate =
        plan["rate"].as_array().map_or(30.0, |rate| rate[0].as_f64().unwrap() / rate[1].as_f64().unwrap());
    assert_eq!(frames.len(), (20.0 * rate).round() as usize);
    // No frame between the fades is black.
    let inside = &frames[rate as usize..frames.len() - 2 * rate as usize];
    assert!(inside.iter().all(|frame| mean(frame) > 8.0));
}

#[test]
fn the_kind_of_a_medium_is_detected_from_its_content_not_its_name() {
    let space = Space::new();
    space.take("malformed/really-jpeg.mp4", "a.mp4").take("malformed/really-png.jpg", "b.jpg");
    space.movie("media: [a.mp4, b.jpg]\nduration: 4s\n");
    let plan = space.last_event(&["plan", "--json"]);
    let kinds: Vec<&Value> = plan["shots"].as_array().unwrap().iter().map(|shot| &shot["kind"]).collect();
    assert_eq!(kinds, ["photo", "photo"]);
}

#[test]
fn required_media_must_exist_and_be_readable() {
    let space = Space::holiday();
    space.movie("media: [photos/, {path: gone.jpg, required: true}]\n");
    let ran = space.run(&["build", "--json"]).expect_exit(3);
    assert!(ran.codes().contains(&"mmm::media::missing".to_owned()), "{:?}", ran.codes());
    space.take("malformed/zero.jpg", "bad.jpg");
    space.movie("media: [photos/, {path: bad.jpg, required: true}]\n");
    let ran = space.run(&["build", "--json"]).expect_exit(3);
    assert!(ran.codes().contains(&"mmm::media::unreadable".to_owned()), "{:?}", ran.codes());
}

#[test]
fn a_glob_that_matches_nothing_is_a_warning() {
    let space = Space::holiday();
    space.movie("media: [photos/, 'video/*.mov']\nduration: 4s\n");
    let ran = space.run(&["check", "--json"]).expect_success();
    assert_eq!(ran.codes(), ["mmm::media::glob-matches-nothing"]);
}

#[test]
fn a_movie_needs_one_photo_or_clip_with_a_picture() {
    let space = Space::new();
    fs::create_dir_all(space.folder().join("empty")).unwrap();
    space.movie("media: empty/\n");
    let ran = space.run(&["build", "--json"]).expect_exit(3);
    assert!(!ran.codes().is_empty());
    space.take("clips/no-picture.mp4", "sound.mp4").movie("media: sound.mp4\n");
    // The headers suffice to know it, also before anything was analyzed.
    for command in ["check", "build"] {
        let ran = space.run(&[command, "--json"]).expect_exit(3);
        assert_eq!(ran.codes(), ["mmm::media::no-picture", "mmm::plan::no-media"], "{command}");
    }
    space.take("photos/hill.jpg", "hill.jpg").movie("media: hill.jpg\n");
    space.draft();
}

#[test]
fn a_photo_or_a_clip_is_not_music() {
    let space = Space::new();
    space.take("photos/hill.jpg", "hill.jpg").take("clips/no-picture.mp4", "sound.mp4");
    ffmpeg(&["-f", "lavfi", "-i", "testsrc2=s=64x64:d=1", space.path("quiet.mp4").to_str().unwrap()]);
    let (quiet, sound) = (space.path("quiet.mp4"), space.path("sound.mp4"));
    let inputs = ["-i", quiet.to_str().unwrap(), "-i", sound.to_str().unwrap(), "-t", "1"];
    ffmpeg(&[&inputs[..], &["-c:a", "aac", space.path("loud.mp4").to_str().unwrap()]].concat());
    for (name, what, help) in [
        ("hill.jpg", "a photo", "under `media`"),
        ("quiet.mp4", "a clip without sound", "under `media`"),
        ("loud.mp4", "a clip", "extract its sound"),
    ] {
        space.movie(&format!("media: hill.jpg\nmusic: {name}\nduration: 1s\n"));
        for command in ["check", "plan"] {
            let error = space.run(&[command, "--json"]).expect_exit(3).diagnostic("mmm::music::unreadable");
            assert_eq!(error["message"], format!("the music `{name}` can't be used: it is {what}"));
            assert!(error["help"].as_str().unwrap().contains(help), "{error}");
        }
    }
}

#[test]
fn the_help_about_a_link_that_leads_nowhere_names_the_link() {
    let space = Space::new();
    space.take("photos/hill.jpg", "hill.jpg");
    symlink("nowhere.jpg", space.path("fig.jpg")).unwrap();
    symlink("nowhere.wav", space.path("song.wav")).unwrap();
    space.movie("media: [hill.jpg, fig.jpg]\nmusic: song.wav\nduration: 2s\n");
    let run = space.run(&["check", "--json"]).expect_exit(3);
    for code in ["mmm::media::missing", "mmm::music::unreadable"] {
        let error = run.diagnostic(code);
        assert!(error["help"].as_str().unwrap().contains("or change the link"), "{error}");
    }
}

#[test]
fn a_conflict_is_reported_at_both_of_its_lines() {
    let space = Space::new();
    space.take("photos/hill.jpg", "hill.jpg").take("photos/bee.jpg", "bee.jpg");
    space.movie("media: [hill.jpg, bee.jpg]\nduration: 60s\nconstraints:\n  shot: 1s..3s\n");
    let ran = space.run(&["build", "--json"]).expect_exit(3);
    assert_eq!(ran.codes(), ["mmm::plan::too-little"]);
    let events = ran.events();
    let found = events.iter().find(|event| event["event"] == "diagnostic").unwrap();
    let lines: Vec<u64> =
        found["labels"].as_array().unwrap().iter().map(|label| label["line"].as_u64().unwrap()).collect();
    assert!(lines.contains(&2) && lines.contains(&4), "{found:#}");
    assert!(found["help"].is_string());
}

#[test]
fn a_song_without_beats_gives_a_plan_or_a_diagnostic() {
    let space = Space::holiday();
    space.take("music/silence.wav", "silence.wav").take("music/rain.ogg", "rain.ogg");
    space.take("music/speech.wav", "speech.wav").write("short.wav", wav(44_100, &[0; 4_410]));
    for song in ["silence.wav", "rain.ogg", "speech.wav", "short.wav"] {
        space.movie(&format!("media: photos/\nmusic: {song}\nduration: 3s..8s\n"));
        let ran = space.run(&["plan", "--json"]);
        assert!(ran.code == 0 || ran.code == 3, "{song}: {}\n{}", ran.code, ran.stderr);
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
        if ran.code == 3 {
            assert!(!ran.codes().is_empty(), "{song} failed without a diagnostic");
        }
        if song == "rain.ogg" {
            assert!(ran.codes().contains(&"mmm::music::no-beats".to_owned()), "{:?}", ran.codes());
        }
    }
}

#[test]
fn three_thousand_near_duplicates_fill_only_a_short_movie() {
    let space = Space::new();
    let photo = fs::read(fixture("photos/orientation-1.jpg")).unwrap();
    for n in 0..3000u32 {
        // A comment makes the files differ.
        let mut bytes = photo.clone();
        bytes.splice(2..2, [0xff, 0xfe, 0, 6].into_iter().chain(n.to_be_bytes()));
        space.write(&format!("photos/IMG_{n}.jpg"), bytes);
    }
    space.take("photos/hill.jpg", "photos/a hill.jpg");
    space.movie("media: photos/\nduration: 6s..20s\n");
    // Models look at those that differ, not at each copy.
    let plan = space.last_event(&["plan", "--json"]);
    // All photos but one are near-duplicates of each other.
    assert!(plan["shots"].as_array().unwrap().len() <= 4, "{}", plan["shots"]);
    assert!(plan["left_out"].as_array().unwrap().len() >= 2990);
}

#[test]
fn a_linked_folder_outside_the_movie_is_reported_and_not_followed() {
    let (space, elsewhere) = (Space::new(), Space::new());
    elsewhere.take("photos/hill.jpg", "there/hill.jpg");
    symlink(elsewhere.path("there"), space.path("photos")).unwrap();
    for (media, code) in [("photos/", 3), ("photos", 3), ("\"photos/*.jpg\"", 3)] {
        space.movie(&format!("media: [{media}]\n"));
        let ran = space.run(&["check", "--json"]).expect_exit(code);
        assert_eq!(ran.codes()[0], "mmm::spec::path-outside", "{media}");
        let event = ran.events().into_iter().find(|event| event["event"] == "diagnostic").unwrap();
        let message = "the link `photos` is not followed because it leads out of the movie's folder";
        assert_eq!((&event["message"], &event["labels"][0]["line"]), (&message.into(), &1.into()), "{event}");
    }
    // A missing folder has its own diagnostic.
    space.movie("media: [photo/]\n");
    assert_eq!(space.run(&["check", "--json"]).expect_exit(3).codes()[0], "mmm::media::missing");
    // A file that the spec names exactly is used, wherever its folder leads.
    space.movie("media: [photos/hill.jpg]\n");
    space.run(&["check"]).expect_success();
}

#[test]
fn keys_without_effect_are_reported() {
    let space = Space::with_photos(&["hill", "bee"]);
    space.take("clips/rabbit.mp4", "clips/rabbit.mp4");
    space.write("song.wav", wav(48_000, &[9_000; 48_000 * 6]));
    space.movie(
        "media:\n  - path: photos/hill.jpg\n    audio: 2\n    in: 1s\n    taken: 2024-06-08T10:15+02:00\n    \
         clock: +1h\n    zone: Europe/Lisbon\n  - path: photos/*.jpg\n    sound: keep\n  \
         - {path: '*/*', speed: 0.5}\nmusic:\n  path: song.wav\n  crossfade: 2s\n",
    );
    let idle = |space: &Space| {
        let ran = space.run(&["check", "--json"]).expect_success();
        let found = ran.events().into_iter().filter(|event| event["code"] == "mmm::spec::no-effect");
        found.map(|event| event["labels"][0]["line"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(idle(&space), [4, 3, 6, 7, 9, 13]);
    // A zone says where a time without one belongs, and a loop makes the crossfade heard.
    space.movie(
        "media:\n  - {path: photos/, taken: 2024-06-08T10:15, zone: Europe/Lisbon}\n  \
         - {path: clips/rabbit.mp4, in: 1s, sound: keep}\nmusic: {path: song.wav, loop: true, crossfade: 1s}\n\
         duration: 8s\n",
    );
    assert_eq!(idle(&space), Vec::<u64>::new());
    let looped = "media: photos/\nmusic: {path: song.wav, loop: true}\nduration: music\n";
    space.movie(looped);
    assert_eq!(idle(&space), [2]);
    // What the whole movie leaves without a use.
    space.write("photos/undated.png", png(image::RgbImage::from_pixel(640, 480, image::Rgb([90, 120, 60]))));
    space.movie(
        "media:\n  - path: photos/undated.png\n    clock: +1h\n    zone: Europe/Lisbon\n    focus: [0.2, 0.3]\n  \
         - path: photos/hill.jpg\n    clock: +1h\n  - path: clips/rabbit.mp4\n    audio: 1\n    sound: mute\n    \
         focus: [0.2, 0.3]\nstyle:\n  dip: white\n  fit: contain\n  photos: still\noutputs:\n  movie.mp4:\n    \
         subtitles: movie.srt\n",
    );
    assert_eq!(idle(&space), [3, 4, 5, 9, 11, 13, 18]);
    // Each of them has a use here.
    space.movie(
        "media:\n  - {path: photos/hill.jpg, clock: +1h, focus: [0.2, 0.3]}\n  \
         - {path: clips/rabbit.mp4, audio: 1, sound: keep, caption: A rabbit}\n\
         style: {dip: white, fit: contain, transitions: dip, steady: true}\noutputs: {movie.mp4: {subtitles: movie.srt}}\n",
    );
    assert_eq!(idle(&space), Vec::<u64>::new());
    space.movie("media: photos/\nstyle:\n  steady: true\ntitle: A hill\n");
    assert_eq!(idle(&space), [3]);
    // Another output has a use for the loop.
    space.movie(&format!("{looped}outputs: {{ a.mp4: {{}}, b.mp4: {{duration: 8s}} }}\n"));
    assert_eq!(idle(&space), Vec::<u64>::new());
}

#[test]
fn a_bar_that_begins_after_the_song_is_reported() {
    let space = Space::with_photos(&["hill", "bee"]);
    space.write("song.wav", wav(48_000, &[9_000; 48_000 * 6]));
    let found = |beats: &str| {
        space.movie(&format!("media: photos/\nmusic:\n  path: song.wav\n  beats:\n    {beats}\n"));
        let ran = space.run(&["check", "--json"]).expect_success();
        let found = ran.events().into_iter().find(|event| event["code"] == "mmm::music::bar-outside");
        found.map(|event| (event["message"].clone(), event["labels"][0]["line"].as_u64()))
    };
    let message = "`first-downbeat` is 90s, but `song.wav` ends at 6s";
    assert_eq!(found("first-downbeat: 1:30"), Some((message.into(), Some(5))));
    assert_eq!(found("first-downbeat: 5s"), None);
}

#[test]
fn the_separators_of_windows_are_explained() {
    let space = Space::with_photos(&["hill", "bee"]);
    space.write("songs/song.wav", wav(48_000, &[9_000; 48_000 * 6]));
    let found = |spec: &str, code: u8| {
        space.movie(spec);
        let ran = space.run(&["check", "--json"]).expect_exit(i32::from(code));
        let found = ran.events().into_iter().find(|event| event["event"] == "diagnostic").unwrap();
        found["help"].as_str().unwrap().to_owned()
    };
    let write = |path: &str| format!("write `/` between folders: `{path}`");
    assert_eq!(found("media: photos\\hill.jpg\n", 3), write("photos/hill.jpg"));
    assert_eq!(found("media: photos\\*.jpg\n", 3), write("photos/*.jpg"));
    assert_eq!(found("media: .\\photos\\\n", 3), write("./photos/"));
    assert_eq!(found("media: photos/\nmusic: songs\\song.wav\n", 3), write("songs/song.wav"));
    assert!(found("media: gone\\hill.jpg\n", 3).starts_with("write `/` between folders, and paths from"));
}
