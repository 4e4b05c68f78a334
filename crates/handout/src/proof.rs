//! Does it build, is it worth nothing, and can it be solved?
//!
//! The proof is what a student would see: in a folder of its own, without a network and
//! without anything that the instructor's workspace has built, the handout must build
//! without a warning, be formatted, score exactly nothing, with every hole *not written
//! yet*, and score everything once the solution is dropped in.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use cargo_metadata::Message;
use cargo_metadata::diagnostic::DiagnosticLevel;
use serde::Deserialize;

use crate::refusal::{Finding, Refusal, io_error, refuse};
use crate::skeleton::{PARTS, Role, SKELETON, SOLUTION};

/// What to do if a proof fails.
const REMEDY: &str = "make the same handout with `--no-proof` and look there";

/// Proves a handout in `folder`, which is spoiled, with the solution of the workspace at
/// `root`.
///
/// # Errors
///
/// If any of it does not hold.
pub fn prove(folder: &Path, root: &Path, say: &dyn Fn(&str)) -> Result<(), Refusal> {
    let target = tempfile::tempdir().map_err(io_error(Path::new("a temporary folder")))?;
    let student = Student {
        folder,
        target: target.path(),
    };
    say("the handout builds without a warning");
    student.builds()?;
    say("it is formatted");
    student.is_formatted()?;
    say("it scores 0, and every hole is not written yet");
    student.scores(Expected::Nothing)?;
    say("it scores everything with the solution");
    drop_in(folder, root)?;
    student.scores(Expected::Everything)
}

/// What a check must come to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    Nothing,
    Everything,
}

/// A student with a fresh handout.
struct Student<'a> {
    folder: &'a Path,
    target: &'a Path,
}

impl Student<'_> {
    fn builds(&self) -> Result<(), Refusal> {
        let output = self.cargo(&["build", "--workspace", "--locked", "--message-format=json"])?;
        let messages = Message::parse_stream(output.stdout.as_slice());
        let mut found = Vec::new();
        for message in messages.filter_map(Result::ok) {
            if let Message::CompilerMessage(message) = message
                && matches!(
                    message.message.level,
                    DiagnosticLevel::Warning | DiagnosticLevel::Error
                )
            {
                let spans = &message.message.spans;
                let span = spans.iter().find(|span| span.is_primary);
                let path = span.map_or("Cargo.toml", |span| &span.file_name);
                found.push(Finding {
                    line: span.map(|span| span.line_start),
                    ..Finding::file(path, message.message.message.clone(), REMEDY)
                });
            }
        }
        refuse(found)?;
        // Cargo's own warnings, of manifests and settings, are no compiler's messages.
        let said = String::from_utf8_lossy(&output.stderr);
        let warnings = said.lines().filter(|line| line.starts_with("warning"));
        refuse(
            warnings
                .map(|line| Finding::file("Cargo.toml", line, REMEDY))
                .collect(),
        )?;
        succeeded("build", &output)
    }

    fn is_formatted(&self) -> Result<(), Refusal> {
        succeeded("fmt --check", &self.cargo(&["fmt", "--all", "--check"])?)
    }

    /// Compares what `cargo lab check` says with what it must say.
    fn scores(&self, expected: Expected) -> Result<(), Refusal> {
        let output = self.cargo(&["lab", "check", "--format", "json"])?;
        let text = String::from_utf8_lossy(&output.stdout);
        let checked: Checked = serde_json::from_str(&text).map_err(|error| Refusal::Cargo {
            command: "lab check --format json".into(),
            said: format!(
                "{error}\n{text}\n{}",
                String::from_utf8_lossy(&output.stderr)
            ),
        })?;
        refuse(wrong(&checked, expected))?;
        let code = match expected {
            Expected::Nothing => 1,
            Expected::Everything => 0,
        };
        if output.status.code() != Some(code) {
            let what = format!("ended with {}, and not with {code}", output.status);
            return refuse(vec![Finding::file("cargo lab check", what, REMEDY)]);
        }
        // CI of a course of which nothing is written, or all of it, is green.
        let ci = self.cargo(&["lab", "check", "--allow-unwritten"])?;
        succeeded("lab check --allow-unwritten", &ci)
    }

    /// Runs cargo as a student without a network does.
    fn cargo(&self, args: &[&str]) -> Result<Output, Refusal> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        // What cargo and rustup tell us of the instructor's workspace is not for here.
        for (name, _) in std::env::vars_os() {
            let name_text = name.to_string_lossy();
            if name_text.starts_with("CARGO_") && name_text != "CARGO_HOME" {
                command.env_remove(name);
            }
        }
        command
            .args(args)
            .current_dir(self.folder)
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TERM_COLOR", "never")
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_TARGET_DIR", self.target)
            .env_remove("RUSTFLAGS")
            .output()
            .map_err(io_error(Path::new("cargo")))
    }
}

fn succeeded(command: &str, output: &Output) -> Result<(), Refusal> {
    if output.status.success() {
        return Ok(());
    }
    let said = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    Err(Refusal::Cargo {
        command: command.to_owned(),
        said: said.concat().trim().to_owned(),
    })
}

/// Puts the solution's files in the place of the student's, markers and all.
fn drop_in(folder: &Path, root: &Path) -> Result<(), Refusal> {
    let written = |role| matches!(role, Role::Generated | Role::Copied);
    for part in PARTS.iter().filter(|part| written(part.role)) {
        let from = root.join(SOLUTION).join(part.name);
        let to = folder.join(SKELETON).join(part.name);
        fs::copy(&from, &to).map_err(io_error(&from))?;
    }
    Ok(())
}

/// The form of a check that this can read; `crates/lab` writes it.
#[derive(Deserialize)]
struct Checked {
    labs: Vec<CheckedLab>,
}

#[derive(Deserialize)]
struct CheckedLab {
    number: u8,
    points: CheckedPoints,
    parts: Vec<Standing>,
    traces: Vec<Standing>,
}

#[derive(Deserialize)]
struct CheckedPoints {
    passed: f64,
    max: f64,
}

#[derive(Deserialize)]
struct Standing {
    name: String,
    state: String,
}

/// What a check says and must not say.
fn wrong(checked: &Checked, expected: Expected) -> Vec<Finding> {
    let mut found = Vec::new();
    for lab in &checked.labs {
        let place = format!("lab {}", lab.number);
        let CheckedPoints { passed, max } = lab.points;
        let points = match expected {
            Expected::Nothing => 0.0,
            Expected::Everything => max,
        };
        if passed != points {
            let what = format!("{passed} points of {max}, and not {points}");
            found.push(Finding::file(&place, what, REMEDY));
        }
        let allowed: &[&str] = match expected {
            Expected::Nothing => &["not-written", "waits"],
            Expected::Everything => &["passed"],
        };
        for standing in lab.parts.iter().chain(&lab.traces) {
            if !allowed.contains(&standing.state.as_str()) {
                let what = format!("`{}` is {}", standing.name, standing.state);
                found.push(Finding::file(&place, what, REMEDY));
            }
        }
    }
    let sum: f64 = checked.labs.iter().map(|lab| lab.points.max).sum();
    if sum == 0.0 {
        found.push(Finding::file(
            "cargo lab check",
            "no lab gives any points",
            REMEDY,
        ));
    }
    found
}
