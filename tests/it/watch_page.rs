//! The page of `mmm watch` in a browser.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::watch::{SPEC, watch_holiday};

/// Waits for the movie and for the pictures of its shots.
#[track_caller]
fn wait_for_movie(browser: &mut Browser) {
    browser.wait_for("front.movie != null && front.readyState >= 2");
    browser.wait_for("document.querySelectorAll('.shot img[src]').length === showing.movies[0].shots.length");
    browser.wait_for("[...document.images].every((image) => image.complete && image.naturalWidth > 100)");
}

/// Clicks on the card of the third shot, and returns the shot's name and its start in seconds.
#[track_caller]
fn go_to_third_shot(browser: &mut Browser) -> (Value, f64) {
    let shot = browser.evaluate("[showing.movies[0].shots[2].id, showing.movies[0].shots[2].start]");
    let start = shot[1].as_f64().unwrap();
    browser.evaluate("document.querySelectorAll('.shot button')[2].click()");
    browser.wait_for(&format!("Math.abs(front.currentTime - {start}) < 0.05"));
    (shot[0].clone(), start)
}

#[test]
fn a_new_movie_plays_on_at_the_same_place() {
    let (space, watch) = watch_holiday(&[]);
    let mut browser = Browser::open(&watch.url);
    wait_for_movie(&mut browser);
    let (_, start) = go_to_third_shot(&mut browser);
    browser.evaluate("front.muted = true; front.currentTime += 0.3; front.playbackRate = 0.5; front.play()");
    let before = browser.evaluate("front.movie.url");
    space.movie(&format!("title: Summer\n{SPEC}"));
    watch.next_event("finished");
    browser.wait_for("front.movie && front.movie.url === movie().url && showing.revision === 2");
    assert_ne!(browser.evaluate("front.movie.url"), before);
    assert_eq!(browser.evaluate("[front.paused, front.playbackRate]"), json!([false, 0.5]));
    let now = browser.evaluate("placeOf(front.currentTime, front.movie.shots).time").as_f64().unwrap();
    assert!(now >= start + 0.25, "it is at {now} s and was past {start} s");
    browser.wait_for("document.querySelectorAll('.shot.is-changed').length >= 1");
    let news = browser.evaluate("document.getElementById('news').textContent");
    assert!(news.as_str().unwrap().contains("changed"), "{news}");
}

#[test]
fn a_reload_keeps_the_place() {
    let (_space, watch) = watch_holiday(&[]);
    let mut browser = Browser::open(&watch.url);
    wait_for_movie(&mut browser);
    let (id, _) = go_to_third_shot(&mut browser);
    browser.evaluate(&format!(
        "front.pause(); front.currentTime = movie().shots.find((shot) => shot.id === {id}).start + 0.2; 1"
    ));
    browser.wait_for("!front.seeking");
    // The old page still responds for a moment; the new one lacks this mark.
    browser.evaluate("globalThis.before = true; keepPlace(); location.reload(); 1");
    browser.wait_for("!globalThis.before && typeof front !== 'undefined' && front.movie != null");
    let place = browser.evaluate("placeOf(front.currentTime, front.movie.shots)");
    assert_eq!(place["id"], id, "{place}");
}

#[test]
fn the_page_shows_the_diagnostics() {
    let (space, watch) = watch_holiday(&[]);
    let mut browser = Browser::open(&watch.url);
    wait_for_movie(&mut browser);
    space.movie("media: [photos/]\nmusik: song.wav\n");
    browser.wait_for("document.body.dataset.phase === 'failed'");
    let shown = browser.evaluate("document.getElementById('complaints').textContent");
    assert!(shown.as_str().unwrap().contains("musik"), "{shown}");
}
