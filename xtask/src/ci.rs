//! `cargo xtask ci`: what CI asks once the tests are green.

use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::exit::{Exit, Trouble};
use crate::skeleton;
use crate::workspace;

/// Checks formatting, lints, documentation and the skeleton.
///
/// All steps run, even after one has failed. A step whose tool is not installed is
/// skipped, and then the whole ends with 77.
#[derive(clap::Args)]
pub struct Args {}

/// One thing that CI asks.
struct Step {
    name: &'static str,
    /// The cargo subcommand without which the step is skipped.
    tool: Option<Tool>,
    ask: fn(&Path) -> Result<Exit, Trouble>,
}

/// A part of the toolchain that may be missing.
struct Tool {
    subcommand: &'static str,
    component: &'static str,
}

const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        tool: Some(Tool {
            subcommand: "fmt",
            component: "rustfmt",
        }),
        ask: |root| cargo(root, &["fmt", "--all", "--check"]),
    },
    Step {
        name: "clippy",
        tool: Some(Tool {
            subcommand: "clippy",
            component: "clippy",
        }),
        ask: |root| cargo(root, &CLIPPY),
    },
    Step {
        name: "doc",
        tool: None,
        ask: |root| cargo(root, &["doc", "--workspace", "--no-deps"]),
    },
    Step {
        name: "skeleton",
        tool: None,
        ask: skeleton::check,
    },
];

const CLIPPY: [&str; 6] = [
    "clippy",
    "--workspace",
    "--all-targets",
    "--",
    "-D",
    "warnings",
];

pub fn run(_: &Args) -> Result<Exit, Trouble> {
    let root = workspace::root();
    let verdicts: Vec<Verdict> = STEPS.iter().map(|step| step.run(&root)).collect();
    for (step, verdict) in STEPS.iter().zip(&verdicts) {
        println!("{:<10}{verdict}", step.name);
    }
    sum_up(verdicts)
}

/// How a step ended.
enum Verdict {
    Passed { seconds: f64 },
    Failed,
    Skipped { component: &'static str },
    Broken(Trouble),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Passed { seconds } => write!(f, "passed ({seconds:.1} s)"),
            Verdict::Failed => write!(f, "failed"),
            Verdict::Skipped { component } => {
                write!(
                    f,
                    "skipped: no {component}; `rustup component add {component}`"
                )
            }
            Verdict::Broken(
                Trouble::BadInput(error) | Trouble::OurFault(error) | Trouble::Missing(error),
            ) => {
                write!(f, "error: {error}")
            }
        }
    }
}

impl Step {
    fn run(&self, root: &Path) -> Verdict {
        eprintln!("== {}", self.name);
        if let Some(tool) = &self.tool
            && !tool.is_installed(root)
        {
            return Verdict::Skipped {
                component: tool.component,
            };
        }
        let start = Instant::now();
        match (self.ask)(root) {
            Ok(Exit::Done) => Verdict::Passed {
                seconds: start.elapsed().as_secs_f64(),
            },
            Ok(Exit::Failed | Exit::Skipped) => Verdict::Failed,
            Err(trouble) => Verdict::Broken(trouble),
        }
    }
}

impl Tool {
    fn is_installed(&self, root: &Path) -> bool {
        command(root, &[self.subcommand, "--version"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }
}

/// Picks the worst verdict: our own trouble, a failure, a skipped step.
fn sum_up(verdicts: Vec<Verdict>) -> Result<Exit, Trouble> {
    let mut worst = Ok(Exit::Done);
    for verdict in verdicts {
        worst = match (worst, verdict) {
            (Err(trouble), _) => Err(trouble),
            (_, Verdict::Broken(trouble)) => Err(trouble),
            (Ok(Exit::Failed), _) | (_, Verdict::Failed) => Ok(Exit::Failed),
            (_, Verdict::Skipped { .. }) => Ok(Exit::Skipped),
            (worst, Verdict::Passed { .. }) => worst,
        };
    }
    worst
}

/// Runs cargo with its output passed through.
fn cargo(root: &Path, args: &[&str]) -> Result<Exit, Trouble> {
    let status = command(root, args)
        .status()
        .map_err(|error| Trouble::OurFault(format!("cannot run cargo: {error}").into()))?;
    Ok(if status.success() {
        Exit::Done
    } else {
        Exit::Failed
    })
}

fn command(root: &Path, args: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(args)
        .current_dir(root)
        .env("RUSTDOCFLAGS", "-D warnings");
    command
}
