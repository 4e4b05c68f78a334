//! No correct answer is refused, and no shortcut pays.
//!
//! `grader/alternatives` has complete correct submissions that do everything in another
//! order, with other structures and other flushes than the reference. `grader/shortcuts`
//! has submissions that try to get points for nothing.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use course::handed_in::HANDLER_FILES;
use grader::class;
use grader::grade::Grader;
use grader::intake;
use grader::kit::Kit;
use grader::result::{ClassResult, LabResult, PartResult, SubmissionResult};
use verdict::end::End;
use vmsim::handlers::Hole;

use crate::workspace::{catalogue, root};

/// What a shortcut may get at most of the points of a lab's code, in percent: one or two
/// traces that ask something else happen to be passed by it.
const SHORTCUT_PERCENT_MAX: f64 = 3.0;

/// The same for first in, first out: it is second chance where no page was used again, and
/// a few traces show just that.
const TAKES_THE_NEXT_FRAME_PERCENT_MAX: f64 = 12.0;

/// An empty body is the right answer here, and not a shortcut.
const RIGHTLY_EMPTY: Hole = Hole::Spurious;

static ALTERNATIVES: LazyLock<ClassResult> = LazyLock::new(|| graded("grader/alternatives"));
static SHORTCUTS: LazyLock<ClassResult> = LazyLock::new(|| graded("grader/shortcuts"));

fn graded(folder: &str) -> ClassResult {
    let kit = Kit::build(&root()).unwrap_or_else(|error| panic!("{error}"));
    let found = intake::find(&root().join(folder)).unwrap_or_else(|error| panic!("{error}"));
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    class::grade(&Grader::new(kit, catalogue()), &found, jobs, |_| {})
}

/// Holes and integration: what code gets points for. Exercises are something else.
fn code(lab: &LabResult) -> impl Iterator<Item = &PartResult> {
    let is_code =
        |part: &&PartResult| part.name == "integration" || Hole::named(&part.name).is_some();
    lab.parts.iter().filter(is_code)
}

#[test]
fn every_alternative_is_complete() {
    for SubmissionResult { id, .. } in &ALTERNATIVES.submissions {
        for file in HANDLER_FILES {
            let path = root().join("grader/alternatives").join(id).join(file);
            assert!(path.is_file(), "{id} has no {file}");
        }
    }
    assert!(ALTERNATIVES.submissions.len() >= 5);
}

#[test]
fn no_correct_answer_is_refused() {
    let mut refused = Vec::new();
    for submission in &ALTERNATIVES.submissions {
        let of_code = |part: &str| part == "integration" || Hole::named(part).is_some();
        let lost = submission.traces.iter();
        for trace in lost.filter(|trace| of_code(&trace.part) && trace.end != End::Passed) {
            refused.push(format!(
                "{}: lab {} {} ({}): {} {} {:?}",
                submission.id,
                trace.lab,
                trace.name,
                trace.part,
                trace.end,
                trace.message,
                trace
                    .difference
                    .as_ref()
                    .map(|d| (d.line, &d.expected, &d.got)),
            ));
        }
        for part in submission.labs.iter().flat_map(code) {
            assert!(
                part.score == part.max || !refused.is_empty(),
                "{}",
                submission.id
            );
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn no_shortcut_pays() {
    let mut pays = Vec::new();
    for SubmissionResult { id, end, labs, .. } in &SHORTCUTS.submissions {
        assert!(*end != End::DoesNotCompile, "{id} must compile");
        let limit = match id.as_str() {
            "takes-the-next-frame" => TAKES_THE_NEXT_FRAME_PERCENT_MAX,
            _ => SHORTCUT_PERCENT_MAX,
        };
        for lab in labs {
            let parts = || code(lab).filter(|part| part.name != RIGHTLY_EMPTY.name());
            let score: f64 = parts().map(|part| part.score).sum();
            let max: f64 = parts().map(|part| part.max).sum();
            let percent = 100.0 * score / max;
            if percent > limit {
                let parts: Vec<String> = parts()
                    .filter(|part| part.score > 0.0)
                    .map(|part| format!("{} {} of {}", part.name, part.score, part.max))
                    .collect();
                pays.push(format!(
                    "{id}: {percent:.1} % of lab {}: {}",
                    lab.number,
                    parts.join(", ")
                ));
            }
        }
    }
    assert!(pays.is_empty(), "{}", pays.join("\n"));
}

#[test]
fn the_shortcuts_try_every_lab() {
    let tried = |file: &&str| {
        let ids = SHORTCUTS
            .submissions
            .iter()
            .map(|submission| &submission.id);
        let folder = root().join("grader/shortcuts");
        ids.filter(|id| folder.join(id).join(file).is_file())
            .count()
    };
    let untried: BTreeSet<&str> = HANDLER_FILES
        .into_iter()
        .filter(|file| tried(file) < 3)
        .collect();
    assert!(untried.is_empty(), "{untried:?}");
}
