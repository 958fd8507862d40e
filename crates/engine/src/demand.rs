//! Gets the answers of actions: from the store, or by doing them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use salsa::Setter;

use super::complain::{failure, net_failure};
use super::db::Db;
use super::forecast::Timings;
use super::forsaking::refused;
use super::need::Need;
use super::queries;
use super::workspace::Places;
use super::{Means, Progress, Step, Stop, Workspace};
use mmm_base::{Cancel, Digest};
use mmm_exec::{Action, Answer, Context, ExecError, Pool, State, Worker};
use mmm_facts::Nets;
use mmm_facts::Sources;
use mmm_facts::{MediaError, Probe};
use mmm_store::digest_file;
use mmm_store::{Record, Stamp, Store};

/// What a build did so far.
#[derive(Default)]
pub(super) struct Tally {
    pub ran: usize,
    pub cached: usize,
    pub steps: Vec<Step>,
    /// Answers whose blobs were damaged or gone.
    pub healed: usize,
}

impl Workspace {
    /// Fills the slots of `actions`.
    pub(super) fn supply(&mut self, actions: BTreeSet<Action>, progress: &dyn Progress) -> Result<(), Stop> {
        if self.cancel.is_cancelled() {
            return Err(Stop::Interrupted);
        }
        let mut missing = Vec::new();
        for action in actions {
            match stored(&self.store, &action) {
                Some((answer, seconds)) => {
                    progress.finished(&action, State::Cached, seconds);
                    self.tally.cached += 1;
                    self.set(&action, answer);
                }
                None => missing.push(action),
            }
        }
        if missing.is_empty() { Ok(()) } else { self.run(missing, progress) }
    }

    /// Fills the slots of facts that the store has, and leaves the others empty.
    pub(super) fn recall(&mut self) {
        while let Need::Missing(actions) = queries::known(&self.db, self.project).clone() {
            let stored: Vec<(Action, Answer)> = actions
                .into_iter()
                .filter_map(|action| stored(&self.store, &action).map(|(answer, _)| (action, answer)))
                .collect();
            if stored.is_empty() {
                return;
            }
            for (action, answer) in stored {
                self.set(&action, answer);
            }
        }
    }

    fn run(&mut self, missing: Vec<Action>, progress: &dyn Progress) -> Result<(), Stop> {
        let name = step_name(&missing);
        progress.step(name);
        progress.because(self.reasons(&missing));
        let (start, count) = (Instant::now(), missing.len());
        let (store, places, cancel) = (&self.store, &self.places, &self.cancel);
        let worker = &*self.means.worker;
        let took: Mutex<Vec<(Action, f64)>> = Mutex::default();
        let outcomes = self.pool.run(missing, cancel, progress, &|action| {
            let start = Instant::now();
            let made = make(worker, action, places, store, cancel, progress);
            if made.is_ok() {
                let mut took = took.lock().unwrap_or_else(|poison| poison.into_inner());
                took.push((action.clone(), start.elapsed().as_secs_f64()));
            }
            if let Err(ExecError::Store(_)) = made {
                // The next one would fail as well, after as much work.
                cancel.cancel();
            }
            made
        });
        Timings::learn(&self.store, &took.into_inner().unwrap_or_else(|poison| poison.into_inner()));
        let seconds = start.elapsed().as_secs_f64();
        self.tally.steps.push(Step { name, actions: count, seconds });
        let (mut failures, mut forsaken) = (Vec::new(), Vec::new());
        for (action, outcome) in outcomes {
            match outcome {
                Ok(answer) => {
                    self.tally.ran += 1;
                    self.set(&action, answer);
                }
                Err(ExecError::Store(error)) => return Err(Stop::Store(error)),
                Err(ExecError::Cancelled) => {}
                Err(error) if refused(&action, &error).is_some() => {
                    forsaken.extend(refused(&action, &error).map(|(canvas, why)| (canvas, why.to_owned())));
                }
                Err(error) => failures.push(failure(&self.db, self.project, &action, &error)),
            }
        }
        if self.cancel.is_cancelled() {
            return Err(Stop::Interrupted);
        }
        if !failures.is_empty() {
            return Err(Stop::Failed(failures));
        }
        for (canvas, reason) in forsaken {
            self.forsake(canvas, &reason);
        }
        Ok(())
    }

    pub(super) fn set(&mut self, action: &Action, answer: Answer) {
        let slot = self.db.slot(action);
        if slot.answer(&self.db).as_deref() != Some(&answer) {
            slot.set_answer(&mut self.db).to(Some(Arc::new(answer)));
        }
    }

    /// The answer of an action, where it is known.
    pub(super) fn answer(&self, action: &Action) -> Option<Answer> {
        self.db.slot(action).answer(&self.db).as_deref().cloned()
    }

    /// Forgets the answer of an action whose blob is gone, so that it is made again.
    pub(super) fn forget(&mut self, action: &Action) {
        self.store.drop_record(action.bucket(), action.key());
        self.db.slot(action).set_answer(&mut self.db).to(None);
    }
}

/// What a step is called for people.
fn step_name(actions: &[Action]) -> &'static str {
    match actions.first() {
        Some(Action::Probe { .. }) => "reading",
        Some(Action::Facts { .. }) => "analysing",
        Some(Action::Still(_)) => "drawing",
        _ => "rendering",
    }
}

/// The answer that the store holds, with the seconds that it took.
pub(super) fn stored(store: &Store, action: &Action) -> Option<(Answer, f64)> {
    let record: Record<Answer> = store.record(action.bucket(), action.key())?;
    Some((record.value, record.seconds))
}

/// Does an action and keeps its answer, unless a file changed while it was read.
fn make(
    worker: &dyn Worker,
    action: &Action,
    places: &Places,
    store: &Store,
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<Answer, ExecError> {
    let start = Instant::now();
    let progress = |done| progress.progressed(action, done);
    let answer = worker.perform(action, Context { sources: places, store, cancel, progress: &progress });
    // What was read is only worth keeping if it is what was digested; and if it is not, that is
    // the reason for whatever failed.
    if let Some(changed) = action.inputs().into_iter().find(|source| places.path(*source).is_none()) {
        return Err(ExecError::SourceChanged(changed));
    }
    let answer = answer?;
    let seconds = start.elapsed().as_secs_f64();
    let made_of = serde_json::to_value(action).ok();
    let record = Record { blobs: answer.blobs(), seconds, made_of, value: answer };
    store.set_record(action.bucket(), action.key(), &record)?;
    Ok(record.value)
}

/// Probe and facts of single files, without a spec: through the same cache.
///
/// # Errors
/// On cancellation, or where the cache can't be written.
#[expect(clippy::type_complexity, reason = "one result a file, in the order of the files")]
pub fn demand_facts(
    files: &[PathBuf],
    store: &Store,
    means: &Means,
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<Vec<Result<(Probe, mmm_facts::Facts), MediaError>>, Stop> {
    let nets = means.nets;
    let mut places = means.places(BTreeMap::new());
    let mut digests: Vec<Result<Digest, MediaError>> = Vec::new();
    for file in files {
        digests.push(place(file, &mut places, cancel));
    }
    let found: BTreeSet<Digest> = digests.iter().filter_map(|digest| digest.as_ref().ok().copied()).collect();
    let probes = found.iter().map(|source| Action::Probe { source: *source }).collect();
    let probes = answers(probes, &places, store, means, cancel, progress)?;
    let facts = probes.iter().filter_map(|(action, answer)| match (action, answer) {
        (Action::Probe { source }, Answer::Probe(probe)) => Some(Action::facts(*source, probe.kind, nets)),
        _ => None,
    });
    let facts = answers(facts.collect(), &places, store, means, cancel, progress)?;
    Ok(digests.into_iter().map(|digest| joined(digest?, nets, &probes, &facts)).collect())
}

/// Probe and facts of one content.
fn joined(
    source: Digest,
    nets: Nets,
    probes: &BTreeMap<Action, Answer>,
    facts: &BTreeMap<Action, Answer>,
) -> Result<(Probe, mmm_facts::Facts), MediaError> {
    let gone = || MediaError::Corrupt { reason: "it could not be read to its end".to_owned() };
    let probe = match probes.get(&Action::Probe { source }) {
        Some(Answer::Probe(probe)) => probe,
        Some(Answer::Unreadable(error)) => return Err(error.clone()),
        _ => return Err(gone()),
    };
    match facts.get(&Action::facts(source, probe.kind, nets)) {
        Some(Answer::Facts(facts)) => Ok(((**probe).clone(), (**facts).clone())),
        Some(Answer::Unreadable(error)) => Err(error.clone()),
        _ => Err(gone()),
    }
}

pub(super) fn place(file: &Path, places: &mut Places, cancel: &Cancel) -> Result<Digest, MediaError> {
    let meta = std::fs::metadata(file).map_err(MediaError::from)?;
    if !meta.is_file() {
        return Err(MediaError::NotMedia { what: "a folder".to_owned() });
    }
    let digest = digest_file(file, cancel).map_err(MediaError::from)?;
    places.0.insert(digest, (file.to_owned(), Stamp::of(&meta)));
    Ok(digest)
}

/// The answers of actions that failed for no passing reason.
pub(super) fn answers(
    actions: Vec<Action>,
    places: &Places,
    store: &Store,
    means: &Means,
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<BTreeMap<Action, Answer>, Stop> {
    let mut found = BTreeMap::new();
    let mut missing = Vec::new();
    for action in actions {
        match stored(store, &action) {
            Some((answer, _)) => drop(found.insert(action, answer)),
            None => missing.push(action),
        }
    }
    let run = |action: &Action| make(&*means.worker, action, places, store, cancel, progress);
    for (action, outcome) in Pool::new(means.jobs).run(missing, cancel, progress, &run) {
        match outcome {
            Ok(answer) => drop(found.insert(action, answer)),
            Err(ExecError::Store(error)) => return Err(error.into()),
            Err(ExecError::Model(error)) => return Err(Stop::Failed(vec![net_failure(&error)])),
            Err(_) => {}
        }
    }
    if cancel.is_cancelled() { Err(Stop::Interrupted) } else { Ok(found) }
}
