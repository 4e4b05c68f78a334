//! Why a kernel does what it does at an event: what a student should look at.

use film::scene::{Fault, Scene};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the kernel looked at, and the rule that decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    /// What the MMU saw, a line each: who wanted what, and what refused it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mmu: Vec<String>,
    /// The VMA, or that there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vma: Option<String>,
    /// The page-table entry before the fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The entry after the fault, as the reference leaves it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The rule that decided, by its number, and what it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The signal, if it ends in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<String>,
}

impl Explanation {
    /// What decides at an event: at its last fault, which is the one that it ends with.
    pub fn of_scene(scene: &Scene) -> Self {
        let told = scene.faults.last().map(Self::of_fault);
        Self {
            signal: scene.end.clone(),
            ..told.unwrap_or_default()
        }
    }

    /// What decides at a fault.
    pub fn of_fault(fault: &Fault) -> Self {
        let none = || "none covers the address".to_owned();
        let rule = |number| match &fault.rule_says {
            Some(says) => format!("{number}: {says}"),
            None => number,
        };
        Self {
            mmu: fault.steps[0].clone(),
            vma: Some(fault.vma.clone().unwrap_or_else(none)),
            before: Some(fault.before.clone()),
            after: Some(fault.after.clone()),
            rule: fault.rule.clone().map(rule),
            signal: None,
        }
    }

    /// The same, a fact and its name each, in the order in which a kernel comes to know
    /// them.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let mmu = (!self.mmu.is_empty()).then(|| self.mmu.join("; "));
        let facts = [
            ("MMU", mmu),
            ("VMA", self.vma.clone()),
            ("PTE before", self.before.clone()),
            ("PTE after", self.after.clone()),
            ("signal", self.signal.clone()),
            ("rule", self.rule.clone()),
        ];
        let known = facts.into_iter();
        known
            .filter_map(|(name, fact)| Some((name, fact?)))
            .collect()
    }
}
