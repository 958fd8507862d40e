//! Hardware encoders, on machines with and without them.

use std::fs;

use serde_json::Value;

use crate::space::{Run, Space};

fn doctor(space: &Space, args: &[&str]) -> Value {
    space.last_event(&[&["doctor", "--json"], args].concat())
}

/// Returns the first H.264 encoder that does not work here. No machine has the hardware of every vendor.
fn unavailable_encoder(space: &Space) -> String {
    let doctor = doctor(space, &[]);
    let tried = doctor["encoders"][0]["tried"].as_array().unwrap().clone();
    let missing = tried.iter().find(|one| one["works"] == false).expect("an encoder that does not work");
    missing["name"].as_str().unwrap().to_owned()
}

#[test]
fn doctor_names_the_encoder_of_each_codec_and_why_others_fail() {
    let space = Space::new().without_models();
    let plain = doctor(&space, &[]);
    assert_eq!(plain["encoder"], "software");
    let codecs = plain["encoders"].as_array().unwrap();
    let chosen: Vec<&Value> = codecs.iter().map(|one| &one["chosen"]).collect();
    assert_eq!(chosen, ["libx264", "libx265", "libsvtav1"]);
    for (codec, wanted) in codecs.iter().zip([4, 4, 2]) {
        let tried = codec["tried"].as_array().unwrap();
        assert_eq!(tried.len(), wanted, "{codec:#}");
        for one in tried {
            // An encoder that does not work has a reason in words, not only a number.
            let reason = one["reason"].as_str().unwrap_or_default();
            assert_eq!(one["works"].as_bool().unwrap(), reason.is_empty(), "{one}");
            assert!(reason.is_empty() || reason.contains(' '), "{one}");
        }
    }
    let auto = doctor(&space, &["--encoder", "auto"]);
    for codec in auto["encoders"].as_array().unwrap() {
        let works = codec["tried"].as_array().unwrap().iter().find(|one| one["works"] == true);
        match works {
            Some(first) => assert_eq!(codec["chosen"], first["name"]),
            None => assert_eq!(codec["because"], "no hardware encoder works"),
        }
    }
    let text = space.run(&["doctor", "--encoder", "auto"]).expect_success();
    let text = text.stdout + &text.stderr;
    assert!(text.contains("encoded by") && text.contains("h264_nvenc"), "{text}");
}

#[test]
fn a_named_encoder_must_work() {
    let space = Space::holiday().without_models();
    let missing = unavailable_encoder(&space);
    let ran = space.run(&["build", "--encoder", &missing, "--json"]).expect_exit(1);
    assert_eq!(ran.codes(), ["mmm::config::encoder"]);
    let found = ran.events().pop().unwrap();
    assert!(found["message"].as_str().unwrap().contains(&missing), "{found}");
    assert!(found["help"].as_str().unwrap().contains("mmm doctor"), "{found}");
    let mut variable = space.command(&["plan", "--json"]);
    let variable = Run::from(variable.env("MMM_ENCODER", &missing).output().unwrap()).expect_exit(1);
    assert_eq!(variable.codes(), ["mmm::config::encoder"]);
    // A flag overrides the variable, which overrides the file.
    space.write("mmm.toml", "encoder = \"h264_vaapi\"\n");
    let file = space.run(&["check", "--json"]).expect_exit(1);
    assert_eq!(file.codes(), ["mmm::config::encoder"]);
    assert!(file.events()[0]["message"].as_str().unwrap().contains("GPU memory"), "{}", file.stdout);
    space.run(&["check", "--json", "--encoder", "software"]).expect_success();
}

#[test]
fn without_hardware_auto_reuses_the_segments_of_software() {
    let space = Space::new().without_models();
    space.take("photos/hill.jpg", "hill.jpg");
    space.movie("media: hill.jpg\nduration: 1s\nstyle: {titles: off}\n");
    space.run(&["build"]).expect_success();
    let bytes = fs::read(space.path("movie.mp4")).unwrap();
    let works = doctor(&space, &["--encoder", "auto"])["encoders"][0]["chosen"] != "libx264";
    for encoder in ["libx264", "auto"] {
        let again = space.run(&["build", "--json", "--encoder", encoder]).expect_success();
        if encoder == "auto" && works {
            assert!(again.actions()["segment"] > 0, "segments of hardware encoders have other keys");
            continue;
        }
        assert_eq!(again.finished_event()["actions"]["run"], 0, "{encoder}: {}", again.stdout);
        assert_eq!(fs::read(space.path("movie.mp4")).unwrap(), bytes);
    }
}
