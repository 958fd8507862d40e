//! Files with several pictures or sound tracks: which one the movie shows and plays, and what is reported.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::measure::{decode, probe, stream};
use crate::media::png;
use crate::space::{Space, fixture};
use crate::tools::ffmpeg;

const H264: [&str; 6] = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];

/// Runs ffmpeg with sources of libavfilter as its inputs, and writes a file of the folder.
#[track_caller]
fn make(space: &Space, sources: &[&str], options: &[&str], name: &str) {
    let inputs: Vec<&str> = sources.iter().flat_map(|source| ["-f", "lavfi", "-i", source]).collect();
    ffmpeg(&[&inputs[..], options, &[space.path(name).to_str().unwrap()]].concat());
}

/// Renames the sample entry of a track of an MP4, counted from 0 among those of that codec, and its
/// configuration, to a codec that no decoder knows.
#[track_caller]
fn rename_codec(space: &Space, name: &str, nth: usize, codec: [&[u8; 4]; 2], to: &[u8; 4]) {
    let mut bytes = fs::read(space.path(name)).unwrap();
    let entries: Vec<usize> = (0..bytes.len() - 4)
        .filter(|at| bytes[*at..].starts_with(b"stsd") && bytes[at + 16..].starts_with(codec[0]))
        .collect();
    let at = entries[nth] + 16;
    bytes[at..at + 4].copy_from_slice(to);
    let inner = (at..).find(|at| bytes[*at..].starts_with(codec[1])).unwrap();
    bytes[inner..inner + 4].copy_from_slice(b"none");
    fs::write(space.path(name), bytes).unwrap();
}

/// Returns the facts that `mmm analyze` reports of a file.
#[track_caller]
fn facts(space: &Space, name: &str) -> Value {
    let run = space.run(&["analyze", name, "--json", "--no-models"]).expect_success();
    run.events().into_iter().find(|event| event["source"] == name).unwrap()["facts"].clone()
}

fn has_sound(movie: &Path) -> bool {
    probe(movie)["streams"].as_array().unwrap().iter().any(|stream| stream["codec_type"] == "audio")
}

const PICTURE: &str = "testsrc2=s=320x180:r=25:d=2";
const TONE: &str = "sine=f=440:r=48000:d=2,volume=-6dB";
const SILENCE: &str = "anullsrc=r=48000:cl=stereo:d=2";
const MOVIE: &str = "duration: 1.4s\nstyle: { titles: off }\n";

#[test]
fn sound_that_cant_be_decoded_is_passed_over_wherever_it_is() {
    let space = Space::new();
    let tracks = ["-map", "0:v", "-map", "1:a", "-map", "2:a", "-c:a", "aac", "-disposition:a", "default"];
    let sources = [PICTURE, TONE, "sine=f=440:r=48000:d=2,pan=5.0|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0"];
    make(&space, &sources, &[&H264[..], &tracks, &["-ac:a:0", "2"]].concat(), "spatial.mov");
    make(&space, &[sources[0], sources[2], sources[1]], &[&H264[..], &tracks].concat(), "first.mov");
    rename_codec(&space, "spatial.mov", 1, [b"mp4a", b"esds"], b"apac");
    rename_codec(&space, "first.mov", 0, [b"mp4a", b"esds"], b"apac");
    for (name, channels) in [("spatial.mov", 2), ("first.mov", 1)] {
        let facts = facts(&space, name);
        assert_eq!(
            (facts["sound"]["codec"].as_str(), facts["has_sound"].as_bool()),
            (Some("aac"), Some(true))
        );
        assert_eq!(facts["sound"]["channels"], channels, "{name}");
        let states: Vec<&str> =
            facts["sound_tracks"].as_array().unwrap().iter().map(|t| t["codec"].as_str().unwrap()).collect();
        assert!(states.contains(&"apac"), "{states:?}");
        let text = space.run(&["analyze", name, "--no-models"]).expect_success().stdout;
        assert!(text.contains("(no decoder)") && text.contains("apac"), "{text}");
        space.movie(&format!("media: {name}\n{MOVIE}"));
        assert_eq!(space.run(&["check", "--json"]).expect_success().codes(), [""; 0]);
        space.draft();
        assert!(has_sound(&space.path("movie.draft.mp4")), "{name}");
    }
}

#[test]
fn a_clip_whose_sound_cant_be_decoded_is_shown_without_it_and_the_codec_is_named() {
    let space = Space::new();
    make(&space, &[PICTURE, TONE], &[&H264[..], &["-c:a", "aac"]].concat(), "clip.mov");
    rename_codec(&space, "clip.mov", 0, [b"mp4a", b"esds"], b"apac");
    space.movie(&format!("media: clip.mov\n{MOVIE}"));
    let warning =
        space.run(&["check", "--json"]).expect_success().diagnostic("mmm::media::sound-unsupported");
    assert!(warning["message"].as_str().unwrap().contains("`apac`"), "{warning}");
    space.draft();
    assert!(!has_sound(&space.path("movie.draft.mp4")));
    // Sound that says to be in another codec than it is.
    make(&space, &[PICTURE, TONE], &[&H264[..], &["-c:a", "aac"]].concat(), "wrong.mov");
    rename_codec(&space, "wrong.mov", 0, [b"mp4a", b"esds"], b"ac-3");
    space.movie(&format!("media: wrong.mov\n{MOVIE}"));
    // Only decoding shows it.
    space.draft();
    let warning =
        space.run(&["check", "--json"]).expect_success().diagnostic("mmm::media::sound-unsupported");
    assert!(warning["message"].as_str().unwrap().contains("`ac3`"), "{warning}");
    // Whoever doesn't want the sound is not told that it is missing.
    space.movie(&format!("media: [{{ path: clip.mov, sound: mute }}]\n{MOVIE}"));
    assert_eq!(space.run(&["check", "--json"]).expect_success().codes(), [""; 0]);
}

#[test]
fn a_sound_that_outlasts_its_picture_is_no_damage() {
    let space = Space::new();
    let options = [&H264[..], &["-c:a", "aac"]].concat();
    let sources = ["testsrc2=s=320x180:r=25:d=4", "sine=f=440:r=48000:d=7,volume=-6dB"];
    make(&space, &sources, &options, "tagged.mkv");
    let bytes = fs::read(space.path("tagged.mkv")).unwrap();
    let mut untagged = bytes.clone();
    let tags = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(b"DURATION"));
    tags.for_each(|at| untagged[at] = b'X');
    space.write("untagged.mkv", untagged);
    for name in ["tagged.mkv", "untagged.mkv"] {
        let length = facts(&space, name)["duration_s"].as_f64().unwrap();
        assert!((length - 4.0).abs() < 0.1, "{name}: {length}");
        space.movie(&format!(
            "media: [{{path: {name}, required: true, sound: keep}}]\nduration: 4s\nstyle: {{titles: off}}\n"
        ));
        assert_eq!(space.draft().codes(), [""; 0], "{name}");
    }
    // A file that is cut short still promises more than it has.
    space.write("cut.mkv", &bytes[..bytes.len() / 2]);
    space.movie("media: [{path: cut.mkv, sound: keep}]\nduration: 1s\nstyle: {titles: off}\n");
    assert!(!space.draft().codes().is_empty());
}

#[test]
fn a_picture_that_cant_be_decoded_is_passed_over_or_named() {
    let space = Space::new();
    let two = ["-map", "0:v", "-map", "1:v", "-disposition:v:0", "default"];
    make(&space, &[PICTURE, "testsrc2=s=160x120:r=25:d=2"], &[&H264[..], &two].concat(), "two.mp4");
    rename_codec(&space, "two.mp4", 0, [b"avc1", b"avcC"], b"vvc1");
    let found = facts(&space, "two.mp4");
    assert_eq!((found["width_px"].as_u64(), found["video_codec"].as_str()), (Some(160), Some("h264")));
    assert_eq!(found["pictures"][0]["decodable"], "unsupported", "{found}");
    make(&space, &[PICTURE, TONE], &[&H264[..], &["-c:a", "aac"]].concat(), "one.mp4");
    rename_codec(&space, "one.mp4", 0, [b"avc1", b"avcC"], b"vvc1");
    space.movie(&format!("media: [{{ path: one.mp4, required: true }}]\n{MOVIE}"));
    let error = space.run(&["check", "--json"]).expect_exit(3).diagnostic("mmm::media::unsupported");
    assert!(error["message"].as_str().unwrap().contains("`vvc1`"), "{error}");
}

#[test]
fn of_several_bit_rates_of_one_picture_the_largest_is_shown() {
    let space = Space::new();
    let sizes = ["-map", "0:v", "-map", "0:v", "-map", "0:v", "-s:v:0", "320x180", "-s:v:1", "1280x720"];
    let rates = ["-s:v:2", "640x360", "-b:v:0", "200k", "-g", "25"];
    for name in ["rates.mp4", "rates.ts", "rates.mkv"] {
        let source = ["testsrc2=s=1280x720:r=25:d=2"];
        make(&space, &source, &[&H264[..], &sizes, &rates].concat(), name);
        let facts = facts(&space, name);
        assert_eq!(
            (facts["width_px"].as_u64(), facts["height_px"].as_u64()),
            (Some(1280), Some(720)),
            "{name}"
        );
    }
    // The movie shows that one, as if it were alone.
    ffmpeg(&[
        "-i",
        space.path("rates.mp4").to_str().unwrap(),
        "-map",
        "0:v:1",
        "-c",
        "copy",
        space.path("alone.mp4").to_str().unwrap(),
    ]);
    let picture = |name: &str| {
        space.movie(&format!("media: {name}\n{MOVIE}"));
        space.draft();
        decode(&space.path("movie.draft.mp4"), &["-pix_fmt", "gray", "-f", "rawvideo"])
    };
    assert_eq!(picture("rates.mp4"), picture("alone.mp4"));
}

#[test]
fn a_cover_or_a_depth_map_is_never_the_picture_of_a_clip() {
    let space = Space::new();
    let cover = "testsrc=s=1920x1080:r=25:d=0.04";
    let film = "testsrc2=s=320x180:r=25:d=3";
    let default = ["-map", "0:v", "-map", "1:v", "-disposition:v:0", "default", "-disposition:v:1", "0"];
    let still =
        ["-c:v:0", "mjpeg", "-pix_fmt:v:0", "yuvj420p", "-c:v:1", "libx264", "-pix_fmt:v:1", "yuv420p"];
    for name in ["cover.mp4", "cover.mkv", "cover.avi"] {
        make(&space, &[cover, film], &[&default[..], &still].concat(), name);
    }
    let h264 = ["-c:v", "libx264", "-pix_fmt", "yuv420p"];
    for name in ["frame.mp4", "frame.ts"] {
        make(&space, &[cover, film], &[&default[..], &h264].concat(), name);
    }
    let grey = ["-c:v:0", "libx265", "-x265-params", "log-level=none", "-pix_fmt:v:0", "gray"];
    let grey = [&grey[..], &["-c:v:1", "libx264", "-pix_fmt:v:1", "yuv420p"]].concat();
    let depth = "testsrc2=s=640x360:r=25:d=3,format=gray";
    make(&space, &[depth, film], &[&default[..], &grey].concat(), "depth.mp4");
    for name in ["cover.mp4", "cover.mkv", "cover.avi", "frame.mp4", "frame.ts", "depth.mp4"] {
        let facts = facts(&space, name);
        assert_eq!(
            (facts["width_px"].as_u64(), facts["video_codec"].as_str()),
            (Some(320), Some("h264")),
            "{name}"
        );
        assert!(facts["samples"].as_array().unwrap().len() > 5, "{name}: {facts}");
    }
    // A cover beside sound alone makes no clip of it.
    let song = ["-map", "0:v", "-map", "1:a", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-c:a", "aac"];
    for name in ["song.mov", "song.mkv"] {
        make(&space, &[cover, "sine=d=4"], &song, name);
        let run = space.run(&["analyze", name, "--json", "--no-models"]).expect_success();
        assert_eq!(run.events().last().unwrap()["kind"], "music", "{name}");
    }
}

#[test]
fn a_silent_track_beside_a_loud_one_is_reported_and_audio_chooses() {
    let space = Space::new();
    let tracks = ["-map", "0:v", "-map", "1:a", "-map", "2:a", "-c:a", "aac", "-t", "2"];
    make(&space, &[PICTURE, SILENCE, TONE], &[&H264[..], &tracks].concat(), "clips/obs.mp4");
    let hiss = "anoisesrc=a=0.0004:r=48000:d=2";
    make(&space, &[PICTURE, hiss, TONE], &[&H264[..], &tracks].concat(), "clips/hiss.mkv");
    make(&space, &[PICTURE, TONE, SILENCE], &[&H264[..], &tracks].concat(), "good.mp4");
    space.movie("media: [clips/, good.mp4]\nduration: 2s\nstyle: { titles: off }\n");
    let run = space.run(&["plan", "--json"]).expect_success();
    assert_eq!(run.codes(), ["mmm::media::silent-sound-track"; 2], "{}", run.stdout);
    assert!(run.stdout.contains("`audio: 2`"), "{}", run.stdout);
    for name in ["clips/obs.mp4", "clips/hiss.mkv"] {
        let movie = |entry: &str| {
            space.movie(&format!("media:\n  - {entry}\n{MOVIE}"));
            let codes = space.draft().codes();
            (codes, has_sound(&space.path("movie.draft.mp4")))
        };
        assert_eq!(movie(&format!("{{ path: {name}, audio: 2 }}")), (vec![], true), "{name}");
        // Whoever asks for the silence gets it without a warning.
        assert_eq!(movie(&format!("{{ path: {name}, audio: 1 }}")), (vec![], false), "{name}");
    }
}

#[test]
fn a_track_that_is_not_there_is_an_error_with_what_there_is() {
    let space = Space::new();
    let tracks = ["-map", "0:v", "-map", "1:a", "-map", "2:a", "-c:a", "aac", "-ac:a:0", "2"];
    make(&space, &[PICTURE, TONE, TONE], &[&H264[..], &tracks].concat(), "clips/two.mp4");
    make(&space, &[PICTURE, TONE], &[&H264[..], &["-c:a", "aac"]].concat(), "clips/one.mp4");
    make(&space, &[TONE, TONE], &["-map", "0:a", "-map", "1:a", "-c:a", "aac"], "song.m4a");
    space.movie(&format!("media:\n  - path: clips/two.mp4\n    audio: 3\n{MOVIE}"));
    let run = space.run(&["check", "--json"]).expect_exit(3);
    let error = run.diagnostic("mmm::media::no-sound-track");
    let message = "`clips/two.mp4` has no sound track 3: it has 2 sound tracks: 1 aac stereo, 2 aac mono";
    assert_eq!((error["message"].as_str(), error["severity"].as_str()), (Some(message), Some("error")));
    assert!(run.stdout.contains("\"line\":3"), "{}", run.stdout);
    // A pattern may match clips that have no such track: they are heard as they are.
    space.movie(&format!("media:\n  - path: clips/*.mp4\n    audio: 2\n{MOVIE}"));
    let warning = space.run(&["check", "--json"]).expect_success().diagnostic("mmm::media::no-sound-track");
    let message = "`clips/one.mp4` has no sound track 2: it has 1 sound track: 1 aac mono";
    assert_eq!((warning["message"].as_str(), warning["severity"].as_str()), (Some(message), Some("warning")));
    rename_codec(&space, "clips/two.mp4", 1, [b"mp4a", b"esds"], b"apac");
    space.movie(&format!("media: [{{ path: clips/two.mp4, audio: 2 }}]\n{MOVIE}"));
    let error = space.run(&["check", "--json"]).expect_exit(3).diagnostic("mmm::media::no-sound-track");
    assert!(error["message"].as_str().unwrap().starts_with("mmm can't decode sound track 2 of"), "{error}");
    assert_eq!(error["help"], "write `audio: 1`, or remove `audio`");
    rename_codec(&space, "clips/one.mp4", 0, [b"mp4a", b"esds"], b"apac");
    space.movie(&format!("media: [{{ path: clips/one.mp4, audio: 1 }}]\n{MOVIE}"));
    let error = space.run(&["check", "--json"]).expect_exit(3).diagnostic("mmm::media::no-sound-track");
    assert_eq!(error["help"], "remove `audio`, or convert the sound, for example to AAC");
    space.movie(&format!("media: clips/one.mp4\nmusic: {{ path: song.m4a, audio: 3 }}\n{MOVIE}"));
    let error = space.run(&["check", "--json"]).expect_exit(3).diagnostic("mmm::media::no-sound-track");
    assert!(error["message"].as_str().unwrap().contains("it has 2 sound tracks"), "{error}");
}

#[test]
fn audio_of_a_song_changes_what_is_heard_and_analysed() {
    let space = Space::new();
    space.take("photos/hill.jpg", "a.jpg").take("photos/bee.jpg", "b.jpg");
    let tracks = ["-map", "0:a", "-map", "1:a", "-c:a", "alac"];
    make(&space, &["sine=f=300:r=48000:d=6", "sine=f=3000:r=48000:d=6"], &tracks, "song.m4a");
    let crossings = |audio: &str| {
        space.movie(&format!(
            "media: ./\nmusic: {{ path: song.m4a{audio} }}\nduration: 4s\nstyle: {{ titles: off }}\n"
        ));
        let run = space.draft();
        let heard = crate::measure::sound(&space.path("movie.draft.mp4"), 48_000);
        let middle = &heard[48_000..96_000];
        let ups = middle.windows(2).filter(|pair| pair[0] <= 0.0 && pair[1] > 0.0).count();
        (ups, run.actions())
    };
    let (low, _) = crossings("");
    let (same, again) = crossings(", audio: 1");
    assert!((299..=301).contains(&low), "{low}");
    assert_eq!(low, same);
    assert!(!again.contains_key("music-beats"), "the chosen track has one key: {again:?}");
    let (high, fresh) = crossings(", audio: 2");
    assert!((2999..=3001).contains(&high), "{high}");
    assert!(fresh.contains_key("music-beats") && fresh.contains_key("music-form"), "{fresh:?}");
}

/// Returns the power of the left and the right channel of a movie, in dB.
fn sides(movie: &Path) -> [f64; 2] {
    let args = ["-vn", "-ac", "2", "-ar", "48000", "-f", "f32le"];
    let samples: Vec<f32> =
        decode(movie, &args).as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    [0, 1].map(|side| {
        let own = samples.iter().skip(side).step_by(2);
        let sum: f64 = own.map(|sample| f64::from(*sample).powi(2)).sum();
        10.0 * (sum / (samples.len() / 2) as f64).max(1e-12).log10()
    })
}

#[test]
fn a_voice_in_one_channel_is_centred_and_stereo_is_not_touched() {
    let space = Space::new();
    let speech = fixture("clips/speech.mp4");
    let write = |name: &str, filter: &str| {
        let path = space.path(name);
        let codec = ["-c:v", "copy", "-c:a", "pcm_s16le"];
        let args = [&["-i", speech.to_str().unwrap(), "-af", filter][..], &codec, &[path.to_str().unwrap()]];
        ffmpeg(&args.concat());
    };
    write("left.mov", "pan=stereo|c0=c0");
    write("right.mov", "pan=stereo|c0=0.0001*c0|c1=c0");
    write("both.mov", "pan=stereo|c0=c0|c1=0.3*c0");
    let heard = |name: &str| {
        space.movie(&format!("media: [{{ path: {name}, sound: keep }}]\n{MOVIE}"));
        space.draft();
        sides(&space.path("movie.draft.mp4"))
    };
    for name in ["left.mov", "right.mov"] {
        let [left, right] = heard(name);
        assert!((left - right).abs() < 0.2 && left > -40.0, "{name}: {left} and {right}");
    }
    let [left, right] = heard("both.mov");
    assert!((left - right - 10.46).abs() < 0.7, "{left} and {right}");
    assert_eq!(facts(&space, "left.mov")["one_sided"], "left");
    assert_eq!(facts(&space, "both.mov")["one_sided"], Value::Null);
}

#[test]
fn a_file_without_a_length_in_its_headers_has_a_codec_and_a_length() {
    let space = Space::new();
    for (name, format) in [("live.webm", "webm"), ("live.mkv", "matroska")] {
        let codecs =
            ["-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus", "-live", "1", "-f", format];
        make(&space, &[PICTURE, TONE], &codecs, name);
        let facts = facts(&space, name);
        assert_eq!(facts["video_codec"], "vp8", "{name}");
        let length = facts["duration_s"].as_f64().unwrap();
        assert!((length - 2.0).abs() < 0.1, "{name}: {length}");
    }
}

/// Returns a PNG of a meadow with a red disc in its middle, 45 pixels in radius.
fn disc(width: u32, height: u32) -> Vec<u8> {
    let mut picture = image::RgbImage::new(width, height);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let noise = ((x.wrapping_mul(2_654_435_761).wrapping_add(y.wrapping_mul(40_503))) >> 13) % 17;
        let away =
            (f64::from(x) + 0.5 - f64::from(width) / 2.0).hypot(f64::from(y) + 0.5 - f64::from(height) / 2.0);
        let colour = if away < 45.0 { [225, 20, 20] } else { [95, 135, 75] };
        *pixel = image::Rgb(colour.map(|value: u32| (value + noise) as u8));
    }
    png(picture)
}

/// Writes a clip in each container whose frames change from one size to another after two seconds.
fn write_reshaped(space: &Space, first: (u32, u32), second: (u32, u32)) {
    let mut all = Vec::new();
    for (index, (width, height)) in [first, second].into_iter().enumerate() {
        let (picture, raw) = (format!("disc{index}.png"), space.path(&format!("part{index}.264")));
        space.write(&picture, disc(width, height));
        let from =
            ["-loop", "1", "-framerate", "30", "-t", "2", "-i", space.path(&picture).to_str().unwrap()]
                .map(str::to_owned);
        let from: Vec<&str> = from.iter().map(String::as_str).collect();
        let how = ["-g", "30", "-bf", "0", "-x264-params", "aud=1", "-f", "h264", raw.to_str().unwrap()];
        ffmpeg(&[&from[..], &H264, &how].concat());
        all.extend(fs::read(&raw).unwrap());
    }
    space.write("all.264", all);
    let copy = |from: &str, to: &str, rate: &[&str]| {
        let (from, to) = (space.path(from), space.path(to));
        ffmpeg(&[rate, &["-i", from.to_str().unwrap(), "-c", "copy", to.to_str().unwrap()]].concat());
    };
    copy("all.264", "clip.mp4", &["-r", "30"]);
    copy("all.264", "clip.ts", &["-r", "30"]);
    copy("clip.ts", "clip.mkv", &[]);
}

/// Returns width and height of the red disc in the last frame of a movie.
fn disc_size(movie: &Path) -> (usize, usize) {
    let video = probe(movie);
    let side = |name: &str| stream(&video, "video")[name].as_u64().unwrap() as usize;
    let (width, height) = (side("width"), side("height"));
    let frames = decode(movie, &["-pix_fmt", "rgb24", "-f", "rawvideo"]);
    let frame = frames.chunks_exact(width * height * 3).last().unwrap();
    let is_red = |pixel: &[u8; 3]| i32::from(pixel[0]) - i32::from(pixel[1].max(pixel[2])) > 140;
    let red = frame.as_chunks::<3>().0.iter().enumerate().filter(|(_, pixel)| is_red(pixel));
    let places: Vec<(usize, usize)> = red.map(|(at, _)| (at % width, at / width)).collect();
    let extent = |of: fn(&(usize, usize)) -> usize| {
        let (least, most) = (places.iter().map(of).min().unwrap(), places.iter().map(of).max().unwrap());
        assert!(least > 0, "the disc touches the edge");
        most + 1 - least
    };
    (extent(|place| place.0), extent(|place| place.1))
}

#[test]
fn a_clip_that_changes_its_shape_keeps_its_proportions_in_every_fit() {
    for second in [(360, 640), (320, 240)] {
        let space = Space::new();
        write_reshaped(&space, (640, 360), second);
        for ending in ["mp4", "ts", "mkv"] {
            let fits = ["auto", "crop", "contain", "fill"];
            let outputs: String =
                fits.iter().map(|fit| format!("  {fit}.mp4: {{ style: {{ fit: {fit} }} }}\n")).collect();
            space.movie(&format!(
                "media: [{{ path: clip.{ending}, in: 2.2s, out: 3.9s }}]\nduration: 1.6s\n\
                 style: {{ titles: off, transitions: cut }}\nconstraints: {{ shot: 0.8s..8s }}\n\
                 outputs:\n{outputs}"
            ));
            space.draft();
            for fit in fits {
                let (across, down) = disc_size(&space.path(&format!("{fit}.draft.mp4")));
                let round = across.abs_diff(down) * 100 <= across.max(down) * 4;
                assert!(round && across > 40, "{second:?}, {ending}, {fit}: {across} × {down}");
            }
        }
    }
}
