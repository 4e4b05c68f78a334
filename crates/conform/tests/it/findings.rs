//! A finding, as people read it.

use conform::judge::Verdict;
use conform::report::Report;
use insta::{Settings, assert_snapshot};
use naive::rule::NaiveRule;

use crate::{broken, case, compared, facts, judged, reference};

/// What is printed of a trace on a wrong kernel; numbers that depend on the computer
/// are left out.
fn told(trace: &str, rule: NaiveRule) -> Option<String> {
    let facts = facts()?;
    let outcome = compared(vec![case(trace)], &facts, &broken(rule));
    let report = Report::new(&facts, None, outcome, 1.0).to_string();
    let (finding, _) = report
        .split_once(&facts.kernel)
        .expect("the kernel is named");
    let rest = report[finding.len()..].replace(&facts.kernel, "KERNEL");
    let shown = rest.split("KERNEL:").next().unwrap_or_default();
    Some(format!("{finding}{shown}").trim_end().to_owned())
}

#[test]
fn the_trace_of_a_finding_is_one_that_conforms() {
    let Some(facts) = facts() else { return };
    let trace = "\
file f 8K cold
file g 8K warm
mmap 1 0x100000000 8K rw shared g
mmap 1 0x200000000 8K rw private anon
read 1 0x200000000
read 1 0x100001000
write 1 0x100001000 =7
";
    let outcome = compared(
        vec![case(trace)],
        &facts,
        &broken(NaiveRule::FileReadIsWritable),
    );
    let saved = &outcome.findings.first().expect("the kernel is wrong").trace;
    assert!(!saved.contains("file f"), "{saved}");
    assert!(
        saved.contains("write 1 0x100001000 =7                      # => minor"),
        "{saved}"
    );
    let verdict = judged(saved, &facts, &reference).verdict;
    assert!(matches!(verdict, Verdict::Same), "{verdict:?} of\n{saved}");
}

#[test]
fn a_finding_says_what_each_side_says_and_how_to_see_it() {
    let trace = "\
machine cpus=2
file f 8K warm
file g 8K cold
mmap 1 0x100000000 16K rw private anon
mmap 1 0x200000000 8K rw shared g
write 1 0x100001000 =7 @1
fork 1 2
read 2 0x200000000
read 1 0x200001000
mprotect 1 0x100000000 16K r
mprotect 1 0x100000000 16K rw
write 2 0x100001000 =9
write 2 0x100001000 =10
";
    let Some(text) = told(trace, NaiveRule::ForkCopiesMemory) else {
        return;
    };
    let mut settings = Settings::clone_current();
    // What is seen of page tables, and whether there is swap, depends on the computer.
    settings.add_filter(r"(Linux: +\w+); page .*", "$1");
    settings.add_filter(r"swap=\d+", "swap=SLOTS");
    settings.bind(|| assert_snapshot!(text));
}
