//! What follows from what a machine offers.

use std::fs;
use std::path::{Path, PathBuf};

use doctor::answer::{Answer, Standing};
use doctor::examination::Examination;
use doctor::walls;
use sandbox::tier::Tier;

/// A machine that offers everything.
const EVERYTHING: Tier = Tier {
    limits: true,
    user: true,
    landlock: 6,
    seccomp: true,
};

/// The answer about one wall of a machine that offers this.
fn answer(offered: Tier, topic: &str) -> Answer {
    let mut answers = walls::answers(offered).into_iter();
    let found = answers.find(|answer| answer.topic == topic);
    found.unwrap_or_else(|| panic!("nothing is asked about {topic}"))
}

fn check(offered: Tier, topic: &str, standing: Standing, follows: &str) {
    let answer = answer(offered, topic);
    assert_eq!(answer.standing, standing, "{answer:?}");
    assert!(answer.follows.contains(follows), "{answer:?}");
}

#[test]
fn without_landlock_hidden_traces_are_refused() {
    let without = Tier {
        landlock: 0,
        ..EVERYTHING
    };
    check(
        without,
        "landlock",
        Standing::Missing,
        "--allow-unsandboxed",
    );
    check(without, "seccomp", Standing::Good, "short list");
}

#[test]
fn an_old_landlock_leaves_the_network_to_seccomp() {
    let old = Tier {
        landlock: 3,
        ..EVERYTHING
    };
    check(old, "landlock", Standing::Weaker, "network");
    let newer = Tier {
        landlock: 5,
        ..EVERYTHING
    };
    check(newer, "landlock", Standing::Good, "signals");
}

#[test]
fn without_seccomp_hidden_traces_are_refused() {
    let without = Tier {
        seccomp: false,
        ..EVERYTHING
    };
    check(without, "seccomp", Standing::Missing, "--allow-unsandboxed");
}

#[test]
fn the_worst_answer_decides() {
    let good = Answer::new("one", Standing::Good, "", "");
    let bad = Answer::new("two", Standing::Missing, "", "");
    let standing = |answers| Examination::of(EVERYTHING, answers).standing;
    assert_eq!(standing(vec![good.clone()]), Standing::Good);
    assert_eq!(standing(vec![good, bad]), Standing::Missing);
}

#[test]
fn the_text_marks_what_is_missing_and_says_what_it_comes_to() {
    let bad = Answer::new("seccomp", Standing::Missing, "not offered", "no grading");
    let text = Examination::of(Tier::NOTHING, vec![bad]).to_string();
    let row = text.lines().find(|line| line.contains("seccomp"));
    assert!(row.is_some_and(|row| row.contains("MISSING")), "{text}");
    assert!(text.contains("does not grade here as it should"), "{text}");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// `UPDATE_SCHEMA=1 cargo test -p doctor schema` writes the schema.
#[test]
fn the_json_of_this_machine_is_what_the_committed_schema_says() {
    let file = root().join("crates/doctor/schema/doctor.schema.json");
    let now = schemars::schema_for!(Examination);
    let now = serde_json::to_string_pretty(&now).expect("a schema is JSON") + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&file, &now).expect("the schema can be written");
    }
    let then = fs::read_to_string(&file).expect("a schema is committed");
    assert_eq!(
        then, now,
        "help: UPDATE_SCHEMA=1 cargo test -p doctor schema"
    );
    let found = Examination::of_this_machine(&root());
    let found = serde_json::to_value(&found).expect("it is JSON");
    let schema: serde_json::Value = serde_json::from_str(&then).expect("it is JSON");
    let valid = jsonschema::validate(&schema, &found);
    assert!(valid.is_ok(), "{valid:?}");
}
