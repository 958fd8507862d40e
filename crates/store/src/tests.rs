use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use super::*;
use mmm_base::{Digest, Key, action_key};

const STILLS: Bucket = Bucket { kind: "still", version: 1 };

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
    let key = action_key("still", 1, &1);
    let record = Record { blobs: vec![], seconds: 0.5, made_of: None, value: "v".to_owned() };
    store.set_record(STILLS, key, &record).unwrap();
    assert_eq!(store.record(STILLS, key), Some(record));
    let path = store.entries().pop().unwrap().path;
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.len() - 3;
    bytes[last] ^= 1;
    fs::write(&path, bytes).unwrap();
    assert_eq!(store.record::<String>(STILLS, key), None);
    assert!(!path.exists());
}

/// Adds a blob, and a record of action `n` that refers to it.
fn keep_record(store: &Store, n: u32) -> (Key, Digest) {
    let blob = keep(store, format!("{n:0100}").as_bytes());
    let key = action_key("still", 1, &n);
    let record = Record { blobs: vec![blob], seconds: 0.5, made_of: None, value: n };
    store.set_record(STILLS, key, &record).unwrap();
    (key, blob)
}

fn has(store: &Store, (key, blob): (Key, Digest)) -> (bool, bool) {
    (store.record_path(STILLS, key).exists(), store.has_blob(blob))
}

#[test]
fn the_longest_unused_goes_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let blobs: Vec<Digest> = (0..4u8).map(|n| keep(&store, &[n; 100])).collect();
    for (age, digest) in blobs.iter().enumerate() {
        let file = fs::File::options().append(true).open(store.blob_path(*digest)).unwrap();
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1000 + age as u64);
        file.set_modified(time).unwrap();
    }
    let collector = store.share().unwrap();
    drop(store);
    assert_eq!(collector.collect(200).unwrap(), Removal { entries: 2, bytes: 200, held_bytes: 0 });
    let left: Vec<bool> = blobs.iter().map(|digest| collector.has_blob(*digest)).collect();
    assert_eq!(left, [false, false, true, true]);
}

#[test]
fn what_an_open_handle_used_is_not_removed() {
    let folder = tempfile::tempdir().unwrap();
    let entries: Vec<_> = (0..4).map(|n| keep_record(&Store::open(folder.path()).unwrap(), n)).collect();
    // One process with two projects, and another process.
    let one = Store::open(folder.path()).unwrap();
    let two = one.share().unwrap();
    let other = Store::open(folder.path()).unwrap();
    one.record::<u32>(STILLS, entries[0].0).unwrap();
    two.record::<u32>(STILLS, entries[1].0).unwrap();
    let written = keep_record(&two.clone(), 9);
    let draft = two.draft().unwrap();
    let left = |store: &Store| entries.iter().map(|entry| has(store, *entry)).collect::<Vec<_>>();
    let (both, none) = ((true, true), (false, false));
    assert!(other.clear().unwrap().held_bytes > 300, "three blobs of 100 bytes and their records");
    assert_eq!(left(&other), [both, both, none, none]);
    assert_eq!(has(&other, written), both);
    assert!(draft.path().exists());
    drop(one);
    other.clear().unwrap();
    assert_eq!(left(&other), [none, both, none, none]);
    // What is looked up during `renew` stays; the rest is removed.
    drop(draft);
    two.renew(|| assert_eq!(two.record::<u32>(STILLS, written.0).unwrap().value, 9));
    other.clear().unwrap();
    assert_eq!(left(&other), [none; 4]);
    assert_eq!(has(&other, written), both);
    drop(two);
    other.clear().unwrap();
    assert_eq!(other.stats().entries, 0);
}

#[test]
fn leases_and_drafts_of_killed_processes_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let gone = Store::open(folder.path()).unwrap();
    let entry = keep_record(&gone, 1);
    let lease = fs::read_dir(store.root().join("leases")).unwrap().flatten().map(|entry| entry.path());
    let lease = lease.max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap();
    let names = fs::read(&lease).unwrap();
    drop(gone);
    // As after kill -9: the files exist, and nobody has the lock.
    fs::write(&lease, names).unwrap();
    fs::write(store.root().join("tmp/.tmpAbCdEf"), "half").unwrap();
    store.clear().unwrap();
    assert_eq!(has(&store, entry), (false, false));
    assert!(!lease.exists() && !store.root().join("tmp/.tmpAbCdEf").exists());
}

#[test]
fn a_lease_that_could_not_be_written_holds_everything() {
    let folder = tempfile::tempdir().unwrap();
    let entry = keep_record(&Store::open(folder.path()).unwrap(), 1);
    let store = Store::open(folder.path()).unwrap();
    let full = Store::open(folder.path()).unwrap();
    full.draft().unwrap();
    for path in fs::read_dir(store.root().join("leases")).unwrap().flatten().map(|entry| entry.path()) {
        if fs::metadata(&path).unwrap().len() > 0 {
            fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o400)).unwrap();
        }
    }
    store.clear().unwrap();
    assert_eq!(has(&store, entry), (true, true));
    full.renew(|| ());
    store.clear().unwrap();
    assert_eq!(has(&store, entry), (false, false));
}

#[test]
fn nothing_is_removed_if_the_leases_cannot_be_listed() {
    let folder = tempfile::tempdir().unwrap();
    let entry = keep_record(&Store::open(folder.path()).unwrap(), 1);
    let store = Store::open(folder.path()).unwrap();
    let leases = store.root().join("leases");
    fs::rename(&leases, folder.path().join("away")).unwrap();
    assert_eq!(store.clear().unwrap().entries, 0);
    assert_eq!(has(&store, entry), (true, true));
    fs::rename(folder.path().join("away"), &leases).unwrap();
    store.clear().unwrap();
    assert_eq!(has(&store, entry), (false, false));
}

#[test]
fn what_was_found_stays_whatever_is_collected_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let collector = Store::open(folder.path()).unwrap();
    std::thread::scope(|scope| {
        let builds: Vec<_> = (0..3u32)
            .map(|thread| {
                let folder = folder.path();
                scope.spawn(move || {
                    for turn in 0..40 {
                        let store = Store::open(folder).unwrap();
                        for n in (0..8).map(|n| (n * 5 + thread + turn) % 12) {
                            let key = action_key("still", 1, &n);
                            let known = store.record::<u32>(STILLS, key);
                            let blob = match known
                                .map(|known| known.blobs[0])
                                .filter(|blob| store.has_blob(*blob))
                            {
                                Some(blob) => blob,
                                // The record was removed before it was looked up, so it is written again.
                                None => keep_record(&store, n).1,
                            };
                            // From here on, any entry but this one may be removed.
                            std::thread::yield_now();
                            assert!(store.read_blob(blob).unwrap().is_some());
                        }
                    }
                })
            })
            .collect();
        while builds.iter().any(|build| !build.is_finished()) {
            collector.clear().unwrap();
        }
    });
    collector.clear().unwrap();
    assert_eq!(collector.stats().entries, 0);
}

#[test]
fn a_store_that_somebody_keeps_locked_is_busy() {
    let folder = tempfile::tempdir().unwrap();
    keep(&Store::open(folder.path()).unwrap(), b"frames");
    let store = Store::open(folder.path()).unwrap();
    let build = fs::File::open(store.root().join("lock")).unwrap();
    build.lock_shared().unwrap();
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

/// Returns the paths of a blob and a record.
fn paths(store: &Store, digest: Digest, key: Key) -> [PathBuf; 2] {
    [store.blob_path(digest), store.record_path(STILLS, key)]
}

#[test]
fn foreign_files_are_not_removed() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let name = Digest::of(b"theirs").to_string();
    let shard = &name[..2];
    // A foreign folder that looks like one of the store, at every level.
    let theirs = [
        name.clone(),
        format!("{shard}/{name}"),
        format!("still-v1/{shard}/{name}"),
        ".tmpAb12Cd".to_owned(),
        "notes.txt".to_owned(),
    ];
    for path in theirs.iter().map(|name| outside.path().join(name)) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "theirs").unwrap();
    }
    let root = store.root();
    let links = [
        format!("blobs/{shard}"),
        "records/x-v1".to_owned(),
        "records/still-v1".to_owned(),
        "tmp/.tmpAb12Cd".to_owned(),
        format!("stamps/{name}"),
    ];
    for link in links.iter().map(|link| root.join(link)) {
        symlink(outside.path(), link).unwrap();
    }
    fs::create_dir_all(root.join(format!("records/segment-v1/{shard}"))).unwrap();
    symlink(outside.path().join(&name), root.join(format!("records/segment-v1/{shard}/{name}"))).unwrap();
    symlink(outside.path(), root.join("records/segment-v1/ab")).unwrap();
    // Files in the store's folders whose names are not the store's.
    let strangers =
        ["blobs/holiday.mp4", "records/notes.txt", "stamps/a.txt", "tmp/film.mp4", "tmp/folder/a"];
    for path in strangers.map(|name| root.join(name)) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "theirs").unwrap();
    }
    let own = keep(&store.share().unwrap(), b"ours");
    let key = action_key("still", 1, &2);
    assert_eq!(store.stats().entries, 1);
    assert_eq!(store.record::<String>(STILLS, key), None);
    store.drop_record(STILLS, key);
    assert_eq!(store.verify().unwrap(), (1, vec![]));
    assert_eq!(store.clear().unwrap().entries, 1);
    assert!(!store.has_blob(own));
    for name in &theirs {
        assert_eq!(fs::read_to_string(outside.path().join(name)).unwrap(), "theirs", "{name}");
    }
    for name in strangers {
        assert!(root.join(name).exists(), "{name}");
    }
}

#[test]
fn no_link_is_read_or_written_through() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let digest = keep(&store, b"frames");
    let key = action_key("still", 1, &1);
    let record = Record { blobs: vec![digest], seconds: 0.5, made_of: None, value: "v".to_owned() };
    store.set_record(STILLS, key, &record).unwrap();
    // Moves the folders elsewhere and links to them: the store must not read or write through the links.
    for (depth, path) in [1, 1, 2].into_iter().zip(paths(&store, digest, key).into_iter().cycle()) {
        let link = path.ancestors().nth(depth).unwrap();
        let moved = outside.path().join(link.file_name().unwrap());
        fs::rename(link, &moved).unwrap();
        symlink(&moved, link).unwrap();
        let held = |store: &Store| {
            let blob = store.has_blob(digest) && store.read_blob(digest).unwrap().is_some();
            (
                blob && store.open_blob(digest).unwrap().is_some(),
                store.record::<String>(STILLS, key).is_some(),
            )
        };
        let is_blob = path == store.blob_path(digest);
        assert_eq!(held(&store), (!is_blob, is_blob), "{}", path.display());
        let mut draft = store.draft().unwrap();
        draft.write_all(b"frames").unwrap();
        let refused =
            if is_blob { store.keep(draft).map(drop) } else { store.set_record(STILLS, key, &record) };
        assert!(matches!(refused, Err(StoreError::Foreign { path }) if path == link));
        store.drop_record(STILLS, key);
        fs::remove_file(link).unwrap();
        fs::rename(&moved, link).unwrap();
        if is_blob {
            store.set_record(STILLS, key, &record).unwrap();
        }
        assert_eq!(held(&store), (true, true));
    }
    // A link at the path of an entry is replaced by a file.
    for path in paths(&store, digest, key) {
        let moved = outside.path().join("moved");
        fs::rename(&path, &moved).unwrap();
        let before = fs::read(&moved).unwrap();
        symlink(&moved, &path).unwrap();
        assert!(store.read_blob(digest).unwrap().is_none() || store.record::<String>(STILLS, key).is_none());
        keep(&store, b"frames");
        store.set_record(STILLS, key, &record).unwrap();
        assert!(fs::symlink_metadata(&path).unwrap().is_file());
        assert_eq!(fs::read(&moved).unwrap(), before);
    }
}

#[test]
fn a_store_with_links_for_its_own_folders_is_refused() {
    let outside = tempfile::tempdir().unwrap();
    for name in [
        "store-v1",
        "store-v1/blobs",
        "store-v1/records",
        "store-v1/stamps",
        "store-v1/tmp",
        "store-v1/leases",
        "store-v1/lock",
    ] {
        for target in [outside.path().to_owned(), outside.path().join("new")] {
            let folder = tempfile::tempdir().unwrap();
            let link = folder.path().join(name);
            fs::create_dir_all(link.parent().unwrap()).unwrap();
            symlink(&target, &link).unwrap();
            let opened = Store::open(folder.path());
            assert!(matches!(opened, Err(StoreError::Foreign { path }) if path == link), "{name}");
            assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0, "{name}");
        }
    }
    // The cache folder itself may be a link, because the user named it. But its tag must not be written
    // through a link.
    let folder = tempfile::tempdir().unwrap();
    symlink(outside.path(), folder.path().join("cache")).unwrap();
    symlink(folder.path().join("new"), outside.path().join("CACHEDIR.TAG")).unwrap();
    keep(&Store::open(&folder.path().join("cache")).unwrap(), b"frames");
    assert!(outside.path().join("store-v1/blobs").is_dir() && !folder.path().join("new").exists());
}
