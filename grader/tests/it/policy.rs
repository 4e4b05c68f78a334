//! A student's own policy gives no points, and costs none.

use std::fs;

use grader::grade::Grader;
use grader::intake;
use grader::kit::Kit;
use tempfile::TempDir;

use crate::workspace::{catalogue, root};

#[test]
fn a_policy_that_does_not_compile_costs_nothing() {
    let folder = TempDir::new().expect("a folder");
    let ada = root().join("grader/samples/perfect-ada");
    for file in course::handed_in::HANDLER_FILES
        .into_iter()
        .chain(["belady.trace"])
    {
        fs::copy(ada.join(file), folder.path().join(file)).expect("a copy");
    }
    fs::write(folder.path().join("policy.rs"), "pub struct Mine;").expect("a policy");
    let kit = Kit::build(&root()).unwrap_or_else(|error| panic!("{error}"));
    let mut catalogue = catalogue();
    catalogue.labs.retain(|lab| lab.number == 8);
    let submissions = intake::find(folder.path()).expect("a submission");
    let result = Grader::new(kit, catalogue).grade(&submissions[0]);
    assert!(
        result.message.contains("policy.rs was left out"),
        "{}",
        result.message
    );
    assert_eq!(result.score, result.max);
}
