//! What a finished movie is, by an independent reader.

use serde_json::Value;

use crate::space::{Space, difference, frames, loudness, mean, probe, stream};

fn timeline(space: &Space) -> Value {
    serde_json::from_str(&space.run(&["export", "--format", "json"]).good().stdout).unwrap()
}

#[test]
fn streams_lengths_and_tags_are_exact() {
    let space = Space::holiday();
    let finished = space.run(&["build", "--json"]).good().finished();
    let path = space.path("movie.mp4");
    assert_eq!(finished["outputs"][0]["name"], "movie.mp4");
    assert_eq!(finished["outputs"][0]["frames"], 300);
    assert_eq!(finished["outputs"][0]["duration"], 10.0);
    let probe = probe(&path);
    let (picture, sound) = (stream(&probe, "video"), stream(&probe, "audio"));
    assert_eq!((&picture["codec_name"], &sound["codec_name"]), (&"h264".into(), &"aac".into()));
    assert_eq!((&picture["width"], &picture["height"]), (&1920.into(), &1080.into()));
    assert_eq!((&picture["pix_fmt"], &picture["r_frame_rate"]), (&"yuv420p".into(), &"30/1".into()));
    for (tag, value) in [
        ("color_space", "bt709"),
        ("color_primaries", "bt709"),
        ("color_transfer", "bt709"),
        ("color_range", "tv"),
        ("sample_aspect_ratio", "1:1"),
        ("nb_read_packets", "300"),
        ("start_time", "0.000000"),
        ("duration", "10.000000"),
    ] {
        assert_eq!(picture[tag], value, "{tag}");
    }
    // To the sample: the encoder's priming is taken out by the edit list.
    assert_eq!((&sound["sample_rate"], &sound["channels"]), (&"48000".into(), &2.into()));
    assert_eq!((&sound["duration_ts"], &sound["start_time"]), (&480_000.into(), &"0.000000".into()));
    // It starts while it loads: the index stands before the pictures.
    let bytes = std::fs::read(&path).unwrap();
    let find = |name: &[u8]| bytes.windows(4).position(|window| window == name).unwrap();
    assert!(find(b"moov") < find(b"mdat"));
    assert_eq!(frames(&path, 16, 9).len(), 300);
}

#[test]
fn every_cut_is_on_its_beat_and_nothing_is_black() {
    let space = Space::new();
    // Ten pictures that can't be taken for each other, on beats half a second apart.
    for (name, grey) in [("a", 40u8), ("b", 200), ("c", 90), ("d", 250), ("e", 60), ("f", 160)] {
        space.write(&format!("photos/{name}.png"), stripes(grey));
    }
    space.clicks("song.wav", 120.0, 30.0);
    space.movie("media: photos/\nmusic: song.wav\nduration: 8s\nstyle: {transitions: cut, titles: off}\n");
    space.draft();
    let timeline = timeline(&space);
    let beats: Value =
        serde_json::from_str(&space.run(&["beats", "song.wav", "--json"]).good().stdout).unwrap();
    let beats: Vec<f64> =
        beats["beats"].as_array().unwrap().iter().map(|beat| beat["time"].as_f64().unwrap()).collect();
    let from = timeline["music"][0]["from"].as_f64().unwrap();
    let start = timeline["music"][0]["start"].as_f64().unwrap() / 48_000.0;
    let frames = frames(&space.path("movie.draft.mp4"), 32, 18);
    assert_eq!(frames.len(), 240);
    assert!(frames.iter().all(|frame| mean(frame) > 20.0), "a black frame");
    let shots = timeline["shots"].as_array().unwrap();
    assert!(shots.len() >= 4);
    for shot in &shots[1..] {
        let cut = shot["start"].as_u64().unwrap() as usize;
        // The picture changes on just this frame …
        let jump = difference(&frames[cut - 1], &frames[cut]);
        let around = difference(&frames[cut - 2], &frames[cut - 1]);
        assert!(jump > 10.0 && jump > 5.0 * around, "no cut at frame {cut}: {jump} after {around}");
        // … and the frame is the one nearest to a beat.
        let time = cut as f64 / 30.0 - start + from;
        let nearest = beats.iter().map(|beat| (beat - time).abs()).fold(f64::MAX, f64::min);
        assert!(nearest <= 0.5 / 30.0 + 1e-6, "frame {cut} is {nearest} s off the beat");
    }
}

/// A striped picture around one grey, 320 × 180, as PNG.
fn stripes(grey: u8) -> Vec<u8> {
    let mut picture = image::GrayImage::new(320, 180);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (across, down) = (x * (1 + u32::from(grey) / 60) / 40, y * (1 + u32::from(grey) % 60 / 20) / 30);
        let wave = ((across + down) % 3) as u8 * 8;
        pixel.0 = [grey.saturating_add(wave).saturating_sub(8).max(30)];
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Two soft white spots on grey, where no edge of a pixel can be seen: one of them is what the
/// picture moves to, and so stands nearly still.
fn spots() -> Vec<u8> {
    let mut picture = image::GrayImage::new(2400, 1350);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let light = |middle: (f64, f64)| {
            let (across, down) = (f64::from(x) - middle.0, f64::from(y) - middle.1);
            (-(across * across + down * down) / (2.0 * 30.0 * 30.0)).exp()
        };
        pixel.0 = [(60.0 + 170.0 * (light((500.3, 300.6)) + light((1900.8, 1050.1)))).round() as u8];
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The middle of the light in the upper left half or the lower right one, in pixels.
fn middle_of_light(frame: &[u8], width: usize, lower: bool) -> (f64, f64) {
    let (mut x, mut y, mut sum) = (0.0, 0.0, 0.0);
    for (at, value) in frame.iter().enumerate() {
        let (column, row) = (at % width, at / width);
        if (column + row > (width + frame.len() / width) / 2) == lower {
            let light = f64::from(value.saturating_sub(90));
            x += light * column as f64;
            y += light * row as f64;
            sum += light;
        }
    }
    (x / sum, y / sum)
}

#[test]
fn photos_move_smoothly_between_the_pixels() {
    let space = Space::new();
    space.write("spots.png", spots());
    space.movie("media: [{path: spots.png}]\nduration: 4s\nstyle: {photos: ken-burns, titles: off}\n");
    space.run(&["build"]).good();
    let frames = frames(&space.path("movie.mp4"), 1920, 1080);
    let track = |lower| frames.iter().map(|frame| middle_of_light(frame, 1920, lower)).collect::<Vec<_>>();
    let way = |at: &[(f64, f64)]| (at[at.len() - 1].0 - at[0].0).hypot(at[at.len() - 1].1 - at[0].1);
    let at = [false, true].map(track).into_iter().max_by(|a, b| way(a).total_cmp(&way(b))).unwrap();
    assert!(way(&at) > 10.0, "it hardly moves: {}", way(&at));
    // A picture that is moved by whole pixels jerks by a half and more where it moves at all.
    let jerk = |w: &[(f64, f64)]| (w[2].0 - 2.0 * w[1].0 + w[0].0).hypot(w[2].1 - 2.0 * w[1].1 + w[0].1);
    let mut jerks: Vec<f64> = at.windows(3).map(jerk).collect();
    jerks.sort_by(f64::total_cmp);
    // The encoder itself places what moves to a quarter of a pixel and mends the rest now and then,
    // which is what the frames with the largest jerks show.
    let (usual, most) = (jerks[jerks.len() / 2], jerks[jerks.len() * 9 / 10]);
    assert!(usual < 0.05 && most < 0.25, "jerks by {usual} pixels, nine in ten by up to {most}");
}

#[test]
fn photos_and_clips_stand_upright() {
    // The same picture stored in eight ways, and the same clip in four.
    let names = (1..=8).map(|n| (format!("photos/orientation-{n}.jpg"), true));
    let clips = ["rabbit.mp4", "rot90.mov", "rot180.mov", "rot270.mp4"];
    let names = names.chain(clips.iter().map(|name| (format!("clips/{name}"), false)));
    let mut seen: [Option<Vec<u8>>; 2] = [None, None];
    for (name, photo) in names {
        let space = Space::new();
        let file = name.rsplit('/').next().unwrap();
        space.take(&name, file);
        let part = if photo { "" } else { "\n    in: 0s\n    out: 2s" };
        let media = format!("media:\n  - path: {file}{part}");
        space.movie(&format!("{media}\nduration: 2s\nstyle: {{photos: still, fit: contain, titles: off}}\n"));
        space.draft();
        let frame = frames(&space.path("movie.draft.mp4"), 64, 36).swap_remove(10);
        let first = seen[usize::from(photo)].get_or_insert_with(|| frame.clone());
        let apart = difference(first, &frame);
        assert!(apart < 4.0, "{name} is {apart} away from the first");
    }
}

#[test]
fn sound_reaches_its_loudness_without_clipping() {
    let space = Space::holiday();
    for (asked, wanted) in [("-14 LUFS", -14.0), ("-20 LUFS", -20.0)] {
        space.movie(&format!(
            "media: [photos/]\nmusic: song.wav\nduration: 8s\nstyle: {{loudness: {asked}}}\n"
        ));
        space.draft();
        let (level, peak) = loudness(&space.path("movie.draft.mp4"));
        assert!((level - wanted).abs() <= 0.5, "{level} LUFS for {asked}");
        assert!(peak <= -1.0, "{peak} dBTP");
    }
}

#[test]
fn a_clip_keeps_its_sound_in_step() {
    // Without music a clip's own sound is the movie's.
    let space = Space::new();
    space.take("clips/speech.mp4", "speech.mp4");
    space.movie("media: speech.mp4\nduration: 1.5s\n");
    space.draft();
    let probe = probe(&space.path("movie.draft.mp4"));
    assert_eq!(stream(&probe, "audio")["duration_ts"], 72_000);
}

#[test]
fn title_and_chapters_are_in_the_metadata() {
    let space = Space::new();
    space.take("photos/hill.jpg", "photos/hill.jpg").take("photos/path.jpg", "photos/path.jpg");
    space.take("photos/bee.jpg", "photos/bee.jpg");
    space.movie("title: Away\nprompt: a day out\nmedia: photos/\nduration: 9s\n");
    space.draft();
    let probe = probe(&space.path("movie.draft.mp4"));
    assert_eq!(probe["format"]["tags"]["title"], "Away");
    assert_eq!(probe["format"]["tags"]["description"], "a day out");
    // 2006, and two hours of one morning in 2024 that are more than an hour apart.
    let chapters = probe["chapters"].as_array().unwrap();
    assert_eq!(chapters.len(), 3, "{chapters:#?}");
    assert_eq!(chapters[0]["start_time"], "0.000000");
    assert_eq!(chapters[2]["end_time"], "9.000000");
}

#[test]
fn a_dissolve_moves_no_cut() {
    let space = Space::new();
    for (name, grey) in [("a", 40u8), ("b", 220)] {
        space.write(&format!("{name}.png"), stripes(grey));
    }
    let spec = |kind: &str| {
        format!("media: [a.png, b.png]\nduration: 4s\nstyle: {{transitions: {kind}, titles: off}}\n")
    };
    space.movie(&spec("cut"));
    let cut = timeline(&space)["shots"][1]["start"].clone();
    space.movie(&spec("[dissolve]"));
    let shots = timeline(&space)["shots"].clone();
    assert_eq!(shots[1]["start"], cut);
    let long = shots[1]["transition"]["frames"].as_u64().unwrap() as usize;
    assert!(long >= 8 && long.is_multiple_of(2), "{long}");
    space.draft();
    let frames = frames(&space.path("movie.draft.mp4"), 32, 18);
    let cut = cut.as_u64().unwrap() as usize;
    assert_eq!(frames.len(), 120);
    // It rises evenly over just those frames, and half of it is behind the cut.
    let levels: Vec<f64> = frames.iter().map(|frame| mean(frame)).collect();
    let (low, high) = (levels[cut - long / 2 - 1], levels[cut + long / 2]);
    assert!(high - low > 100.0);
    assert!((levels[cut] - (low + high) / 2.0).abs() < (high - low) / long as f64 * 1.5);
    assert!(levels.windows(2).all(|pair| (pair[1] - pair[0]).abs() < (high - low) / long as f64 * 2.0));
}
