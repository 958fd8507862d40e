//! Which queries and which actions run after which change.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use super::*;
use mmm_base::Cancel;
use mmm_base::diagnostics::Code;
use mmm_exec::MediaTools;
use mmm_exec::{Observer, Pool, State, Task};
use mmm_facts::ModelSet;
use mmm_facts::{Encoder, Encoders, Profile};
use mmm_spec::Codec;
use mmm_store::Store;
use mmm_worker::LocalWorker;

/// Counts the actions that run, by kind.
#[derive(Default)]
struct Log(Mutex<BTreeMap<&'static str, usize>>);

impl Observer for Log {
    fn finished(&self, task: &Task, state: State, _seconds: f64) {
        if state == State::Ran {
            *self.0.lock().unwrap().entry(task.action.declaration().name).or_default() += 1;
        }
    }
}

impl Progress for Log {}

/// A movie of three photos without music, built until nothing is left to do.
struct Space {
    folder: tempfile::TempDir,
    workspace: Workspace,
}

const SPEC: &str = "media: [a.jpg, b.jpg, c.jpg]\nduration: 8s\nconstraints: {order: as-listed}\n\
                    style: {transitions: cut}\n";

impl Space {
    fn built() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/photos");
        for (from, to) in [("hill.jpg", "a.jpg"), ("bee.jpg", "b.jpg"), ("fig.jpg", "c.jpg")] {
            fs::copy(fixtures.join(from), folder.path().join(to)).unwrap();
        }
        let spec = folder.path().join("movie.yaml");
        fs::write(&spec, SPEC).unwrap();
        let store = Store::open(&folder.path().join("cache")).unwrap();
        let workspace = Workspace::open(
            &spec,
            &store,
            Means::new(std::sync::Arc::new(LocalWorker::default()), Pool::new(2), ModelSet::BuiltIn),
            Profile::Draft,
            Cancel::default(),
        )
        .unwrap();
        let mut space = Self { folder, workspace };
        space.ran();
        // The first build wrote the lock, and the second reads it.
        space.ran();
        space
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.folder.path().join(name), bytes).unwrap();
    }

    /// Builds, and returns the queries that ran (sorted, each once) and the actions that ran (counted by
    /// kind).
    fn ran(&mut self) -> (Vec<String>, BTreeMap<&'static str, usize>) {
        let log = Log::default();
        self.workspace.build(&[], &log).unwrap();
        let mut queries = self.workspace.queries_ran();
        queries.sort();
        queries.dedup();
        (queries, log.0.into_inner().unwrap())
    }
}

#[test]
fn nothing_runs_when_nothing_changed() {
    let mut space = Space::built();
    assert_eq!(space.ran(), (vec![], BTreeMap::new()));
}

#[test]
fn a_comment_is_parsed_and_no_more() {
    let mut space = Space::built();
    space.write("movie.yaml", format!("# a word\n{SPEC}"));
    let (queries, actions) = space.ran();
    assert_eq!(queries, ["movie", "parsed"]);
    assert_eq!(actions, BTreeMap::new());
}

#[test]
fn a_prompt_that_gives_the_same_plan_renders_nothing() {
    let mut space = Space::built();
    space.write("movie.yaml", format!("prompt: for grandmother\n{SPEC}"));
    let (queries, actions) = space.ran();
    assert!(queries.contains(&"planned".to_owned()), "{queries:?}");
    assert!(
        !queries.contains(&"examined".to_owned()) && !queries.contains(&"footage".to_owned()),
        "{queries:?}"
    );
    assert_eq!(actions, BTreeMap::new());
}

#[test]
fn a_title_makes_the_pieces_that_show_it() {
    let mut space = Space::built();
    space.write("movie.yaml", format!("title: Summer\n{SPEC}"));
    let (queries, actions) = space.ran();
    assert!(
        queries.contains(&"timeline".to_owned()) && !queries.contains(&"footage".to_owned()),
        "{queries:?}"
    );
    let segments = actions.get("segment").copied().unwrap_or(0);
    assert!((1..3).contains(&segments) && actions.len() == 1, "{actions:?}");
}

#[test]
fn the_same_picture_in_other_bytes_plans_nothing() {
    let mut space = Space::built();
    let mut photo = fs::read(space.folder.path().join("b.jpg")).unwrap();
    photo.splice(2..2, *b"\xff\xfe\x00\x07hello");
    space.write("b.jpg", photo);
    let (queries, actions) = space.ran();
    assert!(
        queries.contains(&"examined".to_owned()) && queries.contains(&"timeline".to_owned()),
        "{queries:?}"
    );
    assert!(!queries.contains(&"planned".to_owned()), "the facts are equal: {queries:?}");
    assert_eq!(
        actions,
        BTreeMap::from([("photo-facts", 1), ("photo-mask", 1), ("probe", 1), ("segment", 1)])
    );
}

#[test]
fn a_touched_file_reads_its_digest_and_no_more() {
    let mut space = Space::built();
    let photo = fs::read(space.folder.path().join("c.jpg")).unwrap();
    fs::remove_file(space.folder.path().join("c.jpg")).unwrap();
    space.write("c.jpg", photo);
    assert_eq!(space.ran(), (vec![], BTreeMap::new()));
}

#[test]
fn a_renamed_file_makes_nothing() {
    let mut space = Space::built();
    let folder = space.folder.path();
    fs::rename(folder.join("c.jpg"), folder.join("c2.jpg")).unwrap();
    space.write("movie.yaml", SPEC.replace("c.jpg", "c2.jpg"));
    assert_eq!(space.ran().1, BTreeMap::new());
    let lock = fs::read_to_string(space.folder.path().join("movie.lock")).unwrap();
    assert!(lock.contains("c2.jpg") && !lock.contains("c.jpg"), "{lock}");
}

#[test]
fn an_edit_undone_is_all_remembered() {
    let mut space = Space::built();
    space.write("movie.yaml", SPEC.replace("8s", "9s"));
    assert!(!space.ran().1.is_empty());
    space.write("movie.yaml", SPEC);
    let (_, actions) = space.ran();
    assert_eq!(actions, BTreeMap::new());
}

#[test]
fn an_encoder_that_fails_gives_way_to_software_for_the_whole_movie() {
    let space = Space::built();
    space.write("movie.yaml", "media: [a.jpg]\nduration: 1s\nstyle: {transitions: dip, titles: off}\n");
    let spec = space.folder.path().join("movie.yaml");
    let failing = Encoder::HARDWARE
        .into_iter()
        .find(|encoder| LocalWorker::default().try_encoder(*encoder, Codec::H264).is_err());
    let failing = Encoders::default().with(Codec::H264, failing.expect("no machine has them all"));
    let build = |encoders: Encoders, cache: &str| {
        let store = Store::open(&space.folder.path().join(cache)).unwrap();
        let means = Means::new(std::sync::Arc::new(LocalWorker::default()), Pool::new(2), ModelSet::BuiltIn)
            .with_encoders(encoders);
        let mut workspace = Workspace::open(&spec, &store, means, Profile::Final, Cancel::default()).unwrap();
        let report = workspace.build(&[], &Silent).unwrap();
        let again = workspace.build(&[], &Silent).unwrap();
        assert_eq!((again.ran, again.diagnostics.len()), (0, 0), "said once, and at rest");
        (report.outputs[0].digest, report.diagnostics)
    };
    let (hard, said) = build(failing, "one");
    assert_eq!(said.iter().map(|one| one.code).collect::<Vec<_>>(), [Code::RENDER_ENCODER]);
    assert!(said[0].message.contains("fell back to software encoding"), "{}", said[0].message);
    let (soft, said) = build(Encoders::default(), "other");
    assert_eq!((hard, said), (soft, Vec::new()));
}

#[test]
fn a_change_of_one_output_is_laid_out_alone() {
    let mut space = Space::built();
    let outputs = |title: &str| {
        let style = "style: {transitions: cut}";
        format!(
            "media: [a.jpg, b.jpg, c.jpg]\nduration: 8s\nconstraints: {{order: as-listed}}\n{style}\n\
             outputs:\n  one.mp4: {{title: One}}\n  two.mp4: {{title: {title}}}\n"
        )
    };
    let laid_out = |workspace: &Workspace| {
        let queries = workspace.queries_ran();
        queries.iter().filter(|query| *query == "timeline").count()
    };
    space.write("movie.yaml", outputs("Two"));
    space.ran();
    space.write("movie.yaml", outputs("Three"));
    space.workspace.build(&[], &Silent).unwrap();
    assert_eq!(laid_out(&space.workspace), 1);
}

#[test]
fn the_cache_is_collected_while_projects_are_open_and_takes_nothing_of_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("cache")).unwrap();
    let means = Means::new(std::sync::Arc::new(LocalWorker::default()), Pool::new(2), ModelSet::BuiltIn);
    let project = |name: &str, photo: &str| {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/photos");
        let project = folder.path().join(name);
        fs::create_dir(&project).unwrap();
        fs::copy(fixtures.join(photo), project.join("a.jpg")).unwrap();
        fs::write(project.join("movie.yaml"), "media: [a.jpg]\nduration: 2s\n").unwrap();
        let spec = project.join("movie.yaml");
        let mut workspace =
            Workspace::open(&spec, &store, means.clone(), Profile::Draft, Cancel::default()).unwrap();
        // The first build wrote the lock, and the second reads it.
        workspace.build(&[], &Silent).unwrap();
        workspace.build(&[], &Silent).unwrap();
        workspace
    };
    let (mut one, mut two) = (project("one", "hill.jpg"), project("two", "bee.jpg"));
    // A collection removes what a project built for an earlier version of its spec.
    let spec = |text: &str| fs::write(folder.path().join("one/movie.yaml"), text).unwrap();
    spec("media: [a.jpg]\nduration: 3s\n");
    let longer = one.build(&[], &Silent).unwrap();
    assert!(longer.ran > 0);
    spec("media: [a.jpg]\nduration: 2s\n");
    one.build(&[], &Silent).unwrap();
    store.clear().unwrap();
    let ran = |workspace: &mut Workspace| workspace.build(&[], &Silent).unwrap().ran;
    assert_eq!((ran(&mut one), ran(&mut two)), (0, 0));
    // The inputs that the movies are linked from stay in the cache, too.
    fs::remove_file(folder.path().join("two/movie.draft.mp4")).unwrap();
    let again = two.build(&[], &Silent).unwrap();
    assert_eq!((again.ran, again.diagnostics.len()), (1, 0), "linked again: {:?}", again.steps);
    let before = store.stats().entries;
    one.tidy(0);
    assert!(store.stats().entries < before);
    assert_eq!((ran(&mut one), ran(&mut two)), (0, 0));
    drop((one, two));
    store.clear().unwrap();
    assert_eq!(store.stats().entries, 0);
}

#[test]
fn a_project_may_move_to_another_thread() {
    fn moves<T: Send>() {}
    moves::<Workspace>();
    moves::<WatchSession>();
    moves::<Store>();
}
