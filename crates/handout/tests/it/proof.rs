//! What a check of a fresh handout must say, and of one that is solved.

use handout::proof::score::{Expected, wrong};

#[track_caller]
fn check(expected: Expected, lab: &str, found: &[&str]) {
    let checked = format!("{{\"schema\":\"faultline.check/1\",\"labs\":[{lab}]}}");
    let said = wrong(&checked, expected).unwrap();
    let said: Vec<String> = said.iter().map(ToString::to_string).collect();
    let said: Vec<&str> = said.iter().filter_map(|said| said.lines().next()).collect();
    assert_eq!(said, found);
}

fn lab(passed: f64, hole: &str, trace: &str) -> String {
    format!(
        "{{\"number\":2,\"title\":\"Lazy\",\"points\":{{\"passed\":{passed},\"waiting\":0.0,\"max\":20.0}},\
         \"parts\":[{{\"name\":\"zero_page\",\"state\":\"{hole}\"}}],\
         \"traces\":[{{\"name\":\"heap\",\"state\":\"{trace}\",\"end\":\"passed\"}}]}}"
    )
}

#[test]
fn nothing_is_written_in_a_fresh_handout() {
    check(Expected::Nothing, &lab(0.0, "not-written", "waits"), &[]);
    check(
        Expected::Nothing,
        &lab(0.1, "passed", "failed"),
        &[
            "lab 2: 0.1 points of 20, and not 0",
            "lab 2: `zero_page` is passed",
            "lab 2: `heap` is failed",
        ],
    );
}

#[test]
fn everything_passes_in_one_that_is_solved() {
    check(Expected::Everything, &lab(20.0, "passed", "passed"), &[]);
    check(
        Expected::Everything,
        &lab(19.99, "waits", "not-run"),
        &[
            "lab 2: 19.99 points of 20, and not 20",
            "lab 2: `zero_page` is waits",
            "lab 2: `heap` is not-run",
        ],
    );
}

#[test]
fn a_check_of_nothing_proves_nothing() {
    for expected in [Expected::Nothing, Expected::Everything] {
        check(expected, "", &["cargo lab check: no lab gives any points"]);
    }
    assert!(wrong("{}", Expected::Nothing).is_err());
    assert!(wrong("", Expected::Nothing).is_err());
}
