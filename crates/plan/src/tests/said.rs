//! What people and their photo libraries said: stars, rejected media, and people.

use crate::{plan, words};
use mmm_base::{MediaPath, Time};
use mmm_facts::sample::{material, photo_facts, set_quality};
use mmm_facts::{
    Conflict, ConflictKind, EditPlan, Issue, Kept, LeftOutCause, Material, Medium, Said, SaidSource,
};
use mmm_spec::{Length, PersonShots, Remarks};

fn planned(material: &Material) -> EditPlan {
    let plan = plan(material).unwrap();
    super::laws::hold(material, &plan);
    plan
}

fn exact(material: &mut Material, seconds: i64) {
    material.settings.duration = Length::Exact(Time::from_secs(seconds));
}

fn say(medium: &mut Medium, remarks: Remarks) {
    medium.said.add(&remarks, SaidSource::Xmp, None);
}

pub(super) fn star(medium: &mut Medium, stars: u8) {
    say(medium, Remarks { stars: Some(stars), ..Remarks::default() });
}

fn reject(medium: &mut Medium) {
    say(medium, Remarks { is_rejected: true, ..Remarks::default() });
}

pub(super) fn name(medium: &mut Medium, person: &str) {
    let mut remarks = Remarks::default();
    remarks.add_person(person, None);
    say(medium, remarks);
}

/// Returns what a lock keeps of a plan.
fn kept(plan: &EditPlan, material: &Material) -> Kept {
    Kept::of(plan, material.media.iter().map(|medium| medium.path.clone()).collect())
}

/// Returns photos of the same quality.
fn equals(photos: usize) -> Material {
    let mut material = material(photos, 120_000);
    material.media.iter_mut().for_each(|medium| set_quality(medium, 0.5));
    material
}

/// Returns what was said about the media that are shown.
fn shown<'a>(material: &'a Material, plan: &EditPlan) -> Vec<&'a Said> {
    let said = |path: &MediaPath| &material.media.iter().find(|medium| medium.path == *path).unwrap().said;
    plan.shots.iter().map(|shot| said(&shot.source.path)).collect()
}

pub(super) fn ask(material: &mut Material, person: &str, least: u32) {
    material.settings.constraints.people.push(PersonShots { name: person.to_owned(), least });
}

#[test]
fn stars_raise_and_one_star_lowers() {
    let mut material = equals(100);
    exact(&mut material, 20);
    for (index, medium) in material.media.iter_mut().enumerate() {
        match index % 10 {
            0 | 1 => star(medium, 5),
            2 | 3 => star(medium, 3),
            4..=6 => star(medium, 1),
            _ => {}
        }
    }
    let plan = planned(&material);
    let stars: Vec<Option<u8>> = shown(&material, &plan).iter().map(|said| said.rank()).collect();
    let of = |wanted: Option<u8>| stars.iter().filter(|stars| **stars == wanted).count();
    assert!(of(Some(5)) * 2 > stars.len() && of(Some(5)) > of(Some(3)), "{stars:?}");
    assert_eq!(of(Some(1)), 0, "{stars:?}");
    let starred = plan.shots.iter().find(|shot| shot.reason.stars == Some(5)).unwrap();
    assert!(words::shot(&starred.reason).contains("5 stars"));
}

#[test]
fn a_favourite_counts_like_five_stars() {
    let with = |remarks: Remarks| {
        let mut material = equals(100);
        exact(&mut material, 20);
        material.media.iter_mut().step_by(7).for_each(|medium| say(medium, remarks.clone()));
        planned(&material).shots.into_iter().map(|shot| shot.source.path).collect::<Vec<_>>()
    };
    let hearts = with(Remarks { is_favourite: true, ..Remarks::default() });
    assert_eq!(hearts, with(Remarks { stars: Some(5), ..Remarks::default() }));
    assert_ne!(hearts, with(Remarks::default()));
}

#[test]
fn stars_never_starve_a_chapter() {
    let mut material = equals(75);
    exact(&mut material, 60);
    let chapters = |plan: &EditPlan| -> Vec<usize> {
        let number = |path: &str| path[7..11].parse::<usize>().unwrap() / 25;
        let shown = |chapter: usize| {
            let paths = plan.shots.iter().map(|shot| shot.source.path.as_str());
            paths.filter(|path| number(path) == chapter).count()
        };
        (0..3).map(shown).collect()
    };
    let before = chapters(&planned(&material));
    material.media.iter_mut().take(25).for_each(|medium| star(medium, 5));
    material.media.iter_mut().skip(50).for_each(|medium| star(medium, 1));
    let after = chapters(&planned(&material));
    assert!(after.iter().all(|shots| *shots >= 2), "{after:?}");
    assert_eq!(after, before);
}

#[test]
fn rejected_media_are_shown_only_if_nothing_else_fills() {
    let mut material = equals(12);
    material.media.iter_mut().step_by(3).for_each(reject);
    let plan = planned(&material);
    assert!(shown(&material, &plan).iter().all(|said| said.rejected.is_none()));
    let cause = LeftOutCause::Rejected { source: SaidSource::Xmp };
    assert_eq!(plan.left_out.iter().filter(|left| left.cause == cause).count(), 4);
    assert_eq!(words::left_out(&cause), "rejected: XMP in the file");
    // Eight photos of up to 20 s are not enough.
    exact(&mut material, 170);
    let plan = planned(&material);
    assert!(shown(&material, &plan).iter().any(|said| said.rejected.is_some()));
    // What the spec requires is shown.
    let mut material = equals(12);
    reject(&mut material.media[3]);
    material.media[3].known.required = true;
    let plan = planned(&material);
    assert!(plan.shots.iter().any(|shot| shot.source.path == material.media[3].path));
}

#[test]
fn a_medium_that_is_rejected_later_leaves_the_kept_plan() {
    let mut material = equals(60);
    exact(&mut material, 30);
    let before = planned(&material);
    material.kept = Some(kept(&before, &material));
    let path = before.shots[3].source.path.clone();
    let medium = material.media.iter_mut().find(|medium| medium.path == path).unwrap();
    reject(medium);
    let after = planned(&material);
    assert!(after.shots.iter().all(|shot| shot.source.path != path));
    let same = before.shots.iter().zip(&after.shots).filter(|(one, other)| one.source == other.source);
    assert_eq!(same.count(), before.shots.len() - 1);
}

#[test]
fn what_somebody_chose_is_no_flaw() {
    let mut material = equals(6);
    photo_facts(&mut material.media[2]).issues = vec![Issue::Blurred];
    let is_shown = |plan: &EditPlan| plan.shots.iter().any(|shot| shot.source.path.as_str().contains("0002"));
    assert!(!is_shown(&planned(&material)));
    star(&mut material.media[2], 4);
    let plan = planned(&material);
    assert!(is_shown(&plan) && plan.shots.iter().all(|shot| shot.reason.issue.is_none()));
}

#[test]
fn people_get_their_shots() {
    let mut material = equals(100);
    exact(&mut material, 30);
    for index in [10, 30, 31, 60, 61, 90] {
        set_quality(&mut material.media[index], 0.35);
        name(&mut material.media[index], "Anna Smith");
    }
    set_quality(&mut material.media[90], 0.45);
    let with =
        |plan: &EditPlan| shown(&material, plan).iter().filter(|said| said.shows("anna smith")).count();
    assert!(with(&planned(&material)) < 3);
    let mut asked = material.clone();
    ask(&mut asked, "ANNA smith", 4);
    let plan = planned(&asked);
    assert!(with(&plan) >= 4);
    // The best of them is there.
    let best = plan.shots.iter().find(|shot| shot.source.path == material.media[90].path).unwrap();
    assert_eq!(best.reason.person.as_deref(), Some("ANNA smith"));
    assert!(words::shot(&best.reason).contains("the spec asks for shots of ANNA smith"));
    // The same picture counts for everybody in it.
    asked.media[10].said = Said::default();
    name(&mut asked.media[90], "Bob");
    ask(&mut asked, "Bob", 1);
    let shots = planned(&asked).shots;
    assert_eq!(shots.iter().filter(|shot| shot.reason.person.is_some()).count(), 4);
}

#[test]
fn a_kept_plan_with_enough_people_stays() {
    let mut material = equals(100);
    exact(&mut material, 30);
    (0..100).step_by(4).for_each(|index| name(&mut material.media[index], "Anna"));
    ask(&mut material, "Anna", 2);
    let before = planned(&material);
    material.kept = Some(kept(&before, &material));
    // Better ones don't replace those that are shown.
    material.media.iter_mut().skip(50).step_by(4).for_each(|medium| set_quality(medium, 0.9));
    let sources =
        |plan: &EditPlan| plan.shots.iter().map(|shot| shot.source.path.clone()).collect::<Vec<_>>();
    assert_eq!(sources(&planned(&material)), sources(&before));
}

#[test]
fn too_few_shots_of_a_person_are_a_conflict() {
    let mut material = equals(20);
    for index in [3, 8] {
        name(&mut material.media[index], "Anna");
    }
    name(&mut material.media[9], "Bob");
    ask(&mut material, "Anna", 3);
    let conflict = plan(&material).unwrap_err();
    assert_eq!(conflict.kind(), ConflictKind::People);
    let text = words::conflict(&conflict);
    assert_eq!(text.message, "the movie must have at least 3 shots with Anna, but only 2 media show Anna");
    assert_eq!(text.places, [("constraints.people.Anna".to_owned(), "2 there".to_owned())]);
    assert_eq!(text.help, "write `2..`, or include more media of this person");
    material.settings.constraints.people[0].name = "Ana".to_owned();
    let text = words::conflict(&plan(&material).unwrap_err());
    assert!(text.message.ends_with("but nobody in the media is called `Ana`"), "{}", text.message);
    assert_eq!(text.help, "did you mean `Anna`? write one of the names that there are: `Anna`, `Bob`");
}

#[test]
fn more_people_than_the_movie_can_show_are_a_conflict() {
    let mut material = equals(20);
    material.media.iter_mut().for_each(|medium| name(medium, "Anna"));
    ask(&mut material, "Anna", 9);
    exact(&mut material, 2);
    let conflict = plan(&material).unwrap_err();
    assert!(matches!(conflict, Conflict::TooMuchRequired { for_people: 9, .. }), "{conflict:?}");
    let text = words::conflict(&conflict);
    assert!(text.places.contains(&("constraints.people".to_owned(), "requires 9 more shots".to_owned())));
}

#[test]
fn what_is_said_about_one_version_counts_for_all() {
    let mut material = equals(40);
    exact(&mut material, 10);
    let raw = |material: &mut Material, index: usize| {
        let mut raw = material.media[index].clone();
        raw.path = MediaPath::new(&format!("photos/{index:04}.cr2")).unwrap();
        raw.probe.format = "cr2".to_owned();
        material.media.push(raw);
        material.media.len() - 1
    };
    let (starred, rejected) = (raw(&mut material, 7), raw(&mut material, 20));
    star(&mut material.media[starred], 5);
    name(&mut material.media[starred], "Anna");
    reject(&mut material.media[rejected]);
    ask(&mut material, "Anna", 1);
    let plan = planned(&material);
    let shot = plan.shots.iter().find(|shot| shot.source.path.as_str() == "photos/0007.jpg").unwrap();
    assert_eq!((shot.reason.stars, shot.reason.person.as_deref()), (Some(5), Some("Anna")));
    let left = plan.left_out.iter().find(|left| left.source.as_str() == "photos/0020.jpg").unwrap();
    assert_eq!(left.cause, LeftOutCause::Rejected { source: SaidSource::Xmp });
}
