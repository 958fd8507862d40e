//! Tests that the tables, the schema and the checker agree, and that every key has an effect.

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::{Map, Value, json};

use super::super::node::{Kind, Node};
use super::super::reader::read;
use super::super::shape::{Forms, Key, Shape, Table};
use super::super::vocabulary::TABLES;
use super::super::words::Choice;
use super::super::{
    Aspect, ClipSound, CutOn, Fit, FrameSize, Order, Pace, PhotoMotion, Quality, Role, Settings, Target,
    TransitionKind, parse, schema,
};
use super::{RICH, codes, movie};
use mmm_base::Speed;

/// Returns a spec with `value` for `key` of `table`.
fn spec_with(table: &Table, key: &str, value: &str) -> String {
    let others = |keys: &[(&str, &str)]| {
        let others: String = keys
            .iter()
            .filter(|(name, _)| *name != key)
            .map(|(name, value)| format!(", {name}: {value}"))
            .collect();
        format!("{{ {key}: {value}{others} }}")
    };
    let music =
        if key == "music" || ["track", "beats"].contains(&table.name) { "" } else { "music: b.mp3\n" };
    match table.name {
        "movie" if key == "media" => format!("media: {value}\n{music}"),
        "movie" => format!("media: a\n{music}{key}: {value}\n"),
        "output" => format!("media: a\n{music}outputs: {{ o.mp4: {{ {key}: {value} }} }}\n"),
        "medium" => format!("media: [{}]\n", others(&[("path", "a")])),
        "track" => format!("media: a\nmusic: [{}]\n", others(&[("path", "b.mp3")])),
        "beats" => format!("media: a\nmusic: {{ path: b.mp3, beats: {{ {key}: {value} }} }}\n"),
        "title" => format!(
            "media: a\nstyle: {{ titles: [{}] }}\n",
            others(&[("text", "x"), ("at", "1s"), ("for", "1s")])
        ),
        "camera" => format!("media: a\ncameras: {{ x: {{ {key}: {value} }} }}\n"),
        "poster" => {
            format!("media: a\noutputs: {{ o.mp4: {{ poster: {} }} }}\n", others(&[("path", "o.png")]))
        }
        name => format!("media: a\n{name}: {{ {key}: {value} }}\n"),
    }
}

fn keys() -> impl Iterator<Item = (&'static Table, &'static Key)> {
    TABLES.iter().flat_map(|table| table.keys.iter().map(move |key| (*table, key)))
}

/// A key that is accepted but does nothing is a bug.
#[test]
fn every_key_has_an_effect() {
    for (table, key) in keys().filter(|(_, key)| key.name != "mmm") {
        let with = movie(&spec_with(table, key.name, key.example));
        let plain = if key.default.is_empty() {
            spec_with(table, key.name, other(table, key))
        } else {
            spec_with(table, key.name, key.default)
        };
        assert_ne!(with, movie(&plain), "`{}` of {} changes nothing", key.name, table.name);
    }
}

/// Returns a value different from the example, for keys without a default.
fn other(table: &Table, key: &Key) -> &'static str {
    match (table.name, key.shape) {
        (_, Shape::Time(_)) => "5s",
        (_, Shape::Moment) => "2020-01-02",
        (_, Shape::ClockShift) => "2h",
        (_, Shape::Zone) => "UTC",
        (_, Shape::Count { .. }) => "7",
        (_, Shape::Range(_)) => "1s..2s",
        (_, Shape::Length(_)) => "music",
        ("movie" | "output", Shape::Word(_)) => "tv",
        (_, Shape::Word(_)) if key.name == "live" => "still",
        (_, Shape::Word(_)) => "highlight",
        (_, Shape::List { .. }) => "[0, 1]",
        (_, Shape::Flag) => "false",
        (_, Shape::Stars) => "..2",
        ("poster", _) | (_, Shape::Forms(Forms { scalar: Some(Shape::FileEnding(_)), .. })) => "other.jpg",
        (_, Shape::FileEnding(endings)) if endings.contains(&".srt") => "other.vtt",
        (_, Shape::FileEnding(_)) => "other.webp",
        _ => "other",
    }
}

#[test]
fn missing_keys_have_their_defaults() {
    for (table, key) in keys().filter(|(_, key)| !key.default.is_empty()) {
        let said = spec_with(table, key.name, key.default);
        let silent: &str = match table.name {
            "medium" => "media: [{ path: a }]",
            "track" | "beats" => "media: a\nmusic: b.mp3",
            "output" if key.name == "music" => "media: a\noutputs: { o.mp4: {} }",
            "output" => "media: a\nmusic: b.mp3\noutputs: { o.mp4: {} }",
            "movie" if key.name != "music" => "media: a\nmusic: b.mp3",
            _ => "media: a",
        };
        // A clip without `sound` stores `None`, which means `auto`.
        if (table.name, key.name) == ("medium", "sound") {
            assert_eq!((key.default, ClipSound::default()), ("auto", ClipSound::Auto));
            continue;
        }
        // A `speed` of 1 is stored, so that a later entry can undo the speed of an earlier one.
        if (table.name, key.name) == ("medium", "speed") {
            assert_eq!((key.default, Speed::default()), ("1", Speed::NORMAL));
            continue;
        }
        assert_eq!(movie(&said), movie(silent), "`{}` of {}", key.name, table.name);
    }
    assert_eq!(movie("media: a").outputs[0].settings, Settings::default());
}

#[test]
fn words_are_named_as_they_are_stored() {
    fn check<C: Choice + serde::Serialize>() {
        assert_eq!(C::WORDS.len(), C::ALL.len());
        for (word, value) in C::WORDS.iter().zip(C::ALL) {
            assert_eq!(json!(word.name), json!(value));
        }
    }
    check::<Aspect>();
    check::<ClipSound>();
    check::<CutOn>();
    check::<Fit>();
    check::<FrameSize>();
    check::<Quality>();
    check::<Target>();
    check::<Order>();
    check::<Pace>();
    check::<PhotoMotion>();
    check::<Role>();
    check::<TransitionKind>();
}

/// schema/movie.schema.json is generated from the tables; `MMM_BLESS=1` writes it.
#[test]
fn the_schema_file_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema/movie.schema.json");
    let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    if std::env::var_os("MMM_BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap_or_default() == text, "run the tests with MMM_BLESS=1");
}

/// The checker accepts every key and every word that the schema lists.
#[test]
fn the_checker_accepts_what_the_schema_lists() {
    let schema = schema();
    let mut tried = 0;
    for table in TABLES {
        let definition = if table.name == "movie" { &schema } else { &schema["$defs"][table.name] };
        let listed: BTreeSet<&str> =
            definition["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        for key in &listed {
            let example =
                table.keys.iter().find(|known| known.name == *key).map_or("x", |known| known.example);
            assert_eq!(codes(&spec_with(table, key, example)), [""; 0], "{key} of {}", table.name);
            let property = &definition["properties"][*key];
            let forms = property["anyOf"].as_array().cloned().unwrap_or_else(|| vec![property.clone()]);
            for word in forms.iter().filter_map(|form| form["oneOf"].as_array()).flatten() {
                let word = word["const"].to_string();
                assert_eq!(codes(&spec_with(table, key, &word)), [""; 0], "{key}: {word}");
                tried += 1;
            }
        }
        let unknown = codes(&spec_with(table, "nonsense", "1"));
        assert!(unknown.contains(&"mmm::spec::unknown-key"), "{}", table.name);
    }
    assert!(tried > 30, "only {tried} words");
}

/// The schema and the checker agree on single values, valid and invalid.
#[test]
fn schema_and_checker_agree() {
    let values = [
        "x",
        "\"\"",
        "1",
        "0",
        "0.5",
        "-1",
        "true",
        "[]",
        "[a]",
        "{}",
        "3s",
        "1:02.5",
        "3s..5s",
        "2024-06-08",
        "2024-06-08T10:15+02:00",
        "08.06.2024",
        "+3h17m",
        "-1h",
        "1h1h",
        "Europe/Lisbon",
        "+02:00",
        "music",
        "auto",
        "off",
        "[cut]",
        "[cut, cut]",
        "[cut, dissolve]",
        "-14 LUFS",
        "16:9",
        "[0.2, 0.3]",
        "[0.2, 3]",
        "/a",
        "\"!a\"",
        "[\"!a\", b]",
        "{ path: a }",
        "[{ path: a }]",
        "{ pace: calm }",
        "{ pace: fast }",
        "{ a.mp4: {} }",
        "{ a.mkv: {} }",
        "~",
        "keep",
        "[{ text: x, at: 1s, for: 1s }]",
        "[{ text: x, at: 1 }]",
        "opening",
        "beat",
        "ken-burns",
        "as-listed",
        "calm",
        "{ a.mp4: ~ }",
        "{ repeats: 2 }",
        "{ repeats: two }",
        "[auto]",
        "3.2",
        "1m",
        "90min",
        "-20ms",
        "-0.5",
        "{ multiply: 2, offset: -20ms }",
        "{ multiply: 3 }",
        "{ file: a.beats, first-downbeat: 1.92s }",
        "16MB",
        "1.5 GiB",
        "16mb",
        "none",
        "2160",
        "2161",
        "best",
        "tv",
        "a.srt",
    ];
    // Mistakes that only the checker can find, such as times out of bounds.
    let deeper = [
        "mmm::spec::bad-range",
        "mmm::spec::empty-media",
        "mmm::spec::needs-music",
        "mmm::spec::output-is-input",
        "mmm::spec::unknown-zone",
    ];
    let schema = schema();
    let mut agreed = [0, 0];
    for (table, key) in keys() {
        for value in values {
            let text = spec_with(table, key.name, value);
            let codes = codes(&text);
            if codes.iter().any(|code| deeper.contains(code)) {
                continue;
            }
            let tree = read(&text).unwrap().unwrap();
            let accepted = valid(&json_of(&tree), &schema, &schema);
            assert_eq!(codes.is_empty(), accepted, "{text}{codes:?}");
            agreed[usize::from(accepted)] += 1;
        }
    }
    assert!(agreed[0] > 500 && agreed[1] > 200, "{agreed:?}");
    assert!(valid(&json_of(&read(RICH).unwrap().unwrap()), &schema, &schema));
    assert!(parse(RICH.as_bytes()).movie.is_some());
}

/// Returns a tree in the form in which other YAML readers return it.
fn json_of(node: &Node) -> Value {
    match &node.kind {
        _ if node.is_null() => Value::Null,
        Kind::List(items) => items.iter().map(json_of).collect(),
        Kind::Map(entries) => {
            let entry = |(key, value): &(Node, Node)| (key.text().unwrap_or("").to_owned(), json_of(value));
            Value::Object(entries.iter().map(entry).collect::<Map<_, _>>())
        }
        Kind::Scalar { text, plain: true } => match serde_json::from_str(text) {
            Ok(value @ (Value::Bool(_) | Value::Number(_))) => value,
            _ => json!(text),
        },
        Kind::Scalar { text, plain: false } => json!(text),
    }
}

/// Validates with as much of JSON Schema as our schema uses.
fn valid(value: &Value, schema: &Value, root: &Value) -> bool {
    let Some(schema) = schema.as_object() else { return schema.as_bool().unwrap_or(true) };
    schema.iter().all(|(word, wanted)| match (word.as_str(), value) {
        ("description" | "title" | "$schema" | "$defs", _) => true,
        ("$ref", _) => valid(value, root.pointer(&wanted.as_str().unwrap()[1..]).unwrap(), root),
        ("type", _) => match wanted {
            Value::Array(kinds) => kinds.iter().any(|kind| is_a(value, kind)),
            kind => is_a(value, kind),
        },
        ("const", _) => value == wanted,
        ("anyOf", _) => wanted.as_array().unwrap().iter().any(|one| valid(value, one, root)),
        ("oneOf", _) => wanted.as_array().unwrap().iter().filter(|one| valid(value, one, root)).count() == 1,
        ("pattern", Value::String(text)) => Regex::new(wanted.as_str().unwrap()).unwrap().is_match(text),
        ("minLength", Value::String(text)) => text.chars().count() as u64 >= wanted.as_u64().unwrap(),
        ("maxLength", Value::String(text)) => text.chars().count() as u64 <= wanted.as_u64().unwrap(),
        ("minimum", Value::Number(number)) => number.as_f64() >= wanted.as_f64(),
        ("maximum", Value::Number(number)) => number.as_f64() <= wanted.as_f64(),
        ("minItems", Value::Array(items)) => items.len() as u64 >= wanted.as_u64().unwrap(),
        ("maxItems", Value::Array(items)) => items.len() as u64 <= wanted.as_u64().unwrap(),
        ("uniqueItems", Value::Array(items)) => (1..items.len()).all(|at| !items[..at].contains(&items[at])),
        ("items", Value::Array(items)) => items.iter().all(|item| valid(item, wanted, root)),
        ("required", Value::Object(fields)) => {
            wanted.as_array().unwrap().iter().all(|key| fields.contains_key(key.as_str().unwrap()))
        }
        ("minProperties", Value::Object(fields)) => fields.len() as u64 >= wanted.as_u64().unwrap(),
        ("maxProperties", Value::Object(fields)) => fields.len() as u64 <= wanted.as_u64().unwrap(),
        ("properties", Value::Object(fields)) => {
            fields.iter().all(|(key, value)| wanted.get(key).is_none_or(|schema| valid(value, schema, root)))
        }
        ("propertyNames", Value::Object(fields)) => fields.keys().all(|key| valid(&json!(key), wanted, root)),
        ("additionalProperties", Value::Object(fields)) => {
            let known = schema.get("properties");
            fields
                .iter()
                .filter(|(key, _)| known.is_none_or(|known| known.get(key).is_none()))
                .all(|(_, value)| valid(value, wanted, root))
        }
        (
            "pattern"
            | "minLength"
            | "maxLength"
            | "minimum"
            | "maximum"
            | "minItems"
            | "maxItems"
            | "uniqueItems"
            | "items"
            | "required"
            | "minProperties"
            | "maxProperties"
            | "properties"
            | "propertyNames"
            | "additionalProperties",
            _,
        ) => true,
        (unknown, _) => panic!("the schema says `{unknown}`, which this test does not know"),
    })
}

fn is_a(value: &Value, kind: &Value) -> bool {
    match kind.as_str().unwrap() {
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("a type `{other}`"),
    }
}
