use super::ClipAnalyst;
use crate::RgbView;
use mmm_base::{Score, Time};
use mmm_facts::{ClipPictureFacts, ClipSample, Issue, MotionLevel};

const WIDTH: u32 = 160;
const HEIGHT: u32 = 90;

/// Returns the facts of `count` pictures, 0.25 s apart; `paint` returns the colour at a position of a
/// picture.
fn facts(count: i64, paint: impl Fn(i64, f64, f64) -> [u8; 3]) -> ClipPictureFacts {
    let mut analyst = ClipAnalyst::new(ClipAnalyst::STEP, (1920, 1080));
    for i in 0..count {
        let pixels: Vec<u8> = (0..HEIGHT)
            .flat_map(|y| (0..WIDTH).map(move |x| (x, y)))
            .flat_map(|(x, y)| paint(i, f64::from(x), f64::from(y)))
            .collect();
        analyst.picture(ClipAnalyst::STEP.scale(i, 1), &RgbView::new(WIDTH, HEIGHT, &pixels).unwrap());
    }
    analyst.finish(ClipAnalyst::STEP.scale(count, 1), None)
}

/// Returns the colour at a position of a scene of soft blobs; each `seed` gives other blobs and colours.
fn scene(seed: f64, x: f64, y: f64) -> [u8; 3] {
    let wave = |a: f64, b: f64, c: f64| (x * a * 0.05 + y * b * 0.07 + seed * c).sin();
    let luma = 120.0
        + 50.0 * wave(1.0, 0.6, 2.1)
        + 40.0 * wave(-0.7 - seed * 0.3, 1.3, 4.7)
        + 20.0 * wave(2.9, 2.3, 1.0);
    let tint = 60.0 * (seed * 1.9).sin();
    [luma + tint, luma, luma - tint].map(|value| value.clamp(0.0, 255.0) as u8)
}

#[test]
fn a_cut_parts_two_shots_and_belongs_to_neither() {
    let found = facts(24, |i, x, y| scene(if i < 10 { 1.0 } else { 3.0 }, x + i as f64, y));
    assert_eq!(found.shots.len(), 2, "{:?}", found.shots);
    assert_eq!(found.shots[0].end, Time::from_millis(2250));
    assert_eq!(found.shots[1].start, Time::from_millis(2500));
    assert_eq!((found.shots[0].start, found.shots[1].end), (Time::ZERO, Time::from_secs(6)));
    assert_eq!(found.samples.len(), 24);
    assert!(found.samples[9].motion.get() < 0.5, "a cut is no motion");
}

#[test]
fn flashes_and_pans_are_no_cuts() {
    let flash =
        facts(24, |i, x, y| scene(1.0, x, y).map(|value| if i == 12 { value / 4 + 190 } else { value }));
    assert_eq!(flash.shots.len(), 1, "{:?}", flash.shots);
    let pan = facts(24, |i, x, y| scene(1.0, x + 25.0 * i as f64, y));
    assert_eq!(pan.shots.len(), 1, "{:?}", pan.shots);
    assert!(pan.motion >= MotionLevel::Medium);
    let whip = facts(24, |i, x, y| {
        scene(
            1.0,
            x + if (8..14).contains(&i) {
                70.0 * (i - 8) as f64
            } else if i < 8 {
                0.0
            } else {
                420.0
            },
            y,
        )
    });
    assert!(whip.shots.len() <= 2, "{:?}", whip.shots);
}

#[test]
fn a_dissolve_is_a_gap() {
    let found = facts(32, |i, x, y| {
        let share = ((i - 12) as f64 / 6.0).clamp(0.0, 1.0);
        let (a, b) = (scene(1.0, x, y), scene(3.0, x, y));
        std::array::from_fn(|k| (f64::from(a[k]) * (1.0 - share) + f64::from(b[k]) * share) as u8)
    });
    assert_eq!(found.shots.len(), 2, "{:?}", found.shots);
    assert!(found.shots[0].end <= Time::from_millis(3500) && found.shots[1].start >= Time::from_millis(4000));
}

#[test]
fn a_still_is_static_and_steady() {
    let found = facts(16, |_, x, y| scene(1.0, x, y));
    assert_eq!(found.motion, MotionLevel::Static);
    let still = |sample: &ClipSample| sample.steadiness.get() > 0.9 && sample.action == Score::ZERO;
    assert!(found.samples.iter().all(still), "{:?}", found.samples);
    assert!(!found.issues.contains(&Issue::Short));
}

#[test]
fn a_trembling_camera_is_shaky() {
    let found = facts(20, |i, x, y| scene(1.0, x + if i % 2 == 0 { 12.0 } else { -12.0 }, y));
    assert!(found.issues.contains(&Issue::Shaky));
    assert_eq!(found.shots.len(), 1);
}

/// Returns the start of the window of `count` samples with the greatest appeal.
fn best_window(facts: &ClipPictureFacts, count: usize) -> usize {
    let sum = |start: usize| -> f64 {
        facts.samples[start..start + count].iter().map(|sample| sample.appeal.get()).sum()
    };
    (0..=facts.samples.len() - count).max_by(|one, other| sum(*one).total_cmp(&sum(*other))).unwrap()
}

/// Paints a pan over a scene; somebody red walks across it in the pictures of `acts`.
fn walker(acts: std::ops::Range<i64>, shift: impl Fn(i64) -> f64) -> ClipPictureFacts {
    facts(48, |i, x, y| {
        let across = 20.0 + 10.0 * (i - acts.start) as f64;
        let is_there = acts.contains(&i) && (x - across).abs() < 12.0 && (y - 50.0).abs() < 28.0;
        if is_there { [210, 40, 30] } else { scene(1.0, x + 0.5 * i as f64 + shift(i), y) }
    })
}

#[test]
fn a_window_of_any_length_lies_on_the_action() {
    for start in [4, 20, 34] {
        let found = walker(start..start + 10, |_| 0.0);
        for count in [3, 6, 10] {
            let window = best_window(&found, count) as i64;
            let both = (window + count as i64).min(start + 10) - window.max(start);
            assert!(both >= count as i64 - 2, "{count} samples from {start}: {window}, {:?}", found.samples);
        }
    }
}

#[test]
fn a_knock_of_the_camera_is_no_action() {
    let knock = |i: i64| if (30..36).contains(&i) { [14.0, -14.0][(i % 2) as usize] } else { 0.0 };
    let swing = |i: i64| if (30..36).contains(&i) { 60.0 * ((i - 30) as f64).sin() } else { 0.0 };
    for found in [walker(8..16, knock), walker(8..16, swing)] {
        let window = best_window(&found, 8);
        assert!((5..=11).contains(&window), "{window}: {:?}", found.samples);
        let least = found.samples[31..35].iter().map(|sample| sample.steadiness).min();
        assert!(least < Some(Score::new(0.3)), "{:?}", found.samples);
    }
}

#[test]
fn a_black_second_is_short_dark_and_empty() {
    let found = facts(3, |_, _, _| [4, 4, 4]);
    assert_eq!(found.issues, [Issue::Underexposed, Issue::Empty, Issue::Short]);
}

#[test]
fn a_hole_in_the_time_stamps_shows_the_picture_before_it() {
    let mut analyst = ClipAnalyst::new(Time::from_millis(250), (1280, 720));
    let pixels = vec![90; 3 * 64 * 36];
    let view = RgbView::new(64, 36, &pixels).unwrap();
    for millis in [0, 300, 1500] {
        analyst.picture(Time::from_millis(millis), &view);
    }
    let found = analyst.finish(Time::from_millis(1600), None);
    let times: Vec<i64> = found.samples.iter().map(|moment| moment.time.micros() / 1000).collect();
    assert_eq!(times, [0, 300, 500, 750, 1000, 1250, 1500]);
}

#[test]
fn the_subject_of_a_clip_is_followed() {
    // A small object crosses a background with a larger, still object.
    let found = facts(25, |i, x, y| {
        let across = 20.0 + 5.0 * i as f64;
        let moves = (x - across).hypot(y - 60.0) < 7.0;
        let stands = (x - 130.0).abs() < 10.0 && (y - 20.0).abs() < 10.0;
        match (moves, stands) {
            (true, _) => [220, 60, 40],
            (_, true) => [80, 90, 200],
            _ => [90 + (x / 8.0) as u8, 110 + (y / 6.0) as u8, 100],
        }
    });
    assert_eq!(found.subjects.len(), 25);
    for (i, moment) in found.subjects.iter().enumerate().skip(1) {
        let subject = moment.subject.unwrap_or_else(|| panic!("nothing at {}", moment.time));
        let (x, y) = subject.middle();
        let wanted = (20.0 + 5.0 * i as f64) / f64::from(WIDTH);
        assert!((x - wanted).abs() < 0.05 && (y - 60.0 / 90.0).abs() < 0.08, "{i}: {subject:?}");
        assert!(subject.x.get() <= wanted - 6.0 / 160.0 && subject.right() >= wanted + 6.0 / 160.0);
    }
}

#[test]
fn a_clip_without_pictures_has_facts() {
    let found = ClipAnalyst::new(Time::ZERO, (0, 0)).finish(Time::ZERO, None);
    assert_eq!(found.shots.len(), 1);
    assert!(found.samples.is_empty() && found.issues.contains(&Issue::Short));
}
