//! The form in which a result is written down: all of it, but what belongs to an attempt.

use grader::result::{Points, Share, SubmissionResult};
use serde::{Deserialize, Serialize};
use verdict::end::End;

/// A result, as it is written.
#[derive(Serialize, Deserialize)]
struct Stored {
    result: SubmissionResult,
    /// What reports never get, and the result's own form therefore leaves out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sealed: Vec<SealedPoints>,
    /// The same for what the points of each part are the sum of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shares: Vec<SharesOfPart>,
}

/// What the points of a part are the sum of.
#[derive(Serialize, Deserialize)]
struct SharesOfPart {
    lab: u8,
    part: String,
    shares: Vec<Share>,
}

/// How much of a part comes from sealed traces.
#[derive(Serialize, Deserialize)]
struct SealedPoints {
    lab: u8,
    part: String,
    score: f64,
    max: f64,
}

/// The text that a result is written as. Whose it is and what was ignored of it belongs to
/// the attempt, and what a student gets to whoever asks.
pub(crate) fn write(result: &SubmissionResult) -> serde_json::Result<String> {
    let result = SubmissionResult {
        id: String::new(),
        ignored: Vec::new(),
        standing: None,
        ..result.clone()
    };
    let sealed = sealed(&result);
    let shares = shares(&result);
    serde_json::to_string(&Stored {
        result,
        sealed,
        shares,
    })
}

/// The result that was written as this text.
pub(crate) fn read(text: &str) -> serde_json::Result<SubmissionResult> {
    let Stored {
        mut result,
        sealed,
        shares,
    } = serde_json::from_str(text)?;
    for lab in &mut result.labs {
        for part in &mut lab.parts {
            let own = |it: &&SealedPoints| it.lab == lab.number && it.part == part.name;
            if let Some(SealedPoints { score, max, .. }) = sealed.iter().find(own) {
                let (score, max) = (*score, *max);
                part.sealed = Points { score, max };
            }
            let own = |it: &&SharesOfPart| it.lab == lab.number && it.part == part.name;
            if let Some(own) = shares.iter().find(own) {
                part.shares.clone_from(&own.shares);
            }
        }
    }
    Ok(result)
}

fn sealed(result: &SubmissionResult) -> Vec<SealedPoints> {
    let mut all = Vec::new();
    for lab in &result.labs {
        let sealed = lab.parts.iter().filter(|it| it.sealed != Points::default());
        all.extend(sealed.map(|part| SealedPoints {
            lab: lab.number,
            part: part.name.clone(),
            score: part.sealed.score,
            max: part.sealed.max,
        }));
    }
    all
}

fn shares(result: &SubmissionResult) -> Vec<SharesOfPart> {
    let parts = result
        .labs
        .iter()
        .flat_map(|lab| lab.parts.iter().map(|part| (lab.number, part)));
    let known = parts.filter(|(_, part)| !part.shares.is_empty());
    let shares = known.map(|(lab, part)| SharesOfPart {
        lab,
        part: part.name.clone(),
        shares: part.shares.clone(),
    });
    shares.collect()
}

/// Whether all of it was graded: what was not, for a fault of ours, is tried again.
pub(crate) fn is_complete(result: &SubmissionResult) -> bool {
    let parts = result.labs.iter().flat_map(|lab| &lab.parts);
    let traces = result.traces.iter().map(|trace| trace.end);
    let mut ends = parts.map(|part| part.end).chain(traces).chain([result.end]);
    ends.all(|end| end != End::NotGraded)
}
