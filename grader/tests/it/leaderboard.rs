//! The leaderboard of the sample class.

use std::fs;
use std::sync::LazyLock;

use course::catalogue::Contest;
use course::feedback::Feedback;
use grader::feedback::ShownBoard;
use grader::intake;
use grader::kit::Kit;
use grader::launch::Confinement;
use grader::leaderboard::{Kind, Leaderboard, Row, compare};
use grader::report;
use tempfile::TempDir;
use verdict::end::End;

use crate::workspace::{catalogue, root};

static BOARD: LazyLock<Leaderboard> = LazyLock::new(|| {
    let kit = Kit::build(&root()).unwrap_or_else(|error| panic!("{error}"));
    let class = intake::find(&root().join("grader/samples"));
    let submissions = class.unwrap_or_else(|error| panic!("{error}"));
    let labs = catalogue().labs.into_iter();
    let contests: Vec<Contest> = labs.flat_map(|lab| lab.leaderboard).collect();
    let confinement = Confinement::REQUIRED;
    compare(&kit, &contests, &submissions, &confinement, |_| {})
        .unwrap_or_else(|error| panic!("{error}"))
});

fn row(name: &str) -> &'static Row {
    let found = BOARD.rows.iter().find(|row| row.name == name);
    found.unwrap_or_else(|| panic!("no row is called {name}"))
}

#[test]
fn nobody_reads_fewer_pages_than_opt() {
    let best: Vec<u64> = row("opt").runs.iter().map(|run| run.reads).collect();
    for row in BOARD.rows.iter().filter(|row| row.end == End::Passed) {
        let reads: Vec<u64> = row.runs.iter().map(|run| run.reads).collect();
        let fewer = reads.iter().zip(&best).any(|(own, best)| own < best);
        assert!(!fewer, "{}: {reads:?} against {best:?}", row.name);
    }
}

#[test]
fn the_traces_tell_policies_apart() {
    for (index, trace) in BOARD.traces.iter().enumerate() {
        let mut reads: Vec<u64> = BOARD
            .rows
            .iter()
            .filter_map(|row| Some(row.runs.get(index)?.reads))
            .collect();
        reads.sort_unstable();
        reads.dedup();
        assert!(reads.len() > 2, "{}: {reads:?}", trace.name);
    }
}

#[test]
fn the_skeletons_policy_is_easy_to_beat() {
    let of = |name| row(name).relative.expect("it ran to its end");
    for name in ["second-chance", "perfect-ada", "lru", "opt"] {
        assert!(of(name) < of("skeleton"), "{name}");
    }
}

#[test]
fn a_policy_that_fails_keeps_its_row() {
    let vera = row("failed-evicts-by-age-alone");
    assert_eq!((vera.kind, vera.end), (Kind::Submission, End::Failed));
    assert_eq!(vera.relative, None);
    let last = BOARD.rows.last().expect("a row");
    assert_eq!(last.name, vera.name);
    let text = report::leaderboard::render(&ShownBoard::new(&BOARD, Feedback::default()));
    assert!(text.contains("the policy found no victim"), "{text}");
}

#[test]
fn who_has_no_policy_has_no_row() {
    for name in ["perfect-grace", "skeleton-untouched", "empty"] {
        assert!(BOARD.without.iter().any(|id| id == name), "{name}");
    }
    assert_eq!(BOARD.rows.len(), 7 + 2);
}

#[test]
fn the_csv_has_a_row_for_each_policy_and_trace() {
    let mut table = Vec::new();
    report::leaderboard::write_csv(&ShownBoard::new(&BOARD, Feedback::default()), &mut table)
        .expect("a vector takes it");
    let lines = String::from_utf8(table).expect("text").lines().count();
    assert_eq!(lines, 1 + BOARD.rows.len() * BOARD.traces.len());
}

/// It builds a second machine, with more memory and the files in it already, and puts
/// the kernel of that one in the place of the one that pays for each page.
const THIEF: &str = r#"
use std::rc::Rc;
use vmsim::addr::{CpuId, FileId, Pid};
use vmsim::event::{Cache, Config, Event, Mapping, Op, Populate, Source};
use vmsim::machine::Machine;
use vmsim::prelude::*;
use vmsim::replacement::Policy;

#[derive(Default)]
pub struct Own {
    rich: bool,
}

fn richer(k: &Kernel, fault: &PageFault) -> Kernel {
    let config = Config { frames: 8192, ..Config::default() };
    let policy = Box::new(Own { rich: true });
    let mut machine = Machine::with_policy(config, Rc::new(crate::Submission), policy);
    let vma = k.vma(fault.page);
    let (pid, file, addr) = (Pid(1), FileId(0), vma.start.start());
    let size = (vma.end.0 - vma.start.0) * PAGE_SIZE;
    let map = Mapping {
        prot: vma.prot,
        sharing: vma.sharing,
        source: Source::File { file, offset: 0 },
        populate: Populate::Lazily,
        growth: vma.growth,
    };
    for op in [
        Op::File { name: "file".into(), size, cache: Cache::Warm },
        Op::Mmap { pid, addr, len: size, map },
        Op::Read { pid, addr: fault.addr, size: 1 },
    ] {
        machine.step(&Event { cpu: CpuId(0), op });
    }
    machine.kernel().clone()
}

impl Policy for Own {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        k.advance_clock()
    }

    fn repaired(&mut self, k: &mut Kernel, fault: &PageFault) {
        if !std::mem::replace(&mut self.rich, true) {
            *k = richer(k, fault);
        }
    }
}
"#;

#[test]
fn a_policy_that_brings_a_machine_of_its_own_has_no_place() {
    let folder = TempDir::new().expect("a folder");
    let ada = root().join("grader/samples/perfect-ada");
    for file in course::handed_in::HANDLER_FILES {
        fs::copy(ada.join(file), folder.path().join(file)).expect("a copy");
    }
    fs::write(folder.path().join("policy.rs"), THIEF).expect("a policy");
    let kit = Kit::build(&root()).unwrap_or_else(|error| panic!("{error}"));
    let submissions = intake::find(folder.path()).expect("a submission");
    let labs = catalogue().labs.into_iter();
    let mut contests: Vec<Contest> = labs.flat_map(|lab| lab.leaderboard).collect();
    contests.retain(|contest| contest.name == "loop");
    let board = compare(
        &kit,
        &contests,
        &submissions,
        &Confinement::REQUIRED,
        |_| {},
    );
    let board = board.unwrap_or_else(|error| panic!("{error}"));
    let mut rows = board.rows.into_iter();
    let thief = rows
        .find(|row| row.kind == Kind::Submission)
        .expect("a row");
    assert_eq!((thief.end, thief.relative), (End::Failed, None));
    let told = "a handler put another kernel in the place of its own";
    assert!(thief.message.contains(told), "{}", thief.message);
}
