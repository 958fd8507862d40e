use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::command::place_words;
use mmm_facts::{Figure, Review, Verdict};

/// The report is written to memory first.
type Xml = Writer<Vec<u8>>;

/// Returns the figures of movies as JUnit XML: one test suite per movie, one test case per figure.
pub(super) fn junit<'a>(mut movies: impl Iterator<Item = (&'a str, &'a Review)>) -> Vec<u8> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    let written = xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None))).and_then(|()| {
        let suites = xml.create_element("testsuites").with_attribute(("name", "mmm review"));
        suites.write_inner_content(|xml| movies.try_for_each(|(name, review)| suite(xml, name, review)))?;
        Ok(())
    });
    written.expect("memory takes what is written to it");
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    bytes
}

fn suite(xml: &mut Xml, name: &str, review: &Review) -> io::Result<()> {
    let number = |verdict| review.of(verdict).count().to_string();
    let name = clean(name);
    let suite = xml.create_element("testsuite").with_attributes([
        ("name", name.as_str()),
        ("tests", &review.figures.len().to_string()),
        ("failures", &number(Verdict::Fails)),
        ("errors", "0"),
        ("skipped", &number(Verdict::Unmeasured)),
    ]);
    suite.write_inner_content(|xml| review.figures.iter().try_for_each(|figure| case(xml, &name, figure)))?;
    Ok(())
}

fn case(xml: &mut Xml, movie: &str, figure: &Figure) -> io::Result<()> {
    let case = xml.create_element("testcase");
    let case = case.with_attributes([("classname", movie), ("name", figure.measure.name)]);
    case.write_inner_content(|xml| outcome(xml, figure))?;
    Ok(())
}

fn outcome(xml: &mut Xml, figure: &Figure) -> io::Result<()> {
    let note = clean(figure.note.as_deref().unwrap_or_default());
    match figure.verdict() {
        Verdict::Fails => {
            let places: Vec<String> = figure.places.iter().map(place_words).collect();
            let message = format!("{}, {}", figure.words(), figure.limit);
            let failure = xml.create_element("failure").with_attribute(("message", message.as_str()));
            let text = clean(format!("{note}\n{}", places.join("\n")).trim());
            failure.write_text_content(BytesText::new(&text))?;
        }
        Verdict::Unmeasured => {
            xml.create_element("skipped").with_attribute(("message", note.as_str())).write_empty()?;
        }
        Verdict::Passes | Verdict::Reported => {
            let text = format!("{}\n{note}", figure.words());
            xml.create_element("system-out").write_text_content(BytesText::new(text.trim()))?;
        }
    }
    Ok(())
}

/// Replaces characters that XML 1.0 does not allow; file names may contain them.
fn clean(text: &str) -> String {
    let kept = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().map(|c| if kept(c) { c } else { '\u{fffd}' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::{MediaPath, Time};
    use mmm_facts::{FigurePlace, Limit, Measure};

    fn figure(name: &'static str, value: Option<f64>, note: Option<&str>) -> Figure {
        let shot = Some((4, MediaPath::new("a & <b>\u{1}\"'.jpg").unwrap()));
        let what = "12 frames black".to_owned();
        Figure {
            measure: Measure { name, unit: "frames" },
            value,
            limit: Limit::Most(0.0),
            note: note.map(str::to_owned),
            places: vec![FigurePlace { frame: 372, time: Time::from_millis(12_400), shot, what }],
        }
    }

    #[test]
    fn what_another_parser_reads_is_what_was_found() {
        let figures = vec![
            figure("holds", Some(0.0), None),
            figure("fails", Some(12.0), Some("see]]> below")),
            figure("unmeasured", None, Some("there is no sound")),
        ];
        let review = Review { figures };
        let xml = String::from_utf8(junit([("mo<v>ie.mp4", &review)].into_iter())).unwrap();
        let document = roxmltree::Document::parse(&xml).unwrap();
        let find = |tag| document.descendants().filter(move |node| node.has_tag_name(tag));
        let suite = find("testsuite").next().unwrap();
        assert_eq!(suite.attribute("name"), Some("mo<v>ie.mp4"));
        assert_eq!(
            ["tests", "failures", "skipped"].map(|name| suite.attribute(name).unwrap()),
            ["3", "1", "1"]
        );
        assert_eq!(find("testcase").count(), 3);
        let failure = find("failure").next().unwrap();
        assert_eq!(failure.attribute("message"), Some("12 frames, at most 0"));
        let place = "0:12.400, shot 4, a & <b>\u{fffd}\"'.jpg: 12 frames black";
        assert!(failure.text().unwrap().contains(place), "{xml}");
        assert_eq!(find("skipped").next().unwrap().attribute("message"), Some("there is no sound"));
    }
}
