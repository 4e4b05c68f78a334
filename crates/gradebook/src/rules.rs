//! What a course decides of the hand-ins of some labs, and which attempt counts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use collect::attempt::Attempt;
use jiff::Timestamp;
use roster::class::{AttemptRule, Class, NoPolicy};
use roster::cost::Cents;
use roster::late::{Allowance, HandedIn, LatePolicy, Worth};
use roster::student::StudentId;

use crate::attempts::{Entered, Role};

/// What a course decides of the hand-ins of some labs.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The course.
    pub class: Class,
    /// The labs that are graded together.
    pub labs: Vec<u8>,
    /// What being late costs; none if it never does.
    pub late: Option<LatePolicy>,
}

/// An attempt, as far as it is known without looking into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Which one of the student's, from 1, in the order of time.
    pub number: u32,
    /// When it was handed in, where that is known.
    pub at: Option<Timestamp>,
    /// Whether the course system calls it late.
    pub marked_late: bool,
}

impl Tried {
    /// What the late policy asks of it.
    pub fn handed_in(self) -> HandedIn {
        HandedIn {
            at: self.at,
            marked_late: self.marked_late,
        }
    }
}

impl From<&Attempt> for Tried {
    fn from(attempt: &Attempt) -> Self {
        Self {
            number: attempt.number,
            at: attempt.at,
            marked_late: attempt.marked_late,
        }
    }
}

impl Rules {
    /// What a course decides of the hand-ins of these labs.
    ///
    /// # Errors
    ///
    /// If the labs are not due at the same time.
    pub fn new(class: Class, labs: &[u8]) -> Result<Self, NoPolicy> {
        Ok(Self {
            late: class.late(labs)?,
            class,
            labs: labs.to_vec(),
        })
    }

    /// What a student has that others have not.
    pub fn allowance(&self, student: &StudentId) -> Allowance {
        self.class.allowance(student, &self.labs)
    }

    /// The attempts of a student of which one will count, the first to be looked at first:
    /// one, unless the best is asked for. What came when there were no points any more is
    /// only among them if there is nothing else.
    pub fn candidates(&self, student: &StudentId, tried: &[Tried]) -> Vec<u32> {
        let allowance = self.allowance(student);
        let is_closed = |one: &&Tried| {
            let late = self.late.as_ref();
            late.is_some_and(|late| late.is_closed(one.handed_in(), allowance))
        };
        let mut open: Vec<&Tried> = tried.iter().filter(|one| !is_closed(one)).collect();
        if open.is_empty() {
            open = tried.iter().collect();
        }
        open.sort_by_key(|one| one.number);
        let one = match self.class.attempt {
            AttemptRule::Latest => open.last(),
            AttemptRule::First => open.first(),
            AttemptRule::Best => return open.iter().map(|one| one.number).collect(),
        };
        one.map(|one| one.number).into_iter().collect()
    }

    /// The attempts of a class, each with whether it counts, or may. Where the best is asked
    /// for, the last of those that may counts until more is known.
    pub fn enter(&self, attempts: &[Attempt]) -> Vec<Entered> {
        let mut tried: BTreeMap<&StudentId, Vec<Tried>> = BTreeMap::new();
        for attempt in attempts {
            tried
                .entry(&attempt.student)
                .or_default()
                .push(Tried::from(attempt));
        }
        let candidates = tried.into_iter();
        let candidates: BTreeMap<&StudentId, Vec<u32>> = candidates
            .map(|(student, tried)| (student, self.candidates(student, &tried)))
            .collect();
        let role = |attempt: &Attempt| match &candidates[&attempt.student] {
            all if all.last() == Some(&attempt.number) => Role::Counts,
            all if all.contains(&attempt.number) => Role::MayCount,
            _ => Role::Stays,
        };
        let enter = |attempt: &Attempt| Entered {
            role: role(attempt),
            attempt: attempt.clone(),
        };
        attempts.iter().map(enter).collect()
    }

    /// The best of some attempts, with what may be shown of each: the one that gives most
    /// after what being late costs; of equals the one that uses the fewest slip days, and
    /// of these the first. One that could not be graded is only taken if there is no other.
    pub fn best(&self, student: &StudentId, graded: &[(Tried, Option<Worth>)]) -> Option<u32> {
        let allowance = self.allowance(student);
        let value = |(tried, worth): &&(Tried, Option<Worth>)| {
            let late = |worth| {
                let late = self.late.as_ref();
                late.map(|late| late.judge(tried.handed_in(), allowance, worth))
            };
            let points = worth.map(|worth| {
                let late = late(worth);
                let penalty = late.as_ref().map_or(Cents(0), |late| late.penalty);
                let slip_days = late.map_or(0, |late| late.slip_days);
                (worth.raw - penalty, Reverse(slip_days))
            });
            (points, Reverse(tried.number))
        };
        graded
            .iter()
            .max_by_key(value)
            .map(|(tried, _)| tried.number)
    }
}
