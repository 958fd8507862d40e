//! Tests of docs/language.md: its tables of keys are generated here, and its examples must be valid.

use super::super::shape::{Forms, Shape, Table, Word};
use super::super::vocabulary::TABLES;
use super::movie;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/language.md");

fn page() -> String {
    std::fs::read_to_string(PAGE).expect("docs/language.md")
}

/// The table of each name is between `<!-- keys: NAME -->` and `<!-- end -->`; `MMM_BLESS=1` writes it.
#[test]
fn the_tables_of_the_page_are_current() {
    let page = page();
    let mut current = String::new();
    let mut rest = page.as_str();
    let mut seen = Vec::new();
    while let Some((before, after)) = rest.split_once("<!-- keys: ") {
        let (name, after) = after.split_once(" -->\n").expect("a closed comment");
        let (_, after) = after.split_once("<!-- end -->").expect("an end");
        let table = TABLES.iter().find(|table| table.name == name).expect("a table of this name");
        current += &format!("{before}<!-- keys: {name} -->\n\n{}\n<!-- end -->", keys(table));
        seen.push(name);
        rest = after;
    }
    current += rest;
    if std::env::var_os("MMM_BLESS").is_some() {
        std::fs::write(PAGE, &current).unwrap();
    }
    assert!(page == current || std::env::var_os("MMM_BLESS").is_some(), "run the tests with MMM_BLESS=1");
    for table in TABLES {
        assert!(seen.contains(&table.name), "the page has no table `{}`", table.name);
    }
}

#[test]
fn the_examples_of_the_page_are_right() {
    let page = page();
    let blocks: Vec<&str> =
        page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(blocks.len() >= 8, "{} examples", blocks.len());
    blocks.into_iter().for_each(|block| drop(movie(block)));
}

fn keys(table: &Table) -> String {
    let mut text = String::from("| key | takes | default | meaning |\n| --- | --- | --- | --- |\n");
    for key in table.keys {
        let default = match key.default {
            "" if key.required => "required".to_owned(),
            "" => "–".to_owned(),
            default => format!("`{default}`"),
        };
        let takes = takes(key.shape);
        text += &format!("| `{}` | {takes} | {default} | {}{} |\n", key.name, key.doc, words(key.shape));
    }
    text
}

/// Returns what a key accepts, for a cell of a table.
fn takes(shape: &Shape) -> String {
    match shape {
        Shape::Table(table) => format!("a mapping, see [below](#{})", table.name),
        Shape::Outputs(_) => "a mapping from file names to overrides".into(),
        Shape::Text { longest, .. } => format!("text of at most {longest} characters"),
        Shape::Count { least, most } => format!("a whole number from {least} to {most}"),
        Shape::Version(version) => format!("`{version}`"),
        Shape::Time(bounds) => {
            let text = super::super::time_text;
            format!("a time from {} to {}", text(bounds.least), text(bounds.most))
        }
        Shape::Shift(bounds) => {
            let text = super::super::time_text;
            format!("a time from -{} to {}", text(-bounds.least), text(bounds.most))
        }
        Shape::List { of, least, most } if least == most => format!("a list of {least}: {}", takes(of)),
        Shape::List { of: Shape::Forms(forms), .. } => {
            let all: Vec<String> = forms.all().map(takes).collect();
            format!("a list, each entry {}", all.join(", or "))
        }
        Shape::List { of, .. } => format!("a list of: {}", takes(of)),
        Shape::Forms(Forms { scalar, list, map }) => {
            let all: Vec<String> = [scalar, map, list].into_iter().flatten().map(|one| takes(one)).collect();
            all.join("; or ")
        }
        other => other.noun(),
    }
}

/// Returns the meaning of each word that a key accepts.
fn words(shape: &Shape) -> String {
    let list = |words: &[Word]| {
        words.iter().map(|word| format!("<br>`{}`: {}", word.name, word.doc)).collect::<String>()
    };
    match shape {
        Shape::Word(words) | Shape::WordOrFile(words, _) | Shape::WordOrColour(words) => list(words),
        Shape::Forms(Forms { scalar: Some(Shape::Word(words)), .. }) => list(words),
        _ => String::new(),
    }
}
