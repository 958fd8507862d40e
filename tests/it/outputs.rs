//! What an output is made for: its size, its quality, and the place where it will be shown.

use std::path::Path;

use serde_json::Value;

use crate::measure::{decode, digest, ffprobe, only_frame, probe, stream};
use crate::space::{Space, figure};
use crate::tools::ffmpeg;

/// Writes a photo of upright stripes that repeat every `period` pixels, light and dark by 60.
fn stripes(space: &Space, name: &str, (width, height): (u32, u32), period: f64) {
    let path = space.path(name);
    let source = format!("color=s={width}x{height}:d=0.04,format=gray,geq=lum='128+60*sin(2*PI*X/{period})'");
    ffmpeg(&["-f", "lavfi", "-i", &source, "-frames:v", "1", path.to_str().unwrap()]);
}

/// Returns the width and the height of a movie, and its middle row of pixels in frame `index`.
fn row(path: &Path, index: usize) -> ((usize, usize), Vec<u8>) {
    let probe = probe(path);
    let picture = stream(&probe, "video");
    let side = |name: &str| picture[name].as_u64().unwrap() as usize;
    let (width, height) = (side("width"), side("height"));
    let crop = format!("{},crop={width}:2:0:{}", only_frame(index), height / 2);
    let grey = decode(path, &["-vf", &crop, "-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo"]);
    ((width, height), grey[..width].to_vec())
}

/// Returns the standard deviation of the middle half of a row.
fn contrast(row: &[u8]) -> f64 {
    let middle = &row[row.len() / 4..row.len() * 3 / 4];
    let mean = middle.iter().map(|pixel| f64::from(*pixel)).sum::<f64>() / middle.len() as f64;
    let squares = middle.iter().map(|pixel| (f64::from(*pixel) - mean).powi(2)).sum::<f64>();
    (squares / middle.len() as f64).sqrt()
}

/// Returns how often a row changes between lighter and darker than its mean, in its middle half.
fn crossings(row: &[u8]) -> usize {
    let middle = &row[row.len() / 4..row.len() * 3 / 4];
    let mean = middle.iter().map(|pixel| u64::from(*pixel)).sum::<u64>() / middle.len() as u64;
    middle.windows(2).filter(|pair| (u64::from(pair[0]) > mean) != (u64::from(pair[1]) > mean)).count()
}

#[test]
fn a_larger_frame_has_the_detail_of_the_photo_that_a_smaller_one_can_not_have() {
    let space = Space::new().without_models();
    // 2.6 pixels at 4000 are 2.5 at 3840, but 1.25 at 1920 and 0.6 at 854: less than two can't be shown.
    stripes(&space, "stripes.png", (4000, 2250), 2.604_167);
    space.movie(
        "media: stripes.png\nduration: 1s\nstyle: {photos: still, transitions: cut}\n\
         outputs: {a.mp4: {size: 2160}, b.mp4: {}, c.mp4: {size: 480}, d.mp4: {size: 1440}}\n",
    );
    space.run(&["build"]).expect_success();
    let seen = |name: &str| row(&space.path(name), 15);
    let (size, large) = seen("a.mp4");
    assert_eq!(size, (3840, 2160));
    // Half of the row has 768 stripes, each with two edges. Scaling softens them, but they are all there.
    assert!(contrast(&large) > 15.0, "{:.1}", contrast(&large));
    assert!((1520..=1550).contains(&crossings(&large)), "{}", crossings(&large));
    for (name, size) in [("b.mp4", (1920, 1080)), ("c.mp4", (854, 480))] {
        let (found, small) = seen(name);
        assert_eq!(found, size);
        // Stripes of other widths are what a photo leaves that is reduced while it is decoded.
        assert!(contrast(&small) * 3.0 < contrast(&large), "{name}: {:.1}", contrast(&small));
    }
    assert_eq!(seen("d.mp4").0, (2560, 1440));
}

#[test]
fn a_clip_in_4k_keeps_its_detail_in_4k() {
    let space = Space::new().without_models();
    let clip = space.path("clip.mp4");
    let source = "color=s=3840x2160:r=10:d=2,format=gray,geq=lum='128+60*sin(2*PI*X/3)'";
    ffmpeg(&["-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", "-crf", "12", clip.to_str().unwrap()]);
    space.movie(
        "media: clip.mp4\nduration: 1s\nrate: 25\nstyle: {transitions: cut}\n\
         outputs: {a.mp4: {size: 2160}, b.mp4: {size: 480}}\n",
    );
    space.run(&["build"]).expect_success();
    let (size, large) = row(&space.path("a.mp4"), 12);
    assert_eq!(size, (3840, 2160));
    assert!(contrast(&large) > 25.0, "{:.1}", contrast(&large));
    let (size, small) = row(&space.path("b.mp4"), 12);
    assert_eq!(size, (854, 480));
    assert!(contrast(&small) < 3.0, "{:.1}", contrast(&small));
}

/// Returns the most luma samples in a frame and in a second at a level (ITU-T H.264 table A-1, where they are
/// macroblocks, ITU-T H.265 table A.8, AV1 specification A.3).
fn level_limits(codec: &str, level: i64) -> (u64, u64) {
    match (codec, level) {
        ("h264", 30) => (1620 * 256, 40_500 * 256),
        ("h264", 31) => (3600 * 256, 108_000 * 256),
        ("h264", 32) => (5120 * 256, 216_000 * 256),
        ("h264", 40 | 41) => (8192 * 256, 245_760 * 256),
        ("h264", 42) => (8704 * 256, 522_240 * 256),
        ("h264", 50) => (22_080 * 256, 589_824 * 256),
        ("h264", 51) => (36_864 * 256, 983_040 * 256),
        ("h264", 52) => (36_864 * 256, 2_073_600 * 256),
        // 30 times the number of the level.
        ("hevc", 90) => (552_960, 16_588_800),
        ("hevc", 93) => (983_040, 33_177_600),
        ("hevc", 120) => (2_228_224, 66_846_720),
        ("hevc", 123) => (2_228_224, 133_693_440),
        ("hevc", 150) => (8_912_896, 267_386_880),
        ("hevc", 153) => (8_912_896, 534_773_760),
        // 4 × (major − 2) + minor.
        ("av1", 4) => (665_856, 19_975_680),
        ("av1", 5) => (1_065_024, 31_950_720),
        ("av1", 8) => (2_359_296, 70_778_880),
        ("av1", 9) => (2_359_296, 141_557_760),
        ("av1", 12) => (8_912_896, 267_386_880),
        ("av1", 13) => (8_912_896, 534_773_760),
        other => panic!("level {other:?}"),
    }
}

#[test]
fn streams_name_the_level_that_a_player_needs() {
    let space = Space::with_photos(&["hill"]).without_models();
    space.movie(
        "media: photos/\nduration: 1s\nrate: 30\nstyle: {transitions: cut}\noutputs:\n  \
         a.mp4: {size: 2160}\n  b.mp4: {size: 480, rate: 60}\n  c.mp4: {size: 720, aspect: 9:16}\n  \
         d.mp4: {size: 2160, codec: hevc}\n  e.mp4: {size: 480, codec: hevc}\n  \
         f.webm: {size: 2160, aspect: 21:9}\n  g.mp4: {size: 720, codec: av1}\n",
    );
    space.run(&["build"]).expect_success();
    for (name, size) in [
        ("a.mp4", (3840, 2160)),
        ("b.mp4", (854, 480)),
        ("c.mp4", (720, 1280)),
        ("d.mp4", (3840, 2160)),
        ("e.mp4", (854, 480)),
        ("f.webm", (3840, 1646)),
        ("g.mp4", (1280, 720)),
    ] {
        let probe = probe(&space.path(name));
        let picture = stream(&probe, "video");
        let side = |side: &str| picture[side].as_u64().unwrap();
        assert_eq!((side("width"), side("height")), size, "{name}");
        let codec = picture["codec_name"].as_str().unwrap();
        let (frame, second) = level_limits(codec, picture["level"].as_i64().unwrap());
        let (samples, rate) = (side("width") * side("height"), if name == "b.mp4" { 60 } else { 30 });
        assert!(samples <= frame, "{name}: {picture}");
        assert!(samples * rate <= second, "{name}: {picture}");
        // And none that needlessly excludes players.
        assert!(second < samples * rate * 10, "{name}: {picture}");
    }
}

#[test]
fn better_quality_is_larger_and_good_is_the_default() {
    let space = Space::new().without_models();
    space.take("clips/rabbit.mp4", "rabbit.mp4");
    let outputs: Vec<String> = ["h264", "hevc", "av1"]
        .iter()
        .flat_map(|codec| {
            ["small", "good", "best"]
                .map(|word| format!("  {codec}-{word}.mp4: {{codec: {codec}, quality: {word}}}\n"))
        })
        .collect();
    space.movie(&format!(
        "media: rabbit.mp4\nduration: 1s\nsize: 720\nstyle: {{transitions: cut}}\noutputs:\n{}  plain.mp4: {{}}\n",
        outputs.concat()
    ));
    space.run(&["build"]).expect_success();
    let bytes = |name: String| std::fs::metadata(space.path(&name)).unwrap().len();
    for codec in ["h264", "hevc", "av1"] {
        let [small, good, best] = ["small", "good", "best"].map(|word| bytes(format!("{codec}-{word}.mp4")));
        assert!(small * 5 < good * 4 && good * 5 < best * 4, "{codec}: {small}, {good}, {best}");
    }
    assert_eq!(digest(&space.path("plain.mp4")), digest(&space.path("h264-good.mp4")));
    // Neither another quality nor another size plans again, and drafts depend on neither.
    let lock = space.lock();
    let shots = |lock: &str| lock.lines().filter(|line| line.starts_with("start")).count();
    assert!(shots(&lock) > 0 || lock.contains("[[output.shot]]"), "{lock}");
    space.movie("media: rabbit.mp4\nduration: 1s\nstyle: {transitions: cut}\n");
    space.draft();
    space.movie("media: rabbit.mp4\nduration: 1s\nsize: 2160\nquality: best\nstyle: {transitions: cut}\n");
    assert_eq!(space.draft().actions(), [].into());
}

/// Returns three seconds of photos with a song.
fn three_seconds(keys: &str) -> Space {
    let space = Space::with_photos(&["hill", "bee"]).without_models();
    space.clicks("song.wav", 120.0, 8.0);
    space.movie(&format!("media: photos/\nmusic: song.wav\nduration: 3s\n{keys}"));
    space
}

/// Returns whether the index of an MP4 file comes before its media, so that it plays while it loads.
fn starts_fast(path: &Path) -> bool {
    let bytes = std::fs::read(path).unwrap();
    let (mut at, mut boxes) = (0, Vec::new());
    while let Some(head) = bytes.get(at..at + 8) {
        let size = u32::from_be_bytes(head[..4].try_into().unwrap()) as usize;
        boxes.push(String::from_utf8_lossy(&head[4..]).into_owned());
        at += if size < 8 { bytes.len() } else { size };
    }
    let place = |name: &str| boxes.iter().position(|found| found == name).unwrap();
    place("moov") < place("mdat")
}

#[test]
fn each_place_gets_a_file_that_it_plays() {
    let places = ["whatsapp", "discord", "instagram-reel", "youtube", "tv"];
    let outputs: Vec<String> =
        places.iter().map(|place| format!("  {place}.mp4: {{for: {place}}}\n")).collect();
    let space = three_seconds(&format!("codec: hevc\nsize: 480\noutputs:\n{}", outputs.concat()));
    assert!(space.run(&["build", "--json"]).expect_success().codes().is_empty());
    for (place, size, most, level) in [
        ("whatsapp", (1280, 720), 16_000_000, 31),
        ("discord", (1280, 720), 10_000_000, 31),
        ("instagram-reel", (1080, 1920), 300_000_000, 40),
        ("youtube", (1920, 1080), u64::MAX, 40),
        ("tv", (1920, 1080), 4_000_000_000, 42),
    ] {
        let path = space.path(&format!("{place}.mp4"));
        let probe = ffprobe(&path, &["-show_format", "-show_streams"]);
        let (picture, sound) = (stream(&probe, "video"), stream(&probe, "audio"));
        assert_eq!(probe["streams"].as_array().unwrap().len(), 2, "{place}");
        assert_eq!((picture["width"].as_u64(), picture["height"].as_u64()), (Some(size.0), Some(size.1)));
        assert_eq!((&picture["codec_name"], &picture["profile"]), (&"h264".into(), &"High".into()));
        assert_eq!((&picture["pix_fmt"], &picture["r_frame_rate"]), (&"yuv420p".into(), &"30/1".into()));
        assert!(picture["level"].as_i64().unwrap() <= level, "{place}: {picture}");
        assert_eq!((&sound["codec_name"], &sound["profile"]), (&"aac".into(), &"LC".into()));
        assert!(std::fs::metadata(&path).unwrap().len() <= most, "{place}");
        assert!(starts_fast(&path), "{place}");
    }
}

#[test]
fn a_movie_that_is_too_long_for_its_place_is_an_error_with_help() {
    let space = Space::with_photos(&["hill", "bee", "path", "fig"]).without_models();
    let spec = "media: photos/\nduration: 200s\nconstraints: {shot: 1s..60s, cut-on: free}\n";
    space.movie(&format!("{spec}outputs: {{reel.mp4: {{for: instagram-reel}}}}\n"));
    let checked = space.run(&["check", "--json"]).expect_exit(3);
    let found = checked.diagnostic("mmm::output::too-long");
    let message = found["message"].as_str().unwrap();
    assert!(message.contains("3:20") && message.contains("3:00"), "{message}");
    // The help works.
    let help = found["help"].as_str().unwrap();
    let duration = help.split('`').nth(1).unwrap();
    space.movie(&format!("{spec}outputs: {{reel.mp4: {{for: instagram-reel, {duration}}}}}\n"));
    space.run(&["check"]).expect_success();
    // Without a length of its own, the movie is planned within the limit.
    let open = spec.replace("duration: 200s\n", "duration: 150s..400s\n");
    space.movie(&format!("{open}outputs: {{reel.mp4: {{for: instagram-reel}}}}\n"));
    let frames = space.timeline()["frames"].as_u64().unwrap();
    assert!(frames <= 180 * 30, "{frames}");
}

#[test]
fn a_movie_that_is_too_short_for_its_place_is_a_warning() {
    let space = Space::with_photos(&["hill", "bee"]).without_models();
    let warned = |duration: &str| {
        space.movie(&format!(
            "media: photos/\noutputs: {{reel.mp4: {{for: instagram-reel, duration: {duration}}}}}\n"
        ));
        let ran = space.run(&["check", "--json"]).expect_success();
        ran.codes().contains(&"mmm::spec::target-limit".to_owned())
    };
    assert!(warned("2s"));
    assert!(!warned("3s"));
}

#[test]
fn a_review_measures_movies_of_every_size() {
    let space = three_seconds("outputs: {a.mp4: {size: 480}, b.mp4: {size: 1440, aspect: 4:5}}\n");
    space.run(&["build"]).expect_success();
    for name in ["a.mp4", "b.mp4"] {
        let review: Value = space.run(&["review", name, "--json"]).expect_success().review_event();
        assert_eq!(figure(&review, "size")["value"], 0.0, "{review}");
    }
}
