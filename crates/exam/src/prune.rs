//! Random traces, without what they are not chosen for.

use vmsim::event::Event;
use vmtrace::shrink::shrink;

use crate::candidate::Candidate;
use crate::choose::Chosen;
use crate::syllabus::Syllabus;
use crate::twin::has_twins;

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
        let counts = candidate.counts();
        let as_before = whole
            .counts()
            .keys()
            .all(|class| counts.contains_key(class));
        let good = as_before && has_twins(&candidate.script) && candidate.is_fair(syllabus);
        good.then(|| {
            smallest = candidate;
            events.to_vec()
        })
    };
    shrink(whole.script.events.clone(), fewer);
    smallest
}
