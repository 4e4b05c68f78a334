//! Names that are refused.

use super::*;

#[test]
fn names_that_lead_out_refuse_an_archive() {
    for (name, why) in [
        ("../lab1.rs", "a name that leads out of the submission"),
        (
            "src/../../lab1.rs",
            "a name that leads out of the submission",
        ),
        ("a/../lab1.rs", "a name that leads out of the submission"),
        ("notes/..", "a name that leads out of the submission"),
        ("/etc/passwd", "an absolute name"),
        ("//server/lab1.rs", "an absolute name"),
        ("C:/lab1.rs", "a name that leads out of the submission"),
        ("C:lab1.rs", "a name that leads out of the submission"),
        (
            "\\u{ff0e}\\u{ff0e}/lab1.rs",
            "a name that leads out of the submission",
        ),
        (
            "a\\u{ff0f}lab1.rs",
            "a name that leads out of the submission",
        ),
        ("\\u{2025}/x", "a name that leads out of the submission"),
        (".. /lab1.rs", "a name that leads out of the submission"),
    ] {
        let shown = String::from_utf8(unescaped(name)).expect("text");
        check_archives(
            &format!("lab2.rs = two\n{name} = one"),
            &format!("refused: `{shown}`: {why}\n{REPACK}"),
        );
    }
}

#[test]
fn backslashes_and_nul_bytes_refuse_an_archive() {
    check_archives(
        "src\\\\lab1.rs = one",
        &format!("refused: `src\\\\lab1.rs`: a backslash in the name\n{REPACK}"),
    );
    check_archives(
        "..\\\\..\\\\evil = one",
        &format!("refused: `..\\\\..\\\\evil`: a backslash in the name\n{REPACK}"),
    );
    // In a tar header a name ends at its first NUL byte.
    let got = of_archive(&zipped("lab1.rs\\0.txt = one"), "a.zip");
    let expected = format!("refused: `lab1.rs\\u{{0}}.txt`: a NUL byte in the name\n{REPACK}\n");
    assert_eq!(got, expected);
}

#[test]
fn a_source_that_is_not_what_it_looks_like_is_refused() {
    let why = "characters in the name that cannot be seen, or are none";
    for (name, shown) in [
        ("lab1\\x1b[31m.rs", "lab1\\u{1b}[31m.rs"),
        ("\\u{202e}lab1.rs", "\\u{202e}lab1.rs"),
        ("lab1\\u{200b}.rs", "lab1\\u{200b}.rs"),
        ("a\\n::error::/lab1.rs", "a\\n::error::/lab1.rs"),
        ("lab\\u{ad}1.rs", "lab\\u{ad}1.rs"),
    ] {
        check_archives(
            &format!("{name} = one"),
            &format!("refused: `{shown}`: {why}\n{REPACK}"),
        );
    }
}

#[test]
fn a_name_that_is_no_text_is_shown_by_its_bytes() {
    let got = of_archive(&tarred("notes\\xff.txt = x\nlab1.rs = one"), "a.tar");
    assert_eq!(got, "lab1.rs = one\nignored: notes\\\\xff.txt\n");
    let got = of_archive(&tarred("lab1\\xff.rs = one"), "a.tar");
    assert!(
        got.starts_with("refused: `lab1\\xff.rs`: characters"),
        "{got}"
    );
}

#[test]
fn other_names_are_ignored_however_they_look() {
    let got = of_archive(&zipped("n\\x1b[2J\\u{202e}.txt = x\ncon = y"), "a.zip");
    assert_eq!(got, "ignored: con\nignored: n\\u{1b}[2J\\u{202e}.txt\n");
}

#[test]
fn names_that_some_systems_take_for_one_are_refused() {
    for (first, second) in [
        ("lab1.rs", "LAB1.rs"),
        ("lab1.rs", "lab1.rs "),
        ("lab1.rs", "lab1.rs."),
        ("lab1.rs", "lab\\u{ff11}.rs"),
        ("\\u{e9}.txt", "e\\u{301}.txt"),
        ("stra\\u{df}e.txt", "STRASSE.txt"),
        ("src/lab1.rs", "SRC/lab2.rs"),
        ("a/lab1.rs", "A"),
    ] {
        let got = of_archive(&zipped(&format!("{first} = x\n{second} = y")), "a.zip");
        assert!(got.contains(": on some systems the same as `"), "{got}");
        let got = of_archive(&tarred(&format!("{second} = x\n{first} = y")), "a.tar");
        assert!(got.contains(": on some systems the same as `"), "{got}");
    }
}

#[test]
fn a_name_that_is_there_twice_is_refused() {
    let twice = "lab1.rs = one\nlab1.rs = two";
    let got = of_archive(&tarred(twice), "a.tar");
    assert_eq!(
        got,
        "refused: `lab1.rs`: there twice\nhelp: keep one of the two\n"
    );
    let got = of_archive(&zipped(twice), "a.zip");
    assert!(got.contains("duplicate file names"), "{got}");
    let got = of_archive(&tarred("src/a = x\nsrc = y"), "a.tar");
    assert!(got.contains("`src`: there twice"), "{got}");
}

#[test]
fn long_names_and_deep_folders_are_refused() {
    let long = "n".repeat(256);
    let deep = "d/".repeat(9);
    let path = format!("{}/x", vec!["n".repeat(250); 5].join("/"));
    let source = format!("{}.rs", "n".repeat(98));
    let shown = |name: &str| match name.len() > 120 {
        true => format!("{}…", &name[..120]),
        false => name.to_owned(),
    };
    for (name, why, help) in [
        (long.as_str(), "a name of more than 255 bytes", SHORTEN),
        (&path, "a name of more than 1024 bytes", SHORTEN),
        (&(deep + "lab1.rs"), "more than 8 folders deep", SHORTEN),
        (&source, "a name of more than 100 bytes", REPACK),
        ("con.rs", "the name of a device on some systems", REPACK),
        (
            "src/LPT1.x.trace",
            "the name of a device on some systems",
            REPACK,
        ),
    ] {
        let shown = shown(name);
        check_archives(
            &format!("{name} = x"),
            &format!("refused: `{shown}`: {why}\n{help}"),
        );
    }
    check(&format!("{}lab1.rs = one", "d/".repeat(8)), "lab1.rs = one");
}
