//! The gate: faults that are planted into a finished movie, each found by the figure that is for it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::space::{Run, Space, loudness, wav};
use crate::tools::tool;

const WIDE: usize = 640;
const HIGH: usize = 360;
/// Samples of a frame: 4:2:0.
const FRAME: usize = WIDE * HIGH * 3 / 2;

/// Runs ffmpeg on what is written to it, and gives what it writes.
fn ffmpeg(args: &[&str], input: &[u8]) -> Vec<u8> {
    let mut command = tool("ffmpeg");
    command.args(["-v", "error", "-y"]).args(args);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let input = input.to_vec();
    let feed = std::thread::spawn(move || pipe.write_all(&input).ok());
    let output = child.wait_with_output().unwrap();
    feed.join().unwrap();
    assert!(output.status.success(), "ffmpeg {args:?}");
    output.stdout
}

/// Something that is done to a movie.
type Plant = Box<dyn Fn(&mut Parts)>;

/// A movie that was taken apart, to be changed and put together again by someone else's tools.
#[derive(Clone)]
struct Parts {
    frames: Vec<Vec<u8>>,
    /// Left and right by turns, at 48 kHz.
    sound: Vec<f32>,
}

impl Parts {
    fn of(path: &Path) -> Self {
        let input = ["-i", path.to_str().unwrap()];
        let raw = ffmpeg(&[&input[..], &["-f", "rawvideo", "-pix_fmt", "yuv420p", "-"]].concat(), &[]);
        let sound =
            ffmpeg(&[&input[..], &["-vn", "-f", "f32le", "-ac", "2", "-ar", "48000", "-"]].concat(), &[]);
        Self {
            frames: raw.chunks_exact(FRAME).map(<[u8]>::to_vec).collect(),
            sound: sound.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
        }
    }

    /// Writes the movie anew, with sound that keeps every sample.
    fn write(&self, path: &Path) {
        let samples: Vec<u8> = self.sound.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        let heard = path.with_extension("f32");
        fs::write(&heard, samples).unwrap();
        let size = format!("{WIDE}x{HIGH}");
        let picture = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", &size, "-r", "30", "-i", "-"];
        let sound = ["-f", "f32le", "-ac", "2", "-ar", "48000", "-i", heard.to_str().unwrap()];
        let codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "14", "-c:a", "alac"];
        let colours = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"];
        let whole = ["-movflags", "+faststart", path.to_str().unwrap()];
        let args = [&picture[..], &sound[..], &codecs[..], &colours[..], &whole[..]].concat();
        ffmpeg(&args, &self.frames.concat());
        fs::remove_file(&heard).unwrap();
    }

    /// Fills frames with one colour, as Y, U and V.
    fn paint(&mut self, frames: impl Iterator<Item = usize>, [y, u, v]: [u8; 3]) {
        for frame in frames {
            let (luma, chroma) = self.frames[frame].split_at_mut(WIDE * HIGH);
            let (blue, red) = chroma.split_at_mut(WIDE * HIGH / 4);
            luma.fill(y);
            blue.fill(u);
            red.fill(v);
        }
    }
}

/// The events of `mmm review` by which figures are told.
fn reviewed(ran: &Run) -> Value {
    let events = ran.events();
    events.into_iter().find(|event| event["event"] == "review").expect("a review")
}

/// The figures that came out as `holds` says.
fn figures(review: &Value, holds: Value) -> Vec<String> {
    let all = review["figures"].as_array().unwrap().iter();
    all.filter(|figure| figure["holds"] == holds)
        .map(|figure| figure["name"].as_str().unwrap().to_owned())
        .collect()
}

/// A movie of photos and a clip in steady motion, whose draft is in the folder.
fn made() -> (Space, Value) {
    let space = Space::new();
    for photo in ["hill.jpg", "path.jpg", "bee.jpg", "astronaut.jpg"] {
        space.take(&format!("photos/{photo}"), &format!("photos/{photo}"));
    }
    let hill = crate::space::fixture("photos/fig.jpg");
    let pan = space.path("clips/pan.mp4");
    let scroll = "scale=960:540,scroll=h=0.004,format=yuv420p";
    let picture = ["-loop", "1", "-r", "30", "-t", "6", "-i", hill.to_str().unwrap()];
    let codec = ["-vf", scroll, "-r", "30", "-c:v", "libx264", "-preset", "ultrafast", pan.to_str().unwrap()];
    ffmpeg(&[&picture[..], &codec[..]].concat(), &[]);
    space.clicks("song.wav", 120.0, 20.0);
    space.movie(
        "media: [photos/, {path: clips/pan.mp4, required: true}]\nmusic: song.wav\nrate: 30\nduration: 10s\n\
         style: {titles: off, transitions: cut}\nconstraints: {order: as-listed}\n",
    );
    space.draft();
    let timeline = space.timeline();
    (space, timeline)
}

#[test]
fn every_planted_fault_fails_its_own_figure_and_no_other() {
    let (space, timeline) = made();
    let path = space.path("movie.draft.mp4");
    let mut parts = Parts::of(&path);
    assert_eq!(parts.frames.len(), 300);
    // ffmpeg plays on through the padding of the last packet, which the file says is not to be heard.
    parts.sound.truncate(300 * 1600 * 2);
    let shots = timeline["shots"].as_array().unwrap();
    let number = |value: &Value| value.as_u64().unwrap() as usize;
    let clip = shots.iter().find(|shot| shot["kind"] == "clip").unwrap();
    let (start, frames) = (number(&clip["start"]), number(&clip["frames"]));
    assert!(frames >= 45, "room to plant in: {timeline}");
    let middle = start + frames / 2;
    let photo = |shot: &Value| shot["kind"] == "photo";
    let is_cut = |shot: &Value| shot["transition"]["frames"] == 0;
    let after_photo =
        shots.windows(2).find(|pair| photo(&pair[0]) && is_cut(&pair[1])).expect("a cut after a photo");
    let cut = number(&after_photo[1]["start"]);
    let join = number(&shots[1]["start"]) * 1600;
    let plants: Vec<(&str, &[&str], Plant)> = vec![
        ("nothing", &[], Box::new(move |_| {})),
        (
            "a black gap",
            &["black frames"],
            Box::new(move |parts| parts.paint(middle..middle + 4, [16, 128, 128])),
        ),
        (
            "a frozen stretch",
            &["frozen picture"],
            Box::new(move |parts| {
                let frozen = parts.frames[middle - 10].clone();
                parts.frames[middle - 10..middle + 10].fill(frozen);
            }),
        ),
        (
            "a frame twice",
            &["repeated frames"],
            Box::new(move |parts| {
                parts.frames[middle] = parts.frames[middle - 1].clone();
            }),
        ),
        (
            "a frame twice at a join",
            &["joins"],
            Box::new(move |parts| {
                parts.frames[start + 1] = parts.frames[start].clone();
            }),
        ),
        (
            "a cut two frames late",
            &["cut error"],
            Box::new(move |parts| {
                let last = parts.frames[cut - 1].clone();
                parts.frames[cut..cut + 2].fill(last);
            }),
        ),
        (
            "five flashes a second",
            &["flashes"],
            Box::new(move |parts| {
                (0..6).for_each(|n| parts.paint((0..3).map(|at| middle - 18 + n * 6 + at), [60, 128, 128]));
                (0..6).for_each(|n| parts.paint((3..6).map(|at| middle - 18 + n * 6 + at), [200, 128, 128]));
            }),
        ),
        (
            "five red flashes a second",
            &["red flashes"],
            Box::new(move |parts| {
                (0..6).for_each(|n| parts.paint((0..3).map(|at| middle - 18 + n * 6 + at), [63, 102, 240]));
                (0..6).for_each(|n| parts.paint((3..6).map(|at| middle - 18 + n * 6 + at), [125, 128, 128]));
            }),
        ),
        (
            "sound that is too quiet",
            &["loudness"],
            Box::new(move |parts| {
                parts.sound.iter_mut().for_each(|sample| *sample *= 0.7);
            }),
        ),
        (
            "a peak",
            &["true peak"],
            Box::new(move |parts| {
                let at = (middle * 1600 + 500) * 2;
                parts.sound[at..at + 60].iter_mut().enumerate().for_each(|(n, sample)| {
                    *sample = if n / 8 % 2 == 0 { 0.99 } else { -0.99 };
                });
            }),
        ),
        (
            "a click",
            &["clicks at joins"],
            Box::new(move |parts| parts.sound[join * 2..join * 2 + 2].fill(0.6)),
        ),
        (
            "a missing frame",
            &["length", "skew"],
            Box::new(move |parts| {
                parts.frames.pop();
            }),
        ),
        (
            "sound that is too long",
            &["sound length", "skew"],
            Box::new(move |parts| {
                parts.sound.extend([0.0; 9600]);
            }),
        ),
    ];
    for (what, wanted, plant) in plants {
        let mut planted = parts.clone();
        plant(&mut planted);
        planted.write(&path);
        let ran = space.run(&["review", "movie.draft.mp4", "--json"]);
        let review = reviewed(&ran);
        assert_eq!(figures(&review, false.into()), wanted, "{what}: {review:#}");
        let ran = ran.expect_exit(if wanted.is_empty() { 0 } else { 4 });
        assert_eq!(ran.codes().contains(&"mmm::review::fails".to_owned()), !wanted.is_empty(), "{what}");
        for figure in review["figures"].as_array().unwrap() {
            let place = figure["holds"] == false
                && !["length", "sound length", "loudness"].contains(&figure["name"].as_str().unwrap());
            assert!(!place || figure["places"][0]["source"].is_string(), "{what}: {figure}");
        }
    }
}

#[test]
fn a_build_passes_its_gate_and_what_someone_did_to_it_does_not() {
    let space = Space::holiday();
    let built = space.run(&["build", "--profile", "draft", "--gate", "--junit", "gate.xml", "--json"]);
    let review = reviewed(&built);
    assert_eq!(figures(&review, false.into()), [""; 0], "{review:#}");
    built.expect_success().finished_event();
    let figures_of = |file: &str| {
        let xml = fs::read_to_string(space.path(file)).unwrap();
        let document = roxmltree::Document::parse(&xml).unwrap();
        let count = |tag| document.descendants().filter(|node| node.has_tag_name(tag)).count();
        (count("testcase"), count("failure"))
    };
    let all = review["figures"].as_array().unwrap().len();
    assert_eq!(figures_of("gate.xml"), (all, 0));
    let held = figures(&review, true.into());
    for name in [
        "size",
        "length",
        "cut error",
        "black frames",
        "flashes",
        "loudness",
        "true peak",
        "chapters missing",
    ] {
        assert!(held.iter().any(|held| held == name), "{name} was not measured: {review:#}");
    }
    // The meter agrees with ffmpeg's.
    let all_figures = review["figures"].as_array().unwrap();
    let value = |name: &str| {
        all_figures.iter().find(|figure| figure["name"] == name).unwrap()["value"].as_f64().unwrap()
    };
    let (level, peak) = loudness(&space.path("movie.draft.mp4"));
    assert!((value("loudness") - level).abs() <= 0.1, "{} and {level} LUFS", value("loudness"));
    assert!((value("true peak") - peak).abs() <= 0.2, "{} and {peak} dBTP", value("true peak"));
    // Someone turns the sound down by 6 dB, and puts the file in the movie's place.
    let (movie, quiet) = (space.path("movie.draft.mp4"), space.path("quiet.mp4"));
    let copy =
        ["-c:v", "copy", "-af", "volume=-6dB", "-c:a", "aac", "-b:a", "192k", "-movflags", "+faststart"];
    ffmpeg(&[&["-i", movie.to_str().unwrap()], &copy[..], &[quiet.to_str().unwrap()]].concat(), &[]);
    fs::rename(&quiet, &movie).unwrap();
    let ran = space.run(&["review", "movie.draft.mp4", "--junit", "review.xml"]).expect_exit(4);
    assert!(ran.stdout.contains("FAILS  loudness"), "{}", ran.stdout);
    assert!(ran.stderr.contains("mmm::review::fails"), "{}", ran.stderr);
    let (cases, failures) = figures_of("review.xml");
    assert!(cases == all && failures >= 1);
    // The gate of a build sees that the file is not what was built, makes it again, and is content.
    space.run(&["build", "--profile", "draft", "--gate"]).expect_success();
}

#[test]
fn a_movie_without_a_spec_is_measured_as_far_as_it_can_be() {
    let space = Space::new();
    let path = space.path("clean.mp4");
    let loud = ["-f", "lavfi", "-i", "testsrc2=s=640x360:r=30:d=2"];
    let sound = ["-f", "lavfi", "-i", "sine=440:r=48000:d=2"];
    let codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "alac", "-movflags", "+faststart"];
    ffmpeg(&[&loud[..], &sound[..], &codecs[..], &[path.to_str().unwrap()]].concat(), &[]);
    let review = reviewed(&space.run(&["review", "clean.mp4", "--json"]).expect_success());
    assert_eq!(
        figures(&review, true.into()),
        [
            "uneven frames",
            "skew",
            "media before the index",
            "black frames",
            "frozen picture",
            "repeated frames",
            "flashes",
            "red flashes",
            "true peak",
        ]
    );
    let of = |name: &str| {
        review["figures"].as_array().unwrap().iter().find(|figure| figure["name"] == name).unwrap().clone()
    };
    assert!(
        of("loudness")["value"].is_number() && of("loudness")["holds"].is_null(),
        "told, and judged by nobody"
    );
    assert!(of("cut error")["value"].is_null() && of("cut error")["note"].is_string());
    // Without sound nothing of it is said to hold.
    let silent = space.path("silent.mp4");
    ffmpeg(&["-i", path.to_str().unwrap(), "-an", "-c", "copy", silent.to_str().unwrap()], &[]);
    let review = reviewed(&space.run(&["review", "silent.mp4", "--json"]).expect_exit(4));
    assert_eq!(figures(&review, false.into()), ["media before the index"]);
    assert!(!figures(&review, true.into()).contains(&"true peak".to_owned()));
}

#[test]
fn what_can_not_be_measured_says_so() {
    let space = Space::new();
    let missing = space.run(&["review", "nothing.mp4", "--json"]).expect_exit(1);
    assert_eq!(missing.codes(), ["mmm::review::no-movie"]);
    space.take("malformed/text.mp4", "text.mp4");
    assert_eq!(
        space.run(&["review", "text.mp4", "--json"]).expect_exit(1).codes(),
        ["mmm::review::no-movie"]
    );
    space.write("tone.wav", wav(48_000, &vec![0; 48_000]));
    assert_eq!(
        space.run(&["review", "tone.wav", "--json"]).expect_exit(1).codes(),
        ["mmm::review::no-movie"]
    );
    space.take("photos/hill.jpg", "hill.jpg");
    space.movie("media: hill.jpg\nduration: 2s\n");
    let unbuilt = space.run(&["review", "--json"]).expect_exit(1);
    assert_eq!(unbuilt.codes(), ["mmm::review::no-movie"]);
    space.run(&["build", "--junit", "a.xml"]).expect_exit(2);
    space.run(&["review", "--output", "other.mp4"]).expect_exit(2);
}

#[test]
fn a_photo_that_moves_by_whole_pixels_is_told_from_one_that_glides() {
    let space = Space::new();
    space.take("photos/hill.jpg", "hill.jpg");
    space.movie("media: hill.jpg\nduration: 3s\nstyle: { titles: off, transitions: cut }\n");
    space.run(&["build"]).expect_success();
    let smooth = || {
        let review = reviewed(&space.run(&["review", "movie.mp4", "--json"]));
        let figure =
            review["figures"].as_array().unwrap().iter().find(|figure| figure["name"] == "smooth motion");
        (figure.unwrap()["value"].as_f64().unwrap(), figure.unwrap()["holds"].as_bool().unwrap())
    };
    let (glides, holds) = smooth();
    assert!(holds && glides < 0.15, "it jerks by {glides} px");
    // As ffmpeg's zoompan moves a photo of the frame's own size.
    let (photo, stairs) = (space.path("hill.jpg"), space.path("stairs.mp4"));
    let zoom = "scale=1920:1080:force_original_aspect_ratio=increase,crop=1920:1080,\
                zoompan=z='1+0.05*on/90':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2':d=90:s=1920x1080:fps=30";
    let picture = ["-i", photo.to_str().unwrap(), "-vf", zoom, "-frames:v", "90"];
    ffmpeg(&[&picture[..], &["-pix_fmt", "yuv420p", stairs.to_str().unwrap()]].concat(), &[]);
    fs::copy(stairs, space.path("movie.mp4")).unwrap();
    let (jerks, holds) = smooth();
    assert!(!holds && jerks > 0.5, "it jerks by {jerks} px");
}
