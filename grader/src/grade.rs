//! A submission, from what was handed in to its points.

use std::fs;
use std::io;

use course::catalogue::Catalogue;
use course::handed_in::POLICY_FILE;
use verdict::end::End;

use crate::compile::{self, Compiled, Program, compile};
use crate::exercise;
use crate::intake::{Sources, Submission};
use crate::kit::Kit;
use crate::launch::{Confinement, Launcher};
use crate::points::round;
use crate::prepared::PreparedLab;
use crate::result::{SubmissionResult, weakest};

/// Everything that grading needs, read once for a class.
#[derive(Debug)]
pub struct Grader {
    kit: Kit,
    labs: Vec<PreparedLab>,
    confinement: Confinement,
}

impl Grader {
    /// Reads the traces and keys of these labs.
    ///
    /// A trace that cannot be read is graded as [`End::NotGraded`].
    pub fn new(kit: Kit, catalogue: Catalogue) -> Self {
        Self {
            kit,
            labs: catalogue.labs.into_iter().map(PreparedLab::new).collect(),
            confinement: Confinement::REQUIRED,
        }
    }

    /// Runs student code in this sandbox, instead of the whole one.
    #[must_use]
    pub fn confined_to(self, confinement: Confinement) -> Self {
        Self {
            confinement,
            ..self
        }
    }

    /// Reads a submission and grades it. Whatever happens, there is a result.
    pub fn grade(&self, submission: &Submission) -> SubmissionResult {
        let result = match submission.read_beside(&self.kit.skeleton) {
            Ok(sources) => self.grade_sources(&sources),
            Err(refusal) => refused(refusal.to_string(), self.max()),
        };
        SubmissionResult {
            id: submission.id.clone(),
            ..result
        }
    }

    /// Grades what was read. The result follows from the sources and from what this grader
    /// is made of: whose they are is not asked, and left empty.
    pub fn grade_sources(&self, sources: &Sources) -> SubmissionResult {
        let mut result = blank(self.max());
        result.source = Some(sources.hash());
        result.ignored.clone_from(&sources.ignored);
        result.flags = compile::flags(sources);
        if sources.is_empty() {
            result.message = NOTHING_HANDED_IN.to_owned();
        }
        result.compiler_sandbox = Some(self.kit.tier);
        match self.compile(sources, &mut result) {
            Ok(Compiled::Program(program)) => self.run_all(Ok(&program), sources, result),
            Ok(Compiled::Rejected(said)) => {
                self.without_code(sources, result, End::DoesNotCompile, said)
            }
            Ok(Compiled::Limit(why)) => self.without_code(sources, result, End::CompileLimit, why),
            Err(error) => ended(result, End::NotGraded, error.to_string()),
        }
    }

    /// The most that a submission can get.
    fn max(&self) -> f64 {
        self.labs.iter().map(|prepared| prepared.lab.max()).sum()
    }

    /// Compiles a submission. A policy that does not compile costs nothing: there are no
    /// points for it.
    fn compile(&self, sources: &Sources, result: &mut SubmissionResult) -> io::Result<Compiled> {
        let compiled = compile(&self.kit, sources)?;
        if sources.policy.is_none() || matches!(compiled, Compiled::Program(_)) {
            return Ok(compiled);
        }
        let without = Sources {
            policy: None,
            ..sources.clone()
        };
        let again = compile(&self.kit, &without)?;
        if let (Compiled::Rejected(said), Compiled::Program(_)) = (&compiled, &again) {
            result.message = format!("{POLICY_FILE} was left out, it does not compile:\n{said}");
        }
        Ok(again)
    }

    /// Whether the lab's file is the student's, and not the skeleton's.
    fn is_handed_in(&self, sources: &Sources, prepared: &PreparedLab) -> bool {
        let Some(file) = &prepared.lab.file else {
            return false;
        };
        let skeleton = fs::read_to_string(self.kit.skeleton.join(file)).ok();
        let own = sources.handlers(file);
        own.is_some_and(|text| Some(text) != skeleton.as_ref())
    }

    /// Code that does not compile costs no points for what is no code.
    fn without_code(
        &self,
        sources: &Sources,
        result: SubmissionResult,
        end: End,
        message: String,
    ) -> SubmissionResult {
        ended(self.run_all(Err(end), sources, result), end, message)
    }

    /// Grades everything with a program, or all but the code, which has come to an
    /// end without one.
    fn run_all(
        &self,
        program: Result<&Program, End>,
        sources: &Sources,
        mut result: SubmissionResult,
    ) -> SubmissionResult {
        let mut launcher = program.map(|program| Launcher::new(program, &self.confinement));
        for prepared in &self.labs {
            let handed_in = self.is_handed_in(sources, prepared);
            let runs = launcher.as_mut().ok();
            let runs = runs.map(|launcher| prepared.run(launcher, handed_in));
            let mut traces = runs.unwrap_or_default();
            for exercise in &prepared.lab.exercises {
                traces.extend(exercise::grade(&prepared.lab, exercise, sources));
            }
            result.labs.push(prepared.score(&traces, program.err()));
            result.sandbox = weakest(traces.iter().map(|it| it.tier).chain([result.sandbox]));
            result.sealed += prepared.sealed().count();
            let results = traces.into_iter().map(|weighed| weighed.result);
            result.traces.extend(results);
        }
        result.score = round(result.labs.iter().map(|lab| lab.score).sum());
        result.max = round(result.labs.iter().map(|lab| lab.max).sum());
        result.end = result
            .traces
            .iter()
            .map(|trace| trace.end)
            .min()
            .unwrap_or(End::NotGraded);
        result
    }
}

/// The result of a submission that was refused, of those that could get so many points.
pub fn refused(why: String, max: f64) -> SubmissionResult {
    ended(blank(max), End::Refused, why)
}

/// The result of a submission that was not graded for a fault of ours.
pub fn not_graded(why: String) -> SubmissionResult {
    ended(blank(0.0), End::NotGraded, why)
}

/// The same where a grader panicked.
pub fn met_a_bug(why: &str) -> SubmissionResult {
    not_graded(format!("a bug in the grader: {why}"))
}

/// The result of a submission of which nothing is known.
fn blank(max: f64) -> SubmissionResult {
    SubmissionResult {
        id: String::new(),
        end: End::Passed,
        score: 0.0,
        max,
        standing: None,
        message: String::new(),
        source: None,
        ignored: Vec::new(),
        flags: Vec::new(),
        sealed: 0,
        labs: Vec::new(),
        traces: Vec::new(),
        sandbox: None,
        compiler_sandbox: None,
    }
}

fn ended(mut result: SubmissionResult, end: End, message: String) -> SubmissionResult {
    (result.end, result.message) = (end, message);
    if end == End::NotGraded {
        result.max = 0.0;
    }
    result
}

/// Said of a submission of which nothing counts, so that its reader looks where the
/// student put the files.
const NOTHING_HANDED_IN: &str =
    "no handler file was handed in (lab1.rs to lab8.rs): the skeleton was graded";
