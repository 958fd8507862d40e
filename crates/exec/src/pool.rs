use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Workers that all projects of a process share. However many projects use the pool, at most `jobs` tasks run
/// at once.
#[derive(Clone, Debug)]
pub struct Pool {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    jobs: usize,
    free: Mutex<usize>,
    freed: Condvar,
}

impl Pool {
    /// Creates a pool of `jobs` workers, at least one.
    pub fn new(jobs: usize) -> Self {
        let jobs = jobs.max(1);
        Self { shared: Arc::new(Shared { jobs, free: Mutex::new(jobs), freed: Condvar::new() }) }
    }

    /// Returns the number of workers that run at once.
    pub fn jobs(&self) -> usize {
        self.shared.jobs
    }

    /// Calls `work` for the items in their order, on as many workers as are free, and returns the results in
    /// the order of the items. Leaves out items that have not begun when `stop` returns true. A panic of
    /// `work` becomes the result of its item.
    pub fn run<T: Sync, R: Send>(
        &self,
        items: &[T],
        stop: &(dyn Fn() -> bool + Sync),
        work: &(dyn Fn(&T) -> R + Sync),
    ) -> Vec<(usize, Result<R, String>)> {
        let next = AtomicUsize::new(0);
        let done: Mutex<Vec<(usize, Result<R, String>)>> = Mutex::default();
        let worker = || {
            loop {
                let _permit = self.shared.permit();
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(item) = items.get(index).filter(|_| !stop()) else { return };
                let result =
                    catch_unwind(AssertUnwindSafe(|| work(item))).map_err(|panic| panic_text(&*panic));
                done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
            }
        };
        thread::scope(|scope| {
            for _ in 0..self.shared.jobs.min(items.len()) {
                scope.spawn(worker);
            }
        });
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|(index, _)| *index);
        done
    }
}

impl Shared {
    /// Waits for a free worker.
    fn permit(&self) -> Permit<'_> {
        let mut free = self.lock();
        while *free == 0 {
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
        Permit { shared: self }
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A busy worker, until it is dropped.
struct Permit<'a> {
    shared: &'a Shared,
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.shared.lock() += 1;
        self.shared.freed.notify_one();
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;

    use super::*;

    fn never() -> bool {
        false
    }

    #[test]
    fn results_are_in_the_order_of_the_items_at_any_number_of_jobs() {
        let items: Vec<u32> = (0..20).collect();
        let squares = |jobs| Pool::new(jobs).run(&items, &never, &|n| n * n);
        assert_eq!(squares(1), squares(4));
        assert_eq!(squares(3)[7], (7, Ok(49)));
    }

    #[test]
    fn no_item_begins_after_a_stop() {
        let stopped = AtomicBool::new(false);
        let stop = || stopped.load(Ordering::Relaxed);
        let done = Pool::new(1).run(&[1, 2, 3], &stop, &|_| stopped.store(true, Ordering::Relaxed));
        assert_eq!(done.len(), 1);
    }

    #[test]
    fn a_panic_fails_one_item() {
        let done = Pool::new(2).run(&[1, 2, 3], &never, &|n| assert!(*n != 2, "boom"));
        let failed: Vec<_> = done.iter().filter(|(_, result)| result.is_err()).collect();
        assert_eq!(failed, [&(1, Err("boom".to_owned()))]);
    }

    #[test]
    fn two_users_of_a_pool_share_its_workers() {
        let (pool, running, most) = (Pool::new(2), AtomicUsize::new(0), AtomicUsize::new(0));
        let work = |_: &u32| {
            most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(5));
            running.fetch_sub(1, Ordering::SeqCst);
        };
        thread::scope(|scope| {
            for _ in 0..3 {
                let pool = pool.clone();
                scope.spawn(|| {
                    let pool = pool;
                    assert_eq!(pool.run(&[0; 8], &never, &work).len(), 8);
                });
            }
        });
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }
}
