//! Tests that a short text can't grow without limit.

use super::{codes, movie};
use crate::parse;

/// Returns a text of this many KiB.
fn long(kib: usize) -> String {
    "A".repeat(kib << 10)
}

/// Returns a list of `times` aliases of `name`.
fn aliases(name: char, times: usize) -> String {
    format!("[{}]", vec![format!("*{name}"); times].join(", "))
}

/// Checks that only the size is reported, and that the message contains `most`.
#[track_caller]
fn is_too_large(text: &str, most: &str) {
    let shown: String = text.chars().take(60).collect();
    assert!(text.len() < 1 << 20, "{shown:?} is {} bytes", text.len());
    let diagnostics = parse(text.as_bytes()).diagnostics;
    let codes: Vec<&str> = diagnostics.iter().map(|found| found.code.as_str()).collect();
    assert_eq!(codes, ["mmm::spec::too-large"], "{shown:?}");
    assert!(diagnostics[0].message.contains(most), "{}", diagnostics[0].message);
    assert!(diagnostics[0].message.len() < 200 && diagnostics[0].help.is_some());
}

#[test]
fn aliases_are_counted_by_the_text_that_they_stand_for() {
    let text = "4 MiB of text";
    // One long text, repeated: in a list, in quotes or as a block, and in a mapping.
    is_too_large(&format!("x: &b \"{}\"\nmedia: {}\n", long(500), aliases('b', 4000)), text);
    is_too_large(&format!("x: &b \"{}\"\nmedia: {}\n", long(500), aliases('b', 90_000)), text);
    is_too_large(&format!("x: &b {}\nmedia: {}\n", long(4), aliases('b', 1100)), text);
    is_too_large(&format!("x: &b |\n  {}\nmedia: {}\n", long(500), aliases('b', 10)), text);
    is_too_large(&format!("x: &b >-\n{}media: {}\n", "  word\n".repeat(50_000), aliases('b', 30)), text);
    is_too_large(&format!("x: &b {{ t: \"{}\" }}\nmedia: {}\n", long(500), aliases('b', 10)), text);
    is_too_large(&format!("x: &b [ [ \"{}\" ] ]\nmedia: {}\n", long(500), aliases('b', 10)), text);
    // As keys: an anchor on a key, and aliases in place of keys.
    let keys: String = (0..10).map(|n| format!("k{n}: {{ *b : {n} }}\n")).collect();
    is_too_large(&format!("? &b \"{}\"\n: 1\n{keys}", long(500)), text);
    is_too_large(&format!("x: &b {{ ? \"{}\" : 1 }}\nmedia: {}\n", long(500), aliases('b', 10)), text);
    // Characters of several bytes count as bytes.
    is_too_large(&format!("x: &b \"{}\"\nmedia: {}\n", "é".repeat(250 << 10), aliases('b', 10)), text);
    // A value with an anchor is stored a second time, at every level that has one.
    let levels: String = ('a'..'q').map(|name| format!("&{name} [")).collect();
    is_too_large(&format!("x: {levels}\"{}\"{}\n", long(500), "]".repeat(16)), text);
}

#[test]
fn aliases_of_aliases_are_counted() {
    let laughs = |text: &str, times: usize, levels: u8| -> String {
        let first = format!("a: &a [{text}]\n");
        let level = |n: u8| {
            format!(
                "{}: &{} {}\n",
                (b'a' + n) as char,
                (b'a' + n) as char,
                aliases((b'a' + n - 1) as char, times)
            )
        };
        first + &(1..levels).map(level).collect::<String>()
    };
    is_too_large(&laughs("x", 10, 9), "100000 values");
    is_too_large(&laughs(&format!("\"{}\"", long(1)), 10, 9), "4 MiB of text");
    is_too_large(&laughs(&format!("\"{}\"", long(500)), 2, 20), "4 MiB of text");
}

#[test]
fn what_stays_small_may_be_repeated() {
    let title = format!("{{ text: \"{}\", at: 1s, for: 2s }}", "A".repeat(200));
    let found =
        movie(&format!("media: a\nstyle: {{ titles: [&t {title}, {}] }}\n", vec!["*t"; 900].join(", ")));
    assert_eq!(found.outputs[0].settings.style.titles, movie_titles(&title, 901));
    // A megabyte of text in which every value has an anchor is within the limits.
    let keys: String = (0..500).map(|n| format!("k{n}: &k{n} \"{}\"\n", long(2).split_at(2000).0)).collect();
    assert!(!codes(&format!("media: a\n{keys}")).contains(&"mmm::spec::too-large"));
}

fn movie_titles(title: &str, times: usize) -> crate::Titles {
    let titles = vec![title; times].join(", ");
    movie(&format!("media: a\nstyle: {{ titles: [{titles}] }}\n")).outputs.remove(0).settings.style.titles
}

#[test]
fn outputs_take_over_no_more_than_they_may() {
    let outputs = |count: usize| (0..count).map(|n| format!("  m{n}.mp4: {{}}\n")).collect::<String>();
    let title = format!("{{ text: \"{}\", at: 1s, for: 2s }}", "é".repeat(200));
    let titles = format!("style: {{ titles: [&t {title}, {}] }}", vec!["*t"; 999].join(", "));
    let path = format!("music: [&t {}.mp3, {}]", long(4).split_at(4000).0, vec!["*t"; 99].join(", "));
    let prompt = format!("prompt: \"{}\"", "A".repeat(10_000));
    for (shared, many, few) in [(&titles, 1000, 10), (&path, 1000, 10), (&prompt, 1000, 500)] {
        let spec = |count: usize| format!("media: a\n{shared}\noutputs:\n{}", outputs(count));
        assert_eq!(codes(&spec(many)), ["mmm::spec::too-large"], "{}", &shared[..20]);
        assert_eq!(movie(&spec(few)).outputs.len(), few, "{}", &shared[..20]);
    }
}

#[test]
fn no_path_is_longer_than_a_system_takes() {
    let name = long(5);
    for spec in [
        format!("media: \"{name}\""),
        format!("media: a\nmusic: \"{name}\""),
        format!("media: a\noutputs: {{ {name}.mp4: {{}} }}"),
        format!("media: a\noutputs: {{ a.mp4: {{ poster: {name}.jpg }} }}"),
    ] {
        let found = parse(spec.as_bytes()).diagnostics;
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].message.contains("longer than 4096 bytes"), "{}", found[0].message);
    }
}

/// No message quotes the whole of a long text, wherever it is.
#[test]
fn no_message_quotes_a_long_text() {
    let long = long(100);
    let digits = "9".repeat(100 << 10);
    for value in [
        &long,
        &digits,
        &format!("{digits}s"),
        &format!("{digits}s..1s"),
        &format!("-{digits}s"),
        &format!("{digits} LUFS"),
        &format!("!{long}"),
        &format!("#{long}"),
        &format!("{long}..{long}"),
    ] {
        for key in
            ["mmm", "title", "prompt", "media", "music", "duration", "aspect", "codec", "rate", "outputs"]
        {
            quotes_little(&format!("media: a\n{key}: \"{value}\""));
        }
        for key in [
            "pace",
            "transitions",
            "dip",
            "photos",
            "live-photos",
            "fit",
            "look",
            "steady",
            "titles",
            "loudness",
        ] {
            quotes_little(&format!("media: a\nstyle: {{ {key}: \"{value}\" }}"));
        }
        for key in ["order", "shot", "repeats", "cut-on", "chapter-gap"] {
            quotes_little(&format!("media: a\nconstraints: {{ {key}: {value} }}"));
        }
        for key in ["required", "in", "out", "speed", "steady", "live", "sound", "caption", "focus", "role"] {
            quotes_little(&format!("media: [{{ path: a, {key}: {value} }}]"));
        }
        for key in ["from", "beats"] {
            quotes_little(&format!("media: a\nmusic: {{ path: a, {key}: {value} }}"));
        }
        for key in ["file", "multiply", "offset", "first-downbeat"] {
            quotes_little(&format!("media: a\nmusic: {{ path: a, beats: {{ {key}: {value} }} }}"));
        }
        quotes_little(&format!("media: a\n? \"{value}\"\n: 1"));
        quotes_little(&format!("media: a\noutputs: {{ ? \"{value}\" : {{}} }}"));
        quotes_little(&format!(
            "media: a\noutputs: {{ a.mp4: {{ poster: \"{value}\", preview: \"{value}\" }} }}"
        ));
        quotes_little(&format!("media: {value} \"{value}"));
        quotes_little(&format!("media: !{value}"));
    }
}

fn quotes_little(text: &str) {
    for found in parse(text.as_bytes()).diagnostics {
        let length = found.message.len() + found.help.as_ref().map_or(0, String::len);
        assert!(length < 2000, "{} in {:?}", found.code, text.chars().take(40).collect::<String>());
        assert!(found.labels.iter().all(|label| label.text.len() < 200));
    }
}

#[test]
fn tags_are_complained_of_up_to_a_number() {
    let text = format!("media: [{}]", "!a b, ".repeat(90_000));
    let found = codes(&text);
    assert_eq!((found.len(), found.last()), (101, Some(&"mmm::spec::too-many")));
}
