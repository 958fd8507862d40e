use std::fs;
use std::io::{self, Write};

use super::*;
use mmm_base::{Digest, action_key};

const PIECES: Bucket = Bucket { kind: "piece", version: 1 };

fn keep(store: &Store, bytes: &[u8]) -> Digest {
    let mut draft = store.draft().unwrap();
    draft.write_all(bytes).unwrap();
    store.keep(draft).unwrap()
}

#[test]
fn a_blob_is_found_by_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let digest = keep(&store, b"frames");
    assert_eq!(digest, Digest::of(b"frames"));
    assert_eq!(store.read_blob(digest).unwrap().unwrap(), b"frames");
    assert_eq!(store.read_blob(Digest::of(b"others")).unwrap(), None);
}

#[test]
fn a_damaged_blob_is_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let digest = keep(&store, b"frames");
    assert_eq!(io::read_to_string(store.open_blob(digest).unwrap().unwrap()).unwrap(), "frames");
    fs::write(store.blob_path(digest), b"frxmes").unwrap();
    assert_eq!(store.read_blob(digest).unwrap(), None);
    assert!(!store.has_blob(digest));
    keep(&store, b"frames");
    fs::write(store.blob_path(digest), b"frxmes").unwrap();
    assert!(store.open_blob(digest).unwrap().is_none());
    assert!(!store.has_blob(digest));
    assert!(store.open_blob(digest).unwrap().is_none());
}

#[test]
fn a_damaged_record_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let key = action_key("piece", 1, &1);
    let record = Record { blobs: vec![], seconds: 0.5, made_of: None, value: "v".to_owned() };
    store.set_record(PIECES, key, &record).unwrap();
    assert_eq!(store.record(PIECES, key), Some(record));
    let path = store.entries().pop().unwrap().path;
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.len() - 3;
    bytes[last] ^= 1;
    fs::write(&path, bytes).unwrap();
    assert_eq!(store.record::<String>(PIECES, key), None);
    assert!(!path.exists());
}

#[test]
fn the_longest_unused_goes_first_and_what_is_needed_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let blobs: Vec<Digest> = (0..4u8).map(|n| keep(&store, &[n; 100])).collect();
    for (age, digest) in blobs.iter().enumerate() {
        let file = fs::File::options().append(true).open(store.blob_path(*digest)).unwrap();
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1000 + age as u64);
        file.set_modified(time).unwrap();
    }
    let removal = store.collect(200, &Needed { blobs: [blobs[0]].into(), ..Needed::default() }).unwrap();
    assert_eq!(removal, Removal { entries: 2, bytes: 200 });
    let left: Vec<bool> = blobs.iter().map(|digest| store.has_blob(*digest)).collect();
    assert_eq!(left, [true, false, false, true]);
}

#[test]
fn nothing_is_collected_under_a_build() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let build = Store::open(folder.path()).unwrap();
    assert!(matches!(store.clear(), Err(StoreError::Busy { .. })));
    drop(build);
    assert!(store.clear().is_ok());
}

#[test]
fn a_file_just_changed_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let path = folder.path().join("a.jpg");
    fs::write(&path, b"one").unwrap();
    let stamp = Stamp::of(&fs::metadata(&path).unwrap());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now_ns = now.as_nanos() as i128;
    let mut stamps = Stamps::load(&store, folder.path());
    stamps.remember("a.jpg", stamp, Digest::of(b"one"), now_ns);
    assert_eq!(stamps.digest("a.jpg", stamp), None);
    stamps.remember("a.jpg", stamp, Digest::of(b"one"), now_ns + 3_000_000_000);
    stamps.save(&store).unwrap();
    let stamps = Stamps::load(&store, folder.path());
    assert_eq!(stamps.digest("a.jpg", stamp), Some(Digest::of(b"one")));
    fs::write(&path, b"two").unwrap();
    assert_eq!(stamps.digest("a.jpg", Stamp::of(&fs::metadata(&path).unwrap())), None);
}
