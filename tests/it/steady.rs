//! Steadied clips: the shake of a clip, measured in the finished file.

use std::path::Path;

use crate::measure::frames;
use crate::space::{Run, Space, fixture};
use crate::tools::ffmpeg;

const WIDTH: usize = 320;
const HEIGHT: usize = 180;

/// How far the camera pans per frame, in pixels of 320.
const PAN: f64 = 0.35;

/// Writes a clip of 2 s: a slow pan over a photo by a shaking and rotating hand, composed of sines and a
/// little noise. No pixel is black.
fn write_handheld_pan(space: &Space, name: &str) {
    let photo = fixture("photos/hill.jpg");
    let jitter = |a: u32, b: u32| format!("{a}*sin(n*1.7+{b})+{b}*sin(n*0.9+{a})+5*(random({b})-0.5)");
    let filter = format!(
        "scale=1920:1440,lutyuv=y='70+val*0.55',rotate='0.008*sin(n*1.1)':c=gray,\
         crop=1280:720:'250+{}*n+{}':'300+{}':exact=1,scale=640:360:flags=area,setsar=1",
        PAN * 4.0,
        jitter(18, 11),
        jitter(13, 9),
    );
    let path = space.path(name);
    ffmpeg(&[
        "-loop",
        "1",
        "-framerate",
        "30",
        "-t",
        "2",
        "-i",
        photo.to_str().unwrap(),
        "-vf",
        &filter,
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "12",
        "-pix_fmt",
        "yuv420p",
        path.to_str().unwrap(),
    ]);
}

/// Returns the pixels with mean 0 and standard deviation 1, so that a fade does not look like motion.
fn normalise(frame: &[u8]) -> Vec<f64> {
    let count = frame.len() as f64;
    let mean = frame.iter().map(|light| f64::from(*light)).sum::<f64>() / count;
    let spread = (frame.iter().map(|light| (f64::from(*light) - mean).powi(2)).sum::<f64>() / count).sqrt();
    frame.iter().map(|light| (f64::from(*light) - mean) / spread).collect()
}

/// Returns the shift from one frame to the next, in pixels: the best whole-pixel shift on a coarse grid,
/// refined by the least-squares method of Lucas and Kanade.
fn shift(before: &[f64], after: &[f64]) -> (f64, f64) {
    let at = |frame: &[f64], x: i64, y: i64| frame[y as usize * WIDTH + x as usize];
    let cost = |dx: i64, dy: i64| {
        let mut sum = 0.0;
        for y in (24..HEIGHT as i64 - 24).step_by(6) {
            for x in (24..WIDTH as i64 - 24).step_by(6) {
                sum += (at(after, x + dx, y + dy) - at(before, x, y)).abs();
            }
        }
        sum
    };
    let whole = (-20..=20).flat_map(|dx| (-20..=20).map(move |dy| (dx, dy)));
    let (dx, dy) = whole.min_by(|a, b| cost(a.0, a.1).total_cmp(&cost(b.0, b.1))).unwrap();
    let (mut x_shift, mut y_shift) = (dx as f64, dy as f64);
    for _ in 0..4 {
        let (mut xx, mut xy, mut yy, mut xd, mut yd) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for y in (24..HEIGHT as i64 - 24).step_by(2) {
            for x in (24..WIDTH as i64 - 24).step_by(2) {
                let (gx, gy) = (
                    (at(before, x + 1, y) - at(before, x - 1, y)) / 2.0,
                    (at(before, x, y + 1) - at(before, x, y - 1)) / 2.0,
                );
                let (u, v) = (x as f64 + x_shift, y as f64 + y_shift);
                let (left, top) = (u.floor() as i64, v.floor() as i64);
                let (p, q) = (u - left as f64, v - top as f64);
                let row = |y: i64| at(after, left, y) * (1.0 - p) + at(after, left + 1, y) * p;
                let off = at(before, x, y) - (row(top) * (1.0 - q) + row(top + 1) * q);
                (xx, xy, yy) = (xx + gx * gx, xy + gx * gy, yy + gy * gy);
                (xd, yd) = (xd + gx * off, yd + gy * off);
            }
        }
        let size = xx * yy - xy * xy;
        x_shift = (x_shift + (yy * xd - xy * yd) / size).clamp(-22.0, 22.0);
        y_shift = (y_shift + (xx * yd - xy * xd) / size).clamp(-22.0, 22.0);
    }
    (x_shift, y_shift)
}

/// Returns the shifts between the frames `first` to `last` of a movie.
fn shifts(movie: &Path, first: usize, last: usize) -> Vec<(f64, f64)> {
    let frames: Vec<Vec<f64>> =
        frames(movie, WIDTH, HEIGHT)[first..last].iter().map(|frame| normalise(frame)).collect();
    frames.windows(2).map(|pair| shift(&pair[0], &pair[1])).collect()
}

/// Returns how much the camera shakes: the root mean square of the change of its shift from frame to frame.
fn shake_rms(shifts: &[(f64, f64)]) -> f64 {
    let squares =
        shifts.windows(2).map(|pair| (pair[1].0 - pair[0].0).powi(2) + (pair[1].1 - pair[0].1).powi(2));
    (squares.sum::<f64>() / (shifts.len() - 1) as f64).sqrt()
}

#[test]
fn steadying_removes_the_shake_and_keeps_the_pan() {
    let space = Space::new().without_models();
    write_handheld_pan(&space, "hand.mp4");
    space.movie(
        "media: [{path: hand.mp4, required: true, steady: true}]\nduration: 2s\n\
         style: {transitions: dip, titles: off, fit: crop}\n",
    );
    space.draft();
    let movie = space.path("movie.draft.mp4");
    // Skips the fade in and the fade out, which are separate segments.
    let (shaken, steady) = (shifts(&space.path("hand.mp4"), 6, 54), shifts(&movie, 6, 54));
    let (before, after) = (shake_rms(&shaken), shake_rms(&steady));
    assert!(before > 3.0 && after * 8.0 < before, "it shakes by {after} px, and by {before} px unsteadied");
    let seen = frames(&movie, WIDTH, HEIGHT);
    let way = -shift(&normalise(&seen[13]), &normalise(&seen[45])).0 / 32.0;
    assert!((0.9 * PAN..1.2 * PAN).contains(&way), "{way} px per frame instead of {PAN}");
    for (n, frame) in frames(&movie, 2 * WIDTH, 2 * HEIGHT)[13..39].iter().enumerate() {
        let darkest = frame.iter().min().unwrap();
        assert!(*darkest > 50, "a border in frame {}: {darkest}", n + 13);
    }
}

#[test]
fn an_entry_overrides_the_style_and_jobs_do_not_change_the_movie() {
    let space = Space::new().without_models();
    write_handheld_pan(&space, "hand.mp4");
    let digest = |jobs: &str, cache: &str| {
        let build = ["build", "--profile", "draft", "--json", "--jobs", jobs];
        let ran = space.command(&build).env("MMM_CACHE_DIR", space.path(cache)).output().unwrap();
        Run::from(ran).expect_success().finished_event()["outputs"][0]["digest"].clone()
    };
    let movie = |entry: &str, style: &str| {
        space.movie(&format!(
            "media: [{{path: hand.mp4{entry}}}]\nduration: 1s\nstyle: {{transitions: dip, titles: off{style}}}\n"
        ));
    };
    movie("", ", steady: true");
    let steady = digest("1", "../one");
    assert_eq!(digest("4", "../four"), steady);
    movie(", steady: false", ", steady: true");
    let shaken = digest("2", "../one");
    assert_ne!(shaken, steady);
    movie("", "");
    assert_eq!(digest("2", "../one"), shaken);
}
