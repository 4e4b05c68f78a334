//! A scene in a form that a browser can read.
//!
//! Numbers of JavaScript have 53 bits, addresses have 64: they are told as text.

use std::collections::BTreeMap;

use film::scene::{Call, Fault, Outcome, Scene, Violation, Walked};
use film::state::Change;
use serde::Serialize;

/// A scene as the page has it.
#[derive(Serialize)]
pub struct Told<'a> {
    line: u64,
    text: &'a str,
    op: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pid: Option<u32>,
    cpu: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    addr: Option<String>,
    class: &'a str,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<ToldFault<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    calls: &'a [Call],
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    violations: &'a [Violation],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    cost: &'a BTreeMap<String, u64>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    changes: &'a [Change],
}

#[derive(Serialize)]
struct ToldFault<'a> {
    class: &'a str,
    pid: u32,
    page: u64,
    addr: String,
    resumes: bool,
    steps: &'a [Vec<String>; 7],
    walk: &'a [Walked],
    #[serde(skip_serializing_if = "Option::is_none")]
    vma: Option<&'a str>,
    before: &'a str,
    after: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_says: Option<&'a str>,
}

impl<'a> From<&'a Scene> for Told<'a> {
    fn from(scene: &'a Scene) -> Self {
        Told {
            line: scene.line,
            text: &scene.text,
            op: &scene.op,
            pid: scene.pid,
            cpu: scene.cpu,
            addr: scene.addr.map(hex),
            class: &scene.class,
            outcome: scene.outcome,
            value: scene.value.map(|value| value.to_string()),
            end: scene.end.as_deref(),
            faults: scene.faults.iter().map(ToldFault::from).collect(),
            calls: &scene.calls,
            note: scene.note.as_deref(),
            violations: &scene.violations,
            cost: &scene.cost,
            changes: &scene.changes,
        }
    }
}

impl<'a> From<&'a Fault> for ToldFault<'a> {
    fn from(fault: &'a Fault) -> Self {
        ToldFault {
            class: &fault.class,
            pid: fault.pid,
            page: fault.page,
            addr: hex(fault.addr),
            resumes: fault.resumes,
            steps: &fault.steps,
            walk: &fault.walk,
            vma: fault.vma.as_deref(),
            before: &fault.before,
            after: &fault.after,
            rule: fault.rule.as_deref(),
            rule_says: fault.rule_says.as_deref(),
        }
    }
}

fn hex(addr: u64) -> String {
    format!("{addr:#x}")
}
