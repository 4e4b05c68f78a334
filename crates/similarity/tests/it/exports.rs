//! The folders for the tools.

use similarity::tool::Tool;
use similarity::trouble::Trouble;

use crate::class::{Class, GIVEN};

const ADA: &str = "fn classify() {\n    minor()\n}\n";
const BOB: &str = "fn classify() {\n    major()\n}\n";

/// Names of files, in order.
fn names(class: &Class, tool: Tool) -> Vec<String> {
    class.exported(tool).into_keys().collect()
}

#[test]
fn jplag_and_compare50_get_a_folder_for_each_work() {
    for tool in [Tool::JPlag, Tool::Compare50] {
        let class = Class::new()
            .with("ada", ADA)
            .with("bob", BOB)
            .with_old("cleo", ADA);
        let files = class.exported(tool);
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "base/lab1.rs",
                "old/old-CLEO/lab1.rs",
                "submissions/ADA/lab1.rs",
                "submissions/BOB/lab1.rs"
            ]
        );
        assert_eq!(files["base/lab1.rs"], GIVEN);
        assert_eq!(files["submissions/ADA/lab1.rs"], ADA);
    }
}

#[test]
fn dolos_gets_a_file_for_each_work_a_table_and_the_template() {
    let class = Class::new()
        .with("ada", ADA)
        .change(|work| {
            work.files
                .push(("lab2.rs".to_owned(), "fn zero() {}\n\n\n".to_owned()))
        })
        .with_old("cleo", BOB);
    let files = class.exported(Tool::Dolos);
    assert_eq!(files["template.rs"], format!("// lab1.rs\n{GIVEN}"));
    assert_eq!(
        files["ADA.rs"],
        format!("// lab1.rs\n{ADA}\n// lab2.rs\nfn zero() {{}}\n")
    );
    assert_eq!(files["old-CLEO.rs"], format!("// lab1.rs\n{BOB}"));
    let info = &files["info.csv"];
    assert!(info.starts_with("filename,full_name,label\n"), "{info}");
    assert!(info.contains("\nADA.rs,ADA,class\n"), "{info}");
    assert!(info.contains("\nold-CLEO.rs,old-CLEO,old\n"), "{info}");
}

#[test]
fn dolos_is_told_when_something_was_handed_in_if_all_of_it_is_known() {
    let at = "2026-11-20T21:03:11Z".parse().expect("a time");
    let class = Class::new()
        .with("ada", ADA)
        .change(|work| work.at = Some(at));
    let info = &class.exported(Tool::Dolos)["info.csv"];
    assert_eq!(
        info,
        "filename,full_name,label,created_at\nADA.rs,ADA,class,2026-11-20T21:03:11Z\n"
    );
}

#[test]
fn what_was_handed_out_is_nobodys_work() {
    let windows = GIVEN.replace('\n', "\r\n") + "\r\n";
    let class = Class::new().with("ada", &windows).with("bob", BOB);
    assert_eq!(
        names(&class, Tool::JPlag),
        ["base/lab1.rs", "submissions/BOB/lab1.rs"]
    );
    let again = Class::new().with("ada", &windows).with("bob", BOB);
    assert_eq!(again.export(Tool::JPlag).expect("exported").untouched, 1);
}

#[test]
fn a_class_that_wrote_nothing_is_nothing_to_compare() {
    let error = Class::new()
        .with("ada", GIVEN)
        .export(Tool::Dolos)
        .expect_err("nothing");
    assert!(matches!(error, Trouble::Nothing), "{error}");
}

#[test]
fn a_student_of_two_earlier_years_is_there_twice() {
    let class = Class::new()
        .with("ada", ADA)
        .with_old("ada", BOB)
        .with_old("ada", "fn other() {}\n")
        .with_old("ada", "fn third() {}\n");
    let files = class.exported(Tool::JPlag);
    assert_eq!(files["old/old-ADA/lab1.rs"], BOB);
    assert_eq!(files["old/old-ADA~2/lab1.rs"], "fn other() {}\n");
    assert_eq!(files["old/old-ADA~3/lab1.rs"], "fn third() {}\n");
}

#[test]
fn a_folder_with_something_in_it_stays_as_it_is() {
    let class = Class::new().with("ada", ADA);
    class.export(Tool::JPlag).expect("exported");
    let error = class
        .export(Tool::Dolos)
        .expect_err("not empty")
        .to_string();
    assert!(error.contains("is not empty\nhelp: remove it"), "{error}");
    assert!(!class.out().join("info.csv").exists());
}

#[test]
fn the_readme_has_the_command_for_what_is_there() {
    let class = Class::new().with("ada", ADA);
    class.export(Tool::JPlag).expect("exported");
    assert!(
        class.readme().contains("--base-code base --encoding"),
        "{}",
        class.readme()
    );
    let class = Class::new().with("ada", ADA).with_old("bob", BOB);
    class.export(Tool::Compare50).expect("exported");
    assert!(
        class.readme().contains(" --archive old/* "),
        "{}",
        class.readme()
    );
}

#[test]
fn whoever_hides_in_macros_is_named_by_pseudonym() {
    let hidden = "fn classify() { all! { let a = one(two); three(a) } }";
    let class = Class::new().with("ada", ADA).with("bob", hidden);
    let exported = class.export(Tool::JPlag).expect("exported");
    let [(pseudonym, share)] = &exported.in_macros[..] else {
        panic!("not one: {exported:?}");
    };
    assert_eq!(class.who()[pseudonym], "bob");
    // 12 of 22 tokens: `let` to the last `)`.
    assert_eq!((share * 100.0).round(), 55.0);
    assert!(
        class.readme().contains(&format!("| {pseudonym} | 55% |")),
        "{}",
        class.readme()
    );
}
