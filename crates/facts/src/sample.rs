use crate::{
    Beat, ClipFacts, ClipPictureFacts, ClipSample, ClipSoundFacts, EnergyCurve, Facts, Mood, MotionLevel,
    MusicBeatFacts, MusicFacts, MusicFormFacts, PhotoFacts, PictureHash, PictureQuality, SceneColours,
    SourceShot, Vibe,
};
use crate::{Color, MediaKind, MotionPart, Orientation, PictureStream, Probe, Said, SoundStream};
use crate::{
    Material, Medium, Shot, ShotFraming, ShotMerits, ShotReason, ShotSound, ShotSource, StoryBeat,
    Transition, Treatment,
};
use mmm_base::{CaptureTime, MediaPath, Rate, Score, Time, TimeSource};
use mmm_spec::{Fit, Known, Settings, Track};

/// Returns a well distributed number for a seed (SplitMix64).
pub fn noise(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn path(text: &str) -> MediaPath {
    MediaPath::new(text).unwrap()
}

fn look(aesthetic: f64) -> PictureQuality {
    let score = Score::new(aesthetic);
    PictureQuality { sharpness: score, exposure: score, aesthetic: score, ..PictureQuality::default() }
}

fn picture() -> PictureStream {
    PictureStream {
        width: 4032,
        height: 3024,
        orientation: Orientation::UPRIGHT,
        codec: "jpeg".to_owned(),
        rate: None,
        variable_rate: false,
        color: Color { primaries: 1, transfer: 1, matrix: 1, full_range: true, depth: 8 },
    }
}

/// Returns a good photo without a date. Photos with different paths are never similar.
pub fn photo(name: &str, rule: usize) -> Medium {
    let seed = name.bytes().fold(7, |seed, byte| noise(seed ^ u64::from(byte)));
    let centre = (Score::new(0.5), Score::new(0.5));
    let probe = Probe {
        kind: MediaKind::Photo,
        format: "jpeg".to_owned(),
        bytes: 4_000_000,
        picture: Some(picture()),
        sound: None,
        pictures: Vec::new(),
        sounds: Vec::new(),
        duration: None,
        taken: None,
        place: None,
        camera: None,
        comment: None,
        said: Said::default(),
        live_id: None,
        still_at: None,
        motion: None,
    };
    let facts = PhotoFacts {
        look: look(0.6),
        issues: Vec::new(),
        hash: PictureHash(seed),
        focus: centre,
        subjects: Vec::new(),
        colours: SceneColours::default(),
        sight: None,
    };
    let (known, facts) = (Known::default(), Facts::Photo(facts));
    Medium {
        path: path(name),
        rule,
        known,
        probe,
        facts,
        flaws: Vec::new(),
        beside: Vec::new(),
        said: Said::default(),
        motion: None,
        fits: Vec::new(),
    }
}

/// Returns a good clip of one shot, with sound.
pub fn clip(name: &str, rule: usize, duration: Time) -> Medium {
    let mut medium = photo(name, rule);
    medium.probe.kind = MediaKind::Clip;
    medium.probe.duration = Some(duration);
    medium.probe.sound = Some(SoundStream { codec: "aac".to_owned(), sample_rate_hz: 48_000, channels: 2 });
    let step = Time::from_millis(250);
    let Facts::Photo(PhotoFacts { look, hash, .. }) = medium.facts else { unreachable!("photo() makes one") };
    let sample = |index: i64| ClipSample {
        time: Time::from_micros(step.micros() * index),
        aesthetic: look.aesthetic,
        motion: Score::new(0.2),
        action: Score::new(0.2),
        steadiness: Score::new(1.0),
        appeal: look.aesthetic,
        hash,
    };
    let picture = ClipPictureFacts {
        duration,
        look,
        issues: Vec::new(),
        motion: MotionLevel::Medium,
        shots: vec![SourceShot { start: Time::ZERO, end: duration }],
        samples: (0..=duration.micros() / step.micros()).map(sample).collect(),
        sample_step: step,
        subjects: Vec::new(),
        sight: None,
        looks: Vec::new(),
    };
    let sound = ClipSoundFacts {
        has_sound: true,
        sounds: Vec::new(),
        loudness: Some(-2000),
        levels: vec![-2000; (duration.micros() / ClipFacts::LEVEL_STEP.micros()) as usize],
        ..ClipSoundFacts::default()
    };
    medium.facts = Facts::Clip(ClipFacts { picture, sound });
    medium
}

/// Returns a good photo with a moving picture of this length in its file, taken in the middle of it.
pub fn motion_photo(name: &str, rule: usize, length: Time) -> Medium {
    let (mut medium, mut motion) = (photo(name, rule), clip(name, rule, length));
    motion.probe.still_at = Some(length.scale(1, 2));
    medium.probe.motion = Some(MotionPart::Clip(Box::new(motion.probe.clone())));
    medium.motion = Some(Box::new(motion));
    medium
}

pub fn clip_facts(medium: &mut Medium) -> &mut ClipFacts {
    match &mut medium.facts {
        Facts::Clip(facts) => facts,
        _ => panic!("{} is not a clip", medium.path),
    }
}

/// Sets how much the moments of a clip between two times, in seconds, are worth seeing.
pub fn set_appeal(facts: &mut ClipFacts, (from, to): (f64, f64), appeal: f64) {
    for sample in &mut facts.picture.samples {
        if (from..to).contains(&sample.time.secs()) {
            sample.appeal = Score::new(appeal);
        }
    }
}

pub fn photo_facts(medium: &mut Medium) -> &mut PhotoFacts {
    match &mut medium.facts {
        Facts::Photo(facts) => facts,
        _ => panic!("{} is not a photo", medium.path),
    }
}

/// Sets the capture time to `minute` minutes after 2023-07-14T09:00, without a time zone.
pub fn taken(medium: &mut Medium, minute: i64) {
    medium.probe.taken = Some(CaptureTime::new(1_689_325_200 + minute * 60, None, TimeSource::Exif));
}

pub fn set_quality(medium: &mut Medium, aesthetic: f64) {
    match &mut medium.facts {
        Facts::Photo(facts) => facts.look = look(aesthetic),
        Facts::Clip(facts) => facts.picture.look = look(aesthetic),
        Facts::Music(_) => {}
    }
}

/// Returns a song in 4/4 whose first beat, a downbeat, is at `offset`, and whose energy changes in slow
/// waves.
pub fn song(duration: Time, milli_bpm: u32, offset: Time) -> MusicFacts {
    let period = 60_000_000_000 / i64::from(milli_bpm);
    let beats = (0..)
        .map(|index| offset + Time::from_micros(index * period))
        .take_while(|&time| time < duration)
        .enumerate()
        .map(|(index, time)| Beat {
            time,
            position: Some((index % 4) as u8 + 1),
            confidence: Score::new(0.9),
        })
        .collect();
    let count = duration.micros() / 100_000;
    // A triangle wave with a period of 40 s.
    let energy = |index: i64| Score::new(1.0 - (index % 400 - 200).abs() as f64 / 200.0);
    let beat = MusicBeatFacts {
        tempo_milli_bpm: milli_bpm,
        meter: 4,
        confidence: Score::new(0.9),
        beats,
        damaged: false,
        promised: None,
    };
    let form = MusicFormFacts {
        duration,
        onsets: Vec::new(),
        sections: Vec::new(),
        events: Vec::new(),
        energy: EnergyCurve { rate_hz: 10, values: (0..count).map(energy).collect() },
        loudness: Some(-1400),
        heard: None,
        vibe: Vibe {
            danceability: Score::HALF,
            energy: Score::HALF,
            brightness: Score::HALF,
            onset_density: 300,
            valence: Score::HALF,
            mood: Mood::Neutral,
        },
    };
    MusicFacts { beat, form }
}

/// Returns photos of mixed quality, five minutes apart, with a pause of three hours after every 25, and a
/// song of three minutes.
pub fn material(photos: usize, milli_bpm: u32) -> Material {
    let medium = |index: usize| {
        let mut medium = photo(&format!("photos/{index:04}.jpg"), 0);
        taken(&mut medium, index as i64 * 5 + index as i64 / 25 * 180);
        set_quality(&mut medium, 0.3 + (noise(index as u64) % 1000) as f64 / 2000.0);
        medium
    };
    let music = vec![Track::new(path("song.mp3"))];
    let settings = Settings { music, ..Settings::default() };
    Material {
        cameras: Vec::new(),
        settings,
        media: (0..photos).map(medium).collect(),
        music: vec![song(Time::from_secs(180), milli_bpm, Time::ZERO)],
        rate: Rate(30, 1),
        frame: (1920, 1080),
        kept: None,
        passed_over: std::collections::BTreeSet::new(),
    }
}

/// Returns a shot of the medium at `path`, two seconds long, at the start of a movie: cropped around its
/// centre, without sound.
pub fn shot(path: MediaPath) -> Shot {
    let centre = (Score::new(0.5), Score::new(0.5));
    Shot {
        id: path.to_string(),
        start: Time::ZERO,
        length: Time::from_secs(2),
        beat: None,
        transition: Transition::CUT,
        source: ShotSource { path, kind: MediaKind::Photo, part: None },
        framing: ShotFraming { fit: Fit::Crop, focus: centre, subject: None, crop: None, track: Vec::new() },
        treatment: Treatment::default(),
        sound: ShotSound::default(),
        merits: ShotMerits {
            role: None,
            story_beat: StoryBeat::Rising,
            energy_match: Score::ZERO,
            quality: Score::ZERO,
            variety: Score::ZERO,
            wanted: Score::ZERO,
        },
        reason: ShotReason::default(),
    }
}
