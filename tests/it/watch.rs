//! `mmm watch`: save, see.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser::{Browser, get, get_with};
use crate::media::{write_walk, zero_packets};
use crate::space::{Space, probe, stream};
use crate::tools::interrupt;

/// A running `mmm watch --json`.
struct Watch {
    child: Child,
    events: Receiver<Value>,
    url: String,
}

impl Watch {
    fn start(space: &Space, args: &[&str]) -> Self {
        let mut command = space.command(&["watch", "--json", "--port", "0"]);
        let mut child = command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, events) = channel();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                sender.send(serde_json::from_str(&line).unwrap()).ok();
            }
        });
        let mut watch = Self { child, events, url: String::new() };
        watch.url = watch.next("watching")["url"].as_str().unwrap().to_owned();
        watch
    }

    /// The next event of a kind; those before it are passed over.
    #[track_caller]
    fn next(&self, kind: &str) -> Value {
        let start = Instant::now();
        let mut passed = Vec::new();
        while start.elapsed() < Duration::from_secs(120) {
            match self.events.recv_timeout(Duration::from_secs(1)) {
                Ok(event) if event["event"] == kind => return event,
                Ok(event) => passed.push(event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        panic!("no `{kind}` after {passed:#?}");
    }

    /// The keys of the actions that ran up to the next event of a kind, and that event.
    #[track_caller]
    fn ran_until(&self, kind: &str, ran: &mut Vec<String>) -> Value {
        loop {
            let event = self.events.recv_timeout(Duration::from_secs(120)).expect("more events");
            if event["event"] == "action" && event["state"] == "run" {
                ran.push(event["key"].as_str().unwrap().to_owned());
            }
            if event["event"] == kind {
                return event;
            }
        }
    }

    /// Nothing is said for a while.
    #[track_caller]
    fn quiet(&self) {
        let event = self.events.recv_timeout(Duration::from_millis(700));
        assert_eq!(event.ok(), None);
    }

    /// What the page shows now.
    fn showing(&self) -> Value {
        let answer = get(&format!("{}events", self.url));
        let data = answer.split("event: showing\ndata: ").nth(1).expect("a state").lines().next().unwrap();
        serde_json::from_str(data).unwrap()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

const SPEC: &str = "media: [photos/, clips/]\nmusic: song.wav\nrate: 30\nduration: 10s\n";

#[test]
fn every_way_of_saving_is_one_change_and_noise_is_none() {
    let space = Space::holiday();
    let watch = Watch::start(&space, &[]);
    let first = watch.next("finished");
    assert!(first["actions"]["run"].as_u64().unwrap() > 10);
    let draft = space.path("movie.draft.mp4");
    assert_eq!(stream(&probe(&draft), "video")["width"], 640);
    watch.quiet();

    // A comment: planned, nothing made.
    space.movie(&format!("# the summer\n{SPEC}"));
    assert_eq!(watch.next("finished")["actions"]["run"], 0);

    // An editor that moves the old file away and writes the new one; one that renames over it.
    fs::rename(space.path("movie.yaml"), space.path("movie.yaml~")).unwrap();
    space.movie(&format!("title: Summer\n{SPEC}"));
    let retitled = watch.next("finished");
    assert!(retitled["actions"]["run"].as_u64().unwrap() >= 1, "{retitled}");
    space.write(".movie.yaml.swp", "x").write("movie.yaml.new", format!("title: Winter\n{SPEC}"));
    fs::rename(space.path("movie.yaml.new"), space.path("movie.yaml")).unwrap();
    assert!(watch.next("finished")["actions"]["run"].as_u64().unwrap() >= 1);
    watch.quiet();

    // What is no medium is no change; nor is a medium that is only touched anything to make.
    space.write("notes.txt", "call home");
    watch.quiet();
    fs::File::open(space.path("photos/bee.jpg")).unwrap().set_modified(std::time::SystemTime::now()).unwrap();
    assert_eq!(watch.next("finished")["actions"]["run"], 0);

    // A mistake is told, the movie stays, and the mended spec goes on.
    space.movie("media: [photos/]\nmusik: song.wav\n");
    assert_eq!(watch.next("diagnostic")["severity"], "error");
    assert!(draft.exists());
    let showing = watch.showing();
    assert_eq!(showing["phase"], "failed");
    assert!(showing["diagnostics"][0]["text"].as_str().unwrap().contains("musik"), "{showing}");
    assert_eq!(showing["movies"].as_array().unwrap().len(), 1);
    space.movie(SPEC);
    watch.next("finished");

    // A photo that is asked for and not there yet, and then is copied slowly, is taken when it is whole.
    space.movie(&SPEC.replace("clips/]", "clips/, {path: photos/fig.jpg, required: true}]"));
    assert_eq!(watch.next("diagnostic")["severity"], "error");
    let photo = fs::read(crate::space::fixture("photos/fig.jpg")).unwrap();
    for part in 1..=4 {
        space.write("photos/fig.jpg", &photo[..photo.len() * part / 4]);
        std::thread::sleep(Duration::from_millis(20));
    }
    watch.next("finished");
    let shots = watch.showing()["movies"][0]["shots"].clone();
    let added = shots.as_array().unwrap().iter().find(|shot| shot["id"] == "photos/fig.jpg");
    assert_eq!(added.expect("the new photo is shown")["changed"], "new in the movie");
    // And it goes when it goes.
    fs::remove_file(space.path("photos/fig.jpg")).unwrap();
    assert_eq!(watch.next("diagnostic")["severity"], "error");
    space.movie(SPEC);
    watch.next("finished");
    assert_eq!(watch.showing()["movies"][0]["gone"], json!(["photos/fig.jpg"]));
}

#[test]
fn a_clip_that_rots_under_watch_is_told_and_the_movie_goes_on() {
    let space = Space::new();
    for name in ["path", "bee", "astronaut"] {
        space.take(&format!("photos/{name}.jpg"), &format!("photos/{name}.jpg"));
    }
    write_walk(&space, "clip.mp4", 200);
    space.movie(
        "media: [photos/, {path: clip.mp4, required: true, in: 4s, out: 6s}]\nduration: 7s\nrate: 25\n\
         constraints: {shot: 1.5s..3s}\n",
    );
    let watch = Watch::start(&space, &[]);
    watch.next("finished");
    zero_packets(&space.path("clip.mp4"), 4.8, 5.6);
    let said = watch.next("diagnostic");
    assert_eq!((&said["code"], &said["severity"]), (&json!("mmm::render::picture-held"), &json!("warning")));
    watch.next("finished");
    let showing = watch.showing();
    assert_eq!(showing["phase"], "ready");
    assert!(showing["diagnostics"][0]["text"].as_str().unwrap().contains("clip.mp4"), "{showing}");
    // A whole clip in its place, and nothing is to be said any more.
    write_walk(&space, "clip.mp4", 100);
    watch.next("finished");
    assert_eq!(watch.showing()["diagnostics"], json!([]));
}

#[test]
fn a_change_stops_the_build_in_flight_and_loses_nothing_that_was_finished() {
    let space = Space::holiday();
    let watch = Watch::start(&space, &["--final"]);
    let mut ran = Vec::new();
    watch.ran_until("finished", &mut ran);
    // The final movie takes longer: in the middle of it comes a new title.
    let drafted = ran.len();
    while ran.len() < drafted + 3 {
        watch.ran_until("action", &mut ran);
    }
    let start = Instant::now();
    space.movie(&format!("title: Later\n{SPEC}"));
    watch.ran_until("overtaken", &mut ran);
    let took = start.elapsed();
    // 200 ms is what is wanted; a machine that does three other things gets more.
    assert!(took < Duration::from_millis(800), "stopped after {took:?}");
    let draft = watch.ran_until("finished", &mut ran);
    assert!(draft["outputs"][0]["path"].as_str().unwrap().ends_with("movie.draft.mp4"));
    // Left alone, the final one is made, and what was finished before is not made again.
    let done = watch.ran_until("finished", &mut ran);
    assert!(done["outputs"][0]["path"].as_str().unwrap().ends_with("/movie.mp4"));
    let different: std::collections::BTreeSet<&String> = ran.iter().collect();
    assert_eq!(different.len(), ran.len(), "something was made twice");
    drop(watch);
    assert_eq!(space.run(&["build", "--json"]).expect_success().finished_event()["actions"]["run"], 0);
}

#[test]
fn it_looks_once_a_second_where_asked_and_ctrl_c_ends_it_at_once() {
    let space = Space::holiday();
    let mut watch = Watch::start(&space, &["--poll"]);
    watch.next("finished");
    space.movie(&format!("# a word\n{SPEC}"));
    assert_eq!(watch.next("finished")["actions"]["run"], 0);
    let start = Instant::now();
    interrupt(&watch.child);
    assert_eq!(watch.child.wait().unwrap().code(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[test]
fn the_page_is_for_this_machine_and_gives_out_the_movie_alone() {
    let space = Space::holiday();
    let watch = Watch::start(&space, &[]);
    watch.next("finished");
    let showing = watch.showing();
    let movie = format!("{}{}", watch.url, &showing["movies"][0]["url"].as_str().unwrap()[1..]);
    let part = get_with(&movie, "Range: bytes=4-7\r\n");
    let part = String::from_utf8_lossy(&part);
    assert!(part.starts_with("HTTP/1.1 206") && part.ends_with("ftyp"), "{part}");
    for odd in ["files/movie.yaml", "files/..%2f..%2fmovie.yaml", "files/%2fetc%2fpasswd", "movie.yaml"] {
        assert!(get(&format!("{}{odd}", watch.url)).starts_with("HTTP/1.1 404"), "{odd}");
    }
    // A stranger's name for this machine, as a page on the net could have one.
    let stranger = get_with(&watch.url, "Host: example.org\r\n");
    assert!(stranger.starts_with(b"HTTP/1.1 403"));
    let port = watch.url.rsplit(':').next().unwrap().trim_end_matches('/');
    let taken = space.run(&["watch", "--port", port, "--json"]).expect_exit(1);
    assert_eq!(taken.codes(), ["mmm::cli::no-port"]);
}

#[test]
fn the_page_plays_the_newest_movie_and_keeps_its_place() {
    let space = Space::holiday();
    let watch = Watch::start(&space, &[]);
    watch.next("finished");
    let mut browser = Browser::open(&watch.url);
    browser.wait_for("front.movie != null && front.readyState >= 2");
    browser.wait_for("document.querySelectorAll('.shot img[src]').length === showing.movies[0].shots.length");
    browser.wait_for("[...document.images].every((image) => image.complete && image.naturalWidth > 100)");
    // A click on a card goes to its shot.
    let shots = browser.value("showing.movies[0].shots.map((shot) => [shot.id, shot.start])");
    let (id, start) = (shots[2][0].as_str().unwrap().to_owned(), shots[2][1].as_f64().unwrap());
    browser.value("document.querySelectorAll('.shot button')[2].click()");
    browser.wait_for(&format!("Math.abs(front.currentTime - {start}) < 0.05"));
    browser.value("front.muted = true; front.currentTime += 0.3; front.playbackRate = 0.5; front.play()");

    // The opening gets a title: a new movie comes, and the old one's place and play go on in it.
    let before = browser.value("front.movie.url");
    space.movie(&format!("title: Summer\n{SPEC}"));
    watch.next("finished");
    browser.wait_for("front.movie && front.movie.url === movie().url && showing.revision === 2");
    assert_ne!(browser.value("front.movie.url"), before);
    assert_eq!(browser.value("[front.paused, front.playbackRate]"), json!([false, 0.5]));
    let now = browser.value("placeOf(front.currentTime, front.movie.shots).time").as_f64().unwrap();
    assert!(now >= start + 0.25, "it is at {now} and was past {start}");
    browser.wait_for("document.querySelectorAll('.shot.is-changed').length >= 1");
    assert!(
        browser.value("document.getElementById('news').textContent").as_str().unwrap().contains("changed")
    );

    // A whole reload keeps the place as well.
    browser.value(&format!(
        "front.pause(); front.currentTime = movie().shots.find((shot) => shot.id === {id:?}).start + 0.2; 1"
    ));
    browser.wait_for("!front.seeking");
    // The page that goes away is still asked for a moment: what it lacks afterwards is this mark.
    browser.value("globalThis.before = true; keepPlace(); location.reload(); 1");
    browser.wait_for("!globalThis.before && typeof front !== 'undefined' && front.movie != null");
    let place = browser.value("placeOf(front.currentTime, front.movie.shots)");
    assert_eq!(place["id"], json!(id), "{place}");

    // What is wrong is there to read.
    space.movie("media: [photos/]\nmusik: song.wav\n");
    browser.wait_for("document.body.dataset.phase === 'failed'");
    let told = browser.value("document.getElementById('complaints').textContent");
    assert!(told.as_str().unwrap().contains("musik"), "{told}");
}
