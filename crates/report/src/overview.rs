//! A class in numbers.

use std::collections::BTreeMap;

use course::catalogue::ExerciseKind;
use diagnosis::diagnose::{Diagnosis, Likeness, Mistake};
use grader::report::account::{Account, kind_of};
use grader::result::{ClassResult, LabResult, PartResult, SubmissionResult, TraceResult};
use verdict::end::End;

use crate::account::points;
use crate::spread::Spread;

/// A class in numbers.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// How many submissions there are.
    pub submissions: usize,
    /// The points of those that are graded.
    pub points: Vec<f64>,
    /// The most that one could get.
    pub max: f64,
    /// How many are late.
    pub late: usize,
    /// How many somebody has adjusted.
    pub adjusted: usize,
    /// How many ended how.
    pub ends: BTreeMap<End, usize>,
    /// The labs, by number.
    pub labs: BTreeMap<u8, LabOverview>,
    /// The runs of each part, by lab, part and trace.
    pub runs: BTreeMap<RunName, RunOverview>,
}

/// Which runs: the lab, the part and the trace.
pub type RunName = (u8, String, String);

/// A lab.
#[derive(Clone, Debug, Default)]
pub struct LabOverview {
    /// Its title.
    pub title: String,
    /// The most that it gives.
    pub max: f64,
    /// What was got.
    pub points: Vec<f64>,
    /// Who got how much of it.
    pub share: Share,
    /// Its parts, in order.
    pub parts: Vec<PartOverview>,
}

/// A part of a lab.
#[derive(Clone, Debug)]
pub struct PartOverview {
    /// Its name.
    pub name: String,
    /// The concept behind it.
    pub concept: String,
    /// Who got how much of it.
    pub share: Share,
}

/// How many got all, some or nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// All points.
    pub all: usize,
    /// Some.
    pub some: usize,
    /// None, though something was written.
    pub none: usize,
    /// None, and nothing was written.
    pub unwritten: usize,
}

/// What became of a trace in a part, in the submissions that have written the part.
#[derive(Clone, Debug, Default)]
pub struct RunOverview {
    /// What kind of trace.
    pub kind: &'static str,
    /// How many were run.
    pub runs: usize,
    /// How many went wrong.
    pub failed: usize,
    /// What went wrong, and how often.
    pub wrong: BTreeMap<String, usize>,
}

/// A mistake of the catalogue, or several that no trace tells apart, and who shows it.
#[derive(Clone, Debug)]
pub struct MistakeOverview<'a> {
    /// The mistakes.
    pub mistakes: &'a [Mistake],
    /// The lab.
    pub lab: u8,
    /// The hole that it is in.
    pub hole: &'static str,
    /// Who does exactly that.
    pub same: usize,
    /// Who does something like it.
    pub alike: usize,
}

impl Overview {
    /// The numbers of a class.
    pub fn of(class: &ClassResult) -> Self {
        let mut overview = Self::default();
        for submission in &class.submissions {
            overview.add(submission);
        }
        overview
    }

    /// Adds a submission.
    pub fn add(&mut self, submission: &SubmissionResult) {
        self.submissions += 1;
        self.points.extend(points(submission));
        self.max = self.max.max(submission.max);
        *self.ends.entry(submission.end).or_default() += 1;
        if let Some(standing) = &submission.standing {
            self.late += usize::from(standing.late.seconds > 0);
            self.adjusted += usize::from(!standing.adjustments.is_empty());
        }
        for lab in &submission.labs {
            self.labs.entry(lab.number).or_default().add(lab);
        }
        for run in &submission.traces {
            self.add_run(run);
        }
    }

    fn add_run(&mut self, run: &TraceResult) {
        // What was not written, or not run for a fault of ours, says nothing of the trace;
        // and a suite of traces is the student's own.
        let is_own = run.part == ExerciseKind::BreakIt.name();
        if matches!(run.end, End::NotWritten | End::NotGraded) || is_own {
            return;
        }
        let key = (run.lab, run.part.clone(), run.name.clone());
        let known = self.runs.entry(key).or_default();
        known.kind = kind_of(run);
        known.runs += 1;
        if run.end != End::Passed {
            known.failed += 1;
            *known.wrong.entry(what_went_wrong(run)).or_default() += 1;
        }
    }

    /// How the points are spread.
    pub fn spread(&self) -> Option<Spread> {
        Spread::of(self.points.clone())
    }

    /// How many have all points in every lab.
    pub fn complete(&self) -> usize {
        let all = self.points.iter().filter(|points| **points >= self.max);
        if self.max > 0.0 { all.count() } else { 0 }
    }

    /// The runs that most got wrong, the worst first: at most so many, and so many of a part,
    /// whose traces are often as hard as each other.
    pub fn hardest(&self, most: usize, of_a_part: usize) -> Vec<(&RunName, &RunOverview)> {
        let mut failed: Vec<_> = self.runs.iter().filter(|(_, run)| run.failed > 0).collect();
        failed.sort_by(|(_, one), (_, other)| {
            let share = other.share().total_cmp(&one.share());
            share.then(other.failed.cmp(&one.failed))
        });
        let mut listed: BTreeMap<(u8, &str), usize> = BTreeMap::new();
        failed.retain(|((lab, part, _), _)| {
            let listed = listed.entry((*lab, part)).or_default();
            *listed += 1;
            *listed <= of_a_part
        });
        failed.truncate(most);
        failed
    }
}

/// What a run came to, as far as it is told: how it ended, or what differs.
fn what_went_wrong(run: &TraceResult) -> String {
    let account = Account::of(run);
    let told = account.told.iter().find(|(name, _)| *name == "rule");
    match (&account.difference, told) {
        (Some(observed), _) if run.end == End::Failed => observed.what.clone(),
        (None, Some((_, rule))) if run.end == End::Failed => (*rule).to_owned(),
        _ if run.end == End::Failed => NOT_TOLD.to_owned(),
        _ => run.end.to_string(),
    }
}

/// Where nothing more may be told of a difference than that there is one.
const NOT_TOLD: &str = "–";

impl LabOverview {
    fn add(&mut self, lab: &LabResult) {
        self.title.clone_from(&lab.title);
        self.max = self.max.max(lab.max);
        self.points.push(lab.score);
        let unwritten = lab.parts.iter().all(|part| part.end == End::NotWritten);
        self.share.add(lab.score, lab.max, unwritten);
        for part in &lab.parts {
            self.part(part)
                .add(part.score, part.max, part.end == End::NotWritten);
        }
    }

    fn part(&mut self, part: &PartResult) -> &mut Share {
        let at = self.parts.iter().position(|known| known.name == part.name);
        let at = at.unwrap_or_else(|| {
            self.parts.push(PartOverview {
                name: part.name.clone(),
                concept: part.concept.clone(),
                share: Share::default(),
            });
            self.parts.len() - 1
        });
        &mut self.parts[at].share
    }
}

impl Share {
    /// What could not be graded counts for nobody.
    fn add(&mut self, score: f64, max: f64, unwritten: bool) {
        let counter = match () {
            () if max <= 0.0 => return,
            () if score >= max => &mut self.all,
            () if score > 0.0 => &mut self.some,
            () if unwritten => &mut self.unwritten,
            () => &mut self.none,
        };
        *counter += 1;
    }

    /// How many there are.
    pub fn total(self) -> usize {
        self.all + self.some + self.none + self.unwritten
    }
}

impl RunOverview {
    /// Which part of the runs went wrong.
    #[expect(clippy::cast_precision_loss, reason = "some thousand runs")]
    pub fn share(&self) -> f64 {
        self.failed as f64 / self.runs.max(1) as f64
    }

    /// What went wrong most often.
    pub fn mostly(&self) -> &str {
        let most = self.wrong.iter().max_by_key(|(_, count)| **count);
        most.map_or("", |(what, _)| what)
    }
}

/// The mistakes that were found, the most common first.
pub fn mistakes(diagnoses: &[Diagnosis]) -> Vec<MistakeOverview<'_>> {
    let mut found: Vec<MistakeOverview<'_>> = Vec::new();
    for Diagnosis {
        lab,
        hole,
        mistakes,
        likeness,
        ..
    } in diagnoses
    {
        let known = found
            .iter()
            .position(|it| it.hole == *hole && it.mistakes == mistakes);
        let at = known.unwrap_or_else(|| {
            found.push(MistakeOverview {
                mistakes,
                lab: *lab,
                hole,
                same: 0,
                alike: 0,
            });
            found.len() - 1
        });
        match likeness {
            Likeness::Same => found[at].same += 1,
            Likeness::Alike(_) => found[at].alike += 1,
        }
    }
    // Stable: what is as common stays in the order of the labs.
    found.sort_by_key(|it| (std::cmp::Reverse(it.same + it.alike), it.lab));
    found
}
