//! Drafts of large clips are built from proxies, and show the same frames.

use std::fs;
use std::path::PathBuf;

use crate::measure::{difference, digest, frames};
use crate::space::{Space, files_below};
use crate::tools::ffmpeg;

/// Writes two clips of 2560 × 1440 pixels whose frames all differ: H.264 with B-frames, and HEVC with open
/// GOPs.
fn write_clips(space: &Space) {
    let write = |name: &str, source: &str, more: &[&str]| {
        let (path, source) = (space.path(name), format!("{source}=s=2560x1440:r=30:d=5"));
        let mut args = vec!["-f", "lavfi", "-i", &source, "-pix_fmt", "yuv420p"];
        args.extend(more);
        args.push(path.to_str().unwrap());
        ffmpeg(&args);
    };
    let h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "25"];
    write("a.mp4", "testsrc2", &h264);
    let hevc =
        ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "keyint=40:open-gop=1:log-level=none"];
    write("b.mp4", "testsrc2", &hevc);
}

const SPEC: &str = "media:
  - { path: a.mp4, required: true, in: 0.7s, out: 3.2s }
  - { path: b.mp4, required: true, in: 1.1s, out: 3.6s }
duration: 5s
rate: 30
constraints: { order: as-listed, cut-on: free }
style: { transitions: cut, titles: off }
";

/// Returns the records of the proxies in the cache.
fn proxy_records(space: &Space) -> Vec<PathBuf> {
    files_below(&space.cache().join("store-v1/records/proxy-v6"))
}

/// Returns the proxies in the cache, which are its only MP4 files.
fn proxy_files(space: &Space) -> Vec<PathBuf> {
    let is_mp4 = |path: &PathBuf| fs::read(path).unwrap().get(4..8) == Some(b"ftyp");
    files_below(&space.cache().join("store-v1/blobs")).into_iter().filter(is_mp4).collect()
}

/// Removes the records of the actions whose kind starts with `kind` from the cache.
fn remove_records(space: &Space, kind: &str) {
    let records = space.cache().join("store-v1/records");
    for entry in fs::read_dir(records).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with(kind) {
            fs::remove_dir_all(entry.path()).unwrap();
        }
    }
}

#[test]
fn a_draft_of_large_clips_shows_the_frames_of_the_final_movie() {
    let space = Space::new().without_models();
    write_clips(&space);
    space.movie(SPEC);
    space.draft();
    assert!(proxy_records(&space).len() > 4, "{:?}", proxy_records(&space));
    space.run(&["build"]).expect_success();
    let draft = frames(&space.path("movie.draft.mp4"), 160, 90);
    let whole = frames(&space.path("movie.mp4"), 160, 90);
    assert_eq!((draft.len(), whole.len()), (150, 150));
    for (at, frame) in draft.iter().enumerate() {
        let around = at.saturating_sub(3)..(at + 4).min(whole.len());
        let nearest =
            around.min_by(|a, b| difference(frame, &whole[*a]).total_cmp(&difference(frame, &whole[*b])));
        assert_eq!(nearest, Some(at), "the draft shows another frame");
        // A draft has a third of the size and is encoded more coarsely.
        assert!(difference(frame, &whole[at]) < 6.0, "frame {at}: {}", difference(frame, &whole[at]));
    }
}

#[test]
fn a_first_draft_makes_each_proxy_once() {
    let space = Space::new().without_models();
    write_clips(&space);
    space.movie(
        &SPEC.replace("transitions: cut", "transitions: dissolve").replace("duration: 5s", "duration: 4s"),
    );
    // With one job, no two segments make the same proxy at the same time.
    space.run(&["build", "--profile", "draft", "--jobs", "1"]).expect_success();
    let made = |record: &PathBuf| fs::read_to_string(record).unwrap().contains("\"made\"");
    let kept = proxy_records(&space).iter().filter(|record| made(record)).count();
    assert!(kept > 4, "{kept} proxies");
    // A proxy that was made longer for the dissolve would have left a shorter one.
    assert_eq!(proxy_files(&space).len(), kept);
}

#[test]
fn a_draft_is_the_same_with_cached_rebuilt_or_damaged_proxies() {
    let space = Space::new().without_models();
    write_clips(&space);
    space.movie(SPEC);
    space.draft();
    let draft = space.path("movie.draft.mp4");
    let (first, records) = (digest(&draft), proxy_records(&space));
    let assert_same_again = || {
        remove_records(&space, "segment");
        space.draft();
        assert_eq!(digest(&draft), first);
        assert_eq!(proxy_records(&space), records);
    };
    assert_same_again();
    remove_records(&space, "proxy");
    assert_same_again();
    // Proxies end where the shots end, at least 0.1 s before the ends of the clips' GOPs, which are 100 and
    // 120 frames long.
    let count: usize = proxy_files(&space).iter().map(|proxy| frames(proxy, 16, 9).len()).sum();
    assert!((200..=210).contains(&count), "{count} frames");
    // A proxy that lost its end would be decoded without an error.
    for proxy in proxy_files(&space) {
        let bytes = fs::read(&proxy).unwrap();
        fs::write(proxy, &bytes[..bytes.len() / 2]).unwrap();
    }
    assert_same_again();
    // A proxy that ends too early is extended and keeps its frames.
    let later = [("0.7s", "0.8s"), ("3.2s", "3.3s"), ("1.1s", "1.2s"), ("3.6s", "3.7s")];
    space.movie(&later.iter().fold(SPEC.to_owned(), |spec, (from, to)| spec.replace(from, to)));
    space.draft();
    let other = digest(&draft);
    assert_ne!(other, first, "another cut is another movie");
    assert_eq!(proxy_records(&space), records);
    remove_records(&space, "proxy");
    remove_records(&space, "segment");
    space.draft();
    assert_eq!(digest(&draft), other);
    space.movie(SPEC);
    remove_records(&space, "segment");
    space.draft();
    assert_eq!(digest(&draft), first, "from proxies that are longer than needed");
}
