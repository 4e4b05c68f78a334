//! An event in two films: the student's run beside the expected one.

use ::verdict::explanation::Explanation;
use film::scene::{Call, Fault, Scene};
use film::state::{Change, Target};
use vmsim::handlers::Hole;

use super::verdict::{Classified, Victim};

/// An event in two films.
pub(super) struct Twice<'a> {
    /// The student's run before this event.
    pub before: &'a [Scene],
    /// The event in the student's run; none if that did not come to its end.
    pub own: Option<&'a Scene>,
    /// The expected run before this event.
    right_before: &'a [Scene],
    /// The same event, as it is expected.
    expected: Option<&'a Scene>,
    /// Which of the faults is the one that differs.
    fault: usize,
}

impl<'a> Twice<'a> {
    /// The event of a line; 0 is the end of the trace, which is behind all events.
    pub fn new(own: &'a [Scene], right: &'a [Scene], line: u64) -> Self {
        let split = |film: &'a [Scene]| {
            let at = film.iter().position(|scene| scene.line == line);
            let before = &film[..at.unwrap_or(film.len())];
            (before, at.map(|at| &film[at]))
        };
        let ((before, own), (right_before, expected)) = (split(own), split(right));
        let faults = own.map_or(&[][..], |scene| &scene.faults);
        let right = expected.map_or(&[][..], |scene| &scene.faults);
        let same = |(a, b): &(&Fault, &Fault)| {
            (&a.class, &a.after, verdict(a)) == (&b.class, &b.after, verdict(b))
        };
        let first = faults.iter().zip(right).take_while(same).count();
        let last = faults.len().max(right.len()).saturating_sub(1);
        Self {
            before,
            own,
            right_before,
            expected,
            fault: first.min(last),
        }
    }

    pub fn own_fault(&self) -> Option<&'a Fault> {
        self.own?.faults.get(self.fault)
    }

    /// The student's fault, if its handlers came to their end.
    pub fn left(&self) -> Option<&'a Fault> {
        self.own_fault().filter(|fault| !fault.class.is_empty())
    }

    /// Whether what is wrong was done earlier: there should be no fault at all, or the
    /// entry should be another one.
    pub fn is_a_consequence(&self) -> bool {
        let no_fault = self.expected.is_some_and(|scene| scene.faults.is_empty());
        no_fault && self.own_fault().is_some() || self.other_entry().is_some()
    }

    /// What the student's entry was before the fault, if it should have been another one.
    pub fn other_entry(&self) -> Option<&'a str> {
        let (own, right) = (self.own_fault()?, self.expected_fault()?);
        (own.before != right.before).then_some(&own.before)
    }

    /// The last event before this one at which the expected run changed the entry of a
    /// page, and what it became.
    pub fn expected_change(&self, pid: u32, page: u64) -> Option<(&'a Scene, Option<Target>)> {
        let changed = |scene: &'a Scene| {
            let entry = scene.changes.iter().rev().find_map(|change| match change {
                Change::Page(p, v, entry) if (*p, *v) == (pid, page) => Some(entry),
                _ => None,
            })?;
            Some((scene, entry.as_ref().map(|entry| entry.to)))
        };
        self.right_before.iter().rev().find_map(changed)
    }

    /// The first event of both runs at which they took memory from different pages.
    pub fn other_victim(&self) -> Option<Victim> {
        let own = self.before.iter().chain(self.own);
        let both = own.zip(self.right_before.iter().chain(self.expected));
        let mut both = both.map(|(own, right)| (own, evicted(own), evicted(right)));
        let (scene, got, expected) = both.find(|(_, got, expected)| got != expected)?;
        // One that evicts where the other does not has made another mistake.
        (!got.is_empty() && !expected.is_empty()).then(|| Victim {
            line: scene.line,
            event: scene.text.clone(),
            expected,
            got,
        })
    }

    /// The faults of an event that the student's run did not come out of, if they cannot be
    /// a part of what is expected: another verdict, another repair, or one fault too many.
    ///
    /// In the words of a log: `minor demand-zero then reuse`.
    pub fn strayed_to(&self) -> Option<String> {
        let (own, right) = (&self.own?.faults, &self.expected?.faults);
        let is_astray = |(at, fault): (usize, &Fault)| match right.get(at) {
            None => true,
            Some(_) if is_undecided(fault) => false,
            Some(right) => {
                let is_repaired = !fault.class.is_empty();
                verdict(fault) != verdict(right) || is_repaired && fault.class != right.class
            }
        };
        own.iter().enumerate().any(is_astray).then(|| {
            let told = own.iter().map(|fault| match fault.class.as_str() {
                "" if is_undecided(fault) => "another fault",
                "" => named(fault),
                class => class,
            });
            told.collect::<Vec<_>>().join(" then ")
        })
    }

    pub fn expected_fault(&self) -> Option<&'a Fault> {
        self.expected?.faults.get(self.fault)
    }

    /// Up to the fault both runs are the same, so what the MMU saw is, too.
    pub fn explanation(&self) -> Explanation {
        let signal = self.expected.and_then(|scene| scene.end.clone());
        match (self.expected_fault(), self.own_fault()) {
            (Some(fault), _) => Explanation {
                signal,
                ..Explanation::of_fault(fault)
            },
            (None, Some(fault)) => Explanation {
                after: None,
                rule: None,
                ..Explanation::of_fault(fault)
            },
            (None, None) => Explanation {
                signal,
                ..Explanation::default()
            },
        }
    }

    pub fn calls(&self) -> &'a [Call] {
        match (self.own_fault(), self.own) {
            (Some(fault), _) => &fault.calls,
            (None, Some(scene)) => &scene.calls,
            (None, None) => &[],
        }
    }

    pub fn other_vma(&self) -> Option<String> {
        let (own, right) = (self.own_fault()?, self.expected_fault()?);
        (own.vma != right.vma).then(|| match (&own.vma, &right.vma) {
            (Some(vma), None) => format!("{vma}, grown"),
            (Some(vma), Some(_)) => vma.clone(),
            (None, _) => "none: the stack did not grow".to_owned(),
        })
    }

    pub fn classified(&self) -> Option<Classified> {
        let (own, right) = (
            verdict(self.own_fault()?)?,
            verdict(self.expected_fault()?)?,
        );
        let is_own = own != right && own != "none" && self.other_entry().is_none();
        is_own.then(|| Classified {
            expected: right.to_owned(),
            got: own.to_owned(),
        })
    }

    /// The hole that investigates, if it came to another conclusion.
    pub fn misjudged(&self) -> Option<Hole> {
        let (own, right) = (self.own_fault()?, self.expected_fault()?);
        if own.before != right.before {
            return None;
        }
        if own.vma != right.vma {
            return Some(Hole::GrowStack);
        }
        if verdict(own) != verdict(right) {
            return Some(Hole::Classify);
        }
        let ends_in_signal = !right.resumes && right.class != "oom";
        ends_in_signal.then_some(Hole::Deliver)
    }
}

/// The hole that repairs a class of faults.
pub(super) fn repairs(class: &str) -> Option<Hole> {
    let repair = class.split(' ').nth(1)?;
    Hole::named(&repair.replace('-', "_"))
}

/// What `classify` said, in words.
fn verdict(fault: &Fault) -> Option<&str> {
    let mut lines = fault.steps[3].iter();
    lines
        .find_map(|line| line.strip_prefix("verdict:"))
        .map(str::trim)
}

/// What `classify` named: a repair, or a signal.
fn named(fault: &Fault) -> &str {
    let words = verdict(fault).unwrap_or_default();
    let words = words.strip_prefix("no repair, ").unwrap_or(words);
    words.split(',').next().unwrap_or(words)
}

/// Whether `classify` has not come to a verdict.
fn is_undecided(fault: &Fault) -> bool {
    verdict(fault).is_none_or(|verdict| verdict.starts_with("none"))
}

/// Whether the handlers of an event faulted on a page, or changed its entry. No process
/// means any.
pub(super) fn touches(scene: &Scene, pid: Option<u32>, page: u64) -> bool {
    let is_it = |p: u32, v: u64| v == page && pid.is_none_or(|pid| pid == p);
    let faulted = scene.faults.iter().any(|it| is_it(it.pid, it.page));
    let acted = !scene.calls.is_empty() || scene.faults.iter().any(|it| !it.calls.is_empty());
    let changed = |change: &Change| matches!(change, Change::Page(p, v, _) if is_it(*p, *v));
    faulted || acted && scene.changes.iter().any(changed)
}

/// The pages that a fault took memory from, so that it could go on.
fn evicted(scene: &Scene) -> Vec<String> {
    let is_own = |pid, page| {
        scene
            .faults
            .iter()
            .any(|it| it.pid == pid && it.page == page)
    };
    let lost = |change: &Change| match change {
        Change::Page(pid, page, entry) if !is_own(*pid, *page) => {
            let is_gone = entry
                .as_ref()
                .is_none_or(|it| matches!(it.to, Target::Slot(_)));
            is_gone.then(|| format!("{:#x} of process {pid}", page << 12))
        }
        _ => None,
    };
    let changes = scene.changes.iter().filter(|_| !scene.faults.is_empty());
    let mut pages: Vec<String> = changes.filter_map(lost).collect();
    pages.sort();
    pages
}
