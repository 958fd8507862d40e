//! What each command prints, as text and as JSON.

use serde_json::Value;

use crate::measure::{probe, stream};
use crate::media::wav;
use crate::space::{Run, Space};
use crate::tools::tool;

#[test]
fn init_writes_a_spec_that_builds() {
    let space = Space::holiday();
    std::fs::remove_file(space.path("movie.yaml")).unwrap();
    let printed = space.run(&["init"]).expect_success().stdout;
    assert!(printed.contains("4 photos, 2 clips and 1 song"), "{printed}");
    assert!(printed.contains("mmm build"), "{printed}");
    let checked = space.run(&["check", "--json"]).expect_success();
    assert_eq!(checked.codes(), Vec::<String>::new());
    space.draft();
    // The next build does not use the movie beside the spec as a clip.
    assert_eq!(space.draft().finished_event()["actions"]["run"], 0);
}

#[test]
fn init_quotes_unusual_file_names() {
    let space = Space::new();
    let folder = "Ünsere 'Reise' – #1: \"los\"! 🎉";
    space.take("photos/hill.jpg", &format!("{folder}/bild 1.jpg"));
    space.take("photos/bee.jpg", &format!("{folder}/- line\nfeed.jpg"));
    space.run(&["init"]).expect_success();
    space.run(&["check"]).expect_success();
    let plan = space.last_event(&["plan", "--json"]);
    assert_eq!(plan["shots"].as_array().unwrap().len(), 2);
}

#[test]
fn the_exported_shots_add_up_to_the_movie() {
    let space = Space::holiday();
    let text = space.run(&["export", "--format", "json"]).expect_success().stdout;
    let timeline: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(space.timeline(), timeline, "JSON is the default");
    assert_eq!(timeline["output"], "movie.mp4");
    assert_eq!((&timeline["width"], &timeline["height"]), (&1920.into(), &1080.into()));
    assert_eq!(timeline["rate"], serde_json::json!([30, 1]));
    assert_eq!((&timeline["frames"], &timeline["audio"]["samples"]), (&300.into(), &480_000.into()));
    let mut next = 0;
    for shot in timeline["shots"].as_array().unwrap() {
        assert_eq!(shot["start"], next);
        next += shot["frames"].as_u64().unwrap();
        assert!(!shot["reason"].as_str().unwrap().is_empty());
        assert_eq!(shot["in"].is_null(), shot["kind"] == "photo");
        if shot["kind"] == "clip" {
            let long = shot["out"].as_f64().unwrap() - shot["in"].as_f64().unwrap();
            assert!((long * 30.0 - shot["frames"].as_f64().unwrap()).abs() <= 1.0);
        }
    }
    assert_eq!(next, 300);
    let music = &timeline["music"][0];
    assert_eq!(
        (&music["source"], &music["start"], &music["samples"]),
        (&"song.wav".into(), &0.into(), &480_000.into())
    );
}

#[test]
fn the_plan_says_why_and_what_was_left_out() {
    let space = Space::holiday();
    space.take("photos/blurred.jpg", "photos/blurred.jpg");
    space.take("photos/path-burst.jpg", "photos/path-burst.jpg");
    let plan = space.last_event(&["plan", "--json"]);
    assert_eq!(plan["event"], "plan");
    let shown: Vec<&str> =
        plan["shots"].as_array().unwrap().iter().map(|shot| shot["source"].as_str().unwrap()).collect();
    let left = plan["left_out"].as_array().unwrap();
    for (medium, reason) in left.iter().map(|left| (&left["source"], &left["reason"])) {
        assert!(!shown.contains(&medium.as_str().unwrap()));
        assert!(!reason.as_str().unwrap().is_empty());
    }
    assert!(left.iter().any(|left| left["source"] == "photos/blurred.jpg"), "{left:#?}");
    // Only one photo of a burst is shown.
    let burst = shown.iter().filter(|source| source.contains("path")).count();
    assert_eq!(burst, 1, "{shown:?}");
    for shot in plan["shots"].as_array().unwrap() {
        assert!(shot["scores"]["quality"].is_number() && shot["story_beat"].is_string());
    }
    let text = space.run(&["plan"]).expect_success().stdout;
    assert!(text.contains("left out") && text.contains("photos/hill.jpg"), "{text}");
}

#[test]
fn beats_prints_tempo_beats_and_sections_as_json() {
    let space = Space::new();
    space.clicks("song.wav", 100.0, 30.0);
    let beats = space.last_event(&["beats", "song.wav", "--json"]);
    assert!((beats["duration"].as_f64().unwrap() - 30.0).abs() < 0.01);
    let tempo = beats["tempo"].as_f64().unwrap();
    assert!((tempo - 100.0).abs() < 2.0, "{tempo}");
    let times: Vec<f64> =
        beats["beats"].as_array().unwrap().iter().map(|beat| beat["time"].as_f64().unwrap()).collect();
    let near = |time: &&f64| ((**time / 0.6).round() * 0.6 - **time).abs() < 0.03;
    assert!(times.len() >= 40 && times.iter().filter(near).count() * 10 >= times.len() * 9, "{times:?}");
    assert_eq!(beats["energy"]["rate"], 10);
    assert!(beats["sections"].is_array() && beats["events"].is_array() && beats["meter"].is_number());
    space.run(&["beats", "song.wav", "--click", "out.wav"]).expect_success();
    let wave = probe(&space.path("out.wav"));
    assert_eq!(stream(&wave, "audio")["duration_ts"], 1_440_000);
    // A file that exists is not replaced.
    space.run(&["beats", "song.wav", "--click", "out.wav"]).expect_exit(1);
}

#[test]
fn analyze_prints_one_line_per_file() {
    let space = Space::holiday();
    space.write("notes.txt", "hello");
    let files = ["photos/hill.jpg", "clips/rabbit.mp4", "song.wav", "notes.txt"];
    let ran = space.run(&[&["analyze", "--json"], &files[..]].concat()).expect_exit(1);
    let lines = ran.events();
    let kinds: Vec<&str> = lines.iter().filter_map(|line| line["kind"].as_str()).collect();
    let kinds: Vec<&str> = kinds.into_iter().filter(|kind| !kind.contains('-') && *kind != "probe").collect();
    assert_eq!(kinds, ["photo", "clip", "music", "unreadable"]);
    let of = |source: &str| lines.iter().find(|line| line["source"] == source).unwrap()["facts"].clone();
    let photo = of("photos/hill.jpg");
    assert_eq!((&photo["width_px"], &photo["height_px"]), (&960.into(), &639.into()));
    assert_eq!((&photo["taken"], &photo["taken_offset_min"]), (&"2024-09-14T08:21:07".into(), &120.into()));
    assert!((photo["place"]["lat_deg"].as_f64().unwrap() - 42.9506).abs() < 1e-3);
    assert!(photo["aesthetic"].as_f64().unwrap() > 0.2);
    let clip = of("clips/rabbit.mp4");
    assert!((clip["duration_s"].as_f64().unwrap() - 3.0).abs() < 0.05);
    assert!(clip["windows"][0]["score"].is_number() && clip["motion"].is_string());
}

#[test]
fn the_printed_schema_is_the_one_in_the_repository() {
    let printed: Value =
        serde_json::from_str(&Space::new().run(&["schema"]).expect_success().stdout).unwrap();
    let kept = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/schema/movie.schema.json")).unwrap();
    assert_eq!(printed, serde_json::from_slice::<Value>(&kept).unwrap());
}

#[test]
fn cache_commands_count_collect_and_empty_the_cache() {
    let space = Space::holiday();
    space.draft();
    let stats = space.last_event(&["cache", "stats", "--json"]);
    assert_eq!(stats["path"], space.cache().to_str().unwrap());
    assert!(stats["bytes"].as_u64().unwrap() > 100_000 && stats["entries"].as_u64().unwrap() > 10);
    let sum: u64 = stats["by_kind"].as_object().unwrap().values().map(|bytes| bytes.as_u64().unwrap()).sum();
    assert_eq!(stats["bytes"], sum);
    space.run(&["cache", "gc", "--limit", "100kB"]).expect_success();
    let stats = space.last_event(&["cache", "stats", "--json"]);
    assert!(stats["bytes"].as_u64().unwrap() <= 100_000);
    space.run(&["cache", "clean"]).expect_success();
    let stats = space.last_event(&["cache", "stats", "--json"]);
    assert_eq!(stats["entries"], 0);
    space.draft();
}

#[test]
fn doctor_lists_the_codecs_and_the_versions_in_keys() {
    let doctor = Space::new().last_event(&["doctor", "--json"]);
    let libraries = doctor["libraries"].as_array().unwrap();
    for name in ["libavcodec", "libswscale", "libx264"] {
        let library = libraries.iter().find(|library| library["name"] == name);
        assert!(
            library.is_some_and(|library| library["version"].as_str().is_some_and(|text| !text.is_empty())),
            "{name}"
        );
    }
    let codecs = doctor["codecs"].as_array().unwrap();
    assert!(codecs.iter().any(|codec| codec["name"] == "libx264" && codec["there"] == true));
}

#[test]
fn help_lists_every_command_and_a_usage_error_exits_with_2() {
    let space = Space::new();
    let help = space.run(&["--help"]).expect_success().stdout;
    for command in [
        "init", "build", "watch", "check", "plan", "diff", "why", "graph", "update", "analyze", "beats",
        "export", "schema", "verify", "review", "cache", "doctor",
    ] {
        assert!(help.contains(&format!("\n  {command} ")), "{command} is not in\n{help}");
    }
    for later in ["serve", "refine"] {
        assert!(!help.contains(&format!("\n  {later} ")), "{later} is listed and does not exist");
    }
    space.run(&["bulid"]).expect_exit(2);
    space.run(&["build", "--jobs", "0"]).expect_exit(2);
    assert!(space.run(&["completions", "bash"]).expect_success().stdout.contains("mmm"));
}

#[test]
fn settings_come_from_files_variables_and_flags() {
    let space = Space::holiday();
    space.write("mmm.toml", "jobs = 1\n");
    let own = space.folder().parent().unwrap().join(".config/mmm/mmm.toml");
    std::fs::create_dir_all(own.parent().unwrap()).unwrap();
    std::fs::write(&own, "cache-limit = \"3GB\"\ncache-dir = \"films\"\n").unwrap();
    let stats = |space: &Space, args: &[&str]| {
        let ran = space.run(&[&["cache", "stats", "--json"], args].concat()).expect_success();
        ran.events().pop().unwrap()
    };
    assert_eq!(stats(&space, &[])["limit_bytes"], 3_000_000_000u64);
    let other = space.path("elsewhere");
    let stats = stats(&space, &["--cache-dir", other.to_str().unwrap()]);
    assert_eq!(stats["path"], other.to_str().unwrap());
    let mut limited = space.command(&["cache", "stats", "--json"]);
    let limited = Run::from(limited.env("MMM_CACHE_LIMIT", "5GB").output().unwrap()).expect_success();
    assert_eq!(limited.events().pop().unwrap()["limit_bytes"], 5_000_000_000u64);
    // The folder in the user's own file applies if no flag and no variable names another.
    let mut unnamed = space.command(&["cache", "stats", "--json"]);
    let unnamed = Run::from(unnamed.env_remove("MMM_CACHE_DIR").output().unwrap()).expect_success();
    assert_eq!(unnamed.events().pop().unwrap()["path"], own.with_file_name("films").to_str().unwrap());
    for (name, value, code) in [("MMM_CACHE_LIMIT", "much", 1), ("MMM_JOBS", "none", 2)] {
        let mut wrong = space.command(&["build"]);
        let wrong = Run::from(wrong.env(name, value).output().unwrap()).expect_exit(code);
        assert!(wrong.stderr.contains(name) || wrong.stderr.contains("--jobs"), "{}", wrong.stderr);
    }
    space.write("mmm.toml", "cash-limit = 3\n");
    let ran = space.run(&["build", "--json"]).expect_exit(1);
    assert_eq!(ran.codes(), ["mmm::config::bad"]);
}

#[test]
fn verbose_prints_each_step_and_quiet_prints_nothing() {
    let space = Space::holiday();
    let usual = space.run(&["build", "--profile", "draft"]).expect_success();
    assert!(usual.stdout.contains("movie.draft.mp4") && usual.stderr.is_empty(), "{}", usual.stderr);
    let verbose = space.run(&["build", "--profile", "draft", "-v"]).expect_success();
    let steps = verbose.stderr.lines().filter(|line| line.contains("segment")).count();
    assert!(steps >= 4, "every step has a line:\n{}", verbose.stderr);
    let quiet = space.run(&["build", "--profile", "draft", "-q"]).expect_success();
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
}

#[test]
fn a_terminal_shows_a_progress_bar() {
    let space = Space::holiday();
    let program = format!("{} build --profile draft", env!("CARGO_BIN_EXE_mmm"));
    // `script` runs mmm in a terminal.
    let mut terminal = tool("script");
    terminal.args(["-qec", &program, "/dev/null"]).current_dir(space.folder());
    terminal.env("MMM_CACHE_DIR", space.cache()).env("TERM", "xterm").stdin(std::process::Stdio::null());
    let seen = Run::from(terminal.output().unwrap()).expect_success().stdout;
    assert!(seen.contains("rendering") && seen.contains("left"), "{seen}");
    let done = seen.split('\r').filter(|line| line.contains("rendering")).count();
    assert!(done > 2, "the bar does not move: {seen}");
}

#[test]
fn a_beats_file_is_written_read_and_followed() {
    let space = Space::new();
    for name in ["hill", "path", "bee", "fig"] {
        space.take(&format!("photos/{name}.jpg"), &format!("photos/{name}.jpg"));
    }
    space.clicks("song.wav", 120.0, 20.0);
    space.run(&["beats", "song.wav", "--list", "song.beats"]).expect_success();
    let list = std::fs::read_to_string(space.path("song.beats")).unwrap();
    assert!(list.lines().count() > 30 && list.lines().all(|line| line.contains('\t')), "{list}");
    // A file that exists is not replaced.
    assert_eq!(
        space.run(&["beats", "song.wav", "--list", "song.beats", "--json"]).expect_exit(1).codes(),
        ["mmm::output::not-ours"]
    );
    // These beats are 0.2 s off those of the song, and the cuts follow the file.
    let own: String = (0..38).map(|n| format!("{:.3}\t{}\n", 0.2 + 0.5 * f64::from(n), n % 4 + 1)).collect();
    space.write("own.beats", own);
    space.movie("media: photos/\nmusic: {path: song.wav, from: 0s, beats: own.beats}\nduration: 8s\n");
    let timeline = space.timeline();
    let cuts: Vec<f64> = timeline["shots"].as_array().unwrap()[1..]
        .iter()
        .map(|shot| shot["start"].as_f64().unwrap() / 30.0)
        .collect();
    assert!(cuts.len() >= 2, "{cuts:?}");
    for cut in cuts {
        let beats = (cut - 0.2) / 0.5;
        // Cuts fall on frames, so they are up to half a frame off.
        assert!((beats - beats.round()).abs() * 0.5 <= 0.5 / 30.0 + 1e-3, "a cut at {cut}");
    }
    space.write("own.beats", "0.5\nsoon\n");
    let refused = space.run(&["check", "--json"]).expect_exit(3);
    assert_eq!(refused.codes(), ["mmm::music::beats-file"]);
    assert!(refused.stdout.contains("line 2"), "{}", refused.stdout);
}

#[test]
fn a_song_is_charted_with_and_without_models() {
    let space = Space::new();
    space.clicks("song.wav", 120.0, 20.0);
    space.run(&["analyze", "song.wav", "--svg", "song.svg", "--png", "song.png"]).expect_success();
    let svg = std::fs::read_to_string(space.path("song.svg")).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("120 BPM"), "{}", &svg[..400]);
    let png = std::fs::read(space.path("song.png")).unwrap();
    assert_eq!((&png[1..4], &png[16..20]), (&b"PNG"[..], &1600u32.to_be_bytes()[..]));
    let plain = space.run(&["analyze", "song.wav", "--no-models", "--json"]).expect_success().events();
    let facts = plain.iter().find(|event| event["facts"].is_object()).unwrap();
    assert_eq!(facts["facts"]["tempo"].as_f64().unwrap().round(), 120.0);
    let none = space.run(&["analyze", "--svg", "none.svg", "--json", "movie.yaml"]).expect_exit(1);
    assert_eq!(none.codes(), ["mmm::cli::no-chart"]);
}

#[test]
fn a_custom_beat_model_replaces_the_built_in_one() {
    let space = Space::new();
    // Two bursts per second, every third one louder: the model of the fixtures finds bars of three beats.
    let burst = |n: usize| {
        let (count, at) = (n / 22_050, n % 22_050);
        let level = if count.is_multiple_of(3) { 10_000 } else { 2_600 };
        if at < 1_764 { if (n / 50).is_multiple_of(2) { level } else { -level } } else { 0 }
    };
    // The song is longer than the part that the model processes at a time.
    space.write("song.wav", wav(44_100, &(0..44_100 * 70).map(burst).collect::<Vec<i16>>()));
    for model in ["mel_spectrogram.onnx", "beat_this_small.onnx"] {
        space.take(&format!("models/{model}"), &format!("own/{model}"));
    }
    let own = space.run(&["beats", "song.wav", "--beat-model", "own", "--json"]).expect_success().events();
    let heard = own.last().unwrap();
    assert_eq!((heard["tempo"].as_f64().unwrap().round(), heard["meter"].as_u64()), (120.0, Some(3)));
    let beats = heard["beats"].as_array().unwrap();
    assert!((136..=141).contains(&beats.len()), "{}", beats.len());
    for beat in beats {
        let at = beat["time"].as_f64().unwrap() * 2.0;
        assert!((at - at.round()).abs() < 0.1, "a beat at {at} half seconds");
        assert_eq!(beat["position"].as_u64().unwrap(), at.round() as u64 % 3 + 1, "at {at}");
    }
    // The facts of the custom model are cached beside those of the built-in models.
    let built_in = space.run(&["beats", "song.wav", "--json"]).expect_success().events();
    assert_ne!(built_in.last().unwrap()["beats"], heard["beats"]);

    // `--beat-model` overrides the setting that disables models.
    space.write("mmm.toml", "models = false\n");
    let asked = space.run(&["beats", "song.wav", "--beat-model", "own", "--json"]).expect_success().events();
    assert_eq!(asked.last().unwrap()["beats"], heard["beats"]);

    space.write("mmm.toml", "beat-model = \"nowhere\"\n").movie("media: photos/\n");
    assert_eq!(space.run(&["check", "--json"]).expect_exit(1).codes(), ["mmm::model::bad"]);
    space.write("own/beat_this_small.onnx", "no model");
    let bad = space.run(&["beats", "song.wav", "--beat-model", "own", "--json"]);
    assert_eq!(bad.expect_exit(1).codes(), ["mmm::model::bad"]);
}
