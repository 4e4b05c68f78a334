//! The corpus, graded once as a class by everybody who can grade here.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use course::feedback::Feedback;
use verdict::end::End;

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
    course: Course,
    graded: Graded,
    alone: Graded,
    before: BTreeMap<PathBuf, u64>,
    after: BTreeMap<PathBuf, u64>,
    processes: Vec<String>,
}

/// What there is to complain of a run; the scratch course is gone then.
#[derive(Default)]
struct Complaints(BTreeMap<&'static str, Vec<String>>);

/// What it finds wrong with a run.
type Check = fn(&Run) -> Vec<String>;

/// Every check, by its name.
const CHECKS: [(&str, Check); 8] = [
    ("ends", wrong_ends),
    ("secrets", secrets_told),
    ("sealed", sealed_told),
    ("sealed for the instructor", sealed_untold),
    ("sinks", bites),
    ("files", files_shared),
    ("honest", honest_harmed),
    ("remains", left_or_changed),
];

static ATTACKS: LazyLock<Vec<Attack>> = LazyLock::new(corpus::chosen);

static COMPLAINTS: LazyLock<Complaints> = LazyLock::new(|| {
    let mut all = Complaints::default();
    for who in Who::all() {
        let run = run(who);
        for (name, check) in CHECKS {
            let found = check(&run).into_iter().map(|it| format!("{who:?}: {it}"));
            all.0.entry(name).or_default().extend(found);
        }
    }
    all
});

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

#[track_caller]
fn has_no_complaint(check: &str) {
    let found = &COMPLAINTS.0[check];
    assert!(
        found.is_empty(),
        "{} of them:\n{}",
        found.len(),
        found.join("\n")
    );
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
    has_no_complaint("ends");
}

fn wrong_ends(run: &Run) -> Vec<String> {
    ATTACKS
        .iter()
        .filter_map(|attack| wrong(attack, run))
        .collect()
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
    has_no_complaint("secrets");
}

fn secrets_told(run: &Run) -> Vec<String> {
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
}

#[test]
fn nothing_of_a_hidden_trace_is_in_what_students_may_see() {
    has_no_complaint("sealed");
    // Otherwise that looked for what is nowhere.
    has_no_complaint("sealed for the instructor");
}

fn sealed_told(run: &Run) -> Vec<String> {
    let shown = Feedback::ASKED
        .into_iter()
        .filter(|level| *level != Feedback::Full);
    let places = shown.map(|level| run.course.at("out").join(level.name()));
    places.flat_map(|place| mentions_sealed(&place)).collect()
}

fn sealed_untold(run: &Run) -> Vec<String> {
    match mentions_sealed(&run.course.at("alone/full")).is_empty() {
        true => vec!["the instructor's own report does not name a hidden trace".to_owned()],
        false => Vec::new(),
    }
}

fn mentions_sealed(place: &Path) -> Vec<String> {
    let secrets = SEALED.map(|text| (text.to_owned(), text.to_owned()));
    let found = remains::mentions(place, &secrets).into_iter();
    found
        .map(|(what, path)| format!("{what}: in {}", path.display()))
        .collect()
}

#[test]
fn no_report_bites() {
    has_no_complaint("sinks");
}

fn bites(run: &Run) -> Vec<String> {
    let places = Feedback::ASKED.map(|level| run.course.at("out").join(level.name()));
    places
        .iter()
        .flat_map(|place| sinks::bites(place))
        .collect()
}

#[test]
fn every_submission_has_a_file_of_its_own_and_nothing_else_is_among_the_results() {
    has_no_complaint("files");
}

fn files_shared(run: &Run) -> Vec<String> {
    let mut found = Vec::new();
    // On some systems two names that differ in capitals are one file.
    let files = names(&run.course.at("out/points/submissions"));
    let files: BTreeSet<String> = files.iter().map(|name| name.to_lowercase()).collect();
    let results = run.graded.results.len();
    if files.len() != results {
        found.push(format!("{} files for {results} submissions", files.len()));
    }
    let levels = Feedback::ASKED.map(|level| level.name().to_owned());
    let expected = levels
        .into_iter()
        .chain(["last-year.csv".to_owned()])
        .collect();
    let folder = names(&run.course.at("out"));
    if folder != expected {
        found.push(format!("among the results: {folder:?}"));
    }
    let last_year = fs::read_to_string(run.course.at("out/last-year.csv")).unwrap_or_default();
    if last_year.lines().count() != 2 {
        found.push(format!("another table was changed: {last_year}"));
    }
    found
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn honest_submissions_get_beside_the_hostile_ones_what_they_get_alone() {
    has_no_complaint("honest");
}

fn honest_harmed(run: &Run) -> Vec<String> {
    let mut found = Vec::new();
    for id in HONEST {
        let of = |graded: &Graded| graded.of(id).map(|it| (it.end, it.score, it.max));
        let (alone, beside) = (of(&run.alone), of(&run.graded));
        if alone != beside {
            found.push(format!("{id}: {alone:?} alone, and {beside:?}"));
        }
        let deserved = match (id, alone) {
            ("honest-right" | "neighbour", Some((end, score, max))) => {
                end == End::Passed && score == max
            }
            ("honest-half", Some((end, ..))) => end == End::NotWritten,
            (_, Some((end, score, max))) => end == End::Failed && score < max,
            (_, None) => false,
        };
        if !deserved {
            found.push(format!("{id}: {alone:?} is not what it deserves"));
        }
    }
    found
}

#[test]
fn nothing_is_left_behind_or_changed() {
    has_no_complaint("remains");
}

fn left_or_changed(run: &Run) -> Vec<String> {
    let Run { before, after, .. } = run;
    let paths: BTreeSet<&PathBuf> = before.keys().chain(after.keys()).collect();
    let changed = paths
        .into_iter()
        .filter(|path| before.get(*path) != after.get(*path));
    let changed = changed.map(|path| path.display().to_string());
    changed.chain(run.processes.clone()).collect()
}
