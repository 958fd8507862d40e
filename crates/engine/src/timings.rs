//! How long actions of each kind took.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use mmm_base::{Key, action_key};
use mmm_exec::Action;
use mmm_store::{Bucket, Record, Store};

const TIMINGS: Bucket = Bucket { kind: "timings", version: 1 };

/// For each kind of action, the seconds that it took and the amount of work.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(super) struct Timings(BTreeMap<String, (f64, f64)>);

/// The amount of work to remember, as counted by [`Action::weight`]; older work counts less.
const REMEMBERED: f64 = 20_000.0;

impl Timings {
    fn key() -> Key {
        action_key(TIMINGS.kind, TIMINGS.version, &())
    }

    pub fn read(store: &Store) -> Self {
        let record: Option<Record<Self>> = store.record(TIMINGS, Self::key());
        record.map(|record| record.value).unwrap_or_default()
    }

    /// Adds the times of actions. Ignores a store that can't be written: other code reports it.
    pub fn learn(store: &Store, took: &[(&Action, f64)]) {
        if took.is_empty() {
            return;
        }
        let mut timings = Self::read(store);
        for (action, seconds) in took {
            let known = timings.0.entry(action.class()).or_default();
            known.0 += seconds;
            known.1 += action.weight() as f64;
            if known.1 > REMEMBERED {
                *known = (known.0 / 2.0, known.1 / 2.0);
            }
        }
        let record = Record { blobs: Vec::new(), seconds: 0.0, made_of: None, value: timings };
        store.set_record(TIMINGS, Self::key(), &record).ok();
    }

    pub fn of(&self, action: &Action) -> Option<f64> {
        let (seconds, work) = self.0.get(&action.class()).filter(|(_, work)| *work > 0.0)?;
        Some(seconds / work * action.weight() as f64)
    }
}
