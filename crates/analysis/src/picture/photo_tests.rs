//! Tests of what only photos have: tilt, motion blur, lost highlights, the sharpness of faces, written pages
//! and covered lenses.

use super::photo_facts;
use crate::RgbView;
use mmm_facts::{Issue, PhotoFacts, SeenFace, Sight, SubjectBox};

const WIDTH: usize = 640;
const HEIGHT: usize = 480;

/// Returns the facts of a picture painted by `paint` at each x and y.
fn facts(sight: Option<Sight>, paint: impl Fn(usize, usize) -> [u8; 3]) -> PhotoFacts {
    let pixels: Vec<u8> = (0..WIDTH * HEIGHT).flat_map(|i| paint(i % WIDTH, i / WIDTH)).collect();
    let view = RgbView::new(WIDTH as u32, HEIGHT as u32, &pixels).unwrap();
    photo_facts(&view, (4000, 3000), true, sight)
}

/// Returns a value from 0 to 1 that looks random.
fn noise(x: usize, y: usize) -> f64 {
    let mixed = (x as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ (y as u64 + 7).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed >> 40) as f64 / (1u64 << 24) as f64
}

/// Returns a painter of a sea under a sky, turned clockwise.
fn sea(degrees: f64) -> impl Fn(usize, usize) -> [u8; 3] {
    let (sin, cos) = degrees.to_radians().sin_cos();
    move |x, y| {
        let (u, v) = (x as f64 - 320.0, y as f64 - 200.0);
        let below = v * cos - u * sin;
        let (sky, water) = (200.0 + below / 12.0, 90.0 + 25.0 * noise(x / 3, y));
        let part = (below + 0.5).clamp(0.0, 1.0);
        let light = sky * (1.0 - part) + water * part;
        [light * 0.8, light * 0.9, light].map(|value| value as u8)
    }
}

#[test]
fn a_tilted_horizon_is_seen_and_costs_merit() {
    let level = facts(None, sea(0.0)).look;
    assert_eq!(level.tilt_cdeg, 0, "{level:?}");
    for degrees in [-8.0, -4.0, 5.0] {
        let look = facts(None, sea(degrees)).look;
        let found = f64::from(look.tilt_cdeg) / 100.0;
        assert!((found - degrees).abs() < 0.6 && look.tilt_certainty.get() > 0.8, "{degrees}: {look:?}");
        assert!(look.aesthetic.get() < 0.95 * level.aesthetic.get(), "{degrees}: {look:?}");
    }
}

#[test]
fn leaves_have_no_tilt() {
    let leaves = |x: usize, y: usize| {
        let value = 40.0 + 170.0 * noise((x + y / 3) / 5, (y + x / 4) / 4);
        [value * 0.6, value, value * 0.4].map(|value| value as u8)
    };
    assert_eq!(facts(None, leaves).look.tilt_certainty.get(), 0.0);
}

/// Returns a painter of tiles, averaged over so many pixels across.
fn tiles(across: usize) -> impl Fn(usize, usize) -> [u8; 3] {
    let tile = |x: usize, y: usize| {
        let (u, v) = (0.9 * x as f64 + 0.4 * y as f64, 0.9 * y as f64 - 0.4 * x as f64 + 400.0);
        if (u as usize / 37 + v as usize / 29).is_multiple_of(2) { 190.0 } else { 50.0 }
    };
    move |x, y| {
        let value = (0..across).map(|step| tile(x + step, y)).sum::<f64>() / across as f64;
        [value, value * 0.9, value * 0.8].map(|value| value as u8)
    }
}

#[test]
fn motion_blurs_one_direction() {
    let crisp = facts(None, tiles(1)).look;
    let shaken = facts(None, tiles(17)).look;
    assert!(crisp.motion_blur.get() < 0.25, "{crisp:?}");
    assert!(shaken.motion_blur.get() > 0.5 && shaken.aesthetic < crisp.aesthetic, "{shaken:?}");
}

#[test]
fn lost_highlights_cost_merit() {
    let lit =
        |gain: f64| move |x: usize, y: usize| tiles(1)(x, y).map(|v| (f64::from(v) * gain).min(255.0) as u8);
    let (fine, blown) = (facts(None, lit(1.0)).look, facts(None, lit(1.6)).look);
    assert!(fine.clipped.get() < 0.01 && blown.clipped.get() > 0.4, "{fine:?} {blown:?}");
    assert!(blown.aesthetic.get() < 0.8 * fine.aesthetic.get(), "{fine:?} {blown:?}");
}

#[test]
fn a_soft_face_counts_more_than_a_sharp_background() {
    let area = SubjectBox::between((0.3, 0.2), (0.7, 0.9), 0.9);
    let face = SeenFace { area, smile: None, eyes_open: None };
    let seen = || Some(Sight { faces: vec![face], ..Sight::default() });
    let (crisp, soft) = (tiles(1), tiles(19));
    let is_face = |x: usize, y: usize| (180..460).contains(&x) && (80..460).contains(&y);
    let missed = |x: usize, y: usize| if is_face(x, y) { soft(x, y) } else { crisp(x, y) };
    let (without, with) = (facts(None, missed), facts(seen(), missed));
    assert_eq!(without.look.face_sharpness, None);
    assert!(without.look.sharpness.get() > 0.8, "the background is sharp: {:?}", without.look);
    assert!(with.look.face_sharpness.unwrap().get() < 0.3, "{:?}", with.look);
    assert_eq!(with.issues, [Issue::Blurred]);
    // A face in focus before a blurred background is as sharp as a picture that is sharp throughout.
    let portrait = facts(seen(), |x, y| if is_face(x, y) { crisp(x, y) } else { soft(x, y) });
    assert!(portrait.look.sharpness.get() > 0.8 && portrait.issues.is_empty(), "{portrait:?}");
}

/// Returns the light of a sheet of paper with lines of text, on a table; turned a little.
fn page(x: usize, y: usize) -> f64 {
    let (u, v) = (x as f64 + 0.06 * y as f64, y as f64 - 0.06 * x as f64 + 40.0);
    let is_paper = (90.0..580.0).contains(&u) && (20.0..470.0).contains(&v);
    let (line, letter) = (v as usize / 14, u as usize / 2);
    let is_ink = (v as usize % 14) < 6
        && (120.0..550.0).contains(&u)
        && (50.0..440.0).contains(&v)
        && noise(letter, line) < 0.4
        && noise(letter / 5, line + 900) < 0.85;
    let light = 0.8 + 0.2 * x as f64 / 640.0;
    let shade = if !is_paper {
        45.0 + 20.0 * noise(x, y)
    } else if is_ink {
        60.0
    } else {
        225.0
    };
    shade * light + 6.0 * noise(x + 31, y)
}

#[test]
fn a_photo_of_a_written_page_is_a_document() {
    let paper = |x: usize, y: usize| [page(x, y), page(x, y) * 0.98, page(x, y) * 0.93].map(|v| v as u8);
    let found = facts(None, paper);
    assert!(found.issues.contains(&Issue::Document), "{:?}", found.issues);
    // Turned by a quarter.
    let found = facts(None, |x, y| paper(y * 640 / 480, x * 480 / 640));
    assert!(found.issues.contains(&Issue::Document), "{:?}", found.issues);
}

#[test]
fn snow_walls_windows_and_sand_are_no_documents() {
    let snow = |x: usize, y: usize| {
        let value = 215.0 + 20.0 * (x as f64 / 90.0).sin() * (y as f64 / 70.0).cos() + 8.0 * noise(x, y);
        [value; 3].map(|value| value as u8)
    };
    let bricks = |x: usize, y: usize| {
        let row = y / 16;
        let is_gap = y % 16 < 2 || (x + row % 2 * 20) % 40 < 2;
        let value = if is_gap { 120.0 } else { 205.0 + 15.0 * noise(x / 40, row) };
        [value; 3].map(|value| value as u8)
    };
    let windows = |x: usize, y: usize| {
        let is_window = x % 60 > 20 && y % 70 > 25;
        [if is_window { 70 } else { 200 }; 3]
    };
    let sand = |x: usize, y: usize| [(130.0 + 110.0 * noise(x / 2, y / 2)) as u8; 3];
    for (name, found) in [
        ("snow", facts(None, snow)),
        ("bricks", facts(None, bricks)),
        ("windows", facts(None, windows)),
        ("sand", facts(None, sand)),
    ] {
        assert!(!found.issues.contains(&Issue::Document), "{name}: {:?}", found.issues);
    }
}

#[test]
fn caps_pockets_and_fingers_cover_the_lens() {
    let grain = |x: usize, y: usize| 9.0 * noise(x, y);
    let cap = |x: usize, y: usize| [grain(x, y) as u8; 3];
    let leak = |x: usize, y: usize| {
        let far = (x as f64 / 640.0).powi(2) + (y as f64 / 480.0).powi(2);
        let light = 180.0 * (-6.0 * far).exp() + grain(x, y);
        [light, light * 0.7, light * 0.4].map(|value| value as u8)
    };
    let finger = |x: usize, y: usize| {
        let light = 150.0 - 60.0 * x as f64 / 640.0 + grain(x, y);
        [light, light * 0.4, light * 0.3].map(|value| value as u8)
    };
    for found in [facts(None, cap), facts(None, leak), facts(None, finger)] {
        assert_eq!(found.issues, [Issue::Empty, Issue::Covered]);
    }
    // The night has lights, and a red wall of the same light has edges.
    let night = |x: usize, y: usize| {
        let is_lamp = (x % 160).abs_diff(80) < 4 && (y % 120).abs_diff(60) < 4;
        if is_lamp { [250, 220, 160] } else { [grain(x, y) as u8; 3] }
    };
    let wall = |x: usize, y: usize| {
        if (x / 80).is_multiple_of(2) { finger(x, y) } else { finger(x, y).map(|v| v / 2) }
    };
    for found in [facts(None, night), facts(None, wall)] {
        assert!(!found.issues.contains(&Issue::Covered), "{:?}", found.issues);
    }
    // Of a dark strip or speck nobody can tell.
    for (width, height) in [(1000, 3), (3, 1000), (2, 2), (1, 1)] {
        let pixels: Vec<u8> = (0..width * height).flat_map(|i| cap(i % width, i / width)).collect();
        let view = RgbView::new(width as u32, height as u32, &pixels).unwrap();
        let found = photo_facts(&view, (width as u32, height as u32), true, None);
        assert!(!found.issues.contains(&Issue::Covered), "{width}×{height}: {:?}", found.issues);
    }
}
