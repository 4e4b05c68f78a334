//! Is a check's verdict the one that a fresh handout, or a solved one, must have?

use serde::Deserialize;

use crate::proof::REMEDY;
use crate::refusal::Finding;

/// What a check must come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// No point, and every hole not written yet.
    Nothing,
    /// All points, and everything passed.
    Everything,
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

/// What a check says and must not say: `checked` is what `cargo lab check --format json`
/// printed.
///
/// # Errors
///
/// If it is of another form.
pub fn wrong(checked: &str, expected: Expected) -> Result<Vec<Finding>, serde_json::Error> {
    let checked: Checked = serde_json::from_str(checked)?;
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
    Ok(found)
}
