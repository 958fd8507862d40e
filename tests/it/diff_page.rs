//! The page of `mmm diff --html`.

use std::fs;

use crate::browser::Browser;
use crate::space::Space;
use crate::tools::git;

#[test]
fn the_page_shows_both_versions_of_a_shot_with_their_frames() {
    let space = Space::holiday().without_models();
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
    let space = Space::holiday().without_models();
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

/// Opens a page with pictures and returns, for each picture, whether the outer sixteenths of its width are sharp,
/// as those of a photo are, and not those of a blurred copy beside it.
fn sharp_sides(space: &Space, page: &str, pictures: usize) -> Vec<bool> {
    let mut browser = Browser::open(&format!("file://{}", space.path(page).display()));
    browser.wait_for(&format!(
        "document.readyState === 'complete' && document.images.length === {pictures} && \
         [...document.images].every((image) => image.naturalWidth > 0)"
    ));
    let found = browser.evaluate(
        "[...document.images].map((image) => {
           const c = document.createElement('canvas'); c.width = image.naturalWidth; c.height = image.naturalHeight;
           const x = c.getContext('2d'); x.drawImage(image, 0, 0);
           const steps = (from, to) => { let sum = 0; const d = x.getImageData(from, 0, to - from, c.height).data;
             const w = to - from;
             for (let y = 0; y < c.height; y++) for (let i = 1; i < w; i++)
               sum += Math.abs(d[(y * w + i) * 4] - d[(y * w + i - 1) * 4]);
             return sum / (w * c.height); };
           const side = Math.floor(c.width / 16);
           return Math.min(steps(0, side), steps(c.width - side, c.width)) > steps(side, c.width - side) / 4; })",
    );
    found.as_array().unwrap().iter().map(|sharp| sharp.as_bool().unwrap()).collect()
}

/// Returns a movie of two photos of 3:2 that the movie crops, with its lock and an earlier one in which another
/// photo stands.
fn cropped(spec: &str) -> Space {
    let space = Space::with_photos(&["hill", "bee"]).without_models();
    space.movie(&format!("{spec}media: photos/\nduration: 4s\n"));
    space.run(&["update"]).expect_success();
    fs::rename(space.path("movie.lock"), space.path("before.lock")).unwrap();
    fs::remove_file(space.path("photos/bee.jpg")).unwrap();
    space.take("photos/path.jpg", "photos/path.jpg");
    space.run(&["update"]).expect_success();
    space.take("photos/bee.jpg", "elsewhere/a bee.jpg");
    space
}

#[test]
fn pictures_are_framed_as_the_movie_frames_them() {
    for (spec, sharp, shape) in [
        ("style: {fit: crop}\n", true, "1920 / 1080"),
        ("style: {fit: fill}\n", false, "1920 / 1080"),
        ("aspect: \"1:1\"\nstyle: {fit: crop}\n", true, "1080 / 1080"),
        ("aspect: \"9:16\"\nstyle: {fit: crop}\n", true, "1080 / 1920"),
    ] {
        let space = cropped(spec);
        space.run(&["diff", "before.lock", "movie.lock", "--html", "page.html"]).expect_success();
        let page = fs::read_to_string(space.path("page.html")).unwrap();
        // The photo that is gone from its place is found by its content.
        assert!(!page.contains("is missing or has changed"), "{spec}");
        assert!(page.contains(&format!("aspect-ratio: {shape}")), "{spec}");
        let pictures = page.matches("<img").count();
        assert!(pictures >= 2, "{pictures}");
        // The sides of some photos are out of focus, but not those of all.
        assert_eq!(sharp_sides(&space, "page.html", pictures).contains(&true), sharp, "{spec}");
    }
}

#[test]
fn a_lock_in_another_folder_finds_its_media_by_content() {
    let space = cropped("");
    for place in ["old/movie.lock", "../outside/movie.lock"] {
        let lock = space.folder().join(place);
        fs::create_dir_all(lock.parent().unwrap()).unwrap();
        fs::copy(space.path("before.lock"), &lock).unwrap();
        for other in ["movie.lock", "movie.yaml"] {
            space.run(&["diff", place, other, "--html", "page.html"]).expect_success();
            let page = fs::read_to_string(space.path("page.html")).unwrap();
            assert!(page.contains("data:image/jpeg"), "{place} {other}");
            assert!(!page.contains("is missing or has changed"), "{place} {other}");
        }
    }
    // A medium that is nowhere is still told so, and one with other content is another medium.
    fs::remove_file(space.path("elsewhere/a bee.jpg")).unwrap();
    space.take("photos/fig.jpg", "photos/bee.jpg");
    space.run(&["diff", "old/movie.lock", "movie.lock", "--html", "page.html"]).expect_success();
    let page = fs::read_to_string(space.path("page.html")).unwrap();
    assert_eq!(page.matches("is missing or has changed").count(), 1);
}
