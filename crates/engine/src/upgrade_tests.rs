//! Tests what happens when a system library is upgraded between two builds with the same store, and when only
//! rendering finds that a medium can't be decoded.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use mmm_base::diagnostics::Diagnostic;
use mmm_base::{Cancel, Digest, Time};
use mmm_exec::{
    Action, Answer, Context, ExecError, Executor, MeasureError, MediaTools, Observer, OpenBlob, Pool, State,
    Task,
};
use mmm_facts::{
    Encoder, Figure, Finished, Libraries, MediaError, ModelSet, MovieRecipe, Probe, Profile, Review,
    Timeline, Tool, Tools, Wanted,
};
use mmm_spec::Codec;
use mmm_store::Store;
use mmm_worker::LocalWorker;

use super::*;

/// A worker with an upgraded encoder: its segments can't be joined with earlier ones. The test sets the
/// versions that it reports.
struct Upgraded {
    inner: LocalWorker,
    reported: Tools,
}

/// A worker whose renderer, unlike its analysts, can't decode the medium with this content.
struct Undecoding {
    inner: LocalWorker,
    source: Digest,
}

impl Executor for Undecoding {
    fn tools(&self) -> &Tools {
        self.inner.tools()
    }

    fn perform(&self, action: &Action, context: Context<'_>) -> Result<Answer, ExecError> {
        match action {
            Action::Segment(_) if action.inputs().contains(&self.source) => {
                Ok(Answer::SourceUnreadable(self.source, MediaError::Truncated))
            }
            action => self.inner.perform(action, context),
        }
    }
}

impl Executor for Upgraded {
    fn tools(&self) -> &Tools {
        &self.reported
    }

    fn perform(&self, action: &Action, context: Context<'_>) -> Result<Answer, ExecError> {
        let mut action = action.clone();
        if let Action::Segment(recipe) = &mut action {
            // As after an upgrade, the header of the stream differs.
            recipe.canvas.codec = Codec::Hevc;
        }
        self.inner.perform(&action, context)
    }
}

/// All other tools of a worker are unchanged.
macro_rules! same_tools {
    ($worker:ty) => {
        impl MediaTools for $worker {
            fn probe(&self, path: &Path) -> Result<Probe, MediaError> {
                self.inner.probe(path)
            }

            fn waveform(
                &self,
                path: &Path,
                length: Time,
                columns: usize,
                cancel: &Cancel,
            ) -> Result<Vec<(f32, f32)>, MediaError> {
                self.inner.waveform(path, length, columns, cancel)
            }

            fn write_clicks(
                &self,
                music: &Path,
                beats: &[(Time, bool)],
                out: &Path,
                cancel: &Cancel,
            ) -> Result<(), ExecError> {
                self.inner.write_clicks(music, beats, out, cancel)
            }

            fn is_our_movie(&self, path: &Path) -> bool {
                self.inner.is_our_movie(path)
            }

            fn is_our_picture(&self, path: &Path) -> bool {
                self.inner.is_our_picture(path)
            }

            fn is_encoded(&self, blob: fs::File) -> bool {
                self.inner.is_encoded(blob)
            }

            fn link(
                &self,
                movie: &MovieRecipe,
                path: &Path,
                open: &OpenBlob<'_>,
                cancel: &Cancel,
            ) -> Result<Finished, ExecError> {
                self.inner.link(movie, path, open, cancel)
            }

            fn stream_figures(&self, path: &Path, timeline: &Timeline) -> Result<Vec<Figure>, MeasureError> {
                self.inner.stream_figures(path, timeline)
            }

            fn review(
                &self,
                path: &Path,
                wanted: Option<&Wanted<'_>>,
                threads: usize,
                cancel: &Cancel,
            ) -> Result<Review, MeasureError> {
                self.inner.review(path, wanted, threads, cancel)
            }

            fn libraries(&self) -> Libraries {
                self.inner.libraries()
            }

            fn try_encoder(&self, encoder: Encoder, codec: Codec) -> Result<(), String> {
                self.inner.try_encoder(encoder, codec)
            }
        }
    };
}

same_tools!(Upgraded);
same_tools!(Undecoding);

/// Counts the actions that run, by kind, and keeps their reasons.
#[derive(Default)]
struct Log {
    ran: Mutex<BTreeMap<&'static str, usize>>,
    reasons: Mutex<Vec<String>>,
}

impl Observer for Log {
    fn finished(&self, task: &Task, state: State, _: f64) {
        if state == State::Ran {
            *self.ran.lock().unwrap().entry(task.action.declaration().name).or_default() += 1;
        }
    }
}

impl Progress for Log {
    fn because(&self, reasons: BTreeMap<mmm_base::Key, String>) {
        self.reasons.lock().unwrap().extend(reasons.into_values());
    }
}

/// A movie of three photos with hard cuts, in a folder with its cache.
struct Album(tempfile::TempDir);

const SPEC: &str = "media: [a.jpg, b.jpg, c.jpg]\nduration: 9s\nconstraints: {order: as-listed}\n\
                    style: {transitions: cut, titles: off}\n";

impl Album {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/photos");
        for (from, to) in [("hill.jpg", "a.jpg"), ("bee.jpg", "b.jpg"), ("fig.jpg", "c.jpg")] {
            fs::copy(fixtures.join(from), folder.path().join(to)).unwrap();
        }
        let album = Self(folder);
        album.write(SPEC);
        album
    }

    fn write(&self, spec: &str) {
        fs::write(self.0.path().join("movie.yaml"), spec).unwrap();
    }

    fn workspace(&self, worker: Arc<dyn mmm_exec::Worker>) -> Workspace {
        let store = Store::open(&self.0.path().join("cache")).unwrap();
        let means = Means::new(worker, Pool::new(2), ModelSet::BuiltIn);
        let spec = self.0.path().join("movie.yaml");
        Workspace::open(&spec, &store, means, Profile::Draft, Cancel::default()).unwrap()
    }

    /// Builds with a worker, and returns the movie's digest and a log of the actions.
    fn build(&self, worker: Arc<dyn mmm_exec::Worker>) -> Result<(Digest, Log), Stop> {
        let log = Log::default();
        let report = self.workspace(worker).build(&[], &log)?;
        Ok((report.outputs[0].digest, log))
    }
}

fn upgraded(change: impl FnOnce(Tools) -> Tools) -> Arc<Upgraded> {
    let inner = LocalWorker::default();
    let reported = change(inner.tools().clone());
    Arc::new(Upgraded { inner, reported })
}

#[test]
fn an_upgraded_encoder_renders_all_segments_again_and_no_facts() {
    let album = Album::new();
    let (before, _) = album.build(Arc::new(LocalWorker::default())).unwrap();
    // The last shot changes together with the encoder; the cache has the other segments, but from the old
    // encoder.
    album.write(&SPEC.replace("9s", "10s"));
    let (_, log) = album.build(upgraded(|tools| tools.with(Tool::Libx264, "999 r1"))).unwrap();
    assert_eq!(*log.ran.lock().unwrap(), BTreeMap::from([("segment", 3)]));
    // The answers of the old encoder are still in the cache.
    album.write(SPEC);
    fs::remove_file(album.0.path().join("movie.lock")).unwrap();
    let (after, log) = album.build(Arc::new(LocalWorker::default())).unwrap();
    assert_eq!((after, log.ran.lock().unwrap().len()), (before, 0));
}

#[test]
fn segments_of_an_encoder_without_a_version_do_not_fit_after_an_upgrade() {
    // What happened before keys included the tools: the same version is reported, but the encoder is another.
    let album = Album::new();
    album.build(Arc::new(LocalWorker::default())).unwrap();
    fs::copy(album.0.path().join("a.jpg"), album.0.path().join("c.jpg")).unwrap();
    let failed = album.build(upgraded(|tools| tools));
    let ran = failed.as_ref().map(|(_, log)| log.ran.lock().unwrap().clone());
    assert!(matches!(failed, Err(Stop::Failed(_))), "{ran:?}");
}

#[test]
fn why_names_the_upgrade() {
    let album = Album::new();
    let old = LocalWorker::default().tools().version(Tool::Libx264).unwrap().to_owned();
    album.build(Arc::new(LocalWorker::default())).unwrap();
    let worker = upgraded(|tools| tools.with(Tool::Libx264, "999 r1"));
    let (_, log) = album.build(worker.clone()).unwrap();
    let reasons = log.reasons.lock().unwrap().join("\n");
    assert!(reasons.contains(&format!("libx264 {old} → 999 r1")), "{reasons}");
    let workspace = album.workspace(worker);
    let mut workspace = workspace;
    workspace.refresh(&Silent).unwrap();
    let name = workspace.movie().unwrap().outputs[0].name.clone();
    let why = workspace.why(&name, Time::from_secs(1)).unwrap();
    assert_eq!(why.made, Made::Again);
    let changed: Vec<(&str, Option<&str>)> =
        why.changes.iter().map(|change| (change.what.as_str(), change.after.as_deref())).collect();
    assert_eq!(changed, [("libx264", Some("999 r1"))]);
}

#[test]
fn an_upgrade_of_what_the_movie_does_not_use_changes_nothing() {
    let album = Album::new();
    let (before, _) = album.build(Arc::new(LocalWorker::default())).unwrap();
    let worker = upgraded(|tools| tools.with(Tool::Libx265, "999").with(Tool::Libwebp, "999"));
    let (after, log) = album.build(worker).unwrap();
    assert_eq!((after, log.ran.lock().unwrap().len()), (before, 0));
}

/// Returns the diagnostics of a build, each as text, or why it stopped; and its log.
fn reported(album: &Album, worker: &Arc<Undecoding>) -> (Result<Vec<String>, Stop>, Log) {
    let log = Log::default();
    let report = album.workspace(worker.clone()).build(&[], &log);
    (report.map(|report| report.diagnostics.iter().map(|found| format!("{found:?}")).collect()), log)
}

#[test]
fn a_photo_that_cant_be_rendered_is_left_out_and_the_movie_planned_again() {
    let album = Album::new();
    let spec = SPEC.replace("9s", "6s");
    album.write(&spec);
    let mut workspace = album.workspace(Arc::new(LocalWorker::default()));
    workspace.build(&[], &Silent).unwrap();
    let shown = workspace.plan(0).unwrap().shots[0].source.path.clone();
    let photo = fs::read(shown.under(album.0.path())).unwrap();
    // The lock would keep the plan, and the cache the answers.
    fs::remove_dir_all(album.0.path().join("cache")).unwrap();
    let worker = Arc::new(Undecoding { inner: LocalWorker::default(), source: Digest::of(&photo) });
    let (found, _) = reported(&album, &worker);
    let found = found.unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains(&format!("`{shown}` is left out: the file ends too early")), "{found:?}");
    let mut workspace = album.workspace(worker.clone());
    workspace.build(&[], &Silent).unwrap();
    let plan = workspace.plan(0).unwrap();
    assert!(plan.shots.iter().all(|shot| shot.source.path != shown));
    // The answer is kept, and the lock has the movie without it, so nothing runs again. The photo is still
    // reported, also by `check`, until the spec leaves it out.
    for _ in 0..2 {
        let (again, log) = reported(&album, &worker);
        assert_eq!(again.unwrap(), found);
        assert_eq!(log.ran.lock().unwrap().len(), 0);
    }
    let mut workspace = album.workspace(worker.clone());
    workspace.refresh(&Silent).unwrap();
    let checked = workspace.check_headers(&Silent).unwrap();
    assert_eq!(checked.iter().map(|found| format!("{found:?}")).collect::<Vec<_>>(), found);
    album.write(&spec.replace("media: [a.jpg, b.jpg, c.jpg]", &format!("media: ['*.jpg', '!{shown}']")));
    assert_eq!(reported(&album, &worker).0.unwrap(), [""; 0]);
}

#[test]
fn a_required_photo_that_cant_be_rendered_is_an_error_and_so_is_a_movie_of_nothing() {
    let album = Album::new();
    let spec = SPEC.replace("9s", "6s");
    album.write(&spec);
    let photo = fs::read(album.0.path().join("b.jpg")).unwrap();
    let worker = Arc::new(Undecoding { inner: LocalWorker::default(), source: Digest::of(&photo) });
    album.write(&spec.replace("b.jpg", "{path: b.jpg, required: true}"));
    let (found, _) = reported(&album, &worker);
    let Err(Stop::Spec(found)) = found else { panic!("{found:?}") };
    assert!(found.iter().any(|one| one.is_error() && format!("{one:?}").contains("`b.jpg` is required")));
    album.write("media: [b.jpg]\nduration: 2s\n");
    let (found, _) = reported(&album, &worker);
    let Err(Stop::Spec(found)) = found else { panic!("{found:?}") };
    assert!(found.iter().any(|one| format!("{one:?}").contains("`b.jpg` is left out")), "{found:?}");
    assert!(found.iter().any(Diagnostic::is_error), "{found:?}");
}
