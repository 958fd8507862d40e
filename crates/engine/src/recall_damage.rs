//! Remembers what rendering found damaged in each medium.
//!
//! A plan avoids what is damaged, and the lock keeps that plan. Later builds no longer render the damaged part, so
//! only this record says that it is still there.

use super::db::{Db, FileState};
use super::known_damage::KnownDamage;
use super::{Workspace, queries};
use mmm_base::{Digest, Key, action_key};
use mmm_exec::{Action, Answer};
use mmm_facts::Tool;
use mmm_store::{Bucket, Record};

const DAMAGE: Bucket = Bucket { kind: "damage", version: 1 };

impl Workspace {
    /// Returns the key of what is known about a medium: its content, and everything that reads it.
    fn damage_key(&self, source: Digest) -> Key {
        let tools = self.db.tools().of(&Tool::DECODING);
        action_key(DAMAGE.kind, DAMAGE.version, &(source, Action::SEGMENT_VERSION, tools))
    }

    /// Reads what earlier builds found damaged in the media of the movie.
    pub(super) fn recall_damage(&mut self) {
        let taken = &queries::selection(&self.db, self.project).taken;
        let sources = taken.iter().filter_map(|taken| match self.db.media(&taken.path).state(&self.db) {
            FileState::Read(source) => Some(*source),
            _ => None,
        });
        for source in sources.filter(|source| self.db.damage_of(*source).is_none()) {
            let record: Option<Record<KnownDamage>> = self.store.record(DAMAGE, self.damage_key(source));
            self.db.know_damage(source, record.map(|record| record.value).unwrap_or_default());
        }
    }

    /// Remembers what an answer says about damaged media. Ignores a store that can't be written: other code
    /// reports it.
    pub(super) fn learn_damage(&self, answer: &Answer) {
        for (source, more) in KnownDamage::found(answer) {
            let before = self.db.damage_of(source).unwrap_or_default();
            let mut damage = before.clone();
            damage.add(more);
            if damage != before {
                let record = Record { blobs: Vec::new(), seconds: 0.0, made_of: None, value: damage.clone() };
                self.store.set_record(DAMAGE, self.damage_key(source), &record).ok();
                self.db.know_damage(source, damage);
            }
        }
    }
}
