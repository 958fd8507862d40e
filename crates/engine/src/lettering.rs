//! The titles and captions over the picture.

use super::db::{MovieDb, Project};
use super::queries;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_facts::TextPlace;
use mmm_fonts::debian_package;
use mmm_spec::{Movie, Output, RuleAction, Titles};

/// A title or caption of the spec.
pub(super) struct Lettering<'a> {
    /// The path of the text in the spec.
    pub at: String,
    pub text: &'a str,
    pub place: TextPlace,
}

/// Returns the titles and captions of one output.
pub(super) fn lettering<'a>(movie: &'a Movie, output: &'a Output) -> Vec<Lettering<'a>> {
    let title = |at: String, text: &'a str| Lettering { at, text: text.trim(), place: TextPlace::Title };
    let mut found = match &output.settings.style.titles {
        Titles::Off => return Vec::new(),
        Titles::Auto => output.settings.title.iter().map(|text| title("title".to_owned(), text)).collect(),
        Titles::List(titles) => {
            let titles = titles.iter().enumerate();
            titles
                .map(|(index, own)| title(format!("style.titles[{index}].text"), &own.text))
                .collect::<Vec<_>>()
        }
    };
    for (index, rule) in movie.media.iter().enumerate() {
        if let RuleAction::Take(known) = &rule.action
            && let Some(text) = &known.caption
        {
            let at = format!("media[{index}].caption");
            found.push(Lettering { at, text: text.trim(), place: TextPlace::Caption });
        }
    }
    found
}

/// Reports the parts of a movie's text that no font can draw.
pub(super) fn undrawn(db: &MovieDb, project: Project, movie: &Movie) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    let typefaces = project.typefaces(db);
    let spans = &queries::parsed(db, project).spans;
    for output in &movie.outputs {
        for letters in lettering(movie, output) {
            let missing = typefaces.missing(letters.text);
            let Some(first) = missing.first() else { continue };
            let names: Vec<String> = missing.iter().map(|cluster| named(cluster)).collect();
            let message = format!("no font has {}, so it is left out", few(&names));
            let help = format!(
                "install a font that has it, such as the Debian package `{}`, or name a folder with `--fonts`",
                debian_package(first)
            );
            let warning = Diagnostic::warning(Code::TITLE_NO_GLYPH, message).help(help);
            let warning = warning.at(spans.for_output(output.name.as_str(), &letters.at), "in this text");
            if !found.contains(&warning) {
                found.push(warning);
            }
        }
    }
    found
}

/// Formats a cluster with its code points.
fn named(cluster: &str) -> String {
    let codes: Vec<String> = cluster.chars().map(|letter| format!("U+{:04X}", u32::from(letter))).collect();
    format!("`{cluster}` ({})", codes.join(" "))
}

/// Joins the first few of many names.
fn few(names: &[String]) -> String {
    const FEW: usize = 4;
    let shown = names.iter().take(FEW).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > FEW { format!("{shown} and {} more", names.len() - FEW) } else { shown }
}
