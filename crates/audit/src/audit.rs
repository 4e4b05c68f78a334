//! The audit: what the kill matrix says of mutants and traces.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use course::catalogue::Visibility;
use mutants::Mutant;
use vmsim::handlers::Hole;

use crate::course::Course;
use crate::course::keys::is_fresh;
use crate::cover;
use crate::exam::Paper;
use crate::finding::{Finding, shown};
use crate::matrix::{Matrix, MatrixError, Part, Scope};
use crate::result::{
    AuditResult, ExposureResult, Fate, HoleResult, IntegrationResult, MutantResult, SCHEMA,
    Smallest, TraceName, TraceResult,
};
use crate::trial::Exposure;

/// So many hidden traces must expose a mutant, each in the hole that its mistake is
/// in: one alone may be changed or taken out without anybody noticing what it was
/// good for.
pub const KILLS_MIN: usize = 2;

/// Tries all mutants on all traces of a course, `jobs` at a time, and tells what came
/// of it. What is wrong with the course itself is among the findings; what our own
/// submissions get is not (see [`submissions`](crate::course::submissions)). `done` is
/// told of each mutant, and may break off.
///
/// # Errors
///
/// If `done` broke off.
pub fn audit(
    course: &Course,
    mutants: &[Mutant],
    jobs: usize,
    done: impl FnMut(&Mutant) -> ControlFlow<()>,
) -> Result<AuditResult, MatrixError> {
    // Where the reference itself loses points, everybody would.
    let papers: Vec<Paper> = course
        .papers
        .iter()
        .filter(|p| is_fresh(p))
        .cloned()
        .collect();
    let matrix = Matrix::fill(mutants, &papers, Scope::AllParts, jobs, done)?;
    let tried = Tried {
        mutants,
        papers: &papers,
        matrix: &matrix,
    };
    let mutants = tried.mutants();
    let traces = tried.traces();
    let mut findings = course.check();
    findings.extend(mutants.iter().filter_map(of_fate));
    findings.extend(mutants.iter().flat_map(misattributions));
    findings.extend(traces.iter().filter_map(|trace| idle(course, trace)));
    let mut result = AuditResult {
        schema: SCHEMA,
        passed: false,
        findings: Vec::new(),
        holes: holes(&mutants),
        smallest: tried.smallest(),
        mutants,
        traces,
    };
    result.add(findings);
    Ok(result)
}

impl AuditResult {
    /// Adds findings, in order.
    pub fn add(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
        self.findings.sort();
        self.passed = self.findings.is_empty();
    }

    /// Leaves out what is about other labs. A finding of no lab is about all.
    pub fn retain_labs(&mut self, asked: impl Fn(u8) -> bool) {
        self.findings
            .retain(|finding| finding.lab == 0 || asked(finding.lab));
        self.holes.retain(|hole| asked(hole.lab));
        self.mutants.retain(|mutant| asked(mutant.lab));
        self.traces.retain(|trace| asked(trace.lab));
        self.smallest.traces.retain(|trace| asked(trace.lab));
        self.passed = self.findings.is_empty();
    }
}

/// A filled matrix, and what it is a matrix of.
struct Tried<'a> {
    mutants: &'a [Mutant],
    papers: &'a [Paper],
    matrix: &'a Matrix,
}

impl Tried<'_> {
    fn mutants(&self) -> Vec<MutantResult> {
        let all = self.mutants.iter().enumerate();
        all.map(|(index, mutant)| self.mutant(index, mutant))
            .collect()
    }

    fn mutant(&self, index: usize, mutant: &Mutant) -> MutantResult {
        let first_lab = mutant.holes.iter().map(|hole| hole.lab()).min();
        let mut exposures = Vec::new();
        let mut elsewhere = Vec::new();
        for (paper, cell) in self.papers.iter().zip(&self.matrix.rows[index]) {
            for trial in &cell.trials {
                let Some(exposure) = &trial.exposure else {
                    continue;
                };
                let shown = exposure_result(paper, trial.part, exposure);
                match trial.part {
                    Part::Hole(hole) if mutant.holes.contains(&hole) => exposures.push(shown),
                    Part::Integration if Some(paper.lab) >= first_lab => {}
                    Part::Hole(_) | Part::Integration => elsewhere.push(shown),
                }
            }
        }
        let kills = |hole: &Hole, public: bool| {
            let of_hole = |e: &&ExposureResult| e.part == hole.name() && e.public == public;
            exposures.iter().filter(of_hole).count()
        };
        let least = |public| mutant.holes.iter().map(|hole| kills(hole, public)).min();
        let hidden_kills = least(false).unwrap_or(0);
        MutantResult {
            id: mutant.id,
            name: mutant.name,
            mistake: mutant.mistake,
            lab: mutant.lab(),
            holes: mutant.holes.iter().map(|hole| hole.name()).collect(),
            equivalent: mutant.equivalent,
            fate: match (mutant.equivalent, hidden_kills) {
                (Some(_), _) if exposures.is_empty() => Fate::Equivalent,
                (Some(_), _) => Fate::WronglyArgued,
                (None, 0) => Fate::Survived,
                (None, few) if few < KILLS_MIN => Fate::Barely,
                (None, _) => Fate::Killed,
            },
            hidden_kills,
            public_kills: least(true).unwrap_or(0),
            integration: self.integration(index),
            exposures,
            elsewhere,
        }
    }

    /// How a mutant shows when all methods run together, by lab.
    fn integration(&self, mutant: usize) -> Vec<IntegrationResult> {
        let mut by_lab: BTreeMap<u8, (usize, usize)> = BTreeMap::new();
        for (paper, cell) in self.papers.iter().zip(&self.matrix.rows[mutant]) {
            let (exposed, traces) = by_lab.entry(paper.lab).or_default();
            *exposed += usize::from(cell.exposure(Part::Integration).is_some());
            *traces += 1;
        }
        let result = |(lab, (exposed, traces))| IntegrationResult {
            lab,
            exposed,
            traces,
        };
        by_lab.into_iter().map(result).collect()
    }

    fn traces(&self) -> Vec<TraceResult> {
        let kills = self.matrix.kills(self.mutants);
        let result = |(index, paper): (usize, &Paper)| TraceResult {
            lab: paper.lab,
            name: paper.name.clone(),
            public: paper.visibility == Visibility::Public,
            holes: paper.holes.iter().map(|hole| hole.name()).collect(),
            teaches: paper.teaches.clone(),
            kills: kills.get(index).map_or(0, BTreeSet::len),
        };
        self.papers.iter().enumerate().map(result).collect()
    }

    /// Lab by lab: no trace is graded for a hole of another lab.
    fn smallest(&self) -> Smallest {
        let kills = self.matrix.kills(self.mutants);
        let labs: BTreeSet<u8> = self.papers.iter().map(|paper| paper.lab).collect();
        let mut smallest = Smallest {
            traces: Vec::new(),
            is_minimum: true,
        };
        for lab in labs {
            let hidden = |p: &Paper| p.lab == lab && p.visibility == Visibility::Hidden;
            let papers = self.papers.iter().zip(&kills);
            let (papers, kills): (Vec<&Paper>, Vec<BTreeSet<usize>>) = papers
                .filter(|(paper, _)| hidden(paper))
                .map(|(paper, kills)| (paper, kills.clone()))
                .unzip();
            let cover = cover::smallest(&kills);
            smallest.is_minimum &= cover.is_minimum;
            smallest
                .traces
                .extend(cover.traces.iter().map(|&at| TraceName {
                    lab,
                    name: papers[at].name.clone(),
                }));
        }
        smallest
    }
}

fn exposure_result(paper: &Paper, part: Part, exposure: &Exposure) -> ExposureResult {
    ExposureResult {
        lab: paper.lab,
        trace: paper.name.clone(),
        public: paper.visibility == Visibility::Public,
        part: match part {
            Part::Hole(hole) => hole.name(),
            Part::Integration => "integration",
        },
        by: exposure.by.letter(),
        line: exposure.line,
        event: exposure.event.clone(),
        expected: exposure.expected.clone(),
        got: exposure.got.clone(),
        message: exposure.message.clone(),
    }
}

/// The mutants in numbers, for every hole that has some.
fn holes(mutants: &[MutantResult]) -> Vec<HoleResult> {
    let of_hole = |hole: &Hole| {
        let own: Vec<&MutantResult> = mutants
            .iter()
            .filter(|mutant| mutant.holes.contains(&hole.name()))
            .collect();
        let count = |fates: &[Fate]| own.iter().filter(|m| fates.contains(&m.fate)).count();
        let equivalent = count(&[Fate::Equivalent, Fate::WronglyArgued]);
        let mut exposed_by = BTreeMap::new();
        for mutant in &own {
            let hidden = mutant.exposures.iter().filter(|shown| !shown.public);
            let letters: BTreeSet<char> = hidden.map(|shown| shown.by).collect();
            for letter in letters {
                *exposed_by.entry(letter).or_default() += 1;
            }
        }
        (!own.is_empty()).then(|| HoleResult {
            lab: hole.lab(),
            hole: hole.name(),
            mutants: own.len() - equivalent,
            killed: count(&[Fate::Killed]),
            barely: count(&[Fate::Barely]),
            survivors: count(&[Fate::Survived]),
            equivalent,
            exposed_by,
        })
    };
    Hole::ALL.iter().filter_map(of_hole).collect()
}

/// What is wrong about what became of a mutant.
fn of_fate(mutant: &MutantResult) -> Option<Finding> {
    let holes = mutant.holes.join("`, `");
    let (check, what, help) = match mutant.fate {
        Fate::Killed | Fate::Equivalent => return None,
        Fate::Barely => (
            "barely killed",
            format!(
                "{} hidden trace exposes it in `{holes}`, at least {KILLS_MIN} are wanted",
                mutant.hidden_kills
            ),
            "write another hidden trace about the rule behind the mistake",
        ),
        Fate::Survived => (
            "survivor",
            format!("no hidden trace exposes it in `{holes}`"),
            "write hidden traces about the rule behind the mistake, or argue why none can tell",
        ),
        Fate::WronglyArgued => {
            let first = &mutant.exposures[0];
            let what = format!(
                "argued to be equivalent, and {} exposes it: {}",
                first.trace,
                difference(first)
            );
            (
                "equivalent",
                what,
                "take the argument out, or mend the mutant",
            )
        }
    };
    Some(about(mutant, check, what, help))
}

/// Who else loses points for a mistake, once for each part of each lab.
fn misattributions(mutant: &MutantResult) -> Vec<Finding> {
    let mut first: BTreeMap<(u8, &str), (&ExposureResult, usize)> = BTreeMap::new();
    for shown in &mutant.elsewhere {
        let (_, count) = first.entry((shown.lab, shown.part)).or_insert((shown, 0));
        *count += 1;
    }
    let finding = |((lab, part), (shown, count)): ((u8, &str), (&ExposureResult, usize))| {
        let what = format!(
            "costs points of `{part}` in lab {lab}, in {count} traces; first in {}: {}",
            shown.trace,
            difference(shown)
        );
        let help = "name the hole among those of the mutant, or mend the mutant or the graft";
        about(mutant, "misattribution", what, help)
    };
    first.into_iter().map(finding).collect()
}

fn difference(shown: &ExposureResult) -> String {
    let ExposureResult {
        line,
        by,
        expected,
        got,
        ..
    } = shown;
    format!("line {line}, {by}: expected `{expected}`, got `{got}`")
}

fn about(mutant: &MutantResult, check: &'static str, what: String, help: &str) -> Finding {
    Finding {
        lab: mutant.lab,
        check,
        file: format!("crates/mutants/src/lab{}.rs", mutant.lab),
        what: format!("{} {}: {what}", mutant.id, mutant.name),
        help: help.to_owned(),
    }
}

/// What is wrong about a trace. A public one that exposes nothing may be there for
/// what it shows; a hidden one shows nothing to anybody.
fn idle(course: &Course, trace: &TraceResult) -> Option<Finding> {
    if trace.public || trace.kills > 0 {
        return None;
    }
    let labs = course.catalogue.labs.iter().flat_map(|lab| &lab.traces);
    let file = labs.filter(|t| t.visibility == Visibility::Hidden && t.name == trace.name);
    let file = file.map(|t| shown(&course.root, &t.path)).next()?;
    Some(Finding {
        lab: trace.lab,
        check: "idle trace",
        file,
        what: "exposes no mutant".to_owned(),
        help: "write down the mistake that it is for, as a mutant, or take it out".to_owned(),
    })
}
