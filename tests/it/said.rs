//! What people and their photo libraries said about media: where it is read, how it is filtered, and what it
//! decides.

use std::fs;

use serde_json::Value;

use crate::media::with_exif;
use crate::space::{Run, Space, fixture};
use crate::tools::ffmpeg;

const SPACES: &str = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
    xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/' \
    xmlns:mwg-rs='http://www.metadataworkinggroup.com/schemas/regions/' \
    xmlns:stArea='http://ns.adobe.com/xmp/sType/Area#' \
    xmlns:stDim='http://ns.adobe.com/xap/1.0/sType/Dimensions#' \
    xmlns:Iptc4xmpExt='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' \
    xmlns:crs='http://ns.adobe.com/camera-raw-settings/1.0/'";

/// The area of a face in the upper left of the stored picture: 0.1..0.3 across and 0.2..0.6 down.
const AREA: &str = "stArea:x='0.2' stArea:y='0.4' stArea:w='0.2' stArea:h='0.4' stArea:unit='normalized'";

/// Returns a packet of XMP.
fn xmp(attributes: &str, elements: &str) -> String {
    format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF {SPACES}><rdf:Description rdf:about='' {attributes}>\
         {elements}</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
}

fn keywords(words: &[&str]) -> String {
    let words: String = words.iter().map(|word| format!("<rdf:li>{word}</rdf:li>")).collect();
    format!("<dc:subject><rdf:Bag>{words}</rdf:Bag></dc:subject>")
}

fn face(name: &str, area: &str) -> String {
    format!(
        "<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description \
         mwg-rs:Name='{name}' mwg-rs:Type='Face'><mwg-rs:Area {area}/></rdf:Description></rdf:li></rdf:Bag>\
         </mwg-rs:RegionList></mwg-rs:Regions>"
    )
}

/// Inserts a packet of XMP into a JPEG.
fn with_xmp(jpeg: &[u8], packet: &str) -> Vec<u8> {
    let content = [b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat();
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, &content, &jpeg[2..]].concat()
}

/// Writes a photo of the fixtures with a packet of XMP and a time, in minutes after ten.
fn write_photo(space: &Space, name: &str, picture: &str, minute: u32, packet: &str) {
    let jpeg = fs::read(fixture(&format!("photos/{picture}.jpg"))).unwrap();
    let jpeg = with_exif(&jpeg, "Phone", &format!("2024:06:08 10:{minute:02}:00"), Some("+02:00"));
    space.write(name, if packet.is_empty() { jpeg } else { with_xmp(&jpeg, packet) });
}

/// Returns what `mmm analyze` says about a file, and the codes of its diagnostics.
#[track_caller]
fn said(space: &Space, name: &str) -> (Value, Vec<String>) {
    let run = space.run(&["analyze", name, "--json"]).expect_success();
    let facts = run.events().into_iter().find(|event| event["facts"].is_object()).unwrap();
    (facts["facts"]["said"].clone(), run.codes())
}

/// Six photos of a family, with stars and names.
fn family() -> Space {
    let space = Space::new();
    let people = |names: &[&str]| {
        let names: String = names.iter().map(|name| format!("<rdf:li>{name}</rdf:li>")).collect();
        format!("<Iptc4xmpExt:PersonInImage><rdf:Bag>{names}</rdf:Bag></Iptc4xmpExt:PersonInImage>")
    };
    let photos = [
        ("a", "hill", "xmp:Rating='5'", people(&["Anna"])),
        ("b", "path", "xmp:Rating='3'", people(&["Anna", "Bob Smith"])),
        ("c", "bee", "xmp:Rating='2'", people(&["Bob Smith"])),
        ("d", "astronaut", "", people(&["Carla"])),
        ("e", "dogs", "xmp:Rating='-1'", String::new()),
        ("f", "fig", "", String::new()),
    ];
    for (minute, (name, picture, rating, people)) in (0..).zip(photos) {
        let packet =
            if rating.is_empty() && people.is_empty() { String::new() } else { xmp(rating, &people) };
        write_photo(&space, &format!("photos/{name}.jpg"), picture, minute, &packet);
    }
    space
}

/// Returns the names of the photos that a plan shows.
#[track_caller]
fn shown(space: &Space) -> Vec<String> {
    let plan = space.last_event(&["plan", "--json"]);
    let name = |shot: &Value| shot["source"].as_str().unwrap()[7..8].to_owned();
    plan["shots"].as_array().unwrap().iter().map(name).collect()
}

fn help(run: &Run, code: &str) -> String {
    run.diagnostic(code)["help"].as_str().unwrap().to_owned()
}

#[test]
fn xmp_in_a_photo_is_shown_with_its_source() {
    let space = Space::new();
    let caption = "<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>On the pier</rdf:li></rdf:Alt>\
                   </dc:description>";
    let elements = [keywords(&["beach", "Lisbon"]), caption.to_owned(), face("Anna", AREA)].concat();
    let packet = xmp("xmp:Rating='4'", &elements);
    write_photo(&space, "a.jpg", "hill", 0, &packet);
    let (said, codes) = said(&space, "a.jpg");
    assert_eq!(said["stars"], serde_json::json!({"value": 4, "source": "xmp"}));
    assert_eq!(said["keywords"][1]["value"], "Lisbon");
    assert_eq!((&said["people"][0]["name"], &said["people"][0]["area"]["x"]), (&"Anna".into(), &0.1.into()));
    assert_eq!((said["caption"]["value"].as_str(), codes.len()), (Some("On the pier"), 0));
    let text = space.run(&["analyze", "a.jpg"]).expect_success().stdout;
    for line in [
        "  4 stars (XMP in the file)",
        "  caption: On the pier (XMP in the file)",
        "  people: Anna, with the face (XMP in the file)",
        "  keywords: beach, Lisbon (XMP in the file)",
    ] {
        assert!(text.lines().any(|other| other == line), "{line} in {text}");
    }
}

#[test]
fn faces_are_turned_with_the_photo() {
    let space = Space::new();
    for (orientation, wanted) in
        [(1, [0.1, 0.2, 0.2, 0.4]), (6, [0.4, 0.1, 0.4, 0.2]), (8, [0.2, 0.7, 0.4, 0.2])]
    {
        let name = format!("orientation-{orientation}.jpg");
        let jpeg = fs::read(fixture(&format!("photos/{name}"))).unwrap();
        space.write(&name, with_xmp(&jpeg, &xmp("", &face("Anna", AREA))));
        let area = &said(&space, &name).0["people"][0]["area"];
        for (side, wanted) in ["x", "y", "width", "height"].iter().zip(wanted) {
            assert!((area[side].as_f64().unwrap() - wanted).abs() < 1e-3, "{name}: {area}");
        }
    }
}

#[test]
fn the_file_comes_first_then_its_sidecar_then_takeout() {
    let space = Space::new();
    write_photo(&space, "a.jpg", "hill", 0, &xmp("xmp:Rating='2'", ""));
    space.write("a.jpg.xmp", xmp("xmp:Rating='5'", &(keywords(&["pier"]) + &face("Bob", AREA))));
    let takeout = r#"{"title": "a.jpg", "photoTakenTime": {"timestamp": "1717834200"}, "favorited": true,
        "description": "From the phone", "geoData": {"latitude": 38.7, "longitude": -9.1},
        "people": [{"name": "Anna"}, {"name": "bob"}]}"#;
    space.write("a.jpg.supplemental-metadata.json", takeout);
    let (said, codes) = said(&space, "a.jpg");
    assert_eq!(said["stars"], serde_json::json!({"value": 2, "source": "xmp"}));
    assert!(said["favourite"].is_null(), "{said}");
    assert_eq!(said["keywords"], serde_json::json!([{"value": "pier", "source": "sidecar"}]));
    let people: Vec<_> =
        said["people"].as_array().unwrap().iter().map(|one| (&one["name"], &one["source"])).collect();
    assert_eq!(people, [(&"Bob".into(), &"sidecar".into()), (&"Anna".into(), &"takeout".into())]);
    assert_eq!((&said["caption"]["source"], codes.len()), (&"takeout".into(), 0));
    let facts = space.last_event(&["analyze", "a.jpg", "--json"]);
    assert_eq!(facts["facts"]["place"]["lat_deg"], 38.7);
}

#[test]
fn files_that_lie_are_not_used_and_named() {
    let space = Space::new();
    let photos = ["hill", "path", "bee", "fig"];
    for (minute, picture) in (0..).zip(photos) {
        write_photo(&space, &format!("photos/{picture}.jpg"), picture, minute, "");
    }
    let taken = r#""photoTakenTime": {"timestamp": "0"}, "favorited": true"#;
    space.write("photos/hill.jpg.json", format!(r#"{{"title": "IMG_7.jpg", {taken}}}"#));
    space.write("photos/path.jpg.json", "{ broken");
    space.write("photos/bee.jpg.xmp", "<x:xmpmeta><broken");
    space.write("photos/fig.xmp", xmp("xmp:Rating='5' crs:RawFileName='IMG_9.CR2'", ""));
    for picture in photos {
        let (said, codes) = said(&space, &format!("photos/{picture}.jpg"));
        assert!(said.is_null(), "{picture}: {said}");
        assert_eq!(codes, ["mmm::media::sidecar-unused"], "{picture}");
    }
    space.movie("media: photos/\nduration: 8s\n");
    let run = space.run(&["check", "--json"]).expect_success();
    assert_eq!(run.codes(), ["mmm::media::sidecar-unused"; 4]);
    // Messages are wrapped to the width of the terminal.
    let text = space.run(&["check"]).stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("it says that it belongs to `IMG_7.jpg`") && text.contains("it is no JSON"),
        "{text}"
    );
    // A JSON file of another program is none of Takeout's.
    space.write("photos/hill.jpg.json", r#"{"settings": [1, 2]}"#);
    assert_eq!(said(&space, "photos/hill.jpg"), (Value::Null, Vec::new()));
}

#[test]
fn filters_take_only_what_matches() {
    let space = family();
    let of = |filter: &str| {
        space.movie(&format!("media: [{{ path: photos/, {filter} }}]\nstyle: {{ titles: off }}\n"));
        shown(&space)
    };
    assert_eq!(of("rating: 3.."), ["a", "b"]);
    assert_eq!(of("rating: ..2"), ["c"]);
    assert_eq!(of("rating: 3"), ["b"]);
    assert_eq!(of("people: anna or carla"), ["a", "b", "d"]);
    assert_eq!(of("people: Anna and not bob smith"), ["a"]);
    assert_eq!(of("people: \"(Anna and 'Bob Smith') or Carla\", rating: 1..").len(), 1);
    let plan = space.last_event(&["plan", "--json"]);
    assert_eq!(plan["filtered_out"].as_array().unwrap().len(), 5);
    let text = space.run(&["plan", "-v"]).expect_success().stdout;
    let line = "photos/d.jpg  has no stars, by `people: (Anna and Bob Smith) or Carla, rating: 1..`";
    assert!(text.contains("filtered out: 5") && text.contains(line), "{text}");
    // Other entries include their files as without a filter.
    space.movie("media: [{ path: photos/, rating: 5 }, photos/f.jpg]\n");
    assert_eq!(shown(&space), ["a", "f"]);
}

#[test]
fn a_filter_that_names_nobody_or_leaves_out_everything_is_reported() {
    let space = family();
    space.movie("media: [{ path: photos/, people: Ana or Bob Smith }]\n");
    let run = space.run(&["check", "--json"]).expect_success();
    assert_eq!(run.codes(), ["mmm::media::unknown-person"]);
    let wanted = "did you mean `Anna`? write one of the names that there are: `Anna`, `Carla`, `Bob Smith`";
    assert_eq!(help(&run, "mmm::media::unknown-person"), wanted);
    space.movie("media: [photos/f.jpg, { path: photos/, rating: 4, people: Carla }]\n");
    let run = space.run(&["check", "--json"]).expect_exit(3);
    assert_eq!(run.codes(), ["mmm::media::filter-matches-nothing"]);
    let found = help(&run, "mmm::media::filter-matches-nothing");
    let stars = "1 with 5 stars, 1 with 3 stars, 1 with 2 stars, 2 without stars, 1 rejected";
    assert!(found.ends_with(stars) && found.contains("`Carla`, "), "{found}");
    // A glob may match nothing.
    space.movie("media: [photos/f.jpg, { path: \"photos/*\", rating: 4 }]\n");
    assert_eq!(
        space.run(&["check", "--json"]).expect_success().codes(),
        ["mmm::media::filter-matches-nothing"]
    );
}

#[test]
fn a_star_more_changes_the_selection_and_runs_no_analysis_again() {
    let space = family();
    space.movie("media: [{ path: photos/, rating: 3.. }]\n");
    assert_eq!(shown(&space), ["a", "b"]);
    space.write("photos/d.xmp", xmp("xmp:Rating='4'", ""));
    let run = space.run(&["plan", "--json"]).expect_success();
    assert_eq!(shown(&space), ["a", "b", "d"]);
    // The photo is looked at for the first time; the other probe is that of the sidecar, which is no medium.
    assert_eq!(run.actions(), [("photo-facts".to_owned(), 1), ("probe".to_owned(), 1)].into());
}

#[test]
fn people_get_as_many_shots_as_the_spec_asks_for() {
    let space = family();
    // Without the constraint, five photos fit and the rejected one is left out.
    let spec =
        |more: &str| format!("media: photos/\nduration: 3s\nconstraints: {{ shot: 1s..1.5s{more} }}\n");
    space.movie(&spec(", people: { Carla: 1.., Bob Smith: 2.. }"));
    let names = shown(&space);
    assert_eq!(names, ["b", "c", "d"]);
    let plan = space.run(&["plan"]).expect_success().stdout;
    assert!(plan.contains("the spec asks for shots of Carla"), "{plan}");
    space.movie(&spec(", people: { Carla: 2.. }"));
    let run = space.run(&["check", "--json"]).expect_exit(3);
    let found = run.diagnostic("mmm::plan::people");
    assert_eq!(
        found["message"],
        "the movie must have at least 2 shots with Carla, but only 1 medium shows Carla"
    );
    space.movie(&spec(", people: { Karla: 1.. }"));
    let run = space.run(&["check", "--json"]).expect_exit(3);
    assert!(help(&run, "mmm::plan::people").starts_with("did you mean `Carla`?"));
}

#[test]
fn rejected_photos_stay_out_and_the_prompt_reads_keywords() {
    let space = family();
    space.movie("media: photos/\n");
    assert!(!shown(&space).contains(&"e".to_owned()));
    let text = space.run(&["plan"]).expect_success().stdout;
    assert!(text.contains("rejected: XMP in the file") && text.contains("5 stars"), "{text}");
    space.write("photos/f.jpg.xmp", xmp("", &keywords(&["orchard"])));
    space.movie("media: photos/\nprompt: More orchards\n");
    let plan = space.last_event(&["plan", "--json"]);
    let shots = plan["shots"].as_array().unwrap();
    let fig = shots.iter().find(|shot| shot["source"] == "photos/f.jpg").unwrap();
    assert_eq!(fig["reason_detail"]["asked_for"], true);
}

#[test]
fn tags_and_sidecars_of_clips_are_read() {
    let space = Space::new();
    let path = space.path("a.mp4");
    let args =
        ["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30:duration=2", "-metadata", "title=The pier"];
    let more = ["-metadata", "description=At noon", "-c:v", "libx264", "-pix_fmt", "yuv420p"];
    ffmpeg(&[&args[..], &more, &[path.to_str().unwrap()]].concat());
    space.write("a.mp4.xmp", xmp("xmp:Rating='4'", &face("Anna", AREA)));
    let said = said(&space, "a.mp4").0;
    assert_eq!(said["title"], serde_json::json!({"value": "The pier", "source": "tag"}));
    assert_eq!(said["caption"]["value"], "At noon");
    assert_eq!((&said["stars"]["value"], &said["people"][0]["name"]), (&4.into(), &"Anna".into()));
    // A face in a clip has no area: nothing says at which time.
    assert!(said["people"][0]["area"].is_null());
}

#[test]
fn hostile_packets_are_no_trouble() {
    let space = Space::new();
    let broken = "stArea:x='NaN' stArea:y='7' stArea:w='1e300' stArea:h='-1'";
    let packets = [
        xmp("xmp:Rating='NaN'", &face("Anna", broken)),
        format!("<!DOCTYPE a [<!ENTITY b 'x'>]>{}", xmp("xmp:Rating='5'", "&b;")),
        "<a>".repeat(10_000),
        xmp("xmp:Rating='5'", &keywords(&vec!["word"; 2000])).replace("</rdf:RDF>", ""),
        "\0\u{1}\u{2}".to_owned(),
    ];
    for (index, packet) in packets.iter().enumerate() {
        let name = format!("{index}.jpg");
        write_photo(&space, &name, "hill", 0, packet);
        let (said, codes) = said(&space, &name);
        assert!(said["stars"].is_null() && codes.is_empty(), "{index}: {said} {codes:?}");
    }
    assert_eq!(said(&space, "0.jpg").0["people"], serde_json::json!([{"name": "Anna", "source": "xmp"}]));
    // A sidecar as large as a disk.
    write_photo(&space, "z.jpg", "hill", 0, "");
    space.write("z.xmp", xmp("xmp:Rating='5'", &"<a/>".repeat(400_000)));
    assert_eq!(said(&space, "z.jpg"), (Value::Null, vec!["mmm::media::sidecar-unused".to_owned()]));
}
