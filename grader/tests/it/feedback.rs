//! What may be shown of results: JSON in, JSON out.

use std::fs;

use course::catalogue::Catalogue;
use course::feedback::Feedback;
use grader::feedback::{ShownBoard, ShownClass};
use grader::grade::Grader;
use grader::intake;
use grader::kit::Kit;
use grader::leaderboard::Leaderboard;
use grader::report;
use grader::result::{ClassResult, SubmissionResult};
use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;
use verdict::end::End;

use crate::workspace::{catalogue, root};

/// The word that stands for whatever a hidden trace is made of, or a student's process
/// says about it.
const SECRET: &str = "SECRET";

/// A run that failed, of which everything is known.
fn run(name: &str, public: bool, feedback: &str, end: &str) -> Value {
    let trace = |text: &str| format!("{SECRET}-{text}");
    let name = if public { name.to_owned() } else { trace(name) };
    json!({
        "lab": 5, "name": name, "public": public, "feedback": feedback,
        "category": "counting owners", "part": "reuse", "end": end,
        "message": trace("panic"), "at": trace("lab5.rs:7"),
        "difference": {
            "line": 777, "event": trace("write 1 0x1000"), "what": "the class of the fault",
            "oracle": "K", "expected": "minor reuse", "got": trace("got"),
            "explanation": {
                "vma": trace("vma"), "before": trace("before"), "after": trace("after"),
                "rule": "R5: copied", "signal": trace("signal"),
            },
        },
        "hint": "count them",
    })
}

/// A class of one, with these runs.
fn class(runs: &[Value]) -> ClassResult {
    let ends = runs.iter().map(|run| {
        let end: End = serde_json::from_value(run["end"].clone()).expect("an end");
        end
    });
    let end = json!(ends.min());
    let class = json!({
        "schema": "faultline.grade/1",
        "submissions": [{
            "id": "ada", "end": end, "score": 3.0, "max": 10.0, "message": "",
            "ignored": [], "flags": [], "sealed": 0,
            "labs": [{
                "number": 5, "title": "Copy on write", "score": 3.0, "max": 10.0,
                "parts": [{
                    "name": "reuse", "concept": "ownership", "end": end,
                    "score": 3.0, "max": 10.0,
                }],
            }],
            "traces": runs,
        }],
    });
    serde_json::from_value(class).expect("results")
}

fn shown(class: &ClassResult, asked: Feedback) -> SubmissionResult {
    ShownClass::new(class, asked).class().submissions[0].clone()
}

/// Everything that `grade` prints or writes, in all formats.
fn everything(class: &ClassResult, asked: Feedback) -> String {
    let class = ShownClass::new(class, asked);
    let (mut csv, mut junit) = (Vec::new(), Vec::new());
    report::csv::write(&class, &mut csv).expect("a vector takes it");
    report::junit::write(&class, &mut junit).expect("a vector takes it");
    let log = report::github::log(&class).expect("random numbers");
    // The word that ends the stop is another one each time.
    let log: Vec<&str> = log.lines().filter(|line| !is_token(line)).collect();
    let json = report::json::class(&class).expect("JSON");
    let files = report::json::class_file(&class).expect("JSON");
    let each: String = class
        .submissions()
        .map(|submission| report::json::submission_file(&submission).expect("JSON"))
        .collect();
    [
        report::text::render(&class),
        json,
        files,
        each,
        String::from_utf8(csv).expect("text"),
        String::from_utf8(junit).expect("text"),
        log.join("\n"),
        report::github::summary(&class, usize::MAX).expect("a class in memory"),
    ]
    .concat()
}

fn is_token(line: &str) -> bool {
    line.starts_with("::stop-commands::") || line.ends_with("::") && line.len() == 36
}

#[test]
fn nothing_secret_is_shown_of_a_hidden_trace_unless_all_is_asked_for() {
    let class = class(&[
        run("a", false, "full", "panicked"),
        run("b", false, "category", "failed"),
        run("c", false, "sealed", "time limit"),
    ]);
    for asked in Feedback::ASKED {
        let said = everything(&class, asked);
        let count = said.matches(SECRET).count();
        match asked {
            Feedback::Full => assert!(count > 20, "{said}"),
            _ => assert_eq!(count, 0, "{asked}: {said}"),
        }
        for figure in ["777", "0x1000"] {
            let is_shown = said.contains(figure);
            assert_eq!(
                is_shown,
                asked == Feedback::Full,
                "{asked}: {figure} in {said}"
            );
        }
    }
}

#[test]
fn everything_is_shown_of_a_trace_that_students_have() {
    let shown = everything(
        &class(&[run("a", true, "full", "panicked")]),
        Feedback::Points,
    );
    for word in [
        "SECRET-panic",
        "SECRET-lab5.rs:7",
        "line 777: SECRET-write",
        "SECRET-got",
    ] {
        assert!(shown.contains(word), "no `{word}` in {shown}");
    }
}

#[test]
fn the_closer_of_registry_and_option_holds() {
    let level = |registry: &str, asked| {
        let class = class(&[run("a", false, registry, "failed")]);
        shown(&class, asked)
            .traces
            .first()
            .map(|trace| trace.feedback)
    };
    assert_eq!(
        level("category", Feedback::Divergence),
        Some(Feedback::Category)
    );
    assert_eq!(
        level("public", Feedback::Category),
        Some(Feedback::Category)
    );
    assert_eq!(
        level("verdict", Feedback::Category),
        Some(Feedback::Verdict)
    );
    assert_eq!(
        level("divergence", Feedback::Divergence),
        Some(Feedback::Divergence)
    );
    assert_eq!(level("points", Feedback::Verdict), None);
    assert_eq!(level("sealed", Feedback::Verdict), None);
    assert_eq!(level("sealed", Feedback::Full), Some(Feedback::Full));
}

#[test]
fn each_level_tells_what_it_is_called() {
    let told = |asked| {
        let class = class(&[run("a", false, "public", "failed")]);
        let traces = shown(&class, asked).traces;
        serde_json::to_value(&traces).expect("JSON")
    };
    let category = json!([{
        "lab": 5, "name": "counting owners 1", "public": false, "feedback": "category",
        "category": "counting owners", "part": "reuse", "end": "failed", "message": "",
        "told": { "rule": "R5: copied" }, "hint": "count them",
    }]);
    assert_eq!(told(Feedback::Category), category);
    let divergence = json!({ "rule": "R5: copied", "what": "the class of the fault",
        "expected": "minor reuse" });
    assert_eq!(told(Feedback::Divergence)[0]["told"], divergence);
    let verdict = json!([{
        "lab": 5, "name": "hidden 1", "public": false, "feedback": "verdict",
        "category": "", "part": "reuse", "end": "failed", "message": "",
    }]);
    assert_eq!(told(Feedback::Verdict), verdict);
    assert_eq!(told(Feedback::Points), json!([]));
}

#[test]
fn a_difference_is_told_in_our_words_only() {
    let told = |oracle: &str, got: &str| {
        let mut run = run("a", false, "public", "failed");
        run["difference"]["oracle"] = json!(oracle);
        run["difference"]["got"] = json!(got);
        let traces = shown(&class(&[run]), Feedback::Divergence).traces;
        traces[0].told.as_ref().and_then(|told| told.got.clone())
    };
    let same = |text: &str| Some(text.to_owned());
    assert_eq!(told("K", "minor reuse"), same("minor reuse"));
    let twice = "minor zero-page then minor copy-on-write";
    assert_eq!(told("K", twice), same(twice));
    assert_eq!(told("K", "hit then hit then hit"), None);
    assert_eq!(told("K", "minor 0x1000"), None);
    let signal = "SIGSEGV maperr 0x30000010 killed";
    assert_eq!(told("G", signal), same("SIGSEGV maperr"));
    assert_eq!(told("G", "SIGSEGV b64"), None);
    for oracle in ["V", "S", "I", "T", "C"] {
        assert_eq!(told(oracle, "hit"), None, "{oracle}");
    }
}

#[test]
fn one_trace_has_one_name_in_all_its_parts() {
    let mut again = run("b", false, "category", "passed");
    again["part"] = json!("copy_on_write");
    let class = class(&[
        run("a", false, "category", "failed"),
        run("b", false, "category", "failed"),
        again,
    ]);
    let traces = shown(&class, Feedback::Category).traces;
    let names: Vec<&str> = traces.iter().map(|trace| trace.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "counting owners 1",
            "counting owners 2",
            "counting owners 2"
        ]
    );
}

#[test]
fn a_part_is_unwritten_only_if_it_is_so_everywhere() {
    let end = |second: &str| {
        let class = class(&[
            run("a", true, "public", "not written yet"),
            run("b", false, "category", "not written yet"),
            run("c", false, "category", second),
        ]);
        let shown = shown(&class, Feedback::Category);
        (shown.end, shown.labs[0].parts[0].end, shown.traces[1].end)
    };
    let unwritten = End::NotWritten;
    assert_eq!(end("not written yet"), (unwritten, unwritten, unwritten));
    assert_eq!(end("passed"), (End::Failed, End::Failed, End::Failed));
}

#[test]
fn a_fault_of_ours_names_no_file_of_ours() {
    for public in [true, false] {
        let class = class(&[run("a", public, "public", "not graded")]);
        let told = |asked| shown(&class, asked).traces[0].message.clone();
        assert!(told(Feedback::Category).starts_with("our own fault"));
        assert_eq!(told(Feedback::Full), "SECRET-panic");
    }
}

/// The levels of a public and a hidden trace, as registries with these lines have them.
fn registered(public: &str, hidden: &str) -> Result<[Feedback; 2], String> {
    let root = TempDir::new().expect("a temporary folder");
    let trace = |line: &str| format!("[[trace]]\nname = \"x\"\nholes = []\n{line}\n");
    let lab = "number = 1\ntitle = \"x\"\npoints = 1\nsummary = \"x\"\n";
    for (folder, file, text) in [
        ("labs/01-x", "lab.toml", format!("{lab}{}", trace(public))),
        ("grader/hidden/01-x", "hidden.toml", trace(hidden)),
    ] {
        let folder = root.path().join(folder);
        fs::create_dir_all(&folder).expect("a new folder");
        fs::write(folder.join(file), text).expect("a written file");
    }
    let catalogue = Catalogue::read(root.path()).map_err(|error| error.to_string())?;
    let traces = &catalogue.labs[0].traces;
    Ok([traces[0].feedback, traces[1].feedback])
}

#[test]
fn a_registry_says_how_much_is_told_of_a_trace() {
    let defaults = [Feedback::Full, Feedback::Category];
    assert_eq!(registered("", ""), Ok(defaults));
    let said = registered("feedback = \"verdict\"", "feedback = \"sealed\"");
    assert_eq!(said, Ok([Feedback::Verdict, Feedback::Sealed]));
    assert_eq!(registered("feedback = \"public\"", ""), Ok(defaults));
    let error = registered("", "feedback = \"some\"").expect_err("no level");
    assert!(
        error.contains("hidden.toml") && error.contains("`some`"),
        "{error}"
    );
    assert!(error.contains("`sealed`"), "{error}");
}

proptest! {
    /// What a student's process does on a hidden trace besides passing shows nowhere: a
    /// handler that looks at a bit has two outcomes, however it fails.
    #[test]
    fn how_a_run_failed_changes_no_byte_of_any_report(
        end in prop::sample::select(vec![
            "forbidden call", "time limit", "memory limit", "output limit", "panicked",
            "livelock", "failed",
        ]),
        message in any::<String>(), at in any::<Option<String>>(), got in any::<String>(),
        oracle in "[KVGSITC]", line in any::<u64>(),
    ) {
        let plain = run("a", false, "public", "failed");
        let mut other = plain.clone();
        other["end"] = json!(end);
        other["message"] = json!(message);
        other["at"] = json!(at);
        other["difference"]["got"] = json!(got);
        other["difference"]["oracle"] = json!(oracle);
        other["difference"]["line"] = json!(line);
        for asked in [Feedback::Category, Feedback::Verdict, Feedback::Points] {
            let class = |run: &Value| class(std::slice::from_ref(run));
            let (plain, other) = (class(&plain), class(&other));
            prop_assert_eq!(everything(&plain, asked), everything(&other, asked));
        }
    }
}

/// A policy of which both runs ended so.
fn board(end: &str, message: &str) -> Leaderboard {
    let run = json!({ "end": end, "reads": 7, "writes": 3, "cost": 17, "relative": null,
        "message": message, "at": "SECRET:7" });
    let row = json!({ "name": "ada", "kind": "submission", "end": end, "relative": null,
        "message": message, "runs": [run, run] });
    let about = json!({ "name": "loop", "about": "a loop" });
    let board = json!({ "schema": "faultline.leaderboard/1", "read_weight": 2,
        "write_weight": 1, "traces": [about, about], "rows": [row], "without": [] });
    serde_json::from_value(board).expect("a leaderboard")
}

#[test]
fn a_leaderboard_shows_what_a_policy_cost_and_not_what_it_said() {
    let shown = |board: &Leaderboard, asked| {
        let shown = ShownBoard::new(board, asked);
        report::leaderboard::render(&shown) + &report::json::leaderboard(&shown).expect("JSON")
    };
    let panicked = board("panicked", "SECRET");
    let said = shown(&panicked, Feedback::Category);
    assert!(
        !said.contains(SECRET) && !said.contains("panicked"),
        "{said}"
    );
    assert!(said.contains("\"cost\":17"), "{said}");
    assert!(shown(&panicked, Feedback::Full).contains(SECRET));
    let killed = "a process was killed: the policy found no victim";
    let ours = board("failed", &format!("line 31337: {killed}"));
    let said = shown(&ours, Feedback::Category);
    assert!(said.contains(killed) && !said.contains("31337"), "{said}");
}

#[test]
fn texts_have_limits_and_say_how_much_more_there_was() {
    let mut class = class(&[
        run("a", true, "public", "panicked"),
        run("b", true, "public", "panicked"),
    ]);
    let submission = &mut class.submissions[0];
    submission.message = "é".repeat(1 << 20);
    submission.ignored = vec!["x".repeat(255); 1000];
    submission.traces[0].message = "x".repeat(1 << 20);
    submission.traces[1].difference.as_mut().expect("one").got = "x".repeat(60 << 20);
    let shown = shown(&class, Feedback::Full);
    assert!(shown.message.ends_with("… and 2080768 more bytes"));
    assert_eq!(shown.ignored.len(), 41);
    assert_eq!(shown.ignored[40], "… and 960 more");
    let json = serde_json::to_string(&shown).expect("JSON");
    assert!(json.len() < 70 << 10, "{} bytes", json.len());
}

#[test]
fn what_a_thousand_runs_say_leaves_room_for_what_the_last_one_saw() {
    let mut class = class(&vec![run("a", true, "public", "panicked"); 1000]);
    let traces = &mut class.submissions[0].traces;
    for trace in traces.iter_mut() {
        trace.message = format!("not yet implemented: {}", "name the repair. ".repeat(6));
    }
    let last = traces.last_mut().expect("a run");
    last.difference.as_mut().expect("one").got = "minor reuse".to_owned();
    let shown = shown(&class, Feedback::Full);
    let last = shown.traces[999].difference.as_ref().expect("one");
    assert_eq!(last.got, "minor reuse");
}

/// A class of one who looks for a secret in lab 1's traces, with the `seal`ed ones.
fn graded(lab1: &str, seal: impl Fn(&str) -> bool) -> ClassResult {
    let folder = TempDir::new().expect("a temporary folder");
    fs::write(folder.path().join("lab1.rs"), lab1).expect("a written file");
    let mut catalogue = catalogue();
    catalogue.labs.retain(|lab| lab.number == 1);
    for trace in &mut catalogue.labs[0].traces {
        if seal(&trace.name) {
            trace.feedback = Feedback::Sealed;
        }
    }
    let kit = Kit::build(&root()).unwrap_or_else(|error| panic!("{error}"));
    let submissions = intake::find(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    grader::class::grade(&Grader::new(kit, catalogue), &submissions, 1, |_| {})
}

#[test]
fn a_handler_that_panics_with_what_it_sees_tells_its_author_nothing() {
    let class = graded(
        "use vmsim::prelude::*;\n\
         pub fn classify(_: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {\n\
         panic!(\"SECRET {fault:?}\")\n}\n",
        |_| false,
    );
    let hidden = class.submissions[0].traces.iter().filter(|t| !t.public);
    let saw: Vec<_> = hidden.filter(|t| t.message.contains(SECRET)).collect();
    assert!(!saw.is_empty(), "{class:?}");
    let shown = shown(&class, Feedback::Category);
    let hidden: Vec<_> = shown.traces.iter().filter(|trace| !trace.public).collect();
    assert!(!hidden.is_empty());
    for trace in hidden {
        assert_eq!(trace.end, End::Failed);
        let json = serde_json::to_string(trace).expect("JSON");
        assert!(!json.contains(SECRET), "{json}");
    }
}

#[test]
fn sealed_traces_are_counted_later() {
    let ada = fs::read_to_string(root().join("grader/samples/perfect-ada/lab1.rs"));
    let ada = ada.expect("a sample");
    let names = catalogue().labs.swap_remove(0).traces;
    let hidden = names
        .iter()
        .filter(|trace| !trace.path.starts_with(root().join("labs")));
    let sealed: Vec<String> = hidden.take(3).map(|trace| trace.name.clone()).collect();
    let class = graded(&ada, |name| sealed.iter().any(|sealed| sealed == name));
    let all = shown(&class, Feedback::Full);
    let some = shown(&class, Feedback::Category);
    let part = |shown: &SubmissionResult| shown.labs[0].parts[0].clone();
    assert_eq!((part(&all).score, part(&all).max), (12.0, 12.0));
    assert_eq!(part(&some).score, part(&some).max);
    assert!(part(&some).max < 12.0 && part(&some).max > 6.0, "{some:?}");
    assert!(some.max < all.max);
    assert_eq!((all.sealed, some.sealed), (0, 3));
    assert_eq!(some.traces.len() + 3 * 2, all.traces.len());
    let text = report::text::render(&ShownClass::new(&class, Feedback::Category));
    assert!(text.contains("3 sealed traces are counted later"), "{text}");
}
