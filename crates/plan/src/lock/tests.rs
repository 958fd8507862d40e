use std::collections::BTreeMap;

use super::*;
use mmm_base::diagnostics::Code;
use mmm_base::{Digest, MediaPath, Rate, Speed, Time};
use mmm_spec::{Loudness, Settings, Style};

fn path(text: &str) -> MediaPath {
    MediaPath::new(text).unwrap()
}

fn sample() -> Lock {
    let shot = |id: &str, millis: i64, part: Option<(i64, i64)>| LockedShot {
        id: id.to_owned(),
        source: path(id),
        start: Time::from_millis(millis),
        from: part.map(|part| Time::from_millis(part.0)),
        to: part.map(|part| Time::from_millis(part.1)),
        speed: if part.is_some() { Speed::SLOWEST } else { Speed::NORMAL },
        reason: "chosen; \"sharp\"".to_owned(),
    };
    let output = LockedOutput {
        name: path("movie.mp4"),
        wishes: Digest::of(b"wishes"),
        rate: Some(Rate(30_000, 1001)),
        length: Time::from_micros(10_333_333),
        music: vec![LockedCue {
            source: path("song.mp3"),
            start: Time::ZERO,
            from: Time::from_millis(1500),
            length: Time::from_micros(10_333_333),
        }],
        shots: vec![shot("a b.jpg", 0, None), shot("é\".mp4", 2500, Some((250, 8083)))],
    };
    Lock {
        version: Lock::VERSION,
        analyses: BTreeMap::from([("photo-facts".to_owned(), 1)]),
        media: BTreeMap::from([(path("a b.jpg"), Digest::of(b"a")), (path("é\".mp4"), Digest::of(b"e"))]),
        fonts: BTreeMap::from([("Noto Sans Arabic Bold".to_owned(), Digest::of(b"font"))]),
        outputs: vec![output],
    }
}

#[test]
fn a_lock_is_read_as_it_was_written() {
    let text = sample().write();
    assert_eq!(Lock::read("movie.lock", &text).unwrap(), sample());
    assert_eq!(Lock::read("movie.lock", &text.replace('\n', "\r\n")).unwrap(), sample());
    let mut odd = sample();
    odd.outputs[0].shots[0].source = path("two\nlines'\"\"\".jpg");
    assert_eq!(Lock::read("movie.lock", &odd.write()).unwrap(), odd);
}

#[test]
fn each_trouble_has_its_name_and_its_place() {
    let text = sample().write();
    let trouble = |text: &str| Lock::read("movie.lock", text).unwrap_err();
    let merged = text.replacen("[[output.shot]]", "<<<<<<< HEAD\n[[output.shot]]", 1);
    let found = trouble(&merged);
    assert_eq!(found.code, Code::LOCK_CONFLICT);
    let line = merged.lines().position(|line| line.starts_with("<<<<")).unwrap() + 1;
    assert!(found.message.starts_with(&format!("movie.lock:{line}: ")), "{}", found.message);
    assert!(found.help.unwrap().contains("mmm update"));
    assert_eq!(trouble(&text.replace("version = 1", "version = 7")).code, Code::LOCK_VERSION);
    assert_eq!(trouble("").code, Code::LOCK_BAD);
    assert_eq!(trouble(&text.replace("start = 2.5", "start = true")).code, Code::LOCK_BAD);
    assert_eq!(trouble(&text.replace("start = 2.5", "start = 0.0")).code, Code::LOCK_BAD);
    assert_eq!(trouble(&format!("{text}\nsurprise = 1\n")).code, Code::LOCK_BAD);
}

#[test]
fn only_what_decides_shots_is_a_wish() {
    let settings = Settings::default();
    let style = Style { loudness: Loudness(-2000), ..Style::default() };
    let titled = Settings { title: Some("Summer".to_owned()), style, ..settings.clone() };
    assert_eq!(wishes(&settings), wishes(&titled));
    assert_ne!(wishes(&settings), wishes(&Settings { prompt: Some("calm".to_owned()), ..settings.clone() }));
    let lock = sample();
    assert!(lock.kept(&path("movie.mp4"), Digest::of(b"wishes")).is_some());
    assert!(lock.kept(&path("movie.mp4"), Digest::of(b"others")).is_none());
}

#[test]
fn a_renamed_file_keeps_its_shots() {
    let mut lock = sample();
    let mut again = lock.outputs[0].shots[0].clone();
    again.id = "a b.jpg#2".to_owned();
    lock.outputs[0].shots.push(again);
    let (old, new) = (path("a b.jpg"), path("day/c.jpg"));
    let mut media = lock.media.clone();
    let digest = media.remove(&old).unwrap();
    media.insert(new.clone(), digest);
    let renamed = lock.renamed(&media);
    assert_eq!(renamed.media, media);
    let ids: Vec<&str> = renamed.outputs[0].shots.iter().map(|shot| shot.id.as_str()).collect();
    assert_eq!(ids, ["day/c.jpg", "é\".mp4", "day/c.jpg#2"]);
    assert_eq!(renamed.outputs[0].shots[2].source, new);
    // A copy beside the old one is another medium, and so is a gone one without a new one.
    media.insert(old, digest);
    assert_eq!(lock.renamed(&media), lock);
    assert_eq!(lock.renamed(&BTreeMap::new()), lock);
}

#[test]
fn what_no_frame_shows_is_no_change() {
    let old = sample().outputs.remove(0);
    let mut new = old.clone();
    new.shots[1].start += Time::from_millis(5);
    assert_eq!(diff(&old, &new), vec![]);
    new.shots[1].start += Time::from_millis(5);
    let kinds: Vec<ChangeKind> = diff(&old, &new).iter().map(|change| change.kind).collect();
    assert_eq!(kinds, [ChangeKind::Retimed; 2]);
}
