//! What the archive does, in a container laid out like Gradescope's.
//!
//! Root alone can make one, so whoever is not is told and nothing is tried. The system,
//! the toolchain and cargo's registry are those of this computer (`container.sh`), so that
//! `setup.sh` finds everything there and needs no network, and has none. The first time
//! takes some minutes, in which the grader is built twice over; what is built of other
//! crates is kept in `target/tmp`.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

use autograder::archive::write;
use autograder::wish::{Extra, Wish};
use serde_json::Value;
use zip::ZipArchive;

use crate::{packed, root};

/// The labs that are graded here: enough to see everything, and not slow.
const LABS: [u8; 2] = [1, 2];

/// A container.
struct Container {
    root: PathBuf,
    /// What starts the autograder in it; nothing but itself unless said.
    through: Vec<String>,
}

/// A container in which the autograder is set up; none, with a reason, if it cannot be.
fn container(name: &str, extras: Vec<Extra>) -> Option<Container> {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root can make a container ({name})");
        return None;
    }
    let container = Container {
        root: PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name),
        through: Vec::new(),
    };
    if !container.starts("/bin/true", &[]).status.success() {
        eprintln!("skipped: `unshare` and `mount` make no container here ({name})");
        return None;
    }
    container.unpack(extras);
    let began = Instant::now();
    let made = container.starts("/bin/bash", &["/autograder/source/setup.sh"]);
    let said = String::from_utf8_lossy(&made.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{said}\n{wrong}");
    assert!(said.contains("layers around student code here"), "{said}");
    assert!(
        said.contains("an empty submission was graded in 2 labs: "),
        "{said}"
    );
    eprintln!("{name}: set up in {:.0} s", began.elapsed().as_secs_f64());
    Some(container)
}

impl Container {
    /// Unpacks the archive as Gradescope does.
    fn unpack(&self, extras: Vec<Extra>) {
        let there = self.root.join("autograder");
        for old in ["source", "submission", "results", "faultline"] {
            let _not_there = fs::remove_dir_all(there.join(old));
        }
        let wish = Wish {
            labs: LABS.to_vec(),
            extras,
            ..Wish::default()
        };
        let zip = tempfile::tempdir().expect("a folder");
        let zip = zip.path().join("autograder.zip");
        write(&packed(&wish).files, &zip).expect("an archive");
        let source = there.join("source");
        fs::create_dir_all(&source).expect("a folder");
        let mut archive = ZipArchive::new(fs::File::open(&zip).expect("a file")).expect("a zip");
        archive.extract(&source).expect("a whole archive");
        fs::copy(source.join("run_autograder"), there.join("run_autograder")).expect("a copy");
    }

    /// Starts a program in the container.
    fn starts(&self, program: &str, arguments: &[&str]) -> Output {
        fs::create_dir_all(&self.root).expect("a folder");
        let asked = Command::new("rustc").args(["--print", "sysroot"]).output();
        let toolchain = String::from_utf8(asked.expect("rustc").stdout).expect("text");
        let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
        let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from).or(home);
        Command::new("unshare")
            .args([
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "--net",
                "--",
                "/bin/sh",
            ])
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/container.sh"))
            .arg(&self.root)
            .arg(toolchain.trim())
            .arg(cargo.expect("cargo's home").join("registry"))
            .args(&self.through)
            .arg(program)
            .args(arguments)
            .output()
            .expect("unshare")
    }

    /// Has a submission graded, and gives `results.json` back.
    fn grades(&self, submission: &[(&str, String)]) -> Value {
        let there = self.root.join("autograder");
        let folder = there.join("submission");
        let _not_there = fs::remove_dir_all(&folder);
        let results = there.join("results");
        let _not_there = fs::remove_dir_all(&results);
        for folder in [&folder, &results] {
            fs::create_dir_all(folder).expect("a folder");
            // Whatever Gradescope's are like, they may be open to all.
            fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).expect("a mode");
        }
        for (name, text) in submission {
            fs::write(folder.join(name), text).expect("a file");
        }
        fs::write(there.join("submission_metadata.json"), METADATA).expect("a file");
        let began = Instant::now();
        let graded = self.starts("/autograder/run_autograder", &[]);
        let seconds = began.elapsed().as_secs_f64();
        let said = [graded.stdout.as_slice(), graded.stderr.as_slice()].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        let _shown = writeln!(
            std::io::stderr(),
            "graded in {seconds:.1} s, {}: {said}",
            graded.status
        );
        assert!(!said.contains(MARK), "printed by a student: {said}");
        let text = fs::read_to_string(results.join("results.json")).expect("results");
        serde_json::from_str(&text).expect("JSON")
    }
}

const METADATA: &str = r#"{ "id": 123456, "created_at": "2026-11-20T23:30:00.000000-08:00",
    "assignment": { "due_date": "2026-11-20T22:00:00.000000-08:00" },
    "users": [{ "email": "ada@example.edu", "id": 7, "name": "Ada Lovelace" }] }"#;

/// What an attack's own words begin with.
const MARK: &str = "PWNED";

/// The files of a sample.
fn sample(name: &str) -> Vec<(&'static str, String)> {
    let folder = root().join("grader/samples").join(name);
    let files = ["lab1.rs", "lab2.rs", "predict.toml"];
    let text = |file| Some((file, fs::read_to_string(folder.join(file)).ok()?));
    files.into_iter().filter_map(text).collect()
}

/// A right submission that does this besides whenever it is asked for the zero page.
fn attack(code: &str) -> Vec<(&'static str, String)> {
    const BEGINS: &str = "pub fn zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {";
    let mut files = sample("perfect-ada");
    for (name, text) in &mut files {
        if *name == "lab2.rs" {
            *text = text.replace(BEGINS, &format!("{BEGINS}\n{code}"));
            assert!(text.contains(code));
        }
    }
    files
}

fn points(results: &Value) -> (f64, f64) {
    let tests = results["tests"].as_array().expect("tests");
    let sum = |of: &str| {
        tests
            .iter()
            .map(|test| test[of].as_f64().expect("points"))
            .sum()
    };
    (sum("score"), sum("max_score"))
}

/// Tries to read what is root's, to write its own results, and tells who it is.
const CURIOUS: &str = r#"{
    use std::os::unix::fs::MetadataExt;
    let me = std::fs::metadata("/proc/self").map(|it| it.uid());
    println!("PWNED by {me:?}");
    let read = ["/autograder/faultline", "/autograder/faultline/grader/hidden/02-lazy/hidden.toml",
        "/autograder/source", "/autograder/program", "/autograder/results"]
        .map(|path| std::fs::read_dir(path).map(drop).or_else(|_| std::fs::read(path).map(drop)).is_ok());
    let own = "{\"score\": 1000, \"output\": \"PWNED\"}";
    let wrote = ["/autograder/results/results.json", "/autograder/results/x",
        "/autograder/run_autograder", "/autograder/kit/debug/x"]
        .map(|path| std::fs::write(path, own).is_ok());
    panic!("read {read:?} wrote {wrote:?} as {me:?}");
}"#;

#[test]
fn submissions_are_graded_as_root_and_run_as_nobody() {
    let Some(container) = container("gradescope", Vec::new()) else {
        return;
    };
    let perfect = container.grades(&sample("perfect-ada"));
    let (score, max) = points(&perfect);
    assert!(score == max && max > 0.0, "{perfect:#}");
    let sandbox = perfect["extra_data"]["sandbox"].as_str().expect("layers");
    assert!(
        sandbox.contains("user") && sandbox.contains("landlock"),
        "{sandbox}"
    );
    let said = perfect["output"].as_str().expect("text");
    assert!(
        said.contains("Handed in 1 h 30 min after the due date"),
        "{said}"
    );
    assert!(!perfect.to_string().contains("Lovelace"));

    let failing = container.grades(&sample("failed-forgets-to-zero"));
    let (score, of) = points(&failing);
    assert!(of == max && 0.0 < score && score < max, "{failing:#}");

    let broken = container.grades(&sample("not-compiling"));
    assert_eq!(broken["tests"][0]["status"], "failed", "{broken:#}");
    assert!(
        broken["tests"][0]["output"]
            .as_str()
            .expect("text")
            .starts_with("does not compile")
    );

    let empty = container.grades(&[]);
    assert_eq!(points(&empty), (0.0, max), "{empty:#}");

    let curious = container.grades(&attack(CURIOUS));
    let (score, of) = points(&curious);
    assert!(of == max && score < max, "{curious:#}");
    assert!(!curious.to_string().contains("1000"), "{curious:#}");
}

#[test]
fn a_container_without_a_sandbox_grades_nobody_unless_somebody_wants_it() {
    let Some(mut container) = container("gradescope-bare", Vec::new()) else {
        return;
    };
    container.lacks_a_sandbox();
    let refused = container.grades(&sample("perfect-ada"));
    assert_eq!(
        (refused.get("score"), refused.get("tests")),
        (None, None),
        "{refused:#}"
    );
    let said = refused["output"].as_str().expect("text");
    assert!(
        said.contains("does not offer landlock and seccomp") && said.contains("no zero"),
        "{said}"
    );

    container.through.clear();
    container.unpack(vec![Extra::AllowUnsandboxed]);
    let made = container.starts("/bin/bash", &["/autograder/source/setup.sh"]);
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    container.lacks_a_sandbox();
    let perfect = container.grades(&sample("perfect-ada"));
    let (score, max) = points(&perfect);
    assert!(score == max && max > 0.0, "{perfect:#}");
    assert_eq!(perfect["extra_data"]["sandbox"], "limits, user");

    // Now it lives to tell what it could do, and as whom.
    let curious = container.grades(&attack(CURIOUS)).to_string();
    let nothing =
        "read [false, false, false, false, false] wrote [false, false, false, false] as Ok(60";
    assert!(curious.contains(nothing), "{curious}");
}

impl Container {
    /// From now on landlock and seccomp do not exist in it.
    fn lacks_a_sandbox(&mut self) {
        let example =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("../debug/examples/without_sandbox");
        let inside = self.root.join("without_sandbox");
        fs::copy(example, inside).expect("`cargo test` has built the example");
        self.through = vec!["/without_sandbox".to_owned()];
    }
}
