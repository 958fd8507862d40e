use std::collections::BTreeMap;

use mmm_base::Key;
use mmm_exec::Observer;

/// Someone who looks on while a movie is made.
pub trait Progress: Observer {
    /// A step begins: `reading`, `analysing`, `rendering`, `linking`.
    fn step(&self, _name: &'static str) {}
    /// Why actions that are run next are run, in words.
    fn because(&self, _reasons: BTreeMap<Key, String>) {}
}

/// Nobody looks on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {}
impl Progress for Silent {}
