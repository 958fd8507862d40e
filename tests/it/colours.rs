//! The colours of finished movies: looks, tables of one's own, and sources of every standard.

use std::fs;
use std::path::Path;

use crate::space::{Space, ffmpeg};
use crate::tools::tool;

/// The looks as a viewer gets them: warmer is more red than blue, cooler less, and black and white has no colour.
#[test]
fn looks_are_seen_in_the_finished_file() {
    let colours = |look: &str| {
        let space = Space::new();
        let grey = image::RgbImage::from_pixel(320, 180, image::Rgb([150, 120, 110]));
        let path = space.path("grey.png");
        grey.save(&path).unwrap();
        space.movie(&format!(
            "media: [grey.png]\nduration: 2s\nstyle: {{photos: still, titles: off, transitions: cut, look: {look}}}\n"
        ));
        space.draft();
        let frame = rgb_frame(&space.path("movie.draft.mp4"), 30);
        [frame[0], frame[1], frame[2]].map(f64::from)
    };
    let [red, green, blue] = colours("natural");
    assert!((red - 150.0).abs() < 4.0 && (green - 120.0).abs() < 4.0 && (blue - 110.0).abs() < 4.0);
    let [warm_red, _, warm_blue] = colours("warm");
    assert!(warm_red - warm_blue > red - blue + 6.0, "{warm_red} {warm_blue}");
    let [cool_red, _, cool_blue] = colours("cool");
    assert!(cool_red - cool_blue < red - blue - 6.0, "{cool_red} {cool_blue}");
    let [r, g, b] = colours("black-and-white");
    assert!((r - g).abs() <= 3.0 && (g - b).abs() <= 3.0, "{r} {g} {b}");
}

/// A table that swaps red and blue: what was orange is blue, and a table that is none is said with its line.
#[test]
fn a_cube_file_colours_the_movie() {
    let space = Space::new();
    image::RgbImage::from_pixel(320, 180, image::Rgb([200, 120, 60])).save(space.path("orange.png")).unwrap();
    space.write(
        "looks/swap.cube",
        "TITLE \"swap\"\nLUT_3D_SIZE 2\n0 0 0\n0 0 1\n0 1 0\n0 1 1\n1 0 0\n1 0 1\n1 1 0\n1 1 1\n",
    );
    let spec = "media: [orange.png]\nduration: 1s\nstyle:\n  photos: still\n  look: looks/swap.cube\n";
    space.movie(spec);
    assert_eq!(space.draft().codes(), Vec::<String>::new());
    let frame = rgb_frame(&space.path("movie.draft.mp4"), 15);
    let [red, green, blue] = [frame[0], frame[1], frame[2]].map(i32::from);
    assert!(
        (red - 60).abs() < 5 && (green - 120).abs() < 5 && (blue - 200).abs() < 5,
        "{red} {green} {blue}"
    );
    // Another table under the same name is another movie.
    space.write("looks/swap.cube", "LUT_1D_SIZE 2\n0 0 0\n0.5 0.5 0.5\n");
    assert!(space.draft().actions()["segment"] > 0);
    let dark = rgb_frame(&space.path("movie.draft.mp4"), 15);
    assert!((i32::from(dark[0]) - 100).abs() < 5, "{}", dark[0]);
    space.write("looks/swap.cube", "LUT_1D_SIZE 2\n0 0 0\n0.5 0.5\n");
    let bad = space.run(&["check", "--json"]).expect_exit(3);
    let said = bad.events().into_iter().find(|event| event["code"] == "mmm::look::cube").unwrap();
    assert!(said["message"].as_str().unwrap().contains("line 3: three numbers were wanted here"), "{said}");
    assert_eq!(said["labels"][0]["line"], 5, "{said}");
    fs::remove_file(space.path("looks/swap.cube")).unwrap();
    assert_eq!(space.run(&["check", "--json"]).expect_exit(3).codes(), ["mmm::look::cube"]);
}

/// One frame as an independent decoder shows it, in RGB.
fn rgb_frame(path: &Path, index: usize) -> Vec<u8> {
    let select = format!("select=eq(n\\,{index})");
    let made = tool("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(path)
        .args(["-vf", &select, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
        .output();
    made.unwrap().stdout
}

/// Colours of BT.709 as a movie holds them, by its three codes of 8 bits.
const PATCHES: [[f64; 3]; 4] =
    [[128.0; 3], [194.0, 145.0, 115.0], [89.0, 128.0, 64.0], [102.0, 140.0, 178.0]];

/// Luma, blue and red difference of four colours.
type Quarters = [[u16; 3]; 4];

/// The same light (white at 203 nits) as other standards write it down, in 10 bits and limited range:
/// the tags, and grey, skin, leaf and sky. Reckoned from the formulas
/// of ITU-R BT.2100, BT.2020 and BT.601 in another language.
const WRITTEN: [(&str, [&str; 3], Quarters); 4] = [
    (
        "hlg",
        ["bt2020", "arib-std-b67", "bt2020nc"],
        [[454, 512, 512], [532, 447, 559], [420, 430, 479], [479, 579, 474]],
    ),
    (
        "pq",
        ["bt2020", "smpte2084", "bt2020nc"],
        [[428, 512, 512], [466, 485, 532], [409, 468, 498], [440, 540, 496]],
    ),
    (
        "wide",
        ["bt2020", "bt2020-10", "bt2020nc"],
        [[502, 512, 512], [596, 447, 565], [463, 432, 481], [531, 584, 476]],
    ),
    (
        "old",
        ["smpte170m", "smpte170m", "smpte170m"],
        [[502, 512, 512], [603, 429, 612], [438, 424, 456], [517, 604, 427]],
    ),
];

/// A clip of two seconds whose quarters show four colours.
fn quarters(space: &Space, name: &str, [primaries, transfer, matrix]: [&str; 3], colours: &Quarters) {
    const SIZE: (usize, usize) = (320, 180);
    let plane = |which: usize, step: usize| {
        let (width, height) = (SIZE.0 / step, SIZE.1 / step);
        let at =
            move |n: usize| usize::from(n % width >= width / 2) + 2 * usize::from(n / width >= height / 2);
        (0..width * height).flat_map(move |n| colours[at(n)][which].to_le_bytes())
    };
    let frame: Vec<u8> = plane(0, 1).chain(plane(1, 2)).chain(plane(2, 2)).collect();
    space.write(&format!("{name}.raw"), frame.repeat(60));
    let status = tool("ffmpeg")
        .args(["-v", "error", "-f", "rawvideo", "-pix_fmt", "yuv420p10le", "-s", "320x180", "-r", "30", "-i"])
        .arg(space.path(&format!("{name}.raw")))
        .args(["-c:v", "libx264", "-crf", "4", "-color_primaries", primaries, "-color_trc", transfer])
        .args(["-colorspace", matrix, "-color_range", "tv"])
        .arg(space.path(&format!("{name}.mp4")))
        .status();
    assert!(status.unwrap().success());
}

/// CIE L*a*b* of codes of 8 bits on a display of BT.1886.
fn lab(codes: [f64; 3]) -> [f64; 3] {
    const XYZ: [[f64; 3]; 3] = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]];
    let light = codes.map(|code| (code / 255.0).powf(2.4));
    let white = [0.9505, 1.0, 1.089];
    let [x, y, z] = std::array::from_fn(|n| {
        let share = XYZ[n].iter().zip(light).map(|(a, b)| a * b).sum::<f64>() / white[n];
        if share > 216.0 / 24_389.0 { share.cbrt() } else { (24_389.0 / 27.0 * share + 16.0) / 116.0 }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

#[test]
fn colours_of_every_standard_come_out_as_the_movies() {
    let space = Space::new();
    for (name, tags, colours) in &WRITTEN {
        quarters(&space, name, *tags, colours);
    }
    space.movie(
        "media:\n  - {path: hlg.mp4, required: true}\n  - {path: pq.mp4, required: true}\n\
         \u{20} - {path: wide.mp4, required: true}\n  - {path: old.mp4, required: true}\nduration: 6s\n\
         style: {transitions: cut, titles: off}\nconstraints: {order: as-listed}\n",
    );
    let shots = space.timeline()["shots"].clone();
    space.draft();
    let decoded = tool("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(space.path("movie.draft.mp4"))
        .args(["-vf", "scale=64:36:flags=area:in_color_matrix=bt709,format=rgb24", "-f", "rawvideo", "-"])
        .output()
        .unwrap()
        .stdout;
    let mut seen = Vec::new();
    for shot in shots.as_array().unwrap() {
        let frame = (shot["start"].as_u64().unwrap() + shot["frames"].as_u64().unwrap() / 2) as usize;
        let frame = &decoded[frame * 64 * 36 * 3..][..64 * 36 * 3];
        for (patch, wanted) in PATCHES.iter().enumerate() {
            let (x, y) = (16 + patch % 2 * 32, 9 + patch / 2 * 18);
            let found: [f64; 3] = std::array::from_fn(|n| f64::from(frame[(y * 64 + x) * 3 + n]));
            let apart = lab(found).iter().zip(lab(*wanted)).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
            // The distance of 1976 is at least the one of 2000 but among dark blues.
            assert!(apart <= 2.0, "{}: {found:?} for {wanted:?}, {apart:.2} apart", shot["source"]);
        }
        seen.push(shot["source"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen, ["hlg.mp4", "pq.mp4", "wide.mp4", "old.mp4"]);
}

/// The middle column of a frame as an independent decoder gives its luma, of a clip or a movie.
fn ramp(path: &Path) -> Vec<u8> {
    let made = tool("ffmpeg")
        .args(["-v", "error", "-ss", "1", "-i"])
        .arg(path)
        .args(["-vf", "extractplanes=y,scale=64:36:flags=area:in_range=tv:out_range=tv"])
        .args(["-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "-"])
        .output();
    let frame = made.unwrap().stdout;
    frame.chunks_exact(64).map(|row| row[32]).collect()
}

#[test]
fn a_clip_that_is_a_little_dark_is_lifted_a_little_and_night_stays_night() {
    let space = Space::new();
    // From black at the top to a grey at the bottom: in the mean 0.24, 0.10 and 0.47 of white.
    for (name, bottom, lifted) in [("dim.mp4", 120, true), ("night.mp4", 60, false), ("day.mp4", 222, false)]
    {
        let source = format!(
            "color=s=640x360:r=30:d=3,format=yuv420p,geq=lum='16+{}*Y/H+random(1)*4':cb=128:cr=128",
            bottom - 16
        );
        let path = space.path(name);
        ffmpeg(&["-f", "lavfi", "-i", &source, "-crf", "12", "-preset", "ultrafast", path.to_str().unwrap()]);
        space.movie(&format!(
            "media: [{{path: {name}, required: true}}]\nduration: 2s\n\
             style: {{transitions: cut, titles: off}}\n"
        ));
        space.draft();
        let (before, after) = (ramp(&path), ramp(&space.path("movie.draft.mp4")));
        let rise: Vec<i32> = before.iter().zip(&after).map(|(b, a)| i32::from(*a) - i32::from(*b)).collect();
        let most = *rise.iter().max().unwrap();
        if lifted {
            // Two fifths of a stop in the middle greys is 18 of 219 codes at the most; black stays black.
            assert!((4..=18).contains(&most) && rise[0].abs() <= 3, "{name}: {rise:?}");
            assert!(rise.iter().all(|rise| *rise >= -2) && after.is_sorted(), "{name}: {after:?}");
        } else {
            assert!(rise.iter().all(|rise| rise.abs() <= 2), "{name}: {rise:?}");
        }
    }
}

/// The mean of each plane (Y, Cb, Cr) of a frame as it is coded, and how far its points are from that at most.
fn coded_frame(movie: &Path, at: u64) -> [(f64, f64); 3] {
    let output = tool("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(movie)
        .args([
            "-vf",
            &format!("select=eq(n\\,{at})"),
            "-frames:v",
            "1",
            "-pix_fmt",
            "yuv420p",
            "-f",
            "rawvideo",
            "-",
        ])
        .output()
        .unwrap();
    let quarter = output.stdout.len() / 6;
    [0..4 * quarter, 4 * quarter..5 * quarter, 5 * quarter..6 * quarter].map(|plane| {
        let plane: Vec<f64> = output.stdout[plane].iter().map(|sample| f64::from(*sample)).collect();
        let mean = plane.iter().sum::<f64>() / plane.len() as f64;
        (mean, plane.iter().map(|sample| (sample - mean).abs()).fold(0.0, f64::max))
    })
}

/// That a frame is of one colour in BT.709, to so many code values at every point.
#[track_caller]
fn is_plain(movie: &Path, at: u64, wanted: [f64; 3], most: f64) {
    for ((mean, off), wanted) in coded_frame(movie, at).into_iter().zip(wanted) {
        assert!((mean - wanted).abs() + off <= most, "frame {at}: {mean} ± {off} for {wanted}");
    }
}

#[test]
fn dips_go_through_their_colour_and_no_other_end_does() {
    let build = |style: &str, profile: &str| {
        let space = Space::new();
        space.take("photos/hill.jpg", "a.jpg").take("photos/bee.jpg", "b.jpg");
        space.movie(&format!(
            "media: [a.jpg, b.jpg]\nduration: 3s\nconstraints: {{order: as-listed, shot: 1s..2s}}\nstyle: {{{style}}}\n"
        ));
        space.run(&["build", "--profile", profile]).expect_success();
        let timeline = space.timeline();
        let cut = timeline["shots"][1]["start"].as_u64().unwrap();
        (space, cut, timeline["frames"].as_u64().unwrap() - 1)
    };
    // Paper, as ITU-R BT.709-6 codes it: Y' is 0.2126 · 244 + 0.7152 · 239 + 0.0722 · 230 of 255.
    let paper = [221.2, 123.5, 130.4];
    // A draft is coded coarsely.
    for (profile, most) in [("draft", 6.0), ("final", 2.0)] {
        let (space, cut, last) = build("transitions: dip, dip: \"#f4efe6\"", profile);
        let movie = space.path(if profile == "draft" { "movie.draft.mp4" } else { "movie.mp4" });
        for at in [0, cut - 1, cut, last] {
            is_plain(&movie, at, paper, most);
        }
        let [(luma, spread), ..] = coded_frame(&movie, cut / 2);
        assert!(luma < 200.0 && spread > 20.0, "the photo between: {luma} ± {spread}");
        if profile == "final" {
            // What is measured of it is what is seen: nothing black, and a flash for each dip.
            let events = space.run(&["review", "--json"]).events();
            let review = events.iter().find(|event| event["event"] == "review").unwrap();
            let figure = |name: &str| {
                let all = review["figures"].as_array().unwrap();
                all.iter().find(|figure| figure["name"] == name).unwrap().clone()
            };
            assert_eq!(figure("black frames")["value"], 0.0, "{review:#}");
            assert_eq!(figure("frozen picture")["holds"], true, "{review:#}");
            let flashes = figure("flashes");
            assert!((0.5..=1.5).contains(&flashes["value"].as_f64().unwrap()), "{flashes:#}");
            assert_eq!(flashes["holds"], true);
        }
    }
    // Where nobody asks for dips, the movie comes out of black and goes back, whatever their colour is.
    let (space, _, last) = build("dip: white", "draft");
    for at in [0, last] {
        is_plain(&space.path("movie.draft.mp4"), at, [16.0, 128.0, 128.0], 6.0);
    }
}

#[test]
fn a_colour_that_is_none_is_said_with_its_place() {
    let space = Space::holiday();
    for (dip, code) in [
        ("grey", "mmm::spec::bad-value"),
        ("\"#fff\"", "mmm::spec::bad-value"),
        ("#ffffff", "mmm::spec::wrong-type"),
        ("[0, 0, 0]", "mmm::spec::wrong-type"),
    ] {
        space.movie(&format!("media: photos/\nstyle:\n  transitions: dip\n  dip: {dip}\n"));
        let ran = space.run(&["check", "--json"]).expect_exit(3);
        assert_eq!(ran.codes(), [code], "{dip}");
        assert_eq!(ran.events()[0]["labels"][0]["line"], 4, "{}", ran.stdout);
    }
}
