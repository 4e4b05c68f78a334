//! In what a scene differs from the expected one.

use crate::place::Way;
use crate::reel::Reel;
use film::scene::Scene;

/// A fact about a scene that a correct kernel comes to, whoever wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fact {
    /// What it is about.
    pub what: String,
    /// What the scene says of it; empty for nothing.
    pub says: String,
}

/// How much of the memory is in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct InUse {
    /// Frames, without the zero page and page tables.
    pub frames: usize,
    /// Swap slots.
    pub slots: usize,
}

/// The facts of a scene, and what was in use after it. Frames go by their names in the
/// log, as their numbers depend on the order in which a kernel allocates. Flushes are left
/// out: how many are needed depends on how clever a kernel is.
pub fn compared(scene: &Scene, after: InUse) -> Vec<Fact> {
    let mut facts = Facts(Vec::new());
    facts.add("event", scene.text.clone());
    facts.add("class", scene.class.clone());
    facts.add(
        "value",
        scene
            .value
            .map_or_else(String::new, |value| value.to_string()),
    );
    facts.add("ends with", scene.end.clone().unwrap_or_default());
    for (number, fault) in (1..).zip(&scene.faults) {
        let of = |what: &str| match number {
            1 => what.to_owned(),
            _ => format!("{what} ({number})"),
        };
        facts.add(of("VMA"), fault.vma.clone().unwrap_or_default());
        facts.add(of("entry before"), fault.before.clone());
        facts.add(of("entry after"), fault.after.clone());
    }
    facts.add("frames in use", after.frames.to_string());
    facts.add("swap slots in use", after.slots.to_string());
    for name in ["zeroed", "copied", "disk-reads", "disk-writes"] {
        let count = scene.cost.get(name);
        facts.add(name, count.map_or_else(String::new, ToString::to_string));
    }
    let violations = scene
        .violations
        .iter()
        .map(|violation| violation.what.as_str());
    facts.add("audit", violations.collect::<Vec<_>>().join("; "));
    facts.0
}

struct Facts(Vec<Fact>);

impl Facts {
    fn add(&mut self, what: impl Into<String>, says: String) {
        let what = what.into();
        self.0.push(Fact { what, says });
    }
}

/// A fact of both films.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// What it is about.
    pub what: String,
    /// What the own film says.
    pub own: String,
    /// What the expected one says.
    pub expected: String,
}

impl Pair {
    /// Whether the two say the same.
    pub fn agrees(&self) -> bool {
        self.own == self.expected
    }
}

/// The facts of a scene in both films, side by side.
pub fn pairs(own: &[Fact], expected: &[Fact]) -> Vec<Pair> {
    let says = |facts: &[Fact], what: &str| {
        let found = facts.iter().find(|fact| fact.what == what);
        found.map(|fact| fact.says.clone()).unwrap_or_default()
    };
    let only_expected = expected
        .iter()
        .filter(|fact| own.iter().all(|o| o.what != fact.what));
    let all = own.iter().chain(only_expected);
    all.map(|fact| Pair {
        what: fact.what.clone(),
        own: says(own, &fact.what),
        expected: says(expected, &fact.what),
    })
    .collect()
}

/// Whether a scene is the same in both films. One that only one film has is not; but as
/// long as a film is still being written, it is not known.
pub fn differs(own: &Reel, expected: &Reel, scene: usize) -> bool {
    match (own.mark(scene), expected.mark(scene)) {
        (Some(a), Some(b)) => a.digest != b.digest,
        (Some(_), None) => expected.end.is_some(),
        (None, Some(_)) => own.end.is_some(),
        (None, None) => false,
    }
}

/// The next scene behind this one, or before it, that differs.
pub fn find(own: &Reel, expected: &Reel, from: usize, way: Way) -> Option<usize> {
    let len = own.len().max(expected.len());
    way.scenes(from, len)
        .find(|&scene| differs(own, expected, scene))
}
