//! `cargo lab` alone: where one stands, and what to do next.

use std::fmt::Write;
use std::path::Path;

use anstyle::Style;
use course::catalogue::{Exercise, Lab};

use crate::check::text::{
    BAD, FAINT, GOOD, STRONG, WAITING, WIDTH, cut, needed, of_all, of_points,
};
use crate::check::verdict::{LabVerdict, Part, Points, State, Verdict};
use crate::check::{self, What};
use crate::exercises::{self, Standing};
use crate::hint;
use crate::program::{self, Handlers};
use crate::report::Failure;
use crate::workspace::{Line, Workspace};

/// Shows the board.
pub(crate) fn command() -> Result<(), Failure> {
    let workspace = Workspace::here()?;
    let program = program::build(Handlers::Skeleton, false)?;
    let verdict = check::run(&workspace, &program, What::default())?;
    hint::forget_what_passes(&workspace, &verdict);
    anstream::print!("{}", board(&workspace, &program, &verdict));
    Ok(())
}

fn board(workspace: &Workspace, program: &Path, verdict: &Verdict) -> String {
    let next = Next::of(workspace, verdict);
    let blamed = verdict.finding.as_ref().and_then(|it| it.hole.as_deref());
    let mut text = String::new();
    for lab in &verdict.labs {
        let registered = workspace.catalogue.labs.iter();
        let Some(registered) = registered.clone().find(|it| it.number == lab.number) else {
            continue;
        };
        text += &of_lab(registered, lab, &next, blamed);
        for exercise in &registered.exercises {
            let standing = exercises::look(workspace, program, registered, exercise);
            text += &of_exercise(exercise, &standing);
        }
    }
    let later: f64 = workspace.catalogue.labs.iter().map(exercise_points).sum();
    let points = of_all(verdict.points());
    let _infallible = write!(
        text,
        "\n{STRONG}{points}{STRONG:#}\n{later} more for what is graded later\n\n"
    );
    text + &next.text(workspace)
}

fn exercise_points(lab: &Lab) -> f64 {
    lab.exercises.iter().map(|exercise| exercise.points).sum()
}

/// A line for a lab; and one for each of its parts, where somebody is at work.
fn of_lab(lab: &Lab, checked: &LabVerdict, next: &Next, blamed: Option<&str>) -> String {
    let (name, _) = lab.title.split_once(':').unwrap_or((&lab.title, ""));
    let (style, standing) = standing(checked);
    let head = format!("lab {}  {:<22}", lab.number, cut(name, 22));
    let mut text = match checked.points.max > 0.0 {
        true => {
            let points = of_points(checked.points);
            format!("{STRONG}{head}{STRONG:#} {style}{standing:<18}{style:#} {points}\n")
        }
        false => format!("{STRONG}{head}{STRONG:#} {style}{standing}{style:#}\n"),
    };
    if is_at_work(checked) || next.lab == Some(lab.number) {
        for part in &checked.parts {
            text += &of_part(checked, part, blamed);
        }
    }
    text
}

/// What an exercise is worth, only grading finds.
fn of_exercise(exercise: &Exercise, standing: &Standing) -> String {
    let (style, told) = match standing {
        Standing::Missing(place) => (FAINT, format!("not begun: {place}")),
        Standing::Malformed(why) => (BAD, format!("malformed: {why}")),
        Standing::Unconvincing(why) => (BAD, why.clone()),
        Standing::Begun(what) => (WAITING, format!("{what}; graded later")),
        Standing::HandedIn(what) => (GOOD, format!("{what}; graded later")),
    };
    let points = format!("? of {}", exercise.points);
    row(exercise.kind.name(), &points, style, &told)
}

/// A lab in a few words.
fn standing(lab: &LabVerdict) -> (Style, String) {
    let holes = holes(&lab.parts);
    let count = |wanted: &[State]| {
        let with = holes.iter().filter(|part| wanted.contains(&part.state));
        with.count()
    };
    let all = holes.len();
    if all == 0 {
        (FAINT, "no code to write".to_owned())
    } else if count(&[State::Passed]) == all {
        (GOOD, "all holes right".to_owned())
    } else if count(&[State::Passed, State::Waits]) == all {
        (WAITING, "right so far".to_owned())
    } else if count(&[State::NotWritten]) == all {
        (FAINT, "not written yet".to_owned())
    } else if count(&[State::Failed]) > 0 {
        (BAD, "something is wrong".to_owned())
    } else {
        let done = count(&[State::Passed, State::Waits]);
        (WAITING, format!("{done} of {all} holes"))
    }
}

/// Whether a lab is neither right nor untouched.
fn is_at_work(lab: &LabVerdict) -> bool {
    let holes = holes(&lab.parts);
    let wrong = |part: &&&Part| !matches!(part.state, State::Passed | State::Waits);
    let unwritten = |part: &&Part| part.state == State::NotWritten;
    holes.iter().any(|part| wrong(&part)) && !holes.iter().all(unwritten)
}

fn holes(parts: &[Part]) -> Vec<&Part> {
    parts
        .iter()
        .filter(|part| part.name != "integration")
        .collect()
}

/// One trace calls many functions and fails for one of them, which is to blame.
fn of_part(lab: &LabVerdict, part: &Part, blamed: Option<&str>) -> String {
    let name = match part.name.as_str() {
        "integration" => "all together",
        name => name,
    };
    let (style, told) = match part.state {
        State::Passed => (GOOD, "right".to_owned()),
        State::Failed if blamed.is_some_and(|hole| hole != part.name) => {
            (WAITING, "used in a trace that fails".to_owned())
        }
        State::Failed => (BAD, format!("wrong: cargo lab check {}", lab.number)),
        State::NotRun => (FAINT, "not run: a trace before ran out of time".to_owned()),
        State::Waits => (WAITING, format!("right so far; waits for {}", awaited(lab))),
        State::NotWritten => {
            let at = part.at.as_ref().map(|at| format!(": {at}"));
            (FAINT, format!("not written yet{}", at.unwrap_or_default()))
        }
    };
    let Points { passed, max, .. } = part.points;
    row(name, &format!("{passed} of {max}"), style, &told)
}

/// The first thing that a lab waits for.
fn awaited(lab: &LabVerdict) -> String {
    let mut waiting = lab.traces.iter().filter(|it| it.state != State::Passed);
    needed(waiting.find_map(|trace| trace.needs.as_deref()))
}

fn row(name: &str, points: &str, style: Style, told: &str) -> String {
    const INDENT: usize = 7;
    const NAME: usize = 15;
    const POINTS: usize = 12;
    let told = cut(told, WIDTH - INDENT - NAME - POINTS);
    let points = format!("{points:<POINTS$}");
    format!(
        "{:INDENT$}{name:<NAME$}{points}{style}{told}{style:#}\n",
        ""
    )
}

/// What to do next.
struct Next {
    lab: Option<u8>,
    kind: Kind,
}

enum Kind {
    /// Something is wrong.
    Repair {
        trace: String,
        hole: Option<String>,
        at: Option<Line>,
    },
    /// A hole is not written.
    Write { hole: String, at: Line },
    /// All is written and nothing is wrong.
    HandIn,
}

impl Next {
    /// The first hole, in the order of the labs, that is wrong or not written.
    fn of(workspace: &Workspace, verdict: &Verdict) -> Self {
        for lab in &verdict.labs {
            let finding = verdict.finding.as_ref().filter(|it| it.lab == lab.number);
            if let Some(finding) = finding {
                let hole = finding
                    .hole
                    .as_deref()
                    .and_then(vmsim::handlers::Hole::named);
                return Self {
                    lab: Some(hole.map_or(lab.number, |hole| hole.lab())),
                    kind: Kind::Repair {
                        trace: finding.trace.clone(),
                        hole: finding.hole.clone(),
                        at: hole.and_then(|hole| workspace.function(hole)),
                    },
                };
            }
            let unwritten = lab.parts.iter().find_map(|part| {
                let at = part.at.as_deref().and_then(Line::parse)?;
                let hole = part.name.clone();
                Some(Kind::Write { hole, at })
            });
            if let Some(kind) = unwritten {
                let lab = Some(lab.number);
                return Self { lab, kind };
            }
        }
        Self {
            lab: None,
            kind: Kind::HandIn,
        }
    }

    fn text(&self, workspace: &Workspace) -> String {
        let number = self.lab.unwrap_or_default();
        match &self.kind {
            Kind::Repair { trace, hole, at } => {
                let what = match (hole, at) {
                    (Some(hole), Some(at)) => format!("`{hole}` seems to be wrong: {at}"),
                    _ => format!("the trace {trace} fails"),
                };
                format!(
                    "next: {what}\n      cargo lab check {number}    shows what differs, and why\n"
                )
            }
            Kind::Write { hole, at } => {
                let labs = workspace.catalogue.labs.iter();
                let lab = labs.clone().find(|lab| lab.number == number);
                let readme = lab.map(|lab| workspace.short(&lab.folder.join("README.md")));
                let said = workspace.text(at).unwrap_or_default();
                format!(
                    "next: write `{hole}` at {at}\n      {FAINT}| {}{FAINT:#}\n      read {}, \
                     then\n      cargo lab check {number}\n",
                    cut(&said, WIDTH - 8),
                    readme.unwrap_or_default()
                )
            }
            Kind::HandIn => {
                "next: cargo lab submit    (hidden traces are run at grading)\n".to_owned()
            }
        }
    }
}
