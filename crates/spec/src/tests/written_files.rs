//! Mistakes in the names of the files that a movie writes.

use super::codes;
use super::mistakes::report;
use crate::parse;

#[test]
fn an_output_with_the_name_of_a_draft() {
    insta::assert_snapshot!(report("media: [a.jpg]\noutputs:\n  m.mp4: {}\n  m.draft.mp4: { aspect: 9:16 }\n"), @r"
    mmm::spec::duplicate-output

      × `m.draft.mp4` is also the draft of `m.mp4`
       ╭─[movie.yaml:3:3]
     2 │ outputs:
     3 │   m.mp4: {}
       ·   ──┬──
       ·     ╰── its draft
     4 │   m.draft.mp4: { aspect: 9:16 }
       ·   ─────┬─────
       ·        ╰── again here
       ╰────
      help: give one of them another name, or remove it
    ");
    for (names, message) in [
        ("m.draft.mp4: {}, m.mp4: {}", "`m.draft.mp4` is also the draft of `m.mp4`"),
        ("m.webm: {}, m.webm.draft.mp4: {}", "`m.webm.draft.mp4` is also the draft of `m.webm`"),
        ("m.mov: {}, m.mov.draft.mp4: {}", "`m.mov.draft.mp4` is also the draft of `m.mov`"),
        ("m.mp4: {}, m.MP4: {}", "`m.draft.mp4` is the draft of both `m.mp4` and `m.MP4`"),
    ] {
        let found = parse(format!("media: [a.jpg]\noutputs: {{ {names} }}\n").as_bytes()).diagnostics;
        let messages: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(messages, [message], "{names}");
    }
    let found = codes("media: [a.jpg]\noutputs: { m.mp4: {}, m.webm: {}, m.mov: {}, m.draft.mov: {} }\n");
    assert!(found.is_empty(), "{found:?}");
    // A draft would also replace a clip of that name.
    let found = report("media: [movie.draft.mp4]\n");
    assert!(found.contains("the draft of `movie.mp4` would overwrite one of its inputs"), "{found}");
}

#[test]
fn a_poster_without_a_name() {
    let found = report("media: [a.jpg]\noutputs: { m.mp4: { poster: .jpg } }\n");
    assert!(found.contains("help: write a name in front of `.jpg`"), "{found}");
}
