use std::collections::BTreeSet;

use crate::{Shortlist, is_large, plan, shortlist, words};
use mmm_base::Time;
use mmm_facts::{
    LeftOutCause, Material,
    sample::{clip, material, noise, set_quality, song, taken},
};
use mmm_spec::{Constraints, Length, Pace, Role, Settings};

/// Returns photos and clips for a movie of this length.
fn pool(media: usize, secs: i64, milli_bpm: u32) -> Material {
    let mut material = material(media * 9 / 10, milli_bpm);
    material.music = vec![song(Time::from_secs(600), milli_bpm, Time::ZERO)];
    for index in 0..media / 10 {
        let mut medium = clip(&format!("clips/{index:03}.mp4"), 1, Time::from_secs(8));
        taken(&mut medium, index as i64 * 60);
        set_quality(&mut medium, (noise(index as u64) % 1000) as f64 / 1000.0);
        material.media.push(medium);
    }
    material.settings.duration = Length::Exact(Time::from_secs(secs));
    material
}

fn short(material: &Material) -> Shortlist {
    shortlist(material, &BTreeSet::new()).unwrap()
}

#[test]
fn there_are_ten_media_in_the_running_for_each_shot() {
    for (secs, milli_bpm, pace) in [
        (120, 120_000, Pace::Auto),
        (120, 174_000, Pace::Lively),
        (60, 72_000, Pace::Calm),
        (20, 95_000, Pace::Steady),
    ] {
        let mut material = pool(2000, secs, milli_bpm);
        material.settings.style.pace = pace;
        let list = short(&material);
        assert!(list.looked_at.is_disjoint(&list.passed_over));
        assert_eq!(list.looked_at.len() + list.passed_over.len(), 2000);
        let all = list.looked_at.len();
        material.passed_over = list.passed_over;
        let plan = plan(&material).unwrap();
        super::laws::hold(&material, &plan);
        assert!(plan.shots.len() * 10 <= all, "{} shots of {all} media", plan.shots.len());
        assert!(all <= (plan.shots.len() * 16).max(500), "{all} media for {} shots", plan.shots.len());
        assert!(plan.shots.iter().all(|shot| !material.passed_over.contains(&shot.source.path)));
        let passed = plan.left_out.iter().filter(|left| left.cause == LeftOutCause::PassedOver);
        assert_eq!((passed.count(), plan.outline.passed_over), (2000 - all, 2000 - all));
        let summary = words::outline(&plan.outline).summary;
        let end =
            format!("out of {all} media in the running; {} others were not looked at by models", 2000 - all);
        assert!(summary.ends_with(&end), "{summary}");
    }
}

#[test]
fn every_stretch_of_the_story_stays_in_the_running() {
    let material = pool(3000, 60, 120_000);
    let list = short(&material);
    let chapters = crate::chapters(&material);
    let last = chapters.iter().max().unwrap();
    for chapter in 0..=*last {
        let media = || chapters.iter().zip(&material.media).filter(|(of, _)| **of == chapter);
        let looked_at = media().filter(|(_, medium)| list.looked_at.contains(&medium.path)).count();
        assert!(looked_at >= media().count().min(10), "chapter {chapter}: {looked_at}");
    }
}

#[test]
fn ten_of_one_picture_are_enough() {
    let mut material = pool(1000, 20, 120_000);
    for medium in &mut material.media[..600] {
        if let mmm_facts::Facts::Photo(facts) = &mut medium.facts {
            facts.hash = mmm_facts::PictureHash(0x1234_5678_9abc_def0);
        }
    }
    let list = short(&material);
    let of_one = material.media[..600].iter().filter(|medium| list.looked_at.contains(&medium.path));
    assert!((1..=12).contains(&of_one.count()));
}

#[test]
fn what_somebody_chose_is_always_looked_at() {
    let mut material = pool(2000, 30, 120_000);
    let worst: Vec<usize> = (100..105).collect();
    for &index in &worst {
        set_quality(&mut material.media[index], 0.0);
    }
    let plain = short(&material);
    let path = |index: usize| material.media[index].path.clone();
    assert!(worst.iter().all(|&index| plain.passed_over.contains(&path(index))));
    let (first, named, starred, ending, asked) = (path(100), path(101), path(102), path(103), path(104));
    let mut chosen = material.clone();
    chosen.media[100].known.required = true;
    super::said::star(&mut chosen.media[102], 5);
    chosen.media[103].known.role = Some(Role::Ending);
    super::said::name(&mut chosen.media[104], "Anna");
    super::said::ask(&mut chosen, "Anna", 1);
    let list = shortlist(&chosen, &[named.clone()].into()).unwrap();
    for path in [first, named, starred, ending, asked] {
        assert!(list.looked_at.contains(&path), "{path}");
    }
    // What an earlier plan shows stays, whatever is better now.
    material.passed_over = plain.passed_over;
    let before = plan(&material).unwrap();
    let known = material.media.iter().map(|medium| medium.path.clone()).collect();
    let mut later = pool(2000, 30, 120_000);
    later.media.iter_mut().for_each(|medium| set_quality(medium, 0.9));
    later.kept = Some(mmm_facts::Kept::of(&before, known));
    let list = short(&later);
    assert!(before.shots.iter().all(|shot| list.looked_at.contains(&shot.source.path)));
}

#[test]
fn a_pool_is_large_if_a_third_can_be_left_out() {
    let settings =
        |secs: i64| Settings { duration: Length::Exact(Time::from_secs(secs)), ..Settings::default() };
    let music = Time::from_secs(3600);
    assert!(is_large(&settings(120), music, 3300) && !is_large(&settings(120), music, 1200));
    assert!(!is_large(&settings(10), music, 300) && is_large(&settings(10), music, 301));
    // An hour needs all of them.
    let hour = Settings { duration: Length::Music, ..Settings::default() };
    assert!(!is_large(&hour, music, 3300) && is_large(&hour, Time::from_secs(90), 3300));
    // Longer shots need fewer.
    let long = Constraints { shot: Some((Time::from_secs(6), Time::from_secs(8))), ..Constraints::default() };
    let calm = Settings { constraints: long, ..settings(120) };
    assert!(!is_large(&settings(120), music, 1000) && is_large(&calm, music, 1000));
    // The planner decides the length.
    assert!(is_large(&Settings::default(), Time::ZERO, 3300));
}
