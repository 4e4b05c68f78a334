//! A trace that may become a part of the exam, and what it is good for.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

use audit::trial::expose;
use course::catalogue::Grades;
use mutants::idle::{Idle, RIGHTLY_IDLE};
use runner::contained;
use runner::log::Record;
use solution::Reference;
use vmsim::addr::Pid;
use vmsim::handlers::{Handlers, Hole};
use vmsim::machine::Machine;

use crate::correct::{guesses, is_fair, passes};
use crate::listener::Holes;
use crate::script::Script;
use crate::sight::Sight;
use crate::situation::Situation;
use crate::syllabus::Syllabus;

/// A trace, tried on everything.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The trace.
    pub script: Script,
    /// What it is graded for.
    pub grades: Grades,
    /// The class of each event that is an access.
    pub classes: Vec<Option<String>>,
    /// Accesses that were refused.
    pub refused: usize,
    /// The lab's holes that it calls, and asks something of: what does nothing, or
    /// always the same, does not pass it.
    pub asked: Holes,
    /// The situations that it meets.
    pub situations: HashSet<Situation>,
    /// The mistakes that it exposes, by their places in the syllabus.
    pub kills: BTreeSet<usize>,
    /// The holes that it can be graded for: in which it exposes a mistake, or which it
    /// calls if nobody knows a mistake in them.
    pub matters: Holes,
}

impl Candidate {
    /// Tries a trace; none if a call fails in it, or if somebody acts who is not there.
    pub fn of(script: Script, grades: Grades, syllabus: &Syllabus) -> Option<Self> {
        let mut candidate = Self::seen(script, grades, syllabus)?;
        let key = candidate.key();
        for (index, _) in syllabus.mutants.iter().enumerate() {
            candidate.try_mutant(index, syllabus, &key);
        }
        Some(candidate)
    }

    /// What the reference makes of it, before any wrong kernel is tried.
    fn seen(script: Script, grades: Grades, syllabus: &Syllabus) -> Option<Self> {
        if !script.is_valid() {
            return None;
        }
        let mut sight = Sight::new(script.config, syllabus.set());
        let mut candidate = Self {
            grades,
            classes: Vec::new(),
            refused: 0,
            asked: Holes::default(),
            situations: HashSet::new(),
            kills: BTreeSet::new(),
            matters: Holes::default(),
            script: Script {
                config: script.config,
                events: Vec::new(),
            },
        };
        let mut called = Holes::default();
        for event in &script.events {
            let acts = |pid: Pid| sight.alive().contains(&pid);
            if !event.op.pid().is_none_or(acts) {
                return None;
            }
            let glimpse = sight.step(event);
            candidate.classes.push(glimpse.class);
            candidate.refused += usize::from(glimpse.refused);
            called = called.or(glimpse.called.and(syllabus.set()));
            candidate.situations.extend(glimpse.situations);
        }
        candidate.script = script;
        let known = syllabus.mutants.iter().flat_map(|mutant| mutant.holes);
        let known = Holes::of(known.copied());
        let unknown = syllabus.holes.iter().filter(|&&hole| !known.contains(hole));
        let key = candidate.key();
        let text = candidate.script.bare_text();
        let holes = syllabus.holes.iter().copied();
        let holes = holes.filter(|&hole| called.contains(hole));
        candidate.asked = Holes::of(holes.filter(|&hole| is_asked(hole, &text, &key)));
        candidate.matters = candidate.asked.and(Holes::of(unknown.copied()));
        Some(candidate)
    }

    /// The key that the reference gives it.
    pub fn key(&self) -> Vec<Record> {
        key(&self.script.bare_text(), self.grades)
    }

    /// The same with fewer events, if they expose the same mistakes and meet these
    /// situations.
    pub fn with_events(
        &self,
        script: Script,
        syllabus: &Syllabus,
        situations: &HashSet<Situation>,
    ) -> Option<Self> {
        let mut fewer = Self::seen(script, self.grades, syllabus)?;
        if !situations.is_subset(&fewer.situations) {
            return None;
        }
        let key = fewer.key();
        for &index in &self.kills {
            fewer.try_mutant(index, syllabus, &key);
            if !fewer.kills.contains(&index) {
                return None;
            }
        }
        Some(fewer)
    }

    fn try_mutant(&mut self, index: usize, syllabus: &Syllabus, key: &[Record]) {
        let mutant = &syllabus.mutants[index];
        let text = self.script.bare_text();
        for &hole in mutant.holes {
            // A hole that nothing is asked of is not graded.
            if self.asked.contains(hole)
                && expose(mutant, &[hole], text.as_bytes(), key)
                    .expect("a valid trace is well-formed")
                    .is_some()
            {
                self.kills.insert(index);
                self.matters = self.matters.or(Holes::of([hole]));
            }
        }
    }

    /// Whether every kernel that is right passes it.
    pub fn is_fair(&self, syllabus: &Syllabus) -> bool {
        let graded = syllabus.holes.iter().copied();
        let graded: Vec<Hole> = graded.filter(|&hole| self.asked.contains(hole)).collect();
        let text = self.script.bare_text();
        let key = (&*self.key(), self.grades);
        is_fair(text.as_bytes(), key, &graded, &syllabus.integration)
    }

    /// How often each class occurs; an access with several faults counts for each.
    pub fn counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for class in self
            .classes
            .iter()
            .flatten()
            .flat_map(|all| all.split(" then "))
        {
            // A run of equal faults is written with its length behind it.
            *counts.entry(class).or_default() += 1;
        }
        counts
    }

    /// Its accesses.
    pub fn accesses(&self) -> usize {
        self.classes.iter().flatten().count()
    }
}

/// Whether no idle kernel passes a trace in this hole, unless it may be idle, and none
/// that guesses.
fn is_asked(hole: Hole, text: &str, key: &[Record]) -> bool {
    let idle = Idle::ALL.map(|idle| Rc::new(idle) as Rc<dyn Handlers>);
    let mut lazy = idle.into_iter().chain(guesses(hole));
    hole == RIGHTLY_IDLE || !lazy.any(|kernel| passes(kernel, &[hole], text.as_bytes(), key))
}

/// The key that the reference gives a trace. How cheap flushes were stands in it only
/// if that is graded.
pub fn key(trace: &str, grades: Grades) -> Vec<Record> {
    let reference = |config| Machine::new(config, Rc::new(Reference));
    let run = contained::run(trace.as_bytes(), reference).expect("a valid trace is well-formed");
    match grades {
        Grades::Flushes => run.records,
        Grades::Outcome => run
            .records
            .into_iter()
            .map(Record::without_flushes)
            .collect(),
    }
}
