use std::sync::{Condvar, Mutex, PoisonError};

/// The most hardware encoders open at once: the drivers of some cards support only three.
const MOST: usize = 3;

static OPEN: (Mutex<usize>, Condvar) = (Mutex::new(0), Condvar::new());

/// A permit to have a hardware encoder open.
pub(super) struct Session(());

impl Session {
    /// Waits until a permit is available.
    pub fn wait() -> Self {
        let (open, freed) = &OPEN;
        let open = open.lock().unwrap_or_else(PoisonError::into_inner);
        let mut open = freed.wait_while(open, |open| *open >= MOST).unwrap_or_else(PoisonError::into_inner);
        *open += 1;
        Self(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let (open, freed) = &OPEN;
        *open.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        freed.notify_one();
    }
}
