use mmm_base::Time;
use serde::{Deserialize, Serialize};

/// A stretch of a clip without intact frames: its packets are damaged or missing, or depend on such packets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Flaw {
    pub from: Time,
    /// Where intact frames start again; `None` if the rest of the clip is damaged.
    pub to: Option<Time>,
}

impl Flaw {
    /// Shorter gaps between frames aren't flaws: encoders drop some frames on purpose, and the one before is
    /// shown for longer.
    pub const SHORTEST: Time = Time::from_millis(250);

    /// Whether the frame at `time` is damaged or missing.
    pub fn covers(self, time: Time) -> bool {
        self.from <= time && self.to.is_none_or(|to| time < to)
    }

    /// Sorts flaws and merges those that touch.
    pub fn merged(mut flaws: Vec<Self>) -> Vec<Self> {
        flaws.sort_unstable();
        let mut merged: Vec<Self> = Vec::new();
        for flaw in flaws {
            match merged.last_mut() {
                Some(last) if last.to.is_none_or(|to| flaw.from <= to) => {
                    last.to = last.to.zip(flaw.to).map(|(one, other)| one.max(other));
                }
                _ => merged.push(flaw),
            }
        }
        merged
    }
}
