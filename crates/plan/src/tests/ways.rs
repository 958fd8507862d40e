use proptest::prelude::*;

use super::laws::{draws, hold};
use crate::{plan, words};
use mmm_base::{Rate, Time};
use mmm_facts::{
    ClipTrouble, Conflict, EditPlan, Material, WayOut,
    sample::{material, noise, photo},
};
use mmm_spec::{CutOn, Length};

fn secs(secs: f64) -> Time {
    Time::from_secs_f64(secs)
}

fn range(material: &mut Material, min: f64, max: f64) {
    material.settings.constraints.shot = Some((secs(min), secs(max)));
}

fn without_music(material: &mut Material) {
    material.settings.music.clear();
    material.music.clear();
}

/// Moves every beat by up to 10 ms, as trackers do.
fn jitter(material: &mut Material) {
    for (index, beat) in material.music[0].beat.beats.iter_mut().enumerate() {
        beat.time += Time::from_micros((noise(index as u64) % 20_001) as i64 - 10_000);
        beat.time = beat.time.max(Time::ZERO);
    }
}

fn planned(material: &Material) -> EditPlan {
    let plan = plan(material).unwrap_or_else(|conflict| panic!("{:?}", words::conflict(&conflict)));
    hold(material, &plan);
    plan
}

/// Returns the lengths of the shots in frames.
fn frames(material: &Material, plan: &EditPlan) -> Vec<i64> {
    let frame = |time: Time| material.rate.nearest_frame(time);
    plan.shots.iter().map(|shot| frame(shot.start + shot.length) - frame(shot.start)).collect()
}

#[test]
fn photos_last_exactly_as_long_as_the_spec_says() {
    for (photos, each) in [(10, 3.0), (13, 3.0), (7, 3.0), (12, 2.2), (30, 0.7), (3, 11.1)] {
        for free in [true, false] {
            let mut material = material(photos, 120_000);
            range(&mut material, each, each);
            match free {
                true => material.settings.constraints.cut_on = CutOn::Free,
                false => without_music(&mut material),
            }
            let plan = planned(&material);
            let wanted = material.rate.nearest_frame(secs(each));
            assert_eq!(frames(&material, &plan), vec![wanted; photos], "{photos} × {each}");
        }
    }
}

#[test]
fn without_beats_no_shot_leaves_the_range_to_fill_the_movie() {
    for length in [11.9, 29.7, 12.2] {
        let mut material = material(12, 120_000);
        without_music(&mut material);
        range(&mut material, 3.0, 3.0);
        material.settings.duration = Length::Exact(secs(length));
        let help = words::conflict(&plan_fails(&material)).help;
        let near = if length < 13.0 { "12s" } else { "30s" };
        assert!(help.contains(near), "{length}: {help}");
    }
}

#[test]
fn any_range_works_without_beats() {
    for (min, max, length) in [(2.9, 3.1, 30.0), (1.0, 1.2, 31.7), (0.65, 0.7, 30.5), (2.6, 3.0, 27.3)] {
        for rate in [Rate(30, 1), Rate(25, 1), Rate(30_000, 1001), Rate(60, 1)] {
            let mut material = material(60, 120_000);
            without_music(&mut material);
            material.rate = rate;
            range(&mut material, min, max);
            material.settings.duration = Length::Exact(secs(length));
            planned(&material);
        }
    }
}

#[test]
fn six_beats_last_three_seconds_within_a_frame() {
    for start in [None, Some(Time::ZERO)] {
        let mut material = material(10, 120_000);
        jitter(&mut material);
        material.settings.music[0].from = start;
        range(&mut material, 3.0, 3.0);
        let plan = planned(&material);
        assert_eq!(plan.shots.len(), 10);
        assert!(frames(&material, &plan).iter().all(|frames| frames.abs_diff(90) <= 1));
        assert!(plan.shots[1..].iter().all(|shot| shot.beat.is_some()));
        material.settings.duration = Length::Exact(secs(30.0));
        assert_eq!(planned(&material).shots.len(), 10);
    }
}

#[test]
fn beats_between_which_no_range_fits_start_elsewhere() {
    // The first beat is at 0.3 s, so a movie from the start of the song has no cut at 3 s.
    let mut material = material(10, 120_000);
    material.music = vec![mmm_facts::sample::song(secs(60.0), 120_000, secs(0.3))];
    range(&mut material, 3.0, 3.0);
    material.settings.duration = Length::Exact(secs(30.0));
    let plan = planned(&material);
    assert_eq!(plan.shots.len(), 10);
    material.settings.music[0].from = Some(Time::ZERO);
    let conflict = plan_fails(&material);
    assert!(conflict.ways().contains(&WayOut::Free), "{:?}", conflict.ways());
    let text = words::conflict(&conflict);
    assert!(text.places.iter().any(|(place, _)| place == "constraints.cut-on"), "{text:?}");
}

fn plan_fails(material: &Material) -> Conflict {
    plan(material).unwrap_err()
}

#[test]
fn help_never_names_what_is_set() {
    for free in [true, false] {
        let mut material = material(40, 120_000);
        match free {
            true => material.settings.constraints.cut_on = CutOn::Free,
            false => without_music(&mut material),
        }
        range(&mut material, 3.0, 3.0);
        material.settings.duration = Length::Exact(secs(40.0));
        let text = words::conflict(&plan_fails(&material));
        assert!(!text.help.contains("free"), "{}", text.help);
        assert!(text.places.iter().all(|(place, _)| place != "constraints.cut-on"), "{text:?}");
        assert!(text.help.contains("`duration` to 39s"), "{}", text.help);
        followed(&material, 4);
    }
}

#[test]
fn one_photo_for_forty_five_seconds_needs_two_more() {
    let mut material = material(1, 120_000);
    material.settings.duration = Length::Music;
    material.music = vec![mmm_facts::sample::song(secs(45.0), 120_000, Time::ZERO)];
    let help = words::conflict(&plan_fails(&material)).help;
    for way in ["at most 20s", "add 2 media or more", "repeats: 2", "shot: 0.5s..45s"] {
        assert!(help.contains(way), "{way}: {help}");
    }
    followed(&material, 1);
}

#[test]
fn a_clip_shorter_than_two_bars_is_proposed_once() {
    // A bar of 6 s is longer than the clip, which can't be shown a second time.
    let mut material = material(0, 40_000);
    material.media = vec![mmm_facts::sample::clip("a.mp4", 0, secs(2.5))];
    material.settings.constraints.cut_on = CutOn::Downbeat;
    material.settings.constraints.repeats = 2;
    material.settings.duration = Length::Exact(secs(8.0));
    let help = words::conflict(&plan_fails(&material)).help;
    assert!(help.contains("`duration` to at most 2.5s"), "{help}");
    followed(&material, 2);
}

/// Returns the material after a change that the help proposes.
fn changed(material: &Material, way: WayOut) -> Material {
    let mut material = material.clone();
    let settings = &mut material.settings;
    match way {
        WayOut::Duration { length } => settings.duration = Length::Exact(length),
        WayOut::MoreMedia { count } => {
            material.media.extend((0..count).map(|index| photo(&format!("added/{index}.jpg"), 0)));
        }
        WayOut::Repeats { repeats } => settings.constraints.repeats = repeats,
        WayOut::Shot { shortest, longest } => settings.constraints.shot = Some((shortest, longest)),
        WayOut::AnyShot => settings.constraints.shot = None,
        WayOut::Free => settings.constraints.cut_on = CutOn::Free,
        WayOut::Optional { path } => {
            let known = &mut material.media.iter_mut().find(|medium| medium.path == path).unwrap().known;
            (known.required, known.role) = (false, None);
        }
    }
    material
}

/// Returns the materials after each change that the text of a conflict proposes.
fn ways(material: &Material, conflict: &Conflict) -> Vec<Material> {
    let mut fixed = material.clone();
    match conflict {
        Conflict::NothingToShow => fixed.media = vec![photo("added.jpg", 0)],
        Conflict::NoMusic | Conflict::NoLength { .. } | Conflict::OverADay { .. } => {
            fixed.settings.duration = Length::Exact(secs(1.0));
        }
        Conflict::MusicStartOutside { track, length, .. } => {
            fixed.settings.music[*track].from = Some(length.scale(1, 2));
        }
        Conflict::MusicUnheard { track, end, .. } => {
            fixed.settings.music[*track].from = Some(end.scale(1, 2));
        }
        Conflict::Clip { path, trouble, .. } => {
            let known = &mut fixed.media.iter_mut().find(|medium| medium.path == *path).unwrap().known;
            match trouble {
                ClipTrouble::TooShort { .. } => (known.required, known.role) = (false, None),
                _ => (known.from, known.to) = (None, None),
            }
        }
        _ => return conflict.ways().iter().map(|way| changed(material, way.clone())).collect(),
    }
    vec![fixed]
}

/// Checks that every way out leads to a plan, or to a conflict of another kind that has ways out itself, in
/// at most so many steps.
fn followed(material: &Material, steps: usize) {
    if let Err(conflict) = plan(material) {
        resolved(material, &conflict, steps);
    }
}

fn resolved(material: &Material, conflict: &Conflict, steps: usize) {
    let text = words::conflict(conflict);
    assert!(steps > 0, "{text:?}");
    let ways = ways(material, conflict);
    assert!(!ways.is_empty(), "{text:?}");
    for material in ways {
        if let Err(next) = plan(&material) {
            let is_setting = matches!(conflict, Conflict::Clip { .. });
            let differs = next.kind() != conflict.kind() || is_setting;
            assert!(differs, "{text:?}, then {:?}", words::conflict(&next));
            resolved(&material, &next, steps - 1);
        }
    }
}

/// Returns a movie with a narrow range of shots.
fn narrow() -> impl Strategy<Value = Material> {
    let range = (100_i64..6000, 0_i64..400);
    let music = (any::<bool>(), 60_000_u32..180_000, 0_i64..700);
    let lengths = prop_oneof![Just(None), (1000_i64..90_000).prop_map(Some)];
    (1_usize..30, range, music, lengths, 0_u32..3, any::<bool>()).prop_map(
        |(photos, (min, more), (has_music, bpm, offset), length, repeats, free)| {
            let mut material = material(photos, bpm);
            let millis = Time::from_millis;
            material.music = vec![mmm_facts::sample::song(secs(100.0), bpm, millis(offset))];
            jitter(&mut material);
            if !has_music {
                without_music(&mut material);
            }
            let constraints = &mut material.settings.constraints;
            constraints.shot = Some((millis(min), millis(min + more)));
            constraints.repeats = repeats;
            constraints.cut_on = if free { CutOn::Free } else { CutOn::Beat };
            material.settings.duration = length.map_or(Length::Auto, |length| Length::Exact(millis(length)));
            material
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn help_that_is_followed_leads_to_a_plan(draw in draws()) {
        followed(&draw.material(), 9);
    }

    #[test]
    fn narrow_ranges_work_or_their_help_does(material in narrow()) {
        if let Ok(plan) = plan(&material) {
            hold(&material, &plan);
        }
        followed(&material, 3);
    }

    #[test]
    fn without_beats_a_range_works_if_the_figures_allow_it(material in narrow()) {
        let mut material = material;
        material.settings.constraints.cut_on = CutOn::Free;
        let (min, max) = material.settings.constraints.shot.unwrap();
        let fits = |length: Time| {
            let frame = material.rate.time_of(1);
            let most = (length.micros() / min.micros()).min(material.media.len() as i64);
            (1..=most).any(|count| min.scale(count, 1) <= length && length <= max.scale(count, 1) - frame)
        };
        if let Length::Exact(length) = material.settings.duration && fits(length) {
            prop_assert!(plan(&material).is_ok(), "{:?}", words::conflict(&plan_fails(&material)));
        }
    }
}
