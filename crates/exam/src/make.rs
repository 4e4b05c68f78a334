//! From a seed to the traces of a lab.

use course::catalogue::Grades;
use vmtrace::generate::chance::Chance;

use crate::candidate::Candidate;
use crate::choose::{Chosen, KILLS, TRACES_MAX, choose};
use crate::crew;
use crate::draw::draw;
use crate::prune::prune;
use crate::script::Script;
use crate::syllabus::Syllabus;
use crate::twin::{has_twins, with_twins};
use crate::variant::variant;

/// Of the mistakes of a lab so many in a hundred must be exposed by [`KILLS`] traces.
pub const SHARE_PERCENT: usize = 95;

/// How hard it is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Random traces of each lab in each round.
    pub random: u64,
    /// Times that each scenario is told anew in each round.
    pub variants: u64,
    /// Rounds before it is given up.
    pub rounds: u64,
}

impl Effort {
    /// What finds enough within a minute.
    pub const USUAL: Effort = Effort {
        random: 600,
        variants: 2,
        rounds: 3,
    };
}

/// The traces of a lab.
#[derive(Clone, Debug)]
pub struct LabTraces {
    /// The traces, in their order.
    pub traces: Vec<Candidate>,
    /// Mistakes that are not exposed often enough, by their places in the syllabus.
    pub survivors: Vec<usize>,
}

/// Makes the traces of a lab: the same for the same seed, however many hands help.
pub fn make(syllabus: &Syllabus, seed: u64, effort: Effort, jobs: usize) -> LabTraces {
    let mut random = Vec::new();
    let mut variants = Vec::new();
    let mut round = 0;
    loop {
        random.extend(draws(syllabus, seed, round, effort, jobs));
        variants.extend(tales(syllabus, seed, round, effort, jobs));
        round += 1;
        let chosen = choose(random.clone(), variants.clone(), TRACES_MAX);
        let traces = crew::all(&chosen, jobs, |chosen: &Chosen| prune(chosen, syllabus));
        let survivors = survivors(syllabus, &traces);
        let enough = is_enough(syllabus.mutants.len(), survivors.len());
        if enough && survivors.is_empty() || round >= effort.rounds {
            return LabTraces { traces, survivors };
        }
    }
}

/// Whether so few survivors of so many mistakes are few enough.
pub fn is_enough(mutants: usize, survivors: usize) -> bool {
    100 * (mutants - survivors) >= SHARE_PERCENT * mutants
}

/// The mistakes that are exposed by fewer than [`KILLS`] traces.
fn survivors(syllabus: &Syllabus, traces: &[Candidate]) -> Vec<usize> {
    let kills = |mutant: &usize| {
        let exposing = traces.iter().filter(|trace| trace.kills.contains(mutant));
        exposing.count()
    };
    let mutants = 0..syllabus.mutants.len();
    mutants.filter(|mutant| kills(mutant) < KILLS).collect()
}

/// Random traces.
fn draws(
    syllabus: &Syllabus,
    seed: u64,
    round: u64,
    effort: Effort,
    jobs: usize,
) -> Vec<Candidate> {
    let numbers: Vec<u64> = (round * effort.random..(round + 1) * effort.random).collect();
    let one = |&number: &u64| {
        let number = mix(seed, syllabus.lab, number);
        let trace = draw(syllabus.lab, syllabus.set(), number);
        suitable(trace, Grades::Outcome, syllabus)
    };
    crew::all(&numbers, jobs, one)
        .into_iter()
        .flatten()
        .collect()
}

/// Scenarios told anew.
fn tales(
    syllabus: &Syllabus,
    seed: u64,
    round: u64,
    effort: Effort,
    jobs: usize,
) -> Vec<Candidate> {
    let times = round * effort.variants..(round + 1) * effort.variants;
    let scenarios = syllabus.scenarios.iter().enumerate();
    let all: Vec<(u64, &Script)> = scenarios
        .flat_map(|(at, scenario)| {
            // Far from the numbers of random traces.
            let number = move |time| (1 << 40) + ((at as u64) << 20) + time;
            times.clone().map(move |time| (number(time), scenario))
        })
        .collect();
    let one = |(number, scenario): &(u64, &Script)| {
        let number = mix(seed, syllabus.lab, *number);
        let script = variant(scenario, number)?;
        // A scenario that is graded in another way serves in that way, too.
        let ways = syllabus.grades.iter();
        let told = ways.filter_map(|&way| suitable(script.clone(), way, syllabus));
        Some(told.collect::<Vec<_>>())
    };
    crew::all(&all, jobs, one)
        .into_iter()
        .flatten()
        .flatten()
        .collect()
}

/// A trace that may be chosen: new, with twins, and passed by whoever is right.
fn suitable(script: Script, grades: Grades, syllabus: &Syllabus) -> Option<Candidate> {
    let script = with_twins(script)?;
    let is_new = !syllabus
        .scenarios
        .iter()
        .any(|old| old.events == script.events);
    let candidate = Candidate::of(script, grades, syllabus).filter(|_| is_new)?;
    debug_assert!(has_twins(&candidate.script));
    candidate.is_fair(syllabus).then_some(candidate)
}

/// A number for each trace, far from its neighbours'.
fn mix(seed: u64, lab: u8, number: u64) -> u64 {
    let mut mixed = 0;
    for part in [seed, u64::from(lab), number] {
        mixed = Chance::new(mixed ^ part).number();
    }
    mixed
}
