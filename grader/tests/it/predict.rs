//! The quiz of lab 1: the sheet, its key, and what answers are worth.

use std::fs;

use course::catalogue::ExerciseKind;
use course::handed_in::PREDICTIONS;
use grader::intake::Sources;
use grader::points::Weighed;
use runner::log::{Oracle, Record};
use runner::replay::Format;
use verdict::end::End;
use vmtrace::text::parser::Parser;
use vmtrace::text::print::EventText;

use crate::workspace::{catalogue, graded, replay, root};

/// The sheet as students get it.
fn sheet() -> String {
    read("labs/skeleton/src/predict.toml")
}

/// The sheet of somebody who knows everything.
fn perfect() -> String {
    read("grader/samples/perfect-ada/predict.toml")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The results of a sheet.
fn results(sheet: &str) -> Vec<Weighed> {
    let sources = Sources {
        attachments: vec![(PREDICTIONS.to_owned(), sheet.to_owned())],
        ..Sources::default()
    };
    graded(ExerciseKind::Predict, &sources)
}

/// The perfect sheet with one answer changed: what becomes of that answer, and what
/// it lost.
fn with(from: &str, to: &str) -> (Vec<Weighed>, f64) {
    let sheet = perfect();
    assert_eq!(sheet.matches(from).count(), 1, "{from}");
    let results = results(&sheet.replace(from, to));
    let lost = results.iter().map(|one| one.weight * (1.0 - one.earned));
    let lost = lost.sum();
    let told = results
        .into_iter()
        .filter(|one| one.result.end != End::Passed);
    (told.collect(), lost)
}

/// The only complaint about a sheet, and what it cost.
fn complaint(from: &str, to: &str) -> (String, f64) {
    let (told, lost) = with(from, to);
    let [one] = &told[..] else {
        panic!("{to}: {told:?}")
    };
    assert_eq!(one.result.end, End::Failed);
    let at = one.result.at.as_deref().unwrap_or_default();
    (format!("{at}: {}", one.result.message), lost)
}

#[test]
fn an_untouched_sheet_is_not_written_yet_in_every_line() {
    let results = results(&sheet());
    assert!(results.len() > 30, "{}", results.len());
    for one in results {
        assert_eq!((one.result.end, one.earned), (End::NotWritten, 0.0));
    }
}

#[test]
fn the_right_answers_are_worth_everything() {
    for one in results(&perfect()) {
        assert_eq!((one.result.end, one.earned), (End::Passed, 1.0), "{one:?}");
    }
}

#[test]
fn the_right_outcome_is_worth_half() {
    for half in ["minor", "minor reuse"] {
        let (told, lost) = with("12 = \"minor demand-zero\"", &format!("12 = \"{half}\""));
        assert_eq!((told.len(), lost), (1, 0.5), "{half}");
    }
    // A fetch that is refused at the second try ends in the signal.
    let twice = "16 = \"minor zero-page then segv accerr\"";
    assert_eq!(with(twice, "16 = \"segv accerr\"").1, 0.5);
    assert_eq!(with(twice, "16 = \"minor zero-page\"").1, 1.0);
}

#[test]
fn a_wrong_answer_is_explained_by_the_rule_that_decides() {
    let (told, lost) = with("12 = \"minor demand-zero\"", "12 = \"hit\"");
    assert_eq!(lost, 1.0);
    let difference = told[0].result.difference.as_ref().expect("a difference");
    assert_eq!(difference.event, "write 1 0x10000000 =1");
    assert_eq!(
        (&*difference.expected, &*difference.got),
        ("minor demand-zero", "hit")
    );
    let rule = difference.explanation.rule.as_deref();
    assert!(rule.is_some_and(|rule| rule.starts_with("R4")), "{rule:?}");
}

#[test]
fn a_wrong_word_is_explained() {
    let (told, lost) = with("page-fault = \"b\"", "page-fault = \"a\"");
    assert_eq!(lost, 1.0);
    let difference = told[0].result.difference.as_ref().expect("a difference");
    let because = difference.explanation.rule.as_deref().unwrap_or_default();
    assert!(because.contains("the CPU raises it"), "{because}");
}

#[test]
fn an_answer_that_was_taken_out_is_not_written_yet() {
    let (told, lost) = with("12 = \"minor demand-zero\"", "# nothing");
    assert_eq!((told[0].result.end, lost), (End::NotWritten, 1.0));
}

#[test]
fn a_mistake_costs_its_own_line_and_says_where_it_is() {
    for (to, words) in [
        ("12 = minor demand-zero", "in quotes, as in"),
        ("12 = \"minor demand-zero", "in quotes, as in"),
        ("12 = 3", "expected a text, found integer"),
        (
            "12 = \"minor demand zero\"",
            "no class is called `minor demand zero`\nhelp: one of hit, ",
        ),
        ("12 = \"hit then nothing\"", "no class is called `nothing`"),
        ("12 = \"hit\"\n12 = \"minor demand-zero\"", "duplicate key"),
    ] {
        let (told, lost) = complaint("12 = \"minor demand-zero\"", to);
        assert!(told.starts_with("predict.toml:"), "{told}");
        assert!(told.contains(words), "{to}: {told}");
        assert_eq!(lost, 1.0, "{to}");
    }
    let (told, lost) = complaint("page-fault = \"b\"", "page-fault = \"e\"");
    assert!(
        told.contains("expected one of the four letters, found `e`"),
        "{told}"
    );
    assert_eq!(lost, 1.0);
}

#[test]
fn what_nobody_asked_for_costs_nothing_and_is_told() {
    for to in [
        "13 = \"hit\"\n999 = \"hit\"",
        "13 = \"hit\"\nthirteen = \"hit\"",
    ] {
        let (told, lost) = complaint("13 = \"hit\" ", to);
        assert!(told.contains("is asked in `[accesses]`"), "{told}");
        assert_eq!(lost, 0.0);
    }
}

#[test]
fn no_sheet_is_too_strange() {
    let many: String = (0..9_999).map(|n| format!("k{n} = \"hit\"\n")).collect();
    let nested = format!("x = {}", "[".repeat(50_000));
    for sheet in [
        "",
        "\0",
        "accesses = 3",
        "[accesses",
        "[[accesses]]",
        "\u{feff}[accesses]\n12 = \"\u{202e}\"",
        &many,
        &nested,
    ] {
        let results = results(sheet);
        assert!(results.len() < 60, "{}", results.len());
        assert!(results.iter().all(|one| one.earned == 0.0));
    }
    let perfect = perfect();
    for end in 0..perfect.len() {
        if perfect.is_char_boundary(end) && end.is_multiple_of(37) {
            results(&perfect[..end]);
        }
    }
}

#[test]
fn the_students_trace_is_that_of_the_key_without_the_answers() {
    let key = read("grader/hidden/01-classify/predict.trace");
    let without: Vec<&str> = key
        .lines()
        .map(|line| line.split("# =>").next().unwrap_or_default().trim_end())
        .skip(1)
        .collect();
    let public = read("labs/01-classify/predict.trace");
    assert_eq!(public.lines().skip(1).collect::<Vec<_>>(), without);
}

#[test]
fn the_sheet_asks_for_every_access_of_the_trace() {
    let text = read("labs/01-classify/predict.trace");
    let mut trace = Parser::new(text.as_bytes()).expect("a trace");
    let mut asked = Vec::new();
    while let Some(line) = trace.next() {
        let line = line.expect("a trace");
        let event = EventText {
            event: &line.event,
            names: trace.names(),
        };
        asked.push(match line.event.op.is_access() {
            true => format!("{} = \"\" # {event}", line.number),
            false => format!("# {}: {event}", line.number),
        });
    }
    let sheet = sheet();
    let (_, accesses) = sheet.split_once("[accesses]\n").expect("a section");
    let is_numbered = |line: &str| {
        let mut letters = line.trim_start_matches("# ").chars();
        letters.next().is_some_and(|letter| letter.is_ascii_digit())
    };
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let numbered = accesses.lines().filter(|line| is_numbered(line)).map(words);
    // The machine is the first line, and no event.
    assert_eq!(numbered.skip(1).collect::<Vec<_>>(), asked);
}

/// As for every key: the answers were written by thought, and the reference agrees.
#[test]
fn the_reference_does_what_the_key_says() {
    let path = root().join("grader/hidden/01-classify/predict.trace");
    let text = fs::read_to_string(&path).expect("the key exists");
    let lines: Vec<&str> = text.lines().collect();
    let log = replay(&path, Format::Log);
    for record in log.lines().filter_map(Record::parse) {
        let is_populate = record.event.starts_with("m");
        if record.line > 0 && !is_populate {
            let line = lines[record.line as usize - 1];
            let expected = line
                .split_once("# => ")
                .map_or("", |(_, class)| class.trim());
            assert_eq!(record.column(Oracle::Class), expected, "{}", record.event);
        }
    }
}

#[test]
fn every_class_of_labs_1_to_7_is_asked_for() {
    let key = read("grader/hidden/01-classify/predict.trace");
    let asked: Vec<&str> = key
        .lines()
        .filter_map(|line| line.split_once("# => "))
        .flat_map(|(_, class)| class.split(" then "))
        .collect();
    let mut traces = catalogue().labs;
    traces.retain(|lab| lab.number <= 7);
    for trace in traces.iter().flat_map(|lab| &lab.traces) {
        for record in verdict::key::read(&trace.key).expect("a key") {
            let class = record.column(Oracle::Class);
            let is_access = record.line > 0 && !record.event.starts_with("m");
            for class in class
                .split(" then ")
                .filter(|class| is_access && !class.is_empty())
            {
                assert!(asked.contains(&class), "{class} of {}", trace.name);
            }
        }
    }
}
