use super::super::*;
use super::{RICH, codes, movie};
use mmm_base::{CaptureTime, MediaPath, Score, Speed, Time, TimeSource};

fn path(text: &str) -> MediaPath {
    MediaPath::new(text).unwrap()
}

#[test]
fn the_smallest_movie_has_every_default() {
    let movie = movie("media: photos/");
    let take = RuleAction::Take(Known::default());
    assert_eq!(
        movie.media,
        [MediaRule { pattern: "photos".into(), action: take, filter: MediaFilter::default() }]
    );
    assert_eq!(
        movie.outputs,
        [Output {
            name: path("movie.mp4"),
            settings: Settings::default(),
            poster: None,
            preview: None,
            subtitles: None
        }]
    );
}

#[test]
fn rules_include_and_exclude() {
    let movie = movie(RICH);
    let patterns: Vec<&str> = movie.media.iter().map(|rule| rule.pattern.as_str()).collect();
    assert_eq!(
        patterns,
        [
            "photos/**/*.{jpg,heic,png}",
            "clips",
            "photos/receipts/**",
            "clips/dive.mp4",
            "photos/IMG_0042.jpg",
            "family"
        ]
    );
    assert_eq!(movie.media[2].action, RuleAction::Drop);
    let dive = Known {
        required: true,
        from: Some(Time::from_millis(3200)),
        to: Some(Time::from_secs(9)),
        speed: Speed::from_thousandths(500),
        steady: Some(false),
        live: Some(LivePhotos::Play),
        sound: Some(ClipSound::Keep),
        audio: Some(2),
        ..Known::default()
    };
    assert_eq!(movie.media[3].action, RuleAction::Take(dive));
    let photo = Known {
        required: true,
        caption: Some("Grandma's 80th 🎂".into()),
        focus: Some((Score::new(0.31), Score::new(0.4))),
        role: Some(Role::Opening),
        // 2024-06-08T10:15:00.
        taken: Some(CaptureTime::new(1_717_841_700, Some(120), TimeSource::Spec)),
        clock_s: Some(3 * 3600 + 17 * 60),
        zone: Zone::parse("Europe/Lisbon"),
        ..Known::default()
    };
    let camera = CameraRule { name: "Canon R7".into(), clock_s: Some(-3600), zone: Some(Zone::Offset(60)) };
    assert_eq!(movie.cameras, [camera]);
    assert_eq!(movie.media[4].action, RuleAction::Take(photo));
    assert_eq!(movie.media[4].filter, MediaFilter::default());
    let filter = &movie.media[5].filter;
    assert_eq!(filter.people.as_ref().unwrap().to_string(), "Anna and (Bob or Carla Smith)");
    assert_eq!(filter.rating, Some(StarRange { least: 3, most: 5 }));
    assert!(movie.filters() && !self::movie("media: a").filters());
}

#[test]
fn every_setting_is_read() {
    let settings = &movie(RICH).outputs[0].settings;
    assert_eq!(settings.title.as_deref(), Some("Lisbon, June"));
    assert!(settings.prompt.as_deref().unwrap().ends_with("finish on the beach."));
    let by_hand = BeatsByHand {
        multiply: Factor(1, 2),
        offset: Time::from_millis(-20),
        first_downbeat: Some(Time::from_millis(1920)),
        ..BeatsByHand::default()
    };
    let listed = BeatsByHand { file: Some(path("music/coda.beats")), ..BeatsByHand::default() };
    assert_eq!(
        settings.music,
        [
            Track {
                from: Some(Time::from_secs(12)),
                to: Some(Time::from_secs(90)),
                crossfade: Some(Time::from_secs(2)),
                audio: Some(3),
                beats: by_hand,
                ..Track::new(path("music/song.mp3"))
            },
            Track { is_loop: true, beats: listed, ..Track::new(path("music/coda.mp3")) },
        ]
    );
    assert_eq!(settings.duration, Length::Exact(Time::from_secs(60)));
    assert_eq!((settings.aspect, settings.codec), (Aspect::Wide, Codec::Hevc));
    let title = Title { text: "Day one".into(), at: Time::from_secs(2), length: Time::from_secs(3) };
    let style = Style {
        pace: Pace::Auto,
        transitions: Transitions::Only(vec![TransitionKind::Cut, TransitionKind::Dissolve]),
        dip: Colour([0xf4, 0xef, 0xe6]),
        photos: PhotoMotion::Still,
        live_photos: LivePhotos::Still,
        fit: Fit::Contain,
        look: Look::Film,
        cube: None,
        steady: true,
        titles: Titles::List(vec![title]),
        loudness: Loudness(-1600),
    };
    assert_eq!(settings.style, style);
    let constraints = Constraints {
        order: Order::AsListed,
        shot: Some((Time::from_millis(800), Time::from_secs(6))),
        repeats: 1,
        cut_on: CutOn::Downbeat,
        chapter_gap: Time::from_secs(1800),
        people: vec![PersonShots { name: "Anna".into(), least: 3 }],
    };
    assert_eq!(settings.constraints, constraints);
}

#[test]
fn outputs_override_key_by_key() {
    let movie = movie(RICH);
    let [base, story, silent, _] = movie.outputs.as_slice() else { panic!("four outputs") };
    let mut wanted = base.settings.clone();
    wanted.aspect = Aspect::Tall;
    wanted.duration = Length::Exact(Time::from_secs(30));
    wanted.style.pace = Pace::Lively;
    wanted.constraints.repeats = 0;
    assert_eq!((story.name.as_str(), &story.settings), ("story.mp4", &wanted));
    let mut wanted = base.settings.clone();
    wanted.music.clear();
    wanted.title = None;
    wanted.duration = Length::Within(Time::from_secs(45), Time::from_secs(75));
    assert_eq!((silent.name.as_str(), &silent.settings), ("silent.MP4", &wanted));
}

#[test]
fn short_forms_mean_the_same() {
    let long = movie("media: [a.jpg]\nmusic: [{ path: song.mp3 }]\noutputs: { movie.mp4: {} }\n");
    assert_eq!(movie("media: a.jpg\nmusic: song.mp3\noutputs:\n  movie.mp4:\n"), long);
    assert_eq!(movie("media: a.jpg\nmusic: { path: song.mp3 }\n"), long);
    let one = movie("media: a\nduration: 1min..60s\nstyle: { transitions: dissolve }");
    assert_eq!(one.outputs[0].settings.duration, Length::Exact(Time::from_secs(60)));
    assert_eq!(one.outputs[0].settings.style.transitions, Transitions::Only(vec![TransitionKind::Dissolve]));
    assert_eq!(movie("media: ./\n").media[0].pattern, ".");
}

#[test]
fn a_comment_changes_no_movie_and_an_alias_is_filled_in() {
    assert_eq!(movie(&format!("# one more\n{RICH}")), movie(RICH));
    let shared = movie(
        "media: a\nstyle: &look { pace: calm }\noutputs: { a.mp4: { style: *look }, b.mp4: { style: { pace: lively } } }",
    );
    assert_eq!(shared.outputs[0].settings.style.pace, Pace::Calm);
    assert_eq!(shared.outputs[1].settings.style.pace, Pace::Lively);
}

#[test]
fn plain_words_that_look_like_numbers_are_texts() {
    let movie = movie("media: a\ntitle: 007\nprompt: true\n");
    assert_eq!(movie.outputs[0].settings.title.as_deref(), Some("007"));
    assert_eq!(movie.outputs[0].settings.prompt.as_deref(), Some("true"));
}

#[test]
fn spans_count_bytes_after_any_text() {
    for text in [
        "# 🎬 é\ntitle: \"日本 🎂\" # ñ\nmedia: [é.jpg, 🎂.jpg] # 🎬\nduration: 60s\n".to_owned(),
        "\u{feff}title: é\r\nmedia: [é.jpg, 🎂.jpg]\r\nduration: 60s\r\n".to_owned(),
        "prompt: |\n  é\n  日本\nmedia:\n  - é.jpg # 🎬\n  - 🎂.jpg\nduration: 60s".to_owned(),
        "'title': 'it''s 🎬'\nmedia: { \"x\": y }\n".replace("{ \"x\": y }", "[é.jpg, 🎂.jpg]")
            + "duration: 60s",
    ] {
        let spans = super::super::parse(text.as_bytes()).spans;
        let at = |path: &str| spans.get(path).map(|span| &text[span.start..span.end()]);
        assert_eq!(at("duration"), Some("60s"), "{text}");
        assert_eq!(at("media[0]"), Some("é.jpg"), "{text}");
        assert_eq!(at("media[1]"), Some("🎂.jpg"), "{text}");
    }
}

#[test]
fn every_value_of_a_rich_spec_has_its_place() {
    let spans = parse(RICH.as_bytes()).spans;
    let at = |path: &str| spans.get(path).map(|span| &RICH[span.start..span.end()]);
    for (path, words) in [
        ("prompt", "prompt"),
        ("media", "media"),
        ("media[1]", "clips/"),
        ("media[3]", "path: clips/dive.mp4"),
        ("media[3].out", "9s"),
        ("media[4].focus", "[0.31, 0.40]"),
        ("music[0].from", "12s"),
        ("style.loudness", "-16 LUFS"),
        ("style.titles[0].at", "2s"),
        ("constraints.shot", "0.8s..6s"),
        ("outputs.story.mp4", "story.mp4"),
        ("outputs.story.mp4.style.pace", "lively"),
        ("outputs.silent.MP4.duration", "45s..75s"),
    ] {
        assert_eq!(at(path), Some(words), "{path}");
    }
}

#[test]
fn bounds_are_inside() {
    for right in [
        "duration: 1s",
        "duration: 6h",
        "constraints: { repeats: 100 }",
        "style: { loudness: -40 LUFS }",
        "style: { loudness: -5.00 LUFS }",
        "constraints: { shot: 2s..2s }",
    ] {
        assert_eq!(codes(&format!("media: a\n{right}\n")), [""; 0], "{right}");
    }
    for wrong in [
        "duration: 0s",
        "duration: 7h",
        "duration: 60s..45s",
        "constraints: { repeats: 101 }",
        "constraints: { repeats: -1 }",
        "style: { loudness: -4.99 LUFS }",
        "style: { loudness: 14 LUFS }",
        "constraints: { shot: 0s..2s }",
        "constraints: { chapter-gap: 0s }",
    ] {
        assert_eq!(codes(&format!("media: a\n{wrong}\n")), ["mmm::spec::bad-range"], "{wrong}");
    }
}

#[test]
fn screens_and_limits_are_read() {
    let movie = movie(RICH);
    let [first, _, silent, reel] = movie.outputs.as_slice() else { panic!("{:?}", movie.outputs) };
    let settings = &first.settings;
    assert_eq!((settings.size, settings.quality), (FrameSize::P1440, Quality::Best));
    assert_eq!((settings.max_size, settings.target), (Some(1_500_000_000), None));
    assert_eq!(silent.subtitles, Some(path("silent.srt")));
    assert_eq!(silent.beside().collect::<Vec<_>>(), [&path("silent.srt")]);
    // A bundle overrides what stands above it, and gives way to what stands beside it.
    let settings = &reel.settings;
    assert_eq!((settings.size, settings.quality), (FrameSize::P1080, Quality::Small));
    assert_eq!((settings.max_size, settings.codec), (Some(300_000_000), Codec::H264));
    assert_eq!((settings.aspect, settings.rate), (Aspect::Tall, FrameRate::Thirty));
}

#[test]
fn a_bundle_gives_way_to_keys_of_its_level() {
    let settings = |text: &str| movie(text).outputs[0].settings.clone();
    let above = settings("media: a\nfor: whatsapp\nsize: 480\n");
    assert_eq!((above.size, above.max_size), (FrameSize::P480, Some(16_000_000)));
    let inherited =
        settings("media: a\nfor: whatsapp\noutputs: { a.mp4: { aspect: 9:16, max-size: 8MB } }\n");
    assert_eq!((inherited.size, inherited.max_size), (FrameSize::P720, Some(8_000_000)));
    assert_eq!((inherited.aspect, inherited.target), (Aspect::Tall, Some(Target::Whatsapp)));
    // The bundle of an output replaces that above it; other keys above it stay where it says nothing.
    let own =
        settings("media: a\nfor: discord\naspect: 1:1\nsize: 480\noutputs: { a.mp4: { for: youtube } }\n");
    assert_eq!((own.size, own.max_size, own.aspect), (FrameSize::P1080, None, Aspect::Wide));
    assert_eq!(own.quality, Quality::Best);
    let kept = settings("media: a\naspect: 1:1\ncodec: hevc\noutputs: { a.mp4: { for: discord } }\n");
    assert_eq!((kept.aspect, kept.codec), (Aspect::Square, Codec::H264));
    let webm = settings("media: a\noutputs: { a.webm: { for: discord } }\n");
    assert_eq!(webm.codec, Codec::Av1);
    let none = settings("media: a\nmax-size: 9MB\noutputs: { a.mp4: { max-size: none } }\n");
    assert_eq!(none.max_size, None);
}
