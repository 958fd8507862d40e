use mmm_base::diagnostics::{Code, Diagnostic};

use crate::parse;

/// Returns the first line and the help of the first diagnostic about a text that is not YAML.
fn said(text: &str) -> String {
    let found = parse(text.as_bytes()).diagnostics;
    let unreadable = |one: &&Diagnostic| one.code == Code::UNREADABLE_YAML;
    found.iter().find(unreadable).map_or_else(String::new, |one| one.message.to_string())
}

#[test]
fn texts_that_are_no_yaml_are_explained_in_plain_words() {
    let cases = [
        ("title: one # a note\n  two\nmedia: a\n", "a comment interrupts a text of several lines"),
        ("title: \"one\"#two\nmedia: a\n", "a `#` stands right behind a value"),
        ("title: \"one\" two\nmedia: a\n", "text follows a quote that is already closed"),
        ("title: 'it's'\nmedia: a\n", "text follows a quote that is already closed"),
        ("media: a\ntitle: \"one\n", "a quote is never closed"),
        ("media: a\ntitle: \"one\n---\ntwo\"\n", "a quote is never closed"),
        ("title: \"one\ntwo\"\nmedia: a\n", "a text in quotes goes on in a line that isn't indented"),
        ("title: \"C:\\photos\"\nmedia: a\n", "`\\` in double quotes starts an unknown escape"),
        ("title: \"\\xzz\"\nmedia: a\n", "`\\` in double quotes starts an unknown escape"),
        ("media:\n\t- a\n", "a tab is used where YAML allows only spaces"),
        (
            "title: > one\nmedia: a\n",
            "`|` or `>` starts a text in the next line, but more follows in its own line",
        ),
        (
            "title: |0\n one\nmedia: a\n",
            "`|` or `>` starts a text in the next line, but more follows in its own line",
        ),
        ("title: a: b\nmedia: a\n", "the line contains a second `: `"),
        ("title: - one\nmedia: a\n", "an entry of a list can't start here"),
        ("media: [-]\n", "an entry of a list can't start here"),
        ("media: a ]\n- b ]\n", "the text is not YAML from here on"),
        ("media: a\n]\n", "this bracket closes none that is open"),
        (
            "media: a\ntitle: b\n  \u{feff}c\n",
            "an invisible byte order mark (U+FEFF) is in the middle of the text",
        ),
        (
            "media: a\n\u{feff}title: b\n",
            "an invisible byte order mark (U+FEFF) is in the middle of the text",
        ),
        ("media: a\n... b\n", "the line `...` ends a YAML document, but the text goes on"),
        ("%YAML 1.2 x\n---\nmedia: a\n", "YAML reads a line that starts with `%` as a directive"),
        ("% of it\nmedia: a\n", "YAML reads a line that starts with `%` as a directive"),
        ("media: !a!b\n", "YAML reads `!a!b` as a tag"),
        ("media: @home\n", "a YAML value can't start with this character"),
        ("media: *.jpg\n", "YAML reads `*.jpg` as an anchor or alias"),
        ("media: a\n title: b\n", "the line contains a second `: `"),
        ("media: a\ntitle\noutputs: b\n", "the text is not YAML from here on"),
        ("media: { a b: }}\n", "the brackets don't match"),
        ("media: a\ntitle: a\0b\n", "a control character is in the text"),
        ("? - a\nmedia: ? b\n", "`? ` starts a key where none can be"),
    ];
    let wrong: Vec<_> = cases
        .iter()
        .map(|(text, want)| (text, said(text), want))
        .filter(|(_, said, want)| said != *want)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
