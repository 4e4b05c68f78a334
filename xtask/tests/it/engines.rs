//! Grading on more than one machine: `engines/`, as far as it can be tried on one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use k8s_openapi::api::batch::v1::Job;
use serde_json::{Value, json};
use tempfile::TempDir;

fn engines() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../engines")
}

fn read(name: &str) -> String {
    fs::read_to_string(engines().join(name)).expect("the file is there")
}

fn yaml(name: &str) -> Value {
    serde_saphyr::from_str(&read(name)).expect("YAML")
}

// Kubernetes

/// A manifest as Kubernetes' own types read it. They drop what they do not know, so that a
/// field with a wrong name or in a wrong place does not come back.
fn job(name: &str) -> Value {
    let written = yaml(name);
    let job: Job = serde_json::from_value(written.clone()).expect("a Job");
    let read = serde_json::to_value(&job).expect("JSON");
    assert_eq!(
        read, written,
        "{name} has fields that Kubernetes does not know"
    );
    written
}

#[test]
fn every_field_of_the_manifests_is_one_of_kubernetes() {
    job("kubernetes/job.yaml");
    job("kubernetes/merge.yaml");
}

#[test]
fn a_pod_for_each_shard_counts_from_one() {
    let job = job("kubernetes/job.yaml");
    let spec = &job["spec"];
    assert_eq!(spec["completionMode"], "Indexed");
    let container = &spec["template"]["spec"]["containers"][0];
    let shards = container["env"][0]["value"].as_str().expect("a number");
    assert_eq!(spec["completions"].to_string(), shards);
    let script = container["args"][0].as_str().expect("a script");
    let first = printed(
        &script.replace("exec /faultline/target/debug/xtask", "echo"),
        "0",
    );
    assert!(first.contains("--shard 1/8 "), "{first}");
    assert!(first.contains("--out /out/shard-1 "), "{first}");
    assert!(
        printed(
            &script.replace("exec /faultline/target/debug/xtask", "echo"),
            "7"
        )
        .contains("8/8")
    );
}

/// What the script of a pod prints.
fn printed(script: &str, index: &str) -> String {
    let script = script.replace("> /dev/null", "");
    let shell = Command::new("/bin/sh")
        .args(["-euc", &script])
        .env("JOB_COMPLETION_INDEX", index)
        .env("SHARDS", "8")
        .output()
        .expect("a shell");
    String::from_utf8(shell.stdout).expect("text")
}

#[test]
fn no_pod_has_an_account_or_more_than_it_needs() {
    for name in ["kubernetes/job.yaml", "kubernetes/merge.yaml"] {
        let pod = &job(name)["spec"]["template"]["spec"];
        assert_eq!(pod["automountServiceAccountToken"], false);
        let security = &pod["containers"][0]["securityContext"];
        assert_eq!(security["privileged"], false);
        assert_eq!(security["allowPrivilegeEscalation"], false);
        assert_eq!(security["capabilities"]["drop"], json!(["ALL"]));
        assert!(pod["containers"][0]["resources"]["limits"]["memory"].is_string());
    }
}

// GitHub

#[test]
fn the_workflow_may_read_and_no_more_and_pins_what_it_uses() {
    let workflow = yaml("github/grade.yml");
    assert_eq!(workflow["permissions"], json!({ "contents": "read" }));
    assert!(workflow["concurrency"]["group"].is_string());
    for job in workflow["jobs"].as_object().expect("jobs").values() {
        assert!(job.get("permissions").is_none());
        assert!(job["timeout-minutes"].is_number());
        for step in job["steps"].as_array().expect("steps") {
            if let Some(uses) = step.get("uses").and_then(Value::as_str) {
                let (_, version) = uses.split_once('@').expect("a version");
                let is_commit =
                    version.len() == 40 && version.bytes().all(|b| b.is_ascii_hexdigit());
                assert!(is_commit, "{uses} is not pinned to a commit");
            }
        }
    }
}

#[test]
fn nothing_that_somebody_typed_is_part_of_a_script() {
    let workflow = yaml("github/grade.yml");
    for job in workflow["jobs"].as_object().expect("jobs").values() {
        for step in job["steps"].as_array().expect("steps") {
            let script = step.get("run").and_then(Value::as_str).unwrap_or_default();
            assert!(!script.contains("${{"), "{script}");
        }
    }
}

#[test]
fn a_public_repository_is_refused_before_anything_is_read() {
    let workflow = yaml("github/grade.yml");
    let first = &workflow["jobs"]["plan"]["steps"][0];
    assert_eq!(first["if"], "${{ !github.event.repository.private }}");
    assert_eq!(workflow["jobs"]["grade"]["needs"], "plan");
    assert_eq!(workflow["jobs"]["merge"]["needs"], "grade");
}

// Slurm

/// A folder of results on a machine that has no Slurm: `srun` runs its program here, and the
/// grader fails or prints its arguments.
struct Array(TempDir);

impl Array {
    fn new(grader: &str) -> Self {
        let array = Self(tempfile::tempdir().expect("a folder"));
        array.program("srun", "while [[ $1 == --* ]]; do shift; done\nexec \"$@\"");
        array.program("xtask", grader);
        array
    }

    fn program(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        fs::write(&path, format!("#!/bin/bash\n{text}\n")).expect("written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::Permissions::from_mode(0o755);
            fs::set_permissions(&path, mode).expect("a program");
        }
    }

    fn out(&self) -> PathBuf {
        self.0.path().join("out")
    }

    /// Runs a script as a task of an array: its exit code, and what it says.
    fn run(&self, script: &str, task: u32, tasks: u32) -> (Option<i32>, String) {
        let path = format!("{}:/usr/bin:/bin", self.0.path().display());
        let run = Command::new("/bin/bash")
            .arg(engines().join("slurm").join(script))
            .env("PATH", path)
            .env("FAULTLINE", engines().join(".."))
            .env("XTASK", self.0.path().join("xtask"))
            .env("CLASS", "class of 300")
            .env("OUT", self.out())
            .env("SLURM_ARRAY_TASK_ID", task.to_string())
            .env("SLURM_ARRAY_TASK_COUNT", tasks.to_string())
            .env_remove("SHARDS")
            .output()
            .expect("bash");
        let said = [run.stdout, run.stderr].concat();
        (run.status.code(), String::from_utf8(said).expect("text"))
    }

    fn missing(&self) -> String {
        let (code, said) = self.run("missing.sh", 1, 1);
        assert_eq!(code, Some(0), "{said}");
        said.trim_end().to_owned()
    }

    fn printed(&self, task: u32) -> String {
        let file = self.out().join(format!("shard-{task}/grade.txt"));
        fs::read_to_string(file).expect("the task printed something")
    }
}

#[test]
fn a_task_grades_its_share_into_a_folder_of_its_own() {
    let array = Array::new("printf '%s|' \"$@\"");
    assert_eq!(array.run("grade.sbatch", 3, 8).0, Some(0));
    let out = array.out().join("shard-3");
    let expected = format!(
        "grade|class of 300|--shard|3/8|--jobs|1|--out|{}|--progress|lines|",
        out.display()
    );
    assert_eq!(array.printed(3), expected);
    assert_eq!(array.missing(), "1,2,4,5,6,7,8");
}

#[test]
fn an_array_of_what_is_missing_still_grades_shares_of_the_first() {
    let array = Array::new("echo \"$4\"");
    array.run("grade.sbatch", 1, 3);
    array.run("grade.sbatch", 3, 1);
    assert_eq!(array.printed(3), "3/3\n");
    assert_eq!(array.missing(), "2");
    array.run("grade.sbatch", 2, 1);
    assert_eq!(array.missing(), "");
}

#[test]
fn a_task_that_died_is_missing_also_where_it_was_complete_before() {
    let array = Array::new("exit ${FAILS:-0}");
    array.run("grade.sbatch", 1, 2);
    array.run("grade.sbatch", 2, 2);
    assert_eq!(array.missing(), "");
    array.program("xtask", "kill -KILL $$");
    assert_eq!(array.run("grade.sbatch", 2, 2).0, Some(137));
    assert_eq!(array.missing(), "2");
}

#[test]
fn a_task_that_the_class_has_no_share_for_is_refused() {
    let array = Array::new("true");
    array.run("grade.sbatch", 1, 2);
    let (code, said) = array.run("grade.sbatch", 3, 3);
    assert_eq!(code, Some(2));
    assert!(said.contains("help: --array=1-2"), "{said}");
}

#[test]
fn nothing_is_merged_before_all_is_there() {
    let array = Array::new("printf '%s|' \"${@##*/}\"");
    array.run("grade.sbatch", 1, 2);
    let (code, said) = array.run("merge.sbatch", 1, 1);
    assert_eq!(code, Some(1));
    assert!(said.contains("help: sbatch --array=2 "), "{said}");
    array.run("grade.sbatch", 2, 2);
    let (code, said) = array.run("merge.sbatch", 1, 1);
    assert_eq!(
        (code, said.as_str()),
        (Some(0), "merge|shard-1|shard-2|--out|merged|")
    );
}

#[test]
fn the_scripts_say_what_they_lack() {
    for (script, lacks) in [("grade.sbatch", "CLASS"), ("merge.sbatch", "FAULTLINE")] {
        let run = Command::new("/bin/bash")
            .arg(engines().join("slurm").join(script))
            .envs([("FAULTLINE", "/"), ("OUT", "/nowhere"), ("CLASS", "/")])
            .env_remove(lacks)
            .output()
            .expect("bash");
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(said.contains(&format!("{lacks}: set it to")), "{said}");
    }
}
