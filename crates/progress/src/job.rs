//! A job that tells.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::event::{
    Ended, Event, How, Known, Reached, SCHEMA, StageEnded, StageReached, StageStarted, Started,
    StepDone, Told, Warning,
};
use crate::left::Pace;
use crate::sink::Sink;
use crate::stage::{Outcome, Stage, Step};

/// The eye sees no more of it.
const OFTEN: Duration = Duration::from_millis(100);

/// A command under way. What it tells goes to all of its sinks, in the order in which it
/// is told; several threads may tell.
///
/// Whoever drops it before [`Job::end`] leaves a job without an end, as a kill does.
pub struct Job {
    clock: Box<dyn Clock>,
    run: String,
    sinks: Mutex<Vec<Box<dyn Sink>>>,
}

impl Job {
    /// A job that begins now, and tells so.
    pub fn start(clock: Box<dyn Clock>, sinks: Vec<Box<dyn Sink>>, started: Started) -> Self {
        let job = Self {
            run: run_id(clock.as_ref()),
            clock,
            sinks: Mutex::new(sinks),
        };
        job.tell(Event::Started(started));
        job
    }

    /// Begins a stage with that many things, if that is known. It is over when what comes
    /// back is dropped.
    pub fn stage(&self, stage: Stage, total: Option<u64>) -> Running<'_> {
        self.tell(Event::StageStarted(StageStarted {
            stage: stage.name,
            unit: stage.unit,
            total,
        }));
        Running {
            job: self,
            stage,
            total,
            since: self.clock.elapsed(),
            count: Mutex::default(),
        }
    }

    /// Tells what somebody should know. Text of a student's may be in it, and nothing of a
    /// hidden trace.
    pub fn warn(&self, text: impl Into<String>) {
        self.tell(Event::Warning(Warning { text: text.into() }));
    }

    /// Ends the job, with the error that stopped it.
    pub fn end(self, how: How, error: Option<String>) {
        self.tell(Event::Ended(Ended {
            how,
            error,
            took_ms: millis(self.clock.elapsed()),
        }));
    }

    fn tell(&self, event: Event) {
        let mut sinks = locked(&self.sinks);
        // Under the lock, so that no line is older than the one before.
        let told = Told {
            schema: SCHEMA,
            run: self.run.clone(),
            at: self.clock.now(),
            event,
        };
        for sink in sinks.iter_mut() {
            sink.hear(&told, self.clock.elapsed());
        }
    }
}

/// A stage under way.
pub struct Running<'a> {
    job: &'a Job,
    stage: Stage,
    total: Option<u64>,
    since: Duration,
    count: Mutex<Count>,
}

#[derive(Default)]
struct Count {
    done: u64,
    pace: Pace,
    aside: Duration,
    told: Option<Duration>,
    shown: BTreeMap<String, u64>,
    known: BTreeMap<String, u64>,
}

impl Running<'_> {
    /// One thing more is done.
    pub fn did(&self, step: Step) {
        let mut count = locked(&self.count);
        count.done += 1;
        count.pace.work(u64::from(step.outcome != Outcome::Known));
        *count.shown.entry(step.outcome.shown()).or_default() += 1;
        *count.known.entry(step.outcome.known()).or_default() += 1;
        // The count is locked on, so that nobody is told of the third before the second.
        self.job.tell(Event::Step(StepDone {
            stage: self.stage.name,
            what: step.what,
            outcome: step.outcome.shown(),
            problem: step.outcome.is_problem(),
            why: step.why.clone().filter(|_| step.outcome.may_say_why()),
            took_ms: step.took.map(millis),
            reached: self.reached_with(&count),
            known: Known {
                outcome: step.outcome.known(),
                why: step.why,
                parts: step.parts.iter().map(|(p, t)| (*p, millis(*t))).collect(),
            },
        }));
    }

    /// That many things are done in all, of which there is no more to say. It may be said
    /// as often as one likes: nobody is told more often than ten times a second.
    pub fn reached(&self, done: u64) {
        let mut count = locked(&self.count);
        let more = done.saturating_sub(count.done);
        count.pace.work(more);
        count.done = done.max(count.done);
        let now = self.job.clock.elapsed();
        if count
            .told
            .is_some_and(|told| now.saturating_sub(told) < OFTEN)
        {
            return;
        }
        count.told = Some(now);
        self.job.tell(Event::Reached(StageReached {
            stage: self.stage.name,
            reached: self.reached_with(&count),
        }));
    }

    /// Does something in between, such as another stage, that says nothing of how long the
    /// rest of this one takes.
    pub fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        let begin = self.job.clock.elapsed();
        let done = work();
        locked(&self.count).aside += self.job.clock.elapsed().saturating_sub(begin);
        done
    }

    fn reached_with(&self, count: &Count) -> Reached {
        let since = self.job.clock.elapsed().saturating_sub(self.since);
        let since = since.saturating_sub(count.aside);
        let rest = self.total.map(|total| total.saturating_sub(count.done));
        Reached {
            done: count.done,
            total: self.total,
            left_ms: rest
                .and_then(|rest| count.pace.left(since, rest))
                .map(millis),
        }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let count = std::mem::take(&mut *locked(&self.count));
        self.job.tell(Event::StageEnded(StageEnded {
            stage: self.stage.name,
            unit: self.stage.unit,
            done: count.done,
            outcomes: count.shown,
            took_ms: millis(self.job.clock.elapsed().saturating_sub(self.since)),
            known: count.known,
        }));
    }
}

/// A name for this run: when it began, and which process it is, for two may begin at once.
fn run_id(clock: &dyn Clock) -> String {
    format!("{:x}-{:x}", clock.now().as_second(), std::process::id())
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// What is behind the lock is whole after a panic, too: it is told and counted, no more.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
