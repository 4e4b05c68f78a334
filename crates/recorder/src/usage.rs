//! What the kernel has counted for all children of this process.

use std::io;

use nix::sys::resource::{UsageWho, getrusage};
use runner::totals::Counts;

/// The faults of all children that we have waited for.
pub(crate) fn of_children() -> io::Result<Counts> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok(Counts {
        minor: usage.minor_page_faults().cast_unsigned(),
        major: usage.major_page_faults().cast_unsigned(),
    })
}

pub(crate) fn less(more: Counts, before: Counts) -> Counts {
    Counts {
        minor: more.minor.saturating_sub(before.minor),
        major: more.major.saturating_sub(before.major),
    }
}
