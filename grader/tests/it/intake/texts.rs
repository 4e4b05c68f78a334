//! Sources that are no texts, or too long ones.

use super::*;

#[test]
fn a_source_that_is_no_text_is_refused_with_the_place() {
    let help = "help: hand in the text that the compiler takes at home";
    check(
        "lab1.rs = ab\\xff",
        &format!("refused: `lab1.rs`: not UTF-8 at byte 2\n{help}"),
    );
    check(
        "src/lab1.rs = abc\\0",
        &format!("refused: `src/lab1.rs`: a NUL byte at byte 3\n{help}"),
    );
    check(
        "lab1.rs = one\nx.trace = \\xff",
        "lab1.rs = one\nunreadable: x.trace: not UTF-8 at byte 0",
    );
}

#[test]
fn long_sources_are_refused() {
    let help = "help: hand in the text that the compiler takes at home";
    let largest = "0".repeat(256 << 10);
    let is_whole = |got: String| assert!(got == format!("lab1.rs = {largest}\n"));
    is_whole(of_archive(&zipped("lab1.rs * 262144"), "a.zip"));
    is_whole(of_archive(&gzipped(&tarred("lab1.rs * 262144")), "a.tgz"));
    is_whole(of_folder("lab1.rs * 262144"));
    check(
        "lab1.rs * 262145",
        &format!("refused: `lab1.rs`: more than 262144 bytes\n{help}"),
    );
    check(
        &format!("lab1.rs = {}", "\\n".repeat(5_001)),
        &format!("refused: `lab1.rs`: more than 5000 lines\n{help}"),
    );
    check(
        "lab1.rs = one\nx.trace * 262145",
        "lab1.rs = one\nunreadable: x.trace: more than 262144 bytes",
    );
}
