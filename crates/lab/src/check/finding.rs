//! The first thing that is wrong, and why: the student's run beside the expected one.

use std::fs;
use std::path::Path;

use ::verdict::end::End;
use ::verdict::explanation::Explanation;
use ::verdict::words::{self, Words};
use course::catalogue::{Lab, Trace};
use film::scene::{Call, Fault, Scene};
use film::state::{Change, Target};
use vmsim::handlers::Hole;

use super::launch;
use super::verdict::{Classified, Did, Differs, Earlier, Finding, TraceVerdict, Victim};
use crate::expected;
use crate::report::Failure;
use crate::workspace::{Line, SOURCES, Workspace};

/// A trace that failed.
pub(crate) struct Suspect<'a> {
    pub workspace: &'a Workspace,
    pub program: &'a Path,
    pub lab: &'a Lab,
    pub trace: &'a Trace,
    pub verdict: &'a TraceVerdict,
}

/// An event in two films.
struct Twice<'a> {
    /// The student's run, up to this event.
    own: &'a [Scene],
    /// The same event, as it is expected.
    expected: Option<&'a Scene>,
    /// Which of the faults is the one that differs.
    fault: usize,
}

impl Suspect<'_> {
    /// Films the run, and finds what helps to see why it failed.
    pub fn examine(&self) -> Result<Finding, Failure> {
        let line = self.verdict.difference.as_ref().map_or(0, |it| it.line);
        let content = fs::read(&self.trace.path)
            .map_err(|error| Failure::Internal(format!("{}: {error}", self.trace.name)))?;
        // A run that does not end shows nothing of the event that it does not end in.
        let own = match self.verdict.end {
            End::TimeLimit => Vec::new(),
            _ => expected::scenes(&launch::film(self.program, &content)?),
        };
        let film = expected::film(&self.workspace.root, &self.trace.path)?;
        let right = film.map(|film| expected::scenes(&film)).unwrap_or_default();
        let until = own.iter().position(|scene| scene.line == line);
        let twice = Twice::new(
            until.map_or(&own[..0], |at| &own[..=at]),
            right.iter().find(|scene| scene.line == line),
        );
        let victim = other_victim(twice.own, &right);
        let words = self.verdict.difference.as_ref().and_then(in_words);
        let before_that = self.earlier(&twice);
        let mut finding = Finding {
            lab: self.lab.number,
            trace: self.trace.name.clone(),
            file: self.workspace.short(&self.trace.path),
            teaches: self.trace.teaches.clone(),
            hole: None,
            expected: words.as_ref().map(|words| words.expected.clone()),
            got: words.as_ref().map(|words| words.got.clone()),
            meaning: words.and_then(|words| words.meaning),
            explanation: twice.explanation(),
            vma: twice.other_vma(),
            after: twice
                .left()
                .filter(|_| !twice.is_a_consequence())
                .map(|fault| fault.after.clone()),
            classified: twice.classified(),
            decided: match &victim {
                Some(_) => self.decided(Hole::ChooseVictim),
                None => twice.misjudged().and_then(|hole| self.decided(hole)),
            },
            did: match twice.misjudged() {
                Some(_) => Vec::new(),
                None if twice.is_a_consequence() || victim.is_some() => Vec::new(),
                None => self.did(twice.calls()),
            },
            before_that: before_that.filter(|_| victim.is_none()),
            victim,
        };
        finding.hole = self
            .blame(&finding, &twice)
            .map(|hole| hole.name().to_owned());
        Ok(finding)
    }

    /// What the student's code did.
    fn did(&self, calls: &[Call]) -> Vec<Did> {
        let own = calls.iter().filter(|call| call.at.starts_with(SOURCES));
        own.map(|call| Did {
            at: call.at.clone(),
            source: Line::parse(&call.at).and_then(|line| self.workspace.text(&line)),
            what: call.what.clone(),
        })
        .collect()
    }

    /// Where a decision is made that no service shows.
    fn decided(&self, hole: Hole) -> Option<Did> {
        let at = self.workspace.function(hole)?;
        Some(Did {
            source: self.workspace.text(&at),
            at: at.to_string(),
            what: format!("decided by `{}`", hole.name()),
        })
    }

    /// The event that left the page as it is, where this one took no fault itself.
    fn earlier(&self, twice: &Twice<'_>) -> Option<Earlier> {
        let (now, before) = twice.own.split_last()?;
        let (pid, page) = (now.pid?, now.addr? >> 12);
        let did_nothing = now.faults.is_empty() && now.calls.is_empty();
        if !did_nothing && !twice.is_a_consequence() {
            return None;
        }
        let scene = before
            .iter()
            .rev()
            .find(|scene| touches(scene, pid, page))?;
        let of_page = |fault: &&Fault| fault.page == page && fault.pid == pid;
        let calls = match scene.faults.iter().rfind(of_page) {
            Some(fault) => fault.calls.clone(),
            None => {
                let for_others = scene.faults.iter().flat_map(|fault| &fault.calls);
                for_others.chain(&scene.calls).cloned().collect()
            }
        };
        Some(Earlier {
            line: scene.line,
            event: scene.text.clone(),
            class: scene.class.clone(),
            did: self.did(&calls),
        })
    }

    /// The hole that seems to be to blame.
    fn blame(&self, finding: &Finding, twice: &Twice<'_>) -> Option<Hole> {
        let hole_at = |at: &str| Line::parse(at).and_then(|line| self.workspace.hole_of(&line));
        let told = self.verdict.at.as_deref().and_then(hole_at);
        let accused = || {
            let got = &self.verdict.difference.as_ref()?.got;
            let at = got.split(" at ").last()?;
            at.starts_with(SOURCES).then(|| hole_at(at)).flatten()
        };
        let investigated = || twice.misjudged();
        let acted = || finding.did.iter().rev().find_map(|did| hole_at(&did.at));
        let before = || {
            let did = &finding.before_that.as_ref()?.did;
            did.iter().rev().find_map(|did| hole_at(&did.at))
        };
        let unfinished = || {
            let expected = twice.expected_fault().filter(|_| twice.own.is_empty())?;
            repairs(&expected.class)
        };
        let only = || match self.trace.holes[..] {
            [hole] => Some(hole),
            _ => None,
        };
        // Who acted need not be who was wrong: a trace knows better what it is for.
        let is_asked = |hole: &Hole| self.trace.holes.contains(hole);
        let chose = || finding.victim.as_ref().map(|_| Hole::ChooseVictim);
        told.or_else(accused)
            .or_else(investigated)
            .or_else(chose)
            .or_else(|| acted().filter(is_asked))
            .or_else(|| before().filter(is_asked))
            .or_else(acted)
            .or_else(before)
            .or_else(unfinished)
            .or_else(only)
    }
}

impl<'a> Twice<'a> {
    fn new(own: &'a [Scene], expected: Option<&'a Scene>) -> Self {
        let mut twice = Self {
            own,
            expected,
            fault: 0,
        };
        let faults = own.last().map_or(&[][..], |scene| &scene.faults);
        let right = expected.map_or(&[][..], |scene| &scene.faults);
        let same = |(a, b): &(&Fault, &Fault)| {
            (&a.class, &a.after, verdict(a)) == (&b.class, &b.after, verdict(b))
        };
        let first = faults.iter().zip(right).take_while(same).count();
        let last = faults.len().max(right.len()).saturating_sub(1);
        twice.fault = first.min(last);
        twice
    }

    fn own_fault(&self) -> Option<&'a Fault> {
        self.own.last()?.faults.get(self.fault)
    }

    /// The student's fault, if its handlers came to their end.
    fn left(&self) -> Option<&'a Fault> {
        self.own_fault().filter(|fault| !fault.class.is_empty())
    }

    /// Whether there should be no fault at all: what made it was done earlier.
    fn is_a_consequence(&self) -> bool {
        let no_fault = self.expected.is_some_and(|scene| scene.faults.is_empty());
        no_fault && self.own_fault().is_some()
    }

    fn expected_fault(&self) -> Option<&'a Fault> {
        self.expected?.faults.get(self.fault)
    }

    /// Up to the fault both runs are the same, so what the MMU saw is, too.
    fn explanation(&self) -> Explanation {
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

    fn calls(&self) -> &'a [Call] {
        match (self.own_fault(), self.own.last()) {
            (Some(fault), _) => &fault.calls,
            (None, Some(scene)) => &scene.calls,
            (None, None) => &[],
        }
    }

    fn other_vma(&self) -> Option<String> {
        let (own, right) = (self.own_fault()?, self.expected_fault()?);
        (own.vma != right.vma).then(|| match (&own.vma, &right.vma) {
            (Some(vma), None) => format!("{vma}, grown"),
            (Some(vma), Some(_)) => vma.clone(),
            (None, _) => "none: the stack did not grow".to_owned(),
        })
    }

    fn classified(&self) -> Option<Classified> {
        let (own, right) = (
            verdict(self.own_fault()?)?,
            verdict(self.expected_fault()?)?,
        );
        (own != right && own != "none").then(|| Classified {
            expected: right.to_owned(),
            got: own.to_owned(),
        })
    }

    /// The hole that investigates, if it came to another conclusion.
    fn misjudged(&self) -> Option<Hole> {
        let (own, right) = (self.own_fault()?, self.expected_fault()?);
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
fn repairs(class: &str) -> Option<Hole> {
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

/// Whether an event changed the entry of a page, or faulted on it.
fn touches(scene: &Scene, pid: u32, page: u64) -> bool {
    let faulted = scene
        .faults
        .iter()
        .any(|it| it.pid == pid && it.page == page);
    let is_it =
        |change: &Change| matches!(change, Change::Page(p, v, _) if *p == pid && *v == page);
    let acted = !scene.calls.is_empty() || scene.faults.iter().any(|it| !it.calls.is_empty());
    faulted || acted && scene.changes.iter().any(is_it)
}

/// The first event of both runs at which they took memory from different pages.
fn other_victim(own: &[Scene], right: &[Scene]) -> Option<Victim> {
    let both = own.iter().zip(right);
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

fn in_words(difference: &Differs) -> Option<Words> {
    let oracle = words::oracle(difference.oracle)?;
    Some(words::words(oracle, &difference.expected, &difference.got))
}
