//! The colours of finished movies: looks, cube files, dips, and clips of every colour standard.

use std::fs;
use std::path::Path;

use crate::measure::{decode, only_frame, rgb_frame};
use crate::space::{Space, figure};
use crate::tools::ffmpeg;

#[test]
fn each_look_changes_the_colours_of_the_finished_file() {
    let colours = |look: &str| {
        let space = Space::new().without_models();
        let grey = image::RgbImage::from_pixel(320, 180, image::Rgb([150, 120, 110]));
        let path = space.path("grey.png");
        grey.save(&path).unwrap();
        space.movie(&format!(
            "media: [grey.png]\nduration: 2s\nstyle: {{photos: still, titles: off, transitions: cut, look: {look}}}\n"
        ));
        space.draft();
        let frame = rgb_frame(&space.path("movie.draft.mp4"), &only_frame(30));
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

#[test]
fn a_cube_file_is_applied_and_a_bad_one_is_reported() {
    let space = Space::new().without_models();
    // The cube swaps red and blue.
    image::RgbImage::from_pixel(320, 180, image::Rgb([200, 120, 60])).save(space.path("orange.png")).unwrap();
    space.write(
        "looks/swap.cube",
        "TITLE \"swap\"\nLUT_3D_SIZE 2\n0 0 0\n0 0 1\n0 1 0\n0 1 1\n1 0 0\n1 0 1\n1 1 0\n1 1 1\n",
    );
    let spec = "media: [orange.png]\nduration: 1s\nstyle:\n  photos: still\n  look: looks/swap.cube\n";
    space.movie(spec);
    assert_eq!(space.draft().codes(), Vec::<String>::new());
    let frame = rgb_frame(&space.path("movie.draft.mp4"), &only_frame(15));
    let [red, green, blue] = [frame[0], frame[1], frame[2]].map(i32::from);
    assert!(
        (red - 60).abs() < 5 && (green - 120).abs() < 5 && (blue - 200).abs() < 5,
        "{red} {green} {blue}"
    );
    // Another cube under the same name changes the movie.
    space.write("looks/swap.cube", "LUT_1D_SIZE 2\n0 0 0\n0.5 0.5 0.5\n");
    assert!(space.draft().actions()["segment"] > 0);
    let dark = rgb_frame(&space.path("movie.draft.mp4"), &only_frame(15));
    assert!((i32::from(dark[0]) - 100).abs() < 5, "{}", dark[0]);
    space.write("looks/swap.cube", "LUT_1D_SIZE 2\n0 0 0\n0.5 0.5\n");
    let found = space.run(&["check", "--json"]).expect_exit(3).diagnostic("mmm::look::cube");
    assert!(found["message"].as_str().unwrap().contains("line 3: expected three numbers"), "{found}");
    assert_eq!(found["labels"][0]["line"], 5, "{found}");
    fs::remove_file(space.path("looks/swap.cube")).unwrap();
    assert_eq!(space.run(&["check", "--json"]).expect_exit(3).codes(), ["mmm::look::cube"]);
}

/// Grey, skin, leaf and sky in BT.709: the three 8-bit code values of each.
const PATCHES: [[f64; 3]; 4] =
    [[128.0; 3], [194.0, 145.0, 115.0], [89.0, 128.0, 64.0], [102.0, 140.0, 178.0]];

/// Y, Cb and Cr of four colours.
type Quarters = [[u16; 3]; 4];

/// The colours of [`PATCHES`] in other standards, in 10 bits and limited range, with white at 203 nits: name,
/// tags and code values. They were computed from the formulas of ITU-R BT.2100, BT.2020 and BT.601 in a
/// language other than Rust.
const STANDARDS: [(&str, [&str; 3], Quarters); 4] = [
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

/// Writes a clip of 2 s whose quarters show four colours.
fn write_quarters(space: &Space, name: &str, [primaries, transfer, matrix]: [&str; 3], colours: &Quarters) {
    const SIZE: (usize, usize) = (320, 180);
    let plane = |which: usize, step: usize| {
        let (width, height) = (SIZE.0 / step, SIZE.1 / step);
        let at =
            move |n: usize| usize::from(n % width >= width / 2) + 2 * usize::from(n / width >= height / 2);
        (0..width * height).flat_map(move |n| colours[at(n)][which].to_le_bytes())
    };
    let frame: Vec<u8> = plane(0, 1).chain(plane(1, 2)).chain(plane(2, 2)).collect();
    space.write(&format!("{name}.raw"), frame.repeat(60));
    let (raw, clip) = (space.path(&format!("{name}.raw")), space.path(&format!("{name}.mp4")));
    let input = [
        "-f",
        "rawvideo",
        "-pix_fmt",
        "yuv420p10le",
        "-s",
        "320x180",
        "-r",
        "30",
        "-i",
        raw.to_str().unwrap(),
    ];
    let tags =
        ["-color_primaries", primaries, "-color_trc", transfer, "-colorspace", matrix, "-color_range", "tv"];
    ffmpeg(&[&input[..], &["-c:v", "libx264", "-crf", "4"], &tags, &[clip.to_str().unwrap()]].concat());
}

/// Returns the CIE L*a*b* of 8-bit code values on a BT.1886 display.
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
fn clips_of_every_colour_standard_are_converted_to_bt709() {
    let space = Space::new().without_models();
    for (name, tags, colours) in &STANDARDS {
        write_quarters(&space, name, *tags, colours);
    }
    space.movie(
        "media:\n  - {path: hlg.mp4, required: true}\n  - {path: pq.mp4, required: true}\n\
         \u{20} - {path: wide.mp4, required: true}\n  - {path: old.mp4, required: true}\nduration: 6s\n\
         style: {transitions: cut, titles: off}\nconstraints: {order: as-listed}\n",
    );
    let shots = space.timeline()["shots"].clone();
    space.draft();
    let filter = "scale=64:36:flags=area:in_color_matrix=bt709,format=rgb24";
    let decoded = decode(&space.path("movie.draft.mp4"), &["-vf", filter, "-f", "rawvideo"]);
    let mut seen = Vec::new();
    for shot in shots.as_array().unwrap() {
        let frame = (shot["start"].as_u64().unwrap() + shot["frames"].as_u64().unwrap() / 2) as usize;
        let frame = &decoded[frame * 64 * 36 * 3..][..64 * 36 * 3];
        for (patch, wanted) in PATCHES.iter().enumerate() {
            let (x, y) = (16 + patch % 2 * 32, 9 + patch / 2 * 18);
            let found: [f64; 3] = std::array::from_fn(|n| f64::from(frame[(y * 64 + x) * 3 + n]));
            let apart = lab(found).iter().zip(lab(*wanted)).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
            // The CIE 1976 distance, which exceeds the CIEDE2000 distance except among dark blues.
            assert!(apart <= 2.0, "{}: {found:?} for {wanted:?}, {apart:.2} apart", shot["source"]);
        }
        seen.push(shot["source"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen, ["hlg.mp4", "pq.mp4", "wide.mp4", "old.mp4"]);
}

/// Returns the luma of the middle column of the frame at 1 s, in 36 rows.
fn luma_column(path: &Path) -> Vec<u8> {
    let filter = "extractplanes=y,scale=64:36:flags=area:in_range=tv:out_range=tv";
    let args = ["-ss", "1", "-vf", filter, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray"];
    decode(path, &args).chunks_exact(64).map(|row| row[32]).collect()
}

#[test]
fn a_slightly_dark_clip_is_brightened_and_a_night_clip_is_not() {
    let space = Space::new().without_models();
    // From black at the top to a grey at the bottom, with means of 0.24, 0.10 and 0.47 of white.
    for (name, bottom, brightened) in
        [("dim.mp4", 120, true), ("night.mp4", 60, false), ("day.mp4", 222, false)]
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
        let (before, after) = (luma_column(&path), luma_column(&space.path("movie.draft.mp4")));
        let rise: Vec<i32> = before.iter().zip(&after).map(|(b, a)| i32::from(*a) - i32::from(*b)).collect();
        let most = *rise.iter().max().unwrap();
        if brightened {
            // 0.4 stops in the middle greys are at most 18 of 219 code values; black stays black.
            assert!((4..=18).contains(&most) && rise[0].abs() <= 3, "{name}: {rise:?}");
            assert!(rise.iter().all(|rise| *rise >= -2) && after.is_sorted(), "{name}: {after:?}");
        } else {
            assert!(rise.iter().all(|rise| rise.abs() <= 2), "{name}: {rise:?}");
        }
    }
}

/// Returns the mean of each plane (Y, Cb, Cr) of a frame, and the largest distance from it.
fn plane_means(movie: &Path, at: u64) -> [(f64, f64); 3] {
    let select = only_frame(at as usize);
    let frame = decode(movie, &["-vf", &select, "-frames:v", "1", "-pix_fmt", "yuv420p", "-f", "rawvideo"]);
    let quarter = frame.len() / 6;
    [0..4 * quarter, 4 * quarter..5 * quarter, 5 * quarter..6 * quarter].map(|plane| {
        let plane: Vec<f64> = frame[plane].iter().map(|sample| f64::from(*sample)).collect();
        let mean = plane.iter().sum::<f64>() / plane.len() as f64;
        (mean, plane.iter().map(|sample| (sample - mean).abs()).fold(0.0, f64::max))
    })
}

/// Fails if a sample of a frame differs from a colour (Y, Cb, Cr) by more than `most`.
#[track_caller]
fn assert_plain_colour(movie: &Path, at: u64, wanted: [f64; 3], most: f64) {
    for ((mean, off), wanted) in plane_means(movie, at).into_iter().zip(wanted) {
        assert!((mean - wanted).abs() + off <= most, "frame {at}: {mean} ± {off} for {wanted}");
    }
}

#[test]
fn dips_fade_through_their_colour_and_other_ends_through_black() {
    let build = |style: &str, profile: &str| {
        let space = Space::new().without_models();
        space.take("photos/hill.jpg", "a.jpg").take("photos/bee.jpg", "b.jpg");
        space.movie(&format!(
            "media: [a.jpg, b.jpg]\nduration: 3s\nconstraints: {{order: as-listed, shot: 1s..2s}}\nstyle: {{{style}}}\n"
        ));
        space.run(&["build", "--profile", profile]).expect_success();
        let timeline = space.timeline();
        let cut = timeline["shots"][1]["start"].as_u64().unwrap();
        (space, cut, timeline["frames"].as_u64().unwrap() - 1)
    };
    // #f4efe6 in BT.709-6: Y' is 0.2126 · 244 + 0.7152 · 239 + 0.0722 · 230 of 255.
    let paper = [221.2, 123.5, 130.4];
    // A draft is encoded more coarsely.
    for (profile, most) in [("draft", 6.0), ("final", 2.0)] {
        let (space, cut, last) = build("transitions: dip, dip: \"#f4efe6\"", profile);
        let movie = space.path(if profile == "draft" { "movie.draft.mp4" } else { "movie.mp4" });
        for at in [0, cut - 1, cut, last] {
            assert_plain_colour(&movie, at, paper, most);
        }
        let [(luma, spread), ..] = plane_means(&movie, cut / 2);
        assert!(luma < 200.0 && spread > 20.0, "the photo between: {luma} ± {spread}");
        if profile == "final" {
            // A review finds no black frame, and a flash for each dip.
            let review = space.run(&["review", "--json"]).review_event();
            assert_eq!(figure(&review, "black frames")["value"], 0.0, "{review:#}");
            assert_eq!(figure(&review, "frozen picture")["holds"], true, "{review:#}");
            let flashes = figure(&review, "flashes");
            assert!((0.5..=1.5).contains(&flashes["value"].as_f64().unwrap()), "{flashes:#}");
            assert_eq!(flashes["holds"], true);
        }
    }
    // Without dips the movie fades in from black and out to it, whatever the colour of dips is.
    let (space, _, last) = build("dip: white", "draft");
    for at in [0, last] {
        assert_plain_colour(&space.path("movie.draft.mp4"), at, [16.0, 128.0, 128.0], 6.0);
    }
}

#[test]
fn an_invalid_colour_is_reported_with_its_line() {
    let space = Space::holiday().without_models();
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
