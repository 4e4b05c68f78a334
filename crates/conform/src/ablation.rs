//! Would a broken rule be found? A comparison without a difference says something
//! only if it would have seen one.
//!
//! Random traces run once on the real kernel, and then on every kernel of
//! [`naive`], each of which is wrong in one rule.

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use naive::rule::NaiveRule;
use oracle::error::Error;
use oracle::host;
use oracle::outcome::Outcome;

use crate::case::Case;
use crate::compare::{against, native};
use crate::facts::{Facts, Pages};
use crate::random::{self, Shape};
use comparable::screen::screen;
use comparable::twin::Twin;

/// How many random traces of each shape show that a rule is broken.
#[derive(Debug)]
pub struct Ablation {
    /// Traces of each shape.
    pub traces: u64,
    /// Of the rules as they are, and of each naive one.
    pub rows: Vec<Row>,
}

/// One kernel.
#[derive(Clone, Debug)]
pub struct Row {
    /// What is broken; nothing in the first row.
    pub rule: Option<NaiveRule>,
    /// Dense traces that differ.
    pub dense: u64,
    /// Wide traces that differ.
    pub wide: u64,
}

/// Counts, for each naive rule, the random traces that show it.
///
/// # Errors
///
/// If a native run fails.
pub fn ablate(facts: &Facts, seed: u64, traces: u64, jobs: usize) -> Result<Ablation, Error> {
    let rules = || std::iter::once(None).chain(NaiveRule::ALL.iter().copied().map(Some));
    let rows = Mutex::new(rules().map(Row::none).collect::<Vec<_>>());
    let next = AtomicU64::new(0);
    let work = |worker: usize| -> Result<(), Error> {
        let _pinned = host::pin(worker);
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= 2 * traces {
                return Ok(());
            }
            let shape = match number % 2 {
                0 => Shape::Dense,
                _ => Shape::Wide,
            };
            let shown = rules_shown(facts, seed, number / 2, shape)?;
            let mut rows = rows.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            for (row, shown) in rows.iter_mut().zip(shown) {
                *row.of(shape) += u64::from(shown);
            }
        }
    };
    thread::scope(|scope| {
        let work = &work;
        let workers = (0..jobs.max(1)).map(|worker| scope.spawn(move || work(worker)));
        let workers: Vec<_> = workers.collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().expect("a worker does not panic"))
    })?;
    let rows = rows
        .into_inner()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    Ok(Ablation { traces, rows })
}

/// Which kernels a random trace shows to be wrong: the reference first, then the naive
/// ones.
fn rules_shown(facts: &Facts, seed: u64, number: u64, shape: Shape) -> Result<Vec<bool>, Error> {
    let case = random::trace_of(seed, number, shape, facts);
    let twin = Twin::new(&case.config, case.lines, &facts.computer);
    let (twin, _) = screen(twin, &facts.computer);
    let outcomes: Vec<Outcome> = native(&twin, &facts.folder)?.collect::<Result<_, _>>()?;
    let kernels = std::iter::once(None).chain(NaiveRule::ALL.iter().copied().map(Some));
    let differs = |rule| {
        let compared = against(&twin, &outcomes, &|config| naive::machine(config, rule));
        compared.difference.is_some()
    };
    Ok(kernels.map(differs).collect())
}

impl Row {
    fn none(rule: Option<NaiveRule>) -> Self {
        Self {
            rule,
            dense: 0,
            wide: 0,
        }
    }

    fn of(&mut self, shape: Shape) -> &mut u64 {
        match shape {
            Shape::Dense => &mut self.dense,
            Shape::Wide => &mut self.wide,
        }
    }
}

impl Ablation {
    /// Whether the true rules differ nowhere, and each naive one somewhere that this
    /// computer can tell of.
    pub fn holds(&self, facts: &Facts) -> bool {
        self.rows.iter().all(|row| {
            let seen = row.dense + row.wide > 0;
            match row.rule {
                None => !seen,
                Some(rule) => seen || !can_show(rule, facts),
            }
        })
    }
}

/// Whether this computer can tell that a rule is broken.
pub fn can_show(rule: NaiveRule, facts: &Facts) -> bool {
    let case = Case::parse(rule.name(), rule.trace()).expect("the traces of rules are traces");
    let seen = match rule {
        NaiveRule::NeverReuses => facts.pages == Pages::Frames,
        NaiveRule::ExecOnlyUnreadable => facts.computer.exec_only_readable,
        NaiveRule::NoFaultAround => facts.computer.fault_around,
        _ => true,
    };
    seen && case.lacks(facts).is_none()
}

impl fmt::Display for Ablation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "traces that differ, of {} dense and {} wide ones:",
            self.traces, self.traces
        )?;
        writeln!(f)?;
        writeln!(f, "{:>5} {:>5}  what is believed instead", "dense", "wide")?;
        for row in &self.rows {
            let (rule, belief) = match row.rule {
                Some(rule) => (rule.rule(), rule.belief()),
                None => ("", "nothing: the rules as they are"),
            };
            writeln!(f, "{:>5} {:>5}  {rule:<4} {belief}", row.dense, row.wide)?;
        }
        Ok(())
    }
}
