use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::json;

use super::build::{report_event, tidy};
use super::watch_page::{Before, drawn, shown, stills_of};
use crate::cli::args::Watch as Args;
use crate::cli::exit::Exit;
use crate::cli::format::{count, length, seconds};
use crate::cli::front::Front;
use crate::cli::printer::Printer;
use crate::cli::session::{Session, complaints, spec_folder};
use crate::serve::{Doing, Page, Phase, Showing};
use mmm_base::Key;
use mmm_base::diagnostics::{Code, Diagnostic, io_words};
use mmm_engine::{Progress, Report, Stop, Waited, Watcher, Workspace};
use mmm_exec::{Observer, State, Task};
use mmm_facts::Profile;

/// After this long without a change the final movie is made, where it was asked for.
const QUIET: Duration = Duration::from_secs(2);

/// `mmm watch`
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
    let watcher = workspace.watch(&session.cancel, args.poll);
    let printer = &session.printer;
    printer.event(&json!({"event": "watching", "url": page.url(), "polling": watcher.polling}));
    printer.say(&format!("watching {}; the movie is at {}", workspace.spec_path().display(), page.url()));
    if let Some(reason) = watcher.polling.as_ref().filter(|_| !args.poll) {
        printer.say(&format!("checking files once per second: the system can't report changes ({reason})"));
    }
    let spec = workspace.spec_path().display().to_string();
    let watching = Watching {
        workspace,
        watcher: &watcher,
        page: &page,
        session: &session,
        showing: Showing { spec, ..Showing::default() },
        files: BTreeMap::new(),
        before: Before::default(),
    };
    watching.run(args.finals);
    Ok(Exit::Done)
}

/// A spec that is built again and again.
struct Watching<'a> {
    workspace: Workspace,
    watcher: &'a Watcher,
    page: &'a Page,
    session: &'a Session,
    showing: Showing,
    /// What the page may ask for.
    files: BTreeMap<String, PathBuf>,
    /// What the page showed last.
    before: Before,
}

/// How one build ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    Made,
    /// It can't be made from the files as they are.
    Failed,
    /// Something changed meanwhile.
    Overtaken,
}

impl Watching<'_> {
    /// Builds at every change until everything is to stop.
    fn run(mut self, finals: bool) {
        let mut since = Instant::now();
        loop {
            let mut ended = self.make(Profile::Draft, since);
            if ended == Ended::Made && finals && self.watcher.wait(Some(QUIET)) == Waited::Quiet {
                ended = self.make(Profile::Final, Instant::now());
            }
            // A build that was overtaken is begun again even where the files are as they were.
            let time = (ended == Ended::Overtaken).then_some(Duration::ZERO);
            match self.watcher.wait(time) {
                Waited::Stopped => return,
                Waited::Changed(at) => since = at,
                Waited::Quiet => {}
            }
            self.session.printer.event(&json!({"event": "changed"}));
        }
    }

    /// Makes the movie of the files as they are now; `since` is when they changed.
    fn make(&mut self, profile: Profile, since: Instant) -> Ended {
        self.workspace.use_cancel(self.watcher.begin());
        self.workspace.use_profile(profile);
        self.showing.phase = Phase::Working;
        self.showing.profile = profile_name(profile);
        self.showing.seconds = None;
        self.show();
        let onlooker = Onlooker::new(&self.session.printer, self.page);
        let built = self.workspace.build(&[], &onlooker);
        self.workspace.own_lock(self.watcher);
        let reasons = onlooker.reasons.into_inner().unwrap_or_else(|poison| poison.into_inner());
        self.session.printer.done();
        match built {
            Ok(report) => self.made(&report, profile, since, &reasons),
            Err(Stop::Interrupted) => {
                if !self.session.cancel.is_cancelled() {
                    self.session.printer.event(&json!({"event": "overtaken"}));
                }
                Ended::Overtaken
            }
            Err(stop) => {
                let source = (self.workspace.spec_path().to_owned(), self.workspace.spec_text());
                self.showing.phase = Phase::Failed;
                self.showing.diagnostics = drawn(&complaints(&stop), &source);
                // The page first: who reads of an end in the terminal finds it there as well.
                self.show();
                self.session.stopped(&stop, Some(&self.workspace));
                Ended::Failed
            }
        }
    }

    fn made(
        &mut self,
        report: &Report,
        profile: Profile,
        since: Instant,
        reasons: &BTreeMap<Key, String>,
    ) -> Ended {
        let took = since.elapsed().as_secs_f64();
        let source = (self.workspace.spec_path().to_owned(), self.workspace.spec_text());
        let boards: Vec<_> =
            (0..self.workspace.outputs()).map(|index| self.workspace.storyboard(index)).collect();
        (self.showing.movies, self.files) = shown(report, &boards, profile, &self.before, reasons);
        self.showing.phase = Phase::Ready;
        self.showing.revision += 1;
        self.showing.seconds = Some(took);
        (self.showing.ran, self.showing.cached) = (report.ran, report.cached);
        self.showing.diagnostics = drawn(&report.diagnostics, &source);
        self.before.keep(profile, report, &boards);
        self.show();
        self.session.printer.diagnostics(&report.diagnostics, Some(&source));
        self.tell(report, profile, took);
        // The movie is there: the pictures of its shots may follow.
        let recipes = stills_of(&boards);
        let quiet = mmm_engine::Silent;
        let Ok(stills) = self.workspace.stills(&recipes, &quiet) else { return Ended::Overtaken };
        let mut stills = stills.into_iter();
        for shot in self.showing.movies.iter_mut().flat_map(|movie| &mut movie.shots) {
            let Some(blob) = stills.next().flatten() else { continue };
            let name = format!("{blob}.jpg");
            shot.still = Some(format!("/files/{name}"));
            self.files.insert(name, self.workspace.store().blob_path(blob));
        }
        self.show();
        if report.ran > 0 {
            tidy(&mut self.workspace, self.session);
        }
        Ended::Made
    }

    fn show(&self) {
        self.page.show(&self.showing, self.files.clone());
    }

    fn tell(&self, report: &Report, profile: Profile, took: f64) {
        self.session.printer.event(&report_event(report, took));
        let profile = profile_name(profile);
        for (output, movie) in report.outputs.iter().zip(&self.showing.movies) {
            let changed: Vec<&str> = movie
                .shots
                .iter()
                .filter(|shot| shot.changed.is_some())
                .map(|shot| shot.id.as_str())
                .collect();
            let news = match changed.as_slice() {
                _ if !output.written => "unchanged".to_owned(),
                [] => "written".to_owned(),
                few if few.len() <= 4 => format!("changed {}", few.join(", ")),
                many => format!("{} changed", count(many.len(), "shot")),
            };
            self.session.printer.say(&format!(
                "{profile} of {} in {}: {}, {news}; {} actions run, {} from the cache",
                output.name,
                seconds(took),
                length(output.duration),
                report.ran,
                report.cached,
            ));
        }
    }
}

pub(super) fn profile_name(profile: Profile) -> &'static str {
    match profile {
        Profile::Draft => "draft",
        Profile::Final => "final",
    }
}

/// Tells the terminal and the page how a build goes, and keeps why its actions ran.
struct Onlooker<'a> {
    printer: &'a Printer,
    page: &'a Page,
    doing: Mutex<Doing>,
    reasons: Mutex<BTreeMap<Key, String>>,
}

impl<'a> Onlooker<'a> {
    fn new(printer: &'a Printer, page: &'a Page) -> Self {
        let doing = Mutex::new(Doing { step: "reading", done: 0, of: 0 });
        Self { printer, page, doing, reasons: Mutex::default() }
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
        self.reasons.lock().unwrap_or_else(|poison| poison.into_inner()).extend(reasons.clone());
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
