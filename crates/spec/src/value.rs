use std::collections::BTreeMap;

use super::words::Choice;
use super::{Colour, Factor, Length, Loudness, PeopleRule, PersonShots, RuleAction, StarRange, Zone};
use mmm_base::{CaptureTime, MediaPath, Score, Speed, Time};

/// A value that fits its shape. Values that don't fit have been reported and are left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Value {
    Text(String),
    Flag(bool),
    Count(u32),
    Fraction(Score),
    Time(Time),
    Moment(CaptureTime),
    /// Seconds.
    ClockShift(i64),
    Zone(Zone),
    Range(Time, Time),
    People(PeopleRule),
    Stars(StarRange),
    /// The fewest shots of people.
    Shots(Vec<PersonShots>),
    Factor(Factor),
    Speed(Speed),
    Length(Length),
    Loudness(Loudness),
    Colour(Colour),
    /// A limit on bytes, or none.
    Bytes(Option<u64>),
    File(MediaPath),
    /// A normalized path or glob, and whether it includes or excludes files.
    Pattern(String, RuleAction),
    Word(&'static str),
    List(Vec<Item>),
    Table(Fields),
    Named(Vec<(String, Fields)>),
    Outputs(Vec<(MediaPath, Fields)>),
}

/// An entry of a list, with its index in the list as written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Item {
    pub index: usize,
    pub value: Value,
}

/// The values of a mapping.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Fields {
    values: BTreeMap<&'static str, Value>,
}

impl Fields {
    pub fn insert(&mut self, key: &'static str, value: Value) {
        self.values.insert(key, value);
    }

    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub fn flag(&self, key: &str) -> bool {
        self.get(key) == Some(&Value::Flag(true))
    }

    /// Returns a flag, if it was written.
    pub fn said(&self, key: &str) -> Option<bool> {
        match self.get(key) {
            Some(Value::Flag(flag)) => Some(*flag),
            _ => None,
        }
    }

    pub fn time(&self, key: &str) -> Option<Time> {
        match self.get(key) {
            Some(Value::Time(time)) => Some(*time),
            _ => None,
        }
    }

    pub fn word<C: Choice>(&self, key: &str) -> Option<C> {
        match self.get(key) {
            Some(Value::Word(word)) => C::of(word),
            _ => None,
        }
    }

    pub fn file(&self, key: &str) -> Option<&MediaPath> {
        match self.get(key) {
            Some(Value::File(path)) => Some(path),
            _ => None,
        }
    }

    pub fn table(&self, key: &str) -> Option<&Self> {
        match self.get(key) {
            Some(Value::Table(fields)) => Some(fields),
            _ => None,
        }
    }
}
