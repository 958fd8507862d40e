//! Frame rates: the spec's, the clips', and the lock's.

use serde_json::json;

use crate::measure::{frames, probe, stream};
use crate::space::Space;
use crate::tools::ffmpeg;

/// Writes a clip of 4 s at `rate`, 640 × 360 pixels: a white area enters from the left and grows by two
/// columns per frame.
fn write_page_clip(space: &Space, name: &str, rate: &str) {
    let page = |colour: &str| format!("color={colour}:s=640x360:r={rate}:d=4");
    let pages = format!("{}[b];{}[w];[b][w]overlay=x='2*n-640':eval=frame", page("black"), page("white"));
    let tone = "sine=frequency=440:sample_rate=48000:duration=4";
    let inputs = ["-f", "lavfi", "-i", &pages, "-f", "lavfi", "-i", tone];
    let codecs = ["-c:v", "libx264", "-crf", "12", "-pix_fmt", "yuv420p", "-c:a", "aac"];
    ffmpeg(&[&inputs[..], &codecs, &[space.path(name).to_str().unwrap()]].concat());
}

/// The movie shows every frame of its clip once, or every second one, so its motion is even. 30 fps could not
/// do that.
#[test]
fn a_movie_has_the_rate_of_its_clips() {
    for (clip_rate, spec_rate, rate) in [
        ("25", "", (25, 1)),
        ("24000/1001", "", (24_000, 1001)),
        ("50", "", (25, 1)),
        ("60", "rate: 60\n", (60, 1)),
        ("30000/1001", "", (30_000, 1001)),
    ] {
        let space = Space::new().without_models();
        write_page_clip(&space, "page.mp4", clip_rate);
        space.movie(&format!(
            "media: [{{path: page.mp4, required: true}}]\nduration: 3s\n{spec_rate}style: {{titles: off, transitions: cut}}\n"
        ));
        space.draft();
        let path = space.path("movie.draft.mp4");
        let probe = probe(&path);
        let picture = stream(&probe, "video");
        assert_eq!(picture["r_frame_rate"], format!("{}/{}", rate.0, rate.1), "{clip_rate}");
        let frames = frames(&path, 640, 360);
        let count = (3.0 * f64::from(rate.0) / f64::from(rate.1)).round() as usize;
        assert_eq!(frames.len(), count, "{clip_rate}");
        let edge =
            |frame: &Vec<u8>| frame[180 * 640..181 * 640].iter().filter(|luma| **luma > 120).count() as i64;
        let steps: Vec<i64> = frames.windows(2).map(|pair| edge(&pair[1]) - edge(&pair[0])).collect();
        let wanted = if clip_rate == "50" { 4 } else { 2 };
        // The movie fades in from black and out to it.
        let inside = &steps[count / 6..count / 2];
        assert!(inside.iter().all(|step| (step - wanted).abs() <= 1), "{clip_rate}: {steps:?}");
    }
}

#[test]
fn every_named_rate_is_exact_in_the_finished_file() {
    let space = Space::new().without_models();
    space.take("photos/hill.jpg", "a.jpg").take("clips/rabbit.mp4", "b.mp4").clicks("song.wav", 120.0, 4.0);
    for (name, exact, frames) in [
        ("23.976", "24000/1001", 48),
        ("24", "24/1", 48),
        ("29.97", "30000/1001", 60),
        ("50", "50/1", 100),
        ("59.94", "60000/1001", 120),
    ] {
        space.movie(&format!(
            "media: [a.jpg, b.mp4]\nmusic: song.wav\nduration: 2s\nrate: {name}\nstyle: {{ titles: off }}\n"
        ));
        space.draft();
        let probe = probe(&space.path("movie.draft.mp4"));
        let (video, audio) = (stream(&probe, "video"), stream(&probe, "audio"));
        assert_eq!(video["r_frame_rate"], exact, "{name}");
        assert_eq!(video["avg_frame_rate"], exact, "{name}");
        assert_eq!(video["nb_frames"], frames.to_string(), "{name}");
        // The sound lasts as long as the frames, to the sample.
        let (over, under) = exact.split_once('/').unwrap();
        let seconds = f64::from(frames) * under.parse::<f64>().unwrap() / over.parse::<f64>().unwrap();
        let sound: f64 = audio["duration"].as_str().unwrap().parse().unwrap();
        assert!((sound - seconds).abs() < 1.0 / 48_000.0 + 1e-6, "{name}: {sound} s of {seconds} s");
    }
}

#[test]
fn the_lock_keeps_the_rate_until_an_update() {
    let space = Space::new().without_models();
    let rate = || space.timeline()["rate"].clone();
    space.take("photos/hill.jpg", "media/a.jpg").take("clips/rabbit.mp4", "media/b.mp4");
    space.movie("media: media/\nduration: 5s\n");
    space.run(&["update"]).expect_success();
    assert_eq!(rate(), json!([24, 1]), "the rate of the only clip");
    // Two clips at 25 fps that are together twice as long as the others.
    space.take("clips/two-shots.mp4", "media/c.mp4").take("clips/speech.mp4", "media/d.mp4");
    assert_eq!(rate(), json!([24, 1]));
    let lock = space.lock();
    assert!(lock.contains("rate = [24, 1]"), "{lock}");
    space.run(&["update"]).expect_success();
    assert_eq!(rate(), json!([25, 1]));
}
