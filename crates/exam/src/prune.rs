//! Random traces, without what they are not chosen for.

use vmsim::event::Event;
use vmtrace::shrink::shrink;

use crate::candidate::Candidate;
use crate::choose::Chosen;
use crate::syllabus::Syllabus;

/// A trace has this many events at least, if it had them before: less is no family
/// life.
pub const EVENTS_MIN: usize = 12;

/// Takes away events as long as the trace exposes every mistake that it exposed, meets
/// the situations that it was chosen for, and shows every class that it showed.
pub fn prune(chosen: &Chosen, syllabus: &Syllabus) -> Candidate {
    let whole = &chosen.candidate;
    let mut smallest = whole.clone();
    let fewer = |events: &[Event]| {
        if events.len() < EVENTS_MIN {
            return None;
        }
        let script = whole.script.with_events(events)?;
        let candidate = whole.with_events(script, syllabus, &chosen.situations)?;
        let shows = |class: &&str| candidate.counts().contains_key(class);
        whole.counts().keys().all(|class| shows(&class)).then(|| {
            smallest = candidate;
            events.to_vec()
        })
    };
    shrink(whole.script.events.clone(), fewer);
    smallest
}
