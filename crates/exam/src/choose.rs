//! Which candidates become the exam.
//!
//! Random traces come first, for breadth: they meet situations that nobody thought
//! of. What they leave is for scenarios told anew: each mistake must show twice.

use std::collections::{BTreeMap, HashSet};

use course::catalogue::Grades;

use crate::candidate::Candidate;
use crate::situation::Situation;

/// Traces of which each must expose a mistake: one may be marred by a later change.
pub const KILLS: usize = 2;

/// Random traces of a lab.
const RANDOM: usize = 12;

/// Traces of a lab: so many at least,
pub const TRACES: usize = 24;

/// and at most.
pub const TRACES_MAX: usize = 30;

/// Traces of a lab that are graded for their flushes, if any is this year: so many at
/// least, for mistakes that nobody knows, and at most, for a correct kernel may be
/// clumsy.
const FLUSHES_MIN: usize = 4;
const FLUSHES_MAX: usize = 6;

/// How much it counts that a mistake is exposed for the first time, for the second
/// time, and ever again; [`Situation::worth`] says what a new situation counts.
const FIRST_KILL: usize = 60;
const SECOND_KILL: usize = 30;
const FURTHER_KILL: usize = 1;

/// A candidate that was chosen, and for which situations.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// Which.
    pub candidate: Candidate,
    /// What nobody before it has met.
    pub situations: HashSet<Situation>,
}

/// Chooses from random traces and from scenarios told anew.
pub fn choose(random: Vec<Candidate>, variants: Vec<Candidate>, traces_max: usize) -> Vec<Chosen> {
    let mut choice = Choice::default();
    let mut random = random;
    let mut variants = variants;
    while choice.chosen.len() < RANDOM && choice.take(&mut random, Choice::breadth) {}
    while choice.chosen.len() < traces_max
        && (choice.take(&mut variants, Choice::edges) || choice.take(&mut random, Choice::edges))
    {
    }
    while choice.flushes() < FLUSHES_MIN && choice.take(&mut variants, Choice::flush_breadth) {}
    while choice.chosen.len() < TRACES && choice.take(&mut variants, Choice::breadth) {}
    while choice.chosen.len() < TRACES && choice.take(&mut random, Choice::breadth) {}
    choice.chosen
}

#[derive(Default)]
struct Choice {
    chosen: Vec<Chosen>,
    kills: BTreeMap<usize, usize>,
    met: HashSet<Situation>,
}

impl Choice {
    /// Takes the one that is worth most, the first of equals; none if all are worthless.
    fn take(
        &mut self,
        from: &mut Vec<Candidate>,
        worth: impl Fn(&Choice, &Candidate) -> usize,
    ) -> bool {
        let worths = from.iter().map(|candidate| worth(self, candidate));
        // `max_by_key` takes the last of equals.
        let worths: Vec<usize> = worths.collect();
        let best = (0..worths.len()).rev().max_by_key(|&at| worths[at]);
        let Some(best) = best.filter(|&best| worths[best] > 0) else {
            return false;
        };
        let candidate = from.remove(best);
        // The same trace, graded in another way, is no other trace.
        from.retain(|other| other.script != candidate.script);
        for &mutant in &candidate.kills {
            *self.kills.entry(mutant).or_default() += 1;
        }
        let new = candidate.situations.difference(&self.met);
        let situations: HashSet<Situation> = new.copied().collect();
        self.met.extend(&situations);
        self.chosen.push(Chosen {
            candidate,
            situations,
        });
        true
    }

    /// Many situations that nobody has met, and mistakes that are not exposed yet.
    fn breadth(&self, candidate: &Candidate) -> usize {
        if candidate.matters.is_empty() || candidate.grades == Grades::Flushes {
            return 0;
        }
        let new = candidate.situations.difference(&self.met);
        let new: usize = new.map(Situation::worth).sum();
        let kills: usize = candidate.kills.iter().map(|kill| self.kill(*kill)).sum();
        new + kills
    }

    /// Many situations, of whatever kind, among the traces that are graded for flushes.
    fn flush_breadth(&self, candidate: &Candidate) -> usize {
        let graded = candidate.grades == Grades::Flushes && !candidate.matters.is_empty();
        let situations = candidate.situations.iter();
        let all: usize = situations.map(Situation::worth).sum();
        if graded { all } else { 0 }
    }

    /// Mistakes that are not exposed often enough, and nothing else.
    fn edges(&self, candidate: &Candidate) -> usize {
        if candidate.grades == Grades::Flushes && self.flushes() >= FLUSHES_MAX {
            return 0;
        }
        let missing = |mutant: &&usize| self.times(**mutant) < KILLS;
        let needed: usize = candidate
            .kills
            .iter()
            .filter(missing)
            .map(|mutant| self.kill(*mutant))
            .sum();
        // Of those that expose as much, the shortest.
        match needed {
            0 => 0,
            _ => needed * 100 + 99 - candidate.script.events.len().min(99),
        }
    }

    /// Traces that are graded for their flushes.
    fn flushes(&self) -> usize {
        let chosen = self.chosen.iter();
        let flushes = |chosen: &&Chosen| chosen.candidate.grades == Grades::Flushes;
        chosen.filter(flushes).count()
    }

    fn kill(&self, mutant: usize) -> usize {
        match self.times(mutant) {
            0 => FIRST_KILL,
            1 => SECOND_KILL,
            _ => FURTHER_KILL,
        }
    }

    fn times(&self, mutant: usize) -> usize {
        self.kills.get(&mutant).copied().unwrap_or(0)
    }
}
