//! Signals that ask for an end, obeyed when nothing is left behind.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
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

/// The folders that are removed; nobody is listening yet if there are none.
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// From now on, a signal that asks for an end removes this folder, and all others that this
/// was said of, before it is obeyed. The processes that use them die with this one.
pub fn remove_on_interrupt(folder: PathBuf) -> Result<(), Trouble> {
    let mut folders = FOLDERS.lock().unwrap_or_else(PoisonError::into_inner);
    folders.push(folder);
    if folders.len() > 1 {
        return Ok(());
    }
    let interrupt = Interrupt::listen()?;
    thread::spawn(move || {
        loop {
            thread::sleep(LOOK_EVERY);
            if interrupt.came() {
                for folder in &*FOLDERS.lock().unwrap_or_else(PoisonError::into_inner) {
                    // What cannot be removed is of no use to anybody else: it is private.
                    let _left_behind = fs::remove_dir_all(folder);
                }
                interrupt.obey();
            }
        }
    });
    Ok(())
}
