//! Media are judged within their set: by their look among the others, and by issues that the others don't
//! have; and similar media are shown last.

use crate::{plan, words};
use mmm_base::Time;
use mmm_facts::sample::{material, photo, photo_facts, set_quality, taken};
use mmm_facts::{EditPlan, Issue, LeftOutCause, Material, PictureHash};
use mmm_spec::Length;

fn planned(material: &Material) -> EditPlan {
    let plan = plan(material).unwrap();
    super::laws::hold(material, &plan);
    plan
}

fn shown(plan: &EditPlan) -> Vec<&str> {
    plan.shots.iter().map(|shot| shot.source.path.as_str()).collect()
}

#[test]
fn a_set_of_dark_photos_makes_a_movie_of_its_best() {
    let mut dark = material(60, 120_000);
    let mut bright = material(60, 120_000);
    for material in [&mut dark, &mut bright] {
        material.settings.duration = Length::Exact(Time::from_secs(20));
    }
    for index in 0..60 {
        let look = (index * 37 % 60) as f64 / 60.0;
        set_quality(&mut dark.media[index], 0.02 + 0.1 * look);
        set_quality(&mut bright.media[index], 0.6 + 0.1 * look);
        photo_facts(&mut dark.media[index]).issues = vec![Issue::Underexposed];
    }
    let (dark, bright) = (planned(&dark), planned(&bright));
    assert_eq!(shown(&dark), shown(&bright), "the darkness of all is no issue of one");
    assert!(dark.shots.iter().all(|shot| shot.reason.issue.is_none()));
}

#[test]
fn a_chapter_of_the_night_keeps_its_place_beside_the_day() {
    let mut material = material(0, 120_000);
    for index in 0..80 {
        let mut medium = photo(&format!("{index:02}.jpg"), 0);
        let is_night = index >= 60;
        taken(&mut medium, if is_night { 900 + index } else { index });
        set_quality(&mut medium, if is_night { 0.1 } else { 0.7 });
        if is_night {
            photo_facts(&mut medium).issues = vec![Issue::Underexposed];
        }
        material.media.push(medium);
    }
    // One photo of the day is too dark as well.
    photo_facts(&mut material.media[7]).issues = vec![Issue::Underexposed];
    material.settings.duration = Length::Exact(Time::from_secs(30));
    let plan = planned(&material);
    let night = shown(&plan).iter().filter(|path| **path >= "60.jpg").count();
    assert!(night >= 2, "{:?}", shown(&plan));
    let issues = LeftOutCause::Issues { issues: vec![Issue::Underexposed] };
    let left = plan.left_out.iter().filter(|left| left.cause == issues);
    assert_eq!(left.map(|left| left.source.as_str()).collect::<Vec<_>>(), ["07.jpg"]);
}

#[test]
fn screenshots_are_issues_however_many_there_are() {
    let mut material = material(40, 120_000);
    for medium in material.media.iter_mut().take(30) {
        photo_facts(medium).issues = vec![Issue::Screenshot];
    }
    material.settings.duration = Length::Exact(Time::from_secs(20));
    assert!(shown(&planned(&material)).iter().all(|path| *path >= "photos/0030.jpg"));
}

#[test]
fn similar_media_are_shown_only_when_nothing_else_is_left_and_the_plan_says_so() {
    let mut material = material(8, 120_000);
    material.settings.constraints.repeats = 0;
    material.settings.constraints.shot = Some((Time::from_secs(1), Time::from_secs(4)));
    for (index, hash) in [(2, 0u64), (3, 0xff)] {
        photo_facts(&mut material.media[index]).hash = PictureHash(hash);
        taken(&mut material.media[index], 400 * index as i64);
    }
    set_quality(&mut material.media[2], 0.95);
    // Seven others fill 28 s.
    material.settings.duration = Length::Exact(Time::from_secs(20));
    let plan = planned(&material);
    assert!(!shown(&plan).contains(&"photos/0003.jpg"), "{:?}", shown(&plan));
    let twin = plan.left_out.iter().find(|left| left.source.as_str() == "photos/0003.jpg").unwrap();
    assert!(matches!(&twin.cause, LeftOutCause::Twin { burst: false, shown: true, .. }), "{twin:?}");
    material.settings.duration = Length::Exact(Time::from_secs(31));
    let plan = planned(&material);
    let shot = plan.shots.iter().find(|shot| shot.source.path.as_str() == "photos/0003.jpg");
    let said = words::shot(&shot.expect("nothing else is left").reason);
    assert!(said.contains("similar to photos/0002.jpg, but nothing else was left"), "{said}");
    let others = plan.shots.iter().filter(|shot| shot.source.path.as_str() != "photos/0003.jpg");
    assert!(others.clone().all(|shot| shot.reason.similar.is_none()) && others.count() >= 7);
    // Two of one burst are never both shown.
    taken(&mut material.media[3], 800);
    material.settings.duration = Length::Exact(Time::from_secs(27));
    assert!(!shown(&planned(&material)).contains(&"photos/0003.jpg"));
}
