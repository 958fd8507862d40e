use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::words;
use mmm_base::{Digest, MediaPath, Rate, Speed, Time, diagnostics::Code};
use mmm_facts::{KeptCue, KeptShot};
use mmm_spec::{Loudness, Settings, Style};

fn path(text: &str) -> MediaPath {
    MediaPath::new(text).unwrap()
}

fn sample() -> Lock {
    let shot = |id: &str, millis: i64, part: Option<(i64, i64)>| KeptShot {
        id: id.to_owned(),
        source: path(id),
        start: Time::from_millis(millis),
        part: part.map(|(from, to)| (Time::from_millis(from), Time::from_millis(to))),
        speed: if part.is_some() { Speed::SLOWEST } else { Speed::NORMAL },
    };
    let output = LockedOutput {
        name: path("movie.mp4"),
        wishes: Digest::of(b"wishes"),
        rate: Some(Rate(30_000, 1001)),
        length: Time::from_micros(10_333_333),
        music: vec![KeptCue {
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
    assert_eq!(trouble(&text.replace("version = 2", "version = 7")).code, Code::LOCK_VERSION);
    let newer = trouble(&text.replace("version = 2", "version = 3")).message;
    assert!(newer.contains("version 3") && newer.contains("up to 2"), "{newer}");
    assert_eq!(trouble("").code, Code::LOCK_BAD);
    let unreadable = trouble("hello\n");
    assert!(unreadable.message.ends_with(": this line is not one that mmm writes"), "{}", unreadable.message);
    assert!(unreadable.help.is_some_and(|help| !help.contains("--ours")));
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
    // A copy beside the original is a new medium, and a missing file without a copy is not renamed.
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

/// A lock of version 1, which stores its reasons as values.
const VERSION_1: &str = include_str!("../../../../fixtures/locks/version-1.lock");

#[test]
fn a_lock_of_version_1_keeps_its_meaning() {
    let old = Lock::read("movie.lock", VERSION_1).unwrap();
    assert_eq!((old.version, old.outputs[0].shots.len()), (1, 6));
    let text = old.write_with_reasons(&reasons_in(VERSION_1));
    assert!(text.contains("version = 2") && !text.contains("\nreason"), "{text}");
    let new = Lock::read("movie.lock", &text).unwrap();
    assert_eq!(new, Lock { version: 2, ..old.clone() });
    assert!(changes(&old, &new).is_empty());
    // The reasons are comments now.
    assert!(
        text.contains("[[output.shot]]\n# chosen; sharp; from the start, in an even passage\nid = "),
        "{text}"
    );
    assert_eq!(reasons_in(&text), reasons_in(VERSION_1));
}

#[test]
fn a_shot_of_version_1_may_be_merged_into_a_newer_lock() {
    let text =
        format!("{}\n[[output.shot]]\nid = \"c.jpg\"\nsource = \"c.jpg\"\nstart = 9.5\n", sample().write());
    let lock = Lock::read("movie.lock", &format!("{text}reason = \"chosen\"\n")).unwrap();
    assert_eq!(lock, Lock::read("movie.lock", &text).unwrap());
}

#[test]
fn comments_and_the_order_of_keys_mean_nothing() {
    let lock = sample();
    let reasons = |text: &str| BTreeMap::from([(path("movie.mp4"), vec![text.to_owned(); 2])]);
    let one = lock.write_with_reasons(&reasons("chosen"));
    let other = lock.write_with_reasons(&reasons("two\nlines"));
    assert_ne!(one, other);
    let swapped = one.replace("length = 10.333333\n\n[[output.music]]", "\n[[output.music]]");
    let swapped =
        swapped.replace("name = \"movie.mp4\"", "length = 10.333333 # how long\nname = \"movie.mp4\"");
    assert_ne!(one, swapped);
    for text in [one, other, swapped] {
        assert_eq!(Lock::read("movie.lock", &text).unwrap(), lock);
    }
}

/// Returns how `words` describes the differences in the sample after `edit`.
fn told(edit: impl FnOnce(&mut Lock)) -> String {
    let mut new = sample();
    edit(&mut new);
    let changes = changes(&sample(), &new);
    assert_eq!(changes.is_empty(), sample().means_the_same(&new));
    words::lock_changes(&changes)
}

#[test]
fn neither_versions_nor_the_order_of_outputs_change_the_meaning() {
    let same = |lock: &mut Lock| {
        lock.version = 1;
        lock.analyses = BTreeMap::from([("photo-facts".to_owned(), 2), ("clip-sound".to_owned(), 1)]);
    };
    assert_eq!(told(same), "");
    let mut two = sample();
    two.outputs.push(LockedOutput { name: path("tall.mp4"), ..two.outputs[0].clone() });
    let mut turned = two.clone();
    turned.outputs.reverse();
    assert!(two.means_the_same(&turned) && changes(&two, &turned).is_empty());
}

#[test]
fn the_shot_that_would_change_is_named_with_its_cause() {
    let replace = |lock: &mut Lock| {
        let shot = &mut lock.outputs[0].shots[1];
        *shot = KeptShot { id: "c.jpg".to_owned(), source: path("c.jpg"), part: None, ..shot.clone() };
        shot.speed = Speed::NORMAL;
    };
    let shot = "shot 2 `é\".mp4` at 2.50 s would become `c.jpg`";
    let gone = |lock: &mut Lock| {
        replace(lock);
        lock.media.remove(&path("é\".mp4"));
        lock.media.insert(path("c.jpg"), Digest::of(b"c"));
    };
    assert_eq!(told(gone), format!("{shot}: `c.jpg` is new, `é\".mp4` is gone"));
    let asked = |lock: &mut Lock| {
        replace(lock);
        lock.outputs[0].wishes = Digest::of(b"others");
    };
    assert_eq!(told(asked), format!("{shot}: the settings that decide its shots changed"));
    let measured = |lock: &mut Lock| {
        replace(lock);
        lock.analyses.insert("photo-facts".to_owned(), 2);
    };
    assert_eq!(told(measured), format!("{shot}: the versions of the facts changed (photo-facts 1 → 2)"));
    let nothing = told(replace);
    assert!(nothing.starts_with(&format!("{shot}: a rule under `media`")), "{nothing}");
}

#[test]
fn a_shot_that_would_last_longer_or_show_another_part_is_named() {
    let edited = |lock: &mut Lock| *lock.media.get_mut(&path("a b.jpg")).unwrap() = Digest::of(b"new");
    let longer = |lock: &mut Lock| {
        edited(lock);
        lock.outputs[0].shots[1].start = Time::from_secs(3);
    };
    assert_eq!(
        told(longer),
        "shot 1 `a b.jpg` at 0.00 s would last 3.00 s instead of 2.50 s: `a b.jpg` changed; \
         2 shots of `movie.mp4` would change in all"
    );
    let later = |lock: &mut Lock| {
        lock.outputs[0].shots[1].part = Some((Time::from_millis(500), Time::from_millis(8083)));
    };
    assert!(told(later).starts_with("shot 2 `é\".mp4` at 2.50 s would show 0.50 s to 8.08 s of its clip: "));
    let shorter = |lock: &mut Lock| drop(lock.outputs[0].shots.pop());
    assert!(told(shorter).starts_with("shot 2 `é\".mp4` at 2.50 s would be removed: "));
    // The lock has to change even though the shots stay.
    assert_eq!(told(edited), "`a b.jpg` changed");
    let renamed = told(|lock| *lock = lock.renamed(&BTreeMap::from([(path("c.jpg"), Digest::of(b"a"))])));
    assert_eq!(renamed, "`a b.jpg` is now `c.jpg`");
    assert_eq!(
        told(|lock| lock.outputs[0].rate = None),
        "the frame rate of `movie.mp4` is different; its shots stay"
    );
    assert_eq!(told(|lock| lock.outputs.clear()), "`movie.mp4` is gone");
    assert_eq!(told(|lock| lock.fonts.clear()), "the font `Noto Sans Arabic Bold` is no longer needed");
}

/// Generates locks with unusual names and times.
fn locks() -> impl Strategy<Value = Lock> {
    let name = || "[^\\x00/\\\\]{1,12}".prop_filter_map("a path", |text| MediaPath::new(&text).ok());
    let time = || (0..86_400_000_000i64).prop_map(Time::from_micros);
    let shot = (name(), time(), proptest::option::of((time(), time())), 250..4000i64, 1..4u32);
    let shots = proptest::collection::vec(shot, 0..6).prop_map(|shots| {
        let mut shots: Vec<KeptShot> = shots
            .into_iter()
            .map(|(source, start, part, speed, turn)| KeptShot {
                id: if turn == 1 { source.to_string() } else { format!("{source}#{turn}") },
                source,
                start,
                part,
                speed: Speed::from_thousandths(speed).unwrap(),
            })
            .collect();
        shots.sort_by_key(|shot| shot.start);
        shots.dedup_by_key(|shot| shot.start);
        shots
    });
    let cue = (name(), time(), time(), time());
    let cue = cue.prop_map(|(source, start, from, length)| KeptCue { source, start, from, length });
    let cues = proptest::collection::vec(cue, 0..3);
    let output =
        (name(), any::<u64>(), proptest::option::of((1..60_000u32, 1..1002u32)), time(), cues, shots);
    let output = output.prop_map(|(name, wishes, rate, length, music, shots)| LockedOutput {
        name,
        wishes: Digest::of(&wishes.to_le_bytes()),
        rate: rate.map(|(num, den)| Rate(num, den)),
        length,
        music,
        shots,
    });
    let media = proptest::collection::btree_map(name(), any::<u64>(), 0..6);
    let analyses = proptest::collection::btree_map("[a-z-]{1,12}", any::<u32>(), 0..4);
    let fonts = proptest::collection::btree_map(".{1,12}", any::<u64>(), 0..2);
    let outputs = proptest::collection::vec(output, 0..3);
    (analyses, media, fonts, outputs).prop_map(|(analyses, media, fonts, outputs)| Lock {
        version: Lock::VERSION,
        analyses,
        media: media.into_iter().map(|(path, n)| (path, Digest::of(&n.to_le_bytes()))).collect(),
        fonts: fonts.into_iter().map(|(name, n)| (name, Digest::of(&n.to_le_bytes()))).collect(),
        outputs,
    })
}

proptest! {
    #[test]
    fn any_lock_is_read_as_it_was_written(lock in locks(), reason in ".{0,20}") {
        let reasons = lock.outputs.iter().map(|output| (output.name.clone(), vec![reason.clone(); 3]));
        let text = lock.write_with_reasons(&reasons.collect());
        prop_assert_eq!(Lock::read("movie.lock", &text).unwrap(), lock.clone());
        prop_assert!(changes(&lock, &Lock::read("movie.lock", &lock.write()).unwrap()).is_empty());
    }

    #[test]
    fn every_change_of_meaning_is_reported(old in locks(), edit in 0..8usize) {
        let mut new = old.clone();
        let Some(output) = new.outputs.first_mut() else { return Ok(()) };
        match edit {
            0 => output.wishes = Digest::of(b"other"),
            1 => output.rate = None,
            2 => output.length += Time::from_micros(1),
            3 => output.music.clear(),
            4 => drop(output.shots.pop()),
            5 => output.shots.iter_mut().for_each(|shot| shot.source = path("other.jpg")),
            6 => output.name = path("other.mp4"),
            _ => drop(new.outputs.remove(0)),
        }
        let changes = changes(&old, &new);
        prop_assert_eq!(changes.is_empty(), old.means_the_same(&new));
        prop_assert_eq!(words::lock_changes(&changes).is_empty(), old.means_the_same(&new));
    }
}
