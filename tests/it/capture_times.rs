//! When media were taken: which sources are read, how they are corrected, and which times are doubted.

use std::fs;

use crate::media::{with_exif, without_exif};
use crate::space::{Space, fixture};
use crate::tools::ffmpeg;

const PHONE: &str = "Apple iPhone 15";

fn photo(name: &str) -> Vec<u8> {
    fs::read(fixture(&format!("photos/{name}.jpg"))).unwrap()
}

/// Writes a photo of a phone, taken on 8 June 2024 at this time in UTC+2.
fn phone(space: &Space, name: &str, picture: &str, clock: &str) {
    let taken = format!("2024:06:08 {clock}");
    space.write(name, with_exif(&photo(picture), PHONE, &taken, Some("+02:00")));
}

/// Writes a clip of two seconds whose header has this time, which is UTC by the standard.
fn clip(space: &Space, name: &str, header: &str) {
    let path = space.path(name);
    let source = "testsrc2=size=640x360:rate=30:duration=2";
    let time = format!("creation_time={header}");
    let args = ["-f", "lavfi", "-i", source, "-metadata", &time, "-c:v", "libx264", "-pix_fmt", "yuv420p"];
    ffmpeg(&[&args[..], &[path.to_str().unwrap()]].concat());
}

/// Returns the names of the media in the order of the shots.
fn order(space: &Space) -> Vec<String> {
    let plan = space.last_event(&["plan", "--json"]);
    let shots = plan["shots"].as_array().unwrap();
    let name = |source: &str| source.rsplit('/').next().unwrap().to_owned();
    shots.iter().map(|shot| name(shot["source"].as_str().unwrap())).collect()
}

/// A folder as it comes off phones, an action camera, a messenger, a cloud and an editor.
fn folder() -> Space {
    let space = Space::new();
    fs::create_dir_all(space.path("trip")).unwrap();
    phone(&space, "trip/IMG_0001.jpg", "dogs", "10:00:00");
    phone(&space, "trip/IMG_0002.jpg", "bee", "10:40:00");
    clip(&space, "trip/GX010012.MP4", "2024-06-08T10:20:00Z");
    space.write("trip/zz.jpg", without_exif(&photo("fig")));
    space.write(
        "trip/zz.jpg.supplemental-metadata.json",
        r#"{"photoTakenTime": {"timestamp": "1717834200"}}"#,
    );
    space.write("trip/IMG-20240608-WA0001.jpg", without_exif(&photo("astronaut")));
    space.write("trip/aa.jpg", without_exif(&photo("hill")));
    let xmp = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
               xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description \
               xmlns:exif='http://ns.adobe.com/exif/1.0/' \
               exif:DateTimeOriginal='2024-06-08T10:30:00+02:00'/></rdf:RDF></x:xmpmeta>";
    space.write("trip/aa.xmp", xmp);
    space.movie("media: [{path: trip/, required: true}]\nduration: 18s\nstyle: {titles: off}\n");
    space
}

#[test]
fn every_source_puts_a_medium_in_its_place() {
    let space = folder();
    let run = space.run(&["plan", "-v"]).expect_success();
    let wanted =
        ["IMG_0001.jpg", "zz.jpg", "GX010012.MP4", "aa.jpg", "IMG_0002.jpg", "IMG-20240608-WA0001.jpg"];
    assert_eq!(order(&space), wanted, "{}", run.stdout);
    for line in [
        "trip/IMG_0001.jpg  2024-06-08 10:00:00 +02:00  EXIF",
        "2024-06-08 10:20:00 +02:00  the clip's header, local time, though the file claims UTC",
        "2024-06-08 10:10:00 +02:00  Google's JSON beside it",
        "2024-06-08 10:30:00 +02:00  the XMP file beside it",
        "2024-06-08  its name, only the day",
    ] {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
        assert!(words(&run.stdout).contains(&words(line)), "{line}\n{}", run.stdout);
    }
    assert!(!run.stderr.contains("mmm::"), "{}", run.stderr);
    let chapters = space.last_event(&["plan", "--json"])["chapters"].as_array().map_or(0, Vec::len);
    assert!(chapters <= 1, "{chapters} chapters");
}

#[test]
fn analyze_says_where_a_time_comes_from() {
    let space = folder();
    for (name, time, source) in [
        ("IMG_0001.jpg", "2024-06-08T10:00:00", "exif"),
        ("GX010012.MP4", "2024-06-08T10:20:00", "header"),
        ("zz.jpg", "2024-06-08T08:10:00", "takeout"),
        ("aa.jpg", "2024-06-08T10:30:00", "sidecar"),
        ("IMG-20240608-WA0001.jpg", "2024-06-08T00:00:00", "name"),
    ] {
        let event = space.last_event(&["analyze", "--json", &format!("trip/{name}")]);
        assert_eq!(event["facts"]["taken"], time, "{name}");
        assert_eq!(event["facts"]["taken_source"], source, "{name}");
    }
}

#[test]
fn the_spec_corrects_clocks() {
    let space = Space::new();
    phone(&space, "a.jpg", "dogs", "10:00:00");
    phone(&space, "b.jpg", "bee", "11:00:00");
    space.write("c.jpg", with_exif(&photo("fig"), "Canon EOS R7", "2024:06:08 13:47:00", None));
    let with = |rule: &str, cameras: &str| {
        space.movie(&format!("media:\n  - {{path: ./, required: true}}\n{rule}{cameras}duration: 6s\n"));
        order(&space)
    };
    assert_eq!(with("", ""), ["a.jpg", "b.jpg", "c.jpg"]);
    assert_eq!(with("  - {path: c.jpg, clock: \"-3h17m\"}\n", ""), ["a.jpg", "c.jpg", "b.jpg"]);
    assert_eq!(with("  - {path: c.jpg, taken: 2024-06-08T09:59+02:00}\n", ""), ["c.jpg", "a.jpg", "b.jpg"]);
    assert_eq!(with("  - {path: c.jpg, zone: Asia/Tokyo}\n", ""), ["c.jpg", "a.jpg", "b.jpg"]);
    assert_eq!(with("", "cameras: {Canon R7: {clock: -3h17m}}\n"), ["a.jpg", "c.jpg", "b.jpg"]);
    assert_eq!(with("", "cameras: {R7: {zone: \"+06:00\"}}\n"), ["c.jpg", "a.jpg", "b.jpg"]);
    // A later correction plans again, lock or not.
    space.draft();
    assert_eq!(with("  - {path: a.jpg, taken: 2024-06-09}\n", ""), ["b.jpg", "c.jpg", "a.jpg"]);
}

#[test]
fn times_that_do_not_fit_are_told_with_the_lever() {
    let space = Space::new();
    for (at, picture) in ["dogs", "bee", "hill", "astronaut"].iter().enumerate() {
        phone(&space, &format!("trip/{at}.jpg"), picture, &format!("10:{at}0:00"));
    }
    space.write("trip/x.jpg", with_exif(&photo("fig"), "Canon EOS R7", "2015:01:01 00:10:00", None));
    clip(&space, "trip/lone.mp4", "2024-06-08T15:00:00Z");
    space.movie("media: trip/\ncameras: {Nikon: {clock: 1h}}\nduration: 8s\n");
    let run = space.run(&["check", "--json"]).expect_success();
    let odd: Vec<String> = run
        .events()
        .iter()
        .filter(|event| event["code"] == "mmm::media::odd-time")
        .map(|event| event.to_string())
        .collect();
    assert_eq!(odd.len(), 2, "{odd:?}");
    assert!(odd[0].contains("trip/x.jpg") && odd[0].contains("2015") && odd[0].contains("Canon EOS R7"));
    assert!(odd[0].contains("clock: "), "{}", odd[0]);
    assert!(odd[1].contains("trip/lone.mp4") && odd[1].contains("`zone`"), "{}", odd[1]);
    let camera = run.diagnostic("mmm::media::unknown-camera").to_string();
    assert!(camera.contains("Nikon") && camera.contains("Apple iPhone 15"), "{camera}");
    // Followed to the letter, the help ends the warnings.
    space.movie(
        "media:\n  - trip/\n  - {path: trip/lone.mp4, clock: 0s}\ncameras: {Canon EOS R7: {clock: \"+3446d\"}}\n\
         duration: 8s\n",
    );
    assert_eq!(space.run(&["check", "--json"]).expect_success().codes(), [""; 0]);
}
