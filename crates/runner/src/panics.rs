//! What the handlers panic with, as the end of a run.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

use vmsim::kernel::KernelBug;

use crate::end::{End, Place};

thread_local! {
    /// Whether this thread runs handlers, whose panics are not printed but kept.
    static WATCHED: Cell<bool> = const { Cell::new(false) };
    /// Where the last panic happened, and what it said.
    static LAST_PANIC: RefCell<Option<Place>> = const { RefCell::new(None) };
}

/// Runs handlers; their panic is the end of the run, with its place in their code.
///
/// # Errors
///
/// The end, if they panicked.
pub(crate) fn caught<T>(run: impl FnOnce() -> T) -> Result<T, End> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let otherwise = panic::take_hook();
        panic::set_hook(Box::new(move |info| match WATCHED.get() {
            true => remember(info),
            false => otherwise(info),
        }));
    });
    WATCHED.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(run));
    WATCHED.set(false);
    outcome.map_err(|payload| {
        let end = end_of_panic(&*payload);
        // Dropping it may run handlers' code again, which may panic again.
        std::mem::forget(payload);
        end
    })
}

/// What is kept of a message, in bytes: a panic may say all that fits into memory.
const MESSAGE_BYTES_MAX: usize = 4 << 10;

/// The start of a message, cut where a character ends.
fn start_of(message: &str) -> String {
    message[..message.floor_char_boundary(MESSAGE_BYTES_MAX)].to_owned()
}

/// The panic hook: keeps what would be printed.
fn remember(info: &PanicHookInfo<'_>) {
    let payload = info.payload();
    let message = match payload.downcast_ref::<String>() {
        Some(text) => start_of(text),
        None => start_of(payload.downcast_ref::<&str>().unwrap_or(&"")),
    };
    let at = info
        .location()
        .map(|at| format!("{}:{}", at.file(), at.line()));
    let place = Place {
        message,
        at: at.unwrap_or_default(),
    };
    LAST_PANIC.with(|last| *last.borrow_mut() = Some(place));
}

fn end_of_panic(payload: &(dyn Any + Send)) -> End {
    if let Some(bug) = payload.downcast_ref::<KernelBug>() {
        let at = format!("{}:{}", bug.location.file(), bug.location.line());
        return End::KernelBug(Place {
            message: start_of(&bug.message),
            at,
        });
    }
    let unknown = Place {
        message: String::new(),
        at: String::new(),
    };
    let place = LAST_PANIC
        .with(|last| last.borrow_mut().take())
        .unwrap_or(unknown);
    match place.message.strip_prefix("not yet implemented") {
        Some(_) => End::NotWritten(place),
        None => End::Panicked(place),
    }
}
