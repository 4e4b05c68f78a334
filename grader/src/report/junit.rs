//! Results as JUnit XML, which CI systems show as tests.
//!
//! A suite for each submission, whose one test is that it could be graded, and one for
//! each of its labs, with a test for each run. A wrong answer is a failure; what ended a
//! run before it could answer is an error; what is our fault is skipped. Suites have
//! their points as properties.

use std::collections::BTreeSet;
use std::io;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};
use verdict::end::End;

use super::sink::xml;
use super::text::explain_trace;
use crate::feedback::Shown;
use crate::result::{LabResult, SubmissionResult, TraceResult};

/// Writes the class as one report. What it has in all stands in front, and so the class is
/// read twice.
///
/// # Errors
///
/// If the class cannot be read, or `out` does not take it.
pub fn write(class: &impl Shown, mut out: impl io::Write) -> io::Result<()> {
    let mut whole = Report::new(NAME);
    class.each(|shown| {
        count(&mut whole, &of_one(shown.submission()));
        Ok(())
    })?;
    let whole = text(&whole)?;
    let end = whole.rfind(END).unwrap_or(whole.len());
    write!(out, "{}", &whole[..end])?;
    class.each(|shown| {
        let one = text(&of_one(shown.submission()))?;
        write!(out, "{}", suites(&one))
    })?;
    write!(out, "{}", &whole[end..])?;
    out.flush()
}

const NAME: &str = "faultline";

/// How all suites of a report end, and the line break before that.
const END: &str = "</testsuites>";

/// The suites of a submission.
fn of_one(submission: &SubmissionResult) -> Report {
    let mut report = Report::new(NAME);
    report.add_test_suite(whole(submission));
    let labs = submission.labs.iter().map(|lab| suite(submission, lab));
    report.add_test_suites(labs.filter(|suite| !suite.test_cases.is_empty()));
    report
}

/// Adds the numbers of a report to those of all.
fn count(all: &mut Report, one: &Report) {
    all.tests += one.tests;
    all.failures += one.failures;
    all.errors += one.errors;
    all.skipped += one.skipped;
}

fn text(report: &Report) -> io::Result<String> {
    report.to_string().map_err(io::Error::other)
}

/// The suites in a report that has some: what is behind the tag that begins it, whose
/// attributes have no `>` in them.
fn suites(report: &str) -> &str {
    let from = report.find("<testsuites").unwrap_or_default();
    let inside = report[from..].split_once('>').map_or("", |(_, it)| it);
    let inside = inside.split_once(END).map_or(inside, |(it, _)| it);
    inside.trim_start_matches('\n')
}

/// Whether the submission could be graded at all.
fn whole(submission: &SubmissionResult) -> TestSuite {
    let SubmissionResult {
        id,
        end,
        score,
        max,
        message,
        ..
    } = submission;
    let mut suite = TestSuite::new(xml::attribute(id));
    add_points(&mut suite, "", *score, *max);
    let before = [
        End::Refused,
        End::DoesNotCompile,
        End::CompileLimit,
        End::NotGraded,
    ];
    let status = match before.contains(end) {
        true => status(*end, message),
        false => TestCaseStatus::success(),
    };
    let mut case = TestCase::new("can be graded", status);
    case.set_classname(xml::attribute(id));
    suite.add_test_case(case);
    suite
}

fn suite(submission: &SubmissionResult, lab: &LabResult) -> TestSuite {
    let name = format!("{} lab {}", xml::attribute(&submission.id), lab.number);
    let mut suite = TestSuite::new(&name);
    add_points(&mut suite, "", lab.score, lab.max);
    for part in &lab.parts {
        add_points(
            &mut suite,
            &format!("{} ", xml::attribute(&part.name)),
            part.score,
            part.max,
        );
    }
    let mut known = BTreeSet::new();
    let traces = submission.traces.iter();
    for trace in traces.filter(|trace| trace.lab == lab.number) {
        let mut case = TestCase::new(unique(&mut known, trace), status_of(trace));
        case.set_classname(&name);
        suite.add_test_case(case);
    }
    suite
}

fn add_points(suite: &mut TestSuite, of: &str, score: f64, max: f64) {
    for (name, points) in [("score", score), ("max", max)] {
        suite.add_property(Property::new(format!("{of}{name}"), points.to_string()));
    }
}

/// GitLab drops all tests of one name but the first.
fn unique(known: &mut BTreeSet<String>, trace: &TraceResult) -> String {
    let name = xml::attribute(&format!("{}: {}", trace.part, trace.name));
    let numbered = (2..).map(|number| format!("{name} ({number})"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    let free = names.find(|name| !known.contains(name)).unwrap_or(name);
    known.insert(free.clone());
    free
}

fn status_of(trace: &TraceResult) -> TestCaseStatus {
    status(trace.end, &explain_trace(trace))
}

/// Readers show the body; what is between quotes is lost in some.
fn status(end: End, text: &str) -> TestCaseStatus {
    let kind = match end {
        End::Passed => return TestCaseStatus::success(),
        End::NotGraded => {
            let mut skipped = TestCaseStatus::skipped();
            skipped.set_message(xml::attribute(text));
            return skipped;
        }
        End::Failed | End::NotWritten => NonSuccessKind::Failure,
        _ => NonSuccessKind::Error,
    };
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(end.to_string());
    status.set_description(xml::body(text));
    status
}
