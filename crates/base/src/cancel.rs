use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that asks long work to stop. The work checks it at least once per frame.
///
/// Clones share the flag.
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    flag: Arc<AtomicBool>,
    /// The parent flag: if it is set, so is this one.
    above: Option<Arc<Cancel>>,
}

impl Cancel {
    /// Returns a child flag: it can be set on its own, and is also set whenever this one is.
    pub fn below(&self) -> Self {
        Self { flag: Arc::default(), above: Some(Arc::new(self.clone())) }
    }

    /// Asks all work that uses this flag or one of its children to stop.
    pub fn cancel(&self) {
        self.flag.store(true, Ordering::Relaxed);
    }

    /// Whether the work should stop.
    pub fn is_cancelled(&self) -> bool {
        self.flag.load(Ordering::Relaxed) || self.above.as_ref().is_some_and(|above| above.is_cancelled())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_is_set_with_the_one_above_it_and_never_sets_that() {
        let all = Cancel::default();
        let (one, other) = (all.below(), all.below());
        one.cancel();
        assert_eq!([&all, &one, &other].map(Cancel::is_cancelled), [false, true, false]);
        all.cancel();
        assert!(other.is_cancelled());
    }
}
