use super::*;
use mmm_base::{Score, Time};
use mmm_facts::{
    Beat, Course, EnergyCurve, Event, EventKind, Mood, MusicBeatFacts, MusicFormFacts, Section, SectionKind,
    Vibe,
};

fn facts(seconds: f64) -> MusicFacts {
    let beat = |i: usize| Beat {
        time: Time::from_millis(500 * i as i64),
        position: Some((i % 4) as u8 + 1),
        confidence: Score::new(0.2 + (i % 9) as f64 / 10.0),
    };
    let part = |i: usize| Section {
        start: Time::from_secs(16 * i as i64),
        end: Time::from_secs(16 * i as i64 + 16),
        label: ["A", "B", "<&>"][i % 3].to_owned(),
        kind: [SectionKind::Body, SectionKind::Peak][i % 2],
        energy: Score::HALF,
        course: Course::Steady,
    };
    let drop =
        |i: usize| Event { time: Time::from_secs(32 * i as i64), kind: EventKind::Drop, sync: Score::ONE };
    let vibe = Vibe {
        danceability: Score::HALF,
        energy: Score::HALF,
        brightness: Score::HALF,
        onset_density: 200,
        valence: Score::HALF,
        mood: Mood::Calm,
    };
    let beat = MusicBeatFacts {
        tempo_milli_bpm: 120_000,
        meter: 4,
        confidence: Score::HALF,
        beats: (0..(seconds * 2.0) as usize).map(beat).collect(),
        damaged: false,
        promised: None,
    };
    let form = MusicFormFacts {
        duration: Time::from_secs_f64(seconds),
        heard: None,
        onsets: Vec::new(),
        sections: (0..(seconds / 16.0) as usize).map(part).collect(),
        events: (0..(seconds / 32.0) as usize).map(drop).collect(),
        energy: EnergyCurve { rate_hz: 10, values: vec![Score::HALF; (seconds * 10.0) as usize] },
        loudness: Some(-1400),
        vibe,
    };
    MusicFacts { beat, form }
}

/// Returns the densest possible waveform: full-scale peaks that change with each column.
fn loud() -> Vec<(f32, f32)> {
    (0..COLUMNS).map(|i| (-0.9 - (i % 7) as f32 / 100.0, 0.9 + (i % 5) as f32 / 100.0)).collect()
}

/// The SVG of four minutes is small enough for an e-mail, and that of an hour is not much larger.
#[test]
fn the_picture_is_small() {
    assert!(draw(&facts(240.0), "song", &loud()).len() < 80_000);
    assert!(draw(&facts(3600.0), "song", &loud()).len() < 200_000);
}

/// usvg parses XML strictly.
#[test]
fn any_facts_and_any_title_give_a_valid_svg() {
    let mut odd = facts(20.0);
    odd.form.duration = Time::ZERO;
    odd.beat.meter = 0;
    odd.form.loudness = None;
    odd.form.events.push(Event { time: Time::MAX, kind: EventKind::Stop, sync: Score::ZERO });
    odd.beat.beats.reverse();
    for (facts, peaks) in
        [(facts(0.0), vec![]), (facts(5.0), vec![(f32::NAN, 0.0)]), (odd, loud()), (facts(1e5), loud())]
    {
        for title in ["", "a\u{0}\u{1b}<b>&\"'\u{ffff}\n", "\u{5d0}\u{6f22}\u{1f3b5}".repeat(200).as_str()] {
            let svg = draw(&facts, title, &peaks);
            assert!(png(&svg, 160).is_ok());
            assert!(!svg.contains("NaN") && !svg.contains("inf"));
        }
    }
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    assert_eq!(draw(&facts(60.0), "song", &loud()), draw(&facts(60.0), "song", &loud()));
}
