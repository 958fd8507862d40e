use crate::plan;
use mmm_base::{Speed, Time};
use mmm_facts::{
    ConflictKind, EditPlan, Issue, Material,
    sample::{clip, clip_facts, material, set_quality},
};
use mmm_spec::{ClipSound, Length, TransitionKind, Transitions};

fn secs(secs: f64) -> Time {
    Time::from_secs_f64(secs)
}

fn held(material: &Material) -> EditPlan {
    let plan = plan(material).unwrap();
    super::laws::hold(material, &plan);
    plan
}

#[test]
fn a_clip_lasts_as_long_as_its_speed_lets_it() {
    let clips = |speed: i64, sound: Option<ClipSound>| {
        let mut material = material(0, 120_000);
        for (index, name) in ["a.mp4", "b.mp4"].into_iter().enumerate() {
            let mut medium = clip(name, index, secs(12.0));
            medium.known.speed = Speed::from_thousandths(speed);
            medium.known.sound = sound;
            medium.known.from = Some(secs(4.0));
            medium.known.to = Some(secs(8.0));
            material.media.push(medium);
        }
        material.settings.music.clear();
        material.music.clear();
        material.settings.style.transitions = Transitions::Only(vec![TransitionKind::Dissolve]);
        material.settings.duration = Length::Exact(secs(2.5));
        material
    };
    let fast = held(&clips(2000, None));
    assert!(fast.shots.len() == 2 && fast.shots.iter().all(|shot| !shot.sound.is_kept));
    let seen: Time = fast.shots.iter().filter_map(|shot| shot.source.part).map(|(from, to)| to - from).sum();
    assert_eq!(seen, secs(5.0));
    assert!(fast.shots[1].transition.length > Time::ZERO, "{:?}", fast.shots[1].transition);
    assert_eq!(fast.shots[0].reason.speed.get(), 2.0);
    let kept = held(&clips(500, Some(ClipSound::Keep)));
    assert!(kept.shots.iter().all(|shot| shot.sound.is_kept));
    // Four seconds of each clip, at four times the speed, fill two seconds.
    assert_eq!(plan(&clips(4000, None)).unwrap_err().kind(), ConflictKind::TooLittle);
}

#[test]
fn a_shaky_clip_ranks_lower_unless_it_is_steadied() {
    let mut material = material(20, 120_000);
    material.settings.duration = Length::Exact(secs(20.0));
    let mut shaky = clip("clips/shaky.mp4", 0, secs(9.0));
    set_quality(&mut shaky, 1.0);
    clip_facts(&mut shaky).picture.issues = vec![Issue::Shaky];
    material.media.push(shaky);
    let shot = |material: &Material| {
        let plan = held(material);
        plan.shots
            .into_iter()
            .find(|shot| shot.source.path.as_str() == "clips/shaky.mp4")
            .map(|shot| shot.treatment.steady)
    };
    assert_eq!(shot(&material), None, "there are twenty photos that do not shake");
    material.settings.style.steady = true;
    assert_eq!(shot(&material), Some(true));
    material.media.last_mut().unwrap().known.steady = Some(false);
    assert_eq!(shot(&material), None);
}
