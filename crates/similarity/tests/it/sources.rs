//! What is read of a source.

use std::path::PathBuf;

use collect::attempt::Attempt;
use roster::class::AttemptRule;
use roster::student::StudentId;
use similarity::comments::stripped;
use similarity::hidden::{SHARE_MAX, Tokens};
use similarity::skeleton::Skeleton;
use similarity::tool::Tool;
use similarity::work::that_count;

use crate::class::Class;

/// Tokens of a source, and those in macros.
fn tokens(source: &str) -> (usize, usize) {
    let tokens = Tokens::of(source);
    (tokens.all, tokens.in_macros)
}

#[test]
fn what_stands_between_a_macros_brackets_is_in_it() {
    assert_eq!(tokens("a(b)"), (4, 0));
    assert_eq!(tokens("a!(b)"), (5, 1));
    assert_eq!(tokens("a!(b)(c)"), (8, 1));
    assert_eq!(tokens("a! { b(c, [d]) } e"), (13, 8));
    // `=>` is two tokens here.
    assert_eq!(tokens("macro_rules! m { (x) => { y } }"), (13, 8));
}

#[test]
fn a_question_is_no_macro() {
    assert_eq!(tokens("if !(a) {}"), (7, 0));
    assert_eq!(tokens("x != (a)"), (6, 0));
    assert_eq!(tokens("return !(a)"), (5, 0));
    assert_eq!(tokens("let b = !(a);"), (8, 0));
}

#[test]
fn comments_and_blanks_are_no_tokens() {
    assert_eq!(tokens("// a!(b)\n/* c!(d) */ e"), (1, 0));
}

#[test]
fn correct_solutions_have_next_to_nothing_in_macros() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let skeleton = Skeleton::read(&root.join("labs/skeleton/src")).expect("the skeleton");
    for student in ["perfect-ada", "perfect-grace"] {
        let all = skeleton.files.iter().filter_map(|(name, _)| {
            let path = root.join("grader/samples").join(student).join(name);
            std::fs::read_to_string(path).ok()
        });
        let tokens = all.map(|text| Tokens::of(&text));
        let tokens = tokens.fold(Tokens::default(), Tokens::and);
        assert!(tokens.all > 1000, "{student}: {tokens:?}");
        assert!(tokens.share() < SHARE_MAX / 4.0, "{student}: {tokens:?}");
    }
}

#[test]
fn comments_go_and_lines_stay() {
    let source = "//! Ada\nfn a() { /* Ada\n Lovelace */ b(\"// not one\") } // Ada\n";
    assert_eq!(stripped(source), "\nfn a() {  \n b(\"// not one\") } \n");
}

#[test]
fn an_export_without_comments_has_none_in_what_was_given_either() {
    let class = Class::new()
        .with("ada", "fn a() {} // by Ada\n")
        .without_comments();
    let files = class.exported(Tool::JPlag);
    assert_eq!(files["submissions/ADA/lab1.rs"], "fn a() {} \n");
    assert!(
        class.readme().contains("comments are gone"),
        "{}",
        class.readme()
    );
}

#[test]
fn of_several_attempts_one_counts() {
    let attempt = |student: &str, number| Attempt {
        student: StudentId(student.to_owned()),
        partners: Vec::new(),
        number,
        at: None,
        marked_late: false,
        label: String::new(),
        path: PathBuf::new(),
    };
    let attempts = [
        attempt("ada", 1),
        attempt("ada", 2),
        attempt("bob", 1),
        attempt("ada", 3),
    ];
    let counted = |rule| -> Vec<(String, u32)> {
        let counted = that_count(&attempts, rule);
        counted
            .iter()
            .map(|one| (one.student.0.clone(), one.number))
            .collect()
    };
    let (ada, bob) = ("ada".to_owned(), "bob".to_owned());
    assert_eq!(
        counted(AttemptRule::Latest),
        [(ada.clone(), 3), (bob.clone(), 1)]
    );
    assert_eq!(counted(AttemptRule::First), [(ada, 1), (bob, 1)]);
}
