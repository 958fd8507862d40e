use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

use serde_json::json;

use super::build::report_event;
use super::watch_page::{drawn, profile_name, shown};
use crate::cli::args::Watch as Args;
use crate::cli::exit::Exit;
use crate::cli::format::{count, length, seconds};
use crate::cli::front::Front;
use crate::cli::printer::Printer;
use crate::cli::session::{Session, complaints, spec_folder};
use crate::serve::{Doing, Page, Phase, Showing};
use mmm_base::diagnostics::{Code, Diagnostic, io_words};
use mmm_base::{Digest, Key};
use mmm_engine::{MadeTurn, Progress, Stop, Turn, WatchOptions, WatchSession, Workspace};
use mmm_exec::{Observer, State, Task};
use mmm_facts::Profile;

/// Runs `mmm watch`.
pub(in crate::cli) fn run(args: &Args, front: &Front) -> Exit {
    attempt(args, front).unwrap_or_else(|exit| exit)
}

fn attempt(args: &Args, front: &Front) -> Result<Exit, Exit> {
    let session = Session::start(front, &spec_folder(&args.spec.path))?;
    let workspace = session.workspace(&args.spec.path, Profile::Draft)?;
    let page = Page::open(args.port).map_err(|error| {
        let port = args.port.map_or_else(|| "any port".to_owned(), |port| format!("port {port}"));
        let message = format!("the page can't be served on {port}: {}", io_words(&error));
        let help = "name a free port with `--port`, or leave `--port` out";
        session.printer.diagnostics(&[Diagnostic::error(Code::CLI_NO_PORT, message).help(help)], None);
        Exit::Failed
    })?;
    let options =
        WatchOptions { poll: args.poll, finals: args.finals, cache_limit: session.config.cache_limit };
    let mut watching = WatchSession::new(workspace, &session.cancel, options);
    let (printer, spec) = (&session.printer, watching.workspace().spec_path().display().to_string());
    printer.event(&json!({"event": "watching", "url": page.url(), "polling": watching.polling()}));
    printer.say(&format!("watching {spec}; the movie is at {}", page.url()));
    if let Some(reason) = watching.polling().filter(|_| !args.poll) {
        printer.say(&format!("checking files once per second: the system can't report changes ({reason})"));
    }
    let showing = Showing { spec, ..Showing::default() };
    let mut screen = Screen { page: &page, session: &session, showing, files: BTreeMap::new() };
    let mut onlooker = Onlooker::new(printer, &page);
    while let Some(turn) = watching.next(&onlooker) {
        match turn {
            Turn::Changed => printer.event(&json!({"event": "changed"})),
            Turn::Begins(profile) => {
                onlooker = Onlooker::new(printer, &page);
                screen.begin(profile);
            }
            Turn::Made(made) => {
                printer.done();
                screen.made(&made, watching.workspace());
                // The movie is shown first; the pictures of its shots follow.
                if let Some(stills) = watching.stills(&made) {
                    screen.add_stills(stills, watching.workspace());
                    watching.tidy(&made);
                }
            }
            Turn::Failed(stop) => {
                printer.done();
                screen.fail(&stop, watching.workspace());
            }
            Turn::Overtaken => {
                printer.done();
                if !watching.is_stopped() {
                    printer.event(&json!({"event": "overtaken"}));
                }
            }
        }
    }
    Ok(Exit::Done)
}

/// Shows the turns of a session on the page and in the terminal.
struct Screen<'a> {
    page: &'a Page,
    session: &'a Session,
    showing: Showing,
    /// The files that the page may request.
    files: BTreeMap<String, PathBuf>,
}

impl Screen<'_> {
    fn begin(&mut self, profile: Profile) {
        self.showing.phase = Phase::Working;
        self.showing.profile = profile_name(profile);
        self.showing.seconds = None;
        self.show();
    }

    fn fail(&mut self, stop: &Stop, workspace: &Workspace) {
        let source = (workspace.spec_path().to_owned(), workspace.spec_text());
        self.showing.phase = Phase::Failed;
        self.showing.diagnostics = drawn(&complaints(stop), &source);
        // Updates the page first, so that someone who sees the failure in the terminal finds it on the page
        // as well.
        self.show();
        self.session.stopped(stop, Some(workspace));
    }

    fn made(&mut self, made: &MadeTurn, workspace: &Workspace) {
        let source = (workspace.spec_path().to_owned(), workspace.spec_text());
        let report = &made.report;
        (self.showing.movies, self.files) = shown(made);
        self.showing.phase = Phase::Ready;
        self.showing.revision += 1;
        self.showing.seconds = Some(made.seconds);
        (self.showing.ran, self.showing.cached) = (report.ran, report.cached);
        self.showing.diagnostics = drawn(&report.diagnostics, &source);
        self.show();
        self.session.printer.diagnostics(&report.diagnostics, Some(&source));
        self.report(made);
    }

    fn add_stills(&mut self, stills: Vec<Option<Digest>>, workspace: &Workspace) {
        let shots = self.showing.movies.iter_mut().flat_map(|movie| &mut movie.shots);
        for (shot, blob) in shots.zip(stills) {
            let Some(blob) = blob else { continue };
            let name = format!("{blob}.jpg");
            shot.still = Some(format!("/files/{name}"));
            self.files.insert(name, workspace.store().blob_path(blob));
        }
        self.show();
    }

    fn show(&self) {
        self.page.show(&self.showing, self.files.clone());
    }

    /// Prints the result of a build.
    fn report(&self, made: &MadeTurn) {
        let MadeTurn { profile, report, boards, changes, seconds: took } = made;
        self.session.printer.event(&report_event(report, *took));
        let profile = profile_name(*profile);
        for ((output, board), changes) in report.outputs.iter().zip(boards).zip(changes) {
            let ids = board.shots.iter().map(|shot| shot.shot.shot.id.as_str());
            let changed: Vec<&str> = ids.filter(|id| changes.changed.contains_key(*id)).collect();
            let news = match changed.as_slice() {
                _ if !output.written => "unchanged".to_owned(),
                [] => "written".to_owned(),
                few if few.len() <= 4 => format!("changed {}", few.join(", ")),
                many => format!("{} changed", count(many.len(), "shot")),
            };
            self.session.printer.say(&format!(
                "{profile} of {} in {}: {}, {news}; {} actions run, {} from the cache",
                output.name,
                seconds(*took),
                length(output.duration),
                report.ran,
                report.cached,
            ));
        }
    }
}

/// Shows the progress of a build in the terminal and on the page.
struct Onlooker<'a> {
    printer: &'a Printer,
    page: &'a Page,
    doing: Mutex<Doing>,
}

impl<'a> Onlooker<'a> {
    fn new(printer: &'a Printer, page: &'a Page) -> Self {
        Self { printer, page, doing: Mutex::new(Doing { step: "reading", done: 0, of: 0 }) }
    }

    fn change(&self, change: impl FnOnce(&mut Doing)) {
        let mut doing = self.doing.lock().unwrap_or_else(|poison| poison.into_inner());
        change(&mut doing);
        self.page.doing(&doing);
    }
}

impl Progress for Onlooker<'_> {
    fn step(&self, name: &'static str) {
        self.change(|doing| *doing = Doing { step: name, done: 0, of: 0 });
        self.printer.step(name);
    }

    fn because(&self, reasons: BTreeMap<Key, String>) {
        self.printer.because(reasons);
    }
}

impl Observer for Onlooker<'_> {
    fn planned(&self, tasks: &[Task]) {
        self.change(|doing| doing.of = tasks.len());
        self.printer.planned(tasks);
    }

    fn started(&self, task: &Task) {
        self.printer.started(task);
    }

    fn progressed(&self, task: &Task, done: u32) {
        self.printer.progressed(task, done);
    }

    fn finished(&self, task: &Task, state: State, seconds: f64) {
        if state != State::Cached {
            self.change(|doing| doing.done += 1);
        }
        self.printer.finished(task, state, seconds);
    }
}
