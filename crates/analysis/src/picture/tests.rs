use proptest::prelude::*;

use super::photo_facts;
use crate::RgbView;
use mmm_facts::{Issue, PhotoFacts};

const SIDE: usize = 256;
const FULL: (u32, u32) = (4000, 3000);

/// Returns a square picture painted by `paint` at each x and y.
fn painted(paint: impl Fn(usize, usize) -> [u8; 3]) -> Vec<u8> {
    (0..SIDE * SIDE).flat_map(|i| paint(i % SIDE, i / SIDE)).collect()
}

fn facts(pixels: &[u8], is_camera: bool) -> PhotoFacts {
    photo_facts(&RgbView::new(SIDE as u32, SIDE as u32, pixels).unwrap(), FULL, is_camera, None)
}

/// Returns a painter of large tilted tiles in colours between `low` and `high`, with soft shading.
fn tiles(low: f64, high: f64) -> impl Fn(usize, usize) -> [u8; 3] {
    move |x, y| {
        let (u, v) = (0.9 * x as f64 + 0.4 * y as f64, 0.9 * y as f64 - 0.4 * x as f64 + 200.0);
        let is_light = (u as usize / 37 + v as usize / 29).is_multiple_of(2);
        let shade = 0.75 + 0.25 * (x as f64 / 40.0).sin() * (y as f64 / 55.0).cos();
        let level = low + (high - low) * if is_light { shade } else { 1.0 - shade };
        [level * 1.0, level * 0.9, level * 0.7].map(|value| value.clamp(0.0, 255.0) as u8)
    }
}

/// Returns the mean over `across` × `down` neighbours.
fn blurred(pixels: &[u8], across: usize, down: usize) -> Vec<u8> {
    let at =
        |x: usize, y: usize, k: usize| u32::from(pixels[3 * (y.min(SIDE - 1) * SIDE + x.min(SIDE - 1)) + k]);
    let mut out = Vec::with_capacity(pixels.len());
    for i in 0..SIDE * SIDE {
        for k in 0..3 {
            let sum: u32 =
                (0..across * down).map(|j| at(i % SIDE + j % across, i / SIDE + j / across, k)).sum();
            out.push((sum / (across * down) as u32) as u8);
        }
    }
    out
}

#[test]
fn blur_of_the_lens_and_of_motion_is_told_from_crisp() {
    let crisp = painted(tiles(20.0, 230.0));
    let good = facts(&crisp, true);
    assert!(good.issues.is_empty(), "{:?}", good);
    assert!(good.look.sharpness.get() > 0.8);
    for (across, down) in [(11, 11), (15, 1), (1, 15)] {
        let bad = facts(&blurred(&crisp, across, down), true);
        assert_eq!(bad.issues, [Issue::Blurred], "{across} × {down}: {:?}", bad.look);
        assert!(bad.look.aesthetic < good.look.aesthetic);
    }
}

#[test]
fn faint_edges_are_as_sharp_as_strong_ones() {
    let strong = facts(&painted(tiles(20.0, 230.0)), true).look.sharpness.get();
    let faint = facts(&painted(tiles(100.0, 170.0)), true).look.sharpness.get();
    assert!((strong - faint).abs() < 0.15, "{strong} {faint}");
}

#[test]
fn light_that_is_missing_or_too_much_is_seen() {
    assert_eq!(facts(&painted(tiles(2.0, 60.0)), true).issues, [Issue::Underexposed]);
    let over = facts(&painted(tiles(160.0, 700.0)), true);
    assert!(over.issues.contains(&Issue::Overexposed), "{over:?}");
    assert!(over.look.exposure.get() < 0.4);
}

#[test]
fn one_colour_is_empty_and_not_blurred() {
    assert_eq!(facts(&painted(|_, _| [120, 130, 140]), true).issues, [Issue::Empty]);
    let noisy = painted(|x, y| [118 + ((x * 7919 + y * 104_729) % 13) as u8; 3]);
    assert_eq!(facts(&noisy, true).issues, [Issue::Empty]);
}

#[test]
fn a_drawn_page_is_a_screenshot_unless_a_camera_took_it() {
    let page = painted(|x, y| match (y / 8 % 2, x / 3 % 3) {
        (1, 0 | 1) if x > 30 && x < 220 && y > 40 => [20, 20, 20],
        _ => [245, 245, 240],
    });
    assert!(facts(&page, false).issues.contains(&Issue::Screenshot));
    assert!(!facts(&page, true).issues.contains(&Issue::Screenshot));
    assert!(!facts(&painted(tiles(20.0, 230.0)), false).issues.contains(&Issue::Screenshot));
}

#[test]
fn few_pixels_are_small() {
    let pixels = painted(tiles(20.0, 230.0));
    let view = RgbView::new(SIDE as u32, SIDE as u32, &pixels).unwrap();
    assert_eq!(photo_facts(&view, (256, 256), true, None).issues, [Issue::Small]);
}

#[test]
fn the_hash_survives_noise_and_light_and_tells_pictures_apart() {
    let paint = tiles(20.0, 230.0);
    let plain = facts(&painted(&paint), true).hash;
    let noisy = painted(|x, y| paint(x, y).map(|value| value.saturating_add(((x * 31 + y * 17) % 7) as u8)));
    let light = painted(|x, y| paint(x, y).map(|value| (f64::from(value) * 1.1) as u8));
    let other = painted(|x, y| paint(y, (x + 90) % SIDE));
    assert!(plain.distance(facts(&noisy, true).hash) <= 6);
    assert!(plain.distance(facts(&light, true).hash) <= 6);
    assert!(plain.distance(facts(&other, true).hash) >= 12);
}

#[test]
fn the_focus_is_on_the_one_thing_there_is() {
    let disc = |cx: f64, cy: f64| {
        painted(move |x, y| {
            let (dx, dy) = (x as f64 - cx * SIDE as f64, y as f64 - cy * SIDE as f64);
            if dx * dx + dy * dy < 400.0 { [220, 60, 40] } else { [70, (100 + y / 16) as u8, 90] }
        })
    };
    for (x, y) in [(0.3, 0.35), (0.7, 0.4), (0.5, 0.7)] {
        let (found_x, found_y) = facts(&disc(x, y), true).focus;
        assert!(
            (found_x.get() - x).abs() < 0.08 && (found_y.get() - y).abs() < 0.08,
            "{found_x:?} {found_y:?}"
        );
    }
    let (x, y) = facts(&disc(0.02, 0.98), true).focus;
    assert!(x.get() >= 0.15 && y.get() <= 0.85);
}

/// Returns a picture of 256 by 256 pixels: a soft background with a little noise, and on it whatever `thing`
/// returns.
fn planted(thing: impl Fn(f64, f64) -> Option<[u8; 3]>) -> Vec<u8> {
    painted(move |x, y| {
        let noise = ((x * 7919 + y * 104_729) % 13) as u8;
        let ground = [60 + (x / 16) as u8 + noise, 90 + (y / 12) as u8 + noise, 110 + noise];
        thing(x as f64 / SIDE as f64, y as f64 / SIDE as f64).unwrap_or(ground)
    })
}

#[test]
fn what_stands_out_is_boxed_wherever_it_stands() {
    for (cx, cy, r) in
        [(0.1, 0.5, 0.07), (0.9, 0.2, 0.06), (0.5, 0.9, 0.08), (0.3, 0.4, 0.15), (0.93, 0.93, 0.07)]
    {
        let disc = planted(|x, y| ((x - cx).hypot(y - cy) < r).then_some([220, 60, 40]));
        let found = facts(&disc, true).subjects;
        assert_eq!(found.len(), 1, "{cx}, {cy}: {found:?}");
        let found = found[0];
        assert!(found.x.get() <= cx - r && found.right() >= cx + r, "{cx}, {cy}: {found:?}");
        assert!(found.y.get() <= cy - r && found.bottom() >= cy + r, "{cx}, {cy}: {found:?}");
        // Tight: at most five cells of 48 too large on each side.
        let most = 2.0 * r + 10.0 / 48.0;
        assert!(found.width.get() <= most && found.height.get() <= most, "{cx}, {cy}: {found:?}");
    }
}

#[test]
fn a_person_is_boxed_from_head_to_foot() {
    let person = planted(|x, y| {
        let head = (x - 0.8).hypot(y - 0.24) < 0.06;
        let body = ((x - 0.8) / 0.07).hypot((y - 0.63) / 0.33) < 1.0;
        if head { Some([220, 180, 150]) } else { body.then_some([30, 20, 25]) }
    });
    let found = facts(&person, true).subjects;
    let all = found[1..].iter().fold(found[0], |all, other| all.with(other));
    assert!(all.y.get() <= 0.2 && all.bottom() >= 0.93, "{found:?}");
    assert!(all.x.get() >= 0.6 && all.x.get() <= 0.74 && all.right() >= 0.86, "{found:?}");
}

#[test]
fn where_nothing_matters_there_is_no_box() {
    let sky = planted(|_, _| None);
    let leaves = painted(|x, y| {
        let leaf = (x / 5 * 7919 + y / 5 * 104_729) % 251;
        [60 + leaf as u8 / 3, 80 + leaf as u8 / 2, 40 + (leaf * 37 % 251) as u8 / 4]
    });
    let tiled = painted(tiles(20.0, 230.0));
    for (name, picture) in [("sky", sky), ("leaves", leaves), ("tiles", tiled)] {
        assert!(facts(&picture, true).subjects.is_empty(), "{name}: {:?}", facts(&picture, true).subjects);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_picture_has_facts(width in 1u32..70, height in 1u32..70, seed in any::<u64>()) {
        let bytes = (width * height * 3) as usize;
        let pixels: Vec<u8> = (0..bytes as u64).map(|i| (i.wrapping_mul(seed | 1) >> 17) as u8).collect();
        let view = RgbView::new(width, height, &pixels).unwrap();
        let found = photo_facts(&view, (width, height), false, None);
        prop_assert!(found.issues.contains(&Issue::Small));
        prop_assert_eq!(&found, &photo_facts(&view, (width, height), false, None));
    }
}

#[test]
fn a_view_has_as_many_bytes_as_it_says() {
    assert!(RgbView::new(2, 2, &[0; 12]).is_some());
    assert!(RgbView::new(2, 2, &[0; 11]).is_none());
    assert!(RgbView::new(0, 0, &[]).is_none());
    assert!(RgbView::new(u32::MAX, u32::MAX, &[0; 3]).is_none());
}
