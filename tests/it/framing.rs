//! Subjects stay in the frame: tests find red discs of photos and clips in the finished file by their colour.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::measure::{decode, probe, stream};
use crate::media::png;
use crate::space::{Space, figure, fixture};
use crate::tools::{ffmpeg, tool};

/// The red pixels of a frame.
#[derive(Clone, Copy, Debug)]
struct Red {
    pixels: usize,
    /// The first and last column, and the first and last row.
    x: (usize, usize),
    y: (usize, usize),
    /// Their centre, to a fraction of a pixel.
    centre: (f64, f64),
}

/// Returns the width and height of a movie in pixels.
fn frame_size(path: &Path) -> (usize, usize) {
    let probe = probe(path);
    let side = |name: &str| stream(&probe, "video")[name].as_u64().unwrap() as usize;
    (side("width"), side("height"))
}

/// Returns the red pixels of each frame.
fn red_pixels(path: &Path) -> Vec<Red> {
    let (width, height) = frame_size(path);
    let scale = "scale=in_color_matrix=bt709:flags=accurate_rnd+full_chroma_int+bicubic";
    let frames = decode(path, &["-vf", scale, "-pix_fmt", "rgb24", "-f", "rawvideo"]);
    frames.chunks_exact(width * height * 3).map(|frame| red_pixels_of(frame, width)).collect()
}

fn red_pixels_of(frame: &[u8], width: usize) -> Red {
    let mut found = Red { pixels: 0, x: (usize::MAX, 0), y: (usize::MAX, 0), centre: (0.0, 0.0) };
    let mut sum = 0.0;
    for (at, pixel) in frame.as_chunks::<3>().0.iter().enumerate() {
        let redness = f64::from(pixel[0]) - f64::from(pixel[1].max(pixel[2]));
        let (x, y) = (at % width, at / width);
        if redness > 20.0 {
            let weight = redness.min(100.0);
            found.centre.0 += weight * x as f64;
            found.centre.1 += weight * y as f64;
            sum += weight;
        }
        if redness > 60.0 {
            found.pixels += 1;
            found.x = (found.x.0.min(x), found.x.1.max(x));
            found.y = (found.y.0.min(y), found.y.1.max(y));
        }
    }
    found.centre = (found.centre.0 / sum, found.centre.1 / sum);
    found
}

impl Red {
    /// Whether they form a complete disc: as wide as high, and not touching the frame's edges.
    fn is_whole_disc(&self, (width, height): (usize, usize)) -> bool {
        let inside = self.x.0 > 0 && self.y.0 > 0 && self.x.1 + 1 < width && self.y.1 + 1 < height;
        let (across, down) = (self.x.1 + 1 - self.x.0, self.y.1 + 1 - self.y.0);
        inside && across.abs_diff(down) <= across / 10 + 2
    }
}

/// Returns a PNG of a meadow under a sky with a little noise and a red disc. `size` is in pixels; the disc's
/// centre and radius are fractions of the shorter side.
fn meadow_png(size: (u32, u32), disc: Option<(f64, f64, f64)>) -> Vec<u8> {
    let short = f64::from(size.0.min(size.1));
    let mut picture = image::RgbImage::new(size.0, size.1);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let noise = (x.wrapping_mul(2_654_435_761).wrapping_add(y.wrapping_mul(40_503)) >> 13) % 17;
        let sky = f64::from(y) / f64::from(size.1) < 0.4;
        let (r, g, b) = if sky { (150, 180, 205) } else { (95, 135, 75) };
        *pixel = image::Rgb([r, g, b].map(|value: u32| (value + noise) as u8));
        if let Some((cx, cy, radius)) = disc {
            let away = (f64::from(x) / short - cx).hypot(f64::from(y) / short - cy);
            if away < radius {
                *pixel = image::Rgb([215, 45, 35]);
            }
        }
    }
    png(picture)
}

/// Returns the figure `subject kept` of a review of the draft, and whether it passes.
fn subject_kept(space: &Space) -> (Option<f64>, bool) {
    let review = space.run(&["review", "movie.draft.mp4", "--json"]).review_event();
    let figure = figure(&review, "subject kept");
    (figure["value"].as_f64(), figure["holds"] == true)
}

#[test]
fn a_subject_at_the_edge_of_a_photo_is_whole_in_every_frame() {
    // Discs at every edge, in photos of several shapes.
    let photos = [
        ((1200, 900), (0.13, 0.5, 0.1)),
        ((1200, 900), (1.2, 0.12, 0.1)),
        ((900, 1200), (0.5, 1.2, 0.1)),
        ((1600, 900), (1.64, 0.87, 0.12)),
    ];
    for (aspect, fit) in [("16:9", "auto"), ("9:16", "auto"), ("9:16", "crop"), ("1:1", "crop")] {
        let space = Space::new();
        for (index, (size, disc)) in photos.iter().enumerate() {
            space.write(&format!("photos/{index}.png"), meadow_png(*size, Some(*disc)));
        }
        space.movie(&format!(
            "media: [{{path: photos/, required: true}}]\naspect: \"{aspect}\"\nduration: 8s\n\
             style: {{titles: off, transitions: cut, fit: {fit}}}\nconstraints: {{order: as-listed}}\n"
        ));
        space.draft();
        let path = space.path("movie.draft.mp4");
        let (frame, found) = (frame_size(&path), red_pixels(&path));
        assert_eq!(found.len(), 240);
        let broken: Vec<usize> = (0..found.len()).filter(|at| !found[*at].is_whole_disc(frame)).collect();
        let first = broken.first().map(|at| (*at, found[*at]));
        assert!(broken.is_empty(), "{aspect}, {fit}: {} frames, the first {first:?}", broken.len());
        assert_eq!(subject_kept(&space), (Some(100.0), true), "{aspect}, {fit}");
    }
}

#[test]
fn a_photo_without_a_subject_is_cropped_or_filled_by_its_shape() {
    let space = Space::new();
    space.write("a.png", meadow_png((1600, 1200), None)).write("b.png", meadow_png((1200, 1600), None));
    // Without the requirement only one is shown: to models they are one picture in two crops.
    let media = "[{path: a.png, required: true}, {path: b.png, required: true}]";
    space.movie(&format!("media: {media}\nduration: 6s\nstyle: {{titles: off}}\n"));
    space.draft();
    assert_eq!(subject_kept(&space).0, None, "no subject is found");
    let fits = || -> Vec<(String, String)> {
        let plan = space.last_event(&["plan", "--json"]);
        let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
        let shots = plan["shots"].as_array().unwrap().iter();
        shots.map(|shot| (text(&shot["fit"]), text(&shot["reason_detail"]["framing"]["kind"]))).collect()
    };
    let framed = |fit: &str, reason: &str| (fit.to_owned(), reason.to_owned());
    assert_eq!(fits(), [framed("crop", ""), framed("crop", "moves-along")]);
    space.movie(&format!("media: {media}\nduration: 6s\nstyle: {{titles: off, photos: still}}\n"));
    assert_eq!(fits(), [framed("crop", ""), framed("fill", "bars")]);
}

/// Writes a clip of 640 × 360 pixels at 30 fps with a red disc whose radius is 30 pixels. `place` returns the
/// disc's centre in pixels, possibly fractional, for a time in seconds.
fn write_disc_clip(space: &Space, name: &str, seconds: usize, place: impl Fn(f64) -> (f64, f64)) {
    const SIZE: (usize, usize) = (640, 360);
    let mut ffmpeg = tool("ffmpeg")
        .args(["-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", "640x360", "-r", "30"])
        .args(["-i", "-", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "14", "-g", "30"])
        .args(["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"])
        .arg(space.path(name))
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = ffmpeg.stdin.take().unwrap();
    // The level and the grain of each plane of the meadow.
    let ground = [(SIZE, 118u8, 11), ((320, 180), 103, 1), ((320, 180), 112, 1)];
    for frame in 0..seconds * 30 {
        let (cx, cy) = place(frame as f64 / 30.0);
        for (((width, height), level, grain), disc) in ground.into_iter().zip([75u8, 105, 205]) {
            let at = |cell: usize| level + ((cell % width * 7 + cell / width * 13) % grain) as u8;
            let mut plane: Vec<u8> = (0..width * height).map(at).collect();
            let pixel = (SIZE.0 / width) as f64;
            for y in 0..height {
                let down = (y as f64 + 0.5) * pixel - cy;
                for x in (0..width).filter(|_| down.abs() < 33.0) {
                    // A chroma sample is located at the left one of two columns.
                    let across = x as f64 * pixel + 0.5 - cx;
                    let part = (30.5 - across.hypot(down)).clamp(0.0, 1.0);
                    let cell = &mut plane[y * width + x];
                    *cell = (f64::from(*cell) + (f64::from(disc) - f64::from(*cell)) * part).round() as u8;
                }
            }
            pipe.write_all(&plane).unwrap();
        }
    }
    drop(pipe);
    assert!(ffmpeg.wait().unwrap().success());
}

/// Writes the spec of a vertical movie of `walk.mp4` alone.
fn write_tall_spec(space: &Space, seconds: u32) {
    space.movie(&format!(
        "media: [{{path: walk.mp4, required: true, sound: mute}}]\naspect: \"9:16\"\nduration: {seconds}s\n\
         style: {{titles: off, transitions: cut}}\nconstraints: {{shot: 1s..{seconds}s}}\n"
    ));
}

#[test]
fn a_crop_follows_a_moving_subject_smoothly() {
    let space = Space::new();
    // The disc stands still, crosses most of the picture, and stands still again.
    let place = |time: f64| (120.0 + 400.0 * ((time - 2.0) / 5.0).clamp(0.0, 1.0), 180.0 + 30.0 * time.sin());
    write_disc_clip(&space, "walk.mp4", 9, place);
    write_tall_spec(&space, 7);
    space.draft();
    let path = space.path("movie.draft.mp4");
    let (frame, found) = (frame_size(&path), red_pixels(&path));
    assert_eq!((frame, found.len()), ((360, 640), 210));
    let whole = found.iter().filter(|red| red.is_whole_disc(frame)).count();
    assert!(whole * 100 >= found.len() * 95, "whole in {whole} of {}", found.len());
    assert_eq!(subject_kept(&space), (Some(100.0), true));
    // The left edge of the crop in pixels of the frame: the disc's position in the clip minus its position in
    // the frame. 202.5 pixels of the clip are 360 of the frame.
    let from = space.timeline()["shots"][0]["in"].as_f64().unwrap();
    let lefts: Vec<f64> = found
        .iter()
        .enumerate()
        .map(|(at, red)| place(from + at as f64 / 30.0).0 * 360.0 / 202.5 - red.centre.0)
        .collect();
    // The crop neither trembles nor moves in whole pixels of the clip, which are 1.8 pixels of the frame. It
    // does not start or stop abruptly either: the disc moves by 4.7 pixels per frame.
    let mut jerks: Vec<f64> = lefts.windows(3).map(|w| (w[2] - 2.0 * w[1] + w[0]).abs()).collect();
    jerks.sort_by(f64::total_cmp);
    let (usual, most) = (jerks[jerks.len() / 2], jerks[jerks.len() - 1]);
    assert!(usual < 0.25 && most < 0.8, "jerks by {usual} pixels, at most {most}");
    let steps: Vec<f64> = lefts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let way = lefts[lefts.len() - 1] - lefts[0];
    assert!(way > 400.0 && steps.iter().all(|step| *step > -0.5), "{way}: it moves back");
}

#[test]
fn a_crop_stays_still_on_a_still_subject() {
    let space = Space::new();
    write_disc_clip(&space, "walk.mp4", 5, |_| (550.3, 180.0));
    write_tall_spec(&space, 4);
    space.draft();
    let path = space.path("movie.draft.mp4");
    let (frame, found) = (frame_size(&path), red_pixels(&path));
    assert!(found.iter().all(|red| red.is_whole_disc(frame)));
    let xs: Vec<f64> = found.iter().map(|red| red.centre.0).collect();
    let wander = xs.iter().map(|x| (x - xs[0]).abs()).fold(0.0, f64::max);
    assert!(wander < 0.2, "it wanders by {wander} pixels");
    assert_eq!(subject_kept(&space), (Some(100.0), true));
}

/// Writes a clip of 6 s, 640 × 360 pixels: a disc crosses a hill, filmed with a shaking hand.
fn write_handheld_walk(space: &Space, name: &str) {
    let photo = fixture("photos/hill.jpg");
    space.write("../disc.png", disc_png(60));
    let (disc, path) = (space.path("../disc.png"), space.path(name));
    let jitter = |a: u32, b: u32| format!("{a}*sin(n*1.7+{b})+{b}*sin(n*0.9+{a})");
    let filter = format!(
        "[0]scale=1920:1440,hue=s=0.2,lutyuv=y='70+val*0.5',setsar=1[hill];\
         [hill][1]overlay=x='500+130*t':y=620:eval=frame:format=yuv444,\
         crop=1280:720:'300+{}':'320+{}':exact=1,scale=640:360:flags=area,format=yuv420p",
        jitter(13, 7),
        jitter(9, 5)
    );
    ffmpeg(&[
        "-loop",
        "1",
        "-framerate",
        "30",
        "-t",
        "6",
        "-i",
        photo.to_str().unwrap(),
        "-i",
        disc.to_str().unwrap(),
        "-filter_complex",
        &filter,
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "12",
        path.to_str().unwrap(),
    ]);
}

/// Returns a PNG of a red disc on a transparent ground.
fn disc_png(radius: u32) -> Vec<u8> {
    let side = radius * 2 + 2;
    let middle = f64::from(side) / 2.0;
    let picture = image::RgbaImage::from_fn(side, side, |x, y| {
        let away = (f64::from(x) + 0.5 - middle).hypot(f64::from(y) + 0.5 - middle);
        let cover = (f64::from(radius) + 0.5 - away).clamp(0.0, 1.0);
        image::Rgba([215, 45, 35, (cover * 255.0) as u8])
    });
    png(picture)
}

#[test]
fn a_crop_follows_a_moving_subject_in_a_steadied_clip() {
    let space = Space::new();
    write_handheld_walk(&space, "walk.mp4");
    // Returns in how many of the frames the disc is complete, and the root mean square of its jerks.
    let measure = |steady: bool| {
        space.movie(&format!(
            "media: [{{path: walk.mp4, required: true, sound: mute, steady: {steady}}}]\naspect: \"9:16\"\n\
             duration: 4s\nstyle: {{titles: off, transitions: cut, fit: crop}}\nconstraints: {{shot: 1s..4s}}\n"
        ));
        space.draft();
        let path = space.path("movie.draft.mp4");
        let (frame, found) = (frame_size(&path), red_pixels(&path));
        let whole = found.iter().filter(|red| red.is_whole_disc(frame)).count() as f64 / found.len() as f64;
        let jerk = |w: &[Red]| {
            let of = |at: fn(&Red) -> f64| at(&w[2]) - 2.0 * at(&w[1]) + at(&w[0]);
            of(|red| red.centre.0).powi(2) + of(|red| red.centre.1).powi(2)
        };
        let jerks: Vec<f64> = found.windows(3).map(jerk).collect();
        (whole, (jerks.iter().sum::<f64>() / jerks.len() as f64).sqrt())
    };
    let ((shaken_whole, shaken), (steady_whole, steady)) = (measure(false), measure(true));
    assert!(shaken_whole >= 0.9 && steady_whole >= 0.95, "whole in {shaken_whole} and in {steady_whole}");
    assert!(shaken > 8.0 && steady * 6.0 < shaken, "it jerks by {steady} px, and by {shaken} px unsteadied");
}
