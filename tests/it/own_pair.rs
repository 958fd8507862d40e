//! `--clip`: the user's own pair of models like CLIP, which compares photos with words. The pair of the
//! fixtures knows colours and nothing else.

use std::fs;

use serde_json::Value;

use crate::space::{Space, fixture};
use crate::tools::ffmpeg;

const FILES: [&str; 4] = ["image.onnx", "text.onnx", "tokenizer.json", "preprocessor_config.json"];

/// Returns a space with a red, a green and a blue photo in `trip/`, whose names say nothing, and the pair in
/// `own/`.
fn space() -> Space {
    let space = Space::new();
    fs::create_dir_all(space.path("trip")).unwrap();
    for (from, [red, green, blue], to) in
        [("fig", [1.0, 0.35, 0.35], "1"), ("hill", [0.4, 1.0, 0.4], "2"), ("bee", [0.45, 0.45, 1.0], "3")]
    {
        let filter = format!("hue=s=0,eq=brightness=0.2,colorchannelmixer=rr={red}:gg={green}:bb={blue}");
        let (from, to) = (fixture(&format!("photos/{from}.jpg")), space.path(&format!("trip/{to}.jpg")));
        ffmpeg(&["-i", from.to_str().unwrap(), "-vf", &filter, "-q:v", "3", to.to_str().unwrap()]);
    }
    for file in FILES {
        space.take(&format!("models/clip/{file}"), &format!("own/{file}"));
    }
    space
}

/// Returns the photos of `trip/` for a query, the best first.
#[track_caller]
fn ranked(space: &Space, query: &str, args: &[&str]) -> Vec<Value> {
    let ran = space.run(&[&["analyze", "trip", "--match", query, "--json"], args].concat()).expect_success();
    let ranked: Vec<Value> = ran.events().into_iter().filter(|event| event["rank"].is_number()).collect();
    assert_eq!(ranked.len(), 3);
    ranked
}

fn is_by_own_model(photo: &Value) -> bool {
    let because = photo["because"].as_array().unwrap();
    because.iter().any(|said| said == "it fits the words, says your own model")
}

#[test]
fn photos_are_ranked_by_words_that_no_tag_knows() {
    let space = space();
    for (query, wanted) in [
        ("scarlet", "1"),
        ("an emerald scene", "2"),
        ("sapphire light", "3"),
        ("azure, no poppies", "3"),
        ("only crimson", "1"),
    ] {
        let found = ranked(&space, query, &["--clip", "own"]);
        assert_eq!(found[0]["source"], format!("trip/{wanted}.jpg"), "{query}: {found:?}");
        assert!(is_by_own_model(&found[0]), "{query}: {found:?}");
        assert!(found[0]["match"].as_f64() > Some(0.8), "{query}: {found:?}");
        assert!(found[1]["match"].as_f64() < Some(0.3), "{query}: {found:?}");
        let built_in = ranked(&space, query, &[]);
        assert!(!built_in.iter().any(is_by_own_model), "{query}: {built_in:?}");
        assert_ne!(built_in[0]["match"], found[0]["match"], "{query}");
    }
    let found = ranked(&space, "no scarlet", &["--clip", "own"]);
    assert_eq!(found[2]["source"], "trip/1.jpg", "{found:?}");
    assert!(found[2]["match"].as_f64() < Some(0.2) && found[1]["match"].as_f64() > Some(0.8), "{found:?}");
    // Names still count: the model does not know this one.
    fs::rename(space.path("trip/2.jpg"), space.path("trip/granny.jpg")).unwrap();
    let found = ranked(&space, "granny", &["--clip", "own"]);
    assert_eq!(found[0]["source"], "trip/granny.jpg", "{found:?}");
}

#[test]
fn a_prompt_is_planned_with_the_pair_and_the_pictures_are_compared_once() {
    let space = space();
    let build = |prompt: &str, args: &[&str]| {
        space.movie(&format!("media: trip/\nduration: 2s\nprompt: {prompt}\n"));
        let ran = space.run(&[&["build", "--profile", "draft", "--json"], args].concat()).expect_success();
        let actions = ran.actions();
        ["photo-facts", "picture-embedding", "text-embedding"]
            .map(|kind| actions.get(kind).copied().unwrap_or(0))
    };
    let shown = || -> Vec<String> {
        let plan = space.last_event(&["plan", "--json", "--clip", "own"]);
        let shots = plan["shots"].as_array().unwrap();
        shots.iter().map(|shot| shot["source"].as_str().unwrap().to_owned()).collect()
    };
    // Three neutral texts and one of the prompt.
    assert_eq!(build("scarlet", &["--clip", "own"]), [3, 3, 4]);
    assert_eq!(shown(), ["trip/1.jpg"]);
    assert_eq!(build("only sapphire", &["--clip", "own"]), [0, 0, 1]);
    assert_eq!(shown(), ["trip/3.jpg"]);
    assert_eq!(build("no sapphire but emerald", &["--clip", "own"]), [0, 0, 1]);
    assert_eq!(shown(), ["trip/2.jpg"]);
    space.run(&["verify", "--clip", "own"]).expect_success();
    // Without the pair, and without a prompt, nothing of it runs.
    assert_eq!(build("sapphire", &[]), [0; 3]);
    // Another file with the same model, which ends with a comment in the form of ONNX.
    let mut image = fs::read(space.path("own/image.onnx")).unwrap();
    image.extend([0x32, 1, b'x']);
    space.write("own/image.onnx", image);
    assert_eq!(build("sapphire", &["--clip", "own"]), [0, 3, 0]);
    let tokenizer = fs::read_to_string(space.path("own/tokenizer.json")).unwrap();
    space.write("own/tokenizer.json", tokenizer + "\n");
    assert_eq!(build("sapphire", &["--clip", "own"]), [0, 0, 4]);
    assert_eq!(build("sapphire", &["--clip", "own"]), [0; 3]);
}

#[test]
fn a_dry_run_says_that_more_follows_until_pictures_are_compared_with_the_prompt() {
    let space = space();
    space.run(&["analyze", "trip"]).expect_success();
    space.movie("media: trip/\nduration: 2s\nprompt: scarlet\n");
    let events = space
        .run(&["build", "--profile", "draft", "--dry-run", "--json", "--clip", "own"])
        .expect_success()
        .events();
    let would_run = events.iter().filter(|event| event["event"] == "would-run");
    let kinds: Vec<&str> = would_run.filter_map(|event| event["kind"].as_str()).collect();
    assert_eq!(kinds.iter().filter(|kind| kind.ends_with("-embedding")).count(), 7, "{kinds:?}");
    assert_eq!((kinds.len(), &events.last().unwrap()["complete"]), (7, &false.into()), "{events:?}");
}

#[test]
fn a_clip_fits_as_well_as_what_it_shows_for_a_moment() {
    let space = space();
    // Ten seconds of green, of which one near the end is red.
    let red = "color=c=red:s=640x360:r=25:d=10,format=yuv420p";
    let green = "color=c=green:s=640x360:r=25:d=10,format=yuv420p";
    let moment = "[0][1]overlay=enable='between(t,8,9)'";
    let clip = space.path("trip/moment.mp4");
    let still = space.path("trip/green.mp4");
    let lavfi = ["-f", "lavfi", "-i"];
    ffmpeg(
        &[&lavfi[..], &[green], &lavfi, &[red, "-filter_complex", moment, clip.to_str().unwrap()]].concat(),
    );
    ffmpeg(&[&lavfi[..], &[green, still.to_str().unwrap()]].concat());
    let ranked = |query: &str| -> Vec<(String, f64)> {
        let args = ["analyze", "trip", "--match", query, "--json", "--clip", "own"];
        let events = space.run(&args).expect_success().events();
        let ranked = events.iter().filter(|event| event["rank"].is_number());
        ranked
            .map(|event| (event["source"].as_str().unwrap().to_owned(), event["match"].as_f64().unwrap()))
            .collect()
    };
    let scarlet = ranked("scarlet");
    let fit = |ranked: &[(String, f64)], name: &str| ranked.iter().find(|(path, _)| path == name).unwrap().1;
    assert!(fit(&scarlet, "trip/moment.mp4") > 0.8, "{scarlet:?}");
    assert!(fit(&scarlet, "trip/green.mp4") < 0.3, "{scarlet:?}");
    let emerald = ranked("emerald");
    assert!(fit(&emerald, "trip/green.mp4") > 0.8, "{emerald:?}");
    // What it shows for a moment counts where it is not wanted, too.
    let without = ranked("emerald, no scarlet");
    assert!(fit(&without, "trip/moment.mp4") < fit(&without, "trip/green.mp4"), "{without:?}");

    // A build compares the clips once.
    space.movie("media: ['trip/*.mp4']\nduration: 2s\nprompt: scarlet\n");
    let build = || space.run(&["build", "--profile", "draft", "--clip", "own", "--json"]).expect_success();
    build();
    assert_eq!(space.timeline()["shots"][0]["source"], "trip/moment.mp4");
    assert_eq!(build().actions().get("picture-embedding"), None);
    space.run(&["verify", "--clip", "own"]).expect_success();
}

#[test]
fn the_folder_can_be_set_in_mmm_toml() {
    let space = space();
    space.write("mmm.toml", "clip = \"own\"\n");
    assert_eq!(ranked(&space, "sapphire", &[])[0]["source"], "trip/3.jpg");
    let doctor = space.last_event(&["doctor", "--json"]);
    assert_eq!(doctor["clip"]["image"].as_str().unwrap().len(), 64, "{doctor}");
    assert!(!ranked(&space, "sapphire", &["--no-models"]).iter().any(is_by_own_model));
    space.write("mmm.toml", "clip = \"own\"\nmodels = false\n");
    assert!(!ranked(&space, "sapphire", &[]).iter().any(is_by_own_model));
    assert!(is_by_own_model(&ranked(&space, "sapphire", &["--clip", "own"])[0]), "the flag wins");
    space.write("mmm.toml", "clip = 3\n");
    let wrong = space.run(&["doctor", "--json"]).expect_exit(1);
    assert_eq!(wrong.codes(), ["mmm::config::bad"]);
    let both = space.run(&["doctor", "--clip", "own", "--no-models"]).expect_exit(2);
    assert!(both.stderr.contains("--clip") && both.stderr.contains("--no-models"), "{}", both.stderr);
}

#[test]
fn the_files_may_be_named_as_other_programs_export_them() {
    let space = space();
    for (from, to) in [
        ("image.onnx", "visual/model.onnx"),
        ("text.onnx", "textual/model.onnx"),
        ("tokenizer.json", "textual/tokenizer.json"),
        ("preprocessor_config.json", "visual/preprocess_cfg.json"),
    ] {
        space.take(&format!("models/clip/{from}"), &format!("immich/{to}"));
    }
    assert_eq!(
        ranked(&space, "scarlet", &["--clip", "immich"]),
        ranked(&space, "scarlet", &["--clip", "own"])
    );
}

#[test]
fn a_folder_without_a_pair_is_an_error_that_says_what_it_lacks() {
    let space = space();
    let broken = |file: &str, content: &[u8], words: &str| {
        let whole = fs::read(space.path(&format!("own/{file}"))).ok();
        space.write(&format!("own/{file}"), content);
        let args = ["analyze", "trip", "--match", "scarlet", "--clip", "own", "--json"];
        let ran = space.run(&args).expect_exit(1);
        assert_eq!(ran.codes(), ["mmm::model::clip"], "{file}: {}", ran.stdout);
        let said = ran.diagnostic("mmm::model::clip");
        assert!(said["message"].as_str().unwrap().contains(words), "{file}: {said}");
        assert!(said["help"].as_str().unwrap().contains("`tokenizer.json`"), "{file}: {said}");
        match whole {
            Some(whole) => space.write(&format!("own/{file}"), whole),
            None => {
                fs::remove_file(space.path(&format!("own/{file}"))).unwrap();
                &space
            }
        };
    };
    let read = |name: &str| fs::read(fixture(&format!("models/{name}"))).unwrap();
    // One message, however many photos need the model.
    space.movie("media: trip/\nduration: 2s\nprompt: scarlet\n");
    let whole = fs::read(space.path("own/image.onnx")).unwrap();
    space.write("own/image.onnx", b"no model");
    let ran = space.run(&["plan", "--clip", "own", "--json"]).expect_exit(1);
    assert_eq!(ran.codes(), ["mmm::model::clip"]);
    space.write("own/image.onnx", whole);
    broken("image.onnx", b"no model", "the model for pictures cannot be read");
    let image = read("clip/image.onnx");
    broken("image.onnx", &image[..image.len() / 2], "or it is damaged or cut off");
    broken("image.onnx", &read("mel_spectrogram.onnx"), "but one input [1, 3, height, width] such as");
    broken("image.onnx", &read("clip/text.onnx"), "has the inputs `input_ids` [1, 16]");
    broken("text.onnx", &image, "has the inputs `pixel_values` [1, 3, ?, ?]");
    broken("text.onnx", &read("clip/wide.onnx"), "gives 5 values and the one for texts 7");
    broken("tokenizer.json", b"{", "`tokenizer.json` cannot be used");
    broken(
        "tokenizer.json",
        br#"{"model": {"type": "Magic", "vocab": {}}}"#,
        "`tokenizer.json` cannot be used",
    );
    broken("preprocessor_config.json", br#"{"size": -3}"#, "`size` is -3");
    broken("config.json", b"[]", "`config.json` cannot be used");
    // A tokenizer whose words the model does not have.
    let other =
        String::from_utf8(read("clip/tokenizer.json")).unwrap().replace("\"scarlet\": ", "\"scarlet\": 9");
    broken("tokenizer.json", other.as_bytes(), "the model for texts failed");

    // A build says the same.
    space.movie("media: trip/\nduration: 2s\nprompt: scarlet\n");
    space.take("models/clip/wide.onnx", "own/text.onnx");
    for command in ["build", "plan"] {
        let ran = space.run(&[command, "--clip", "own", "--json"]).expect_exit(1);
        assert_eq!(ran.codes(), ["mmm::model::clip"], "{command}: {}", ran.stdout);
    }
    fs::remove_file(space.path("own/text.onnx")).unwrap();
    let missing = space.run(&["check", "--clip", "own", "--json"]).expect_exit(1);
    let said = missing.diagnostic("mmm::model::clip");
    assert!(said["message"].as_str().unwrap().contains("own/text.onnx"), "{said}");
    let nowhere = space.run(&["check", "--clip", "nowhere", "--json"]).expect_exit(1);
    assert_eq!(nowhere.codes(), ["mmm::model::clip"]);
}
