use serde_json::{Map, Value, json};

use super::Factor;
use super::byte_size::BYTES_PATTERN;
use super::check::{LONGEST_NAME, MOST_NAMES, MOST_OUTPUTS};
use super::clock_shift::SHIFT_PATTERN;
use super::people_check::LONGEST_RULE;
use super::shape::{Forms, Key, Shape, Table, Word};
use super::time_text::TIME_PATTERN;
use super::vocabulary::{MOVIE, TABLES};
use mmm_base::Speed;

/// Returns the JSON Schema (draft 2020-12) of movie.yaml, for editors and other programs.
///
/// It accepts everything that [`parse`](super::parse()) accepts. Only `parse` finds mistakes that a schema
/// can't express: times out of bounds, paths that leave the folder, values that contradict each other.
pub fn schema() -> Value {
    let mut definitions = Map::new();
    for table in TABLES.iter().filter(|table| table.name != MOVIE.name) {
        definitions.insert(table.name.to_owned(), table_schema(table));
    }
    let mut schema = table_schema(&MOVIE);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("movie.yaml");
    schema["$defs"] = Value::Object(definitions);
    schema
}

/// The types of texts and names. They may be plain numbers and booleans, such as a folder called 2024, which
/// are read as text.
const WORDS: [&str; 3] = ["string", "number", "boolean"];

fn table_schema(table: &Table) -> Value {
    let required: Vec<&str> = table.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    let properties: Map<String, Value> =
        table.keys.iter().map(|key| (key.name.to_owned(), key_schema(key))).collect();
    let mut schema = json!({
        "type": "object",
        "description": table.doc,
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn key_schema(key: &Key) -> Value {
    let mut schema = shape_schema(key.shape);
    let mut doc = key.doc.to_owned();
    if !key.default.is_empty() {
        doc += &format!(" Default: `{}`.", key.default);
    }
    schema["description"] = json!(doc);
    schema
}

fn shape_schema(shape: &Shape) -> Value {
    match shape {
        Shape::Text { longest, may_be_empty } => json!({
            "type": WORDS,
            "minLength": u8::from(!may_be_empty),
            "maxLength": longest,
        }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Count { least, most } => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Shape::Version(version) => json!({ "const": version }),
        Shape::Fraction => json!({ "type": "number", "minimum": 0, "maximum": 1 }),
        Shape::Time(_) => matching(&format!("^{TIME_PATTERN}$")),
        Shape::Shift(_) => matching(&format!("^-?{TIME_PATTERN}$")),
        Shape::Moment => matching("^[12][0-9]{3}[-:/.][0-9]{1,2}[-:/.][0-9]{1,2}([T ].*)?$"),
        Shape::ClockShift => json!({
            "type": "string",
            "minLength": 2,
            "pattern": format!("^[+-]?{SHIFT_PATTERN}$"),
        }),
        Shape::Zone => matching(r"^([A-Za-z][A-Za-z0-9_+/-]*|[+-][0-9]{2}:?[0-9]{2})$"),
        Shape::People => json!({ "type": WORDS, "minLength": 1, "maxLength": LONGEST_RULE }),
        Shape::Stars => json!({ "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": 5 },
            matching(r"^([1-5](\.\.[1-5]?)?|\.\.[1-5])$"),
        ] }),
        Shape::Shots(_) => named(matching(r"^(0*[1-9][0-9]?|0*100)\.\.$")),
        Shape::Factor => json!({ "anyOf": Factor::ALL.map(plain_number) }),
        Shape::Speed => json!({
            "type": "number",
            "minimum": Speed::SLOWEST.get(),
            "maximum": Speed::FASTEST.get(),
        }),
        Shape::Range(_) => matching(&format!(r"^{TIME_PATTERN}\.\.{TIME_PATTERN}$")),
        Shape::Length(_) => matching(&format!(r"^(music|{TIME_PATTERN}(\.\.{TIME_PATTERN})?)$")),
        Shape::Loudness { .. } => matching(r"^-[0-9]+(\.[0-9][0-9]?)? LUFS$"),
        Shape::Bytes { .. } => matching(&format!("^(none|{BYTES_PATTERN})$")),
        Shape::File => path("^[^/]"),
        Shape::FileEnding(endings) => {
            let any_case = |ending: &&str| ending[1..].chars().map(both_cases).collect::<String>();
            let all: Vec<String> = endings.iter().map(any_case).collect();
            matching(&format!(r"^[^/].*\.({})$", all.join("|")))
        }
        Shape::Pattern { may_drop: true } => path("^!?[^/!]"),
        Shape::Pattern { may_drop: false } => path("^[^/!]"),
        Shape::Word(words) => words_schema(words),
        Shape::WordOrFile(words, ending) => {
            json!({ "anyOf": [words_schema(words), matching(&format!(r"^[^/].*\{ending}$"))] })
        }
        Shape::WordOrColour(words) => {
            json!({ "anyOf": [words_schema(words), matching("^#[0-9a-fA-F]{6}$")] })
        }
        Shape::Table(table) => json!({ "$ref": format!("#/$defs/{}", table.name) }),
        Shape::List { of, least, most } => list_schema(of, *least, *most),
        Shape::Forms(forms) => forms_schema(forms),
        Shape::Named(table) => named(json!({ "$ref": format!("#/$defs/{}", table.name) })),
        Shape::Outputs(table) => json!({
            "type": "object",
            "minProperties": 1,
            "maxProperties": MOST_OUTPUTS,
            "propertyNames": { "pattern": r"^[^/].*\.([mM][pP]4|[mM][oO][vV]|[wW][eE][bB][mM])$" },
            "additionalProperties": {
                "anyOf": [{ "$ref": format!("#/$defs/{}", table.name) }, { "type": "null" }],
            },
        }),
    }
}

/// Returns a mapping from the user's own names.
fn named(each: Value) -> Value {
    json!({
        "type": "object",
        "maxProperties": MOST_NAMES,
        "propertyNames": { "minLength": 1, "maxLength": LONGEST_NAME },
        "additionalProperties": each,
    })
}

/// Returns a factor as people write it: 2, not 2.0.
fn plain_number(factor: Factor) -> Value {
    json!({ "const": if factor.1 == 1 { json!(factor.0) } else { json!(factor.get()) } })
}

/// Returns a pattern that matches a letter in upper and lower case.
fn both_cases(letter: char) -> String {
    format!("[{letter}{}]", letter.to_ascii_uppercase())
}

fn matching(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

fn path(pattern: &str) -> Value {
    json!({ "type": WORDS, "pattern": pattern })
}

fn words_schema(words: &[Word]) -> Value {
    // YAML reads a word that is a number as a number unless it is quoted.
    let number = |word: &Word| serde_json::from_str::<Value>(word.name).ok().filter(Value::is_number);
    let both = |word: &Word| [Some(json!(word.name)), number(word)].map(|form| (form, word.doc));
    let all = words.iter().flat_map(both).filter_map(|(form, doc)| Some((form?, doc)));
    let one = |(form, doc): (Value, &str)| json!({ "const": form, "description": doc });
    json!({ "oneOf": all.map(one).collect::<Vec<Value>>() })
}

fn list_schema(of: &Shape, least: usize, most: usize) -> Value {
    let mut schema =
        json!({ "type": "array", "items": shape_schema(of), "minItems": least, "maxItems": most });
    if matches!(of, Shape::Word(_)) {
        schema["uniqueItems"] = json!(true);
    }
    schema
}

fn forms_schema(forms: &Forms) -> Value {
    json!({ "anyOf": forms.all().map(shape_schema).collect::<Vec<Value>>() })
}
