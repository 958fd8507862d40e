use super::codes;
use crate::parse;
use mmm_base::diagnostics::render;

/// Returns the report on a spec, as a user sees it.
pub(super) fn report(text: &str) -> String {
    let parsed = parse(text.as_bytes());
    let shown = render(&parsed.diagnostics, Some(("movie.yaml", text)), false, 100);
    shown.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[test]
fn all_mistakes_are_reported_at_once() {
    insta::assert_snapshot!(report(
        "medai: [photos/]\ntitle: 🎬 Lisbon\nduration: 60\nstyle: { pace: clam, pace: calm }\noutputs:\n  story.avi: {}\n"
    ), @r"
    mmm::spec::unknown-key

      × unknown key `medai`
       ╭─[movie.yaml:1:1]
     1 │ medai: [photos/]
       · ──┬──
       ·   ╰── not a key of the spec
     2 │ title: 🎬 Lisbon
       ╰────
      help: did you mean `media`? the keys here are `mmm`, `title`, `prompt`, `media`, `cameras`,
            `music`, `duration`, `for`, `aspect`, `size`, `quality`, `max-size`, `codec`, `rate`,
            `style`, `constraints`, `outputs`

    mmm::spec::bare-number

      × `duration` takes a time with its unit, not a bare number
       ╭─[movie.yaml:3:11]
     2 │ title: 🎬 Lisbon
     3 │ duration: 60
       ·           ─┬
       ·            ╰── no unit
     4 │ style: { pace: clam, pace: calm }
       ╰────
      help: write `60s` for seconds

    mmm::spec::bad-value

      × `pace` can't be `clam`
       ╭─[movie.yaml:4:16]
     3 │ duration: 60
     4 │ style: { pace: clam, pace: calm }
       ·                ──┬─
       ·                  ╰── not an allowed value
     5 │ outputs:
       ╰────
      help: did you mean `calm`? write `auto`, `calm`, `steady` or `lively`

    mmm::spec::duplicate-key

      × `pace` appears twice
       ╭─[movie.yaml:4:10]
     3 │ duration: 60
     4 │ style: { pace: clam, pace: calm }
       ·          ──┬─        ──┬─
       ·            │           ╰── again here
       ·            ╰── first here
     5 │ outputs:
       ╰────
      help: keep one of the two

    mmm::spec::not-mp4

      × the output `story.avi` does not end in `.mp4`, `.mov` or `.webm`
       ╭─[movie.yaml:6:3]
     5 │ outputs:
     6 │   story.avi: {}
       ·   ────┬────
       ·       ╰── not MP4, MOV or WebM
       ╰────
      help: write `story.mp4`: mmm writes only MP4, MOV and WebM
    ");
}

#[test]
fn a_key_in_the_wrong_place_is_sent_home() {
    insta::assert_snapshot!(report("media: [photos/]\npace: calm\n"), @r"
    mmm::spec::unknown-key

      × unknown key `pace`
       ╭─[movie.yaml:2:1]
     1 │ media: [photos/]
     2 │ pace: calm
       · ──┬─
       ·   ╰── not a key of the spec
       ╰────
      help: `pace` belongs below `style`; the keys here are `mmm`, `title`, `prompt`, `media`,
            `cameras`, `music`, `duration`, `for`, `aspect`, `size`, `quality`, `max-size`, `codec`,
            `rate`, `style`, `constraints`, `outputs`
    ");
}

#[test]
fn a_bare_number_is_asked_for_its_unit() {
    insta::assert_snapshot!(report("media:\n  - path: clips/🤿 dive.mp4\n    in: 3.2\n"), @r"
    mmm::spec::bare-number

      × `in` takes a time with its unit, not a bare number
       ╭─[movie.yaml:3:9]
     2 │   - path: clips/🤿 dive.mp4
     3 │     in: 3.2
       ·         ─┬─
       ·          ╰── no unit
       ╰────
      help: write `3.2s` for seconds
    ");
}

#[test]
fn a_part_without_length() {
    insta::assert_snapshot!(report("media:\n  - path: dive.mp4\n    in: 9s\n    out: 3.2s\n"), @r"
    mmm::spec::bad-range

      × `out` must be later than `in`
       ╭─[movie.yaml:3:9]
     2 │   - path: dive.mp4
     3 │     in: 9s
       ·         ─┬
       ·          ╰── the part starts here
     4 │     out: 3.2s
       ·          ──┬─
       ·            ╰── the part ends here
       ╰────
      help: write a later `out` or an earlier `in`
    ");
}

#[test]
fn a_glob_without_quotes() {
    insta::assert_snapshot!(report("media:\n  - *.jpg\n"), @r#"
    mmm::spec::unreadable-yaml

      × YAML reads `*.jpg` as an anchor or alias
       ╭─[movie.yaml:2:5]
     1 │ media:
     2 │   - *.jpg
       ·     ──┬──
       ·       ╰── a word that starts with `*` or `&` needs quotes
       ╰────
      help: put quotes around it: `"*.jpg"`
    "#);
}

#[test]
fn an_exclusion_without_quotes() {
    insta::assert_snapshot!(report("media:\n  - photos/\n  - !photos/receipts/**   # no\n"), @r#"
    mmm::spec::yaml-tag

      × YAML reads `!photos/receipts/**` as a tag
       ╭─[movie.yaml:3:5]
     2 │   - photos/
     3 │   - !photos/receipts/**   # no
       ·     ─────────┬─────────
       ·              ╰── needs quotes
       ╰────
      help: put quotes around it: `"!photos/receipts/**"`
    "#);
}

#[test]
fn a_second_colon() {
    insta::assert_snapshot!(report("title: Lisbon: June\nmedia: photos/\n"), @r"
    mmm::spec::unreadable-yaml

      × the line contains a second `: `
       ╭─[movie.yaml:1:14]
     1 │ title: Lisbon: June
       ·              ┬
       ·              ╰── YAML reads this as another key
     2 │ media: photos/
       ╰────
      help: put quotes around text that contains `: `, and write every key on its own line
    ");
}

#[test]
fn a_bracket_that_stays_open() {
    insta::assert_snapshot!(report("media: [photos/, clips/\nmusic: song.mp3\n"), @r"
    mmm::spec::unreadable-yaml

      × a bracket is not closed
       ╭─[movie.yaml:1:8]
     1 │ media: [photos/, clips/
       ·        ┬
       ·        ╰── opened here
     2 │ music: song.mp3
       ·      ┬
       ·      ╰── not expected inside the bracket
       ╰────
      help: close the bracket, or put quotes around the name or glob that contains it
    ");
}

#[test]
fn paths_that_leave() {
    insta::assert_snapshot!(report("media:\n  - ../other/a.jpg\n  - /home/me/b.jpg\nmusic: ~/song.mp3\n"), @r"
    mmm::spec::path-outside

      × the path leaves the folder of the spec
       ╭─[movie.yaml:2:5]
     1 │ media:
     2 │   - ../other/a.jpg
       ·     ───────┬──────
       ·            ╰── not in the folder of the spec
     3 │   - /home/me/b.jpg
       ╰────
      help: write a path relative to the spec, and move or link the files there

    mmm::spec::path-outside

      × the path is absolute
       ╭─[movie.yaml:3:5]
     2 │   - ../other/a.jpg
     3 │   - /home/me/b.jpg
       ·     ───────┬──────
       ·            ╰── not in the folder of the spec
     4 │ music: ~/song.mp3
       ╰────
      help: write a path relative to the spec, and move or link the files there

    mmm::spec::path-outside

      × a path can't start with `~`
       ╭─[movie.yaml:4:8]
     3 │   - /home/me/b.jpg
     4 │ music: ~/song.mp3
       ·        ─────┬────
       ·             ╰── not in the folder of the spec
       ╰────
      help: write a path relative to the spec, and move or link the files there
    ");
}

#[test]
fn two_outputs_of_one_name() {
    insta::assert_snapshot!(report("media: [a.jpg]\noutputs:\n  a.mp4: {}\n  ./a.mp4: { aspect: 9:16 }\n"), @r"
    mmm::spec::duplicate-output

      × `a.mp4` is written twice
       ╭─[movie.yaml:3:3]
     2 │ outputs:
     3 │   a.mp4: {}
       ·   ──┬──
       ·     ╰── first here
     4 │   ./a.mp4: { aspect: 9:16 }
       ·   ───┬───
       ·      ╰── again here
       ╰────
      help: give it another name, or remove it
    ");
}

#[test]
fn an_output_over_a_source() {
    insta::assert_snapshot!(report("media: [clips/]\nmusic: movie.mp4\n"), @r"
    mmm::spec::output-is-input

      × the output `movie.mp4` would overwrite one of its inputs
       ╭─[movie.yaml:2:8]
     1 │ media: [clips/]
     2 │ music: movie.mp4
       ·        ────┬────
       ·            ╰── named here
       ╰────
      help: give the output another name, such as `outputs: { film.mp4: {} }`
    ");
}

#[test]
fn no_media() {
    insta::assert_snapshot!(report("title: Lisbon\n"), @r#"
    mmm::spec::missing-key

      × the spec has no `media`
       ╭─[movie.yaml:1:1]
     1 │ title: Lisbon
       · ──────┬──────
       ·       ╰── `media` is missing
       ╰────
      help: add `media: [photos/, "clips/*.mp4"]`
    "#);
}

#[test]
fn music_that_is_not_there() {
    insta::assert_snapshot!(report("media: a.jpg\nduration: music\noutputs: { a.mp4: {}, b.mp4: {} }\n"), @r"
    mmm::spec::needs-music

      × `duration` is `music`, but there is no music
       ╭─[movie.yaml:2:11]
     1 │ media: a.jpg
     2 │ duration: music
       ·           ──┬──
       ·             ╰── there is no music
     3 │ outputs: { a.mp4: {}, b.mp4: {} }
       ╰────
      help: add `music: song.mp3`, or write a length such as `duration: 60s`
    ");
}

#[test]
fn a_wrong_type() {
    insta::assert_snapshot!(report("media: a.jpg\nstyle: calm\nconstraints:\n  shot: 3s\n  repeats: often\n"), @r"
    mmm::spec::wrong-type

      × `style` takes a mapping of keys, not text
       ╭─[movie.yaml:2:8]
     1 │ media: a.jpg
     2 │ style: calm
       ·        ──┬─
       ·          ╰── this is text
     3 │ constraints:
       ╰────
      help: write its keys on separate lines below it, such as `pace: calm`

    mmm::spec::bad-value

      × `shot` takes a range, not one value
       ╭─[movie.yaml:4:9]
     3 │ constraints:
     4 │   shot: 3s
       ·         ─┬
       ·          ╰── only one value
     5 │   repeats: often
       ╰────
      help: write `3s..3s` for exactly this length, or two times

    mmm::spec::wrong-type

      × `repeats` takes a whole number from 0 to 100, not text
       ╭─[movie.yaml:5:12]
     4 │   shot: 3s
     5 │   repeats: often
       ·            ──┬──
       ·              ╰── this is text
       ╰────
      help: write a whole number from 0 to 100
    ");
}

/// Lists one mistake per line, with its code.
#[test]
fn every_mistake_has_its_code() {
    let bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned()
        + &(1..9)
            .map(|level| {
                let (this, last) = ((b'a' + level) as char, (b'a' + level - 1) as char);
                let aliases = vec![format!("*{last}"); 10].join(", ");
                format!("{this}: &{this} [{aliases}]\n")
            })
            .collect::<String>();
    let deep = format!("media: {}", "[".repeat(200));
    let deep_block = format!("media:\n{}", (1..200).map(|n| " ".repeat(n) + "-\n").collect::<String>());
    let long = format!("media: a\n# {}", "x".repeat(1 << 20));
    let many = format!("media: [{}]", "a,".repeat(60_000));
    let cases: &[(&str, &[&str])] = &[
        ("", &["missing-key"]),
        ("# nothing\n", &["missing-key"]),
        ("~", &["missing-key"]),
        ("- a", &["wrong-type"]),
        ("words", &["wrong-type"]),
        ("media: a\nassert: []", &["unknown-key"]),
        ("media: a\n? [a]\n: b", &["unknown-key"]),
        ("media: a\n<<: { title: x }", &["unknown-key"]),
        ("media: a\nmedia: b", &["duplicate-key"]),
        ("media: []", &["empty-media"]),
        ("media: [\"!a\"]", &["empty-media"]),
        ("media: \"\"", &["path-empty"]),
        ("media:", &["wrong-type"]),
        ("media: \"!a\"", &["bad-value"]),
        ("media: { path: a }", &["wrong-type"]),
        ("media: [{ required: true }]", &["missing-key"]),
        ("media: [{ path: \"!a\" }]", &["bad-value"]),
        ("media: [{ path: a, required: yes }]", &["wrong-type"]),
        ("media: [{ path: a, focus: [0.5] }]", &["bad-value"]),
        ("media: [{ path: a, focus: [0.5, 1.5] }]", &["bad-range"]),
        ("media: [{ path: a, focus: [0.5, left] }]", &["wrong-type"]),
        ("media: [{ path: a, speed: 0.2 }]", &["bad-range"]),
        ("media: [{ path: a, speed: 4.001 }]", &["bad-range"]),
        ("media: [{ path: a, speed: -1 }]", &["bad-range"]),
        ("media: [{ path: a, speed: 0.3333 }]", &["bad-value"]),
        ("media: [{ path: a, speed: fast }]", &["wrong-type"]),
        ("media: [{ path: a, speed: 2x }]", &["wrong-type"]),
        ("media: [{ path: a, out: 0s }]", &["bad-range"]),
        ("media: [{ path: a, in: -1s }]", &["bad-range"]),
        ("media: [{ path: a, caption: \" \" }]", &["bad-value"]),
        ("media: [{ path: a, role: hero }]", &["bad-value"]),
        ("media: \"a[1.jpg\"", &["bad-glob"]),
        ("media: \"{a,b\"", &["bad-glob"]),
        ("media: https://example.org/a.jpg", &["path-outside"]),
        ("media: 'C:\\a.jpg'", &["path-outside"]),
        ("media: a\nmusic: ../a", &["path-outside"]),
        ("media: a\nmusic: ./", &["path-empty"]),
        ("media: a\nmusic: [{ from: 3s }]", &["missing-key"]),
        ("media: a\nmusic: [{ path: a.mp3, tempo: 3 }]", &["unknown-key"]),
        ("media: a\nduration: 60", &["bare-number"]),
        ("media: a\nduration: 45..75s", &["bare-number"]),
        ("media: a\nduration: long", &["bad-value"]),
        ("media: a\nduration: 5m", &["bad-value"]),
        ("media: a\naspect: 3:2", &["bad-value"]),
        ("media: a\nstyle: { transitions: [] }", &["bad-value"]),
        ("media: a\nstyle: { transitions: [cut, cut] }", &["bad-value"]),
        ("media: a\nstyle: { transitions: swirl }", &["bad-value"]),
        ("media: a\nstyle: { transitions: [auto] }", &["bad-value"]),
        ("media: a\nstyle: { loudness: -14 }", &["bare-number"]),
        ("media: a\nstyle: { loudness: loud }", &["bad-value"]),
        ("media: a\nstyle: { titles: [{ text: x, at: 9s, for: 1s }] }\nduration: 9s", &["bad-range"]),
        ("media: a\nconstraints: { order: story }", &["bad-value"]),
        ("media: a\nconstraints: { repeats: 1.5 }", &["wrong-type"]),
        ("media: [{ path: a.mp4, audio: two }]", &["wrong-type"]),
        ("media: [{ path: a.mp4, audio: 0 }]", &["bad-range"]),
        ("media: a\nmusic: { path: a.m4a, audio: 101 }", &["bad-range"]),
        ("media: a\noutputs: {}", &["bad-value"]),
        ("media: a\noutputs: [a.mp4]", &["wrong-type"]),
        ("media: a\noutputs: { a.mkv: {} }", &["not-mp4"]),
        ("media: a\noutputs: { .mp4: {} }", &["not-mp4"]),
        ("media: a\noutputs: { ../a.mp4: {} }", &["path-outside"]),
        ("media: a\noutputs: { a.mp4: {}, a.mp4: {} }", &["duplicate-output"]),
        ("media: a\noutputs: { a.mp4: { media: b } }", &["unknown-key"]),
        ("media: [a.mp4]\noutputs: { a.mp4: {} }", &["output-is-input"]),
        ("media: a\nmmm: 2", &["unsupported-version"]),
        ("media: a\nmmm: one", &["wrong-type"]),
        ("media: a\ntitle: \"a\\u0007\"", &["bad-value"]),
        ("media: a\n---\nmedia: b", &["several-documents"]),
        ("media: &a [*a]", &["unreadable-yaml"]),
        ("media: *nothing", &["unreadable-yaml"]),
        ("media: \"a", &["unreadable-yaml"]),
        ("media:\n\t- a", &["unreadable-yaml"]),
        ("media: @a", &["unreadable-yaml"]),
        ("media: \0", &["unreadable-yaml"]),
        ("media: !!binary aGk=", &["yaml-tag"]),
        (&bomb, &["too-large"]),
        (&deep, &["too-large"]),
        (&deep_block, &["too-large"]),
        (&long, &["too-large"]),
        (&many, &["bad-value"]),
    ];
    for (text, wanted) in cases {
        let wanted: Vec<String> = wanted.iter().map(|code| format!("mmm::spec::{code}")).collect();
        let shown: String = text.chars().take(80).collect();
        assert_eq!(codes(text), wanted, "{shown:?}");
    }
    let odd = |bytes: &[u8]| parse(bytes).diagnostics[0].code.as_str();
    assert_eq!(odd(b"media: caf\xe9"), "mmm::spec::not-utf8");
    assert_eq!(odd(b"\xff\xfem\0e\0"), "mmm::spec::not-utf8");
}

#[test]
fn mistakes_are_reported_up_to_a_number() {
    let text = "media: a\n".to_owned() + &(0..1000).map(|n| format!("k{n}: 1\n")).collect::<String>();
    let codes = codes(&text);
    assert_eq!((codes.len(), codes.last()), (101, Some(&"mmm::spec::too-many")));
}

/// A mistake in a value that an alias repeats is reported once.
#[test]
fn an_alias_repeats_no_mistake() {
    let text = "media: a\noutputs: { a.mp4: { style: &s { pace: fast } }, b.mp4: { style: *s } }";
    assert_eq!(codes(text), ["mmm::spec::bad-value"]);
}

#[test]
fn times_of_the_calendar_are_explained() {
    let text = "media:\n  - { path: a, taken: 08.06.2024, clock: 3 }\n  - { path: b, clock: 3.5h, zone: Europe/Lisboa }\n";
    insta::assert_snapshot!(report(text), @r#"
    mmm::spec::bad-value

      × `taken` can't be `08.06.2024`
       ╭─[movie.yaml:2:23]
     1 │ media:
     2 │   - { path: a, taken: 08.06.2024, clock: 3 }
       ·                       ─────┬────
       ·                            ╰── not a date
     3 │   - { path: b, clock: 3.5h, zone: Europe/Lisboa }
       ╰────
      help: write a date such as `2024-06-08` or `2024-06-08T10:15+02:00`

    mmm::spec::bare-number

      × `clock` takes a time with its unit, not a bare number
       ╭─[movie.yaml:2:42]
     1 │ media:
     2 │   - { path: a, taken: 08.06.2024, clock: 3 }
       ·                                          ┬
       ·                                          ╰── not a shift of a clock
     3 │   - { path: b, clock: 3.5h, zone: Europe/Lisboa }
       ╰────
      help: write a time such as `"+3h17m"` or `"-1h"`; the units are `d`, `h`, `m` and `s`

    mmm::spec::bad-value

      × `clock` can't be `3.5h`
       ╭─[movie.yaml:3:23]
     2 │   - { path: a, taken: 08.06.2024, clock: 3 }
     3 │   - { path: b, clock: 3.5h, zone: Europe/Lisboa }
       ·                       ──┬─
       ·                         ╰── not a shift of a clock
       ╰────
      help: write a time such as `"+3h17m"` or `"-1h"`; the units are `d`, `h`, `m` and `s`

    mmm::spec::unknown-zone

      × `zone` can't be `Europe/Lisboa`
       ╭─[movie.yaml:3:35]
     2 │   - { path: a, taken: 08.06.2024, clock: 3 }
     3 │   - { path: b, clock: 3.5h, zone: Europe/Lisboa }
       ·                                   ──────┬──────
       ·                                         ╰── not a time zone
       ╰────
      help: did you mean `Europe/Lisbon`? write a time zone such as `Europe/Lisbon` or `+02:00`
    "#);
}

#[test]
fn sizes_in_bytes_need_units_and_bounds() {
    let codes = |value: &str| super::codes(&format!("media: a\nmax-size: {value}\n"));
    assert_eq!(codes("16"), ["mmm::spec::bare-number"]);
    assert_eq!(codes("16mb"), ["mmm::spec::bad-value"]);
    assert_eq!(codes("1kB"), ["mmm::spec::bad-range"]);
    assert_eq!(codes("2000GB"), ["mmm::spec::bad-range"]);
    assert_eq!(codes("[]"), ["mmm::spec::wrong-type"]);
    assert!(report("media: a\nmax-size: 16\n").contains("write `16MB` for megabytes"));
    assert_eq!(super::codes("media: a\nsize: 1081\n"), ["mmm::spec::bad-value"]);
    assert!(report("media: a\nquality: beste\n").contains("did you mean `best`"));
}

#[test]
fn subtitles_have_an_ending_and_a_name_of_their_own() {
    let codes =
        |output: &str| super::codes(&format!("media: [a, a.vtt]\noutputs: {{ a.mp4: {{ {output} }} }}\n"));
    assert_eq!(codes("subtitles: a.ass"), ["mmm::spec::subtitle-ending"]);
    assert_eq!(codes("subtitles: a.SRT"), [""; 0]);
    assert_eq!(codes("subtitles: a.vtt"), ["mmm::spec::output-is-input"]);
    assert_eq!(codes("subtitles: ../a.srt"), ["mmm::spec::path-outside"]);
    let two = "media: a\noutputs: { a.mp4: { subtitles: x.srt }, b.mp4: { subtitles: x.srt } }\n";
    assert_eq!(super::codes(two), ["mmm::spec::duplicate-output"]);
}

#[test]
fn settings_that_a_place_rejects_are_warnings() {
    let warned = |text: &str| {
        let codes = super::codes(text);
        assert!(codes.iter().all(|code| *code == "mmm::spec::target-limit"), "{text}: {codes:?}");
        assert!(super::super::parse(text.as_bytes()).movie.is_some(), "{text}");
        codes.len()
    };
    let one = |keys: &str| warned(&format!("media: a\n{keys}\n"));
    for target in ["whatsapp", "discord", "instagram-reel", "youtube", "tv"] {
        assert_eq!(one(&format!("for: {target}")), 0, "{target}");
        assert_eq!(warned(&format!("media: a\noutputs: {{ a.mp4: {{ for: {target}, size: 480 }} }}")), 0);
    }
    assert_eq!(one("for: whatsapp\ncodec: hevc"), 1);
    assert_eq!(one("for: whatsapp\ncodec: av1\nmax-size: 17MB"), 2);
    assert_eq!(one("for: discord\nmax-size: none"), 1);
    assert_eq!(one("for: discord\nmax-size: 10MB\ncodec: av1"), 0);
    assert_eq!(one("for: tv\nsize: 2160"), 1);
    assert_eq!(one("for: tv\nsize: 2160\ncodec: hevc"), 0);
    assert_eq!(one("for: instagram-reel\nsize: 2160"), 1);
    assert_eq!(one("for: instagram-reel\naspect: 16:9\nsize: 1440"), 1);
    assert_eq!(one("for: youtube\nsize: 2160\ncodec: av1"), 0);
    assert_eq!(warned("media: a\noutputs: { a.webm: { for: whatsapp }, b.mov: { for: instagram-reel } }"), 1);
    let long = "media: a\nfor: instagram-reel\nduration: 181s\n";
    assert_eq!(super::codes(long), ["mmm::output::too-long"]);
    assert!(report(long).contains("write `duration: 3:00` or less"));
    assert_eq!(one("for: instagram-reel\nduration: 60s..200s"), 0);
    assert!(report("media: a\nfor: tv\nsize: 2160\n").contains("write `size: 1080` or `codec: hevc`"));
}
