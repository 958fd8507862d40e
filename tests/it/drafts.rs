//! Drafts of large clips are made of small copies, and nobody can tell but by the time that it takes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::space::{Space, ffmpeg, frames};

/// Two clips of 2560×1440, of which every frame differs from the others: H.264 with pictures between pictures, and HEVC
/// with open groups.
fn footage(space: &Space) {
    let of = |name: &str, source: &str, more: &[&str]| {
        let (path, source) = (space.path(name), format!("{source}=s=2560x1440:r=30:d=5"));
        let mut args = vec!["-f", "lavfi", "-i", &source, "-pix_fmt", "yuv420p"];
        args.extend(more);
        args.push(path.to_str().unwrap());
        ffmpeg(&args);
    };
    let h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "25"];
    of("a.mp4", "testsrc2", &h264);
    let hevc =
        ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "keyint=40:open-gop=1:log-level=none"];
    of("b.mp4", "testsrc2", &hevc);
}

const SPEC: &str = "media:
  - { path: a.mp4, required: true, in: 0.7s, out: 3.2s }
  - { path: b.mp4, required: true, in: 1.1s, out: 3.6s }
duration: 5s
rate: 30
constraints: { order: as-listed, cut-on: free }
style: { transitions: cut, titles: off }
";

fn proxies(space: &Space) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![space.cache().join("store-v1/records/proxy-v2")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                found.insert(entry.path());
            }
        }
    }
    found
}

/// The files of the small copies.
fn copies(space: &Space) -> Vec<PathBuf> {
    let folders = fs::read_dir(space.cache().join("store-v1/blobs")).unwrap().flatten();
    let files = folders.flat_map(|folder| fs::read_dir(folder.path()).unwrap().flatten());
    let is_mp4 = |path: &PathBuf| fs::read(path).unwrap().get(4..8) == Some(b"ftyp");
    files.map(|file| file.path()).filter(is_mp4).collect()
}

fn forget(space: &Space, kind: &str) {
    let records = space.cache().join("store-v1/records");
    for entry in fs::read_dir(records).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with(kind) {
            fs::remove_dir_all(entry.path()).unwrap();
        }
    }
}

fn digest(path: &Path) -> blake3::Hash {
    blake3::hash(&fs::read(path).unwrap())
}

/// The mean difference of two frames in levels of grey.
fn difference(one: &[u8], other: &[u8]) -> f64 {
    let sum: u64 = one.iter().zip(other).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.len() as f64
}

#[test]
fn a_draft_of_large_clips_shows_the_frames_of_the_final_movie() {
    let space = Space::new();
    footage(&space);
    space.movie(SPEC);
    space.draft();
    assert!(proxies(&space).len() > 4, "small copies are made: {:?}", proxies(&space));
    space.run(&["build"]).expect_success();
    let draft = frames(&space.path("movie.draft.mp4"), 160, 90);
    let whole = frames(&space.path("movie.mp4"), 160, 90);
    assert_eq!((draft.len(), whole.len()), (150, 150));
    for (at, frame) in draft.iter().enumerate() {
        let around = at.saturating_sub(3)..(at + 4).min(whole.len());
        let nearest =
            around.min_by(|a, b| difference(frame, &whole[*a]).total_cmp(&difference(frame, &whole[*b])));
        assert_eq!(nearest, Some(at), "the draft shows another frame");
        // As far from it as a third of the size and a coarse encode are.
        assert!(difference(frame, &whole[at]) < 6.0, "frame {at}: {}", difference(frame, &whole[at]));
    }
}

#[test]
fn a_draft_is_the_same_whether_its_small_copies_are_there_made_anew_or_damaged() {
    let space = Space::new();
    footage(&space);
    space.movie(SPEC);
    space.draft();
    let draft = space.path("movie.draft.mp4");
    let (first, made) = (digest(&draft), proxies(&space));
    let again = || {
        forget(&space, "segment");
        space.draft();
        assert_eq!(digest(&draft), first);
        assert_eq!(proxies(&space), made);
    };
    again();
    forget(&space, "proxy");
    again();
    // Both shots end a tenth of a second and more before their last groups, of 100 and 120 pictures with those before.
    let copied: usize = copies(&space).iter().map(|copy| frames(copy, 16, 9).len()).sum();
    assert!((200..=210).contains(&copied), "{copied} pictures");
    // A blob that lost its end would be played without it.
    for copy in copies(&space) {
        let bytes = fs::read(&copy).unwrap();
        fs::write(copy, &bytes[..bytes.len() / 2]).unwrap();
    }
    again();
    // Copies grow where they end too early, and pictures that were there stay as they were.
    let later = [("0.7s", "0.8s"), ("3.2s", "3.3s"), ("1.1s", "1.2s"), ("3.6s", "3.7s")];
    space.movie(&later.iter().fold(SPEC.to_owned(), |spec, (from, to)| spec.replace(from, to)));
    space.draft();
    let other = digest(&draft);
    assert_ne!(other, first, "another cut is another movie");
    assert_eq!(proxies(&space), made);
    forget(&space, "proxy");
    forget(&space, "segment");
    space.draft();
    assert_eq!(digest(&draft), other);
    space.movie(SPEC);
    forget(&space, "segment");
    space.draft();
    assert_eq!(digest(&draft), first, "from copies that are longer than needed");
}
