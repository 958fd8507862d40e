//! Cuts and transitions, frame by frame.

use serde_json::Value;

use crate::measure::{difference, frames, mean};
use crate::media::png;
use crate::space::Space;

/// Returns a PNG of 320 × 180 pixels with stripes around one grey level. Pictures with different greys can't
/// be confused.
fn stripes(grey: u8) -> Vec<u8> {
    let mut picture = image::GrayImage::new(320, 180);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (across, down) = (x * (1 + u32::from(grey) / 60) / 40, y * (1 + u32::from(grey) % 60 / 20) / 30);
        let wave = ((across + down) % 3) as u8 * 8;
        pixel.0 = [grey.saturating_add(wave).saturating_sub(8).max(30)];
    }
    png(picture)
}

#[test]
fn every_cut_falls_on_a_beat_and_no_frame_is_black() {
    let space = Space::new().without_models();
    for (name, grey) in [("a", 40u8), ("b", 200), ("c", 90), ("d", 250), ("e", 60), ("f", 160)] {
        space.write(&format!("photos/{name}.png"), stripes(grey));
    }
    // Beats half a second apart.
    space.clicks("song.wav", 120.0, 30.0);
    space.movie(
        "media: photos/\nmusic: song.wav\nrate: 30\nduration: 8s\nstyle: {transitions: cut, titles: off}\n",
    );
    space.draft();
    let timeline = space.timeline();
    let beats = space.last_event(&["beats", "song.wav", "--json"]);
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
        // The picture changes at exactly this frame.
        let jump = difference(&frames[cut - 1], &frames[cut]);
        let around = difference(&frames[cut - 2], &frames[cut - 1]);
        assert!(jump > 10.0 && jump > 5.0 * around, "no cut at frame {cut}: {jump} after {around}");
        // No other frame is nearer to the beat.
        let time = cut as f64 / 30.0 - start + from;
        let nearest = beats.iter().map(|beat| (beat - time).abs()).fold(f64::MAX, f64::min);
        assert!(nearest <= 0.5 / 30.0 + 1e-6, "frame {cut} is {nearest} s off the beat");
    }
}

#[test]
fn a_dissolve_is_centred_on_its_cut() {
    let space = Space::new().without_models();
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
    let length = shots[1]["transition"]["frames"].as_u64().unwrap() as usize;
    assert!(length >= 8 && length.is_multiple_of(2), "{length}");
    space.draft();
    let frames = frames(&space.path("movie.draft.mp4"), 32, 18);
    let cut = cut.as_u64().unwrap() as usize;
    assert_eq!(frames.len(), 120);
    // Light, the square of the code values, rises evenly over exactly those frames, half of which come before
    // the cut.
    let levels: Vec<f64> = frames.iter().map(|frame| mean(frame).powi(2) / 255.0).collect();
    let (low, high) = (levels[cut - length / 2 - 1], levels[cut + length / 2]);
    assert!(high - low > 100.0);
    let step = (high - low) / length as f64;
    assert!((levels[cut] - (low + high) / 2.0).abs() < step * 1.5);
    assert!(levels.windows(2).all(|pair| (pair[1] - pair[0]).abs() < step * 2.0));
}

/// A movie of a dark and a bright picture with one transition between them.
struct Transition {
    /// 32 × 18 pixels each.
    frames: Vec<Vec<u8>>,
    /// The first frame of the second picture.
    cut: usize,
    /// The length of the transition in frames, half of them before the cut.
    length: usize,
}

impl Transition {
    fn build(kind: &str) -> Self {
        let space = Space::new().without_models();
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
        Self { frames, cut: number(&shot["start"]), length: number(&shot["transition"]["frames"]) }
    }

    /// Returns the mean of each frame.
    fn levels(&self) -> Vec<f64> {
        self.frames.iter().map(|frame| mean(frame)).collect()
    }

    /// Returns the last frame before the transition and the first after it.
    fn ends(&self) -> (usize, usize) {
        (self.cut - self.length / 2 - 1, self.cut + self.length / 2)
    }
}

/// Returns the means of the left and the right half of a frame of 32 × 18 pixels.
fn half_means(frame: &[u8]) -> (f64, f64) {
    let half = |from: usize| {
        let rows = frame.chunks_exact(32).flat_map(|row| &row[from..from + 16]);
        rows.map(|sample| f64::from(*sample)).sum::<f64>() / (16.0 * 18.0)
    };
    (half(0), half(16))
}

#[test]
fn a_dip_fades_through_black_and_so_do_both_ends_of_the_movie() {
    let dip = Transition::build("dip");
    let (levels, cut, (first, last)) = (dip.levels(), dip.cut, dip.ends());
    assert!(levels[cut - 1] < 2.0 && levels[cut] < 2.0, "{:?}", &levels[cut - 2..cut + 2]);
    let (before, after) = (levels[first], levels[last]);
    assert!(before > 40.0 && after > before + 80.0);
    assert!(levels[first..cut].is_sorted_by(|a, b| a >= b));
    assert!(levels[cut..=last].is_sorted());
    assert!(levels[0] < 2.0 && levels[119] < 2.0, "{} {}", levels[0], levels[119]);
    assert!((levels[20] - before).abs() < 3.0);
}

#[test]
fn a_wipe_comes_from_the_left_and_a_slide_from_the_right() {
    for (kind, new_is_left) in [("wipe", true), ("slide", false)] {
        let transition = Transition::build(kind);
        let (levels, (first, last)) = (transition.levels(), transition.ends());
        let (before, after) = (levels[first], levels[last]);
        assert!(after > before + 80.0);
        let (left, right) = half_means(&transition.frames[transition.cut]);
        let (new, old) = if new_is_left { (left, right) } else { (right, left) };
        assert!((new - after).abs() < 25.0 && (old - before).abs() < 25.0, "{kind}: {left} {right}");
        // The movie fades in only if the style asks for dips.
        assert!((levels[0] - before).abs() < 3.0);
    }
}

#[test]
fn a_zoom_mixes_both_shots_in_its_middle_only() {
    let zoom = Transition::build("zoom");
    let (levels, cut, (first, last)) = (zoom.levels(), zoom.cut, zoom.ends());
    let (before, after) = (levels[first], levels[last]);
    assert!(levels[cut] > before + 20.0 && levels[cut] < after);
    assert!((levels[first + 1 + zoom.length / 4] - before).abs() < 10.0);
    assert!((levels[last - zoom.length / 4] - after).abs() < 10.0);
}
