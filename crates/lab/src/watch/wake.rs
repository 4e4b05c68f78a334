//! What ends a wait: the operating system's notice, a key, the clock.

use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// What to do after a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    /// Something may have changed.
    Look,
    /// `q`, Ctrl-C, or the terminal is gone.
    Leave,
}

/// Whoever may end a wait.
pub(super) struct Waker {
    wakes: Receiver<Wake>,
    /// Whether the operating system gives notice.
    pub is_notified: bool,
    /// Gives notice as long as it is held.
    _watcher: Option<RecommendedWatcher>,
}

impl Waker {
    pub fn new(folder: &Path, is_polling: bool) -> io::Result<Self> {
        let (wake, wakes) = channel();
        listen_to_signals(wake.clone())?;
        listen_to_keys(wake.clone());
        let watcher = (!is_polling).then(|| watcher(folder, wake).ok()).flatten();
        Ok(Self {
            wakes,
            is_notified: watcher.is_some(),
            _watcher: watcher,
        })
    }

    /// Waits at most so long.
    pub fn wait(&self, most: Duration) -> Wake {
        let first = match self.wakes.recv_timeout(most) {
            Ok(wake) => wake,
            Err(RecvTimeoutError::Timeout) => Wake::Look,
            Err(RecvTimeoutError::Disconnected) => Wake::Leave,
        };
        match self.wakes.try_iter().any(|wake| wake == Wake::Leave) {
            true => Wake::Leave,
            false => first,
        }
    }
}

/// Asks for notice of whatever changes in the folder, and in those around it that may be
/// replaced as a whole.
fn watcher(folder: &Path, wake: Sender<Wake>) -> notify::Result<RecommendedWatcher> {
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let is_reading = event.is_ok_and(|event| event.kind.is_access());
        if !is_reading {
            let _nobody_waits = wake.send(Wake::Look);
        }
    })?;
    let around = folder.parent().unwrap_or(folder);
    watcher.watch(around, RecursiveMode::Recursive)?;
    if let Some(labs) = around.parent() {
        watcher.watch(labs, RecursiveMode::NonRecursive)?;
    }
    Ok(watcher)
}

fn listen_to_signals(wake: Sender<Wake>) -> io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    thread::spawn(move || {
        for _ in signals.forever() {
            let _nobody_waits = wake.send(Wake::Leave);
        }
    });
    Ok(())
}

/// `q` leaves. The end of the input does not: there may be none.
fn listen_to_keys(wake: Sender<Wake>) {
    thread::spawn(move || {
        for key in io::stdin().lock().bytes().map_while(Result::ok) {
            if key.eq_ignore_ascii_case(&b'q') {
                let _nobody_waits = wake.send(Wake::Leave);
            }
        }
    });
}
