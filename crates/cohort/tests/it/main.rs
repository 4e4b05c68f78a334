//! Classes made up.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use cohort::make::{Files, make};
use cohort::person::Person;
use cohort::plan::{Form, Plan};
use cohort::samples;
use cohort::system::System;
use tempfile::TempDir;

fn plan(count: usize, seed: u64, system: System) -> Plan {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../grader/samples");
    Plan {
        count,
        seed,
        system,
        attempts: false,
        samples: samples::read(&samples).expect("samples"),
    }
}

fn bytes(plan: &Plan) -> Vec<Vec<u8>> {
    let folder = TempDir::new().expect("a folder");
    let files = Files::beside(&folder.path().join("class.zip"));
    make(plan, &files).expect("a class");
    let paths = [
        &files.export,
        &files.roster,
        &files.sheet,
        &files.truth(),
        &files.class(),
    ];
    paths
        .map(|path| fs::read(path).unwrap_or_default())
        .to_vec()
}

#[test]
fn the_same_seed_makes_the_same_class() {
    let made = bytes(&plan(40, 7, System::Canvas));
    assert_eq!(made, bytes(&plan(40, 7, System::Canvas)));
    assert_ne!(made[0], bytes(&plan(40, 8, System::Canvas))[0]);
}

#[test]
fn nobody_has_the_number_the_account_or_the_address_of_another() {
    for system in System::ALL {
        let mut seen = HashSet::new();
        for index in 0..2_000 {
            let person = Person::of(index, 1, system);
            assert!(seen.insert(person.number.to_string()));
            assert!(seen.insert(person.login));
            assert!(seen.insert(person.email));
            assert!(seen.insert(person.sis));
        }
    }
}

#[test]
fn two_students_with_one_sample_hand_in_two_sources() {
    let mut sources = HashSet::new();
    for member in plan(400, 7, System::Canvas).members() {
        for hand_in in member.hand_ins {
            let Form::Files(files) = hand_in.form else {
                continue;
            };
            for (name, content) in files.into_iter().filter(|(name, _)| name.ends_with(".rs")) {
                assert!(sources.insert(content), "{name} of {}", hand_in.sample);
            }
        }
    }
    assert!(sources.len() > 300);
}

#[test]
fn every_sample_is_somebodys() {
    let plan = plan(300, 7, System::Plain);
    let handed_in = plan.members().flat_map(|member| member.hand_ins);
    let handed_in: HashSet<String> = handed_in.map(|hand_in| hand_in.sample).collect();
    let all: HashSet<String> = plan.samples.iter().map(|it| it.name.clone()).collect();
    assert_eq!(handed_in, all);
}

#[test]
fn nothing_is_written_over() {
    let folder = TempDir::new().expect("a folder");
    let files = Files::beside(&folder.path().join("class.zip"));
    fs::write(&files.roster, "mine").expect("a file");
    let refusal = make(&plan(3, 7, System::Plain), &files).expect_err("a refusal");
    assert!(refusal.to_string().contains("roster.csv"), "{refusal}");
    assert_eq!(fs::read_to_string(&files.roster).expect("a file"), "mine");
}

#[test]
fn the_sheets_have_the_heads_that_their_systems_look_for() {
    let head = |system| {
        let sheet = bytes(&plan(3, 7, system)).swap_remove(2);
        let text = String::from_utf8(sheet).expect("text");
        text.lines().take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    let canvas = head(System::Canvas);
    assert_eq!(
        canvas[0],
        "Student,ID,SIS User ID,SIS Login ID,Section,Page faults (88123)"
    );
    assert_eq!(canvas[1], "    Points Possible,,,,,100");
    let moodle = head(System::Moodle);
    for column in [
        "Identifier",
        "Grade",
        "Last modified (grade)",
        "Feedback comments",
    ] {
        assert!(
            moodle[0].split(',').any(|head| head == column),
            "{}",
            moodle[0]
        );
    }
}
