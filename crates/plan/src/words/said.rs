use mmm_facts::{Said, SaidSource};
use mmm_spec::{MediaFilter, folded_name};

/// Returns what people said about a medium, one line for each kind of remark.
pub fn said_lines(said: &Said) -> Vec<String> {
    let mut lines = Vec::new();
    let judged = [
        said.stars.map(|stars| (stars_text(stars.value), stars.source)),
        said.rejected.map(|source| ("rejected".to_owned(), source)),
        said.favourite.map(|source| ("a favourite".to_owned(), source)),
    ];
    let judged =
        judged.into_iter().flatten().map(|(text, source)| format!("{text} ({})", said_source(source)));
    lines.push(judged.collect::<Vec<_>>().join(", "));
    for (name, text) in [("title", &said.title), ("caption", &said.caption), ("place", &said.place)] {
        lines
            .extend(text.iter().map(|text| format!("{name}: {} ({})", text.value, said_source(text.source))));
    }
    let people = said.people.iter().map(|person| {
        let face = if person.area.is_some() { ", with the face" } else { "" };
        (format!("{}{face}", person.name), person.source)
    });
    lines.push(listed("people", people));
    lines.push(listed(
        "keywords",
        said.keywords.iter().map(|keyword| (keyword.value.clone(), keyword.source)),
    ));
    lines.retain(|line| !line.is_empty());
    lines
}

/// Returns a list by its sources: `keywords: beach, sea (XMP in the file); pier (an XMP file beside it)`.
fn listed(name: &str, entries: impl Iterator<Item = (String, SaidSource)>) -> String {
    let mut groups: Vec<(SaidSource, Vec<String>)> = Vec::new();
    for (text, source) in entries {
        match groups.iter_mut().find(|(known, _)| *known == source) {
            Some((_, texts)) => texts.push(text),
            None => groups.push((source, vec![text])),
        }
    }
    let group = |(source, texts): &(SaidSource, Vec<String>)| {
        format!("{} ({})", texts.join(", "), said_source(*source))
    };
    let all: Vec<String> = groups.iter().map(group).collect();
    if all.is_empty() { String::new() } else { format!("{name}: {}", all.join("; ")) }
}

/// Returns a number of stars.
pub(super) fn stars_text(stars: u8) -> String {
    if stars == 1 { "1 star".to_owned() } else { format!("{stars} stars") }
}

/// Returns where something about a medium was found.
pub fn said_source(source: SaidSource) -> &'static str {
    match source {
        SaidSource::Xmp => "XMP in the file",
        SaidSource::Iptc => "IPTC in the file",
        SaidSource::Exif => "EXIF",
        SaidSource::Text => "a text in the file",
        SaidSource::Tag => "a tag of the clip",
        SaidSource::Sidecar => "an XMP file beside it",
        SaidSource::Takeout => "the JSON file of Google Takeout",
    }
}

/// Returns why a filter leaves a medium out.
pub fn unlike_filter(filter: &MediaFilter, said: &Said) -> String {
    let people = said.people.iter().map(|person| folded_name(&person.name)).collect();
    let mut has = Vec::new();
    if filter.people.as_ref().is_some_and(|rule| !rule.admits(&people)) {
        let names: Vec<&str> = said.people.iter().map(|person| person.name.as_str()).collect();
        has.push(if names.is_empty() {
            "names nobody".to_owned()
        } else {
            format!("shows {}", names.join(", "))
        });
    }
    if filter.rating.is_some_and(|range| !said.rank().is_some_and(|stars| range.admits(stars))) {
        has.push(match said.rank() {
            Some(stars) => format!("has {}", stars_text(stars)),
            None if said.rejected.is_some() => "is rejected".to_owned(),
            None => "has no stars".to_owned(),
        });
    }
    format!("{}, by `{filter}`", has.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_spec::{Remarks, StarRange};

    #[test]
    fn what_is_said_has_its_source() {
        let mut remarks = Remarks { stars: Some(4), ..Remarks::default() };
        remarks.add_keyword("beach");
        remarks.add_keyword("sea");
        let mut said = Said::default();
        said.add(&remarks, SaidSource::Xmp, None);
        let mut more = Remarks { caption: Some("On the pier".into()), ..Remarks::default() };
        more.add_keyword("pier");
        more.add_person("Anna", None);
        said.add(&more, SaidSource::Takeout, None);
        let takeout = "the JSON file of Google Takeout";
        let wanted = [
            "4 stars (XMP in the file)".to_owned(),
            format!("caption: On the pier ({takeout})"),
            format!("people: Anna ({takeout})"),
            format!("keywords: beach, sea (XMP in the file); pier ({takeout})"),
        ];
        assert_eq!(said_lines(&said), wanted);
        assert_eq!(said_lines(&Said::default()), [""; 0]);
        let filter = MediaFilter { people: None, rating: Some(StarRange { least: 5, most: 5 }) };
        assert_eq!(unlike_filter(&filter, &said), "has 4 stars, by `rating: 5`");
        assert_eq!(unlike_filter(&filter, &Said::default()), "has no stars, by `rating: 5`");
    }
}
