//! What came of a campaign, as text for people and as JSON for programs.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::campaign::Outcome;
use crate::counts::Counts;
use crate::facts::{Facts, Lack};
use crate::finding::Finding;

/// Version of the JSON form; it grows when a field changes its meaning.
pub const SCHEMA: &str = "faultline.conform/1";

/// What came of a campaign.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// The kernel that the kit was compared with.
    pub kernel: String,
    /// The seed of random traces; none if the traces were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Traces that were compared.
    pub traces: u64,
    /// What the kernel did in them.
    pub counts: Counts,
    /// Wall-clock time, in seconds.
    pub seconds: f64,
    /// What this computer cannot tell, and what was left out for it.
    pub skipped: Vec<Skipped>,
    /// Traces that ran on another machine than they ask for, by the difference.
    pub switched: BTreeMap<String, u64>,
    /// Events that no run can tell, by the reason.
    pub excluded: BTreeMap<String, u64>,
    /// Differences.
    pub differences: Vec<Finding>,
    /// Traces with a difference that did not come again.
    pub unsteady: Vec<Unjudged>,
    /// Traces that this computer cannot run.
    pub unable: Vec<Unjudged>,
    /// Traces that went wrong.
    pub failed: Vec<Unjudged>,
}

/// Cases that were left out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Skipped {
    /// Which.
    pub cases: String,
    /// Why, and what helps.
    pub why: String,
    /// The traces, if they were given.
    pub traces: Vec<String>,
}

/// A trace without a verdict.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Unjudged {
    /// The trace.
    pub trace: String,
    /// Why.
    pub why: String,
}

impl Report {
    /// Sums up.
    pub fn new(facts: &Facts, seed: Option<u64>, outcome: Outcome, seconds: f64) -> Self {
        let traces_of = |lack: &Lack| {
            let of_lack = outcome
                .skipped
                .iter()
                .find(|(need, _)| need.cases() == lack.skipped);
            of_lack
                .map(|(_, traces)| traces.clone())
                .unwrap_or_default()
        };
        let skipped = facts.lacks().into_iter().map(|lack| Skipped {
            traces: traces_of(&lack),
            cases: lack.skipped.to_owned(),
            why: lack.why,
        });
        let unjudged = |(trace, why): (String, String)| Unjudged { trace, why };
        Self {
            schema: SCHEMA.to_owned(),
            kernel: facts.kernel.clone(),
            seed,
            traces: outcome.traces,
            counts: outcome.counts,
            seconds,
            skipped: skipped.collect(),
            switched: by_name(outcome.switched),
            excluded: by_name(outcome.excluded),
            differences: outcome.findings,
            unsteady: outcome.unsteady.into_iter().map(unjudged).collect(),
            unable: outcome.unable.into_iter().map(unjudged).collect(),
            failed: outcome
                .failed
                .into_iter()
                .map(|(trace, error)| unjudged((trace, error.to_string())))
                .collect(),
        }
    }

    /// The JSON form.
    ///
    /// # Panics
    ///
    /// Never: a report is always JSON.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a report is JSON")
    }
}

/// The schema that `crates/conform/schema/conform.schema.json` holds.
///
/// # Panics
///
/// Never: a schema is always JSON.
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(Report);
    serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n"
}

fn by_name<K: fmt::Display>(counts: BTreeMap<K, u64>) -> BTreeMap<String, u64> {
    let named = counts
        .into_iter()
        .map(|(key, count)| (key.to_string(), count));
    named.collect()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.differences {
            writeln!(f, "{}", InWords(finding))?;
        }
        let Counts {
            events, accesses, ..
        } = self.counts;
        let rate = accesses as f64 / self.seconds.max(0.001);
        write!(
            f,
            "{}: {} traces, {events} events, {accesses} accesses",
            self.kernel, self.traces
        )?;
        writeln!(f, " in {:.1} s ({rate:.0} a second)", self.seconds)?;
        if let Some(seed) = self.seed {
            writeln!(f, "seed {seed}")?;
        }
        write_counts(f, "Linux did", &self.counts.verdicts)?;
        if self.counts.failed_calls > 0 {
            writeln!(f, "  and {} system calls failed", self.counts.failed_calls)?;
        }
        write_counts(f, "ran", &self.switched)?;
        write_counts(f, "not compared", &self.excluded)?;
        for skipped in &self.skipped {
            write_skipped(f, skipped)?;
        }
        for (what, traces) in [
            ("unsteady", &self.unsteady),
            ("skipped", &self.unable),
            ("failed", &self.failed),
        ] {
            for one in traces {
                writeln!(f, "{what}: {}: {}", one.trace, one.why)?;
            }
        }
        match self.differences.len() {
            0 => write!(f, "no difference"),
            1 => write!(f, "1 difference"),
            many => write!(f, "{many} differences"),
        }
    }
}

fn write_counts(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    counts: &BTreeMap<String, u64>,
) -> fmt::Result {
    if counts.is_empty() {
        return Ok(());
    }
    writeln!(f, "{title}:")?;
    let mut sorted: Vec<_> = counts.iter().collect();
    sorted.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (name, count) in sorted {
        writeln!(f, "{count:>10}  {name}")?;
    }
    Ok(())
}

fn write_skipped(f: &mut fmt::Formatter<'_>, skipped: &Skipped) -> fmt::Result {
    let count = match skipped.traces.len() {
        0 => String::new(),
        1 => " (1 trace)".to_owned(),
        many => format!(" ({many} traces)"),
    };
    writeln!(f, "skipped: {}{count}: {}", skipped.cases, skipped.why)?;
    for trace in &skipped.traces {
        writeln!(f, "            {trace}")?;
    }
    Ok(())
}

/// A finding for people.
struct InWords<'a>(&'a Finding);

impl fmt::Display for InWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = self.0;
        writeln!(
            f,
            "DIFFERENT: {}:{}, in {}",
            found.source, found.line, found.what
        )?;
        writeln!(f, "  {}", found.event)?;
        writeln!(f, "    the kit:  {}", found.kit)?;
        writeln!(f, "    Linux:    {}", found.linux)?;
        if let Some(page) = &found.page {
            writeln!(f, "    {page}")?;
        }
        if let Some(rule) = &found.rule {
            writeln!(f, "    the kit goes by {rule} (docs/linux-rules.md)")?;
        }
        writeln!(f, "  {} events are enough:", found.events)?;
        writeln!(f)?;
        for line in found.trace.lines() {
            writeln!(f, "    {line}")?;
        }
        writeln!(f)?;
        writeln!(f, "  what the kit does there:")?;
        writeln!(f)?;
        for line in found.steps.lines() {
            writeln!(f, "  {line}")?;
        }
        Ok(())
    }
}
