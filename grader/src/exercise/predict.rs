//! Predictions of what becomes of each access of a trace, and questions about words.
//!
//! The student's sheet is `predict.toml`. The answers stand beside the hidden
//! traces: `predict.toml` has those to the questions and says why, `predict.trace`
//! those to the accesses, as comments.

use std::fs;
use std::path::Path;

use course::handed_in::PREDICTIONS;
use runner::log::Oracle;
use serde::Deserialize;
use verdict::end::End;
use verdict::explanation::Explanation;
use verdict::prediction::{ACCESSES, Given, VOCABULARY, given, is_known, outcome};
use verdict::sheet::{Answer, Place, Sheet};
use vmtrace::open::open;
use vmtrace::text::print::EventText;

use crate::exercise::Asked;
use crate::explain::explain;
use crate::intake::Sources;
use crate::points::Weighed;
use crate::result::DifferenceResult;

/// What an access whose outcome alone is right has earned.
const OUTCOME_SHARE: f64 = 0.5;

pub(super) fn grade(asked: &Asked<'_>, sources: &Sources) -> Vec<Weighed> {
    let text = match sources.attachment(PREDICTIONS) {
        None => return asked.nothing_handed_in(PREDICTIONS),
        Some(Err(why)) => return vec![asked.result(PREDICTIONS, End::Failed, why)],
        Some(Ok(text)) => text,
    };
    let key = match Key::read(&asked.lab.hidden) {
        Ok(key) => key,
        Err(why) => return vec![asked.result(PREDICTIONS, End::NotGraded, why)],
    };
    let mut sheet = Sheet::read(PREDICTIONS, text);
    let mut results = Vec::new();
    for question in &key.questions {
        let answer = sheet.take(VOCABULARY, &question.id);
        results.push(question.grade(asked, answer));
    }
    for access in &key.accesses {
        let answer = sheet.take(ACCESSES, &access.line.to_string());
        results.push(access.grade(asked, answer, &key.trace));
    }
    let complaints = sheet.complaints().into_iter().map(|(at, complaint)| {
        let mut result = asked.result(PREDICTIONS, End::Failed, complaint);
        (result.weight, result.result.at) = (0.0, Some(at));
        result
    });
    complaints.chain(results).collect()
}

/// The answers.
struct Key {
    questions: Vec<Question>,
    accesses: Vec<Access>,
    trace: Vec<u8>,
}

/// A question about words.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    id: String,
    answer: String,
    because: String,
}

/// An access of the trace.
struct Access {
    line: u64,
    event: String,
    class: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Questions {
    question: Vec<Question>,
}

impl Key {
    fn read(folder: &Path) -> Result<Self, String> {
        let path = folder.join(PREDICTIONS);
        let text =
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let Questions { question } =
            toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let path = folder.join("predict.trace");
        let trace = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self {
            questions: question,
            accesses: accesses(&trace).map_err(|error| format!("{}:{error}", path.display()))?,
            trace,
        })
    }
}

fn accesses(trace: &[u8]) -> Result<Vec<Access>, vmtrace::error::ReadError> {
    let mut lines = open(trace)?;
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let line = line?;
        let event = EventText {
            event: &line.event,
            names: lines.names(),
        };
        if let Some(class) = lines.outcome() {
            found.push(Access {
                line: line.number,
                event: event.to_string(),
                class: class.to_owned(),
            });
        }
    }
    Ok(found)
}

impl Question {
    fn grade(&self, asked: &Asked<'_>, answer: Option<Answer>) -> Weighed {
        let (at, text) = match given(answer) {
            Given::Nothing => return asked.result(&self.id, End::NotWritten, ""),
            Given::Unreadable { at, why } => return failed(asked, &self.id, at, why),
            Given::Text { at, text } => (at, text),
        };
        if text == self.answer {
            return asked.result(&self.id, End::Passed, "");
        }
        if let Err(why) = is_known(VOCABULARY, &text) {
            return failed(asked, &self.id, at, why);
        }
        let mut result = failed(asked, &self.id, at.clone(), String::new());
        result.result.difference = Some(DifferenceResult {
            line: at.line,
            event: self.id.clone(),
            what: "the answer".to_owned(),
            oracle: Oracle::Class.letter(),
            expected: self.answer.clone(),
            got: text,
            explanation: Explanation {
                rule: Some(self.because.clone()),
                ..Explanation::default()
            },
        });
        result
    }
}

impl Access {
    fn grade(&self, asked: &Asked<'_>, answer: Option<Answer>, trace: &[u8]) -> Weighed {
        let name = format!("line {}", self.line);
        let (at, text) = match given(answer) {
            Given::Nothing => return asked.result(name, End::NotWritten, ""),
            Given::Unreadable { at, why } => return failed(asked, &name, at, why),
            Given::Text { at, text } => (at, text),
        };
        if text == self.class {
            return asked.result(name, End::Passed, "");
        }
        if let Err(why) = is_known(ACCESSES, &text) {
            return failed(asked, &name, at, why);
        }
        let mut result = failed(asked, &name, at, String::new());
        if outcome(&text) == outcome(&self.class) {
            result.earned = OUTCOME_SHARE;
            result.result.message = "the outcome is right, the class is not".to_owned();
        }
        result.result.difference = Some(DifferenceResult {
            line: self.line,
            event: self.event.clone(),
            what: Oracle::Class.describe().to_owned(),
            oracle: Oracle::Class.letter(),
            expected: self.class.clone(),
            got: text,
            explanation: explain(trace, self.line).unwrap_or_default(),
        });
        result
    }
}

fn failed(asked: &Asked<'_>, name: &str, at: Place, why: String) -> Weighed {
    let mut failed = asked.result(name, End::Failed, why);
    failed.result.at = Some(at.to_string());
    failed
}
