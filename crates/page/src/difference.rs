//! What two runs of one event differ in, in words.

use std::collections::BTreeMap;

use film::scene::{Scene, Violation};
use serde::Serialize;

/// Counters that depend on how clever a kernel is, not on whether it is right.
const NOT_COMPARED: [&str; 4] = [
    "local-flushes",
    "remote-flushes",
    "needless-flushes",
    "table-pages",
];

/// What stands where a run says nothing.
const NOTHING: &str = "nothing";

/// A fact that two runs tell differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What it is about: `the class`, …
    pub what: String,
    /// What the first run says.
    pub yours: String,
    /// What the second run says.
    pub expected: String,
}

/// All facts that two runs of the same event tell differently, the most telling first.
pub fn differences(yours: &Scene, expected: &Scene) -> Vec<Difference> {
    let mut all = vec![
        said("the event", &yours.text, &expected.text),
        said("the class", &yours.class, &expected.class),
        said(
            "the value that was read",
            number(yours.value),
            number(expected.value),
        ),
        said(
            "the signal or error",
            yours.end.as_deref().unwrap_or_default(),
            expected.end.as_deref().unwrap_or_default(),
        ),
    ];
    all.extend(entries(yours, expected));
    all.push(said(
        "what the audit found wrong",
        broken(&yours.violations),
        broken(&expected.violations),
    ));
    all.push(said(
        "what it cost",
        cost(&yours.cost),
        cost(&expected.cost),
    ));
    all.retain(|difference| difference.yours != difference.expected);
    all
}

/// The entry after each fault that both runs took.
fn entries<'a>(yours: &'a Scene, expected: &'a Scene) -> impl Iterator<Item = Difference> + 'a {
    let pairs = yours.faults.iter().zip(&expected.faults);
    (1..).zip(pairs).map(|(number, (yours, expected))| {
        let what = match number {
            1 => "the page-table entry after the fault".to_owned(),
            _ => format!("the page-table entry after fault {number}"),
        };
        said(&what, &yours.after, &expected.after)
    })
}

fn said(what: &str, yours: impl Into<String>, expected: impl Into<String>) -> Difference {
    let words = |text: String| match text.is_empty() {
        true => NOTHING.to_owned(),
        false => text,
    };
    Difference {
        what: what.to_owned(),
        yours: words(yours.into()),
        expected: words(expected.into()),
    }
}

fn number(value: Option<u64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn broken(violations: &[Violation]) -> String {
    let what: Vec<&str> = violations.iter().map(|v| v.what.as_str()).collect();
    what.join("; ")
}

fn cost(cost: &BTreeMap<String, u64>) -> String {
    let compared = cost
        .iter()
        .filter(|(name, count)| !NOT_COMPARED.contains(&name.as_str()) && **count > 0);
    let told: Vec<String> = compared
        .map(|(name, count)| format!("{name}={count}"))
        .collect();
    told.join(" ")
}
