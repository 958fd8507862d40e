//! The page of `mmm diff --html`.

use std::fs;

use crate::browser::Browser;
use crate::space::Space;
use crate::tools::git;

#[test]
fn the_page_shows_both_versions_of_a_shot_with_their_frames() {
    let space = Space::holiday();
    space.run(&["update"]).expect_success();
    fs::copy(space.path("movie.lock"), space.path("before.lock")).unwrap();
    // One photo is removed, and a required one is added.
    fs::remove_file(space.path("photos/bee.jpg")).unwrap();
    space.take("photos/fig.jpg", "photos/fig.jpg");
    space.movie(
        "media: [photos/, clips/, {path: photos/fig.jpg, required: true}]\nmusic: song.wav\nrate: 30\nduration: 10s\n",
    );
    let ran =
        space.run(&["diff", "before.lock", "movie.yaml", "--html", "diff.html", "--json"]).expect_success();
    let changes = ran.events().pop().unwrap()["outputs"][0]["changes"].clone();
    let kind = |id: &str| {
        changes.as_array().unwrap().iter().find(|change| change["id"] == id).unwrap()["kind"].clone()
    };
    assert_eq!((kind("photos/bee.jpg"), kind("photos/fig.jpg")), ("gone".into(), "added".into()));
    let page = fs::read_to_string(space.path("diff.html")).unwrap();
    assert!(!page.contains("http://") && !page.contains("https://"), "the page loads something");
    // The page shows the new photo, and says that the other one is gone.
    assert!(page.contains("data:image/jpeg;base64,"));
    assert!(page.contains("is missing or has changed"));

    let mut browser = Browser::open(&format!("file://{}", space.path("diff.html").display()));
    browser.wait_for("document.readyState === 'complete' && document.images.length >= 1");
    browser.wait_for("[...document.images].every((image) => image.naturalWidth === 384)");
    let cards = browser.evaluate("document.querySelectorAll('article').length");
    let shown = changes.as_array().unwrap().iter().filter(|change| change["kind"] != "moved").count();
    assert_eq!(cards, shown);
    // The card of the new photo shows its colours: more red than blue.
    let red = browser.evaluate(
        "(() => { const card = [...document.querySelectorAll('article')].find((a) => a.textContent.includes('fig.jpg'));
           const image = card.querySelector('img'); const c = document.createElement('canvas');
           c.width = 384; c.height = 216; const x = c.getContext('2d'); x.drawImage(image, 0, 0);
           const d = x.getImageData(0, 0, 384, 216).data; let r = 0, b = 0;
           for (let i = 0; i < d.length; i += 4) { r += d[i]; b += d[i + 2]; } return r > 1.2 * b; })()",
    );
    assert_eq!(red, true);
}

#[test]
fn a_git_revision_is_compared_with_a_lock() {
    let space = Space::holiday();
    space.run(&["update"]).expect_success();
    git(&space.folder(), &["init", "-q"]);
    git(&space.folder(), &["add", "movie.lock", "movie.yaml"]);
    git(&space.folder(), &["commit", "-qm", "a"]);
    space.movie("media: [photos/]\nmusic: song.wav\nrate: 30\nduration: 8s\n");
    space.run(&["update"]).expect_success();
    space
        .run(&["diff", "HEAD", "movie.lock", "--lock", "movie.lock", "--html", "page.html"])
        .expect_success();
    let page = fs::read_to_string(space.path("page.html")).unwrap();
    assert!(page.contains("HEAD → movie.lock"));
    // All media still exist, so both sides have frames.
    assert!(!page.contains("is missing or has changed"));
}
