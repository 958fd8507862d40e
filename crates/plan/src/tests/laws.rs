use proptest::prelude::*;

use crate::{plan, words};
use mmm_base::{MediaPath, Rate, Score, Time};
use mmm_facts::{
    ConflictKind, Course, EditPlan, Facts, Issue, LeftOutCause, Material, MediaKind, Medium, MotionLevel,
    MusicCue, PictureHash, Section, SectionKind, SourceShot, beat_spans,
    sample::{clip, clip_facts, noise, photo, photo_facts, set_appeal, set_quality, song, taken},
};
use mmm_spec::{CutOn, Length, Order, Pace, Role, Settings, Track, TransitionKind, Transitions};

/// Checks everything that must be true of a plan, whatever it was planned from.
pub fn hold(material: &Material, plan: &EditPlan) {
    gapless(plan);
    lengths(material, plan);
    parts(material, plan);
    taken_fairly(material, plan);
    neighbours(plan);
    transitions(material, plan);
    music(material, plan);
    beats(material, plan);
    texts(plan);
}

fn gapless(plan: &EditPlan) {
    let mut end = Time::ZERO;
    for shot in &plan.shots {
        assert_eq!(shot.start, end, "{}", shot.id);
        assert!(shot.length > Time::ZERO, "{}", shot.id);
        end += shot.length;
    }
    assert_eq!(end, plan.length);
    assert!(!plan.shots.is_empty());
}

fn lengths(material: &Material, plan: &EditPlan) {
    match material.settings.duration {
        Length::Exact(length) => assert_eq!(plan.length, length),
        Length::Within(low, high) => assert!(plan.length >= low && plan.length <= high),
        Length::Auto | Length::Music => {}
    }
    let (min, max) = material.settings.constraints.shot.unwrap_or((Time::ZERO, Time::MAX));
    // Cuts fall on whole frames, and beats jitter: a shot may be a frame outside of the range.
    let frame = material.rate.time_of(1) + Time::from_micros(2);
    for shot in &plan.shots {
        let fits = shot.length + frame >= min && shot.length - frame <= max;
        assert!(fits, "{} {}", shot.id, shot.length);
    }
}

fn medium<'a>(material: &'a Material, path: &MediaPath) -> &'a Medium {
    material.media.iter().find(|medium| medium.path == *path).unwrap()
}

/// Returns the limits of the source shot and of `in..out` around a part.
fn bounds(medium: &Medium, part: (Time, Time)) -> (Time, Time) {
    let medium = medium.seen_as(MediaKind::Clip);
    let Facts::Clip(facts) = &medium.facts else { panic!("{} has a part", medium.path) };
    let shot = facts.picture.shots.iter().find(|shot| shot.start <= part.0 && part.1 <= shot.end);
    let shot = shot.unwrap_or_else(|| panic!("{} {part:?} runs over a cut", medium.path));
    let from = medium.known.from.unwrap_or(Time::ZERO).max(shot.start);
    (from, medium.known.to.unwrap_or(Time::MAX).min(shot.end))
}

fn parts(material: &Material, plan: &EditPlan) {
    for shot in &plan.shots {
        let medium = medium(material, &shot.source.path);
        assert_eq!(shot.source.part.is_some(), shot.source.kind == MediaKind::Clip);
        if let Some(part) = shot.source.part {
            let (from, to) = bounds(medium, part);
            assert!(part.0 >= from && part.1 <= to, "{} {part:?}", shot.id);
            assert_eq!(part.1 - part.0, shot.treatment.speed.seen_in(shot.length));
        }
    }
}

fn taken_fairly(material: &Material, plan: &EditPlan) {
    let repeats = material.settings.constraints.repeats as usize;
    let mut ids: Vec<&str> = plan.shots.iter().map(|shot| shot.id.as_str()).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
    for medium in &material.media {
        let times = plan.shots.iter().filter(|shot| shot.source.path == medium.path).count();
        assert!(times <= repeats + 1, "{} {times}", medium.path);
        assert!(times > 0 || !medium.known.required, "{} is required", medium.path);
        let left = plan.left_out.iter().filter(|left| left.source == medium.path).count();
        assert_eq!(left, usize::from(times == 0), "{}", medium.path);
    }
    for left in &plan.left_out {
        if let LeftOutCause::Version { of, shown, .. } | LeftOutCause::Twin { of, shown, .. } = &left.cause {
            let is_shown = plan.shots.iter().any(|shot| shot.source.path == *of);
            assert_eq!(*shown, is_shown, "{} because of {of}", left.source);
        }
    }
}

/// The same medium never appears twice in a row, unless there is no other.
fn neighbours(plan: &EditPlan) {
    let first = &plan.shots[0].source.path;
    if plan.shots.iter().all(|shot| shot.source.path == *first) {
        return;
    }
    for pair in plan.shots.windows(2) {
        assert_ne!(pair[0].source, pair[1].source, "{} and {}", pair[0].id, pair[1].id);
    }
}

fn transitions(material: &Material, plan: &EditPlan) {
    assert_eq!(plan.shots[0].transition.length, Time::ZERO);
    for pair in plan.shots.windows(2) {
        let transition = pair[1].transition;
        if transition.kind == TransitionKind::Cut {
            assert_eq!(transition.length, Time::ZERO);
            continue;
        }
        let frames = material.rate.nearest_frame(transition.length);
        assert!(frames > 0 && frames % 2 == 0);
        let shorter = pair[0].length.min(pair[1].length);
        assert!(transition.length.micros() * 5 <= shorter.micros() * 2);
        let half = if transition.kind.overlaps() { transition.length.scale(1, 2) } else { Time::ZERO };
        if let Some(part) = pair[0].source.part {
            assert!(
                part.1 + pair[0].treatment.speed.seen_in(half)
                    <= bounds(medium(material, &pair[0].source.path), part).1,
                "{}",
                pair[0].id
            );
        }
        if let Some(part) = pair[1].source.part {
            assert!(
                part.0 - pair[1].treatment.speed.seen_in(half)
                    >= bounds(medium(material, &pair[1].source.path), part).0,
                "{}",
                pair[1].id
            );
        }
    }
}

fn music(material: &Material, plan: &EditPlan) {
    let mut end = Time::ZERO;
    for (index, cue) in plan.music.iter().enumerate() {
        // No silence between tracks; those that overlap add up to an even power.
        assert!(cue.start <= end && cue.start >= Time::ZERO && (index > 0 || cue.start == end));
        if index > 0 && cue.start < end {
            assert_eq!((cue.fade_in, plan.music[index - 1].fade_out), (end - cue.start, end - cue.start));
        }
        assert!(cue.from >= Time::ZERO && cue.start + cue.length > end);
        end = cue.start + cue.length;
        let track = material.settings.music.iter().position(|track| track.path == cue.source).unwrap();
        assert!(cue.from + cue.length <= material.music[track].form.duration);
        assert!(cue.fade_in + cue.fade_out <= cue.length);
    }
    assert!(end <= plan.length);
}

/// Every cut falls on a beat of the music under it, to the microsecond.
fn beats(material: &Material, plan: &EditPlan) {
    let cut_on = material.settings.constraints.cut_on;
    let mut times = Vec::new();
    let mut sure = cut_on != CutOn::Free && !plan.music.is_empty();
    let heard: Vec<_> = plan.music.iter().map(|cue| (cue.start, cue.start + cue.length)).collect();
    for (cue, (start, end)) in plan.music.iter().zip(beat_spans(&heard)) {
        let from = cue.from + (start - cue.start);
        let cue = MusicCue { start, from, length: end - start, ..cue.clone() };
        let track = material.settings.music.iter().position(|track| track.path == cue.source).unwrap();
        let facts = &material.music[track];
        sure &= facts.beat.beats.len() >= 4 && facts.beat.confidence >= Score::new(0.15);
        // A part of a track may be too short for a downbeat; then the grid fills it.
        let played = cue.from..cue.from + cue.length;
        let is_down = |beat: &&mmm_facts::Beat| beat.position == Some(1) && played.contains(&beat.time);
        sure &= cut_on != CutOn::Downbeat || facts.beat.beats.iter().any(|beat| is_down(&beat));
        let inside = facts.beat.beats.iter().map(|beat| beat.time).filter(|time| *time >= cue.from);
        times.extend(
            inside.filter(|time| *time < cue.from + cue.length).map(|time| cue.start + (time - cue.from)),
        );
    }
    let heard = plan.music.last().map_or(Time::ZERO, |cue| cue.start + cue.length);
    for shot in &plan.shots[1..] {
        if sure && shot.start < heard {
            let beat = shot.beat.unwrap_or_else(|| panic!("{} at {} is off the beat", shot.id, shot.start));
            assert!((times[beat as usize] - shot.start).micros().abs() <= 1);
        }
    }
}

fn texts(plan: &EditPlan) {
    assert!(plan.shots.iter().all(|shot| !words::shot(&shot.reason).is_empty()));
    assert!(plan.left_out.iter().all(|left| !words::left_out(&left.cause).is_empty()));
    assert_eq!(plan.chapters[0].start, Time::ZERO);
    assert!(plan.chapters.windows(2).all(|pair| pair[0].start < pair[1].start));
    for title in &plan.titles {
        assert!(title.start >= Time::ZERO && title.start + title.length <= plan.length);
        assert!(title.length > Time::ZERO);
    }
}

/// Returns a plausible medium for a seed.
fn any_medium(seed: u64, index: usize) -> Medium {
    let draw = |salt: u64, range: u64| noise(seed ^ (salt << 32)) % range;
    // In threes, some of which have the names of versions of one medium.
    let endings: [&[&str]; 3] = [
        &[".jpg", ".HEIC"],
        &[".MOV", "-edited.jpg", "~2.jpg", ".b"],
        &["(1).jpg", "_proxy.mp4", ".THM", ".c"],
    ];
    let endings = endings[index % 3];
    let name = format!("m/{:03}{}", index / 3, endings[draw(13, endings.len() as u64) as usize]);
    let mut medium = if draw(1, 3) == 0 {
        let duration = Time::from_millis(200 + draw(2, 20_000) as i64);
        let mut medium = clip(&name, index, duration);
        if draw(3, 3) == 0 {
            let middle = duration.scale(1 + draw(4, 8) as i64, 10);
            clip_facts(&mut medium).picture.shots = vec![
                SourceShot { start: Time::ZERO, end: middle },
                SourceShot { start: middle, end: duration },
            ];
        }
        if draw(5, 4) == 0 {
            medium.known.from = Some(duration.scale(1, 5));
            medium.known.to = Some(duration.scale(9, 10));
        }
        let best = duration.scale(draw(6, 100) as i64, 100).secs();
        set_appeal(clip_facts(&mut medium), (best - 1.0, best + 1.0), 0.9);
        clip_facts(&mut medium).picture.motion =
            if draw(7, 2) == 0 { MotionLevel::Static } else { MotionLevel::Fast };
        medium
    } else {
        photo(&name, index)
    };
    set_quality(&mut medium, draw(8, 1000) as f64 / 1000.0);
    if draw(9, 8) > 0 {
        taken(&mut medium, draw(10, 3000) as i64);
    }
    if draw(11, 10) == 0
        && let Facts::Photo(_) = medium.facts
    {
        photo_facts(&mut medium).issues = vec![Issue::Blurred];
        photo_facts(&mut medium).hash = PictureHash(draw(12, 4));
    }
    medium
}

/// A random choice of media and settings, both realistic and extreme.
#[derive(Clone, Debug)]
pub struct Draw {
    pub seed: u64,
    media: usize,
    tracks: usize,
    song_s: i64,
    milli_bpm: u32,
    length: Length,
    shot: Option<(i64, i64)>,
    repeats: u32,
    required: usize,
}

pub fn draws() -> impl Strategy<Value = Draw> {
    let millis = Time::from_millis;
    let length = prop_oneof![
        Just(Length::Auto),
        Just(Length::Music),
        (300_i64..120_000).prop_map(move |length| Length::Exact(millis(length))),
        (300_i64..90_000, 0_i64..40_000)
            .prop_map(move |(low, more)| Length::Within(millis(low), millis(low + more))),
    ];
    let music = (0_usize..3, 1_i64..200, 40_000_u32..220_000);
    let limits = (prop::option::weighted(0.3, (300_i64..3000, 0_i64..6000)), 0_u32..3, 0_usize..6);
    (any::<u64>(), 0_usize..60, music, length, limits).prop_map(
        |(seed, media, (tracks, song_s, milli_bpm), length, (shot, repeats, required))| Draw {
            seed,
            media,
            tracks,
            song_s,
            milli_bpm,
            length,
            shot,
            repeats,
            required,
        },
    )
}

impl Draw {
    fn pick<T: Copy>(&self, salt: u64, of: &[T]) -> T {
        of[(noise(self.seed ^ salt) % of.len() as u64) as usize]
    }

    fn settings(&self) -> Settings {
        let mut settings = Settings { duration: self.length, ..Settings::default() };
        if self.tracks == 0 && self.length == Length::Music {
            settings.duration = Length::Auto;
        }
        let constraints = &mut settings.constraints;
        let millis = Time::from_millis;
        constraints.shot = self.shot.map(|(min, more)| (millis(min), millis(min + more)));
        constraints.repeats = self.repeats;
        constraints.cut_on = self.pick(1, &[CutOn::Beat, CutOn::Beat, CutOn::Downbeat, CutOn::Free]);
        constraints.order = self.pick(2, &[Order::Chronological, Order::AsListed]);
        settings.style.pace = self.pick(3, &[Pace::Auto, Pace::Calm, Pace::Steady, Pace::Lively]);
        let (cut, dissolve) = (TransitionKind::Cut, TransitionKind::Dissolve);
        let (dip, wipe) = (TransitionKind::Dip, TransitionKind::Wipe);
        settings.style.transitions = match self.pick(4, &[0, 1, 2, 3, 4, 5]) {
            0 => Transitions::Auto,
            1 => Transitions::Only(vec![cut]),
            2 => Transitions::Only(vec![dissolve]),
            3 => Transitions::Only(vec![dip, wipe]),
            4 => Transitions::Only(vec![dip]),
            _ => Transitions::Only(vec![cut, dissolve]),
        };
        settings
    }

    pub fn material(&self) -> Material {
        let number = |index: usize| noise(self.seed ^ (index as u64) << 8);
        let mut media: Vec<Medium> = (0..self.media).map(|index| any_medium(number(index), index)).collect();
        for index in 0..self.required.min(self.media) {
            let known = &mut media[(number(index + 1000) % self.media as u64) as usize].known;
            match index {
                0 => known.role = Some(Role::Opening),
                1 => known.role = Some(Role::Highlight),
                2 => known.role = Some(Role::Ending),
                _ => known.required = true,
            }
        }
        let mut settings = self.settings();
        let mut music = Vec::new();
        for index in 0..self.tracks {
            let path = MediaPath::new(&format!("{index}.mp3")).unwrap();
            let from = self.pick(5, &[None, None, Some(Time::from_millis(self.song_s * 300))]);
            let to = self.pick(6, &[None, None, Some(Time::from_millis(self.song_s * 900))]);
            let is_loop = index + 1 == self.tracks && self.pick(7, &[false, true]);
            let crossfade = self.pick(8, &[None, None, Some(Time::from_millis(1500)), Some(Time::ZERO)]);
            settings.music.push(Track { from, to, is_loop, crossfade, ..Track::new(path) });
            let offset = Time::from_millis((number(77) % 900) as i64);
            let length = Time::from_secs(self.song_s);
            let mut facts = song(length, self.milli_bpm + index as u32 * 7000, offset);
            let (start, label) = (length.scale(1, 2), "B".to_owned());
            let ends = (length.scale(1, 20), length.scale(19, 20));
            facts.form.heard = self.pick(9, &[None, Some(ends)]);
            facts.form.sections = vec![Section {
                start,
                end: length,
                label,
                kind: SectionKind::Body,
                energy: Score::HALF,
                course: Course::Steady,
            }];
            music.push(facts);
        }
        let cameras = Vec::new();
        Material {
            settings,
            media,
            cameras,
            music,
            rate: Rate(30, 1),
            frame: (1920, 1080),
            kept: None,
            passed_over: std::collections::BTreeSet::new(),
        }
    }

    /// Whether nothing is requested that could be impossible.
    fn is_open(&self) -> bool {
        let open = self.length == Length::Auto || (self.length == Length::Music && self.tracks == 0);
        open && self.shot.is_none() && self.required == 0
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn every_plan_keeps_the_laws(draw in draws()) {
        let material = draw.material();
        let planned = plan(&material);
        prop_assert_eq!(&planned, &plan(&material));
        match planned {
            Ok(plan) => hold(&material, &plan),
            Err(conflict) => {
                let text = words::conflict(&conflict);
                prop_assert!(!text.message.is_empty() && !text.help.is_empty() && !text.places.is_empty());
                // A movie without such requests can always be planned.
                prop_assert!(!draw.is_open() || conflict.kind() == ConflictKind::NoMedia, "{:?}", conflict);
            }
        }
    }
}
