//! Which holes a trace exercises: what `lab.toml` says must be so.

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::rc::Rc;

use grader::launch;
use mutants::idle::{Idle, RIGHTLY_IDLE};
use runner::replay::{Format, Replay};
use verdict::end::End;
use verdict::judge::judge;
use vmsim::handlers::{Graft, Hole};
use vmsim::machine::Machine;

use crate::workspace::{catalogue, traces};

/// A submission in which nothing is written yet.
struct Unwritten;

macro_rules! unwritten {
    ($(
        $(#[$doc:meta])*
        $variant:ident, $lab:literal, $module:ident:
        $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;
    )*) => {
        impl vmsim::handlers::Handlers for Unwritten {
            $( fn $name(&self, $($arg: $ty),*) -> $ret {
                $( let _ = $arg; )*
                panic::panic_any(Called)
            } )*
        }
    };
}

vmsim::for_each_hole!(unwritten);

/// What a hole that is not written yet panics with.
struct Called;

#[test]
fn every_hole_of_a_trace_is_called_in_it() {
    let catalogue = catalogue();
    let mut idle = Vec::new();
    for (lab, trace) in traces(&catalogue) {
        for &hole in &trace.holes {
            if !calls(&trace.path, hole) {
                idle.push(format!(
                    "lab {}: {} does not call {}",
                    lab.number,
                    trace.name,
                    hole.name()
                ));
            }
        }
    }
    assert!(idle.is_empty(), "{}", idle.join("\n"));
}

fn calls(trace: &Path, hole: Hole) -> bool {
    let text = fs::read(trace).expect("the trace exists");
    let stock = Rc::new(solution::Reference);
    let graft = Rc::new(Graft {
        holes: vec![hole],
        scion: Rc::new(Unwritten),
        stock,
    });
    let replayed = panic::catch_unwind(AssertUnwindSafe(|| {
        Replay::new(&text[..], graft, Format::Summary)
            .map(|mut replay| replay.run(&mut Vec::new()).is_ok())
    }));
    replayed.is_err_and(|payload| payload.is::<Called>())
}

#[test]
fn every_hole_of_a_lab_has_points_hints_and_traces() {
    // A lab without holes has no code, and traces are what is handed in.
    for lab in catalogue()
        .labs
        .into_iter()
        .filter(|lab| lab.file.is_some())
    {
        let own: Vec<Hole> = Hole::ALL
            .iter()
            .copied()
            .filter(|h| h.lab() == lab.number)
            .collect();
        let listed: Vec<Hole> = lab.holes.iter().map(|points| points.hole).collect();
        assert_eq!(listed, own, "lab {} lists its holes in order", lab.number);
        for points in &lab.holes {
            let name = points.hole.name();
            let count = |public: bool| {
                let of = |t: &&course::catalogue::Trace| {
                    t.holes.contains(&points.hole)
                        && (t.visibility == course::catalogue::Visibility::Public) == public
                };
                lab.traces.iter().filter(of).count()
            };
            assert!(points.points > 0.0, "{name} has points");
            assert!(points.hints.len() >= 2, "{name} has hints");
            assert!(count(true) >= 2 && count(false) >= 2, "{name} has traces");
        }
        let (public, hidden): (Vec<_>, Vec<_>) = lab
            .traces
            .iter()
            .partition(|t| t.visibility == course::catalogue::Visibility::Public);
        assert!(
            public.len() >= 6 && hidden.len() >= 10,
            "lab {} has traces enough",
            lab.number
        );
    }
}

/// A trace that lists a hole gives points for it, and must ask something of it: what
/// does nothing, or always the same, must not get them.
#[test]
fn no_idle_hole_passes_a_trace_that_lists_it() {
    let catalogue = catalogue();
    let mut passed = Vec::new();
    for (lab, trace) in traces(&catalogue) {
        let text = fs::read(&trace.path).expect("the trace exists");
        let key = verdict::key::read(&trace.key).unwrap_or_else(|error| panic!("{error}"));
        let holes = trace.holes.iter().filter(|&&hole| hole != RIGHTLY_IDLE);
        for (&hole, idle) in holes.flat_map(|hole| Idle::ALL.map(|i| (hole, i))) {
            let graft = Graft {
                holes: vec![hole],
                scion: Rc::new(idle),
                stock: Rc::new(solution::Reference),
            };
            let run = launch::contained(&text, |config| Machine::new(config, Rc::new(graft)));
            if judge(&run.expect("a trace"), &key).end == End::Passed {
                passed.push(format!(
                    "lab {}: {} lists {}, and does not miss it: {idle:?} passes",
                    lab.number,
                    trace.name,
                    hole.name()
                ));
            }
        }
    }
    passed.dedup();
    assert!(passed.is_empty(), "{}", passed.join("\n"));
}
