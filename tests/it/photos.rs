//! Photos in finished movies: their motion, their orientation, and what phones store beside them.

use crate::measure::{difference, frames};
use crate::media::png;
use crate::space::Space;

/// Returns a PNG of two soft white spots on grey. Zooming towards one of them leaves it nearly still, and
/// moves the other.
fn two_spots() -> Vec<u8> {
    let mut picture = image::GrayImage::new(2400, 1350);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let light = |middle: (f64, f64)| {
            let (across, down) = (f64::from(x) - middle.0, f64::from(y) - middle.1);
            (-(across * across + down * down) / (2.0 * 30.0 * 30.0)).exp()
        };
        pixel.0 = [(60.0 + 170.0 * (light((500.3, 300.6)) + light((1900.8, 1050.1)))).round() as u8];
    }
    png(picture)
}

/// Returns the centre of the light in the upper left or lower right quarter of a frame, in pixels.
fn centre_of_light(frame: &[u8], width: usize, lower: bool) -> (f64, f64) {
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
fn ken_burns_moves_by_fractions_of_a_pixel() {
    let space = Space::new();
    space.write("spots.png", two_spots());
    space.movie("media: [{path: spots.png}]\nduration: 4s\nstyle: {photos: ken-burns, titles: off, transitions: cut}\n");
    space.run(&["build"]).expect_success();
    let frames = frames(&space.path("movie.mp4"), 1920, 1080);
    let track = |lower| frames.iter().map(|frame| centre_of_light(frame, 1920, lower)).collect::<Vec<_>>();
    let way = |at: &[(f64, f64)]| (at[at.len() - 1].0 - at[0].0).hypot(at[at.len() - 1].1 - at[0].1);
    let at = [false, true].map(track).into_iter().max_by(|a, b| way(a).total_cmp(&way(b))).unwrap();
    assert!(way(&at) > 10.0, "it hardly moves: {}", way(&at));
    // A picture that moves in whole pixels jerks by half a pixel or more.
    let jerk = |w: &[(f64, f64)]| (w[2].0 - 2.0 * w[1].0 + w[0].0).hypot(w[2].1 - 2.0 * w[1].1 + w[0].1);
    let mut jerks: Vec<f64> = at.windows(3).map(jerk).collect();
    jerks.sort_by(f64::total_cmp);
    // The encoder codes motion to a quarter of a pixel and corrects the rest in some frames; those jerk most.
    let (usual, most) = (jerks[jerks.len() / 2], jerks[jerks.len() * 9 / 10]);
    assert!(usual < 0.05 && most < 0.25, "jerks by {usual} pixels, nine in ten by up to {most}");
}

#[test]
fn photos_and_clips_are_shown_upright() {
    // The same photo in eight orientations, twice as AVIF, and the same clip in four.
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
fn heif_photos_look_like_their_jpegs() {
    let movie = |photos: [&str; 2]| {
        let space = Space::new();
        for photo in photos {
            space.take(&format!("photos/{photo}"), &format!("photos/{photo}"));
        }
        // Without a crop, whose position could depend on the noise of the picture.
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
fn a_live_photo_is_shown_as_one_photo() {
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
