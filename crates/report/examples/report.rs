//! `cargo run --release -p report --example report GRADES N OUT [LEVEL]`: the pages of a class
//! of N, made up of the submissions of a `grades.json` of `grade --feedback full`: each
//! student gets each lab from one of them. With N = 0 it is the class of that file itself.
//! To look at, and to measure.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use audit::exam;
use course::catalogue::Catalogue;
use course::feedback::Feedback;
use diagnosis::diagnose::{Diagnosis, diagnose, holes_in_question};
use diagnosis::suspects::Suspects;
use fastrand::Rng;
use grader::feedback::ShownClass;
use grader::result::{ClassResult, LabResult, SubmissionResult};
use grader::standing::{Adjustment, Lateness, Standing};
use jiff::{SignedDuration, Timestamp};
use report::options::{Comparison, Options};
use report::write::write;
use roster::student::{Student, StudentId};
use verdict::end::End;

const FIRST: [&str; 16] = [
    "Ada",
    "Björn",
    "Chidi",
    "Dilara",
    "Émile",
    "Fatima",
    "Grace",
    "Hiroshi",
    "Ines",
    "Jānis",
    "Klara",
    "Linus",
    "Mei",
    "Nikola",
    "Oluwaseun",
    "Zoë",
];
const LAST: [&str; 16] = [
    "Abadi",
    "Berg",
    "Castro",
    "Dvořák",
    "Eriksen",
    "Fischer",
    "García",
    "Hopper",
    "Ibrahim",
    "Jansen",
    "Kovács",
    "Lovelace",
    "Müller",
    "Nguyễn",
    "Okafor",
    "Ångström",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [grades, count, out, rest @ ..] = &args[..] else {
        return Err("GRADES N OUT [LEVEL]".into());
    };
    let level: Feedback = rest
        .first()
        .map_or(Ok(Feedback::default()), |it| it.parse())?;
    let samples: ClassResult = serde_json::from_slice(&std::fs::read(grades)?)?;
    let found = diagnoses(&samples)?;
    let mut made = Made::of(&samples, &found);
    let (class, found) = match count.parse()? {
        0 => (samples.clone(), found.clone()),
        count => made.class(count),
    };
    let started = Instant::now();
    let roster: Vec<Student> = class
        .submissions
        .iter()
        .map(|it| made.student(&it.id))
        .collect();
    let standings: BTreeMap<String, (u64, u32)> = class
        .submissions
        .iter()
        .map(|it| (it.id.clone(), made.standing()))
        .collect();
    let shown = ShownClass::new(&class, level);
    let shown = shown.with_standings(|it| standing(it, standings[&it.id]));
    let options = Options {
        course: Some("Operating Systems, autumn 2026"),
        roster: &roster,
        feedback: level,
        diagnoses: &found,
        comparison: Comparison::Nothing,
    };
    write(&shown, &options, Path::new(out))?;
    eprintln!(
        "{} submissions written in {:?}",
        class.submissions.len(),
        started.elapsed()
    );
    Ok(())
}

fn diagnoses(class: &ClassResult) -> Result<Vec<Diagnosis>, Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let catalogue = Catalogue::read(&root)?;
    let papers = exam::read(&catalogue)?;
    let holes = holes_in_question(class);
    let suspects = Suspects::try_all(&holes, &papers, 2, |_| ControlFlow::Continue(()))?;
    Ok(diagnose(&catalogue, class, &suspects))
}

/// Students made of parts of others.
struct Made<'a> {
    samples: &'a ClassResult,
    found: &'a [Diagnosis],
    random: Rng,
}

impl<'a> Made<'a> {
    fn of(samples: &'a ClassResult, found: &'a [Diagnosis]) -> Self {
        Self {
            samples,
            found,
            random: Rng::with_seed(7),
        }
    }

    fn class(&mut self, count: usize) -> (ClassResult, Vec<Diagnosis>) {
        let mut found = Vec::new();
        let submissions = (0..count).map(|number| self.submission(number, &mut found));
        let submissions = submissions.collect();
        (
            ClassResult {
                submissions,
                ..self.samples.clone()
            },
            found,
        )
    }

    fn submission(&mut self, number: usize, found: &mut Vec<Diagnosis>) -> SubmissionResult {
        let id = format!("u{:04}", number + 1);
        let all = &self.samples.submissions;
        if self.random.u8(..) < 10 {
            let whole = &all[self.random.usize(..all.len())];
            return SubmissionResult {
                id,
                ..whole.clone()
            };
        }
        let perfect = all
            .iter()
            .find(|it| it.end == End::Passed)
            .expect("a perfect one");
        let diligence = self.random.u8(3..12);
        let mut made = perfect.clone();
        (made.labs, made.traces) = (Vec::new(), Vec::new());
        for lab in &perfect.labs {
            let wrong = all
                .iter()
                .filter(|it| has_begun(it, lab.number) && it.end != End::Passed);
            let wrong: Vec<&SubmissionResult> = wrong.collect();
            let blank = all
                .iter()
                .find(|it| it.id == "skeleton-untouched")
                .expect("a skeleton");
            let from = match self.random.u8(..14) {
                luck if luck < diligence => perfect,
                luck if luck < 12 && !wrong.is_empty() => wrong[self.random.usize(..wrong.len())],
                _ => blank,
            };
            made.labs.extend(
                from.labs
                    .iter()
                    .filter(|it| it.number == lab.number)
                    .cloned(),
            );
            made.traces.extend(
                from.traces
                    .iter()
                    .filter(|it| it.lab == lab.number)
                    .cloned(),
            );
            let own = self
                .found
                .iter()
                .filter(|it| it.id == from.id && it.lab == lab.number);
            found.extend(own.map(|it| Diagnosis {
                id: id.clone(),
                ..it.clone()
            }));
        }
        made.end = made
            .traces
            .iter()
            .map(|it| it.end)
            .min()
            .unwrap_or(End::Passed);
        made.score = made.labs.iter().map(|it| it.score).sum();
        SubmissionResult { id, ..made }
    }

    fn student(&mut self, id: &str) -> Student {
        let first = self.random.choice(FIRST).unwrap_or_default();
        let last = self.random.choice(LAST).unwrap_or_default();
        Student {
            id: StudentId(id.to_owned()),
            email: None,
            login: None,
            name: Some(format!("{first} {last}")),
            section: Some(format!("OS-{:02}", self.random.u8(1..7))),
            due: None,
            slip_used: 0,
        }
    }

    /// Hours that it is late, and points that somebody has added.
    fn standing(&mut self) -> (u64, u32) {
        let late = if self.random.u8(..8) == 0 {
            self.random.u64(1..72)
        } else {
            0
        };
        let added = if self.random.u8(..40) == 0 {
            self.random.u32(1..6)
        } else {
            0
        };
        (late, added)
    }
}

fn has_begun(submission: &SubmissionResult, number: u8) -> bool {
    let written = |lab: &LabResult| lab.parts.iter().any(|part| part.end != End::NotWritten);
    submission
        .labs
        .iter()
        .any(|lab| lab.number == number && written(lab) && lab.score > 0.0)
}

fn standing(submission: &SubmissionResult, (late, added): (u64, u32)) -> Standing {
    let due: Timestamp = "2026-11-20T22:00:00Z".parse().expect("a time");
    let hours = i64::try_from(late).expect("a few") - 5;
    let at = due + SignedDuration::from_hours(hours);
    let days = u32::try_from(late.div_ceil(24)).expect("a few");
    let penalty = (submission.score * 0.1 * f64::from(days)).min(submission.score);
    let penalty = (penalty * 100.0).round() / 100.0;
    let adjustment = Adjustment {
        lab: Some(5),
        points: f64::from(added),
        remark: "showed in the exercise class that only the flush was missing".to_owned(),
        author: "K. Tutor".to_owned(),
        at: due,
    };
    Standing {
        student: StudentId(submission.id.clone()),
        attempt: Some(2),
        attempts: 3,
        at: Some(at),
        raw: submission.score,
        max: submission.max,
        late: Lateness {
            seconds: late * 3600,
            days,
            slip_days: 0,
            because: match late {
                0 => "in time".to_owned(),
                late => format!("{late} hours behind the due date, {days} begun days, 10 % each"),
            },
        },
        penalty,
        adjustments: if added > 0 {
            vec![adjustment]
        } else {
            Vec::new()
        },
        points: (submission.max > 0.0).then_some(submission.score - penalty + f64::from(added)),
    }
}
