//! How photos of people are framed: the frames of drafts are analyzed like photos, and no head is cut in
//! them.

use serde_json::{Value, json};

use crate::space::{Space, figure, fixture};
use crate::tools::ffmpeg;

/// Writes a photo made of the astronaut by a filter.
fn portrait(space: &Space, filter: &str) {
    let (from, to) = (fixture("photos/astronaut.jpg"), space.path("a.jpg"));
    let args = ["-i", from.to_str().unwrap(), "-filter_complex", filter, "-q:v", "3", to.to_str().unwrap()];
    ffmpeg(&args);
}

/// Returns the boxes of the faces in a frame of a movie: left, top, width and height.
fn faces(space: &Space, movie: &str, secs: f64) -> Vec<[f64; 4]> {
    let (from, time) = (space.path(movie), secs.to_string());
    let frame = space.path("frame.png");
    let args = ["-ss", &time, "-i", from.to_str().unwrap(), "-frames:v", "1", frame.to_str().unwrap()];
    ffmpeg(&args);
    let facts = space.last_event(&["analyze", "--json", "frame.png"])["facts"].clone();
    let faces = facts["sight"]["faces"].as_array().cloned().unwrap_or_default();
    let side = |face: &Value, name: &str| face["box"][name].as_f64().unwrap();
    faces.iter().map(|face| ["x", "y", "width", "height"].map(|name| side(face, name))).collect()
}

/// Whether the head around a face is in the frame: three tenths of the face's height above it are hair.
fn is_whole([x, y, width, height]: [f64; 4]) -> bool {
    x > 0.0 && x + width < 1.0 && y - 0.3 * height >= -0.02 && y + height < 1.0
}

/// Returns why the only shot of the plan is framed as it is.
fn reason(space: &Space) -> Value {
    space.last_event(&["plan", "--json"])["shots"][0]["reason_detail"]["framing"].clone()
}

#[test]
fn a_figure_keeps_its_head_in_every_aspect() {
    let space = Space::new();
    // Her face is a fourteenth of the photo's height.
    portrait(&space, "scale=700:-2,pad=1000:2000:150:300:color=0x5a7a8a");
    space.movie(
        "media: a.jpg\nduration: 3s\nstyle: {titles: off, transitions: cut}\noutputs:\n  wide.mp4: {}\n  \
         tall.mp4: {aspect: \"9:16\"}\n  square.mp4: {aspect: \"1:1\"}\n  portrait.mp4: {aspect: \"4:5\"}\n",
    );
    space.draft();
    for name in ["wide", "tall", "square", "portrait"] {
        for secs in [0.1, 1.5, 2.8] {
            let found = faces(&space, &format!("{name}.draft.mp4"), secs);
            assert!(found.len() == 1 && is_whole(found[0]), "{name} at {secs} s: {found:?}");
            if name == "wide" {
                assert!(found[0][3] >= 1.0 / 6.0, "at {secs} s: {found:?}");
            }
        }
    }
    for event in space.run(&["plan", "--json"]).expect_success().events() {
        assert!(event["shots"][0]["reason_detail"].get("framing").is_none(), "{event}");
    }
}

#[test]
fn the_frame_moves_from_one_face_to_the_other() {
    let space = Space::new();
    portrait(
        &space,
        "scale=500:-2,split[a][b];[a]pad=1300:1000:0:300:color=0x5a7a8a[c];[b]hflip[d];[c][d]overlay=800:300",
    );
    space.movie(
        "media: a.jpg\naspect: \"9:16\"\nduration: 6s\nconstraints: {shot: 6s..6s}\n\
         style: {titles: off, transitions: cut}\n",
    );
    space.draft();
    assert_eq!(reason(&space), json!({"kind": "moves-along", "what": "heads"}));
    for secs in [0.1, 5.8] {
        let found = faces(&space, "movie.draft.mp4", secs);
        assert!(found.len() == 1 && is_whole(found[0]), "at {secs} s: {found:?}");
    }
    let said = space.run(&["plan"]).expect_success().stdout;
    assert!(said.contains("moves from face to face"), "{said}");
    let review = space.run(&["review", "movie.draft.mp4", "--json"]).review_event();
    assert_eq!(figure(&review, "blurred bars")["value"], 0.0);
    // A photo that must not move can't show both.
    space.movie(
        "media: a.jpg\naspect: \"9:16\"\nduration: 6s\nconstraints: {shot: 6s..6s}\n\
         style: {titles: off, transitions: cut, photos: still}\n",
    );
    assert_eq!(reason(&space), json!({"kind": "bars", "cause": "heads"}));
}

#[test]
fn bars_are_explained() {
    let space = Space::new();
    // Her head is higher than a crop of 16 to 9 would be.
    portrait(&space, "crop=0.3*iw:0.5*ih:0.3*iw:0.02*ih,scale=900:-2");
    space.movie("media: a.jpg\nduration: 3s\nstyle: {titles: off}\n");
    space.draft();
    assert_eq!(reason(&space), json!({"kind": "bars", "cause": "heads"}));
    let said = space.run(&["plan"]).expect_success().stdout;
    assert!(said.contains("between blurred bars, because a crop would cut off a head"), "{said}");
    let review = space.run(&["review", "movie.draft.mp4", "--json"]).review_event();
    let bars = figure(&review, "blurred bars");
    assert_eq!(bars["value"], 1.0);
    assert_eq!(bars["places"][0]["what"], "a crop would cut off a head", "{bars}");
    // The spec may ask for bars, which need no reason then.
    space.movie("media: a.jpg\nduration: 3s\nstyle: {titles: off, fit: fill}\n");
    assert_eq!(reason(&space), Value::Null);
}

#[test]
fn only_shown_photos_without_people_get_a_mask() {
    let space = Space::with_photos(&["bee", "astronaut"]);
    let movie = |aspect: &str| {
        space.movie(&format!("media: photos/\naspect: \"{aspect}\"\nduration: 6s\nstyle: {{titles: off}}\n"));
    };
    let masks = |args: &[&str]| {
        let ran = space.run(&[&["build", "--profile", "draft", "--json"], args].concat()).expect_success();
        ran.actions().get("photo-mask").copied().unwrap_or(0)
    };
    movie("9:16");
    assert_eq!(masks(&["--no-models"]), 0);
    assert_eq!(masks(&[]), 1, "the bee gets one, the astronaut's face needs none");
    assert_eq!(masks(&[]), 0, "it is in the cache");
    movie("1:1");
    assert_eq!(masks(&[]), 0, "it does not depend on the movie");
    let dry = space.run(&["build", "--profile", "draft", "--dry-run", "--json"]).expect_success().events();
    assert_eq!(dry.last().unwrap()["complete"], true);
}
