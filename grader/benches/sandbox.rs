//! What the sandbox costs: a compilation, and a run, in all of it and in nothing of it.
//!
//! The two take turns, so that whatever else this machine does falls on both. Counted is
//! the CPU time of all processes that were started, and the time on the clock.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use comfy_table::{Table, presets};
use course::catalogue::Limits;
use grader::compile::{Compiled, Program, compile};
use grader::intake::Sources;
use grader::kit::Kit;
use grader::launch::{Confinement, launch};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use sandbox::tier::{Demand, Layer};
use verdict::end::End;
use vmsim::handlers::Hole;

/// Turns of the compiler, which takes a second, and of a run, which takes milliseconds.
const COMPILATIONS: usize = 10;
const LAUNCHES: usize = 200;

/// The shortest useful run: its start is nearly all of it.
const TRACE: &[u8] = b"mmap 1 0x10000000 16K rw private anon\nread 1 0x10000000\n";

const LIMITS: Limits = Limits {
    cpu_seconds: 2,
    memory_mib: 256,
    output_kib: 64,
};

const OFF: Confinement = Confinement {
    demand: Demand::Off,
    without: Vec::new(),
};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let jailed = Kit::build(&root).unwrap_or_else(|error| panic!("{error}"));
    let free = jailed.clone().without(&Layer::ALL);
    let lab2 = fs::read_to_string(root.join("labs/solution/src/lab2.rs")).expect("the solution");
    // What is the same to the last byte is compiled once.
    let make = |kit: &Kit, turn: usize| program(kit, format!("// {turn}\n{lab2}"));
    let kits = [&free, &jailed];
    let compilations = interleaved(COMPILATIONS, kits, |turn, kit| drop(make(kit, turn)));
    let ready = make(&jailed, COMPILATIONS);
    let ways = [&OFF, &Confinement::REQUIRED];
    let launches = interleaved(LAUNCHES, ways, |_, way| run(&ready, way));
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["milliseconds", "without", "sandboxed", "difference"]);
    add(&mut table, "compile", compilations);
    add(&mut table, "launch", launches);
    println!("{COMPILATIONS} compilations and {LAUNCHES} launches of each kind\n{table}");
}

fn program(kit: &Kit, lab2: String) -> Program {
    let sources = Sources {
        files: vec![("lab2.rs", lab2)],
        ..Sources::default()
    };
    match compile(kit, &sources) {
        Ok(Compiled::Program(program)) => program,
        other => panic!("it does not compile: {other:?}"),
    }
}

fn run(program: &Program, confinement: &Confinement) {
    let run = launch(program, &[Hole::ZeroPage], TRACE, LIMITS, confinement);
    let run = run.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(run.end, End::Passed, "{}", run.message);
}

/// CPU time and time on the clock of all turns, for each of two ways to act.
type Took = [[Vec<Duration>; 2]; 2];

/// Acts in both ways in each turn, and changes who begins.
fn interleaved<T>(turns: usize, ways: [&T; 2], act: impl Fn(usize, &T)) -> Took {
    let mut took = Took::default();
    for turn in 0..turns {
        for way in [turn % 2, (turn + 1) % 2] {
            let (cpu, clock) = (cpu_time(), Instant::now());
            act(turn, ways[way]);
            took[way][0].push(cpu_time() - cpu);
            took[way][1].push(clock.elapsed());
        }
    }
    took
}

/// The CPU time of all processes that were started and have ended.
fn cpu_time() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("a system that counts");
    let microseconds = (usage.user_time() + usage.system_time()).num_microseconds();
    Duration::from_micros(microseconds.unsigned_abs())
}

fn add(table: &mut Table, what: &str, mut took: Took) {
    took.iter_mut().flatten().for_each(|times| times.sort());
    for (kind, time) in ["CPU time", "on the clock"].into_iter().enumerate() {
        for (statistic, part) in [("min", 0), ("median", 2)] {
            let at = |way: usize| {
                let times = &took[way][kind];
                times[times.len() * part / 4].as_secs_f64() * 1e3
            };
            let row = [at(0), at(1), at(1) - at(0)].map(|it| format!("{it:.1}"));
            let name = format!("{what}, {time}, {statistic}");
            table.add_row([name].into_iter().chain(row));
        }
    }
}
