//! What a check is worth: the share of each part's traces that passed, or wait.

use course::catalogue::{HolePoints, Lab};

use super::verdict::{Part, Points, State, TraceVerdict};
use crate::workspace::Workspace;

/// The holes of a lab, and all methods together, from its public traces.
pub(crate) fn parts(workspace: &Workspace, lab: &Lab, traces: &[TraceVerdict]) -> Vec<Part> {
    let holes = lab.holes.iter().map(|points| {
        let own: Vec<(f64, State)> = lab
            .traces
            .iter()
            .filter(|trace| trace.holes.contains(&points.hole))
            .filter_map(|trace| {
                let found = traces.iter().find(|it| it.name == trace.name)?;
                Some((trace.weight, seen_from(points.hole.name(), found)))
            })
            .collect();
        let unwritten = workspace.unwritten(points.hole);
        Part {
            name: points.hole.name().to_owned(),
            state: match unwritten {
                Some(_) => State::NotWritten,
                None => worst(&own),
            },
            points: match unwritten {
                Some(_) => none_waits(share(points.points, &own)),
                None => share(points.points, &own),
            },
            at: unwritten.map(|line| line.to_string()),
        }
    });
    let all: Vec<(f64, State)> = traces
        .iter()
        .map(|found| {
            let weight = lab.traces.iter().find(|it| it.name == found.name);
            (weight.map_or(1.0, |trace| trace.weight), found.state)
        })
        .collect();
    let is_written = |points: &HolePoints| workspace.unwritten(points.hole).is_none();
    let whole = (lab.integration_points > 0.0).then(|| Part {
        name: "integration".to_owned(),
        state: worst(&all),
        points: match lab.holes.iter().all(is_written) {
            true => share(lab.integration_points, &all),
            false => none_waits(share(lab.integration_points, &all)),
        },
        at: None,
    });
    holes.chain(whole).collect()
}

/// A trace that needs another hole of the same lab is right so far for this one: grading
/// tries each hole by itself.
fn seen_from(hole: &str, trace: &TraceVerdict) -> State {
    match (trace.state, &trace.needs) {
        (State::NotWritten, Some(needs)) if needs != hole => State::Waits,
        (state, _) => state,
    }
}

/// Nobody waits for others with what is not written itself.
fn none_waits(points: Points) -> Points {
    Points {
        waiting: 0.0,
        ..points
    }
}

fn worst(own: &[(f64, State)]) -> State {
    let states = own.iter().map(|&(_, state)| state);
    states.min().unwrap_or(State::Passed)
}

fn share(points: f64, own: &[(f64, State)]) -> Points {
    let all: f64 = own.iter().map(|(weight, _)| weight).sum();
    let of = |wanted| {
        let with = own.iter().filter(|(_, state)| *state == wanted);
        let weight: f64 = with.map(|(weight, _)| weight).sum();
        if all > 0.0 {
            points * weight / all
        } else {
            0.0
        }
    };
    Points {
        passed: of(State::Passed),
        waiting: of(State::Waits),
        max: points,
    }
}
