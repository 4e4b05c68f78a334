//! What markers do, and what each mistake is answered with.

use std::path::Path;

use handout::{Hole, generate};

use crate::{check, refuses};

const HOLE: &str = "\
fn zero() {
    // FAULTLINE-BEGIN zero
    secret();
    // FAULTLINE-HANDOUT
    // todo!()
    // FAULTLINE-END zero
}
";

#[test]
fn a_hole_hands_out_its_handout_text() {
    check(HOLE, "fn zero() {\n    todo!()\n}\n");
}

#[test]
fn handout_text_keeps_its_own_indentation_and_empty_lines() {
    check(
        "\
// FAULTLINE-BEGIN zero
    secret();
// FAULTLINE-HANDOUT
//     // Two steps.
//
//     todo!(\"lab 2: zero it\")
// FAULTLINE-END zero
",
        "    // Two steps.\n\n    todo!(\"lab 2: zero it\")\n",
    );
}

#[test]
fn a_solution_only_region_is_dropped() {
    check(
        "\
use std::fmt;
// FAULTLINE-SOLUTION-ONLY-BEGIN imports
use std::mem;
// FAULTLINE-SOLUTION-ONLY-END imports
fn f() {}
",
        "use std::fmt;\nfn f() {}\n",
    );
}

#[test]
fn text_without_markers_is_copied_to_the_byte() {
    let text = "//! Doc.\n\n/* a */ fn f() -> &'static str { \"// ü // end\" }  \n\n\n";
    check(text, text);
}

#[test]
fn a_skeleton_is_its_own_skeleton() {
    let skeleton = generate(HOLE, Path::new("lab.rs")).unwrap().text;
    check(&skeleton, &skeleton);
}

#[test]
fn holes_come_with_their_line_in_the_skeleton() {
    let other = HOLE.replace("zero", "copy");
    let generated = generate(&format!("{HOLE}{other}"), Path::new("lab.rs")).unwrap();
    let hole = |name: &str, line| Hole {
        name: name.into(),
        line,
    };
    assert_eq!(generated.holes, [hole("zero", 2), hole("copy", 5)]);
    for hole in &generated.holes {
        let line = generated.text.lines().nth(hole.line - 1);
        assert_eq!(line, Some("    todo!()"));
    }
}

#[test]
fn an_error_names_file_line_column_and_remedy() {
    check(
        "fn f() {}\n    // FAULTLINE-BEGIN\n",
        "lab.rs:2:23: `FAULTLINE-BEGIN` without a name\n  add the hole's name after one space",
    );
}

#[test]
fn a_hole_in_a_hole_is_refused() {
    refuses(
        "// FAULTLINE-BEGIN a\nx\n// FAULTLINE-BEGIN b\n",
        "lab.rs:3:1: `b` begins inside `a` of line 1\n  close",
    );
    refuses(
        "// FAULTLINE-BEGIN a\nx\n// FAULTLINE-HANDOUT\n// y\n// FAULTLINE-SOLUTION-ONLY-BEGIN b\n",
        "lab.rs:5:1: `b` begins inside `a` of line 1",
    );
    refuses(
        "// FAULTLINE-SOLUTION-ONLY-BEGIN a\nx\n// FAULTLINE-BEGIN b\n",
        "lab.rs:3:1: `b` begins inside `a` of line 1",
    );
}

#[test]
fn a_hole_that_stays_open_is_refused_where_it_begins() {
    refuses(
        "\n  // FAULTLINE-BEGIN a\nx\n",
        "lab.rs:2:3: `a` is never closed",
    );
    refuses(
        "// FAULTLINE-BEGIN a\nx\n// FAULTLINE-HANDOUT\n// y\n",
        "lab.rs:1:1: `a` is never closed",
    );
    refuses(
        "// FAULTLINE-SOLUTION-ONLY-BEGIN a\nx\n",
        "lab.rs:1:1: `a` is never closed",
    );
}

#[test]
fn a_marker_with_nothing_open_is_refused() {
    for (word, marker) in [
        ("FAULTLINE-HANDOUT", "FAULTLINE-HANDOUT"),
        ("FAULTLINE-END", "FAULTLINE-END a"),
        (
            "FAULTLINE-SOLUTION-ONLY-END",
            "FAULTLINE-SOLUTION-ONLY-END a",
        ),
    ] {
        refuses(
            &format!("x\n// {marker}\n"),
            &format!("lab.rs:2:1: `{word}` without a matching begin"),
        );
    }
}

#[test]
fn both_ends_have_one_name() {
    refuses(
        "// FAULTLINE-BEGIN a\nx\n// FAULTLINE-HANDOUT\n// y\n// FAULTLINE-END b\n",
        "lab.rs:5:1: `b` ends here, but `a` of line 1 is open",
    );
}

#[test]
fn a_region_ends_as_the_kind_that_it_began() {
    refuses(
        "// FAULTLINE-SOLUTION-ONLY-BEGIN a\nx\n// FAULTLINE-END a\n",
        "lab.rs:3:1: `FAULTLINE-END` does not belong to `a` of line 1",
    );
    refuses(
        "// FAULTLINE-SOLUTION-ONLY-BEGIN a\nx\n// FAULTLINE-HANDOUT\n",
        "lab.rs:3:1: `FAULTLINE-HANDOUT` does not belong to `a` of line 1",
    );
    refuses(
        "// FAULTLINE-BEGIN a\nx\n// FAULTLINE-HANDOUT\n// y\n// FAULTLINE-SOLUTION-ONLY-END a\n",
        "lab.rs:5:1: `FAULTLINE-SOLUTION-ONLY-END` does not belong to `a` of line 1",
    );
}

#[test]
fn names_are_used_once_in_a_file() {
    refuses(
        &format!("{HOLE}{HOLE}"),
        "lab.rs:9:5: `zero` exists already, at line 2",
    );
    refuses(
        &format!("{HOLE}// FAULTLINE-SOLUTION-ONLY-BEGIN zero\n"),
        "lab.rs:8:1: `zero` exists already, at line 2",
    );
}

#[test]
fn a_hole_has_one_handout_marker() {
    refuses(
        "// FAULTLINE-BEGIN a\nx\n// FAULTLINE-END a\n",
        "lab.rs:3:1: hole `a` has no `FAULTLINE-HANDOUT`",
    );
    refuses(
        "// FAULTLINE-BEGIN a\nx\n// FAULTLINE-HANDOUT\n// y\n// FAULTLINE-HANDOUT\n",
        "lab.rs:5:1: hole `a` has a second `FAULTLINE-HANDOUT`",
    );
    refuses(
        "// FAULTLINE-BEGIN a\nx\n// FAULTLINE-HANDOUT a\n",
        "lab.rs:3:22: `FAULTLINE-HANDOUT` takes no name",
    );
}

#[test]
fn empty_parts_are_refused() {
    refuses(
        "// FAULTLINE-BEGIN a\n\n// FAULTLINE-HANDOUT\n",
        "lab.rs:3:1: `a` holds no solution",
    );
    refuses(
        "// FAULTLINE-BEGIN a\nx\n// FAULTLINE-HANDOUT\n//\n// FAULTLINE-END a\n",
        "lab.rs:5:1: hole `a` hands out nothing",
    );
    refuses(
        "// FAULTLINE-SOLUTION-ONLY-BEGIN a\n// FAULTLINE-SOLUTION-ONLY-END a\n",
        "lab.rs:2:1: `a` holds no solution",
    );
}

#[test]
fn the_markers_of_a_hole_are_aligned() {
    refuses(
        "  // FAULTLINE-BEGIN a\nx\n// FAULTLINE-HANDOUT\n",
        "lab.rs:3:1: indented by 0 spaces, but `a` by 2",
    );
    refuses(
        "// FAULTLINE-BEGIN a\nx\n// FAULTLINE-HANDOUT\n// y\n // FAULTLINE-END a\n",
        "lab.rs:5:2: indented by 1 spaces, but `a` by 0",
    );
}

#[test]
fn handout_text_is_a_comment_at_the_markers_indentation() {
    for (line, column) in [
        ("    todo!()", 5),
        ("   // todo!()", 4),
        ("     // todo!()", 6),
        ("    //todo!()", 5),
        ("    /// todo!()", 5),
        ("    //! todo!()", 5),
        ("    /* todo!() */", 5),
        ("secret(); // todo!()", 1),
        ("", 1),
    ] {
        refuses(
            &HOLE.replace("    // todo!()", line),
            &format!("lab.rs:5:{column}: not a line of handout text: no `// ` after 4 spaces"),
        );
    }
}

#[test]
fn handout_text_ends_in_no_space() {
    refuses(
        &HOLE.replace("// todo!()", "// todo!() "),
        "lab.rs:5:15: handout text ends in a space",
    );
    refuses(
        &HOLE.replace("// todo!()", "// "),
        "lab.rs:5:7: handout text ends in a space",
    );
}

#[test]
fn a_name_is_that_of_a_function() {
    for name in ["Zero", "1zero", "_zero", "zero-page", "zero page", "zéro"] {
        refuses(
            &format!("// FAULTLINE-BEGIN {name}\n"),
            &format!("lab.rs:1:20: `{name}` cannot be a name here"),
        );
    }
    refuses("// FAULTLINE-BEGIN zero \n", "lab.rs:1:20: `zero ` cannot");
    refuses("// FAULTLINE-BEGIN  zero\n", "lab.rs:1:20: ` zero` cannot");
    refuses(
        "// FAULTLINE-END \n",
        "lab.rs:1:18: `FAULTLINE-END` without a name",
    );
}

#[test]
fn a_solution_only_region_may_have_hyphens_in_its_name() {
    check(
        "// FAULTLINE-SOLUTION-ONLY-BEGIN two-parts\nx\n// FAULTLINE-SOLUTION-ONLY-END two-parts\n",
        "",
    );
}

#[test]
fn a_file_ends_in_a_line_feed() {
    refuses(
        HOLE.trim_end(),
        "lab.rs:7:2: the last line has no line feed",
    );
    refuses("", "lab.rs:1:1: the last line has no line feed");
}
