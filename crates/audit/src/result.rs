//! What the audit found, and its JSON form.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::finding::Finding;

/// Version of the JSON form; it grows when a field changes its meaning.
pub const SCHEMA: &str = "faultline.audit/1";

/// What the audit found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AuditResult {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// Whether all is well: there are no findings.
    pub passed: bool,
    /// What is wrong, by lab.
    pub findings: Vec<Finding>,
    /// The mutants in numbers, by lab and hole.
    pub holes: Vec<HoleResult>,
    /// The mutants.
    pub mutants: Vec<MutantResult>,
    /// The traces that they were tried on.
    pub traces: Vec<TraceResult>,
    /// The fewest hidden traces that expose every mutant that any hidden one does.
    pub smallest: Smallest,
}

/// The mutants of a hole, in numbers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HoleResult {
    /// The lab.
    pub lab: u8,
    /// The hole.
    pub hole: &'static str,
    /// The mutants whose mistake is in it, but for those argued to be equivalent.
    pub mutants: usize,
    /// How many of them enough hidden traces expose.
    pub killed: usize,
    /// How many are exposed by too few.
    pub barely: usize,
    /// How many no hidden trace exposes.
    pub survivors: usize,
    /// How many are argued to be equivalent.
    pub equivalent: usize,
    /// How many mutants each oracle, or end, exposes in some hidden trace, by its
    /// letter: K class, V value, G signal, S state, I invariants, T TLB, C cost, B
    /// kernel bug, L livelock, P panic. A mutant may count for several.
    pub exposed_by: BTreeMap<char, usize>,
}

/// A mutant.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MutantResult {
    /// Its number in the catalogue of mistakes.
    pub id: &'static str,
    /// What is wrong, in a few words.
    pub name: &'static str,
    /// What is wrong, in a sentence.
    pub mistake: &'static str,
    /// The lab that must lose points.
    pub lab: u8,
    /// The holes that must lose points.
    pub holes: Vec<&'static str>,
    /// Why no trace can tell it from the reference, if that is argued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equivalent: Option<&'static str>,
    /// What became of it.
    pub fate: Fate,
    /// How many hidden traces expose it, in that of its holes where fewest do.
    pub hidden_kills: usize,
    /// How many public traces do.
    pub public_kills: usize,
    /// How it shows in its own holes.
    pub exposures: Vec<ExposureResult>,
    /// In how many traces of each lab it shows when all methods run together.
    pub integration: Vec<IntegrationResult>,
    /// Where others lose points for it.
    pub elsewhere: Vec<ExposureResult>,
}

/// What became of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Fate {
    /// Enough hidden traces expose it.
    #[serde(rename = "killed")]
    Killed,
    /// Too few hidden traces expose it.
    #[serde(rename = "barely killed")]
    Barely,
    /// No hidden trace exposes it.
    #[serde(rename = "survived")]
    Survived,
    /// It is argued that no trace can expose it, and none does.
    #[serde(rename = "equivalent")]
    Equivalent,
    /// It is argued that no trace can expose it, and one does.
    #[serde(rename = "wrongly argued to be equivalent")]
    WronglyArgued,
}

/// How a mutant shows in a trace.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ExposureResult {
    /// The trace's lab.
    pub lab: u8,
    /// The trace.
    pub trace: String,
    /// Whether students have it.
    pub public: bool,
    /// The hole, or `integration`.
    pub part: &'static str,
    /// The letter of the oracle, or of the end.
    pub by: char,
    /// The line of the trace; 0 for its end.
    pub line: u64,
    /// The event there.
    pub event: String,
    /// What the key has there.
    pub expected: String,
    /// What the mutant does.
    pub got: String,
    /// What there is to say of the end.
    pub message: String,
}

/// How a mutant fares when all methods up to a lab run together.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct IntegrationResult {
    /// The lab.
    pub lab: u8,
    /// How many traces it shows in.
    pub exposed: usize,
    /// How many there are.
    pub traces: usize,
}

/// A trace.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TraceResult {
    /// The lab.
    pub lab: u8,
    /// The trace.
    pub name: String,
    /// Whether students have it.
    pub public: bool,
    /// The holes that it is graded for.
    pub holes: Vec<&'static str>,
    /// What it is for.
    pub teaches: String,
    /// How many mutants it exposes in their own holes.
    pub kills: usize,
}

/// The fewest hidden traces that expose all mutants.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Smallest {
    /// The traces.
    pub traces: Vec<TraceName>,
    /// Whether it is known that no smaller set does; otherwise none was found.
    pub is_minimum: bool,
}

/// Which trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TraceName {
    /// The lab.
    pub lab: u8,
    /// Its name.
    pub name: String,
}

impl MutantResult {
    /// How it shows in a trace, in its own holes.
    pub fn exposure(&self, trace: &TraceResult) -> Option<&ExposureResult> {
        self.exposures
            .iter()
            .find(|shown| shown.lab == trace.lab && shown.trace == trace.name)
    }

    /// Whether a trace is graded for a hole that the mistake is in.
    pub fn is_graded_by(&self, trace: &TraceResult) -> bool {
        trace.holes.iter().any(|hole| self.holes.contains(hole))
    }
}
