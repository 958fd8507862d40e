//! What a finished movie is, by an independent reader.

use std::f64::consts::TAU;
use std::fs;

use serde_json::Value;

use crate::space::{Space, difference, ffmpeg, fixture, frames, loudness, mean, probe, sound, stream, wav};
use crate::tools::tool;

#[test]
fn streams_lengths_and_tags_are_exact() {
    let space = Space::holiday();
    let finished = space.run(&["build", "--json"]).expect_success().finished_event();
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
    space.movie(
        "media: photos/\nmusic: song.wav\nrate: 30\nduration: 8s\nstyle: {transitions: cut, titles: off}\n",
    );
    space.draft();
    let timeline = space.timeline();
    let beats: Value =
        serde_json::from_str(&space.run(&["beats", "song.wav", "--json"]).expect_success().stdout).unwrap();
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
    space.movie("media: [{path: spots.png}]\nduration: 4s\nstyle: {photos: ken-burns, titles: off, transitions: cut}\n");
    space.run(&["build"]).expect_success();
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
    // The same picture stored in eight ways, twice as AVIF, and the same clip in four.
    let names = (1..=8).map(|n| (format!("photos/orientation-{n}.jpg"), true));
    let names = names.chain([5, 6].map(|n| (format!("photos/orientation-{n}.avif"), true)));
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
fn photos_of_phones_are_shown_as_they_are_taken() {
    let movie = |photos: [&str; 2]| {
        let space = Space::new();
        for photo in photos {
            space.take(&format!("photos/{photo}"), &format!("photos/{photo}"));
        }
        // Whole: where a crop lies may hang on the grain of the picture.
        space.movie(
            "media: photos/\nduration: 4s\nstyle: {photos: still, fit: contain, transitions: cut, titles: off}\n",
        );
        let codes = space.draft().codes();
        assert!(!codes.iter().any(|code| code.starts_with("mmm::media::")), "{codes:?}");
        frames(&space.path("movie.draft.mp4"), 64, 36)
    };
    let (heif, jpeg) = (movie(["hill.heic", "orientation-6.avif"]), movie(["hill.jpg", "orientation-6.jpg"]));
    assert_eq!((heif.len(), jpeg.len()), (120, 120));
    for (at, (one, other)) in heif.iter().zip(&jpeg).enumerate() {
        let apart = difference(one, other);
        assert!(apart < 4.0, "frame {at} is {apart} away");
    }
}

#[test]
fn a_live_photo_is_one_picture() {
    let space = Space::new();
    space.take("photos/dogs.jpg", "photos/IMG_0001.JPG").take("clips/rabbit.mp4", "photos/IMG_0001.MOV");
    space.take("photos/fig.jpg", "photos/IMG_0002.JPG").take("clips/two-shots.mp4", "photos/IMG_0003.MOV");
    space.movie("media: photos/\nduration: 6s\n");
    let plan = space.last_event(&["plan", "--json"]);
    let shots = plan["shots"].as_array().unwrap();
    let shown: Vec<&str> = shots.iter().map(|shot| shot["source"].as_str().unwrap()).collect();
    assert!(shown.contains(&"photos/IMG_0001.JPG"), "{shown:?}");
    assert!(!shown.contains(&"photos/IMG_0001.MOV"), "{shown:?}");
}

#[test]
fn sound_reaches_its_loudness_without_clipping() {
    let space = Space::holiday();
    for (asked, wanted) in [("-14 LUFS", -14.0), ("-20 LUFS", -20.0)] {
        space.movie(&format!(
            "media: [photos/]\nmusic: song.wav\nrate: 30\nduration: 8s\nstyle: {{loudness: {asked}}}\n"
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
    // 25 pictures a second, as the clip has them: a second and a half is 37.5 frames, and 38 is whole.
    assert_eq!(stream(&probe, "audio")["duration_ts"], 38 * 1920);
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
    let cut = space.timeline()["shots"][1]["start"].clone();
    space.movie(&spec("[dissolve]"));
    let shots = space.timeline()["shots"].clone();
    assert_eq!(shots[1]["start"], cut);
    let long = shots[1]["transition"]["frames"].as_u64().unwrap() as usize;
    assert!(long >= 8 && long.is_multiple_of(2), "{long}");
    space.draft();
    let frames = frames(&space.path("movie.draft.mp4"), 32, 18);
    let cut = cut.as_u64().unwrap() as usize;
    assert_eq!(frames.len(), 120);
    // Its light, the square of its code values, rises evenly over just those frames, and half of it is
    // behind the cut.
    let levels: Vec<f64> = frames.iter().map(|frame| mean(frame).powi(2) / 255.0).collect();
    let (low, high) = (levels[cut - long / 2 - 1], levels[cut + long / 2]);
    assert!(high - low > 100.0);
    assert!((levels[cut] - (low + high) / 2.0).abs() < (high - low) / long as f64 * 1.5);
    assert!(levels.windows(2).all(|pair| (pair[1] - pair[0]).abs() < (high - low) / long as f64 * 2.0));
}

/// Two pictures, a dark and a bright one, with one transition between them, frame by frame; and the frame
/// of the cut and the frames of the transition.
fn gone_over(kind: &str) -> (Vec<Vec<u8>>, usize, usize) {
    let space = Space::new();
    for (name, grey) in [("a", 60u8), ("b", 200)] {
        space.write(&format!("{name}.png"), stripes(grey));
    }
    space.movie(&format!(
        "media: [a.png, b.png]\nduration: 4s\nstyle: {{transitions: {kind}, titles: off, photos: still}}\n"
    ));
    let shot = space.timeline()["shots"][1].clone();
    assert_eq!(shot["transition"]["kind"], kind);
    space.draft();
    let frames = frames(&space.path("movie.draft.mp4"), 32, 18);
    assert_eq!(frames.len(), 120);
    let number = |value: &Value| value.as_u64().unwrap() as usize;
    (frames, number(&shot["start"]), number(&shot["transition"]["frames"]))
}

/// The mean of the left and of the right half of a frame of 32 by 18.
fn halves(frame: &[u8]) -> (f64, f64) {
    let half = |from: usize| {
        let rows = frame.chunks_exact(32).flat_map(|row| &row[from..from + 16]);
        rows.map(|sample| f64::from(*sample)).sum::<f64>() / (16.0 * 18.0)
    };
    (half(0), half(16))
}

#[test]
fn a_dip_goes_through_black_and_so_do_the_ends_of_the_movie() {
    let (frames, cut, long) = gone_over("dip");
    let levels: Vec<f64> = frames.iter().map(|frame| mean(frame)).collect();
    assert!(levels[cut - 1] < 2.0 && levels[cut] < 2.0, "{:?}", &levels[cut - 2..cut + 2]);
    let (before, after) = (levels[cut - long / 2 - 1], levels[cut + long / 2]);
    assert!(before > 40.0 && after > before + 80.0);
    assert!(levels[cut - long / 2 - 1..cut].is_sorted_by(|a, b| a >= b));
    assert!(levels[cut..=cut + long / 2].is_sorted());
    assert!(levels[0] < 2.0 && levels[119] < 2.0, "{} {}", levels[0], levels[119]);
    assert!((levels[20] - before).abs() < 3.0);
}

#[test]
fn a_wipe_and_a_slide_bring_the_next_shot_from_their_sides() {
    for (kind, new_is_left) in [("wipe", true), ("slide", false)] {
        let (frames, cut, long) = gone_over(kind);
        let (before, after) = (mean(&frames[cut - long / 2 - 1]), mean(&frames[cut + long / 2]));
        assert!(after > before + 80.0);
        let (left, right) = halves(&frames[cut]);
        let (new, old) = if new_is_left { (left, right) } else { (right, left) };
        assert!((new - after).abs() < 25.0 && (old - before).abs() < 25.0, "{kind}: {left} {right}");
        // Nothing fades at the ends where neither a dip nor nothing is asked for.
        assert!((mean(&frames[0]) - before).abs() < 3.0);
    }
}

#[test]
fn a_zoom_goes_into_one_shot_and_out_of_the_other() {
    let (frames, cut, long) = gone_over("zoom");
    let levels: Vec<f64> = frames.iter().map(|frame| mean(frame)).collect();
    let (before, after) = (levels[cut - long / 2 - 1], levels[cut + long / 2]);
    // In its middle third one gives way to the other; before and after, each is alone.
    assert!(levels[cut] > before + 20.0 && levels[cut] < after);
    assert!((levels[cut - long / 2 + long / 4] - before).abs() < 10.0);
    assert!((levels[cut + long / 2 - long / 4] - after).abs() < 10.0);
}

/// Pieces of every codec are joined without a new encode: all frames are there, none is torn, and they
/// are those of the draft.
#[test]
fn hevc_and_av1_by_name_and_mov_by_its_ending() {
    let space = Space::new();
    for name in ["hill", "bee", "path"] {
        space.take(&format!("photos/{name}.jpg"), &format!("{name}.jpg"));
    }
    let spec = |outputs: &str| {
        format!(
            "media: [{{path: \"*.jpg\", required: true}}]\nduration: 3s\nstyle: {{transitions: [dissolve], photos: still}}\n\
             outputs: {{{outputs}}}\n"
        )
    };
    space.movie(&spec("movie.mp4: {}"));
    space.draft();
    let draft = frames(&space.path("movie.draft.mp4"), 64, 36);
    space.movie(&spec("h.mov: {codec: hevc}, a.mp4: {codec: av1}"));
    space.run(&["build"]).expect_success();
    for (name, codec, tag) in [("h.mov", "hevc", "hvc1"), ("a.mp4", "av1", "av01")] {
        let path = space.path(name);
        let probe = probe(&path);
        let picture = stream(&probe, "video");
        assert_eq!((&picture["codec_name"], &picture["codec_tag_string"]), (&codec.into(), &tag.into()));
        assert_eq!(picture["color_space"], "bt709");
        let made = frames(&path, 64, 36);
        assert_eq!((made.len(), draft.len()), (90, 90));
        for (index, (made, draft)) in made.iter().zip(&draft).enumerate() {
            let apart = difference(made, draft);
            assert!(apart < 4.0, "{name}, frame {index}: {apart}");
        }
    }
    space.movie(&spec("h.mov: {codec: av1}"));
    assert_eq!(space.run(&["check", "--json"]).expect_exit(3).codes(), ["mmm::spec::bad-value"]);
}

/// Outputs that differ in their ending alone have drafts of their own, and the tool knows them again.
#[test]
fn each_output_has_its_own_draft() {
    let space = Space::new();
    space.take("photos/hill.jpg", "hill.jpg");
    space.movie(
        "media: [hill.jpg]\nduration: 1s\nstyle: {photos: still}\noutputs: {a.mp4: {}, a.mov: {aspect: \"9:16\"}}\n",
    );
    let made = space.draft().finished_event();
    let paths: Vec<_> =
        made["outputs"].as_array().unwrap().iter().map(|output| output["path"].clone()).collect();
    assert!(paths[0].as_str().unwrap().ends_with("/a.draft.mp4"), "{paths:?}");
    assert!(paths[1].as_str().unwrap().ends_with("/a.mov.draft.mp4"), "{paths:?}");
    let height = |name: &str| stream(&probe(&space.path(name)), "video")["height"].clone();
    assert_eq!((height("a.draft.mp4"), height("a.mov.draft.mp4")), (360.into(), 640.into()));
    for (name, output) in [("a.draft.mp4", "a.mp4"), ("a.mov.draft.mp4", "a.mov")] {
        space.run(&["why", name]).expect_success();
        let judged = space.run(&["review", name, "--json"]).events();
        let review = judged.iter().find(|event| event["event"] == "review").unwrap();
        assert_eq!(review["output"], output);
    }
    // What the tool wrote is no medium of the next build.
    space.movie("media: \"*.m*\"\nduration: 1s\noutputs: {a.mp4: {}, a.mov: {}}\n");
    let codes = space.run(&["check", "--json"]).codes();
    assert!(codes.contains(&"mmm::plan::no-media".to_owned()), "{codes:?}");
}

/// The second half of a copy is zeros: its headers promise six seconds and three can be seen. The movie keeps to those.
#[test]
fn a_clip_that_can_be_decoded_only_in_part_is_shown_in_part() {
    let space = Space::new();
    let clip = space.path("walk.mp4");
    let picture = "testsrc2=s=320x180:r=30:d=6";
    let codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "15", "-pix_fmt", "yuv420p"];
    let whole = ["-movflags", "+faststart", clip.to_str().unwrap()];
    ffmpeg(&[&["-f", "lavfi", "-i", picture][..], &codecs, &whole].concat());
    let mut bytes = fs::read(&clip).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].fill(0);
    fs::write(&clip, &bytes).unwrap();
    space.movie("media:\n  - {path: walk.mp4, in: 1s, out: 6s}\nduration: 5s\nstyle: {titles: off}\n");
    let ran = space.run(&["plan", "--json"]).expect_exit(3);
    let said = ran.events().into_iter().find(|event| event["code"] == "mmm::plan::medium").unwrap();
    assert!(said["labels"][0]["text"].as_str().unwrap().contains("the clip lasts 3s"), "{said}");
    space.movie("media:\n  - {path: walk.mp4, required: true}\nduration: 2s\nstyle: {titles: off}\n");
    assert_eq!(space.draft().codes(), Vec::<String>::new());
    let frames = frames(&space.path("movie.draft.mp4"), 64, 36);
    assert_eq!(frames.len(), 60);
    // Between the fades every frame is another.
    assert!(frames[15..30].windows(2).all(|pair| difference(&pair[0], &pair[1]) > 0.5));
}

/// A clip of 25, 24 or 50 pictures a second gives a movie in which each picture stands for one frame: what moves in it
/// moves on by the same step everywhere, which 30 frames a second can't do.
#[test]
fn a_movie_has_the_rate_of_its_clips() {
    for (clip_rate, words, rate) in [
        ("25", "", (25, 1)),
        ("24000/1001", "", (24_000, 1001)),
        ("50", "", (25, 1)),
        ("60", "rate: 60\n", (60, 1)),
        ("30000/1001", "", (30_000, 1001)),
    ] {
        let space = Space::new();
        let clip = space.path("clock.mp4");
        // A white page that comes in from the left, two columns further with every picture.
        let page = |colour: &str| format!("color={colour}:s=640x360:r={clip_rate}:d=4");
        let clock = format!("{}[b];{}[w];[b][w]overlay=x='2*n-640':eval=frame", page("black"), page("white"));
        let tone = "sine=frequency=440:sample_rate=48000:duration=4";
        let inputs = ["-f", "lavfi", "-i", &clock, "-f", "lavfi", "-i", tone];
        let codecs = ["-c:v", "libx264", "-crf", "12", "-pix_fmt", "yuv420p", "-c:a", "aac"];
        ffmpeg(&[&inputs[..], &codecs, &[clip.to_str().unwrap()]].concat());
        space.movie(&format!(
            "media: [{{path: clock.mp4, required: true}}]\nduration: 3s\n{words}style: {{titles: off, transitions: cut}}\n"
        ));
        space.draft();
        let path = space.path("movie.draft.mp4");
        let probe = probe(&path);
        let picture = stream(&probe, "video");
        assert_eq!(picture["r_frame_rate"], format!("{}/{}", rate.0, rate.1), "{clip_rate}");
        let frames = frames(&path, 640, 360);
        let count = (3.0 * f64::from(rate.0) / f64::from(rate.1)).round() as usize;
        assert_eq!(frames.len(), count, "{clip_rate}");
        let reach =
            |frame: &Vec<u8>| frame[180 * 640..181 * 640].iter().filter(|luma| **luma > 120).count() as i64;
        let steps: Vec<i64> = frames.windows(2).map(|pair| reach(&pair[1]) - reach(&pair[0])).collect();
        let wanted = if clip_rate == "50" { 4 } else { 2 };
        // The movie comes out of black and goes back.
        let whole = &steps[count / 6..count / 2];
        assert!(whole.iter().all(|step| (step - wanted).abs() <= 1), "{clip_rate}: {steps:?}");
    }
}

#[test]
fn music_steps_back_before_a_voice_and_comes_again_after_it() {
    const TONE_HZ: f64 = 3_000.0;
    let space = Space::new();
    space.take("photos/hill.jpg", "hill.jpg");
    // The recording of a voice begins at 0.5 s, its first word at 0.75; the pictures have no cut.
    let joined = tool("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(fixture("clips/rabbit.mp4"))
        .arg("-i")
        .arg(fixture("clips/speech.mp4"))
        .args(["-map", "0:v", "-map", "1:a", "-c", "copy"])
        .arg(space.path("talk.mp4"))
        .status();
    assert!(joined.unwrap().success());
    let tone = |n: i32| (f64::from(n) / 44_100.0 * TONE_HZ * TAU).sin() * 6_000.0;
    space.write("tone.wav", wav(44_100, &(0..44_100 * 30).map(|n| tone(n) as i16).collect::<Vec<_>>()));
    space.movie(
        "media:\n  - hill.jpg\n  - {path: talk.mp4, in: 0s, out: 3s}\n\
         music: tone.wav\nrate: 30\nduration: 8s\nconstraints: {order: as-listed}\n",
    );
    let clip = space.timeline()["shots"][1].clone();
    assert_eq!(clip["source"], "talk.mp4");
    let begins = clip["start"].as_f64().unwrap() / 30.0 + 0.75 - clip["in"].as_f64().unwrap();
    space.draft();
    let heard = sound(&space.path("movie.draft.mp4"), 16_000);
    let part = |from: f64, to: f64| &heard[(from * 16_000.0) as usize..(to * 16_000.0) as usize];
    assert!(begins + 2.2 < 8.0, "the clip stands at {clip}");
    // Power of the tone, and of all the rest, in dB.
    let levels = |samples: &[f32]| {
        let (mut re, mut im, mut all) = (0.0, 0.0, 0.0);
        for (n, sample) in samples.iter().enumerate() {
            let (sin, cos) = (n as f64 / 16_000.0 * TONE_HZ * TAU).sin_cos();
            re += f64::from(*sample) * cos;
            im += f64::from(*sample) * sin;
            all += f64::from(*sample).powi(2);
        }
        let count = samples.len() as f64;
        let tone = 2.0 * (re * re + im * im) / (count * count);
        [10.0 * tone.log10(), 10.0 * (all / count - tone).max(1e-12).log10()]
    };
    let [alone, _] = levels(part(1.0, 2.0));
    let [under, voice] = levels(part(begins + 0.2, begins + 2.2));
    assert!(alone - under > 15.0, "the music goes down from {alone:.1} to {under:.1} dB");
    assert!(voice - under >= 10.0, "the voice has {voice:.1} dB, the music {under:.1}");
    // It is down before the first word.
    let [before, _] = levels(part(begins - 0.15, begins - 0.05));
    assert!(alone - before > 8.0, "{alone:.1} dB, and just before the voice {before:.1}");
}

#[test]
fn every_rate_that_has_a_name_is_that_of_the_finished_file() {
    let space = Space::new();
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
        // As long as the frames are, to the sample.
        let (over, under) = exact.split_once('/').unwrap();
        let seconds = f64::from(frames) * under.parse::<f64>().unwrap() / over.parse::<f64>().unwrap();
        let sound: f64 = audio["duration"].as_str().unwrap().parse().unwrap();
        assert!((sound - seconds).abs() < 1.0 / 48_000.0 + 1e-6, "{name}: {sound} s of {seconds} s");
    }
}
