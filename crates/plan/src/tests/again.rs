use proptest::prelude::*;

use super::laws::hold;
use crate::{plan, words};
use mmm_base::Time;
use mmm_facts::{
    EditPlan, Kept, Material, MediaKind, PictureHash,
    sample::{clip, material, noise, photo, photo_facts, set_quality, song, taken},
};
use mmm_spec::{Length, Role};

/// Returns Spearman's rank correlation.
fn rank_correlation(pairs: &[(f64, f64)]) -> f64 {
    let ranks = |of: &dyn Fn(&(f64, f64)) -> f64| -> Vec<f64> {
        pairs
            .iter()
            .map(|pair| {
                let less = pairs.iter().filter(|other| of(other) < of(pair)).count();
                let same = pairs.iter().filter(|other| of(other) == of(pair)).count();
                less as f64 + same as f64 / 2.0
            })
            .collect()
    };
    let (one, other) = (ranks(&|pair| pair.0), ranks(&|pair| pair.1));
    let mean = pairs.len() as f64 / 2.0;
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>();
    product(&one, &other) / (product(&one, &one) * product(&other, &other)).sqrt()
}

/// Returns how well the rate of the shots follows the energy of the music under them.
pub fn pace_with_energy(material: &Material, plan: &EditPlan) -> f64 {
    let cue = &plan.music[0];
    let pair = |shot: &mmm_facts::Shot| {
        let from = cue.from + shot.start;
        (material.music[0].form.energy.mean(from, from + shot.length).get(), 1.0 / shot.length.secs())
    };
    rank_correlation(&plan.shots.iter().map(pair).collect::<Vec<_>>())
}

/// Returns an hour of music and this many photos, each of which may repeat a hundred times.
fn hour(photos: usize) -> Material {
    let mut material = material(photos, 120_000);
    material.music = vec![song(Time::from_secs(3600), 120_000, Time::ZERO)];
    material.settings.duration = Length::Exact(Time::from_secs(3590));
    material.settings.constraints.repeats = 100;
    material
}

fn held(material: &Material) -> EditPlan {
    let plan = plan(material).unwrap();
    hold(material, &plan);
    plan
}

fn times(plan: &EditPlan, name: &str) -> usize {
    plan.shots.iter().filter(|shot| shot.source.path.as_str() == name).count()
}

#[test]
fn an_hour_of_sixty_photos_follows_its_music() {
    for shot in [None, Some((Time::from_secs(1), Time::from_secs(12)))] {
        let mut material = hour(60);
        material.settings.constraints.shot = shot;
        let plan = held(&material);
        let correlation = pace_with_energy(&material, &plan);
        assert!(correlation >= 0.6, "{correlation}");
        let longest = plan.shots.iter().map(|shot| shot.length).max().unwrap();
        assert!(longest <= shot.map_or(Time::from_secs(8), |(_, max)| max), "{longest}");
        // All photos are good, so the numbers of their repeats differ by at most one.
        let each: Vec<usize> =
            material.media.iter().map(|medium| times(&plan, medium.path.as_str())).collect();
        let (least, most) = (each.iter().min().unwrap(), each.iter().max().unwrap());
        assert!(*least >= 8 && most - least <= 1, "{each:?}");
    }
}

#[test]
fn a_photo_alone_in_its_chapter_is_not_shown_next_to_itself() {
    let mut material = material(4, 120_000);
    material.settings.duration = Length::Exact(Time::from_secs(60));
    material.settings.constraints.repeats = 3;
    for (index, minute) in [0, 1, 2, 3000].into_iter().enumerate() {
        taken(&mut material.media[index], minute);
    }
    let plan = held(&material);
    assert_eq!(times(&plan, "photos/0003.jpg"), 1);
    assert_eq!(plan.shots.last().unwrap().source.path.as_str(), "photos/0003.jpg");
    // If each has a chapter of its own, they repeat in turns, and the chapters stay in order.
    for (index, medium) in material.media.iter_mut().enumerate() {
        taken(medium, index as i64 * 3000);
    }
    let plan = held(&material);
    assert_eq!(plan.chapters.len(), 4);
    assert!(plan.shots.iter().any(|shot| shot.id.ends_with("#2")));
}

#[test]
fn near_duplicates_are_reported_if_shots_are_missing() {
    let mut material = material(4, 120_000);
    material.settings.duration = Length::Exact(Time::from_secs(60));
    material.settings.constraints.shot = Some((Time::from_millis(500), Time::from_secs(3)));
    material.settings.constraints.repeats = 2;
    for medium in &mut material.media[2..] {
        photo_facts(medium).hash = PictureHash(0x0f0f_3333_5555_1234);
    }
    let conflict = plan(&material).unwrap_err();
    let conflict = words::conflict(&conflict);
    let said = |place: &str| conflict.places.iter().find(|(at, _)| at == place).unwrap().1.clone();
    assert_eq!(said("media"), "3 media that can be shown, besides 1 near-duplicate");
    // Three media of 3 s, shown seven times each, last 63 s.
    assert!(conflict.help.contains("repeats: 6"), "{}", conflict.help);
    material.settings.constraints.repeats = 6;
    held(&material);
}

#[test]
fn a_repeated_photo_that_goes_leaves_no_other_next_to_itself() {
    let mut material = material(3, 120_000);
    material.settings.duration = Length::Exact(Time::from_secs(40));
    material.settings.constraints.repeats = 4;
    let before = held(&material);
    let known = material.media.iter().map(|medium| medium.path.clone()).collect();
    material.kept = Some(Kept::of(&before, known));
    material.media.remove(1);
    held(&material);
}

/// Returns a few media for a movie that is longer than they last, in chapters of one to five media.
fn few(seed: u64, media: usize, shot: Option<(i64, i64)>) -> Material {
    let draw = |salt: u64, range: u64| (noise(seed ^ (salt << 32)) % range) as i64;
    let mut material = material(0, 80_000 + draw(1, 80_000) as u32);
    let mut minute = 0;
    for index in 0..media as u64 {
        let name = format!("m/{index:03}");
        let mut medium = if draw(index + 2, 3) == 0 {
            clip(&name, 0, Time::from_millis(5000 + draw(index + 100, 20_000)))
        } else {
            photo(&name, 0)
        };
        minute += 1 + 300 * i64::from(draw(index + 200, 3) == 0);
        taken(&mut medium, minute);
        set_quality(&mut medium, 0.3 + draw(index + 300, 600) as f64 / 1000.0);
        material.media.push(medium);
    }
    let millis = Time::from_millis;
    material.settings.constraints.shot = shot.map(|(min, max)| (millis(min), millis(max)));
    if draw(400, 4) == 0 {
        material.media[media - 1].known.role = Some(Role::Opening);
    }
    if draw(401, 4) == 0 {
        material.media[media / 2].known.role = Some(Role::Ending);
    }
    material
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn media_repeat_until_the_movie_is_filled(
        seed in any::<u64>(),
        media in 1_usize..14,
        length in 20_i64..900,
        shot in prop::option::of((500_i64..2000, 3000_i64..12_000)),
        more in 0_i64..30,
    ) {
        let mut material = few(seed, media, shot);
        // The length that every medium can fill, minus a beat at 80 beats per minute.
        let each = shot.map_or(5000, |(_, max)| max.min(5000)) - 750;
        let turns = length * 1000 / (each * media as i64) + 2 + more;
        prop_assume!(turns <= 101);
        material.settings.constraints.repeats = turns as u32 - 1;
        material.settings.duration = Length::Exact(Time::from_secs(length));
        let plan = plan(&material);
        prop_assert!(plan.is_ok(), "{:?}", plan);
        let plan = plan.unwrap();
        hold(&material, &plan);
        // No photo lasts longer than usual as long as media may repeat.
        let photos = plan.shots.iter().filter(|shot| shot.source.kind == MediaKind::Photo);
        let longest = photos.map(|shot| shot.length).max().unwrap_or(Time::ZERO);
        prop_assert!(shot.is_some() || longest <= Time::from_secs(8), "{}", longest);
    }
}
