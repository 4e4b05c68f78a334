//! One thing is broken in a small course: it is found, and nothing else is.

use crate::bench::{Bench, HIDDEN_REGISTRY, README, REGISTRY, finds};
use crate::kernels::KNOWN;

/// Breaks one thing; this and nothing else is found.
#[track_caller]
fn broken(bench: Bench, expected: &str) {
    finds(&bench.audit(&KNOWN).findings, &[expected]);
}

#[test]
fn a_sound_course_has_no_findings() {
    let result = Bench::new().audit(&KNOWN);
    finds(&result.findings, &[]);
    assert!(result.passed);
}

#[test]
fn a_missing_hint_is_found() {
    let bench = Bench::new().edit(REGISTRY, "\"Gentle.\", ", "");
    let expected = "labs/02-lazy/lab.toml: `zero_page` has 2 hints, at least 3 are wanted [words]";
    broken(bench, expected);
}

#[test]
fn an_empty_hint_is_found() {
    let bench = Bench::new().edit(REGISTRY, "\"Plain.\"", "\" \"");
    broken(
        bench,
        "labs/02-lazy/lab.toml: `zero_page` has a hint that says nothing [words]",
    );
}

#[test]
fn points_that_do_not_add_up_are_found() {
    let bench = Bench::new().edit(REGISTRY, "points = 10", "points = 9.5");
    broken(
        bench,
        "labs/02-lazy/lab.toml: the lab states 20 points, and its parts give 19.5 [points]",
    );
}

#[test]
fn a_part_without_points_is_found() {
    let bench = Bench::new()
        .edit(REGISTRY, "points = 4", "points = 0")
        .edit(REGISTRY, "points = 10", "points = 14");
    broken(
        bench,
        "labs/02-lazy/lab.toml: `zero_page` gives 0 points [points]",
    );
}

#[test]
fn a_trace_without_weight_is_found() {
    let bench = Bench::new().edit(
        HIDDEN_REGISTRY,
        "name = \"second\"",
        "name = \"second\"\nweight = 0.0",
    );
    broken(
        bench,
        "grader/hidden/02-lazy/hidden.toml: the trace `second` has the weight 0 [points]",
    );
}

#[test]
fn a_name_that_two_traces_have_is_found() {
    let trace = "mmap 1 0x10000000 4K rw private anon\nwrite 1 0x10000000 =1\n";
    let bench = Bench::new()
        .edit(REGISTRY, "name = \"shown\"", "name = \"first\"")
        .trace("labs/02-lazy/traces/first.trace", trace)
        .edit(README, "`shown`", "`first`");
    broken(
        bench,
        "grader/hidden/02-lazy/hidden.toml: another trace is called `first` [names]",
    );
}

#[test]
fn a_hole_that_two_labs_list_is_found() {
    let bench = Bench::new().edit(REGISTRY, "name = \"zero_page\"", "name = \"demand_zero\"");
    let found = bench.audit(&KNOWN[..1]).findings;
    finds(
        &found,
        &[
            "grader/hidden/02-lazy/hidden.toml: the trace `first` is graded for `zero_page`, which \
             lab 2 gives no points for [names]",
            "grader/hidden/02-lazy/hidden.toml: the trace `second` is graded for `zero_page`, \
             which lab 2 gives no points for [names]",
            "grader/hidden/02-lazy/hidden.toml: the trace `third` is graded for `zero_page`, which \
             lab 2 gives no points for [names]",
            "labs/02-lazy/lab.toml: the hole `demand_zero` is listed twice [names]",
            "labs/02-lazy/lab.toml: the trace `shown` is graded for `zero_page`, which lab 2 gives \
             no points for [names]",
        ],
    );
}

#[test]
fn a_lab_in_the_wrong_folder_is_found() {
    let bench = Bench::new().edit(REGISTRY, "number = 2", "number = 3");
    let found = bench.course().check();
    let found: Vec<&str> = found.iter().map(|f| f.what.as_str()).collect();
    assert!(
        found.contains(&"lab 3 stands in the folder `02-lazy`"),
        "{found:?}"
    );
    assert!(
        found.contains(&"the hole `zero_page` belongs to lab 2"),
        "{found:?}"
    );
}

#[test]
fn a_trace_that_does_not_say_what_it_is_for_is_found() {
    let bench = Bench::new().edit(REGISTRY, "teaches = \"What it teaches.\"\n", "");
    broken(
        bench,
        "labs/02-lazy/lab.toml: the trace `shown` does not say what it teaches [words]",
    );
}

#[test]
fn a_hidden_trace_without_category_is_found() {
    let bench = Bench::new().edit(HIDDEN_REGISTRY, "category = \"lazy\"\n", "");
    broken(
        bench,
        "grader/hidden/02-lazy/hidden.toml: the hidden trace `first` has no category [words]",
    );
}

#[test]
fn a_handout_that_does_not_mention_a_trace_is_found() {
    let bench = Bench::new().edit(README, "`shown`", "`shown-again`");
    broken(
        bench,
        "labs/02-lazy/README.md: does not mention the public trace `shown` [handout]",
    );
}

#[test]
fn a_handout_that_does_not_mention_a_hole_is_found() {
    let bench = Bench::new().edit(README, "`zero_page`", "the first");
    broken(
        bench,
        "labs/02-lazy/README.md: does not mention the hole `zero_page` [handout]",
    );
}

#[test]
fn a_missing_handout_is_found() {
    let found = Bench::new().remove(README).audit(&KNOWN).findings;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].what.starts_with("cannot be read: "), "{found:?}");
}

#[test]
fn a_key_that_is_out_of_date_is_found_and_nobody_is_blamed_for_it() {
    let key = "grader/hidden/02-lazy/keys/second.snap";
    let bench = Bench::new().edit(key, "K minor demand-zero", "K minor reuse");
    broken(
        bench,
        "grader/hidden/02-lazy/keys/second.snap: not what the reference does, at line 3 of the \
         trace; no mutant is tried on it [keys]",
    );
}

#[test]
fn a_malformed_trace_is_found() {
    let trace = "grader/hidden/02-lazy/third.trace";
    let found = Bench::new()
        .edit(trace, "read", "raed")
        .audit(&KNOWN)
        .findings;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].what.starts_with("malformed: 2:1: "), "{found:?}");
}

#[test]
fn a_trace_without_key_is_bad_input() {
    let bench = Bench::new().remove("grader/hidden/02-lazy/keys/third.snap");
    let error = bench.read().expect_err("no key").to_string();
    assert!(error.contains("third.snap"), "{error}");
}

#[test]
fn a_registry_with_an_unknown_word_is_bad_input() {
    let bench = Bench::new().edit(REGISTRY, "title", "titel");
    let error = bench.read().expect_err("no catalogue").to_string();
    assert!(error.contains("lab.toml"), "{error}");
}

/// What every trace here does besides, so that it exposes the mutants.
const LEGAL: &str = "\
mmap 1 0x10000000 8K rw private anon
read 1 0x10000000
write 1 0x10001000 =7
read 1 0x10001fff
";

fn with_fourth(trace: &str) -> Bench {
    Bench::new().another("fourth", trace)
}

#[test]
fn a_refused_access_without_a_twin_is_found() {
    let refused = "mmap 1 0x20000000 4K r private anon\nwrite 1 0x20000000 =1\n";
    broken(
        with_fourth(&(LEGAL.to_owned() + refused)),
        "grader/hidden/02-lazy/fourth.trace: line 6: `write 1 0x20000000 =1` is refused, and no \
         trace of the lab has an access to `0x20000000 4K r private anon` that is served [twins]",
    );
}

#[test]
fn a_twin_in_the_same_trace_is_enough() {
    let both = "mmap 1 0x20000000 4K r private anon populate\nread 1 0x20000000\n\
                write 1 0x20000000 =1\n";
    finds(
        &with_fourth(&(LEGAL.to_owned() + both))
            .audit(&KNOWN)
            .findings,
        &[],
    );
}

#[test]
fn a_twin_of_another_process_in_another_trace_is_enough() {
    let refused = "mmap 1 0x20000000 4K r private anon\ncopyout 1 0x20000000 =1\n";
    let served = "fork 1 2\nmmap 2 0x20000000 4K r private anon\nread 2 0x20000000\n";
    let bench =
        with_fourth(&(LEGAL.to_owned() + refused)).another("fifth", &(LEGAL.to_owned() + served));
    finds(&bench.audit(&KNOWN).findings, &[]);
}

#[test]
fn a_mapping_with_other_rights_is_no_twin() {
    let refused = "mmap 1 0x20000000 4K r private anon\ncopyout 1 0x20000000 =1\n";
    let served = "mmap 1 0x20000000 4K rw private anon\nread 1 0x20000000\n";
    let bench =
        with_fourth(&(LEGAL.to_owned() + refused)).another("fifth", &(LEGAL.to_owned() + served));
    broken(
        bench,
        "grader/hidden/02-lazy/fourth.trace: line 6: `copyout 1 0x20000000 =1` is refused, and no \
         trace of the lab has an access to `0x20000000 4K r private anon` that is served [twins]",
    );
}

#[test]
fn an_address_that_nothing_covers_needs_a_legal_access_in_the_same_trace() {
    // Nothing is mapped, so this trace exposes nobody, either.
    let found = with_fourth("read 1 0x20000000\n").audit(&KNOWN).findings;
    finds(
        &found,
        &[
            "grader/hidden/02-lazy/fourth.trace: exposes no mutant [idle trace]",
            "grader/hidden/02-lazy/fourth.trace: line 1: `read 1 0x20000000` is refused, and \
             nothing in the trace is served [twins]",
        ],
    );
}

#[test]
fn a_mapping_behind_the_end_of_its_file_needs_no_twin_of_its_own() {
    let behind = "file f 4K warm\nmmap 1 0x20000000 4K r shared f+0x1000\nread 1 0x20000000\n";
    finds(
        &with_fourth(&(LEGAL.to_owned() + behind))
            .audit(&KNOWN)
            .findings,
        &[],
    );
}

#[test]
fn a_stack_that_grew_and_a_heap_are_mappings_like_others() {
    let grown = "sigaction 1 segv handler\n\
                 mmap 1 0x20000000 4K rw private anon growsdown\n\
                 write 1 0x1ffff000 =1\nexec 1 0x1ffff000\n\
                 brk 1 0x4001000\nwrite 1 0x4000000 =1\nexec 1 0x4000000\n";
    finds(
        &with_fourth(&(LEGAL.to_owned() + grown))
            .audit(&KNOWN)
            .findings,
        &[],
    );
}
