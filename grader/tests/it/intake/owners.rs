//! Whose a submission is.

use super::*;

#[test]
fn a_class_may_have_folders_and_archives() {
    let class = unpacked(
        "alice/lab1.rs = a
         Müller, Bo_12_file/.DS_Store = x
         notes.txt = n
         .git/lab1.rs = x
         __MACOSX/._x = x",
    );
    let write = |name: &str, bytes: Vec<u8>| {
        fs::write(class.path().join(name), bytes).expect("an archive");
    };
    write("Müller, Bo_12_file/lab.zip", zipped("lab1.rs = b"));
    write("carol.v2.tar.gz", gzipped(&tarred("w/src/lab1.rs = c")));
    write("dan.ZIP", zipped("lab1.rs -> /etc/passwd"));
    let found = intake::find(class.path()).expect("a class");
    let got: String = found
        .iter()
        .map(|it| format!("{}: {}", it.id, said(it.read())))
        .collect();
    assert_eq!(
        got,
        format!(
            "Müller, Bo_12_file: lab1.rs = b\nalice: lab1.rs = a\ncarol.v2: lab1.rs = c\n\
             dan: refused: `lab1.rs`: not a regular file: a link\n{PLAIN_FILES}\n"
        )
    );
}

#[test]
fn two_submissions_of_one_name_are_an_error_with_a_remedy() {
    let class = unpacked("al\\u{202e}ice/lab1.rs = a\nal\\u{202e}ice.zip = PK");
    let paths = [class.path().to_owned()];
    let error = intake::find_all(&paths).expect_err("twice").to_string();
    assert_eq!(
        error,
        "two submissions are called `al\\u{202e}ice`\n\
         help: grade them in two runs, or rename one of them"
    );
}

#[test]
fn an_id_becomes_a_file_name_that_stays_where_it_is_put() {
    let names = |ids: &[&str]| intake::ids::file_names(ids.iter().copied());
    let plain = ["alice", "Müller", "perfect-ada", "anna.k_2 (x)"];
    let got = names(&plain);
    assert_eq!((got[0].as_str(), got[2].as_str()), ("alice", "perfect-ada"));
    let long = "n".repeat(300);
    let odd = [
        "..",
        ".",
        "",
        "a/b",
        "/etc/passwd",
        "con",
        "NUL.txt",
        "a\n::error::",
        "-rf",
        "x.",
        "C:x",
        "é",
        &long,
        "\u{202e}x",
        "a-0123456789abcdef",
    ];
    for name in names(&odd) {
        let good = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        assert!(name.chars().all(good), "{name}");
        assert!(
            (17..=90).contains(&name.len()) && Path::new(&name).file_name().is_some(),
            "{name}"
        );
    }
}

#[test]
fn ids_that_some_systems_take_for_one_get_different_file_names() {
    let ids = [
        "Alice", "alice", "bob", "straße", "STRASSE", "a/b", "a_b", "a:b",
    ];
    let names = intake::ids::file_names(ids);
    let folded: std::collections::BTreeSet<String> =
        names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(folded.len(), ids.len(), "{names:?}");
    assert_eq!(names[2], "bob");
}
