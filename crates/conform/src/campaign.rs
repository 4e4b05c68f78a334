//! Many traces, on all CPUs, each worker on its own.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use oracle::error::Error;
use oracle::host;

use crate::case::{Case, Need};
use crate::compare::Setting;
use crate::counts::Counts;
use crate::finding::{Finding, explain};
use crate::judge::{Verdict, judge};
use crate::random;
use comparable::exclusion::{Exclusions, counts};
use comparable::screen::screen;
use comparable::twin::{Switch, Twin};

/// What a campaign led to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Traces that were compared.
    pub traces: u64,
    /// What the kernel did in them.
    pub counts: Counts,
    /// Traces that were not, by what they need.
    pub skipped: BTreeMap<Need, Vec<String>>,
    /// Traces that ran on another machine than they ask for.
    pub switched: BTreeMap<Switch, u64>,
    /// Events that no run can tell.
    pub excluded: Exclusions,
    /// Differences.
    pub findings: Vec<Finding>,
    /// Traces with a difference that did not come again, and why.
    pub unsteady: Vec<(String, String)>,
    /// Traces that this computer cannot run, and why.
    pub unable: Vec<(String, String)>,
    /// Traces that went wrong, and how.
    pub failed: Vec<(String, Error)>,
}

/// Traces in a row that cannot be run before it is given up: then it is not the traces.
const FAILURES_MAX: u64 = 20;

/// How a campaign is run.
pub struct Campaign<'a> {
    /// What is compared with what.
    pub setting: Setting<'a>,
    /// Workers; each has a CPU.
    pub jobs: usize,
    /// Findings after which it stops.
    pub findings_max: usize,
    /// Is told the accesses compared so far.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

impl Campaign<'_> {
    /// Compares some traces, but for those that need what this computer lacks.
    pub fn cases(&self, cases: Vec<Case>) -> Outcome {
        let mut skipped = BTreeMap::<Need, Vec<String>>::new();
        let mut able = Vec::new();
        for case in cases {
            match case.lacks(self.setting.facts) {
                Some(need) => skipped.entry(need).or_default().push(case.name),
                None => able.push(case),
            }
        }
        let outcome = self.run(&AtomicU64::new(0), |number| {
            able.get(number as usize).cloned()
        });
        Outcome { skipped, ..outcome }
    }

    /// Compares random traces, until so many accesses have been.
    pub fn random(&self, seed: u64, accesses: u64) -> Outcome {
        let done = AtomicU64::new(0);
        self.run(&done, |number| {
            let more = done.load(Ordering::Relaxed) < accesses;
            more.then(|| random::trace(seed, number, self.setting.facts))
        })
    }

    /// Hands out cases by their number until there are none, or it is told to stop.
    fn run(&self, accesses: &AtomicU64, next: impl Fn(u64) -> Option<Case> + Sync) -> Outcome {
        let number = AtomicU64::new(0);
        let failures = AtomicU64::new(0);
        let outcome = Mutex::new(Outcome::default());
        let work = |worker: usize| {
            // Without a CPU of its own a worker may miss a page out: judged again.
            let _pinned = host::pin(worker);
            while !self.setting.stop.load(Ordering::Relaxed) {
                let Some(case) = next(number.fetch_add(1, Ordering::Relaxed)) else {
                    break;
                };
                let one = self.one(&case);
                let failed = one.failed.len() + one.unable.len() > 0;
                let mut all = outcome
                    .lock()
                    .unwrap_or_else(|poisoned| poisoned.into_inner());
                let sum = accesses.fetch_add(one.counts.accesses, Ordering::Relaxed);
                (self.progress)(sum + one.counts.accesses);
                all.add(one);
                if !failed {
                    failures.store(0, Ordering::Relaxed);
                } else if failures.fetch_add(1, Ordering::Relaxed) >= FAILURES_MAX {
                    break;
                }
                if all.findings.len() >= self.findings_max {
                    break;
                }
            }
        };
        thread::scope(|scope| {
            let work = &work;
            let workers = (0..self.jobs.max(1)).map(|worker| scope.spawn(move || work(worker)));
            for worker in workers.collect::<Vec<_>>() {
                worker.join().expect("a worker does not panic");
            }
        });
        let mut outcome = outcome
            .into_inner()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        outcome
            .findings
            .sort_by(|a, b| (&a.source, a.line).cmp(&(&b.source, b.line)));
        outcome
    }

    fn one(&self, case: &Case) -> Outcome {
        let mut outcome = Outcome::default();
        let twin = Twin::new(
            &case.config,
            case.lines.clone(),
            &self.setting.facts.computer,
        );
        let (twin, excluded) = screen(twin, &self.setting.facts.computer);
        outcome.excluded = counts(&excluded);
        outcome.switched = twin.switches.iter().map(|&switch| (switch, 1)).collect();
        match self.judge(case, &twin, &mut outcome) {
            Ok(()) => outcome.traces = 1,
            Err(Error::Lacking(why)) => outcome.unable.push((case.name.clone(), why)),
            Err(error) => outcome.failed.push((case.name.clone(), error)),
        }
        outcome
    }

    fn judge(&self, case: &Case, twin: &Twin, outcome: &mut Outcome) -> Result<(), Error> {
        let judgement = judge(twin, self.setting)?;
        outcome.counts = judgement.counts;
        match judgement.verdict {
            Verdict::Same => {}
            Verdict::Unsteady(why) => outcome.unsteady.push((case.name.clone(), why)),
            Verdict::Differs(difference) => {
                let finding = explain(case, twin, &difference, self.setting)?;
                outcome.findings.push(finding);
            }
        }
        Ok(())
    }
}

impl Outcome {
    fn add(&mut self, one: Outcome) {
        self.traces += one.traces;
        self.counts += &one.counts;
        for (switch, count) in one.switched {
            *self.switched.entry(switch).or_default() += count;
        }
        for (why, count) in one.excluded {
            *self.excluded.entry(why).or_default() += count;
        }
        self.findings.extend(one.findings);
        self.unsteady.extend(one.unsteady);
        self.unable.extend(one.unable);
        self.failed.extend(one.failed);
    }
}
