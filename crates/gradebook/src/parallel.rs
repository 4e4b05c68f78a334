//! Several at a time.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// Works on all items, `jobs` at a time, and hands what came of each to `done`, on this
/// thread and in the order in which they are ready. Nothing is begun any more when `stop` is
/// set, or when `done` has failed.
pub(crate) fn each<T: Sync, R: Send, E>(
    items: &[T],
    jobs: usize,
    stop: &AtomicBool,
    work: impl Fn(&T) -> R + Sync,
    mut done: impl FnMut(&T, R) -> Result<(), E>,
) -> Result<(), E> {
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let take = || {
        let stopped = [stop, &failed].map(|flag| flag.load(Ordering::Relaxed));
        let index = next.fetch_add(1, Ordering::Relaxed);
        let item = items.get(index).filter(|_| stopped == [false; 2]);
        item.map(|item| (index, item))
    };
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel(jobs);
        for _ in 0..jobs.clamp(1, items.len().max(1)) {
            let (sender, take, work) = (sender.clone(), &take, &work);
            scope.spawn(move || {
                while let Some((index, item)) = take() {
                    if sender.send((index, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut ready = receiver.into_iter();
        let all = ready.try_for_each(|(index, result)| done(&items[index], result));
        failed.store(all.is_err(), Ordering::Relaxed);
        all
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use super::each;

    const ITEMS: [usize; 100] = [1; 100];

    #[test]
    fn each_item_is_done_once() {
        let (go_on, mut sum) = (AtomicBool::new(false), 0);
        let done = each(
            &ITEMS,
            3,
            &go_on,
            |item| *item,
            |_, result| {
                sum += result;
                Ok::<(), ()>(())
            },
        );
        assert_eq!((done, sum), (Ok(()), 100));
    }

    #[test]
    fn who_is_stopped_begins_nothing_more() {
        let (stop, mut ready) = (AtomicBool::new(false), 0);
        let done = each(
            &ITEMS,
            1,
            &stop,
            |_| stop.store(true, Ordering::Relaxed),
            |_, ()| {
                ready += 1;
                Ok::<(), ()>(())
            },
        );
        assert_eq!((done, ready), (Ok(()), 1));
    }

    #[test]
    fn a_failure_ends_everything() {
        let (go_on, begun) = (AtomicBool::new(false), AtomicUsize::new(0));
        let count = |_: &usize| begun.fetch_add(1, Ordering::Relaxed);
        let done = each(&ITEMS, 2, &go_on, count, |_, _| Err("the disk is full"));
        assert_eq!(done, Err("the disk is full"));
        assert!(begun.into_inner() < ITEMS.len());
    }
}
