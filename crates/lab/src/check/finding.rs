//! The first thing that is wrong, and why: the student's run beside the expected one.

use std::fs;
use std::path::Path;

use ::verdict::end::End;
use ::verdict::words::{self, Words};
use course::catalogue::{Lab, Trace};
use film::scene::{Call, Fault};
use film::state::Target;
use runner::log::Oracle;
use vmsim::handlers::Hole;

use super::launch;
use super::twice::{Twice, repairs, touches};
use super::verdict::{Did, Differs, Earlier, Finding, TraceVerdict};
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
        let twice = Twice::new(&own, &right, line);
        let victim = twice.other_victim();
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
            before: twice.other_entry().map(str::to_owned),
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

    /// The event that left the page as it is, where that may be what is wrong.
    fn earlier(&self, twice: &Twice<'_>) -> Option<Earlier> {
        let (pid, page) = self.page(twice)?;
        let mut before = twice.before.iter().rev();
        let own = before.find(|scene| touches(scene, pid, page));
        let expected = pid.and_then(|pid| twice.expected_change(pid, page));
        let missed = expected.filter(|(scene, _)| {
            twice.other_entry().is_some() && own.is_none_or(|own| own.line < scene.line)
        });
        let line = missed.map(|(scene, _)| scene.line);
        let scene = match line {
            Some(line) => twice.before.iter().find(|scene| scene.line == line)?,
            None => own?,
        };
        let of_page = |fault: &&Fault| fault.page == page && pid.is_none_or(|it| it == fault.pid);
        let calls = match scene.faults.iter().rfind(of_page) {
            Some(fault) => fault.calls.clone(),
            None => {
                let for_others = scene.faults.iter().flat_map(|fault| &fault.calls);
                for_others.chain(&scene.calls).cloned().collect()
            }
        };
        let should = missed.map(|(_, target)| match target {
            Some(Target::Slot(_)) => Hole::ForkSwapped,
            _ => Hole::ForkPage,
        });
        Some(Earlier {
            line: scene.line,
            event: scene.text.clone(),
            class: scene.class.clone(),
            missed: missed.is_some(),
            hole: should
                .filter(|_| scene.op == "fork")
                .map(|hole| hole.name().to_owned()),
            did: self.did(&calls),
        })
    }

    /// The page whose history may tell what is wrong: of an event that took no fault of its
    /// own, or one that it should not have taken so, or of a value; at the end of the
    /// trace, the page that the audit names.
    fn page(&self, twice: &Twice<'_>) -> Option<(Option<u32>, u64)> {
        let differs = self.verdict.difference.as_ref()?;
        let Some(now) = twice.own else {
            let told = differs
                .got
                .split("0x")
                .nth(1)
                .filter(|_| differs.line == 0)?;
            let digits = told.split(|c: char| !c.is_ascii_hexdigit()).next()?;
            return Some((None, u64::from_str_radix(digits, 16).ok()? >> 12));
        };
        let did_nothing = now.faults.is_empty() && now.calls.is_empty();
        let is_value = words::oracle(differs.oracle) == Some(Oracle::Value);
        let asks = did_nothing || is_value || twice.is_a_consequence();
        let (pid, page) = (now.pid?, now.addr? >> 12);
        asks.then_some((Some(pid), page))
    }

    /// The hole that seems to be to blame.
    fn blame(&self, finding: &Finding, twice: &Twice<'_>) -> Option<Hole> {
        let hole_at = |at: &str| Line::parse(at).and_then(|line| self.workspace.hole_of(&line));
        let at = self.verdict.at.as_deref();
        let told = at.filter(|_| self.verdict.ended_there()).and_then(hole_at);
        let accused = || {
            let got = &self.verdict.difference.as_ref()?.got;
            let at = got.split(" at ").last()?;
            at.starts_with(SOURCES).then(|| hole_at(at)).flatten()
        };
        let investigated = || twice.misjudged();
        let acted = || finding.did.iter().rev().find_map(|did| hole_at(&did.at));
        let before = || {
            let earlier = finding.before_that.as_ref()?;
            let missed = earlier.hole.as_deref().and_then(Hole::named);
            let did = || earlier.did.iter().rev().find_map(|did| hole_at(&did.at));
            missed.or_else(did)
        };
        let unfinished = || {
            let expected = twice.expected_fault().filter(|_| twice.own.is_none())?;
            repairs(&expected.class)
        };
        let only = || match self.trace.holes[..] {
            [hole] => Some(hole),
            _ => None,
        };
        // Who acted need not be who was wrong: a trace knows better what it is for.
        let is_asked = |hole: &Hole| self.trace.holes.contains(hole);
        let chose = || finding.victim.as_ref().map(|_| Hole::ChooseVictim);
        // What is a `todo!` ends a run, and does not hold it up.
        let is_written = |hole: &Hole| self.workspace.unwritten(*hole).is_none();
        let unfinished = || match self.verdict.end {
            End::TimeLimit => unfinished().filter(is_written).or(Some(Hole::Classify)),
            _ => unfinished(),
        };
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

fn in_words(difference: &Differs) -> Option<Words> {
    let oracle = words::oracle(difference.oracle)?;
    Some(words::words(oracle, &difference.expected, &difference.got))
}
