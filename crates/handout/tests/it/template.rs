//! What is written for students: workflows, and the README.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// What both workflows run, and the README explains.
const CHECK: &str = "lab check --allow-unwritten";

fn template(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("template")
        .join(name);
    fs::read_to_string(path).unwrap()
}

fn workflow(name: &str) -> Value {
    serde_saphyr::from_str(&template(name)).unwrap()
}

#[test]
fn the_workflow_on_github_may_read_and_no_more_and_pins_what_it_uses() {
    let workflow = workflow("github.yml");
    assert_eq!(
        workflow["permissions"],
        serde_json::json!({ "contents": "read" })
    );
    let jobs = workflow["jobs"].as_object().unwrap();
    for job in jobs.values() {
        assert!(job.get("permissions").is_none());
        assert!(job["timeout-minutes"].is_number());
        for step in job["steps"].as_array().unwrap() {
            let Some(uses) = step.get("uses").and_then(Value::as_str) else {
                continue;
            };
            let (_, version) = uses.split_once('@').unwrap();
            let is_commit = version.len() == 40 && version.bytes().all(|b| b.is_ascii_hexdigit());
            assert!(is_commit, "{uses} is not pinned to a commit");
        }
    }
}

#[test]
fn both_workflows_run_what_the_readme_says() {
    let github = workflow("github.yml");
    let steps = github["jobs"]["check"]["steps"].as_array().unwrap();
    let last = steps.last().unwrap()["run"].as_str().unwrap();
    assert_eq!(last, format!("cargo --locked {CHECK}"));
    let gitlab = workflow("gitlab.yml");
    assert_eq!(gitlab["lab"]["script"], serde_json::json!([last]));
    assert!(template("README.md").contains(&format!("$ cargo {CHECK}\n")));
}

#[test]
fn the_readme_names_the_version_of_rust_that_the_workspace_needs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let line = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "));
    let version = line.unwrap().trim_matches('"');
    assert!(template("README.md").contains(&format!("Install Rust, {version} or newer")));
    assert!(template("gitlab.yml").contains(&format!("image: rust:{version}-")));
}
