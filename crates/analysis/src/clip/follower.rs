use crate::RgbView;
use crate::picture::{Attention, Plane, importance, subjects_in};
use mmm_facts::SubjectBox;

/// Extra weight of what moves by itself, relative to what stands still.
const MOVING: f32 = 3.0;
/// The previous subject is kept unless another weighs more than this many times as much.
const STAYS: f64 = 1.5;

/// Determines the subject in the pictures of a clip, one after another.
#[derive(Debug, Default)]
pub struct Follower {
    last: Option<SubjectBox>,
}

impl Follower {
    /// Returns the subject of the next picture. `moved` is how much moves apart from the camera, 0..=1 in any
    /// number of cells, if known.
    pub fn subject(&mut self, view: &RgbView, moved: Option<&Plane>) -> Option<SubjectBox> {
        let mut importance = importance(&Attention::of(view));
        if let Some(moved) = moved {
            let (width, height) = (importance.map.width, importance.map.height);
            for (cell, value) in importance.map.values.iter_mut().enumerate() {
                let (x, y) = (cell % width * moved.width / width, cell / width * moved.height / height);
                *value *= 1.0 + MOVING * moved.row(y)[x];
            }
        }
        let worth = |found: &SubjectBox| {
            let same = self.last.is_some_and(|last| overlap(&last, found));
            found.weight.get() * if same { STAYS } else { 1.0 }
        };
        let found = subjects_in(&importance).into_iter().max_by(|a, b| worth(a).total_cmp(&worth(b)));
        self.last = found;
        found
    }
}

fn overlap(one: &SubjectBox, other: &SubjectBox) -> bool {
    one.x.get() < other.right()
        && other.x.get() < one.right()
        && one.y.get() < other.bottom()
        && other.y.get() < one.bottom()
}
