//! What models see in photos: faces and their expressions, what a query finds, pictures that show the same, the
//! contact sheet, and how people are framed.

use serde_json::Value;

use crate::space::{Space, fixture};
use crate::tools::ffmpeg;

/// Returns the facts of a photo.
fn facts(space: &Space, args: &[&str]) -> Value {
    space.last_event(&[&["analyze", "--json"], args].concat())["facts"].clone()
}

/// Writes a photo of the fixtures through a filter.
fn filtered(space: &Space, from: &str, filter: &str, to: &str) {
    let (from, to) = (fixture(from), space.path(to));
    ffmpeg(&["-i", from.to_str().unwrap(), "-vf", filter, "-q:v", "3", to.to_str().unwrap()]);
}

#[test]
fn a_face_has_a_box_and_an_expression() {
    let space = Space::new();
    space.take("photos/astronaut.jpg", "a.jpg");
    let sight = &facts(&space, &["a.jpg"])["sight"];
    let faces = sight["faces"].as_array().unwrap();
    assert_eq!(faces.len(), 1, "{faces:?}");
    let number = |value: &Value| value.as_f64().unwrap();
    let side = |name: &str| number(&faces[0]["box"][name]);
    let middle = (side("x") + side("width") / 2.0, side("y") + side("height") / 2.0);
    // By eye, the tip of her nose is at 0.44 and 0.24.
    assert!((middle.0 - 0.44).abs() < 0.03 && (middle.1 - 0.24).abs() < 0.04, "{middle:?}");
    assert!(number(&faces[0]["smile"]) > 0.7 && number(&faces[0]["open"]) > 0.6, "{:?}", faces[0]);
    assert_eq!(sight["objects"][0]["what"], "person");
    assert!(facts(&space, &["a.jpg", "--no-models"]).get("sight").is_none());
}

#[test]
fn a_query_ranks_photos_by_what_they_show() {
    let space = Space::new();
    for (from, to) in [("bee", "1"), ("dogs", "2"), ("hill", "3"), ("astronaut", "4")] {
        space.take(&format!("photos/{from}.jpg"), &format!("trip/{to}.jpg"));
    }
    for (query, wanted) in [
        ("bees", "1"),
        ("a cute dog", "2"),
        ("mountain hike", "3"),
        ("a smiling woman", "4"),
        ("insects in the garden, no people", "1"),
        ("only mountains", "3"),
    ] {
        let ran = space.run(&["analyze", "trip", "--match", query, "--json"]).expect_success();
        let ranked: Vec<Value> = ran.events().into_iter().filter(|event| event["rank"].is_number()).collect();
        assert_eq!(ranked.len(), 4);
        assert_eq!(ranked[0]["source"], format!("trip/{wanted}.jpg"), "{query}: {ranked:?}");
        assert!(!ranked[0]["because"].as_array().unwrap().is_empty());
        assert!(ranked[0]["match"].as_f64() > ranked[1]["match"].as_f64(), "{query}: {ranked:?}");
    }
    let text = space.run(&["analyze", "trip", "--match", "bees"]).expect_success().stdout;
    assert!(text.lines().next().unwrap().contains("1.jpg  looks like: bee"), "{text}");
}

#[test]
fn a_picture_in_another_crop_and_other_colours_is_shown_once() {
    let space = Space::new();
    for name in ["bee", "hill", "dogs", "fig"] {
        space.take(&format!("photos/{name}.jpg"), &format!("photos/{name}.jpg"));
    }
    for (from, filter, to) in [
        ("bee", "crop=iw*0.88:ih*0.9:iw*0.08:ih*0.03", "a"),
        ("hill", "scale=640:-2,eq=brightness=0.08:saturation=0.7", "b"),
        ("dogs", "rotate=0.04,crop=iw*0.9:ih*0.9,hue=h=12", "c"),
        ("fig", "hflip,crop=iw*0.93:ih*0.93", "d"),
    ] {
        filtered(&space, &format!("photos/{from}.jpg"), filter, &format!("photos/{to}.jpg"));
    }
    space.movie("media: photos/\nduration: 8s\n");
    let plan = space.last_event(&["plan", "--json"]);
    let shots = plan["shots"].as_array().unwrap();
    let shown = |name: &str| {
        let path = format!("photos/{name}.jpg");
        shots.iter().filter(|shot| shot["source"] == path).count()
    };
    for (one, other) in [("bee", "a"), ("hill", "b"), ("dogs", "c"), ("fig", "d")] {
        assert!(shown(one) + shown(other) <= 1, "{one} and its copy: {plan}");
    }
}

#[test]
fn a_contact_sheet_shows_every_picture_with_its_boxes() {
    let space = Space::new();
    space.take("photos/astronaut.jpg", "trip/a & <b>.jpg").take("photos/bee.jpg", "trip/bee.jpg");
    space.take("clips/rabbit.mp4", "trip/rabbit.mp4");
    filtered(&space, "photos/bee.jpg", "crop=iw*0.9:ih*0.9", "trip/cropped.jpg");
    space.run(&["analyze", "trip", "--html", "sheet.html"]).expect_success();
    let page = std::fs::read_to_string(space.path("sheet.html")).unwrap();
    assert_eq!(page.matches("<figure").count(), 4);
    assert_eq!(page.matches("data:image/jpeg").count(), 4, "every picture is drawn");
    assert!(page.contains("a &amp; &lt;b&gt;.jpg") && !page.contains("<b>.jpg"));
    assert_eq!(page.matches("class=\"face\"").count(), 1);
    assert!(page.contains("smile ") && page.contains("<b>person</b>"), "boxes have labels");
    assert_eq!(page.matches("<figure class=\"left\"").count(), 1, "one of the two bees is pale");
    let because = ["shows the same as bee.jpg", "shows the same as cropped.jpg"];
    assert!(because.iter().any(|said| page.contains(said)), "{page}");
}

#[test]
fn a_tall_portrait_is_cropped_to_the_head_and_the_upper_body() {
    let space = Space::new();
    // 0.6 times as wide as tall: between blurred bars it would fill a third of the frame.
    filtered(&space, "photos/astronaut.jpg", "crop=0.6*ih:ih:0.12*iw:0", "a.jpg");
    space.movie("media: a.jpg\nduration: 3s\n");
    let fit = |args: &[&str]| {
        let plan = space.last_event(&[&["plan", "--json"], args].concat());
        plan["shots"][0]["fit"].clone()
    };
    assert_eq!(fit(&[]), "crop");
}
