//! Which parts of a clip are worth seeing, and what models see in clips.

use serde_json::Value;

use crate::space::{Space, fixture};
use crate::tools::ffmpeg;

/// When something crosses the picture of [`write_busy_clip`], in seconds.
const BUSY: [(f64, f64); 3] = [(3.0, 6.0), (13.0, 16.0), (22.0, 25.0)];

/// Writes a clip of 30 s: a photo, and three times something crosses it.
fn write_busy_clip(space: &Space, name: &str) {
    let (hill, bee) = (fixture("photos/hill.jpg"), fixture("photos/bee.jpg"));
    let times: Vec<String> = BUSY.iter().map(|(from, to)| format!("between(t,{from},{to})")).collect();
    let since: Vec<String> =
        BUSY.iter().map(|(from, to)| format!("(t-{from})*between(t,{from},{to})")).collect();
    let filter = format!(
        "[0]scale=640:360[scene];[1]scale=120:160[thing];\
         [scene][thing]overlay=x='520*({})/3':y=120:enable='{}'",
        since.join("+"),
        times.join("+"),
    );
    let (hill, bee, to) = (hill.to_str().unwrap(), bee.to_str().unwrap(), space.path(name));
    let photos = ["-loop", "1", "-framerate", "25", "-i", hill, "-loop", "1", "-framerate", "25", "-i", bee];
    let clip = ["-filter_complex", &filter, "-t", "30", "-c:v", "libx264", "-preset", "veryfast"];
    let rest = ["-pix_fmt", "yuv420p", "-threads", "1", to.to_str().unwrap()];
    ffmpeg(&[&photos[..], &clip[..], &rest[..]].concat());
}

/// Writes a clip of 4 s that moves across a photo.
fn write_pan(space: &Space, photo: &str, name: &str) {
    let (from, to) = (fixture(photo), space.path(name));
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    let filter = "scale=720:-2,crop=640:360:40*t/4:20*t/4";
    let photo = ["-loop", "1", "-framerate", "25", "-i", from.to_str().unwrap(), "-vf", filter];
    let clip = ["-t", "4", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-threads", "1"];
    ffmpeg(&[&photo[..], &clip[..], &[to.to_str().unwrap()]].concat());
}

fn span(window: &Value) -> (f64, f64) {
    (window["start_s"].as_f64().unwrap(), window["end_s"].as_f64().unwrap())
}

fn pair(value: &Value) -> (f64, f64) {
    (value[0].as_f64().unwrap(), value[1].as_f64().unwrap())
}

/// Returns which of the busy stretches a part is in, by at least half of the part.
fn busy(part: (f64, f64)) -> Option<usize> {
    let both = |(from, to): &(f64, f64)| part.1.min(*to) - part.0.max(*from);
    BUSY.iter().position(|stretch| both(stretch) >= (part.1 - part.0) / 2.0)
}

#[test]
fn a_long_clip_gives_several_separate_windows() {
    let space = Space::new();
    write_busy_clip(&space, "a.mp4");
    let facts = space.last_event(&["analyze", "a.mp4", "--json", "--no-models"])["facts"].clone();
    let windows = facts["windows"].as_array().unwrap();
    let mut best: Vec<usize> = windows[..3]
        .iter()
        .map(|window| busy(span(window)).unwrap_or_else(|| panic!("nothing happens: {windows:?}")))
        .collect();
    best.sort_unstable();
    assert_eq!(best, [0, 1, 2], "{windows:?}");
    assert!(windows[2]["score"].as_f64() > windows[3]["score"].as_f64(), "{windows:?}");

    space.movie("media: a.mp4\nduration: 6s\nconstraints: { shot: 2s..2s, repeats: 9 }\n");
    let plan = space.last_event(&["plan", "--json", "--no-models"]);
    let shots = plan["shots"].as_array().unwrap().iter();
    let parts: Vec<(f64, f64)> = shots.map(|shot| pair(&shot["reason_detail"]["moment"])).collect();
    let mut shown: Vec<Option<usize>> = parts.iter().map(|part| busy(*part)).collect();
    shown.sort_unstable();
    assert_eq!(shown, [Some(0), Some(1), Some(2)], "{parts:?}");
}

#[test]
fn a_query_finds_what_a_clip_shows() {
    let space = Space::new();
    for (photo, name) in [("bee", "1"), ("dogs", "2"), ("hill", "3")] {
        write_pan(&space, &format!("photos/{photo}.jpg"), &format!("trip/{name}.mp4"));
    }
    for (query, wanted) in [("a cute dog", "2"), ("bees", "1"), ("mountain hike", "3")] {
        let ran = space.run(&["analyze", "trip", "--match", query, "--json"]).expect_success();
        let ranked: Vec<Value> = ran.events().into_iter().filter(|event| event["rank"].is_number()).collect();
        assert_eq!(ranked[0]["source"], format!("trip/{wanted}.mp4"), "{query}: {ranked:?}");
        assert!(ranked[0]["match"].as_f64() > ranked[1]["match"].as_f64(), "{query}: {ranked:?}");
    }
    let facts = |args: &[&str]| {
        space.last_event(&[&["analyze", "trip/2.mp4", "--json"], args].concat())["facts"].clone()
    };
    let (seen, unseen) = (facts(&[]), facts(&["--no-models"]));
    assert!(seen["sight"]["tags"].is_array() && seen["looks_s"][0].is_number(), "{seen}");
    assert!(unseen.get("sight").is_none() && unseen.get("looks_s").is_none(), "{unseen}");
    // The one clip that a movie has room for is the one that its prompt asks for.
    space.movie("media: trip/\nprompt: only dogs\nduration: 2s\nconstraints: { shot: 2s..2s }\n");
    let plan = space.last_event(&["plan", "--json"]);
    assert_eq!(plan["shots"][0]["source"], "trip/2.mp4", "{plan}");
}
