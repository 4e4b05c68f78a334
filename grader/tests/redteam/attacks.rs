//! The corpus, graded once as a class by everybody who can grade here.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use grader::end::End;
use grader::feedback::Feedback;

use crate::class::{self, HONEST};
use crate::corpus::{self, Attack};
use crate::course::{Course, SEALED};
use crate::grading::{Graded, Result, Who, Without, grade};
use crate::{remains, sinks};

/// The attacks of the corpus: fewer than that would be a corpus with holes.
const ATTACKS_MIN: usize = 60;

/// What no grading changes: all but the results.
const UNTOUCHED: [&str; 4] = ["class", "course", "home", "tmp"];

/// The corpus and the honest ones, graded together, and the honest ones alone.
struct Run {
    who: Who,
    course: Course,
    graded: Graded,
    alone: Graded,
    before: BTreeMap<PathBuf, u64>,
    after: BTreeMap<PathBuf, u64>,
    processes: Vec<String>,
}

static ATTACKS: LazyLock<Vec<Attack>> = LazyLock::new(corpus::chosen);

static RUNS: LazyLock<Vec<Run>> = LazyLock::new(|| Who::all().into_iter().map(run).collect());

fn run(who: Who) -> Run {
    let whole = Without::default();
    let mut course = Course::new().expect("a scratch course");
    let class = course.at("class");
    class::honest(&mut course, &class);
    let alone = grade(&course, "class", "alone", who, &whole);
    class::hostile(&ATTACKS, &course, &class);
    let before = state(&course);
    let graded = grade(&course, "class", "out", who, &whole);
    Run {
        who,
        before,
        after: state(&course),
        processes: remains::processes(course.scratch.path()),
        course,
        graded,
        alone,
    }
}

fn state(course: &Course) -> BTreeMap<PathBuf, u64> {
    remains::state(&UNTOUCHED.map(|place| course.at(place)))
}

/// All that is wrong, by whoever graded.
fn complaints(of: impl Fn(&Run) -> Vec<String>) -> Vec<String> {
    let told = |run: &Run| -> Vec<String> {
        let who = run.who;
        of(run)
            .into_iter()
            .map(|it| format!("{who:?}: {it}"))
            .collect()
    };
    RUNS.iter().flat_map(told).collect()
}

#[test]
fn there_are_attacks_enough_and_each_has_a_name_of_its_own() {
    let attacks = corpus::attacks();
    assert!(attacks.len() >= ATTACKS_MIN, "only {}", attacks.len());
    let names: BTreeSet<&str> = attacks.iter().map(|attack| attack.id.as_str()).collect();
    assert_eq!(names.len(), attacks.len());
}

#[test]
fn every_attack_comes_to_its_end() {
    let wrong = complaints(|run| ATTACKS.iter().filter_map(|it| wrong(it, run)).collect());
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// What is wrong with the end that an attack came to.
fn wrong(attack: &Attack, run: &Run) -> Option<String> {
    let Attack { id, source, .. } = attack;
    let Some(result) = result(attack, run) else {
        return Some(format!("{source} {id}: is not among the results"));
    };
    let told = words(result);
    if result.end != attack.end {
        return Some(format!(
            "{source} {id}: ended as {} with {} points, not as {}: {}",
            result.end,
            result.score,
            attack.end,
            first_line(&told)
        ));
    }
    let missing = attack
        .says
        .iter()
        .find(|words| !told.contains(words.as_str()));
    if let Some(words) = missing {
        return Some(format!(
            "{source} {id}: does not say `{words}`: {}",
            first_line(&told)
        ));
    }
    let parts = result.labs.iter().flat_map(|lab| &lab.parts);
    let spoilt = |name: &str| attack.splice.contains_key(name) || name == "integration";
    let won = parts
        .into_iter()
        .find(|part| spoilt(&part.name) && part.score >= part.max);
    let too_much = match attack.score_max {
        Some(most) => result.score > most,
        None => attack.end != End::Passed && won.is_some(),
    };
    let too_little = attack.end == End::Passed && result.score < result.max;
    (too_much || too_little).then(|| {
        format!(
            "{source} {id}: got {} of {} points",
            result.score, result.max
        )
    })
}

/// A name that is no text is in the results in another way: whatever is left over.
fn result<'a>(attack: &Attack, run: &'a Run) -> Option<&'a Result> {
    let written = attack.name().replace("%FF%FE", "\\xff\\xfe");
    run.graded.of(&written)
}

/// All that is said of a submission.
fn words(result: &Result) -> String {
    let runs = result.traces.iter().map(|trace| trace.message.as_str());
    let all: Vec<&str> = [result.message.as_str()].into_iter().chain(runs).collect();
    all.join("\n").trim().to_owned()
}

fn first_line(text: &str) -> String {
    text.chars()
        .take(240)
        .collect::<String>()
        .escape_debug()
        .to_string()
}

#[test]
fn no_secret_turns_up_in_what_is_said_written_or_left_behind() {
    let found = complaints(|run| {
        let secrets = &run.course.canaries;
        let printed = secrets
            .iter()
            .filter(|(_, secret)| run.graded.said.contains(secret));
        let mut found: Vec<String> = printed
            .map(|(what, _)| format!("{what}: printed"))
            .collect();
        let own = ["last-year.csv", "of-another-program"].map(OsStr::new);
        for place in ["out", "alone", "tmp"] {
            for (what, path) in remains::mentions(&run.course.at(place), secrets) {
                if !path.file_name().is_some_and(|name| own.contains(&name)) {
                    found.push(format!("{what}: in {}", path.display()));
                }
            }
        }
        found
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn nothing_of_a_hidden_trace_is_in_what_students_may_see() {
    let secrets = SEALED.map(|text| ("a hidden trace".to_owned(), text.to_owned()));
    let found = complaints(|run| {
        let shown = Feedback::ASKED
            .into_iter()
            .filter(|level| *level != Feedback::Full);
        let places = shown.map(|level| run.course.at("out").join(level.name()));
        let found = places.flat_map(|place| remains::mentions(&place, &secrets));
        found
            .map(|(what, path)| format!("{what}: in {}", path.display()))
            .collect()
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_instructors_own_report_has_the_hidden_traces() {
    // Otherwise the test before this one would look for what is nowhere.
    let secrets = SEALED.map(|text| ("a hidden trace".to_owned(), text.to_owned()));
    for run in &*RUNS {
        let found = remains::mentions(&run.course.at("alone/full"), &secrets);
        assert!(!found.is_empty());
    }
}

#[test]
fn no_report_bites() {
    let found = complaints(|run| {
        let places = Feedback::ASKED.map(|level| run.course.at("out").join(level.name()));
        places
            .iter()
            .flat_map(|place| sinks::bites(place))
            .collect()
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_submission_has_a_file_of_its_own_on_every_system() {
    for run in &*RUNS {
        let folder = run.course.at("out/points/submissions");
        let files = fs::read_dir(folder).expect("a folder").flatten();
        let names: BTreeSet<String> = files
            .map(|file| file.file_name().to_string_lossy().to_lowercase())
            .collect();
        assert_eq!(names.len(), run.graded.results.len());
    }
}

#[test]
fn honest_submissions_get_beside_the_hostile_ones_what_they_get_alone() {
    let scores = |graded: &Graded| {
        let of = |id| graded.of(id).map(|result| (result.end, result.score));
        HONEST.map(of)
    };
    for run in &*RUNS {
        assert_eq!(scores(&run.alone), scores(&run.graded));
        let right = run.alone.of("honest-right").expect("a result");
        assert_eq!(
            (right.end, right.score),
            (End::Passed, right.max),
            "{right:#?}"
        );
        let half = run.alone.of("honest-half").expect("a result");
        assert_eq!(half.end, End::NotWritten, "{half:#?}");
    }
}

#[test]
fn nothing_is_left_behind_or_changed() {
    let found = complaints(|run| {
        let Run { before, after, .. } = run;
        let paths: BTreeSet<&PathBuf> = before.keys().chain(after.keys()).collect();
        let changed = paths
            .into_iter()
            .filter(|path| before.get(*path) != after.get(*path));
        let changed = changed.map(|path| path.display().to_string());
        changed.chain(run.processes.clone()).collect()
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn nothing_but_the_results_is_among_the_results() {
    for run in &*RUNS {
        let names = fs::read_dir(run.course.at("out"))
            .expect("a folder")
            .flatten();
        let names: BTreeSet<String> = names
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        let levels = Feedback::ASKED.map(|level| level.name().to_owned());
        let expected: BTreeSet<String> = levels
            .into_iter()
            .chain(["last-year.csv".to_owned()])
            .collect();
        assert_eq!(names, expected);
        let last_year = fs::read_to_string(run.course.at("out/last-year.csv"));
        assert_eq!(last_year.expect("a file").lines().count(), 2);
    }
}
