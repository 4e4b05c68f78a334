//! Suites of traces: which conform, what they expose, and what hostile ones cost.

use std::collections::BTreeSet;
use std::fs;
use std::rc::Rc;

use course::catalogue::ExerciseKind;
use grader::intake::{self, Sources, Submission};
use grader::points::Weighed;
use runner::log::Oracle;
use verdict::end::End;
use vmsim::machine::Machine;
use vmtrace::generate::{GeneratorOptions, generate};
use vmtrace::text::print::Printer;

use crate::workspace::{graded, root};

/// The results of a suite.
fn results(suite: &[(&str, &str)]) -> Vec<Weighed> {
    let attachments = suite
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    let sources = Sources {
        attachments: attachments.collect(),
        ..Sources::default()
    };
    graded(ExerciseKind::BreakIt, &sources)
}

/// Why a trace does not conform; nothing if it does.
fn refusal(trace: &str) -> String {
    let results = results(&[("mine.trace", trace)]);
    let told = results
        .into_iter()
        .find(|one| one.result.name == "mine.trace");
    let told = told.expect("every trace is told of");
    assert_eq!(told.weight, 0.0, "a trace counts for nothing by itself");
    match told.result.end {
        End::Passed => String::new(),
        End::Failed => told.result.message,
        other => panic!("{other}: {}", told.result.message),
    }
}

#[track_caller]
fn is_refused(trace: &str, words: &str) {
    let why = refusal(trace);
    assert!(
        why.starts_with("mine.trace") && why.contains(words),
        "{why:?}"
    );
}

#[track_caller]
fn conforms(trace: &str) {
    assert_eq!(refusal(trace), "");
}

/// The wrong kernels that a suite exposes, of all that there are.
fn exposed(results: &[Weighed]) -> (Vec<&str>, usize) {
    let kernels = || results.iter().filter(|one| !one.result.public);
    let passed = kernels().filter(|one| one.result.end == End::Passed);
    (
        passed.map(|one| one.result.name.as_str()).collect(),
        kernels().count(),
    )
}

#[test]
fn a_trace_says_what_becomes_of_each_access() {
    conforms("mmap 1 0x10000000 4K rw private anon\nwrite 1 0x10000000 # => minor demand-zero");
    is_refused(
        "mmap 1 0x10000000 4K rw private anon\nwrite 1 0x10000000",
        "mine.trace:2: the access says no class, so it is no test\nhelp: ",
    );
    is_refused(
        "mmap 1 0x10000000 4K rw private anon\nwrite 1 0x10000000 # => minor zero-page",
        "mine.trace:2: write 1 0x10000000: `minor zero-page` is expected, but Linux gives `minor demand-zero`",
    );
    is_refused("copyin 1 0x10000000", "says no class");
    is_refused("fork 1 2 # => hit", "Linux gives `nothing`");
}

#[test]
fn a_malformed_trace_is_refused_with_line_and_remedy() {
    is_refused(
        "mmap 1 0x10000000 4K rw private anon\nwriet 1 0x1",
        "mine.trace:2:1: ",
    );
    is_refused("machine cpus=5", "mine.trace:1:");
    is_refused("read 1 0x10000000 @3 # => hit", "CPU below 1");
}

#[test]
fn memory_pressure_and_cpus_are_for_the_rules_to_decide() {
    conforms(
        "machine frames=1 swap=2 cpus=2\nmmap 1 0x10000000 8K rw private anon\n\
         write 1 0x10000000 # => minor demand-zero\nwrite 1 0x10001000 @1 # => minor demand-zero\n\
         read 1 0x10000000 # => major swap-in",
    );
}

#[test]
fn what_linux_cannot_tell_is_refused_by_its_name() {
    let cold = "file f 16K cold\nmmap 1 0x100000000 16K rx private f\n";
    is_refused(
        &format!("{cold}read 1 0x100000000 # => major file-read"),
        "mine.trace:3: no run of Linux can tell: N2 \"read-ahead of executable mappings\"\nhelp: ",
    );
    is_refused(&format!("{cold}madvise 1 0x100000000 4K willneed"), "N5");
    let two = "mmap 1 0x100000000 8K rw private anon\nmprotect 1 0x100001000 4K r\n";
    is_refused(
        &format!(
            "{two}sigaction 1 segv handler\nwrite 1 0x100000ffe 3B # => minor demand-zero then segv accerr"
        ),
        "N12",
    );
    // Executing and reading are the same once it is allowed.
    conforms("mmap 1 0x10000000 4K rx private anon\nexec 1 0x10000000 # => minor zero-page");
}

#[test]
fn limits_are_kept_before_anything_runs() {
    let events = |count: usize| "sigaction 1 bus handler\n".repeat(count);
    conforms(&events(60));
    is_refused(&events(61), "mine.trace:61: more than 60 events");
    conforms("mmap 1 0x10000000 1M rw private anon");
    is_refused(
        &"fork 1 2\n".repeat(17),
        "mine.trace:17: more than 16 forks",
    );
    for hostile in [
        "mmap 1 0x0 65536G rw private anon populate",
        "mmap 1 0x10000000 1M rw private anon populate\nmadvise 1 0x10000000 4K pageout",
        "mmap 1 0x10000 0xffffffffffffffff rw shared anon",
        "brk 1 0x7fffffffe000",
        "file f 8M warm",
        "file f 4K cold\nload f 0xffffffffffffffff",
        "mmap 1 0x10000000 4K rw shared anon\nmsync 1 0x0 131072G",
        "munmap 1 0x0 131072G",
        "mprotect 1 0x10000000 1024G r",
    ] {
        is_refused(
            hostile,
            "more than 1 MiB in the ranges of all events together",
        );
    }
    for (machine, word) in [
        ("frames=1000000", "frames"),
        ("swap=1000000", "swap"),
        ("fault-around=512", "fault-around"),
        ("fault-around=4", "fault-around"),
        ("readahead=512", "readahead"),
        ("stack-limit=9M", "stack-limit"),
    ] {
        is_refused(&format!("machine {machine}\nfork 1 2"), word);
    }
}

/// As much work as the limits allow, for one of the twenty traces that there may be.
#[test]
fn the_worst_trace_is_tried_on_every_kernel() {
    let mut trace = "machine fault-around=16\nfile f 256K warm\n".to_owned();
    trace += "mmap 1 0x10000000 384K rw private anon populate\n";
    trace += "mmap 1 0x20000000 256K rw private f populate\n";
    for child in 2..=17 {
        trace += &format!("fork {} {child}\n", child - 1);
    }
    trace += "madvise 17 0x10000000 128K populate-write\n";
    conforms(&trace);
    let harmless = "mmap 1 0x10000000 4K rw private anon";
    let of = |trace| results(&[("mine.trace", trace)]).len();
    assert_eq!(of(&trace), of(harmless));
}

/// Whatever a trace asks for, every kernel comes to an end, and so does its check.
#[test]
fn no_random_trace_upsets_the_grader() {
    let mut conforming = 0;
    for seed in 0..40 {
        let options = GeneratorOptions {
            events: 55,
            cpus: 1 + (seed % 4) as u8,
            frames: [4, 16, 65_536][seed as usize % 3],
            swap: [0, 4, 65_536][seed as usize / 3 % 3],
            fault_around: [1, 16][seed as usize % 2],
            arenas: 1,
            arena_pages: 12,
            file_pages: 6,
            invalid_percent: 10,
            strain_percent: 30,
            ..GeneratorOptions::default()
        };
        let (config, events) = generate(seed, &options);
        let mut printer = Printer::new(Vec::new(), &config).expect("a vector takes it");
        for event in &events {
            printer.write(event).expect("it is an event");
        }
        let trace = printer.finish().expect("a vector takes it");
        let trace = String::from_utf8(trace).expect("a trace is text");
        let expected = with_expectations(&trace);
        let results = results(&[("a.trace", &trace), ("b.trace", &expected)]);
        let told = results.iter().find(|one| one.result.name == "b.trace");
        conforming += usize::from(told.is_some_and(|told| told.result.end == End::Passed));
    }
    assert!(conforming > 5, "{conforming} of 40 reach the kernels");
}

/// A trace with what the reference does behind each event.
fn with_expectations(trace: &str) -> String {
    let reference = |config| Machine::new(config, Rc::new(solution::Reference));
    let run = runner::contained::run(trace.as_bytes(), reference).expect("a trace");
    let mut lines: Vec<String> = trace.lines().map(str::to_owned).collect();
    for record in run.records.iter().filter(|record| record.line > 0) {
        let class = record.column(Oracle::Class);
        if !class.is_empty() {
            lines[record.line as usize - 1] += &format!(" # => {class}");
        }
    }
    lines.join("\n")
}

#[test]
fn a_refused_trace_takes_nothing_from_the_others() {
    let good = fs::read_to_string(root().join("grader/samples/perfect-ada/08-other-cpus.trace"))
        .expect("a trace");
    let alone = results(&[("good.trace", &good)]);
    let both = results(&[("bad.trace", "fork 1"), ("good.trace", &good)]);
    assert!(!exposed(&alone).0.is_empty());
    assert_eq!(exposed(&both), exposed(&alone));
}

#[test]
fn traces_beyond_the_twentieth_are_not_looked_at() {
    let names: Vec<String> = (10..31).map(|n| format!("{n}.trace")).collect();
    let suite: Vec<(&str, &str)> = names.iter().map(|name| (&**name, "fork 1 2")).collect();
    let results = results(&suite);
    let failed = |one: &&Weighed| one.result.public && one.result.end == End::Failed;
    let refused: Vec<&str> = results
        .iter()
        .filter(failed)
        .map(|one| &*one.result.name)
        .collect();
    assert_eq!(refused, ["30.trace"]);
}

#[test]
fn a_public_trace_as_it_is_does_not_count() {
    let path = "labs/02-lazy/traces/exit.trace";
    let text = fs::read_to_string(root().join(path)).expect("a public trace");
    is_refused(
        &text,
        "this is labs/02-lazy/traces/exit.trace\nhelp: write traces of your own",
    );
}

#[test]
fn a_trace_that_asks_for_nothing_exposes_nothing() {
    let results = results(&[("a.trace", "fork 1 2")]);
    let (exposed, all) = exposed(&results);
    assert_eq!(exposed, [""; 0]);
    assert!(all > 0);
}

#[test]
fn no_traces_are_not_written_yet_and_belady_is_none() {
    for suite in [&[][..], &[("belady.trace", "fork 1 2")]] {
        let results = results(suite);
        assert_eq!(results.len(), 1);
        assert_eq!(results[0].result.end, End::NotWritten);
    }
}

#[test]
fn the_public_examples_conform() {
    for name in ["worked-example", "says-too-little"] {
        let path = root().join(format!("labs/09-break-it/traces/{name}.trace"));
        let text = fs::read_to_string(path).expect("an example");
        conforms(&format!("{text}fork 1 2"));
    }
}

/// Both perfect suites expose everything, in different ways.
#[test]
fn the_sample_suites_have_no_trace_in_common() {
    let suite = |id: &str| {
        let sample = root().join("grader/samples").join(id);
        let found: Vec<Submission> = intake::find(&sample).expect("a sample");
        let sources = found[0].read().expect("it can be read");
        let traces = sources
            .attachments
            .into_iter()
            .filter(|(name, _)| name.ends_with(".trace"));
        traces.map(|(_, text)| text).collect::<BTreeSet<String>>()
    };
    let (ada, grace) = (suite("perfect-ada"), suite("perfect-grace"));
    assert!(!ada.is_empty() && !grace.is_empty());
    assert!(ada.is_disjoint(&grace));
}
