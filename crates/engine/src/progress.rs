use std::collections::BTreeMap;

use mmm_base::Key;
use mmm_exec::Observer;

/// Observes a build.
pub trait Progress: Observer {
    /// Called when a step begins: `reading`, `analysing`, `rendering`, `linking`.
    fn step(&self, _name: &'static str) {}
    /// Called with the reasons of the actions that run next.
    fn because(&self, _reasons: BTreeMap<Key, String>) {}
}

/// Ignores all progress.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {}
impl Progress for Silent {}
