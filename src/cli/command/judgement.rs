use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::cli::exit::Exit;
use crate::cli::format::{count, timecode};
use crate::cli::junit::junit;
use crate::cli::session::{Session, output_index};
use crate::cli::written_file::replace;
use mmm_base::MediaPath;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_engine::Workspace;
use mmm_facts::{Figure, FigurePlace, Limit, Review, Verdict};

/// Measured movies, to be reported and judged.
#[derive(Default)]
pub(super) struct Judgement {
    pub movies: Vec<Measured>,
}

/// One movie and its measurements.
pub(super) struct Measured {
    pub name: String,
    pub path: PathBuf,
    pub review: Review,
}

impl Judgement {
    /// Measures the finished files of outputs against their plans.
    ///
    /// # Errors
    /// If a file can't be measured; the reason was printed.
    pub(super) fn of(
        workspace: &mut Workspace,
        names: &[MediaPath],
        session: &Session,
    ) -> Result<Self, Exit> {
        let mut movies = Vec::new();
        for name in names {
            let (index, _) = output_index(workspace, Some(name.as_str()), session)?;
            let found = workspace.review(index, &session.printer);
            let found = found.map_err(|stop| session.stopped(&stop, Some(workspace)))?;
            movies.extend(found.map(|(path, review)| Measured { name: name.to_string(), path, review }));
        }
        session.printer.done();
        Ok(Self { movies })
    }

    /// Prints the figures as JSON Lines.
    pub(super) fn events(&self, session: &Session) {
        self.movies.iter().for_each(|movie| session.printer.event(&event(movie)));
    }

    /// Prints the figures for people, writes them for a CI server, and judges them.
    ///
    /// # Errors
    /// [`Exit::Gate`] if a figure fails; the failing figures were printed.
    pub(super) fn pass(&self, report: Option<&Path>, session: &Session) -> Result<(), Exit> {
        self.movies.iter().for_each(|movie| tell(movie, session));
        if let Some(path) = report {
            self.write(path, session)?;
        }
        let failing: Vec<Diagnostic> = self.movies.iter().filter_map(complaint).collect();
        session.printer.diagnostics(&failing, None);
        if failing.is_empty() { Ok(()) } else { Err(Exit::Gate) }
    }

    fn write(&self, path: &Path, session: &Session) -> Result<(), Exit> {
        let report = junit(self.movies.iter().map(|movie| (movie.name.as_str(), &movie.review)));
        replace(path, &report).map_err(|diagnostic| {
            session.printer.diagnostics(&[diagnostic], None);
            Exit::Failed
        })
    }
}

fn event(movie: &Measured) -> Value {
    let figures = movie.review.figures.iter().map(|figure| {
        json!({
            "name": figure.measure.name,
            "value": figure.value,
            "unit": figure.measure.unit,
            "wanted": (figure.limit != Limit::None).then(|| figure.limit.to_string()),
            "holds": match figure.verdict() {
                Verdict::Passes => Some(true),
                Verdict::Fails => Some(false),
                Verdict::Reported | Verdict::Unmeasured => None,
            },
            "note": figure.note,
            "places": figure.places.iter().map(place_json).collect::<Vec<_>>(),
        })
    });
    json!({
        "event": "review",
        "output": movie.name,
        "path": movie.path,
        "holds": movie.review.passes(),
        "figures": figures.collect::<Vec<_>>(),
    })
}

fn place_json(place: &FigurePlace) -> Value {
    let shot = place.shot.as_ref();
    json!({
        "time": place.time,
        "frame": place.frame,
        "shot": shot.map(|(number, _)| number),
        "source": shot.map(|(_, source)| source),
        "what": place.what,
    })
}

fn tell(movie: &Measured, session: &Session) {
    let say = |text: String| session.printer.say(&text);
    say(movie.name.clone());
    for figure in &movie.review.figures {
        let word = match figure.verdict() {
            Verdict::Passes => "passes",
            Verdict::Fails => "FAILS",
            Verdict::Reported => "info",
            Verdict::Unmeasured => continue,
        };
        say(row(word, figure));
        figure.note.iter().for_each(|note| say(format!("           {note}")));
        if figure.verdict() == Verdict::Fails {
            figure.places.iter().for_each(|place| say(format!("           {}", place_words(place))));
        }
    }
    let unmeasured: Vec<&Figure> = movie.review.of(Verdict::Unmeasured).collect();
    let why = |figure: &Figure| figure.note.clone().unwrap_or_default();
    let mut reasons: Vec<String> = Vec::new();
    unmeasured.iter().map(|figure| why(figure)).for_each(|reason| {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    });
    for reason in reasons {
        let names: Vec<&str> = unmeasured
            .iter()
            .filter(|figure| why(figure) == reason)
            .map(|figure| figure.measure.name)
            .collect();
        say(format!("  not measured: {} ({reason})", names.join(", ")));
    }
    say(format!("  {}", summary(&movie.review)));
}

/// Formats one figure in columns.
fn row(word: &str, figure: &Figure) -> String {
    let (name, words, limit) = (figure.measure.name, figure.words(), figure.limit.to_string());
    format!("  {word:<6} {name:<23} {words:>16}   {limit}").trim_end().to_owned()
}

/// Formats a place, such as `0:12.400, shot 4, photos/a.jpg: 12 frames black`.
pub(in crate::cli) fn place_words(place: &FigurePlace) -> String {
    let shot = place.shot.as_ref().map(|(number, source)| format!(", shot {number}, {source}"));
    format!("{}{}: {}", timecode(place.time), shot.unwrap_or_default(), place.what)
}

/// Formats a summary, such as `19 figures pass, 1 fails, 2 not measured`.
fn summary(review: &Review) -> String {
    let number = |verdict| review.of(verdict).count();
    let holding = count(number(Verdict::Passes), "figure");
    let (failing, unmeasured) = (number(Verdict::Fails), number(Verdict::Unmeasured));
    let verb = |number: usize, one: &'static str, more: &'static str| if number == 1 { one } else { more };
    let holds = verb(number(Verdict::Passes), "passes", "pass");
    let fails = verb(failing, "fails", "fail");
    format!("{holding} {holds}, {failing} {fails}, {unmeasured} not measured")
}

/// Reports all failing figures of a movie in one diagnostic.
fn complaint(movie: &Measured) -> Option<Diagnostic> {
    let words = |figure: &Figure| format!("{} ({}, {})", figure.measure.name, figure.words(), figure.limit);
    let failing: Vec<String> = movie.review.of(Verdict::Fails).map(words).collect();
    if failing.is_empty() {
        return None;
    }
    let message = format!("`{}` fails review: {}", movie.name, failing.join(", "));
    let help = "look at the times that each failing figure lists; the movie file itself is written";
    Some(Diagnostic::error(Code::REVIEW_FAILS, message).help(help))
}
