//! Signals that ask for an end, obeyed when nothing is left behind.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::low_level::emulate_default_handler;

use crate::exit::Trouble;

/// Whether a signal has come, and which.
pub struct Interrupt {
    came: Arc<AtomicBool>,
    signal: Arc<AtomicUsize>,
}

impl Interrupt {
    /// From now on signals are noted and change nothing else.
    pub fn listen() -> Result<Self, Trouble> {
        let (came, signal) = (Arc::default(), Arc::default());
        for number in [SIGINT, SIGTERM, SIGHUP] {
            flag::register_usize(number, Arc::clone(&signal), number.unsigned_abs() as usize)
                .and_then(|_| flag::register(number, Arc::clone(&came)))
                .map_err(|error| Trouble::OurFault(error.into()))?;
        }
        Ok(Self { came, signal })
    }

    /// Is set when a signal comes.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.came)
    }

    pub fn came(&self) -> bool {
        self.came.load(Ordering::Relaxed)
    }

    /// Ends this process as the signal would have, if one came.
    pub fn obey(&self) {
        if self.came() {
            let signal = self.signal.load(Ordering::Relaxed);
            // It cannot fail for these signals; if it does, we end as usual.
            let _alive = emulate_default_handler(signal as i32);
        }
    }
}

/// How often a signal is looked for while others work.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What is done before a signal is obeyed.
struct Last {
    folders: Vec<PathBuf>,
    words: Option<String>,
    came: Option<Arc<AtomicBool>>,
}

static LAST: Mutex<Last> = Mutex::new(Last {
    folders: Vec::new(),
    words: None,
    came: None,
});

/// From now on, a signal that asks for an end removes this folder before it is obeyed. The
/// processes that use the folder die with this one.
pub fn remove_on_interrupt(folder: PathBuf) -> Result<(), Trouble> {
    listened()?.folders.push(folder);
    Ok(())
}

/// From now on, these are the last words of a process that a signal ends. Who works on
/// without looking at what comes back is ended all the same.
pub fn say_on_interrupt(words: String) -> Result<Arc<AtomicBool>, Trouble> {
    let mut last = listened()?;
    last.words = Some(words);
    Ok(last.came.clone().unwrap_or_default())
}

/// A signal has come: whoever cleans up will end this process.
pub fn wait_for_the_end() -> ! {
    loop {
        thread::park();
    }
}

/// What is done last, when somebody is there to do it.
fn listened() -> Result<MutexGuard<'static, Last>, Trouble> {
    let mut last = last();
    if last.came.is_none() {
        let interrupt = Interrupt::listen()?;
        last.came = Some(interrupt.flag());
        thread::spawn(move || wait(&interrupt));
    }
    Ok(last)
}

fn last() -> MutexGuard<'static, Last> {
    LAST.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wait(interrupt: &Interrupt) {
    loop {
        thread::sleep(LOOK_EVERY);
        if interrupt.came() {
            let mut last = last();
            for folder in last.folders.drain(..) {
                // What cannot be removed is of no use to anybody else: it is private.
                let _left_behind = fs::remove_dir_all(&folder);
            }
            if let Some(words) = last.words.take() {
                // A progress bar may stand in the line.
                eprintln!("\n{words}");
            }
            interrupt.obey();
        }
    }
}
