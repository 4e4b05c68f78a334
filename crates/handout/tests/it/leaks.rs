//! What a careless instructor would hand out, and what is said of it.

use handout::pack::Changed;

use crate::kit::{HIDDEN_TRACE, Kit, SOLUTION, refused};

const README: &str = "labs/02-lab2/README.md";

#[test]
fn a_clean_kit_is_handed_out() {
    Kit::new().make().unwrap();
}

#[test]
fn a_line_of_the_solution_is_found_in_a_readme() {
    let kit = Kit::new();
    kit.append(README, SOLUTION[0]);
    kit.refuses("labs/02-lab2/README.md:2: a line of the solution, labs/solution/src/lab3.rs:4");
}

#[test]
fn a_line_of_the_solution_is_found_indented_otherwise() {
    let kit = Kit::new();
    kit.append(
        README,
        "let  candidate_of_lab3=kernel . advance_hand( ) ;\n",
    );
    kit.refuses("labs/02-lab2/README.md:2: a line of the solution");
}

#[test]
fn a_line_of_the_solution_is_found_broken_into_several_comments() {
    let kit = Kit::new();
    let comments =
        "fn main() {}\n// let candidate_of_lab3 =\n    /// kernel\n//  .advance_hand();\n";
    kit.write("crates/lab/src/main.rs", comments);
    kit.refuses("crates/lab/src/main.rs:2: a line of the solution");
}

#[test]
fn a_line_of_the_solution_is_found_in_a_film() {
    let kit = Kit::new();
    let film = |_: &_| Ok(format!("{{\"line\":1}}\n{{\"at\":\"{}\"}}\n", SOLUTION[2]));
    let made = kit.make_of(None, &film, Changed::Refused);
    refused(
        made,
        "labs/01-lab1/films/public1.film:2: a line of the solution",
    );
}

#[test]
fn a_line_of_the_solution_is_found_in_a_file_that_is_included() {
    let kit = Kit::new();
    kit.write(
        "crates/lab/src/main.rs",
        "fn main() {\n    include!(\"part.rs\")\n}\n",
    );
    kit.write("crates/lab/src/part.rs", SOLUTION[0]);
    kit.refuses("crates/lab/src/part.rs:1: a line of the solution");
}

#[test]
fn two_short_lines_of_the_solution_are_found_together() {
    let kit = Kit::new();
    kit.append(
        README,
        "Write `kernel.keep(3)`, then `kernel.send_away`, and so on.\n",
    );
    kit.make().unwrap();
    let kit = Kit::new();
    kit.append(
        README,
        &format!("{}\n{}\n", SOLUTION[0].trim(), SOLUTION[1].trim()),
    );
    kit.refuses("labs/02-lab2/README.md:2: a line of the solution");
}

#[test]
fn the_solution_s_words_are_found_whatever_stands_between_them() {
    let kit = Kit::new();
    let reworked = "candidate_of_lab3 <- kernel advance_hand; kernel: keep 3; kernel -> send_away(candidate_of_lab3)\n";
    kit.append(README, reworked);
    kit.refuses("labs/02-lab2/README.md:2: words of the solution");
}

#[test]
fn the_solution_s_calls_are_found_whatever_its_variables_are_called() {
    let kit = Kit::new();
    let file = "labs/solution/src/lab5.rs";
    kit.replace(
        file,
        "    kernel.keep(5);\n",
        "    let a = kernel.alloc();\n    kernel.zero(&a);\n    kernel.map(a, p).shoot_down(kernel);\n",
    );
    kit.append(
        README,
        "let fresh = k.alloc(); k.zero(&fresh);\nk.map(fresh, page).shoot_down(k)\n",
    );
    kit.refuses("labs/02-lab2/README.md:2: calls of the solution, labs/solution/src/lab5.rs:5");
}

#[test]
fn a_line_of_the_solution_is_found_however_its_characters_are_written() {
    for written in [
        "LET CANDIDATE_OF_LAB3 = KERNEL.ADVANCE_HAND();",
        "let candidate_of_lab3&nbsp;= kernel.advance_hand&#40;&#x29;;",
        "let%20candidate_of_lab3%3Dkernel.advance_hand();",
        r"let candidate_of_lab3\n= kernel.advance_hand\u0028\u{29};",
        "12: let candidate_of_lab3 =\n13: kernel.advance_hand();",
    ] {
        let kit = Kit::new();
        kit.append(README, written);
        kit.refuses("labs/02-lab2/README.md:2: a line of the solution");
    }
}

#[test]
fn a_line_of_the_solution_is_found_whatever_its_variables_are_called() {
    let kit = Kit::new();
    let line = "    let old = kernel.map(page, frame).shoot_down(kernel);\n    old\n";
    kit.replace("labs/solution/src/lab5.rs", "    kernel.keep(5);\n", line);
    kit.append(
        README,
        "Say `let before = k.map(p, fresh).shoot_down(k);` there.\n",
    );
    kit.refuses("labs/02-lab2/README.md:2: the shape of a line of the solution");
}

#[test]
fn a_short_statement_of_the_solution_is_found_alone() {
    let kit = Kit::new();
    kit.append(README, "`kernel.keep(3);`\n");
    kit.refuses("labs/02-lab2/README.md:2: a line of the solution, labs/solution/src/lab3.rs:5");
}

#[test]
fn what_is_encoded_is_not_handed_out() {
    let kit = Kit::new();
    let coded = "cHViIGZuIGhvbGUyKGtlcm5lbDogJm11dCBLZXJuZWwpIC0+IHUzMiB7CiAgICBsZXQg";
    kit.append(README, &format!("<!-- {coded} -->\n"));
    kit.refuses("labs/02-lab2/README.md:2: 68 letters in a row, from `cHViIGZuIGhv`");
    for (text, what) in [
        (
            "cHViIGZuIGhvbGUyKGtl\ncm5lbDogJm11dCBLZXJu\nZWwpIC0+IHUzMiB7CiAg\nICBsZXQgY2FuZGlk\n",
            "4 lines in a row of letters without a space",
        ),
        (
            "70 75 62 20 66 6e 20 68 6f 6c 65 32\n",
            "bytes in hexadecimal digits",
        ),
        (
            "[0x70, 0x75, 0x62, 0x20, 0x66, 0x6e, 0x20, 0x68, 0x6f, 0x6c, 0x65, 0x32]\n",
            "bytes in hexadecimal digits",
        ),
        ("ker\u{200b}nel\n", "invisible character `\\u{200b}`"),
        ("\u{202e}lenrek\n", "invisible character `\\u{202e}`"),
        ("kernel\0\n", "invisible character `\\u{0}`"),
    ] {
        let kit = Kit::new();
        kit.append(README, text);
        kit.refuses(&format!("labs/02-lab2/README.md:2: {what}"));
    }
    let kit = Kit::new();
    kit.append(README, &format!("{}\n", "70".repeat(32)));
    kit.refuses("labs/02-lab2/README.md:2: 64 letters in a row");
}

#[test]
fn words_and_numbers_are_not_taken_for_what_is_encoded() {
    let kit = Kit::new();
    kit.append(
        README,
        "incomprehensibilities\nincomprehensibilities\n| 10 | 20 | 30 | 40 | 50 |\n\tnaïve – “quoted”\n",
    );
    kit.make().unwrap();
}

#[test]
fn where_the_instructor_works_is_not_handed_out() {
    for place in ["/home/prof/course", "/Users/prof", "C:\\Users\\prof"] {
        let kit = Kit::new();
        kit.append(README, place);
        kit.refuses("labs/02-lab2/README.md:2: a place on the instructor's computer");
    }
    let kit = Kit::new();
    let root = kit.root().canonicalize().unwrap();
    kit.append(README, &format!("It is in {}/labs.\n", root.display()));
    kit.refuses("labs/02-lab2/README.md:2: a place on the instructor's computer");
    let kit = Kit::new();
    kit.append(README, "Folders are /home and /root.\n");
    kit.make().unwrap();
}

#[test]
fn what_is_allowed_is_handed_out_and_only_there() {
    let kit = Kit::new();
    let entry = format!(
        "[[common]]\nline = '{}'\nfiles = [\"{README}\"]\nwhy = \"an example\"\n",
        SOLUTION[0].trim()
    );
    kit.append("crates/handout/allow.toml", &entry);
    kit.refuses("crates/handout/allow.toml: `let candidate_of_lab3");
    kit.append(README, SOLUTION[0]);
    kit.make().unwrap();
    let kit = Kit::new();
    kit.append("crates/handout/allow.toml", &entry);
    kit.append(README, SOLUTION[0]);
    kit.append("labs/04-lab4/README.md", SOLUTION[0]);
    kit.refuses("labs/04-lab4/README.md:2: a line of the solution");
}

#[test]
fn a_planted_canary_is_found_wherever_it_is() {
    let kit = Kit::new();
    kit.append(README, "STAYS-HOME-0badcafe\n");
    kit.refuses(
        "labs/02-lab2/README.md:2: the canary `0badcafe` of grader/hidden/03-lab3/hidden.toml",
    );
    let kit = Kit::new();
    kit.append(README, "STAYS-HOME-unknown\n");
    kit.refuses("labs/02-lab2/README.md:2: a canary, `stays-home-unknown`");
}

#[test]
fn a_planted_canary_is_found_however_it_is_written() {
    for written in [
        "stays-home-0badcafe",
        "0BADCAFE",
        "STAYS_HOME_0badcafe",
        "STAYS%2DHOME&#45;0badcafe",
    ] {
        let kit = Kit::new();
        kit.append(README, written);
        kit.refuses("labs/02-lab2/README.md:2: ");
    }
    let kit = Kit::new();
    kit.append(README, "STAYS-HOM\nE-0bad\ncafe\n");
    kit.refuses(
        "labs/02-lab2/README.md: the canary `0badcafe` of grader/hidden/03-lab3/hidden.toml",
    );
    let kit = Kit::new();
    kit.write("crates/lab/src/STAYS-HOME-0badcafe.rs", "");
    kit.refuses("crates/lab/src/STAYS-HOME-0badcafe.rs: the canary `0badcafe`");
    let kit = Kit::new();
    kit.append(README, "What stays home is at home.\n");
    kit.make().unwrap();
}

#[test]
fn a_sentence_of_a_registry_is_found_without_its_key_and_broken_otherwise() {
    let kit = Kit::new();
    kit.append(
        README,
        "Look at a page that three of a\nfamily wait for, which\nis brought back by nobody.\n",
    );
    kit.make().unwrap();
    let kit = Kit::new();
    kit.append(
        README,
        "*A page that three of a\nfamily wait for is brought back by nobody*\n",
    );
    kit.refuses("labs/02-lab2/README.md:2: a line of an instructor's file");
}

#[test]
fn what_is_allowed_is_one_line_and_no_longer_one_that_has_it() {
    let kit = Kit::new();
    kit.append(
        "crates/handout/allow.toml",
        "[[common]]\nline = 'kernel.advance_hand()'\nfiles = [\"labs/*/README.md\"]\nwhy = \"a call\"\n",
    );
    kit.append(README, SOLUTION[0]);
    kit.refuses("labs/02-lab2/README.md:2: a line of the solution");
}

#[test]
fn a_secret_folder_without_a_canary_is_named() {
    let kit = Kit::new();
    kit.replace("grader/samples/ada/lab3.rs", "STAYS-HOME", "at home");
    kit.refuses("grader/samples: no canary in this folder");
}

#[test]
fn a_hidden_trace_is_found_under_another_name_and_with_other_comments() {
    let kit = Kit::new();
    let events: Vec<&str> = HIDDEN_TRACE.lines().skip(1).collect();
    let events = events.join("\n").replace("# =>", "# expected:");
    kit.write(
        "labs/03-lab3/traces/public3.trace",
        format!("# a trace\n{events}\n"),
    );
    kit.refuses("labs/03-lab3/traces/public3.trace:2: lines of an instructor's file, grader/hidden/03-lab3/nobody-brings-it.trace:2");
}

#[test]
fn a_hidden_trace_is_found_in_a_film() {
    let kit = Kit::new();
    let film = |_: &_| {
        let events = HIDDEN_TRACE.lines().skip(1);
        let events = events.map(|event| event.split(" #").next().unwrap_or("").trim());
        let scenes =
            events.map(|event| format!("{{\"line\":1,\"text\":\"{event}\",\"op\":\"\"}}\n"));
        Ok(scenes.collect())
    };
    let made = kit.make_of(None, &film, Changed::Refused);
    refused(
        made,
        "labs/01-lab1/films/public1.film:1: lines of an instructor's file",
    );
}

#[test]
fn what_a_hidden_trace_is_for_and_its_name_are_found() {
    let kit = Kit::new();
    kit.append(
        README,
        "> Three of a family wait for a page that nobody brings back at all.\n",
    );
    kit.refuses("labs/02-lab2/README.md:2: a line of an instructor's file");
    let kit = Kit::new();
    kit.append(README, "There is `nobody-brings-it`, too.\n");
    kit.refuses("labs/02-lab2/README.md:2: the name of a hidden trace");
    let kit = Kit::new();
    kit.append(README, "It says nobody-brings-it-to-him.\n");
    kit.make().unwrap();
}

#[test]
fn code_of_a_sample_is_found_in_a_crate() {
    let kit = Kit::new();
    let sample = kit.read("grader/samples/ada/lab3.rs");
    let inside: Vec<&str> = sample.lines().skip(2).map(str::trim).collect();
    kit.write(
        "crates/lab/src/main.rs",
        format!("fn main() {{\n{}\n", inside.join("\n")),
    );
    kit.refuses(
        "crates/lab/src/main.rs:2: lines of an instructor's file, grader/samples/ada/lab3.rs:3",
    );
}

#[test]
fn a_hole_without_markers_is_missed() {
    let kit = Kit::new();
    let file = "labs/solution/src/lab3.rs";
    let lines: Vec<String> = kit.read(file).lines().map(str::to_owned).collect();
    let bare = lines.iter().filter(|line| !line.contains("FAULTLINE"));
    let bare: Vec<&str> = bare
        .filter(|line| !line.contains("// "))
        .map(String::as_str)
        .collect();
    kit.write(file, format!("{}\n", bare.join("\n")));
    // The file must have a hole, or the generator refuses it before anybody counts.
    kit.append(
        file,
        "fn other() {\n    // FAULTLINE-BEGIN other\n    a();\n    // FAULTLINE-HANDOUT\n    \
         // todo!(\"b\")\n    // FAULTLINE-END other\n}\n",
    );
    kit.generate();
    kit.refuses("labs/skeleton/src/lab3.rs:1: `hole3` holds more than a hole");
    kit.refuses("labs/solution/src: the solution has no markers for the hole `hole3`");
}

#[test]
fn a_marker_that_stands_too_low_is_noticed() {
    let kit = Kit::new();
    let file = "labs/solution/src/lab3.rs";
    kit.replace(
        file,
        &format!("    // FAULTLINE-BEGIN hole3\n{}\n", SOLUTION[0]),
        &format!("{}\n    // FAULTLINE-BEGIN hole3\n", SOLUTION[0]),
    );
    kit.generate();
    kit.refuses("labs/skeleton/src/lab3.rs:2: `hole3` holds more than a hole");
}

#[test]
fn holes_that_do_not_add_up_are_counted() {
    let kit = Kit::new();
    kit.append("labs/03-lab3/lab.toml", "[[hole]]\nname = \"another\"\n");
    kit.refuses("labs/skeleton/src/lab3.rs: 1 holes, and the lab promises 2");
    kit.refuses("labs/skeleton/src/lab3.rs: no function `another`");
    let kit = Kit::new();
    kit.write("labs/skeleton/src/main.rs", "fn main() {\n    todo!()\n}\n");
    kit.refuses("labs/skeleton/src/main.rs: a hole that no lab promises");
}

#[test]
fn words_of_a_marker_are_found_however_they_are_written() {
    for words in [
        "FAULTLINE-BEGIN hole3",
        "faultline_handout",
        "<!-- Faultline Solution Only -->",
    ] {
        let kit = Kit::new();
        kit.append(README, words);
        kit.refuses("labs/02-lab2/README.md:2: the words of a marker");
    }
}

#[test]
fn a_question_that_is_answered_is_noticed() {
    let kit = Kit::new();
    kit.replace("labs/skeleton/src/predict.toml", "\"\"", "\"hit\"");
    kit.refuses("labs/skeleton/src/predict.toml:2: answered already: `3 = \"hit\"");
}

#[test]
fn an_answer_beside_its_question_is_noticed() {
    const TRACE: &str = "labs/01-classify/predict.trace";
    let quiz = |remark: &str| {
        let kit = Kit::new();
        let allow = "[[ship]]\nwhy = \"the quiz\"\nfiles = [\"labs/01-classify/predict.trace\"]\n";
        kit.append("crates/handout/allow.toml", allow);
        for file in ["README.md", "lab.toml"] {
            kit.write(
                &format!("labs/01-classify/{file}"),
                kit.read(&format!("labs/01-lab1/{file}")),
            );
        }
        for file in ["traces/public1.trace", "keys/public1.snap"] {
            kit.write(
                &format!("labs/01-classify/{file}"),
                kit.read(&format!("labs/01-lab1/{file}")),
            );
        }
        std::fs::remove_dir_all(kit.root().join("labs/01-lab1")).unwrap();
        kit.write(TRACE, "# A quiz.\nmachine\nread   # the first one\n");
        kit.replace("labs/skeleton/src/predict.toml", "# read", remark);
        kit
    };
    quiz("# read").make().unwrap();
    quiz("# read hit").refuses("labs/skeleton/src/predict.toml:2: answered already");
    let told = quiz("# read");
    told.replace(TRACE, "# the first one", "# => hit");
    told.refuses("labs/01-classify/predict.trace:3: answered already");
}

#[test]
fn a_right_answer_is_found_in_a_readme_and_a_wrong_one_is_none() {
    let told = |answer: &str| {
        let kit = Kit::new();
        let quiz = "# STAYS-HOME-411a5e12\nread   # => minor zero-page\n";
        kit.write("grader/hidden/01-classify/predict.trace", quiz);
        kit.append(README, answer);
        kit
    };
    for right in ["2 = \"minor zero-page\"\n", "- `2='minor zero-page'`\n"] {
        told(right).refuses("labs/02-lab2/README.md:2: an answer of the quiz");
    }
    for wrong in ["2 = \"hit\"\n", "12 = \"minor zero-page\"\n"] {
        told(wrong).make().unwrap();
    }
}
