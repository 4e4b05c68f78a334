//! The corpus, graded once as a class.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::LazyLock;

use grader::end::End;

use crate::class::{self, HONEST};
use crate::corpus::{self, Attack};
use crate::course::Course;
use crate::grading::{Graded, Result, grade};
use crate::remains;

/// The attacks of the corpus: fewer than that would be a corpus with holes.
const ATTACKS_MIN: usize = 60;

/// The corpus and the honest ones, graded together, and the honest ones alone.
struct Run {
    attacks: Vec<Attack>,
    course: Course,
    graded: Graded,
    alone: Graded,
    before: BTreeMap<PathBuf, u64>,
}

/// What no grading changes: all but the results.
const UNTOUCHED: [&str; 4] = ["class", "course", "home", "tmp"];

fn state(course: &Course) -> BTreeMap<PathBuf, u64> {
    remains::state(&UNTOUCHED.map(|place| course.at(place)))
}

static RUN: LazyLock<Run> = LazyLock::new(|| {
    let attacks = corpus::chosen();
    let mut course = Course::new().expect("a scratch course");
    let class = course.at("class");
    class::honest(&mut course, &class);
    let alone = grade(&course, "class", "alone");
    class::hostile(&attacks, &course, &class);
    let before = state(&course);
    let graded = grade(&course, "class", "out");
    Run { attacks, course, graded, alone, before }
});

impl Graded {
    fn of(&self, id: &str) -> Option<&Result> {
        self.results.iter().find(|result| result.id == id)
    }
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
    let wrong: Vec<String> = RUN.attacks.iter().filter_map(|attack| wrong(attack)).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), RUN.attacks.len(), wrong.join("\n"));
}

/// What is wrong with the end that an attack came to.
fn wrong(attack: &Attack) -> Option<String> {
    let Attack { id, source, .. } = attack;
    let Some(result) = RUN.graded.of(id).or_else(|| RUN.graded.of(attack.name())) else {
        return Some(format!("{source} {id}: is not among the results"));
    };
    let told = words(result);
    if result.end != attack.end {
        return Some(format!(
            "{source} {id}: ended as {} with {} points, not as {}: {}",
            result.end, result.score, attack.end, first_line(&told)
        ));
    }
    let missing = attack.says.iter().find(|words| !told.contains(words.as_str()));
    if let Some(words) = missing {
        return Some(format!("{source} {id}: does not say `{words}`: {}", first_line(&told)));
    }
    let parts = result.labs.iter().flat_map(|lab| &lab.parts);
    let spoilt = |name: &str| attack.splice.contains_key(name) || name == "integration";
    let won = parts.into_iter().find(|part| spoilt(&part.name) && part.score >= part.max);
    let too_much = match attack.score_max {
        Some(most) => result.score > most,
        None => attack.end != End::Passed && won.is_some(),
    };
    too_much.then(|| format!("{source} {id}: got {} of {} points", result.score, result.max))
}

/// All that is said of a submission.
fn words(result: &Result) -> String {
    let runs = result.traces.iter().map(|trace| trace.message.as_str());
    let all: Vec<&str> = [result.message.as_str()].into_iter().chain(runs).collect();
    all.join("\n").trim().to_owned()
}

fn first_line(text: &str) -> String {
    text.chars().take(200).collect::<String>().escape_debug().to_string()
}

#[test]
fn no_secret_turns_up_in_what_is_said_written_or_left_behind() {
    let secrets = &RUN.course.canaries;
    let printed = secrets.iter().filter(|(_, secret)| RUN.graded.said.contains(secret));
    let mut found: Vec<String> = printed.map(|(what, _)| format!("{what}: printed")).collect();
    let own = ["last-year.csv", "of-another-program"].map(OsStr::new);
    for place in ["out", "alone", "tmp"] {
        for (what, path) in remains::mentions(&RUN.course.at(place), secrets) {
            if !path.file_name().is_some_and(|name| own.contains(&name)) {
                found.push(format!("{what}: in {}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn honest_submissions_get_beside_the_hostile_ones_what_they_get_alone() {
    let scores = |graded: &Graded| -> Vec<Option<(End, f64)>> {
        let of = |id| graded.of(id).map(|result| (result.end, result.score));
        HONEST.map(of).to_vec()
    };
    let (alone, beside) = (scores(&RUN.alone), scores(&RUN.graded));
    assert_eq!(alone, beside);
    let right = RUN.alone.of("honest-right").expect("a result");
    assert_eq!(right.score, 24.0 - 2.0, "{right:#?}");
    assert_eq!(RUN.alone.of("honest-half").map(|it| it.end), Some(End::NotWritten));
}

#[test]
fn nothing_is_left_behind() {
    let after = state(&RUN.course);
    let differs = |path: &&PathBuf| after.get(*path) != RUN.before.get(*path);
    let changed: BTreeSet<&PathBuf> = after.keys().chain(RUN.before.keys()).filter(differs).collect();
    assert!(changed.is_empty(), "{changed:#?}");
    let results: BTreeSet<PathBuf> = remains::files(&RUN.course.at("out")).into_iter().collect();
    let names = ["grades.csv", "grades.json", "last-year.csv"];
    assert_eq!(results, names.map(|name| RUN.course.at("out").join(name)).into());
    let last_year = std::fs::read_to_string(RUN.course.at("out/last-year.csv"));
    assert_eq!(last_year.expect("a file").lines().count(), 2);
    assert_eq!(remains::processes(RUN.course.scratch.path()), [""; 0]);
}
