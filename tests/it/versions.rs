//! Versions of one photo or clip: copies, pairs of a photo and a clip, edits, proxies and thumbnails.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::measure::{difference, frames};
use crate::space::{Space, figure, fixture};
use crate::tools::ffmpeg;

/// Writes a photo of a fixture or example as a JPEG whose longer side has at most `side` pixels, without
/// metadata.
fn write_copy(space: &Space, from: &Path, name: &str, side: u32) {
    let longer =
        format!("scale='if(gt(iw,ih),min(iw,{side}),-2)':'if(gt(iw,ih),-2,min(ih,{side}))':flags=lanczos");
    let to = space.path(name);
    let args = ["-i", from.to_str().unwrap(), "-vf", &longer, "-map_metadata", "-1", "-q:v", "5"];
    ffmpeg(&[&args[..], &["-f", "mjpeg", to.to_str().unwrap()]].concat());
}

/// Writes a clip of a fixture through a filter, with options of the output.
fn write_clip(space: &Space, from: &str, name: &str, filter: &str, options: &[&str]) {
    let (from, to) = (fixture(from), space.path(name));
    let args = ["-i", from.to_str().unwrap(), "-vf", filter, "-c:v", "libx264", "-preset", "veryfast"];
    ffmpeg(&[&args[..], &["-pix_fmt", "yuv420p"], options, &["-f", "mov", to.to_str().unwrap()]].concat());
}

fn example(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/first-movie/photos").join(name)
}

/// Inserts EXIF with a capture time into a JPEG.
fn date(space: &Space, name: &str, time: &str) {
    let path = space.path(name);
    let mut jpeg = fs::read(&path).unwrap();
    // A little-endian TIFF: IFD0 points to the Exif IFD, which has DateTimeOriginal only.
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    exif.extend(*b"\x01\0\x69\x87\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0");
    exif.extend(*b"\x01\0\x03\x90\x02\0\x14\0\0\0\x2c\0\0\0\0\0\0\0");
    exif.extend(time.as_bytes());
    exif.push(0);
    let mut segment = vec![0xff, 0xe1];
    segment.extend((exif.len() as u16 + 2).to_be_bytes());
    segment.extend(exif);
    jpeg.splice(2..2, segment);
    fs::write(path, jpeg).unwrap();
}

/// Returns the plan and the paths of its shots.
#[track_caller]
fn plan(space: &Space) -> (Value, Vec<String>) {
    let plan = space.last_event(&["plan", "--json"]);
    let shots = plan["shots"].as_array().unwrap().iter();
    let shown = shots.map(|shot| shot["source"].as_str().unwrap().to_owned()).collect();
    (plan, shown)
}

/// Returns why a medium is left out.
#[track_caller]
fn reason<'a>(plan: &'a Value, path: &str) -> &'a str {
    let left = plan["left_out"].as_array().unwrap();
    let found = left.iter().find(|left| left["source"] == path);
    found.unwrap_or_else(|| panic!("{path} is shown"))["reason"].as_str().unwrap()
}

#[test]
fn the_original_wins_over_every_smaller_copy() {
    let names =
        ["bee", "dandelion", "dogs", "evening", "fig", "hill", "nuthatch", "path", "stream", "sunset"];
    let space = Space::new();
    for name in names {
        let photo = example(&format!("{name}.jpg"));
        fs::copy(&photo, space.path(&format!("photos/x_{name}.jpg"))).unwrap();
        for side in [1600, 1280, 1024, 800, 640] {
            write_copy(&space, &photo, &format!("photos/{side}_{name}.jpg"), side);
        }
    }
    space.movie("media: photos/\nstyle: {titles: off}\n");
    let (plan, mut shown) = plan(&space);
    shown.sort();
    assert_eq!(shown, names.map(|name| format!("photos/x_{name}.jpg")));
    for name in names {
        let why = reason(&plan, &format!("photos/640_{name}.jpg"));
        // It may be a copy of another copy.
        assert!(why.starts_with("copy of photos/") && why.contains(name), "{why}");
        assert!(why.contains("which has more pixels"), "{why}");
    }
}

#[test]
fn a_required_copy_and_an_opening_are_shown() {
    let space = Space::with_photos(&["hill", "bee"]);
    write_copy(&space, &fixture("photos/hill.jpg"), "photos/IMG-20240914-WA0001.jpg", 600);
    write_copy(&space, &fixture("photos/bee.jpg"), "photos/small bee.jpg", 600);
    space.movie(
        "media:\n  - photos/\n  - path: photos/IMG-20240914-WA0001.jpg\n    required: true\n  \
         - path: photos/small bee.jpg\n    role: opening\n",
    );
    let (result, shown) = plan(&space);
    assert_eq!(shown, ["photos/small bee.jpg", "photos/IMG-20240914-WA0001.jpg"]);
    let why = "copy of photos/IMG-20240914-WA0001.jpg, which is required";
    assert_eq!(reason(&result, "photos/hill.jpg"), why);
    let required = |path: &str| format!("  - path: {path}\n    required: true\n");
    let rules = ["photos/hill.jpg", "photos/IMG-20240914-WA0001.jpg"].map(required).concat();
    space.movie(&format!("media:\n  - photos/\n{rules}"));
    let shown = plan(&space).1;
    assert!(shown.contains(&"photos/hill.jpg".to_owned()), "{shown:?}");
    assert!(shown.contains(&"photos/IMG-20240914-WA0001.jpg".to_owned()), "{shown:?}");
}

#[test]
fn a_live_photo_is_shown_as_its_photo_under_every_naming() {
    for (still, moving) in [
        ("IMG_0001.HEIC", "IMG_0001.MOV"),
        ("IMG_0001.HEIC", "IMG_0001_HEVC.MOV"),
        ("IMG_0001.HEIC", "IMG_0001.HEIC.MP4"),
        ("IMG_0001.heic", "img_0001.mov"),
        ("PXL_20240914_101500123.MP.jpg", "PXL_20240914_101500123.MP"),
        ("IMG_0001(1).JPG", "IMG_0001(1).MP4"),
    ] {
        let space = Space::with_photos(&["fig", "bee"]);
        space.take("photos/dogs.jpg", &format!("photos/{still}"));
        space.take("clips/rabbit.mp4", &format!("photos/{moving}"));
        // What phones keep beside photos is no mistake, and no medium.
        space.write("photos/IMG_0001.AAE", "<?xml version=\"1.0\"?><plist version=\"1.0\"></plist>");
        space.movie("media: photos/\n");
        let run = space.run(&["plan", "--json"]).expect_success();
        // The bee is of another year.
        let mut codes = run.codes();
        codes.retain(|code| code != "mmm::media::odd-time");
        assert_eq!(codes, [""; 0], "{still}");
        let (plan, shown) = plan(&space);
        assert_eq!(shown.len(), 3, "{shown:?}");
        let why = reason(&plan, &format!("photos/{moving}"));
        assert_eq!(why, format!("clip that belongs to the photo photos/{still}"));
    }
    // A camera that counts photos and clips alike.
    let space = Space::with_photos(&["fig"]);
    space.take("photos/dogs.jpg", "photos/DSC_0001.JPG");
    write_clip(&space, "clips/rabbit.mp4", "photos/DSC_0001.MOV", "setpts=3*PTS", &["-an"]);
    space.movie("media: photos/\n");
    assert_eq!(plan(&space).1.len(), 3);
}

#[test]
fn the_edit_is_shown_in_the_finished_movie() {
    for (original, edit) in [
        ("IMG_1002.JPG", "IMG_E1002.JPG"),
        ("IMG_1002.jpg", "IMG_1002-bearbeitet.jpg"),
        ("IMG_1002.jpg", "IMG_1002~2.jpg"),
    ] {
        let space = Space::new();
        let (original, edit) = (format!("photos/{original}"), format!("photos/{edit}"));
        write_copy(&space, &fixture("photos/bee.jpg"), &original, 960);
        let to = space.path(&edit);
        let filter = "crop=600:600:300:0,hflip,hue=s=0";
        let from = fixture("photos/bee.jpg");
        let args = ["-i", from.to_str().unwrap(), "-vf", filter, "-map_metadata", "-1", "-q:v", "3"];
        ffmpeg(&[&args[..], &["-f", "mjpeg", to.to_str().unwrap()]].concat());
        for name in [&original, &edit] {
            date(&space, name, "2024:05:01 10:02:00");
        }
        space.movie(
            "media: photos/\nduration: 2s\nstyle: {photos: still, fit: contain, titles: off, transitions: cut}\n",
        );
        let (result, shown) = plan(&space);
        assert_eq!(shown, std::slice::from_ref(&edit));
        assert_eq!(reason(&result, &original), format!("edited as {edit}"));
        space.draft();
        let movie = frames(&space.path("movie.draft.mp4"), 64, 36).swap_remove(30);
        let wanted = crate::measure::decode(
            &space.path(&edit),
            &["-vf", "scale=36:36,pad=64:36:14:0", "-pix_fmt", "gray", "-f", "rawvideo"],
        );
        let apart = difference(&movie, &wanted);
        assert!(apart < 8.0, "{edit} is {apart} away");
        // Two photos of two times are two photos.
        write_copy(&space, &fixture("photos/dogs.jpg"), &original, 960);
        date(&space, &original, "2024:05:01 16:30:00");
        space.movie("media: photos/\n");
        assert_eq!(plan(&space).1.len(), 2, "{edit}");
    }
}

#[test]
fn proxies_thumbnails_and_small_copies_of_clips_are_left_out() {
    let space = Space::with_photos(&["fig", "bee"]);
    space.take("clips/rabbit.mp4", "clips/GX010123.MP4");
    write_clip(&space, "clips/rabbit.mp4", "clips/GL010123.LRV", "scale=432:-2", &["-crf", "30"]);
    write_clip(&space, "clips/rabbit.mp4", "clips/VID-WA0001.mp4", "scale=320:-2", &["-crf", "34"]);
    write_clip(&space, "clips/rabbit.mp4", "clips/Proxy/GX010123.mov", "scale=320:-2,fps=12", &["-an"]);
    let (from, to) = (fixture("clips/rabbit.mp4"), space.path("clips/GX010123.THM"));
    let still = ["-i", from.to_str().unwrap(), "-frames:v", "1", "-vf", "scale=160:-2", "-f", "mjpeg"];
    ffmpeg(&[&still[..], &[to.to_str().unwrap()]].concat());
    space.movie("media: [photos/, clips/]\n");
    let (plan, shown) = plan(&space);
    let clips: Vec<_> = shown.iter().filter(|path| path.starts_with("clips/")).collect();
    assert_eq!(clips, ["clips/GX010123.MP4"]);
    assert_eq!(reason(&plan, "clips/GL010123.LRV"), "proxy of clips/GX010123.MP4");
    assert_eq!(reason(&plan, "clips/Proxy/GX010123.mov"), "proxy of clips/GX010123.MP4");
    assert_eq!(reason(&plan, "clips/GX010123.THM"), "thumbnail of clips/GX010123.MP4");
    // It is a copy of the clip, and shows what its thumbnail shows.
    let why = reason(&plan, "clips/VID-WA0001.mp4");
    assert!(why.contains("clips/GX010123"), "{why}");
}

#[test]
fn different_photos_and_clips_are_no_copies_of_each_other() {
    let space = Space::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/first-movie/photos");
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    for (index, path) in names.iter().enumerate() {
        // Sizes of all kinds, so that each could be the smaller copy of another.
        let name = format!("photos/{}", path.file_name().unwrap().to_str().unwrap());
        write_copy(&space, path, &name, [1200, 900, 600][index % 3]);
    }
    for clip in ["rabbit.mp4", "two-shots.mp4", "frozen.mp4", "vp9.webm", "av1.mkv"] {
        space.take(&format!("clips/{clip}"), &format!("clips/{clip}"));
    }
    space.movie("media: [photos/, clips/]\n");
    let (plan, _) = plan(&space);
    for left in plan["left_out"].as_array().unwrap() {
        let (path, why) = (left["source"].as_str().unwrap(), left["reason"].as_str().unwrap());
        // The one photo of the examples that repeats another, seconds later and a little closer.
        let is_again = path.contains("path");
        assert!(is_again || !why.contains("copy of"), "{path}: {why}");
    }
}

#[test]
fn a_movie_of_versions_passes_the_review() {
    let space = Space::with_photos(&["fig", "bee", "dogs"]);
    write_copy(&space, &fixture("photos/hill.jpg"), "photos/IMG_0001.jpg", 960);
    let (from, to) = (fixture("photos/hill.jpg"), space.path("photos/IMG_0001-edited.jpg"));
    // So dark that it counts as underexposed.
    let dark =
        ["-i", from.to_str().unwrap(), "-vf", "hflip,crop=500:500,colorlevels=romax=0.1:gomax=0.1:bomax=0.1"];
    ffmpeg(&[&dark[..], &["-q:v", "2", "-map_metadata", "-1", to.to_str().unwrap()]].concat());
    space.movie("media: photos/\nduration: 8s\nstyle: {titles: off}\nconstraints: {shot: 1s..2s}\n");
    let (_, shown) = plan(&space);
    assert!(shown.contains(&"photos/IMG_0001-edited.jpg".to_owned()), "{shown:?}");
    space.run(&["build"]).expect_success();
    let run = space.run(&["review", "--json"]);
    assert_eq!(figure(&run.review_event(), "rejects shown")["holds"], true, "{}", run.stdout);
}
