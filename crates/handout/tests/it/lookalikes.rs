//! Text that resembles a marker is refused, wherever it stands.

use crate::{check, refuses};

#[track_caller]
fn resembles(line: &str, column: usize, found: &str) {
    let expected = format!("lab.rs:1:{column}: `{found}` resembles a marker and is none");
    refuses(&format!("{line}\n"), &expected);
}

#[test]
fn another_case() {
    resembles("// faultline-begin zero", 4, "faultline");
    resembles("// Faultline-Handout", 4, "Faultline");
}

#[test]
fn another_separator() {
    resembles("// FAULTLINE_BEGIN zero", 4, "FAULTLINE");
    resembles("// FAULTLINE BEGIN zero", 4, "FAULTLINE BEGIN");
    resembles("// FAULTLINE: END zero", 4, "FAULTLINE: END");
    resembles("// FAULTLINEHANDOUT", 4, "FAULTLINEHANDOUT");
    resembles("// FAULT-LINE-END zero", 4, "FAULT-LINE-END");
    resembles(
        "// FAULT LINE SOLUTION ONLY BEGIN x",
        4,
        "FAULT LINE SOLUTION ONLY BEGIN",
    );
}

#[test]
fn another_spacing() {
    resembles("//FAULTLINE-BEGIN zero", 3, "FAULTLINE");
    resembles("//  FAULTLINE-BEGIN zero", 5, "FAULTLINE");
    resembles("// FAULTLINE- BEGIN zero", 4, "FAULTLINE");
    resembles("/ / FAULTLINE-BEGIN zero", 5, "FAULTLINE");
}

#[test]
fn another_spelling() {
    resembles("// FAULTLIN-BEGIN zero", 4, "FAULTLIN-BEGIN");
    resembles("// FAULTLNIE-HANDOUT", 4, "FAULTLNIE-HANDOUT");
    resembles("// FALTLINE-ENDE zero", 4, "FALTLINE-ENDE");
    resembles("// FAULTL1NE-BEGIN zero", 4, "FAULTL1NE-BEGIN");
    resembles("// FАULTLINE-BEGIN zero", 4, "FАULTLINE-BEGIN");
}

#[test]
fn an_unknown_word() {
    resembles("// FAULTLINE-START zero", 4, "FAULTLINE");
    resembles("// FAULTLINE-SOLUTION-BEGIN zero", 4, "FAULTLINE");
}

#[test]
fn another_kind_of_comment() {
    resembles("/// FAULTLINE-BEGIN zero", 5, "FAULTLINE");
    resembles("//! FAULTLINE-BEGIN zero", 5, "FAULTLINE");
    resembles("/* FAULTLINE-BEGIN zero */", 4, "FAULTLINE");
    resembles("# FAULTLINE-BEGIN zero", 3, "FAULTLINE");
}

#[test]
fn on_a_line_of_code() {
    resembles("let x = 1; // FAULTLINE-BEGIN zero", 15, "FAULTLINE");
    resembles("let x = \"// FAULTLINE-BEGIN zero\";", 13, "FAULTLINE");
    resembles("let ü = \"FAULTLINE-HANDOUT\";", 10, "FAULTLINE");
}

#[test]
fn inside_handout_text() {
    refuses(
        "// FAULTLINE-BEGIN a\nx\n// FAULTLINE-HANDOUT\n// // FAULTLINE-END a\n",
        "lab.rs:4:7: `FAULTLINE` resembles a marker",
    );
}

#[test]
fn invisible_characters() {
    for (found, shown) in [
        ('\t', "\\t"),
        ('\r', "\\r"),
        ('\u{a0}', "\\u{a0}"),
        ('\u{200b}', "\\u{200b}"),
        ('\u{feff}', "\\u{feff}"),
    ] {
        refuses(
            &format!("fn f() {{}}\nab{found}c\n"),
            &format!("lab.rs:2:3: invisible character `{shown}`"),
        );
    }
    refuses("fn f() {}\r\n", "lab.rs:1:10: invisible character `\\r`");
}

#[test]
fn prose_about_the_kit_is_none() {
    let text = "\
//! Faultline: the kit, its faults and a line.
//! Faultline's machine begins here; the handout ends there.
// A page fault. In line 3 the handler ends.
const FAULT_LINE: u32 = 1; // the line of the fault
";
    check(text, text);
}
