//! Comments that hide a part of a text.

use super::mistakes::report;
use crate::parse;

/// Returns what a spec with a comment right after a text or a path is told, and the movie that is read.
fn comments(text: &str) -> Vec<(String, String)> {
    let parsed = parse(text.as_bytes());
    let found = parsed.diagnostics.iter().filter(|found| found.code.as_str() == "mmm::spec::comment-in-text");
    found
        .map(|found| {
            let span = found.labels[0].span;
            (text[span.start..span.end()].to_owned(), found.help.clone().unwrap_or_default())
        })
        .collect()
}

#[test]
fn a_text_that_ends_at_a_comment_is_a_warning() {
    insta::assert_snapshot!(report("title: Day #1\nmedia: [photos/]\n"), @r#"
    mmm::spec::comment-in-text

      ⚠ `title` is only `Day`, because YAML takes `#1` for a comment
       ╭─[movie.yaml:1:12]
     1 │ title: Day #1
       ·            ─┬
       ·             ╰── a comment
     2 │ media: [photos/]
       ╰────
      help: put quotes around it: `"Day #1"`; if it is a comment, write a space after the `#`
    "#);
    let parsed = parse(b"title: Day #1\nmedia: [photos/]\n");
    assert_eq!(
        parsed.movie.map(|movie| movie.outputs[0].settings.title.clone()),
        Some(Some("Day".to_owned()))
    );
    for (text, comment, whole) in [
        ("title: Our trip #1 with Ann\nmedia: a\n", "#1 with Ann", "Our trip #1 with Ann"),
        ("prompt: Calm\n  and long #2\nmedia: a\n", "#2", "Calm and long #2"),
        ("media: photos/best #3.jpg\n", "#3.jpg", "photos/best #3.jpg"),
        ("media:\n  - a\n  - photos/best #3.jpg\n", "#3.jpg", "photos/best #3.jpg"),
        ("media: a\nmusic: Track #7.mp3\n", "#7.mp3", "Track #7.mp3"),
        ("media:\n  - path: a.jpg\n    caption: Sun #lisbon\n", "#lisbon", "Sun #lisbon"),
        ("media: a\nstyle:\n  titles:\n    - text: Day #2\n      at: 1s\n", "#2", "Day #2"),
        ("media: a\noutputs:\n  a.mp4:\n    poster: Cover #2.jpg\n", "#2.jpg", "Cover #2.jpg"),
        ("title: Say \"hi\" #1\nmedia: a\n", "#1", "Say \\\"hi\\\" #1"),
        ("title: #1 Dad\nmedia: a\n", "#1 Dad", "#1 Dad"),
        ("media: a\ntitle: #1 Dad\n", "#1 Dad", "#1 Dad"),
    ] {
        let found = comments(text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].0, comment, "{text}");
        assert!(found[0].1.contains(&format!("`\"{whole}\"`")), "{text}: {}", found[0].1);
    }
    for text in [
        "title: Day # the first\nmedia: a\n",
        "title: \"Day\" #1\nmedia: a\n",
        "title: 'Day #1'\nmedia: a #TODO: more\n",
        "media: a\nrate: 30 #fps\nstyle: #old\n  pace: calm #er\n",
        "media: #all\n  - a #\n",
        "#1\ntitle: C#1\nmedia: a\n",
        "media: a\nprompt: |\n  Day #1\n",
    ] {
        assert_eq!(comments(text), [], "{text}");
    }
}

#[test]
fn a_comment_that_hides_a_bracket_or_a_quote_is_named() {
    for text in [
        "media: a\nstyle: {titles: [{text: Day #1, at: 2s}]}\n",
        "media: [photos/best #1.jpg, b.jpg]\n",
        "title: 'A' b #1\nmedia: a\n",
    ] {
        let shown = report(text);
        assert!(shown.contains("a comment begins here") && shown.contains("put quotes around"), "{shown}");
    }
    let shown = report("media: [photos/, 'day #1', b.jpg\ntitle: A\n");
    assert!(!shown.contains("a comment"), "{shown}");
}
