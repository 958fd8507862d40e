//! Tests each figure that needs a plan with the fault it should detect.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{choice, focus, pace, subject};
use mmm_base::{Digest, Rate, Score, Time};
use mmm_facts::Sources;
use mmm_facts::Typefaces;
use mmm_facts::sample::{material, photo};
use mmm_facts::{Canvas, Profile, Timeline};
use mmm_facts::{EditPlan, Material};
use mmm_facts::{Facts, Issue, PictureHash, SubjectBox};
use mmm_facts::{Figure, Verdict, Wanted};
use mmm_plan::timeline::{Footage, lay_out};
use mmm_plan::{best_versions, chapters, plan};
use mmm_spec::{Aspect, Codec, Length};

/// Sources without files: no test here reads sound.
struct Nowhere;

impl Sources for Nowhere {
    fn path(&self, _: Digest) -> Option<PathBuf> {
        None
    }
}

struct Movie {
    material: Material,
    plan: EditPlan,
}

impl Movie {
    /// Returns a movie of forty seconds of photos to a song with waves of energy.
    fn new() -> Self {
        let mut material = material(30, 120_000);
        material.settings.duration = Length::Exact(Time::from_secs(40));
        let plan = plan(&material).unwrap();
        Self { material, plan }
    }

    fn timeline(&self) -> Timeline {
        let footage = |medium: &mmm_facts::Medium| {
            let digest = Digest::of(medium.path.as_str().as_bytes());
            (medium.path.clone(), Footage { source: digest, size: (4032, 3024), track: None })
        };
        let media = self.material.media.iter().map(footage);
        let music = self.plan.music.iter();
        let music = music.map(|cue| {
            (cue.source.clone(), Footage { source: Digest::of(b"song"), size: (0, 0), track: None })
        });
        let footage: BTreeMap<_, _> = media.chain(music).collect();
        lay_out(
            &self.plan,
            &self.material.settings,
            Canvas::of(Aspect::Wide, Codec::H264, Profile::Draft),
            &footage,
            &Typefaces::default(),
        )
    }

    /// Returns the reference for figures of single shots, which don't depend on chapters.
    fn wanted<'a>(&'a self, timeline: &'a Timeline) -> Wanted<'a> {
        Wanted { timeline, material: &self.material, chapters: &[], versions: &[], sources: &Nowhere }
    }

    fn figures(&self) -> Vec<Figure> {
        let timeline = self.timeline();
        let material = &self.material;
        let (chapters, versions) = (chapters(material), best_versions(material));
        let (chapters, versions) = (&chapters[..], &versions[..]);
        let wanted = Wanted { timeline: &timeline, material, chapters, versions, sources: &Nowhere };
        let rate = Rate(30, 1);
        let mut figures = choice::figures(rate, Some(&wanted));
        figures.extend([pace::figure(Some(&wanted)), focus::figure(rate, Some(&wanted))]);
        figures
    }

    fn failing(&self) -> Vec<&'static str> {
        let figures = self.figures();
        let failing = figures.iter().filter(|figure| figure.verdict() == Verdict::Fails);
        failing.map(|figure| figure.measure.name).collect()
    }

    /// Returns the facts of the medium that shot `shot` shows.
    fn facts(&mut self, shot: usize) -> &mut mmm_facts::PhotoFacts {
        let source = &self.plan.shots[shot].source.path;
        let medium = self.material.media.iter_mut().find(|medium| medium.path == *source).unwrap();
        match &mut medium.facts {
            Facts::Photo(facts) => facts,
            _ => panic!("{} is no photo", medium.path),
        }
    }
}

#[test]
fn a_plan_of_ours_passes() {
    let movie = Movie::new();
    assert!(movie.plan.shots.len() >= 8 && movie.plan.shots.len() < 30, "{}", movie.plan.shots.len());
    assert_eq!(movie.failing(), [""; 0]);
    let holding = movie.figures().iter().filter(|figure| figure.verdict() == Verdict::Passes).count();
    assert_eq!(holding, 6, "{:?}", movie.figures());
}

#[test]
fn a_reject_fails_while_a_good_photo_is_left_out() {
    let mut movie = Movie::new();
    movie.facts(2).issues.push(Issue::Blurred);
    assert_eq!(movie.failing(), ["rejects shown"]);
    let shown: Vec<_> = movie.plan.shots.iter().map(|shot| shot.source.path.clone()).collect();
    movie.material.media.retain(|medium| shown.contains(&medium.path));
    assert_eq!(movie.failing(), [""; 0], "there is nothing better");
}

#[test]
fn an_edit_with_an_issue_passes_though_its_original_has_none() {
    let mut movie = Movie::new();
    let shown: Vec<_> = movie.plan.shots.iter().map(|shot| shot.source.path.clone()).collect();
    movie.material.media.retain(|medium| shown.contains(&medium.path));
    let shot = movie.plan.shots[2].source.path.clone();
    let original = movie.material.media.iter().find(|medium| medium.path == shot).unwrap().clone();
    let stem = shot.as_str().rsplit_once('.').unwrap().0;
    movie.facts(2).issues.push(Issue::Underexposed);
    movie.facts(2).hash.0 ^= 0xffff_ffff;
    movie.material.media.push(original);
    let edit = mmm_base::MediaPath::new(&format!("{stem}-edited.jpg")).unwrap();
    let index = movie.material.media.iter().position(|medium| medium.path == shot).unwrap();
    movie.material.media[index].path = edit.clone();
    movie.plan.shots[2].source.path = edit;
    assert_eq!(movie.failing(), [""; 0]);
}

#[test]
fn a_moment_that_comes_twice_fails_unless_it_may() {
    let mut movie = Movie::new();
    let hash = movie.facts(1).hash;
    movie.facts(4).hash = PictureHash(hash.0 ^ 0b101);
    assert_eq!(movie.failing(), ["moments shown twice"]);
    let mut movie = Movie::new();
    movie.plan.shots[5].source = movie.plan.shots[3].source.clone();
    assert_eq!(movie.failing(), ["moments shown twice"]);
    movie.material.settings.constraints.repeats = 1;
    assert_eq!(movie.failing(), [""; 0]);
}

#[test]
fn a_chapter_that_is_left_out_or_comes_too_late_fails() {
    let mut movie = Movie::new();
    let day = |medium: &mut mmm_facts::Medium, day: i64| {
        let local_s = 1_689_325_200 + day * 86_400;
        medium.probe.taken = Some(mmm_base::CaptureTime::new(local_s, None, mmm_base::TimeSource::Exif));
    };
    for name in ["late/a.jpg", "late/b.jpg"] {
        movie.material.media.push(photo(name, 0));
    }
    let media = &mut movie.material.media;
    media.iter_mut().for_each(|medium| day(medium, i64::from(medium.path.as_str().starts_with("late"))));
    assert_eq!(movie.failing(), ["chapters missing"]);
    movie.plan.shots[0].source.path = mmm_base::MediaPath::new("late/a.jpg").unwrap();
    let failing = movie.failing();
    assert!(failing.contains(&"out of order") && !failing.contains(&"chapters missing"), "{failing:?}");
    movie.plan.shots[0].id = "late/a.jpg#2".to_owned();
    assert!(!movie.failing().contains(&"out of order"), "it was told before");
}

#[test]
fn a_pace_against_the_music_fails() {
    let mut movie = Movie::new();
    let curve = &mut movie.material.music[0].form.energy.values;
    curve.iter_mut().for_each(|energy| *energy = Score::new(1.0 - energy.get()));
    assert_eq!(movie.failing(), ["pace follows energy"]);
    movie.material.settings.prompt = Some("Calm at first.".to_owned());
    assert_eq!(movie.failing(), [""; 0], "words go before the music");
}

#[test]
fn a_focus_that_leaves_the_frame_fails() {
    let movie = Movie::new();
    let mut timeline = movie.timeline();
    // The focus is moved to a far corner, outside the 4:3 crop.
    timeline.shots[1].shot.framing.focus = (Score::new(0.5), Score::ONE);
    let wanted = movie.wanted(&timeline);
    let figure = focus::figure(Rate(30, 1), Some(&wanted));
    assert_eq!((figure.value, figure.verdict(), figure.places.len()), (Some(1.0), Verdict::Fails, 1));
}

#[test]
fn a_subject_that_is_cut_off_fails() {
    // The 4:3 crop removes an eighth at the top and at the bottom.
    let kept = |top: f64| {
        let mut movie = Movie::new();
        let timeline = movie.timeline();
        for shot in 0..movie.plan.shots.len() {
            movie.facts(shot).subjects = vec![SubjectBox::between((0.4, top), (0.6, top + 0.1), 0.5)];
        }
        let wanted = movie.wanted(&timeline);
        let figure = subject::figure(Rate(30, 1), Some(&wanted));
        (figure.value, figure.verdict(), figure.places.len())
    };
    assert_eq!(kept(0.45), (Some(100.0), Verdict::Passes, 0));
    assert_eq!(kept(0.85), (Some(0.0), Verdict::Fails, Figure::MOST_PLACES));
    let movie = Movie::new();
    let timeline = movie.timeline();
    let wanted = movie.wanted(&timeline);
    assert_eq!(subject::figure(Rate(30, 1), Some(&wanted)).verdict(), Verdict::Unmeasured);
}
