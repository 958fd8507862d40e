//! Tests the runner with a real store and an executor that only counts.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

use mmm_base::{Cancel, Digest};
use mmm_facts::{Encoder, MediaError, Models, Sources, Tool, Tools};
use mmm_spec::Codec;
use mmm_store::Store;

use super::*;

/// Answers every action and counts them by kind.
struct Counting {
    tools: Tools,
    ran: Mutex<BTreeMap<&'static str, usize>>,
    /// The threads that each action might use.
    threads: Mutex<Vec<usize>>,
}

impl Counting {
    fn with(tools: Tools) -> Self {
        Self { tools, ran: Mutex::default(), threads: Mutex::default() }
    }

    fn ran(&self) -> usize {
        self.ran.lock().unwrap().values().sum()
    }
}

impl Executor for Counting {
    fn tools(&self) -> &Tools {
        &self.tools
    }

    fn perform(&self, action: &Action, context: Context<'_>) -> Result<Answer, ExecError> {
        self.threads.lock().unwrap().push(context.threads);
        *self.ran.lock().unwrap().entry(action.declaration().name).or_default() += 1;
        match action {
            Action::Probe(source) if *source == Digest::of(b"bad") => {
                Err(ExecError::Encoder("no".to_owned()))
            }
            Action::Probe(source) if *source == Digest::of(b"bug") => panic!("boom"),
            _ => Ok(Answer::Unreadable(MediaError::NoPicture)),
        }
    }
}

/// Whether all sources exist, or none.
struct There(bool);

impl Sources for There {
    fn path(&self, _: Digest) -> Option<PathBuf> {
        self.0.then(PathBuf::new)
    }
}

struct Nobody;
impl Observer for Nobody {}

struct House {
    _folder: tempfile::TempDir,
    store: Store,
    pool: Pool,
    cancel: Cancel,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        Self { _folder: folder, store, pool: Pool::new(2), cancel: Cancel::default() }
    }

    fn run(&self, executor: &Counting, sources: &There, actions: &[Action]) -> Vec<Outcome> {
        let cache = StoreCache { store: &self.store, tools: &executor.tools };
        let runner = Runner {
            cache: &cache,
            executor,
            pool: &self.pool,
            sources,
            store: &self.store,
            cancel: &self.cancel,
            observer: &Nobody,
        };
        let tasks = actions.iter().map(|action| Task::new(action.clone(), &executor.tools)).collect();
        runner.run(tasks, &mut |_| {})
    }
}

fn tools() -> Tools {
    Tools::new([(Tool::Libavcodec, "59".to_owned()), (Tool::Libx264, "164".to_owned())])
}

fn probes(names: &[&str]) -> Vec<Action> {
    names.iter().map(|name| Action::Probe(Digest::of(name.as_bytes()))).collect()
}

#[test]
fn a_task_alone_may_use_the_threads_of_all_workers() {
    let house = House::new();
    let probe = |name: &[u8]| Action::Probe(Digest::of(name));
    for (actions, threads) in [(vec![probe(b"1")], vec![2]), (vec![probe(b"2"), probe(b"3")], vec![1, 1])] {
        let executor = Counting::with(tools());
        house.run(&executor, &There(true), &actions);
        assert_eq!(*executor.threads.lock().unwrap(), threads);
    }
}

#[test]
fn an_answer_is_performed_once_and_then_a_hit() {
    let (house, executor) = (House::new(), Counting::with(tools()));
    let first = house.run(&executor, &There(true), &probes(&["a", "b"]));
    assert!(first.iter().all(|outcome| outcome.result.is_ok() && !outcome.cached));
    let second = house.run(&executor, &There(true), &probes(&["a", "b", "c"]));
    assert_eq!(second.iter().filter(|outcome| outcome.cached).count(), 2);
    assert_eq!(executor.ran(), 3);
}

#[test]
fn errors_keep_their_cause_and_are_not_cached() {
    let (house, executor) = (House::new(), Counting::with(tools()));
    for _ in 0..2 {
        let outcomes = house.run(&executor, &There(true), &probes(&["bad", "bug", "fine"]));
        let causes: Vec<String> =
            outcomes.iter().filter_map(|outcome| Some(outcome.result.as_ref().err()?.to_string())).collect();
        assert_eq!(causes.len(), 2, "{causes:?}");
        assert!(causes.contains(&"the encoder failed: no".to_owned()), "{causes:?}");
        assert!(causes.contains(&"a bug: boom".to_owned()), "{causes:?}");
    }
    assert_eq!(executor.ran(), 5, "what failed is performed again, what did not is not");
}

#[test]
fn the_answer_of_a_source_that_changed_meanwhile_is_not_kept() {
    let (house, executor) = (House::new(), Counting::with(tools()));
    let gone = house.run(&executor, &There(false), &probes(&["a"]));
    assert!(matches!(gone[0].result, Err(ExecError::SourceChanged(_))));
    assert!(!house.run(&executor, &There(true), &probes(&["a"]))[0].cached);
}

#[test]
fn an_upgraded_library_is_a_miss_for_what_it_shapes_and_for_nothing_else() {
    let house = House::new();
    let sound = Action::ClipSound(ClipSoundFields {
        source: Digest::of(b"a"),
        track: None,
        models: Models::default(),
    });
    let photo = Action::PhotoFacts(PhotoFields {
        source: Digest::of(b"b"),
        by_libav: false,
        models: Models::default(),
    });
    let all = [sound.clone(), photo.clone()];
    let (old, new) = (Counting::with(tools()), Counting::with(tools().with(Tool::Libavcodec, "60")));
    house.run(&old, &There(true), &all);
    house.run(&new, &There(true), &all);
    assert_eq!(*new.ran.lock().unwrap(), BTreeMap::from([("clip-sound", 1)]));
    // The store has the answers of both versions of the tools.
    house.run(&old, &There(true), &all);
    assert_eq!(old.ran(), 2);
    let x264 = Counting::with(tools().with(Tool::Libx264, "165"));
    house.run(&x264, &There(true), &all);
    assert_eq!(x264.ran(), 0, "facts are not encoded");
    assert_eq!(Tool::encoding(Codec::H264, Encoder::Software), Some(Tool::Libx264));
}
