use mmm_base::Time;
use serde::{Deserialize, Serialize};

/// A stretch of a clip of which no whole pictures come: packets in it are damaged or gone, or made from such.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Flaw {
    pub from: Time,
    /// Where pictures are whole again; none where it is the rest of the clip.
    pub to: Option<Time>,
}

impl Flaw {
    /// Whether the picture shown at `time` is lacking.
    pub fn covers(self, time: Time) -> bool {
        self.from <= time && self.to.is_none_or(|to| time < to)
    }

    /// Joins those that touch; in order.
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
