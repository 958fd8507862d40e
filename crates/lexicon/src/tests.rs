use super::*;
use crate::word_pieces::word_pieces;
use crate::word_table::WordTable;

/// Texts with the rows of their tokens and the cosines between them, which the converter computed.
const TEXTS: &str = include_str!("../../../models/fixtures/words.tsv");

#[test]
fn meanings_agree_with_the_converter() {
    let lines: Vec<Vec<&str>> =
        TEXTS.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect()).collect();
    assert!(lines.len() > 5);
    for line in &lines {
        let rows: Vec<String> =
            word_pieces(line[0], WordTable::built_in()).iter().map(usize::to_string).collect();
        assert_eq!(rows.join(" "), line[1], "{}", line[0]);
        for (other, cosine) in lines.iter().zip(&line[2..]) {
            let found = Meaning::of(line[0]).unwrap().cosine(&Meaning::of(other[0]).unwrap());
            let wanted: f32 = cosine.parse().unwrap();
            assert!((found - wanted).abs() < 1e-5, "{} and {}: {found}, not {wanted}", line[0], other[0]);
        }
    }
}

#[test]
fn related_words_are_close() {
    let cosine = |one, two| Meaning::of(one).unwrap().cosine(&Meaning::of(two).unwrap());
    for [one, related, other] in [
        ["beach", "seaside", "office"],
        ["cat", "kitten", "motorcycle"],
        ["coffee", "tea", "mountain"],
        ["snowboarding", "ski", "bakery"],
    ] {
        assert!(cosine(one, related) > 0.45, "{one} and {related}: {}", cosine(one, related));
        assert!(cosine(one, other) < 0.25, "{one} and {other}: {}", cosine(one, other));
    }
}

#[test]
fn a_text_without_known_words_has_no_meaning() {
    assert_eq!(Meaning::of(""), None);
    assert_eq!(Meaning::of("海 和 山"), None);
    assert_eq!(Meaning::of(&"x".repeat(101)), None);
    assert_eq!(Meaning::blend([]), None);
    let cat = Meaning::of("cat").unwrap();
    assert_eq!(Meaning::blend([(1.0, &cat), (-1.0, &cat)]), None);
}

fn dog() -> Vec<Sighting> {
    vec![Sighting { thing: Thing::named("dog").unwrap(), confidence: 0.8, share: 0.2 }]
}

/// Returns what speaks for a picture, as text, the strongest first.
fn because(query: &str, clues: &Clues) -> Vec<String> {
    let relevance = Query::read(query).relevance(clues);
    relevance.because.iter().map(|found| format!("{}: {}", found.wish, found.by)).collect()
}

#[test]
fn objects_and_tags_match_by_kind() {
    let sightings = dog();
    let clues = Clues { sightings: &sightings, ..Clues::default() };
    for query in ["dog", "our dogs", "a puppy", "pets", "animals", "more dogs, no food"] {
        let score = Query::read(query).relevance(&clues).score();
        assert!(score > 0.6, "{query}: {score}");
    }
    for query in ["cats", "food", "the beach", "people", "hot dog"] {
        let score = Query::read(query).relevance(&clues).score();
        assert!(score < 0.2, "{query}: {score}");
    }
    assert_eq!(because("pets", &clues), ["pets: shows: dog"]);
    let tags = [(ImageClass::new(207).unwrap(), 0.7), (ImageClass::new(852).unwrap(), 0.2)];
    let clues = Clues { tags: &tags, ..Clues::default() };
    assert_eq!(because("dogs", &clues)[0], "dogs: looks like: Golden Retriever");
    assert!(Query::read("tennis").relevance(&clues).score() > 0.1);
}

#[test]
fn what_people_wrote_matches_by_form_kind_and_meaning() {
    let keywords = ["Ice cream".to_owned(), "Grandma’s 80th".to_owned()];
    let people = ["Anna Nováková".to_owned()];
    let clues = Clues {
        path: "2024/At the Seaside/IMG_0042 hiking.JPG",
        keywords: &keywords,
        caption: Some("Two puppies on the pier"),
        people: &people,
        place: Some("Lisboa, Portugal"),
        ..Clues::default()
    };
    for (query, first) in [
        ("a hike", "hike: its name has “hiking”"),
        ("beach", "beach: its name has “seaside”"),
        ("ice-cream", "ice cream: keyword “Ice cream”"),
        ("grandmas", "grandmas: keyword “Grandma’s 80th”"),
        ("dogs", "dogs: its caption has “puppies”"),
        ("more of anna", "anna: Anna Nováková is in it"),
        ("Novakova", "novakova: Anna Nováková is in it"),
        ("Lisboa", "lisboa: taken in Lisboa, Portugal"),
    ] {
        assert_eq!(because(query, &clues).first().map(String::as_str), Some(first), "{query}");
        assert!(Query::read(query).relevance(&clues).score() > 0.6, "{query}");
    }
    assert_eq!(because("jpg", &clues), [""; 0], "an ending is no name");
    assert_eq!(Query::read("motorcycles").relevance(&clues).score(), 0.0);
}

#[test]
fn all_of_a_wish_is_better_than_a_part() {
    let people = ["Anna".to_owned()];
    let score = |clues: Clues| Query::read("Anna at the beach").relevance(&clues).score();
    let both = score(Clues { people: &people, path: "beach/1.jpg", ..Clues::default() });
    let beach = score(Clues { path: "beach/1.jpg", ..Clues::default() });
    let anna = score(Clues { people: &people, ..Clues::default() });
    assert!(both > 0.85 && beach < both - 0.1 && anna < both - 0.1 && anna > 0.2, "{both} {beach} {anna}");
}

#[test]
fn people_are_counted() {
    let score = |query, faces, smile| {
        Query::read(query).relevance(&Clues { faces, smile, ..Clues::default() }).score()
    };
    assert!(score("a family", 4, 0.0) > score("a family", 2, 0.0));
    assert!(score("a family", 2, 0.0) > score("a family", 1, 0.0));
    assert!(score("a portrait", 1, 0.0) > score("a portrait", 4, 0.0));
    assert!(score("happy people", 1, 0.9) > score("happy people", 1, 0.1));
    assert_eq!([score("kids", 0, 0.0), score("smiles", 0, 1.0)], [0.0, 0.0]);
}

#[test]
fn colours_and_hours_count() {
    let sunset = Atmosphere { sunset: 0.9, water: 0.7, ..Atmosphere::default() };
    let clues = Clues { atmosphere: sunset, hour: Some(20), ..Clues::default() };
    assert!(Query::read("sunset over the sea").relevance(&clues).score() > 0.4);
    assert_eq!(because("sunset", &clues), ["sunset: its colours: sunset"]);
    assert_eq!(because("the evening", &clues)[1], "evening: taken after 20:00");
    assert_eq!(because("morning", &clues), [""; 0]);
}

#[test]
fn against_counts_against_and_only_leaves_out() {
    let sightings = dog();
    let clues = Clues { sightings: &sightings, path: "mountains/1.jpg", ..Clues::default() };
    let other = Clues { path: "street.jpg", ..Clues::default() };
    let read = |query, clues| Query::read(query).relevance(clues);
    assert_eq!(read("", &clues), Relevance { wanted: 1.0, ..Relevance::default() });
    assert_eq!([read("", &clues).score(), read("", &clues).leaning()], [1.0, 0.5]);
    assert!(read("no dogs", &clues).score() < 0.4 && read("no dogs", &clues).leaning() < 0.1);
    assert_eq!([read("no dogs", &other).score(), read("no dogs", &other).leaning()], [1.0, 0.5]);
    assert!(read("mountains, no dogs", &clues).score() < read("mountains", &clues).score() - 0.5);
    assert!(read("only mountains", &other).excluded && !read("only mountains", &clues).excluded);
    assert_eq!([read("only mountains", &other).score(), read("only mountains", &other).leaning()], [0.0; 2]);
    assert!(read("mountains", &clues).leaning() > 0.9);
    assert_eq!(read("mountains", &other).leaning(), 0.5);
}

#[test]
fn clues_that_are_no_numbers_count_for_nothing() {
    let tags = [(ImageClass::new(207).unwrap(), f32::NAN), (ImageClass::new(0).unwrap(), f32::INFINITY)];
    let sightings = [Sighting { thing: Thing::PERSON, confidence: f32::NAN, share: f32::NAN }];
    let bad = Atmosphere { sunset: f32::NAN, night: -1.0, snow: f32::INFINITY, ..Atmosphere::default() };
    let clues = Clues {
        tags: &tags,
        sightings: &sightings,
        smile: f32::NAN,
        faces: 1,
        atmosphere: bad,
        ..Clues::default()
    };
    for query in
        ["dogs", "fish", "people", "portrait", "smile", "sunset", "night", "snow", "no dogs, only people"]
    {
        let relevance = Query::read(query).relevance(&clues);
        assert!((0.0..=1.0).contains(&relevance.score()), "{query}: {relevance:?}");
        assert!((0.0..=1.0).contains(&relevance.leaning()), "{query}: {relevance:?}");
    }
}

#[test]
fn a_model_that_reads_texts_replaces_tags_but_not_names() {
    let sightings = dog();
    let score = |query: &str, path: &str, fits: &[(&str, f64)]| {
        let clues = Clues { sightings: &sightings, path, fits, ..Clues::default() };
        Query::read(query).relevance(&clues).score()
    };
    assert!(score("dogs", "1.jpg", &[]) > 0.6);
    assert_eq!(score("dogs", "1.jpg", &[("dogs", 0.1)]), 0.1);
    assert_eq!(score("dogs", "1.jpg", &[("old dogs", 0.1)]), score("dogs", "1.jpg", &[]));
    assert!(score("dogs", "dogs/1.jpg", &[("dogs", 0.1)]) > 0.9, "its folder says so");
    assert_eq!(score("no dogs", "1.jpg", &[("dogs", 0.8)]), 0.2);
    assert_eq!(score("only dogs", "1.jpg", &[("dogs", 0.1)]), 0.0);
    assert_eq!(score("foggy mornings", "1.jpg", &[("foggy mornings", 0.7)]), 0.7);
    assert_eq!(score("dogs", "1.jpg", &[("dogs", f64::NAN)]), 0.0);
}
