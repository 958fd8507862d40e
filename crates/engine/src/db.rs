use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use super::beside::Beside;
use super::known_damage::KnownDamage;
use mmm_base::{Digest, Key, MediaPath};
use mmm_exec::{Action, Answer};
use mmm_facts::Typefaces;
use mmm_facts::{Encoders, Profile};
use mmm_facts::{ModelSet, Tools};
use mmm_plan::lock::Lock;
use mmm_spec::{ListedBeat, Listing};

/// The spec and the folder that its paths are relative to.
#[salsa::input]
pub(super) struct Project {
    /// The bytes of movie.yaml.
    #[returns(deref)]
    pub text: Vec<u8>,
    /// The files below the folders that the spec names.
    #[returns(ref)]
    pub listing: Listing,
    #[returns(copy)]
    pub profile: Profile,
    /// The encoders of final movies.
    #[returns(copy)]
    pub encoders: Encoders,
    /// The hand-made lists of beats that the spec names, or why one can't be read.
    #[returns(ref)]
    pub beats: BTreeMap<MediaPath, Result<Vec<ListedBeat>, String>>,
    /// The colour tables that the spec names, or why one can't be read.
    #[returns(ref)]
    pub cubes: BTreeMap<MediaPath, Result<Digest, String>>,
    /// What the files say that other programs put beside media.
    #[returns(ref)]
    pub beside: BTreeMap<MediaPath, Beside>,
    /// The fonts that draw the text that the built-in fonts can't.
    #[returns(ref)]
    pub typefaces: Typefaces,
    /// What earlier builds decided; `None` to plan from scratch.
    #[returns(ref)]
    pub lock: Option<Lock>,
    /// An output and one of its shots (both counted from 0) that must get another medium.
    #[returns(copy)]
    pub unwanted: Option<(usize, usize)>,
}

/// A file that the spec names, whether or not it exists.
#[salsa::input]
pub(super) struct MediaFile {
    #[returns(ref)]
    pub path: MediaPath,
    #[returns(ref)]
    pub state: FileState,
}

/// What is known about a file without decoding it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum FileState {
    Missing,
    /// The file exists; the digest of its content.
    Read(Digest),
    /// The file exists but can't be read; the reason.
    Unreadable(String),
}

/// The answer to one action.
#[salsa::input]
pub(super) struct Slot {
    #[returns(ref)]
    pub answer: Option<Arc<Answer>>,
}

/// What queries see of the world.
///
/// The same path or key always gives the same handle, so these look-ups need no tracking. Only the fields of
/// the handles change.
#[salsa::db]
pub(super) trait Db: salsa::Database {
    fn media(&self, path: &MediaPath) -> MediaFile;
    fn slot(&self, action: &Action) -> Slot;
    /// Returns the models that facts come from, which never change.
    fn model_set(&self) -> ModelSet;
    /// Returns the libraries that produce the answers, which never change.
    fn tools(&self) -> &Tools;
    /// Returns the size of a blob that an answer names, as long as the answer is in its slot.
    fn bytes(&self, blob: Digest) -> Option<u64>;
}

/// The database.
#[salsa::db]
#[derive(Clone)]
pub(super) struct MovieDb {
    handles: Arc<Mutex<Handles>>,
    events: Arc<Mutex<Vec<String>>>,
    model_set: ModelSet,
    tools: Tools,
    // The last field, so that it is dropped last: the log of events must outlive it.
    storage: salsa::Storage<Self>,
}

#[derive(Default)]
struct Handles {
    media: BTreeMap<MediaPath, MediaFile>,
    slots: BTreeMap<Key, Slot>,
    /// The sizes of blobs. A digest has one size, so these look-ups need no tracking either.
    bytes: BTreeMap<Digest, u64>,
    /// What rendering found damaged in media. Only diagnostics use it, which no query computes.
    damage: BTreeMap<Digest, KnownDamage>,
}

impl MovieDb {
    /// Returns an empty database. Facts come from `model_set`, and all answers from `tools`.
    pub(super) fn new(model_set: ModelSet, tools: Tools) -> Self {
        let events: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&events);
        let storage = salsa::Storage::new(Some(Box::new(move |event: salsa::Event| {
            if let salsa::EventKind::WillExecute { database_key } = event.kind {
                locked(&log).push(format!("{database_key:?}"));
            }
        })));
        Self { handles: Arc::default(), events, model_set, tools, storage }
    }

    /// Records the size of a blob. Call it before its answer is in a slot.
    pub(super) fn know_bytes(&self, blob: Digest, bytes: u64) {
        locked(&self.handles).bytes.insert(blob, bytes);
    }

    /// Records what rendering found damaged in a medium.
    pub(super) fn know_damage(&self, source: Digest, damage: KnownDamage) {
        locked(&self.handles).damage.insert(source, damage);
    }

    /// Returns what rendering found damaged in a medium; `None` if that wasn't looked up yet.
    pub(super) fn damage_of(&self, source: Digest) -> Option<KnownDamage> {
        locked(&self.handles).damage.get(&source).cloned()
    }

    /// Returns the queries that ran since the last call, by name, in order.
    pub(super) fn take_events(&self) -> Vec<String> {
        let events = std::mem::take(&mut *locked(&self.events));
        let name = |event: &String| event.split('(').next().unwrap_or_default().to_owned();
        events.iter().map(name).collect()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poison| poison.into_inner())
}

#[salsa::db]
impl salsa::Database for MovieDb {}

#[salsa::db]
impl Db for MovieDb {
    fn model_set(&self) -> ModelSet {
        self.model_set
    }

    fn tools(&self) -> &Tools {
        &self.tools
    }

    fn bytes(&self, blob: Digest) -> Option<u64> {
        locked(&self.handles).bytes.get(&blob).copied()
    }

    fn media(&self, path: &MediaPath) -> MediaFile {
        let mut handles = locked(&self.handles);
        if let Some(file) = handles.media.get(path) {
            return *file;
        }
        let file = MediaFile::new(self, path.clone(), FileState::Missing);
        handles.media.insert(path.clone(), file);
        file
    }

    fn slot(&self, action: &Action) -> Slot {
        let key = action.key(&self.tools);
        let mut handles = locked(&self.handles);
        if let Some(slot) = handles.slots.get(&key) {
            return *slot;
        }
        let slot = Slot::new(self, None);
        handles.slots.insert(key, slot);
        slot
    }
}
