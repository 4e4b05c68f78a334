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
fn container() -> Option<Container> {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root can make a container");
        return None;
    }
    let container = Container {
        root: PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("gradescope"),
        through: Vec::new(),
    };
    if !container.starts("/bin/true", &[]).status.success() {
        eprintln!("skipped: `unshare` and `mount` make no container here");
        return None;
    }
    container.unpack();
    let began = Instant::now();
    let made = container.starts("/bin/bash", &["/autograder/source/setup.sh"]);
    let said = String::from_utf8_lossy(&made.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{said}\n{wrong}");
    for expected in [
        "layers around student code here",
        "an empty submission was graded in 2 labs: ",
    ] {
        assert!(said.contains(expected), "{said}");
    }
    eprintln!("set up in {:.0} s", began.elapsed().as_secs_f64());
    Some(container)
}

impl Container {
    /// Unpacks the archive as Gradescope does.
    fn unpack(&self) {
        let there = self.root.join("autograder");
        for old in ["source", "submission", "results", "faultline"] {
            let _not_there = fs::remove_dir_all(there.join(old));
        }
        let wish = Wish {
            labs: LABS.to_vec(),
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
    let Some(container) = container() else {
        return;
    };
    let max = grades_all_kinds(&container);
    keeps_out_the_curious(&container, max);
    without_a_sandbox(container);
}

/// Everything that students hand in on a usual day; the most that there is for it.
fn grades_all_kinds(container: &Container) -> f64 {
    let perfect = container.grades(&sample("perfect-ada"));
    let (score, max) = points(&perfect);
    assert!(same(score, max) && max > 0.0, "{perfect:#}");
    let sandbox = perfect["extra_data"]["sandbox"].as_str().expect("layers");
    for layer in ["limits", "user", "landlock", "seccomp"] {
        assert!(sandbox.contains(layer), "{sandbox}");
    }
    let said = perfect["output"].as_str().expect("text");
    assert!(
        said.contains("Handed in 1 h 30 min after the due date"),
        "{said}"
    );
    assert!(!perfect.to_string().contains("Lovelace"));

    let failing = container.grades(&sample("failed-forgets-to-zero"));
    let (score, of) = points(&failing);
    assert!(same(of, max) && 0.0 < score && score < max, "{failing:#}");

    let broken = container.grades(&sample("not-compiling"));
    let compiler = &broken["tests"][0];
    let said = compiler["output"].as_str().expect("text");
    assert!(
        compiler["status"] == "failed" && said.starts_with("does not compile"),
        "{broken:#}"
    );

    let empty = container.grades(&[]);
    let (score, of) = points(&empty);
    assert!(same(score, 0.0) && same(of, max), "{empty:#}");
    max
}

fn keeps_out_the_curious(container: &Container, max: f64) {
    let curious = container.grades(&attack(CURIOUS));
    let (score, of) = points(&curious);
    assert!(same(of, max) && score < max, "{curious:#}");
    assert!(!curious.to_string().contains("true"), "{curious:#}");
}

/// The same where landlock and seccomp do not exist.
fn without_a_sandbox(mut container: Container) {
    container.lacks_a_sandbox();
    let refused = container.grades(&sample("perfect-ada"));
    assert_eq!(
        (refused.get("score"), refused.get("tests")),
        (None, None),
        "{refused:#}"
    );
    let said = refused["output"].as_str().expect("text");
    assert!(
        said.contains("does not offer landlock and seccomp"),
        "{said}"
    );

    container.takes_what_it_gets();
    let perfect = container.grades(&sample("perfect-ada"));
    let (score, max) = points(&perfect);
    assert!(same(score, max) && max > 0.0, "{perfect:#}");
    assert_eq!(perfect["extra_data"]["sandbox"], "limits, user");

    // Now it lives to tell what it could do, and as whom.
    let curious = container.grades(&attack(CURIOUS)).to_string();
    let nothing = "read [false, false, false, false, false] wrote [false, false, false, false] as \
                   Ok(6";
    assert!(curious.contains(nothing), "{curious}");
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.001
}

impl Container {
    /// From now on landlock and seccomp do not exist in it.
    fn lacks_a_sandbox(&mut self) {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .args([
                "build",
                "--quiet",
                "--package",
                "autograder",
                "--example",
                EXAMPLE,
            ])
            .current_dir(root())
            .status();
        assert!(
            built.is_ok_and(|status| status.success()),
            "the example does not compile"
        );
        let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .parent()
            .expect("target");
        let example = target.join("debug/examples").join(EXAMPLE);
        fs::copy(example, self.root.join(EXAMPLE)).expect("the example");
        self.through = vec![format!("/{EXAMPLE}")];
    }

    /// From now on its archive is one of `--allow-unsandboxed`, which differs in what
    /// `run_autograder` asks for and in nothing that is set up.
    fn takes_what_it_gets(&self) {
        let extras = vec![Extra::AllowUnsandboxed];
        let wish = Wish {
            labs: LABS.to_vec(),
            extras,
            ..Wish::default()
        };
        let packed = packed(&wish);
        let run = packed.files.text("run_autograder").expect("a script");
        fs::write(self.root.join("autograder/run_autograder"), run).expect("a script");
    }
}

/// What starts a program as if there were neither landlock nor seccomp.
const EXAMPLE: &str = "without_sandbox";
