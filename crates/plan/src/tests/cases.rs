use std::collections::BTreeSet;

use super::again::pace_with_energy;
use crate::{plan, words};
use mmm_base::{Score, Time};
use mmm_facts::{
    BetterTwin, Conflict, ConflictKind, EditPlan, Event, EventKind, GridNote, Issue, LeftOutCause, Material,
    PictureHash, SourceShot, TitleKind,
    sample::{clip, clip_facts, material, photo, photo_facts, set_quality, song, taken},
};
use mmm_spec::{CutOn, Length, Order, Pace, Role, Title, Titles, TransitionKind, Transitions};

fn secs(secs: f64) -> Time {
    Time::from_secs_f64(secs)
}

fn exact(material: &mut Material, length: f64) {
    material.settings.duration = Length::Exact(secs(length));
}

fn without_music(material: &mut Material) {
    material.settings.music.clear();
    material.music.clear();
}

fn planned(material: &Material) -> EditPlan {
    let plan = plan(material).unwrap();
    super::laws::hold(material, &plan);
    plan
}

fn refused(material: &Material) -> Conflict {
    plan(material).unwrap_err()
}

fn places(conflict: &Conflict) -> Vec<String> {
    words::conflict(conflict).places.into_iter().map(|(place, _)| place).collect()
}

fn shown(plan: &EditPlan) -> Vec<&str> {
    plan.shots.iter().map(|shot| shot.source.path.as_str()).collect()
}

#[test]
fn nothing_to_show_is_a_conflict() {
    assert_eq!(refused(&material(0, 120_000)).kind(), ConflictKind::NoMedia);
}

#[test]
fn one_photo_is_a_short_movie() {
    let plan = planned(&material(1, 120_000));
    assert_eq!(plan.shots.len(), 1);
    assert!(plan.length >= secs(2.0) && plan.length <= secs(5.0), "{}", plan.length);
}

#[test]
fn three_photos_are_all_shown() {
    let mut material = material(3, 120_000);
    assert_eq!(planned(&material).shots.len(), 3);
    without_music(&mut material);
    let plan = planned(&material);
    assert_eq!((plan.shots.len(), plan.length), (3, secs(7.5)));
    assert!(plan.shots.iter().all(|shot| shot.length == secs(2.5)));
}

#[test]
fn three_thousand_media_make_ten_minutes() {
    let mut material = material(3000, 128_000);
    material.music = vec![song(secs(700.0), 128_000, Time::ZERO)];
    exact(&mut material, 600.0);
    let plan = planned(&material);
    assert!(plan.shots.len() > 150, "{}", plan.shots.len());
    assert_eq!(plan.shots.len() + plan.left_out.len(), 3000);
}

#[test]
fn all_thousands_at_once_make_three_minutes() {
    let plan = planned(&material(3000, 128_000));
    assert!(plan.length <= secs(180.0) && plan.length > secs(150.0), "{}", plan.length);
}

#[test]
fn a_song_without_beats_is_cut_steadily() {
    let mut material = material(60, 120_000);
    material.music[0].beat.beats.clear();
    exact(&mut material, 30.0);
    let plan = planned(&material);
    assert_eq!(plan.outline.sync.notes, [GridNote::NoBeats]);
    assert!(plan.shots.iter().all(|shot| shot.beat.is_none()));
    assert!(plan.shots.len() > 8);
}

#[test]
fn a_song_of_one_second_does_not_shorten_the_movie() {
    let mut material = material(10, 120_000);
    material.music = vec![song(secs(1.0), 120_000, Time::ZERO)];
    let plan = planned(&material);
    assert!(plan.length >= secs(3.0), "{}", plan.length);
    assert_eq!(plan.music[0].length, secs(1.0));
    assert!(plan.outline.sync.notes.contains(&GridNote::MusicEnds { at: secs(1.0) }));
}

#[test]
fn an_hour_of_three_photos_is_too_much_to_ask() {
    let mut material = material(3, 120_000);
    exact(&mut material, 3600.0);
    let conflict = refused(&material);
    assert_eq!(conflict.kind(), ConflictKind::TooLittle);
    assert_eq!(places(&conflict), ["duration", "media", "constraints.repeats"]);
    let help = words::conflict(&conflict).help;
    assert!(help.contains("at most 60s"), "{help}");
}

#[test]
fn an_hour_of_many_photos_is_made() {
    let mut material = material(900, 120_000);
    exact(&mut material, 3600.0);
    let plan = planned(&material);
    assert_eq!(plan.length, secs(3600.0));
}

#[test]
fn the_smallest_conflict_is_named_with_numbers() {
    let mut material = material(4, 120_000);
    exact(&mut material, 60.0);
    material.settings.constraints.shot = Some((secs(0.5), secs(3.0)));
    let conflict = refused(&material);
    assert_eq!(conflict.kind(), ConflictKind::TooLittle);
    assert_eq!(places(&conflict), ["duration", "constraints.shot", "media", "constraints.repeats"]);
    let help = words::conflict(&conflict).help;
    for way in ["at most 12s", "add 16 media", "repeats: 4", "up to 15s"] {
        assert!(help.contains(way), "{way}: {help}");
    }
    material.settings.constraints.repeats = 4;
    let plan = planned(&material);
    assert_eq!(plan.length, secs(60.0));
    assert!(plan.shots.iter().any(|shot| shot.id.ends_with("#2")));
}

#[test]
fn too_many_required_media_are_a_conflict() {
    let mut material = material(40, 120_000);
    exact(&mut material, 10.0);
    for (index, medium) in material.media.iter_mut().enumerate() {
        medium.known.required = true;
        medium.rule = index % 2;
    }
    let conflict = refused(&material);
    assert_eq!(conflict.kind(), ConflictKind::TooMuch);
    assert_eq!(places(&conflict), ["duration", "media[0]", "media[1]"]);
    exact(&mut material, 20.0);
    assert_eq!(planned(&material).shots.len(), 40, "half a second each");
}

#[test]
fn an_open_length_has_room_for_all_that_is_required() {
    let mut material = material(200, 120_000);
    for medium in &mut material.media {
        medium.known.required = true;
    }
    assert_eq!(planned(&material).shots.len(), 200);
}

#[test]
fn shots_that_no_beats_allow_are_a_conflict() {
    let mut material = material(40, 120_000);
    exact(&mut material, 30.0);
    material.settings.constraints.shot = Some((secs(1.1), secs(1.4)));
    let conflict = refused(&material);
    assert_eq!(conflict.kind(), ConflictKind::Music);
    assert_eq!(places(&conflict), ["constraints.shot", "constraints.cut-on"]);
    material.settings.constraints.shot = Some((secs(40.0), secs(50.0)));
    assert_eq!(places(&refused(&material)), ["duration", "constraints.shot"]);
}

#[test]
fn in_outside_of_a_clip_is_a_conflict() {
    let mut material = material(5, 120_000);
    let mut dive = clip("dive.mp4", 3, secs(4.0));
    dive.known.from = Some(secs(5.0));
    material.media.push(dive);
    let conflict = refused(&material);
    assert_eq!((conflict.kind(), places(&conflict)), (ConflictKind::Medium, vec!["media[3].in".to_owned()]));
}

#[test]
fn roles_take_their_places() {
    let mut material = material(100, 120_000);
    exact(&mut material, 40.0);
    material.media[70].known.role = Some(Role::Opening);
    material.media[20].known.role = Some(Role::Ending);
    material.media[50].known.role = Some(Role::Highlight);
    material.settings.music[0].from = Some(Time::ZERO);
    let plan = planned(&material);
    assert_eq!(plan.shots[0].source.path, material.media[70].path);
    assert_eq!(plan.shots[plan.shots.len() - 1].source.path, material.media[20].path);
    // The song has the most energy 20 s after its start.
    let highlight = plan.shots.iter().find(|shot| shot.merits.role == Some(Role::Highlight)).unwrap();
    assert!(
        highlight.start <= secs(20.5) && highlight.start + highlight.length >= secs(19.5),
        "{highlight:?}"
    );
    let body = &shown(&plan)[1..plan.shots.len() - 1];
    assert!(body.is_sorted());
    assert_eq!(plan.chapters[0].start, Time::ZERO);
    assert!(plan.chapters[0].title.starts_with("14 July 2023, 09:00"), "{}", plan.chapters[0].title);
}

#[test]
fn rejects_are_left_out_with_their_cause() {
    let mut material = material(60, 120_000);
    exact(&mut material, 40.0);
    let issues = [Issue::Blurred, Issue::Underexposed, Issue::Screenshot, Issue::Empty];
    for (index, issue) in issues.into_iter().enumerate() {
        set_quality(&mut material.media[index * 7], 1.0);
        photo_facts(&mut material.media[index * 7]).issues = vec![issue];
    }
    // Two bursts: one photo of each is shown.
    for (index, hash) in [(30, 0x0f), (31, 0x1f), (32, 0x3f)] {
        taken(&mut material.media[index], 400);
        set_quality(&mut material.media[index], if index == 31 { 0.99 } else { 0.95 });
        photo_facts(&mut material.media[index]).hash = PictureHash(hash);
    }
    let plan = planned(&material);
    let cause = |path: &str| {
        plan.left_out.iter().find(|left| left.source.as_str() == path).map(|left| left.cause.clone())
    };
    let issue = |issue| Some(LeftOutCause::Issues { issues: vec![issue] });
    assert_eq!(cause("photos/0000.jpg"), issue(Issue::Blurred));
    assert_eq!(cause("photos/0014.jpg"), issue(Issue::Screenshot));
    let of = plan.shots.iter().find(|shot| shot.id == "photos/0031.jpg").unwrap().source.path.clone();
    let twin = LeftOutCause::Twin { of, how: BetterTwin::Sharper, burst: true, shown: true };
    assert_eq!(cause("photos/0030.jpg"), Some(twin));
    assert!(shown(&plan).contains(&"photos/0031.jpg"));
    assert!(plan.left_out.is_sorted_by_key(|left| std::cmp::Reverse(left.score)));
}

#[test]
fn one_half_of_a_photo_that_moves_is_shown() {
    let mut material = material(40, 120_000);
    exact(&mut material, 30.0);
    for (name, millis) in [("photos/0003.mov", 2_900), ("photos/0004.mov", 2_900), ("photos/0005.mov", 9_000)]
    {
        let mut moving = clip(name, 0, Time::from_millis(millis));
        set_quality(&mut moving, 0.9);
        material.media.push(moving);
    }
    photo_facts(&mut material.media[4]).issues = vec![Issue::Blurred];
    let plan = planned(&material);
    let twin_of = |path: &str| {
        let left = plan.left_out.iter().find(|left| left.source.as_str() == path);
        match left.map(|left| &left.cause) {
            Some(LeftOutCause::Version { of, .. }) => Some(of.as_str()),
            _ => None,
        }
    };
    assert_eq!(twin_of("photos/0003.mov"), Some("photos/0003.jpg"));
    assert_eq!(twin_of("photos/0004.jpg"), Some("photos/0004.mov"));
    // A longer clip is not part of a Live Photo.
    assert_eq!(["photos/0005.jpg", "photos/0005.mov"].map(twin_of), [None; 2]);
}

#[test]
fn only_rejects_still_make_a_movie() {
    let mut material = material(5, 120_000);
    for medium in &mut material.media {
        photo_facts(medium).issues = vec![Issue::Small];
    }
    let plan = planned(&material);
    assert_eq!(plan.shots.len(), 5);
    assert_eq!(plan.shots[0].reason.issue, Some(Issue::Small));
}

#[test]
fn fewer_media_stay_longer() {
    let mut material = material(8, 120_000);
    exact(&mut material, 40.0);
    let plan = planned(&material);
    assert_eq!(plan.shots.len(), 8);
    exact(&mut material, 120.0);
    assert!(planned(&material).shots.iter().all(|shot| shot.length <= secs(20.0)), "the default stretches");
}

#[test]
fn every_chapter_appears_in_proportion() {
    let mut material = material(0, 120_000);
    for (chapter, size) in [40, 8, 30, 6, 16].into_iter().enumerate() {
        for index in 0..size {
            let mut medium = photo(&format!("{chapter}-{index:02}.jpg"), 0);
            taken(&mut medium, chapter as i64 * 600 + index);
            material.media.push(medium);
        }
    }
    exact(&mut material, 50.0);
    let plan = planned(&material);
    let count = |chapter: &str| shown(&plan).iter().filter(|path| path.starts_with(chapter)).count();
    let counts: Vec<usize> = ["0", "1", "2", "3", "4"].map(count).into();
    assert!(counts.iter().all(|&count| count > 0), "{counts:?}");
    assert!(counts[0] > counts[4] && counts[4] > counts[3] && counts[2] > 2 * counts[1], "{counts:?}");
    assert_eq!(plan.chapters.len(), 5);
}

#[test]
fn chapters_dissolve_and_lists_of_transitions_are_kept() {
    let mut material = material(100, 120_000);
    exact(&mut material, 60.0);
    let plan = planned(&material);
    let dissolves: Vec<Time> = plan
        .shots
        .iter()
        .filter(|shot| shot.transition.kind == TransitionKind::Dissolve)
        .map(|shot| shot.start)
        .collect();
    let chapters: Vec<Time> = plan.chapters.iter().skip(1).map(|chapter| chapter.start).collect();
    assert_eq!(dissolves, chapters);
    assert_eq!(chapters.len(), 3);
    material.settings.style.transitions = Transitions::Only(vec![TransitionKind::Cut]);
    assert!(planned(&material).shots.iter().all(|shot| shot.transition.kind == TransitionKind::Cut));
    material.settings.style.transitions = Transitions::Only(vec![TransitionKind::Dissolve]);
    for medium in material.media.iter_mut().step_by(2) {
        let mut clip = clip(medium.path.as_str(), 0, secs(4.0));
        clip.probe.taken = medium.probe.taken;
        *medium = clip;
    }
    let plan = planned(&material);
    assert!(plan.shots.iter().skip(1).all(|shot| shot.transition.kind == TransitionKind::Dissolve));
}

#[test]
fn clips_show_part_of_one_source_shot_and_earn_time() {
    let mut material = material(0, 120_000);
    without_music(&mut material);
    for index in 0..20 {
        let mut medium = if index % 2 == 0 {
            clip(&format!("{index:02}.mp4"), 0, secs(9.0))
        } else {
            photo(&format!("{index:02}.jpg"), 0)
        };
        if index % 2 == 0 {
            clip_facts(&mut medium).picture.shots = vec![
                SourceShot { start: Time::ZERO, end: secs(5.0) },
                SourceShot { start: secs(5.0), end: secs(9.0) },
            ];
        }
        material.media.push(medium);
    }
    exact(&mut material, 30.0);
    let plan = planned(&material);
    let mean = |clips: bool| {
        let of: Vec<f64> = plan
            .shots
            .iter()
            .filter(|shot| shot.source.part.is_some() == clips)
            .map(|shot| shot.length.secs())
            .collect();
        of.iter().sum::<f64>() / of.len() as f64
    };
    assert!(mean(true) > mean(false), "{} {}", mean(true), mean(false));
    assert!(plan.shots.iter().filter(|shot| shot.source.part.is_some()).all(|shot| shot.sound.is_kept));
}

#[test]
fn short_clips_get_short_slots() {
    let mut material = material(0, 120_000);
    for index in 0..40 {
        material.media.push(clip(&format!("{index:02}.mp4"), 0, secs(1.2)));
    }
    exact(&mut material, 30.0);
    let plan = planned(&material);
    assert!(plan.shots.len() >= 25, "{}", plan.shots.len());
}

#[test]
fn titles_are_placed_by_their_times() {
    let mut material = material(20, 120_000);
    exact(&mut material, 30.0);
    material.settings.title = Some("Lisbon".to_owned());
    material.media[3].known.required = true;
    material.media[3].known.caption = Some("Grandma's 80th".to_owned());
    let plan = planned(&material);
    assert_eq!((plan.titles[0].text.as_str(), plan.titles[0].kind), ("Lisbon", TitleKind::Title));
    let caption = &plan.titles[1];
    let shot = plan.shots.iter().find(|shot| shot.source.path == material.media[3].path).unwrap();
    assert!(caption.start > shot.start && caption.start + caption.length < shot.start + shot.length);
    material.settings.style.titles = Titles::Off;
    assert!(planned(&material).titles.is_empty());
    let title = Title { text: "Fin".to_owned(), at: secs(29.0), length: secs(2.0) };
    material.settings.style.titles = Titles::List(vec![title]);
    assert_eq!(places(&refused(&material)), ["style.titles"]);
}

#[test]
fn music_sets_the_length_and_checks_its_start() {
    let mut material = material(100, 120_000);
    material.settings.duration = Length::Music;
    material.settings.music[0].from = Some(secs(30.0));
    let plan = planned(&material);
    assert_eq!(plan.length, secs(150.0));
    assert_eq!(plan.music[0].fade_out, Time::ZERO, "the music ends by itself");
    material.settings.music[0].from = Some(secs(181.0));
    assert_eq!(places(&refused(&material)), ["music[0].from"]);
    without_music(&mut material);
    assert_eq!(refused(&material).kind(), ConflictKind::Music);
}

#[test]
fn a_range_ends_on_a_bar() {
    let mut material = material(100, 118_000);
    material.settings.duration = Length::Within(secs(45.0), secs(75.0));
    let plan = planned(&material);
    assert!(plan.length >= secs(45.0) && plan.length <= secs(75.0));
    let bar = 4.0 * 60.0 / 118.0;
    let bars = (plan.music[0].from + plan.length).secs() / bar;
    assert!((bars - bars.round()).abs() < 0.001, "{bars}");
}

#[test]
fn music_shorter_than_the_movie_ends_and_cuts_go_on() {
    let mut material = material(100, 120_000);
    material.music = vec![song(secs(20.0), 120_000, Time::ZERO)];
    exact(&mut material, 40.0);
    let plan = planned(&material);
    assert_eq!((plan.music[0].from, plan.music[0].length), (Time::ZERO, secs(20.0)));
    assert!(plan.music[0].fade_out > Time::ZERO);
    let later: Vec<_> = plan.shots.iter().filter(|shot| shot.start > secs(20.0)).collect();
    assert!(later.len() > 5);
    assert!(later.iter().all(|shot| shot.start.micros() % 500_000 == 0 && shot.beat.is_none()));
}

#[test]
fn downbeats_and_free_cuts() {
    let mut material = material(100, 120_000);
    exact(&mut material, 41.0);
    material.settings.music[0].from = Some(Time::ZERO);
    material.settings.constraints.cut_on = CutOn::Downbeat;
    let plan = planned(&material);
    assert!(plan.shots.iter().all(|shot| shot.start.micros() % 2_000_000 == 0));
    for beat in &mut material.music[0].beat.beats {
        beat.position = None;
    }
    assert_eq!(planned(&material), {
        let mut same = plan.clone();
        same.outline = planned(&material).outline;
        same
    });
    material.settings.constraints.cut_on = CutOn::Free;
    assert!(planned(&material).shots.iter().all(|shot| shot.beat.is_none()));
}

#[test]
fn cuts_fall_on_drops_and_stops() {
    let mut material = material(100, 120_000);
    exact(&mut material, 41.0);
    material.settings.music[0].from = Some(Time::ZERO);
    let cut_at = |material: &Material, second: f64| {
        planned(material).shots.iter().any(|shot| shot.start == secs(second))
    };
    // Off-beats, where the planner does not cut without an event.
    let times: Vec<f64> =
        (0..30).map(|n| 5.5 + f64::from(n)).filter(|time| !cut_at(&material, *time)).collect();
    for kind in [EventKind::Drop, EventKind::Stop] {
        for time in times.iter().take(4) {
            // The event is slightly off the beat.
            let event = Event { time: secs(time + 0.06), kind, sync: Score::new(0.8) };
            material.music[0].form.events = vec![event];
            assert!(cut_at(&material, *time), "no cut on the {kind:?} at {time}");
        }
    }
}

#[test]
fn pace_changes_how_many_shots_there_are() {
    let count = |pace: Pace, prompt: Option<&str>| {
        let mut material = material(200, 120_000);
        exact(&mut material, 60.0);
        material.settings.style.pace = pace;
        material.settings.prompt = prompt.map(str::to_owned);
        planned(&material).shots.len()
    };
    let auto = count(Pace::Auto, None);
    assert!(count(Pace::Calm, None) < auto && auto < count(Pace::Lively, None));
    assert!(count(Pace::Auto, Some("calm")) < auto && auto < count(Pace::Auto, Some("energetic")));
}

#[test]
fn pace_follows_energy() {
    for (bpm, offset) in [(90_000, 0), (120_000, 300), (174_000, 150)] {
        let mut material = material(300, bpm);
        material.music = vec![song(secs(180.0), bpm, Time::from_millis(offset))];
        exact(&mut material, 90.0);
        let plan = planned(&material);
        let correlation = pace_with_energy(&material, &plan);
        assert!(correlation >= 0.6, "{bpm}: {correlation}");
    }
}

#[test]
fn the_prompt_chooses() {
    let mut material = material(80, 120_000);
    for (index, medium) in material.media.iter_mut().enumerate() {
        let kind = ["food", "tram", "street", "view"][index % 4];
        let taken = medium.probe.taken;
        *medium = photo(&format!("{index:03}-{kind}.jpg"), 0);
        medium.probe.taken = taken;
    }
    exact(&mut material, 40.0);
    material.settings.prompt = Some("More food, fewer trams.".to_owned());
    let plan = planned(&material);
    let count = |kind: &str| shown(&plan).iter().filter(|path| path.contains(kind)).count();
    assert!(count("food") > count("street") && count("tram") == 0, "{:?}", shown(&plan));
    assert!(plan.shots.iter().any(|shot| shot.merits.wanted.get() > 0.9));
}

#[test]
fn a_shuffled_listing_gives_the_same_plan() {
    let mut material = material(120, 120_000);
    exact(&mut material, 60.0);
    let straight = planned(&material);
    material
        .media
        .sort_by_key(|medium| mmm_facts::sample::noise(medium.path.as_str().len() as u64 ^ hash(medium)));
    assert_eq!(planned(&material), straight);
    material.settings.constraints.order = Order::AsListed;
    let listed = planned(&material);
    let position = |path: &str| material.media.iter().position(|medium| medium.path.as_str() == path);
    assert!(shown(&listed).into_iter().map(position).is_sorted());
}

fn hash(medium: &mmm_facts::Medium) -> u64 {
    medium.path.as_str().bytes().fold(0, |hash: u64, byte| mmm_facts::sample::noise(hash ^ u64::from(byte)))
}

/// Returns how many shots of the old plan are not in the new one, to the microsecond.
fn changed(old: &EditPlan, new: &EditPlan) -> usize {
    let key = |plan: &EditPlan| -> BTreeSet<_> {
        plan.shots.iter().map(|shot| (shot.id.clone(), shot.start, shot.length, shot.source.part)).collect()
    };
    key(old).difference(&key(new)).count()
}

#[test]
fn one_photo_more_disturbs_few_shots() {
    for (bpm, length) in [(120_000, 30.0), (120_000, 60.0), (98_000, 75.0)] {
        let mut material = material(100, bpm);
        exact(&mut material, length);
        let old = planned(&material);
        for near in (0..100).step_by(3) {
            for quality in [0.2, 0.45, 0.6, 0.78] {
                let mut more = material.clone();
                let mut medium = photo(&format!("new/{near}.jpg"), 0);
                medium.probe.taken = material.media[near].probe.taken;
                medium.probe.taken.as_mut().unwrap().local_s += 140;
                set_quality(&mut medium, quality);
                more.media.push(medium);
                let changed = changed(&old, &planned(&more));
                assert!(changed <= 3, "{changed} of {} after {near}, {quality}", old.shots.len());
            }
        }
    }
}

#[test]
fn one_poor_photo_more_changes_nothing_wherever_it_is_listed() {
    let mut material = material(100, 120_000);
    exact(&mut material, 60.0);
    let old = planned(&material);
    for at in [0, 37, 100] {
        let mut more = material.clone();
        let mut medium = photo("new.jpg", 0);
        taken(&mut medium, 63);
        set_quality(&mut medium, 0.1);
        more.media.insert(at, medium);
        assert_eq!(changed(&old, &planned(&more)), 0);
    }
}
