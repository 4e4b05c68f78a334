//! Tests of the comparison: a trace in, a verdict out.
//!
//! Tests that run traces natively ask first whether this computer can, and say so if
//! it cannot.

mod findings;
mod measured;
mod report;
mod rules;
mod screen;
mod wrong;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use comparable::computer::Computer;
use comparable::screen::screen;
use comparable::twin::Twin;
use conform::campaign::{Campaign, Outcome};
use conform::case::Case;
use conform::compare::{Depth, MakeMachine, Setting};
use conform::facts::{Facts, Pages};
use conform::judge::{Judgement, judge};
use conform::probe::probe;
use naive::rule::NaiveRule;
use oracle::host;
use vmsim::event::Config;
use vmsim::machine::Machine;

/// What this computer can tell; none, and words on standard error, if it can tell
/// nothing.
fn facts() -> Option<Facts> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/conform");
    fs::create_dir_all(&folder).expect("the target folder can be written");
    match probe(&folder) {
        Ok(facts) => Some(facts),
        Err(error) => {
            eprintln!("skipped: no native run here: {error}");
            None
        }
    }
}

/// A computer that can tell everything, for tests that run nothing.
fn ideal() -> Facts {
    Facts {
        kernel: "Linux 6.18".to_owned(),
        folder: PathBuf::new(),
        swap_devices: Vec::new(),
        files: true,
        heap: true,
        pages: Pages::Frames,
        computer: Computer::BEST,
    }
}

fn reference(config: Config) -> Machine {
    naive::machine(config, None)
}

fn case(trace: &str) -> Case {
    Case::parse("a trace", trace).expect("tests hold traces")
}

/// Judges a trace, with some simulator.
fn judged(trace: &str, facts: &Facts, make: MakeMachine<'_>) -> Judgement {
    // Every test has a thread of its own.
    let _pinned = host::pin(0);
    let case = case(trace);
    let (twin, _) = screen(
        Twin::new(&case.config, case.lines, &facts.computer),
        &facts.computer,
    );
    judge(&twin, setting(facts, make)).expect("the trace can be run natively")
}

static NEVER: AtomicBool = AtomicBool::new(false);

fn setting<'a>(facts: &'a Facts, make: MakeMachine<'a>) -> Setting<'a> {
    Setting {
        facts,
        make,
        depth: Depth::Pages,
        stop: &NEVER,
    }
}

/// Compares traces, up to the first finding.
fn compared(cases: Vec<Case>, facts: &Facts, make: MakeMachine<'_>) -> Outcome {
    let campaign = Campaign {
        setting: setting(facts, make),
        jobs: 1,
        findings_max: 1,
        progress: &|_| {},
    };
    campaign.cases(cases)
}

/// The simulator with a rule broken.
fn broken(rule: NaiveRule) -> impl Fn(Config) -> Machine + Sync {
    move |config| naive::machine(config, Some(rule))
}
