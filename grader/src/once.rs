//! What is compiled already: identical sources are compiled once.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Programs that are kept for others with the same source. Each has three megabytes on
/// the disk, and most copies of a class are handed in side by side: the skeleton, and
/// what friends have in common.
const KEPT_MAX: usize = 128;

/// The hash of all that is compiled.
pub type Key = [u8; 32];

/// What came of each source, shared between threads.
#[derive(Debug)]
pub struct Once<V>(Mutex<Known<V>>);

#[derive(Debug)]
struct Known<V> {
    entries: HashMap<Key, Arc<Mutex<Option<V>>>>,
    oldest_first: VecDeque<Key>,
}

impl<V> Default for Once<V> {
    fn default() -> Self {
        Self(Mutex::new(Known {
            entries: HashMap::new(),
            oldest_first: VecDeque::new(),
        }))
    }
}

impl<V: Clone> Once<V> {
    /// What came of this source; if nobody has asked before, it is made now. Who asks
    /// meanwhile waits. What could not be made, for a fault of ours, is tried again.
    ///
    /// # Errors
    ///
    /// As `make`.
    pub fn get_or_make(&self, key: Key, make: impl FnOnce() -> io::Result<V>) -> io::Result<V> {
        let entry = self.entry(key);
        let mut value = locked(&entry);
        if let Some(made) = &*value {
            return Ok(made.clone());
        }
        let made = make()?;
        *value = Some(made.clone());
        Ok(made)
    }

    fn entry(&self, key: Key) -> Arc<Mutex<Option<V>>> {
        let mut known = locked(&self.0);
        if !known.entries.contains_key(&key) {
            known.oldest_first.push_back(key);
            if known.oldest_first.len() > KEPT_MAX {
                let oldest = known.oldest_first.pop_front();
                oldest.and_then(|oldest| known.entries.remove(&oldest));
            }
        }
        Arc::clone(known.entries.entry(key).or_default())
    }
}

/// A thread that panicked left nothing half-made: a value is there or not.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::{KEPT_MAX, Key, Once};

    fn key(number: usize) -> Key {
        let mut key = Key::default();
        key[..8].copy_from_slice(&number.to_le_bytes());
        key
    }

    #[test]
    fn many_who_ask_at_once_get_what_one_has_made() {
        let (once, made) = (Once::default(), AtomicUsize::new(0));
        let make = || {
            made.fetch_add(1, Ordering::Relaxed);
            Ok("program")
        };
        let answers: Vec<_> = thread::scope(|scope| {
            let asking = [(); 8].map(|()| scope.spawn(|| once.get_or_make(key(1), make)));
            asking
                .map(|thread| thread.join().expect("no panic").ok())
                .into()
        });
        assert_eq!(answers, [Some("program"); 8]);
        assert_eq!(made.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_fault_of_ours_is_not_remembered() {
        let once = Once::default();
        let fault = once.get_or_make(key(1), || Err(io::Error::other("disk full")));
        assert!(fault.is_err());
        assert_eq!(once.get_or_make(key(1), || Ok(1)).ok(), Some(1));
    }

    #[test]
    fn the_oldest_of_too_many_is_made_again() {
        let (once, made) = (Once::default(), Cell::new(0));
        let ask = |number| {
            let answer = once.get_or_make(key(number), || {
                made.set(made.get() + 1);
                Ok(number)
            });
            assert_eq!(answer.ok(), Some(number));
        };
        (0..=KEPT_MAX).for_each(ask);
        ask(KEPT_MAX);
        assert_eq!(made.get(), KEPT_MAX + 1);
        ask(0);
        assert_eq!(made.get(), KEPT_MAX + 2);
    }
}
