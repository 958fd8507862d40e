//! Live photos: a photo and its moving picture compete once.

use crate::{plan, words};
use mmm_base::{Score, Speed, Time};
use mmm_facts::sample::{clip, clip_facts, material, motion_photo, noise, photo, photo_facts, taken};
use mmm_facts::{
    EditPlan, Issue, Kept, LiveUse, Material, MediaError, MediaKind, Medium, MotionLevel, MotionPart,
    PictureHash, Shot, WhyLivePlays, WhyLiveStays,
};
use mmm_spec::{Length, LivePhotos, Role};

fn secs(secs: f64) -> Time {
    Time::from_secs_f64(secs)
}

/// Returns a Motion Photo of three seconds, taken after 1.5 s of them.
fn motion(name: &str) -> Medium {
    let mut medium = motion_photo(name, 0, secs(3.0));
    taken(&mut medium, 0);
    medium
}

/// Returns the two files of a Live Photo, whose names have nothing in common.
fn live(photo_name: &str, clip_name: &str) -> [Medium; 2] {
    let (mut still, mut moving) = (photo(photo_name, 0), clip(clip_name, 0, secs(3.0)));
    for medium in [&mut still, &mut moving] {
        taken(medium, 0);
        medium.probe.live_id = Some("ID".to_owned());
    }
    moving.probe.still_at = Some(secs(2.0));
    [still, moving]
}

fn with(media: &[Medium]) -> Material {
    let mut material = material(10, 120_000);
    material.media.extend(media.iter().cloned());
    material
}

fn shots<'a>(plan: &'a EditPlan, path: &str) -> Vec<&'a Shot> {
    plan.shots.iter().filter(|shot| shot.source.path.as_str() == path).collect()
}

#[track_caller]
fn only_shot<'a>(plan: &'a EditPlan, path: &str) -> &'a Shot {
    let shots = shots(plan, path);
    assert_eq!(shots.len(), 1, "{path}");
    shots[0]
}

/// Returns whether a photo plays among others, and why.
#[track_caller]
fn fate(medium: &Medium) -> Option<LiveUse> {
    only_shot(&plan(&with(std::slice::from_ref(medium))).unwrap(), medium.path.as_str()).reason.live.clone()
}

fn moving(medium: &mut Medium) -> &mut Medium {
    medium.motion.as_deref_mut().unwrap()
}

#[test]
fn what_moves_and_is_steady_and_sharp_plays_around_the_moment_of_the_photo() {
    for at in [0.1, 1.5, 2.9] {
        let mut medium = motion("a.jpg");
        moving(&mut medium).probe.still_at = Some(secs(at));
        let material = with(&[medium]);
        let plan = plan(&material).unwrap();
        super::laws::hold(&material, &plan);
        let shot = only_shot(&plan, "a.jpg");
        let (from, to) = shot.source.part.unwrap();
        assert!((from..to).contains(&secs(at)), "{at}: {from} to {to}");
        assert_eq!((shot.source.kind, shot.sound.is_kept), (MediaKind::Clip, false));
        let moment = Some(secs(at));
        assert_eq!(shot.reason.live, Some(LiveUse::Plays { why: WhyLivePlays::Moves, moment }));
    }
}

#[test]
fn without_a_time_the_middle_is_the_moment() {
    let mut medium = motion("a.jpg");
    moving(&mut medium).probe.still_at = None;
    let moment = Some(secs(1.5));
    assert_eq!(fate(&medium), Some(LiveUse::Plays { why: WhyLivePlays::Moves, moment }));
}

#[test]
fn what_would_look_worse_than_the_photo_stays_still() {
    let stays = |change: &dyn Fn(&mut Medium)| {
        let mut medium = motion("a.jpg");
        change(&mut medium);
        match fate(&medium) {
            Some(LiveUse::Stays(why)) => Some(why),
            _ => None,
        }
    };
    let facts = |medium: &mut Medium, change: &dyn Fn(&mut mmm_facts::ClipFacts)| {
        change(clip_facts(moving(medium)));
    };
    let motionless = stays(&|one| facts(one, &|facts| facts.picture.motion = MotionLevel::Static));
    assert_eq!(motionless, Some(WhyLiveStays::Motionless));
    for issue in [Issue::Blurred, Issue::Shaky, Issue::Small] {
        let found = stays(&|one| facts(one, &|facts| facts.picture.issues = vec![issue]));
        assert_eq!(found, Some(WhyLiveStays::Issue(issue)));
    }
    let brief = stays(&|one| facts(one, &|facts| facts.picture.duration = secs(0.2)));
    assert!(matches!(brief, Some(WhyLiveStays::Short { .. })), "{brief:?}");
    let error = MediaError::Truncated;
    let broken = stays(&|one| {
        one.motion = None;
        one.probe.motion = Some(MotionPart::Unreadable(MediaError::Truncated));
    });
    assert_eq!(broken, Some(WhyLiveStays::Unreadable(error)));
    // Stabilization removes the shake.
    let steadied = stays(&|one| {
        facts(one, &|facts| facts.picture.issues = vec![Issue::Shaky]);
        moving(one).known.steady = Some(true);
    });
    assert_eq!(steadied, None);
}

#[test]
fn a_pair_with_one_identifier_is_one_medium_whatever_its_names_are() {
    let pair = live("a.HEIC", "z 7.MOV");
    let material = with(&pair);
    let plan = plan(&material).unwrap();
    super::laws::hold(&material, &plan);
    let shot = only_shot(&plan, "z 7.MOV");
    let (from, to) = shot.source.part.unwrap();
    assert!((from..to).contains(&secs(2.0)) && shots(&plan, "a.HEIC").is_empty());
    assert_eq!((shot.id.as_str(), shot.reason.copies), ("z 7.MOV", 0));
    let left = plan.left_out.iter().find(|left| left.source.as_str() == "a.HEIC").unwrap();
    assert_eq!(words::left_out(&left.cause), "photo that belongs to the clip z 7.MOV");
    assert!(plan.left_out.iter().all(|left| left.source.as_str() != "z 7.MOV"));
    // The photo's merits count, whatever the clip's are.
    let [photo, mut clip] = live("a.HEIC", "z 7.MOV");
    clip_facts(&mut clip).picture.look.aesthetic = Score::ZERO;
    let judged = crate::judge(&with(&[photo.clone(), clip]));
    let alone = crate::judge(&with(&[photo]));
    assert_eq!(judged[10].unwrap().score, alone[10].unwrap().score);
    assert_eq!(crate::best_versions(&with(&live("a.HEIC", "z 7.MOV")))[10..], [11, 11]);
}

#[test]
fn other_identifiers_make_two_media_of_one_name() {
    let [photo, mut clip] = live("a.HEIC", "a.MOV");
    clip.probe.live_id = Some("OTHER".to_owned());
    let shown = plan(&with(&[photo, clip])).unwrap();
    assert_eq!((shots(&shown, "a.HEIC").len(), shots(&shown, "a.MOV").len()), (1, 1));
    assert_eq!(only_shot(&shown, "a.MOV").reason.live, None);
}

#[test]
fn a_pair_known_by_its_name_alone_plays_only_if_the_spec_says_so() {
    let mut pair = live("a.HEIC", "a.MOV");
    pair.iter_mut().for_each(|medium| medium.probe.live_id = None);
    let mut material = with(&pair);
    assert_eq!(only_shot(&plan(&material).unwrap(), "a.HEIC").reason.live, None);
    material.settings.style.live_photos = LivePhotos::Play;
    let played = plan(&material).unwrap();
    let why = WhyLivePlays::Asked;
    let moment = Some(secs(2.0));
    assert_eq!(only_shot(&played, "a.MOV").reason.live, Some(LiveUse::Plays { why, moment }));
}

#[test]
fn a_rule_for_both_files_is_met_once() {
    let pair = live("a.HEIC", "z.MOV").map(|mut medium| {
        medium.known.required = true;
        medium.known.role = Some(Role::Opening);
        medium
    });
    for said in [LivePhotos::Auto, LivePhotos::Still, LivePhotos::Play] {
        let mut material = with(&pair);
        material.settings.style.live_photos = said;
        let plan = plan(&material).unwrap();
        let both = [shots(&plan, "a.HEIC").len(), shots(&plan, "z.MOV").len()];
        assert_eq!(both, if said == LivePhotos::Still { [1, 0] } else { [0, 1] }, "{said:?}");
        assert_eq!(plan.shots[0].merits.role, Some(Role::Opening));
    }
}

#[test]
fn a_clip_that_the_spec_requires_by_itself_is_shown_once_and_as_it_is() {
    // Two entries: the folder, and a second one that only adds to what is known of the clip.
    let mut pair = live("a.HEIC", "z.MOV");
    pair[1].known.required = true;
    for said in [LivePhotos::Auto, LivePhotos::Still, LivePhotos::Play] {
        let mut material = with(&pair);
        material.settings.style.live_photos = said;
        let plan = plan(&material).unwrap();
        assert_eq!(shots(&plan, "z.MOV").len(), 1, "{said:?}");
        let ids: std::collections::BTreeSet<_> = plan.shots.iter().map(|shot| &shot.id).collect();
        assert_eq!(ids.len(), plan.shots.len(), "{said:?}");
    }
}

#[test]
fn what_one_rule_says_of_both_files_asks_nothing_of_the_clip() {
    let mut pair = live("a.HEIC", "z.MOV");
    for medium in &mut pair {
        medium.known.required = true;
    }
    clip_facts(&mut pair[1]).picture.duration = secs(0.1);
    let plan = plan(&with(&pair)).unwrap();
    assert_eq!((shots(&plan, "a.HEIC").len(), shots(&plan, "z.MOV").len()), (1, 0));
}

#[test]
fn each_of_eight_live_photos_that_are_highlights_has_a_shot() {
    let mut media = Vec::new();
    for minute in 0..8 {
        let mut pair = live(&format!("{minute}.HEIC"), &format!("z{minute}.MOV"));
        for medium in &mut pair {
            taken(medium, minute * 5);
            medium.probe.live_id = Some(minute.to_string());
            medium.known.role = Some(Role::Highlight);
        }
        media.extend(pair);
    }
    let mut material = with(&media);
    material.settings.duration = Length::Exact(Time::from_secs(24));
    let plan = plan(&material).unwrap();
    for minute in 0..8 {
        let both =
            shots(&plan, &format!("{minute}.HEIC")).len() + shots(&plan, &format!("z{minute}.MOV")).len();
        assert_eq!(both, 1, "{minute}");
    }
}

#[test]
fn a_clip_that_the_spec_requires_by_itself_keeps_its_sound() {
    let mut pair = live("a.HEIC", "z.MOV");
    photo_facts(&mut pair[0]).issues = vec![Issue::Blurred];
    pair[1].known.required = true;
    let mut material = with(&pair);
    material.music.clear();
    let plan = plan(&material).unwrap();
    let shot = only_shot(&plan, "z.MOV");
    assert_eq!((shot.reason.live.clone(), shot.sound.is_kept), (None, true));
}

#[test]
fn what_an_entry_for_the_clip_says_counts_for_a_flawed_photo_too() {
    let fate = |said: LivePhotos| {
        let mut pair = live("a.HEIC", "z.MOV");
        photo_facts(&mut pair[0]).issues = vec![Issue::Blurred];
        pair[1].known.live = Some(said);
        shots(&plan(&with(&pair)).unwrap(), "z.MOV").first().map(|shot| shot.reason.live.clone().unwrap())
    };
    let plays = |why| Some(LiveUse::Plays { why, moment: None });
    assert_eq!(fate(LivePhotos::Auto), plays(WhyLivePlays::Photo(Issue::Blurred)));
    assert_eq!(fate(LivePhotos::Play), plays(WhyLivePlays::Asked));
    assert_eq!(fate(LivePhotos::Still), None);
}

#[test]
fn an_edited_photo_stays_if_its_clip_was_not_edited() {
    let [photo, clip] = live("IMG_1.HEIC", "IMG_1.MOV");
    let mut edit = photo.clone();
    edit.path = mmm_base::MediaPath::new("IMG_E1.HEIC").unwrap();
    photo_facts(&mut edit).hash = PictureHash(noise(5));
    let plan = plan(&with(&[photo, clip, edit])).unwrap();
    let live = only_shot(&plan, "IMG_E1.HEIC").reason.live.clone();
    assert_eq!(live, Some(LiveUse::Stays(WhyLiveStays::Edited)));
}

#[test]
fn a_flawed_photo_is_replaced_by_its_clip_unless_the_spec_wants_the_photo() {
    let mut pair = live("a.HEIC", "z.MOV");
    photo_facts(&mut pair[0]).issues = vec![Issue::Blurred];
    let mut material = with(&pair);
    let shown = plan(&material).unwrap();
    let live = only_shot(&shown, "z.MOV").reason.live.clone();
    assert_eq!(live, Some(LiveUse::Plays { why: WhyLivePlays::Photo(Issue::Blurred), moment: None }));
    material.settings.style.live_photos = LivePhotos::Still;
    assert!(shots(&plan(&material).unwrap(), "z.MOV").is_empty());
}

#[test]
fn a_movie_that_needs_long_shots_shows_the_photos() {
    let mut media: Vec<Medium> = (0..6).map(|index| motion(&format!("{index}.jpg"))).collect();
    for (minute, medium) in (0..).zip(&mut media) {
        taken(medium, minute * 5);
    }
    let mut material = material(0, 120_000);
    material.media = media;
    material.settings.duration = Length::Exact(Time::from_secs(24));
    let long = plan(&material).unwrap();
    assert!(long.shots.iter().all(|shot| shot.source.kind == MediaKind::Photo));
    assert_eq!(long.shots[0].reason.live, Some(LiveUse::Stays(WhyLiveStays::Room)));
    material.settings.duration = Length::Exact(Time::from_secs(10));
    assert!(plan(&material).unwrap().shots.iter().all(|shot| shot.source.kind == MediaKind::Clip));
}

#[test]
fn a_lock_keeps_both_fates() {
    for (said, kind) in [(LivePhotos::Play, MediaKind::Clip), (LivePhotos::Still, MediaKind::Photo)] {
        for media in [vec![motion("a.jpg")], live("a.jpg", "z.MOV").to_vec()] {
            let mut media = media;
            // The planner would decide otherwise in both cases.
            for medium in &mut media {
                let has_motion = medium.motion.is_some();
                let moving = if has_motion { medium.motion.as_deref_mut().unwrap() } else { medium };
                if said == LivePhotos::Play && moving.probe.kind == MediaKind::Clip {
                    clip_facts(moving).picture.motion = MotionLevel::Static;
                }
            }
            let mut material = with(&media);
            material.settings.style.live_photos = said;
            // No shot is longer than a moving picture.
            material.settings.constraints.shot = Some((secs(1.0), secs(2.5)));
            let before = plan(&material).unwrap();
            let known = material.media.iter().map(|medium| medium.path.clone()).collect();
            material.kept = Some(Kept::of(&before, known));
            material.settings.style.live_photos = LivePhotos::Auto;
            let after = plan(&material).unwrap();
            let sources = |plan: &EditPlan| -> Vec<_> {
                plan.shots.iter().map(|shot| (shot.start, shot.source.clone())).collect()
            };
            assert_eq!(sources(&after), sources(&before), "{kind:?}");
            let of_live = after.shots.iter().find(|shot| shot.reason.live.is_some()).unwrap();
            assert_eq!(of_live.source.kind, kind);
            let locked = match kind {
                MediaKind::Clip => LiveUse::Plays {
                    why: WhyLivePlays::Locked,
                    moment: Some(secs(if media.len() == 1 { 1.5 } else { 2.0 })),
                },
                _ => LiveUse::Stays(WhyLiveStays::Locked),
            };
            assert_eq!(of_live.reason.live, Some(locked));
            // What the spec says counts more than the lock, and takes the same place.
            material.settings.style.live_photos =
                if said == LivePhotos::Play { LivePhotos::Still } else { LivePhotos::Play };
            let turned = plan(&material).unwrap();
            let starts = |plan: &EditPlan| plan.shots.iter().map(|shot| shot.start).collect::<Vec<_>>();
            assert_eq!(starts(&turned), starts(&before));
            let of_live = turned.shots.iter().find(|shot| shot.reason.live.is_some()).unwrap();
            assert_ne!(of_live.source.kind, kind);
        }
    }
}

#[test]
fn another_part_that_the_spec_asks_for_is_shown() {
    let mut medium = motion("a.jpg");
    let known = &mut moving(&mut medium).known;
    (known.from, known.speed) = (Some(secs(1.8)), Speed::from_thousandths(500));
    medium.known.live = Some(LivePhotos::Play);
    let plan = plan(&with(&[medium])).unwrap();
    let shot = only_shot(&plan, "a.jpg");
    assert!(shot.source.part.unwrap().0 >= secs(1.8));
    assert_eq!(shot.reason.live, Some(LiveUse::Plays { why: WhyLivePlays::Asked, moment: None }));
}
