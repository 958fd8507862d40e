//! Live Photos and Motion Photos: a photo and its moving picture are one medium, which plays or stays still.

use std::fs;

use serde_json::Value;

use crate::measure::{difference, frames, probe, stream};
use crate::space::{Space, fixture};
use crate::tools::ffmpeg;

const SPACES: &str = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
    xmlns:GCamera='http://ns.google.com/photos/1.0/camera/' \
    xmlns:Container='http://ns.google.com/photos/1.0/container/' \
    xmlns:Item='http://ns.google.com/photos/1.0/container/item/'";

/// The key of the track that says when the photo of a Live Photo was taken.
const STILL_KEY: &str = "com.apple.quicktime.still-image-time";

/// Inserts a packet of XMP into a JPEG.
fn with_xmp(jpeg: &[u8], attributes: &str, elements: &str) -> Vec<u8> {
    let packet = format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF {SPACES}><rdf:Description rdf:about='' {attributes}>\
         {elements}</rdf:Description></rdf:RDF></x:xmpmeta>"
    );
    let content = [b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat();
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, &content, &jpeg[2..]].concat()
}

fn jpeg(name: &str) -> Vec<u8> {
    fs::read(fixture(&format!("photos/{name}.jpg"))).unwrap()
}

/// A clip of three seconds that moves a little.
fn rabbit() -> Vec<u8> {
    fs::read(fixture("clips/rabbit.mp4")).unwrap()
}

/// Returns a photo of the older form of Google: the clip begins so many bytes before the end.
fn micro_video(photo: &str, clip: &[u8], from_end: i64, still_us: i64) -> Vec<u8> {
    let said = format!(
        "GCamera:MicroVideo='1' GCamera:MicroVideoVersion='1' GCamera:MicroVideoOffset='{from_end}' \
         GCamera:MicroVideoPresentationTimestampUs='{still_us}'"
    );
    [with_xmp(&jpeg(photo), &said, ""), clip.to_vec()].concat()
}

/// Returns a photo of the present form of Google: a directory lists what follows.
fn motion_photo(photo: &str, clip: &[u8], still_us: i64) -> Vec<u8> {
    let item = |mime: &str, semantic: &str, bytes: usize| {
        format!(
            "<rdf:li rdf:parseType='Resource'><Container:Item Item:Mime='{mime}' Item:Semantic='{semantic}' \
             Item:Length='{bytes}' Item:Padding='0'/></rdf:li>"
        )
    };
    let items = item("image/jpeg", "Primary", 0) + &item("video/mp4", "MotionPhoto", clip.len());
    let listed = format!("<Container:Directory><rdf:Seq>{items}</rdf:Seq></Container:Directory>");
    let said = format!(
        "GCamera:MotionPhoto='1' GCamera:MotionPhotoVersion='1' \
         GCamera:MotionPhotoPresentationTimestampUs='{still_us}'"
    );
    [with_xmp(&jpeg(photo), &said, &listed), clip.to_vec()].concat()
}

/// Returns a photo of an older Samsung phone: a trailer holds the clip, and there is no XMP.
fn samsung(photo: &str, clip: &[u8]) -> Vec<u8> {
    let data = [b"\0\0\x30\x0a\x10\0\0\0MotionPhoto_Data", clip].concat();
    let size = (data.len() as u32).to_le_bytes();
    let directory = [b"SEFH\x6b\0\0\0\x01\0\0\0\0\0\x30\x0a", &size[..], &size[..]].concat();
    let end = [&(directory.len() as u32).to_le_bytes()[..], b"SEFT"].concat();
    [jpeg(photo), data, directory, end].concat()
}

/// Returns a photo with the notes of an iPhone, which hold the identifier of its Live Photo.
fn apple_photo(photo: &str, id: &str) -> Vec<u8> {
    let text = [id.as_bytes(), b"\0"].concat();
    let mut note = b"Apple iOS\0\0\x01MM\0\x01".to_vec();
    note.extend([&[0, 0x11, 0, 2][..], &(text.len() as u32).to_be_bytes(), &32u32.to_be_bytes()].concat());
    note.extend([&[0; 4][..], &text].concat());
    let entry = |tag: u16, kind: u16, count: usize, value: u32| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &(count as u32).to_be_bytes(), &value.to_be_bytes()]
            .concat()
    };
    // The main directory has a pointer to that of the exposure, which has the time and the notes.
    let taken = b"2024:06:08 10:15:00\0";
    let exposure = [entry(0x9003, 2, taken.len(), 56), entry(0x927c, 7, note.len(), 76)].concat();
    let block = [
        &b"MM\0*\0\0\0\x08\0\x01"[..],
        &entry(0x8769, 4, 1, 26),
        &[0; 4],
        &[0, 2],
        &exposure,
        &[0; 4],
        taken,
        &note,
    ]
    .concat();
    let content = [b"Exif\0\0", block.as_slice()].concat();
    let jpeg = jpeg(photo);
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, &content, &jpeg[2..]].concat()
}

/// Writes the clip of a Live Photo with an identifier, whose photo was taken at a time of it.
fn write_apple_clip(space: &Space, name: &str, id: &str, still_ms: u32) {
    let path = space.path(name);
    let (from, said) = (fixture("clips/rabbit.mp4"), format!("com.apple.quicktime.content.identifier={id}"));
    let copy = ["-map", "0:v", "-c", "copy", "-movflags", "use_metadata_tags", "-metadata", &said];
    let args = [&["-i", from.to_str().unwrap()][..], &copy, &["-f", "mov", path.to_str().unwrap()]].concat();
    ffmpeg(&args);
    let clip = fs::read(&path).unwrap();
    fs::write(&path, with_still_time(&clip, still_ms)).unwrap();
}

fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes()[..], kind, content].concat()
}

fn longs(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// Adds a track of timed metadata to a movie that ends with its index, at 1000 ticks per second.
fn with_still_time(clip: &[u8], still_ms: u32) -> Vec<u8> {
    let index = clip.windows(4).rposition(|bytes| bytes == b"moov").unwrap() - 4;
    let size = u32::from_be_bytes(clip[index..index + 4].try_into().unwrap());
    assert_eq!(index + size as usize, clip.len(), "the index is the last box");
    let edits = longs(&[0, 2, still_ms, u32::MAX, 0x1_0000, 1, 0, 0x1_0000]);
    let keys =
        boxed(b"keys", &boxed(&[0, 0, 0, 1], &boxed(b"keyd", &[b"mdta", STILL_KEY.as_bytes()].concat())));
    let described =
        [longs(&[0, 1]), boxed(b"mebx", &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &keys].concat())].concat();
    let table = [
        boxed(b"stsd", &described),
        boxed(b"stts", &longs(&[0, 1, 1, 1])),
        boxed(b"stsc", &longs(&[0, 1, 1, 1, 1])),
        boxed(b"stsz", &longs(&[0, 9, 1])),
        boxed(b"stco", &longs(&[0, 1, 48])),
    ];
    let media = [
        boxed(b"mdhd", &longs(&[0, 0, 0, 1000, 1, 0])),
        boxed(b"hdlr", &[&longs(&[0, 0])[..], b"meta", &longs(&[0, 0, 0]), b"\0"].concat()),
        boxed(b"minf", &boxed(b"stbl", &table.concat())),
    ];
    let header = [longs(&[7, 0, 0, 9, 0, still_ms + 1]), vec![0; 60]].concat();
    let track =
        [boxed(b"tkhd", &header), boxed(b"edts", &boxed(b"elst", &edits)), boxed(b"mdia", &media.concat())];
    let track = boxed(b"trak", &track.concat());
    let grown = (size + track.len() as u32).to_be_bytes();
    [&clip[..index], &grown, &clip[index + 4..], &track].concat()
}

/// Returns the shots of a plan, by their sources.
#[track_caller]
fn plan(space: &Space) -> Value {
    space.last_event(&["plan", "--json"])
}

#[track_caller]
fn shot<'a>(plan: &'a Value, source: &str) -> &'a Value {
    let shots = plan["shots"].as_array().unwrap();
    let found: Vec<&Value> = shots.iter().filter(|shot| shot["source"] == source).collect();
    assert_eq!(found.len(), 1, "{source} in {shots:#?}");
    found[0]
}

#[track_caller]
fn is_shown(plan: &Value, source: &str) -> bool {
    plan["shots"].as_array().unwrap().iter().any(|shot| shot["source"] == source)
}

/// Fails unless a shot plays, with this moment in it.
#[track_caller]
fn plays_with(plan: &Value, source: &str, moment_s: f64) {
    let shot = shot(plan, source);
    assert_eq!(shot["kind"], "clip", "{shot:#}");
    let (from, to) = (shot["in"].as_f64().unwrap(), shot["out"].as_f64().unwrap());
    assert!(from <= moment_s && moment_s < to, "{moment_s} is not between {from} and {to}");
    let said = shot["reason"].as_str().unwrap();
    assert!(said.contains("a live photo that plays because it moves"), "{said}");
}

#[track_caller]
fn stays_because(plan: &Value, source: &str, why: &str) {
    let shot = shot(plan, source);
    assert_eq!((&shot["kind"], &shot["in"]), (&"photo".into(), &Value::Null), "{shot:#}");
    let said = shot["reason"].as_str().unwrap();
    assert!(said.contains("a live photo that stays still") && said.contains(why), "{said}");
}

/// Returns how far the frame in the middle of a shot of a finished movie is from a frame of a clip.
#[track_caller]
fn apart_from_clip(space: &Space, movie: &str, shot: &Value) -> f64 {
    let number = |name: &str| shot[name].as_f64().unwrap();
    let middle = number("start") + number("frames") / 2.0;
    let at_s = number("in") + number("frames") / 2.0 / 30.0;
    let shown = &frames(&space.path(movie), 64, 36)[middle as usize];
    let clip = frames(&fixture("clips/rabbit.mp4"), 64, 36);
    difference(shown, &clip[(at_s * 24.0) as usize])
}

#[test]
fn motion_photos_of_every_maker_play_in_the_finished_movie() {
    let clip = rabbit();
    for (maker, bytes, moment_s) in [
        ("Google, older", micro_video("dogs", &clip, clip.len() as i64, 600_000), 0.6),
        ("Google", motion_photo("dogs", &clip, 2_400_000), 2.4),
        ("Google, without a time", motion_photo("dogs", &clip, -1), 1.5),
        ("Samsung, older", samsung("dogs", &clip), 1.5),
        ("in a HEIC", [fs::read(fixture("photos/hill.heic")).unwrap(), boxed(b"mpvd", &clip)].concat(), 1.5),
    ] {
        let space = Space::with_photos(&["fig"]);
        space.write("photos/dogs.jpg", bytes);
        space.movie("media: photos/\nrate: 30\nstyle: { transitions: cut, titles: off }\n");
        let found = plan(&space);
        plays_with(&found, "photos/dogs.jpg", moment_s);
        assert_eq!(shot(&found, "photos/dogs.jpg")["sound"], "mute", "{maker}");
        space.draft();
        let shot = shot(&found, "photos/dogs.jpg");
        let apart = apart_from_clip(&space, "movie.draft.mp4", shot);
        assert!(apart < 8.0, "{maker}: {apart}");
        assert_eq!(space.draft().actions().get("segment"), None, "{maker}");
    }
}

#[test]
fn a_live_photo_of_two_files_is_found_by_its_identifier_and_shown_once() {
    let space = Space::with_photos(&["hill"]);
    space.write("photos/beach.jpg", apple_photo("dogs", "5d1f-AA"));
    // Neither its name, nor its time, nor its folder tells that it belongs to the photo.
    write_apple_clip(&space, "other/export 7.mov", "5D1F-aa", 2100);
    space.movie("media: [photos/, other/]\nrate: 30\nstyle: { transitions: cut, titles: off }\n");
    let found = plan(&space);
    plays_with(&found, "other/export 7.mov", 2.1);
    assert!(!is_shown(&found, "photos/beach.jpg"));
    let left = found["left_out"].as_array().unwrap();
    let reason = left.iter().find(|left| left["source"] == "photos/beach.jpg").unwrap();
    assert_eq!(reason["reason"], "photo that belongs to the clip other/export 7.mov");
    space.run(&["build"]).expect_success();
    let file = probe(&space.path("movie.mp4"));
    assert_eq!(stream(&file, "video")["codec_name"], "h264");
    let apart = apart_from_clip(&space, "movie.mp4", shot(&found, "other/export 7.mov"));
    assert!(apart < 8.0, "{apart}");
    let review = space.run(&["review", "--json"]);
    assert!(review.code == 0 || review.code == 1, "{}", review.stderr);
    // The identifier is in the facts of both.
    for (name, at) in [("photos/beach.jpg", Value::Null), ("other/export 7.mov", 2.1.into())] {
        let run = space.run(&["analyze", name, "--json"]).expect_success();
        let facts = run.events().into_iter().find(|event| event["facts"].is_object()).unwrap();
        assert_eq!((&facts["facts"]["live_id"], &facts["facts"]["still_at_s"]), (&"5D1F-AA".into(), &at));
    }
}

#[test]
fn files_of_one_name_with_different_identifiers_are_two_media() {
    let space = Space::with_photos(&["hill"]);
    space.write("photos/IMG_1.JPG", apple_photo("dogs", "first one"));
    write_apple_clip(&space, "photos/IMG_1.MOV", "other", 1000);
    space.movie("media: photos/\n");
    let found = plan(&space);
    assert!(is_shown(&found, "photos/IMG_1.JPG") && is_shown(&found, "photos/IMG_1.MOV"));
    assert!(shot(&found, "photos/IMG_1.MOV")["reason_detail"]["live"].is_null());
}

#[test]
fn the_spec_decides_for_all_and_for_one() {
    let space = Space::with_photos(&["hill"]);
    let clip = rabbit();
    space.write("photos/dogs.jpg", motion_photo("dogs", &clip, 1_000_000));
    space.write("photos/fig.jpg", motion_photo("fig", &clip, 1_000_000));
    space.movie("media: photos/\nstyle: { live-photos: still }\n");
    let run = space.run(&["plan", "--json"]).expect_success();
    stays_because(&run.events().pop().unwrap(), "photos/dogs.jpg", "as the spec asks");
    // The moving pictures are not even analysed.
    assert_eq!(run.actions().get("clip-picture"), None);
    space.movie("media: [photos/, { path: photos/fig.jpg, live: play }]\nstyle: { live-photos: still }\n");
    let run = space.run(&["plan", "--json"]).expect_success();
    let found = run.events().pop().unwrap();
    stays_because(&found, "photos/dogs.jpg", "as the spec asks");
    assert_eq!(shot(&found, "photos/fig.jpg")["kind"], "clip");
    assert_eq!(run.actions().get("clip-picture"), Some(&1));
    space.movie("media: [photos/, { path: photos/fig.jpg, live: still }]\n");
    let found = plan(&space);
    stays_because(&found, "photos/fig.jpg", "as the spec asks");
    plays_with(&found, "photos/dogs.jpg", 1.0);
    // On media without a moving picture, the key says nothing.
    space.movie("media: [photos/, { path: photos/hill.jpg, live: play }]\n");
    assert!(space.run(&["check", "--json"]).codes().contains(&"mmm::spec::no-effect".to_owned()));
}

#[test]
fn what_does_not_move_stays_still_unless_the_spec_plays_it() {
    let space = Space::with_photos(&["hill"]);
    let still = space.path("still.mp4");
    let from = fixture("photos/fig.jpg");
    let look = ["-t", "2.5", "-vf", "scale=960:720,fps=24,format=yuv420p", "-c:v", "libx264"];
    let args = [&["-loop", "1", "-i", from.to_str().unwrap()][..], &look, &[still.to_str().unwrap()]];
    ffmpeg(&args.concat());
    let clip = fs::read(&still).unwrap();
    fs::remove_file(&still).unwrap();
    space.write("photos/fig.jpg", motion_photo("fig", &clip, -1));
    space.movie("media: photos/\n");
    let found = plan(&space);
    let said = shot(&found, "photos/fig.jpg")["reason"].as_str().unwrap().to_owned();
    assert!(said.contains("a live photo that stays still because"), "{said}");
}

#[test]
fn a_moving_picture_that_lies_leaves_the_photo() {
    let clip = rabbit();
    let cut = &clip[..clip.len() / 2];
    for (name, bytes) in [
        ("beyond the end", micro_video("dogs", &clip, 40_000_000, 0)),
        ("before the start", micro_video("dogs", &clip, -4, 0)),
        ("no MP4", micro_video("dogs", &[7; 4000], 4000, 0)),
        ("in the middle of the MP4", micro_video("dogs", &clip, clip.len() as i64 - 100, 0)),
        ("cut short", motion_photo("dogs", cut, 0)),
        ("only a head", motion_photo("dogs", &[&clip[..200], &[0; 300]].concat(), 0)),
        ("nothing", motion_photo("dogs", &[], 0)),
        ("sound alone", motion_photo("dogs", &fs::read(fixture("clips/no-picture.mp4")).unwrap(), 0)),
    ] {
        let space = Space::with_photos(&["hill"]);
        space.write("photos/dogs.jpg", bytes);
        space.movie("media: photos/\nstyle: { live-photos: play }\n");
        let run = space.run(&["plan", "--json"]).expect_success();
        let found = run.events().pop().unwrap();
        let shot = shot(&found, "photos/dogs.jpg");
        if shot["kind"] == "clip" {
            // What is left of it may be long enough to be shown.
            assert_eq!(name, "cut short");
            continue;
        }
        stays_because(&found, "photos/dogs.jpg", "its moving picture can't be played");
        assert!(run.codes().contains(&"mmm::media::damaged".to_owned()), "{name}: {:?}", run.codes());
        let said = space.run(&["analyze", "photos/dogs.jpg"]).expect_success().stdout;
        let is_header = said.contains("live photo whose moving picture can't be played");
        assert!(is_header || said.contains("live photo with a moving picture"), "{name}: {said}");
        space.draft();
    }
}

#[test]
fn the_lock_keeps_what_plays_and_what_stays() {
    let space = Space::with_photos(&["hill"]);
    space.write("photos/dogs.jpg", motion_photo("dogs", &rabbit(), 1_000_000));
    space.movie("media: photos/\n");
    space.draft();
    plays_with(&plan(&space), "photos/dogs.jpg", 1.0);
    let lock = space.lock();
    let built = space.draft().actions();
    assert_eq!((built.get("segment"), space.lock()), (None, lock));
    // Another setting of the style replaces the shot in its place.
    let before = shot(&plan(&space), "photos/dogs.jpg")["start"].clone();
    space.movie("media: photos/\nstyle: { live-photos: still }\n");
    let found = plan(&space);
    stays_because(&found, "photos/dogs.jpg", "as the spec asks");
    assert_eq!(shot(&found, "photos/dogs.jpg")["start"], before);
    space.draft();
    // The lock keeps the still where the planner may choose.
    space.movie("media: photos/\n");
    stays_because(&plan(&space), "photos/dogs.jpg", "as the lock keeps it");
    let said = space.run(&["plan", "-v"]).expect_success().stdout;
    assert!(said.contains("a live photo that stays still as the lock keeps it"), "{said}");
}

#[test]
fn a_copy_of_a_motion_photo_is_not_shown_beside_it() {
    let space = Space::with_photos(&["hill"]);
    space.write("photos/a.jpg", motion_photo("dogs", &rabbit(), 1_000_000));
    let (from, to) = (fixture("photos/dogs.jpg"), space.path("photos/copy.jpg"));
    ffmpeg(&["-i", from.to_str().unwrap(), "-vf", "scale=iw/2:-2", to.to_str().unwrap()]);
    space.movie("media: photos/\n");
    let found = plan(&space);
    assert_eq!(shot(&found, "photos/a.jpg")["kind"], "clip");
    assert!(!is_shown(&found, "photos/copy.jpg"));
}

#[test]
fn the_sound_of_a_live_photo_is_heard_only_if_the_spec_keeps_it() {
    let space = Space::with_photos(&["hill"]);
    let loud = space.path("loud.mp4");
    let from = fixture("clips/rabbit.mp4");
    let tone = ["-f", "lavfi", "-i", "sine=440:d=3", "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-t", "3"];
    ffmpeg(&[&["-i", from.to_str().unwrap()][..], &tone, &[loud.to_str().unwrap()]].concat());
    let clip = fs::read(&loud).unwrap();
    fs::remove_file(&loud).unwrap();
    space.write("photos/dogs.jpg", motion_photo("dogs", &clip, 1_000_000));
    for (rule, sound) in [("photos/", "mute"), ("{ path: photos/, sound: keep }", "keep")] {
        space.movie(&format!("media:\n  - {rule}\n"));
        let found = plan(&space);
        plays_with(&found, "photos/dogs.jpg", 1.0);
        assert_eq!(shot(&found, "photos/dogs.jpg")["sound"], sound);
    }
    space.draft();
    let level = crate::measure::loudness(&space.path("movie.draft.mp4")).0;
    assert!(level > -40.0, "{level}");
}
