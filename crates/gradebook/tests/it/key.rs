//! Keys: what changes them, and what does not.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use course::catalogue::Catalogue;
use gradebook::key::{KeySet, Policy, SOURCES, Toolchain};
use grader::kit::compiler_version;
use grader::launch::Confinement;
use sandbox::tier::Layer;
use tempfile::TempDir;
use vmsim::handlers::Hole;

/// A workspace with two labs; the second one asks for traces.
const WORKSPACE: [(&str, &str); 19] = [
    ("Cargo.toml", "[workspace]\n"),
    ("Cargo.lock", "version = 4\n"),
    ("README.md", "# A course\n"),
    (".cargo/config.toml", "[alias]\n"),
    ("crates/vmsim/Cargo.toml", "[package]\n"),
    ("crates/vmsim/src/lib.rs", "pub mod pte;\n"),
    ("crates/lab/src/lib.rs", "pub mod board;\n"),
    ("grader/src/points.rs", "pub const POINTS: u8 = 1;\n"),
    ("grader/src/report/text.rs", "pub const HEAD: u8 = 1;\n"),
    ("labs/solution/src/lab1.rs", "pub fn classify() {}\n"),
    (
        "labs/skeleton/src/lab1.rs",
        "pub fn classify() { todo!() }\n",
    ),
    ("labs/01-one/README.md", "# One\n"),
    ("labs/01-one/lab.toml", ONE),
    ("labs/01-one/traces/open.trace", "machine frames=1\n"),
    ("labs/01-one/keys/open.snap", "the key\n"),
    ("grader/hidden/01-one/hidden.toml", HIDDEN),
    ("grader/hidden/01-one/secret.trace", "machine frames=2\n"),
    ("grader/hidden/01-one/keys/secret.snap", "the other key\n"),
    ("labs/02-two/lab.toml", TWO),
];

const ONE: &str = r#"
number = 1
title = "One"
points = 3.0
summary = "The first."
file = "lab1.rs"

[limits]
cpu_seconds = 1
memory_mib = 64
output_kib = 16

[[hole]]
name = "classify"
points = 3.0
concept = "faults"
hints = ["Think."]

[[trace]]
name = "open"
holes = ["classify"]
"#;

const HIDDEN: &str = r#"
[[trace]]
name = "secret"
holes = ["classify"]
"#;

const TWO: &str = r#"
number = 2
title = "Two"
points = 1.0
summary = "The second."

[[exercise]]
name = "break-it"
points = 1.0
concept = "testing"
hints = []
"#;

struct Workspace(TempDir);

/// The names of what is different under other conditions.
type Changed = Vec<&'static str>;

impl Workspace {
    fn new() -> Self {
        let workspace = Self(TempDir::new().expect("a temporary folder"));
        for (name, text) in WORKSPACE {
            workspace.write(name, text);
        }
        workspace
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a written file");
    }

    fn keys(&self, labs: &[u8]) -> (KeySet, Policy) {
        self.keys_confined(labs, &Confinement::REQUIRED)
    }

    fn keys_confined(&self, labs: &[u8], confinement: &Confinement) -> (KeySet, Policy) {
        let mut catalogue = Catalogue::read(self.0.path()).expect("a catalogue");
        catalogue.labs.retain(|lab| labs.contains(&lab.number));
        let key_set = KeySet::read(&catalogue.labs).expect("readable traces");
        let policy = Policy::read(self.0.path(), &catalogue.labs, confinement);
        (key_set, policy.expect("readable sources"))
    }
}

fn different(before: &(KeySet, Policy), after: &(KeySet, Policy)) -> Changed {
    let key_set = (before.0 != after.0).then_some("key set");
    let policy = (before.1 != after.1).then_some("policy");
    key_set.into_iter().chain(policy).collect()
}

/// What is different if a file gets another text, and these labs are graded.
fn changed(labs: &[u8], file: &str, text: &str) -> Changed {
    let workspace = Workspace::new();
    let before = workspace.keys(labs);
    workspace.write(file, text);
    different(&before, &workspace.keys(labs))
}

#[test]
fn what_is_asked_is_in_the_key_set() {
    for (file, text) in [
        ("labs/01-one/traces/open.trace", "machine frames=9\n"),
        ("labs/01-one/keys/open.snap", "another key\n"),
        ("grader/hidden/01-one/secret.trace", "machine frames=9\n"),
        ("grader/hidden/01-one/keys/secret.snap", "another key\n"),
        ("grader/hidden/01-one/predict.toml", "answers\n"),
        ("grader/hidden/01-one/hidden.toml", "trace = []\n"),
    ] {
        assert_eq!(changed(&[1], file, text), ["key set"], "{file}");
    }
}

#[test]
fn what_decides_is_in_the_policy() {
    for (file, text) in [
        ("labs/01-one/lab.toml", &ONE.replace("3.0", "4.0")),
        (
            "labs/01-one/lab.toml",
            &ONE.replace("cpu_seconds = 1", "cpu_seconds = 2"),
        ),
        ("Cargo.toml", &"[workspace]\n[profile]\n".to_owned()),
        ("Cargo.lock", &"version = 5\n".to_owned()),
        (".cargo/config.toml", &"[profile]\n".to_owned()),
        ("crates/vmsim/Cargo.toml", &"[features]\n".to_owned()),
        ("crates/vmsim/src/lib.rs", &"pub mod tlb;\n".to_owned()),
        (
            "crates/verdict/src/judge.rs",
            &"pub fn judge() {}\n".to_owned(),
        ),
        (
            "grader/src/points.rs",
            &"pub const POINTS: u8 = 2;\n".to_owned(),
        ),
        (
            "labs/solution/src/lab1.rs",
            &"pub fn other() {}\n".to_owned(),
        ),
        (
            "labs/skeleton/src/lab1.rs",
            &"pub fn other() {}\n".to_owned(),
        ),
    ] {
        assert_eq!(changed(&[1], file, text), ["policy"], "{file}");
    }
}

#[test]
fn what_only_tells_changes_nothing() {
    for file in [
        "README.md",
        "labs/01-one/README.md",
        "crates/lab/src/lib.rs",
        "crates/vmsim/tests/it/main.rs",
        "grader/src/report/text.rs",
        "grader/src/feedback/class.rs",
        "grader/samples/ada/lab1.rs",
        "grader/hidden/01-one/leaderboard/loop.trace",
        "labs/02-two/lab.toml",
    ] {
        let text = TWO.replace("second", "last");
        assert_eq!(changed(&[1], file, &text), [""; 0], "{file}");
    }
}

#[test]
fn a_lab_that_asks_for_traces_knows_the_public_ones_of_all_labs() {
    let file = "labs/01-one/traces/open.trace";
    assert_eq!(changed(&[2], file, "machine frames=9\n"), ["key set"]);
}

#[test]
fn which_labs_are_graded_changes_both() {
    let workspace = Workspace::new();
    let both = workspace.keys(&[1, 2]);
    assert_eq!(
        different(&both, &workspace.keys(&[1])),
        ["key set", "policy"]
    );
}

#[test]
fn what_runs_together_follows_from_the_labs_before() {
    let workspace = Workspace::new();
    let before = workspace.keys(&[2]);
    let mut holes = Hole::ALL.iter().map(|hole| hole.name());
    let other = holes.find(|name| *name != "classify").expect("two holes");
    workspace.write("labs/01-one/lab.toml", &ONE.replace("classify", other));
    workspace.write(
        "grader/hidden/01-one/hidden.toml",
        &HIDDEN.replace("classify", other),
    );
    assert_eq!(different(&before, &workspace.keys(&[2])), ["policy"]);
}

#[test]
fn what_student_code_is_confined_to_is_in_the_policy() {
    let workspace = Workspace::new();
    let required = workspace.keys(&[1]);
    let without = Confinement {
        without: vec![Layer::Seccomp],
        ..Confinement::REQUIRED
    };
    for confinement in [Confinement::BEST_EFFORT, without] {
        let other = workspace.keys_confined(&[1], &confinement);
        assert_eq!(different(&required, &other), ["policy"]);
    }
}

#[test]
fn where_a_workspace_lies_changes_nothing() {
    let (here, there) = (Workspace::new(), Workspace::new());
    assert_eq!(here.keys(&[1, 2]), there.keys(&[1, 2]));
}

#[test]
fn another_compiler_is_another_toolchain() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let said = compiler_version(&root).expect("a compiler");
    assert!(said.contains("host: "), "{said}");
    assert_ne!(Toolchain::said(&said), Toolchain::said("rustc 1.0.0"));
}

/// All packages of ours that the grader, and the kit, are made of. A grader only names
/// students by what `roster` has.
#[test]
fn the_policy_knows_all_packages_that_take_part() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let metadata = cargo_metadata::MetadataCommand::new()
        .current_dir(&root)
        .no_deps()
        .exec()
        .expect("metadata");
    let folder = |name: &str| -> Option<PathBuf> {
        let mut members = metadata.workspace_packages().into_iter();
        let package = members.find(|package| package.name.as_str() == name)?;
        let folder = package.manifest_path.parent()?;
        let own = folder.strip_prefix(&metadata.workspace_root).ok()?;
        Some(own.as_std_path().to_owned())
    };
    let mut wanted = vec![
        "grader".to_owned(),
        "runner".to_owned(),
        "solution".to_owned(),
    ];
    let mut found = BTreeSet::new();
    while let Some(name) = wanted.pop() {
        let Some(path) = folder(&name) else { continue };
        if name == "roster" || !found.insert(path) {
            continue;
        }
        let package = metadata.packages.iter().find(|it| it.name.as_str() == name);
        let needed = package.into_iter().flat_map(|it| &it.dependencies);
        let needed = needed.filter(|it| it.kind != cargo_metadata::DependencyKind::Development);
        wanted.extend(needed.map(|it| it.name.clone()));
    }
    assert_eq!(found, SOURCES.map(PathBuf::from).into());
}
