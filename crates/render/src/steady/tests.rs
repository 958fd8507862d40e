//! Tests that known motion is found, known shake is removed, and no border is visible.

use super::align::{Pyramid, align};
use super::course::{Course, eased};
use super::room::Room;
use super::similarity::Similarity;
use super::warp::{Lattice, warp};
use mmm_base::Time;
use mmm_media::{Crop, RgbPicture, Yuv420};

/// Returns a scene of smooth waves of light at many scales, seen from a moved camera.
fn scene(motion: &Similarity) -> RgbPicture {
    let (width, height) = (320u32, 180u32);
    let back = motion.inverse();
    let mut pixels = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let place = ((f64::from(x) - 159.5) / 320.0, (f64::from(y) - 89.5) / 320.0);
            let (u, v) = back.at(place);
            let wave = |a: f64, b: f64, c: f64| (a * u + b * v + c).sin();
            let light = 128.0
                + 30.0 * wave(21.0, 9.0, 0.3)
                + 25.0 * wave(-13.0, 31.0, 1.1)
                + 20.0 * wave(55.0, 17.0, 2.0)
                + 15.0 * wave(40.0, -73.0, 0.7);
            pixels.extend([light.round().clamp(0.0, 255.0) as u8; 3]);
        }
    }
    RgbPicture { width, height, pixels }
}

fn worst(one: &Similarity, other: &Similarity) -> f64 {
    let corners = [(-0.5, -0.28), (0.5, -0.28), (-0.5, 0.28), (0.5, 0.28)];
    let apart = |corner| {
        let (a, b) = (one.at(corner), other.at(corner));
        (a.0 - b.0).hypot(a.1 - b.1)
    };
    corners.into_iter().map(apart).fold(0.0, f64::max)
}

#[test]
fn a_planted_motion_is_found_to_a_fraction_of_a_pixel() {
    let still = Pyramid::of(&scene(&Similarity::NONE));
    for parts in [
        [0.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.002, -0.001],
        [0.0, 0.0, 0.04, -0.025],
        [0.01, 0.02, -0.02, 0.01],
        [-0.02, -0.03, 0.01, 0.03],
    ] {
        let planted = Similarity::of_parts(parts);
        let found = align(&still, &Pyramid::of(&scene(&planted))).unwrap();
        // A tenth of a pixel of 320, at the corners.
        assert!(worst(&found, &planted) < 0.1 / 320.0, "{parts:?}: {:?}", found.parts());
    }
}

#[test]
fn what_moves_by_itself_and_other_light_do_not_mislead() {
    let planted = Similarity::of_parts([0.0, 0.0, 0.012, 0.006]);
    let mut moved = scene(&planted);
    // A fifth of the picture changes content, and the whole picture gets brighter.
    for (at, pixel) in moved.pixels.iter_mut().enumerate() {
        let (x, y) = (at / 3 % 320, at / 3 / 320);
        let other = (90..210).contains(&x) && (40..136).contains(&y);
        *pixel = if other { (at * 7 % 200) as u8 } else { pixel.saturating_add(14) };
    }
    let found = align(&Pyramid::of(&scene(&Similarity::NONE)), &Pyramid::of(&moved)).unwrap();
    assert!(worst(&found, &planted) < 0.3 / 320.0, "{:?}", found.parts());
}

#[test]
fn another_scene_is_no_motion_and_nothing_to_see_is_none() {
    let noise = |seed: u64| {
        let pixel = |n: u64| ((n / 48 + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8;
        let pixels = (0..320 * 180 * 3).map(pixel).collect();
        Pyramid::of(&RgbPicture { width: 320, height: 180, pixels })
    };
    assert_eq!(align(&noise(1), &noise(977)), None);
    let grey = || Pyramid::of(&RgbPicture { width: 320, height: 180, pixels: vec![90; 320 * 180 * 3] });
    assert!(align(&grey(), &grey()).is_none_or(|found| worst(&found, &Similarity::NONE) < 1e-6));
}

fn time(picture: usize) -> Time {
    Time::from_micros(picture as i64 * 33_333)
}

/// Returns a course with the given position of each of its 90 pictures.
fn course(places: &[[f64; 4]]) -> Course {
    let mut course = Course::new();
    let mut before = Similarity::of_parts(places[0]);
    for (picture, place) in places.iter().enumerate() {
        let now = Similarity::of_parts(*place);
        course.push(time(picture), &now.after(&before.inverse()));
        before = now;
    }
    course
}

#[test]
fn a_pan_needs_no_correction_and_a_shake_is_taken_back() {
    let pan = |n: usize| 0.004 * n as f64;
    let still: Vec<[f64; 4]> = (0..90).map(|n| [0.0, 0.0, pan(n), 0.0]).collect();
    let corrections = course(&still).corrections(0.5);
    assert!(corrections.iter().all(|one| worst(one, &Similarity::NONE) < 1e-9));

    let shake = |n: usize| 0.01 * (n as f64 * 1.3).sin();
    let shaken: Vec<[f64; 4]> = (0..90).map(|n| [0.0, shake(n) / 2.0, pan(n), shake(n)]).collect();
    let corrections = course(&shaken).corrections(0.5);
    for (n, one) in corrections.iter().enumerate().take(75).skip(15) {
        let wanted = Similarity::of_parts([0.0, shake(n) / 2.0, 0.0, shake(n)]);
        assert!((one.at((0.0, 0.0)).1 - wanted.at((0.0, 0.0)).1).abs() < 0.002, "at {n}");
        assert!((one.parts()[1] - wanted.parts()[1]).abs() < 0.001, "at {n}");
    }
}

#[test]
fn corrections_find_room_or_become_less() {
    let whole = Crop { x: 0, y: 0, width: 1920, height: 1080 };
    let room = Room::of((1920, 1080), whole);
    let none = room.fit(&[Similarity::NONE]);
    assert_eq!(none, (1.0, vec![1.0]));
    // A shift by 1 % of the width to the left needs twice that in zoom.
    let small = Similarity::of_parts([0.0, 0.0, -0.01, 0.0]);
    let (zoom, shares) = room.fit(&[Similarity::NONE, small]);
    assert!((zoom - 0.5 / 0.49).abs() < 1e-3 && shares == [1.0, 1.0], "{zoom} {shares:?}");
    let large = Similarity::of_parts([0.0, 0.02, -0.2, 0.01]);
    let (zoom, shares) = room.fit(&[small, large]);
    assert!((zoom - 1.0 / 0.9).abs() < 1e-9 && shares[0] == 1.0 && shares[1] < 0.4, "{zoom} {shares:?}");
    for (one, share) in [small, large].iter().zip(shares) {
        for corner in [(-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5)] {
            let (x, y) = room.point(corner, &one.part(share), zoom);
            assert!((-0.01..=1920.01).contains(&x) && (-0.01..=1080.01).contains(&y), "{x} {y}");
        }
    }
    // If the frame shows only a part of the picture, the area around it can be used.
    let part = Crop { x: 600, y: 0, width: 600, height: 1080 };
    assert_eq!(Room::of((1920, 1080), part).fit(&[small]).0, 1.0);

    let times: Vec<Time> = (0..90).map(time).collect();
    let allowed: Vec<f64> = (0..90).map(|n| if n == 40 { 0.2 } else { 1.0 }).collect();
    let shares = eased(&allowed, &times, Time::from_millis(500));
    assert!(shares.iter().zip(&allowed).all(|(share, allowed)| *share <= allowed + 1e-9));
    assert!(shares.windows(2).all(|pair| (pair[0] - pair[1]).abs() < 0.06), "{shares:?}");
    assert!(shares[0] > 0.999 && shares[89] > 0.999);
}

#[test]
fn a_warp_by_whole_pixels_is_exact_and_between_them_smooth() {
    let at = |x: i32, y: i32| (60 + (x * 3 + y * 2) % 120) as u8;
    let (width, height) = (32, 24);
    let y: Vec<u8> = (0..width * height).map(|n| at(n % width, n / width)).collect();
    let quarter = (width * height / 4) as usize;
    let picture = Yuv420 { width: 32, height: 24, y, u: vec![100; quarter], v: vec![150; quarter] };
    let straight = |start| Lattice { start, right: (1.0, 0.0), down: (0.0, 1.0) };
    assert_eq!(warp(&picture, &straight((0.0, 0.0)), (32, 24)), picture);
    let moved = warp(&picture, &straight((4.0, 2.0)), (16, 16));
    assert!((0..16 * 16).all(|n| moved.y[n as usize] == at(n % 16 + 4, n / 16 + 2)));
    let ramp = Yuv420 { y: (0..width * height).map(|n| (n % width * 5) as u8).collect(), ..picture };
    let between = warp(&ramp, &straight((4.4, 3.3)), (16, 16));
    assert!((0..16 * 16).all(|n| i32::from(between.y[n as usize]).abs_diff((n % 16 + 4) * 5 + 2) <= 1));
    assert!(between.u.iter().all(|u| *u == 100) && between.v.iter().all(|v| *v == 150));
}
