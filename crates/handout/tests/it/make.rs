//! How a handout is written.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::process::Command;

use handout::manifest;
use handout::pack::Changed;

use crate::kit::{Kit, refused};

fn film(_: &std::path::Path) -> Result<String, String> {
    Ok("{\"line\":1}\n".into())
}

fn git(kit: &Kit, args: &[&str]) -> String {
    let output = Command::new("git")
        .args(args)
        .current_dir(kit.out())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn two_runs_give_the_same_bytes() {
    let (one, two) = (Kit::new(), Kit::new());
    one.make().unwrap();
    two.make().unwrap();
    let [one, two] = [one, two].map(|kit| fs::read(kit.out().with_extension("zip")).unwrap());
    assert!(one == two, "the archives differ");
}

#[test]
fn the_archive_holds_the_folder_and_its_repository() {
    let kit = Kit::new();
    kit.make().unwrap();
    let file = File::open(kit.out().with_extension("zip")).unwrap();
    let mut zip = zip::ZipArchive::new(file).unwrap();
    let names: Vec<String> = zip
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    let mut sorted = names.clone();
    sorted.sort();
    assert_eq!(names, sorted);
    for wanted in [
        "faultline/README.md",
        "faultline/labs/03-lab3/films/public3.film",
        "faultline/.git/HEAD",
    ] {
        assert!(
            names.iter().any(|name| name == wanted),
            "no {wanted} in {names:#?}"
        );
    }
    for index in 0..zip.len() {
        let file = zip.by_index(index).unwrap();
        assert_eq!(
            file.unix_mode().map(|mode| mode & 0o777),
            Some(0o644),
            "{}",
            file.name().unwrap()
        );
        let path = file
            .name()
            .unwrap()
            .strip_prefix("faultline/")
            .unwrap()
            .to_owned();
        assert!(
            kit.out().join(&path).is_file(),
            "{path} is not in the folder"
        );
    }
}

#[test]
fn the_history_is_one_commit_by_nobody() {
    let kit = Kit::new();
    kit.commit();
    kit.make().unwrap();
    assert_eq!(
        git(
            &kit,
            &["log", "--format=%an %ae %cn %ad %s", "--date=short"]
        ),
        "Faultline faultline@example.org Faultline 2000-01-01 Begin with what the course hands out\n"
    );
    assert_eq!(git(&kit, &["branch", "--show-current"]), "main\n");
    assert_eq!(git(&kit, &["status", "--porcelain"]), "");
    assert_eq!(git(&kit, &["fsck", "--full", "--unreachable"]), "");
}

#[test]
fn only_the_labs_that_are_asked_for_are_in_it() {
    let kit = Kit::new();
    let made = kit.make_of(Some("1,3-4"), &film, Changed::Refused).unwrap();
    assert_eq!(made.labs, [1, 3, 4]);
    let labs: BTreeSet<String> = fs::read_dir(kit.out().join("labs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let wanted = ["01-lab1", "03-lab3", "04-lab4", "skeleton"].map(str::to_owned);
    assert_eq!(labs, BTreeSet::from(wanted));
    assert!(kit.out().join("labs/skeleton/src/lab8.rs").exists());
    let readme = fs::read_to_string(kit.out().join("README.md")).unwrap();
    assert_eq!(
        readme,
        "Your labs:\n\n| lab | handout | you write |\n|---|---|---|\n\
         | 1 | [Lab 1](labs/01-lab1/README.md) | `labs/skeleton/src/lab1.rs` |\n\
         | 3 | [Lab 3](labs/03-lab3/README.md) | `labs/skeleton/src/lab3.rs` |\n\
         | 4 | [Lab 4](labs/04-lab4/README.md) | `labs/skeleton/src/lab4.rs` |\n"
    );
}

#[test]
fn what_cargo_reads_is_the_student_s() {
    let kit = Kit::new();
    kit.make().unwrap();
    let read = |path: &str| fs::read_to_string(kit.out().join(path)).unwrap();
    assert_eq!(read("Cargo.toml"), kit.read("Cargo.toml"));
    assert_eq!(
        read(".cargo/config.toml"),
        "[alias]\nlab = \"run --package lab --\"\n"
    );
    assert_eq!(
        read("crates/lab/Cargo.toml"),
        "[package]\nname = \"lab\"\nedition = \"2024\"\n"
    );
    assert!(read("Cargo.lock").contains("name = \"skeleton\""));
}

#[test]
fn nothing_is_ever_overwritten() {
    let kit = Kit::new();
    fs::create_dir_all(kit.out()).unwrap();
    kit.make().unwrap();
    let again = kit.make();
    refused(again, &format!("{}: exists already", kit.out().display()));
    let kit = Kit::new();
    fs::create_dir_all(kit.out()).unwrap();
    fs::write(kit.out().with_extension("zip"), "mine").unwrap();
    refused(
        kit.make(),
        &format!(
            "{}: exists already",
            kit.out().with_extension("zip").display()
        ),
    );
    assert_eq!(fs::read(kit.out().with_extension("zip")).unwrap(), b"mine");
}

#[test]
fn a_handout_is_no_part_of_the_workspace() {
    let kit = Kit::new();
    for inside in ["labs/out", "out", "labs/new/folder", "labs/../crates/out"] {
        let out = kit.root().join(inside);
        let made = kit.make_at(&out, None, &film, Changed::Refused);
        refused(made, &format!("{}: inside the workspace", out.display()));
    }
    let out = kit.root().join("target/out");
    kit.make_at(&out, None, &film, Changed::Refused).unwrap();
}

#[test]
fn a_handout_can_be_compared_with_its_manifest() {
    let kit = Kit::new();
    kit.make().unwrap();
    assert_eq!(manifest::verify(&kit.out()).unwrap(), []);
    fs::write(kit.out().join("README.md"), "other").unwrap();
    fs::remove_file(kit.out().join("labs/02-lab2/README.md")).unwrap();
    fs::write(kit.out().join("labs/02-lab2/notes"), "of the student").unwrap();
    let found: Vec<String> = manifest::verify(&kit.out())
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "README.md: is not what was handed out\n  make the handout anew",
            "labs/02-lab2/README.md: is gone, or cannot be read\n  make the handout anew",
            "labs/02-lab2/notes: was not handed out\n  take it away, or make the handout anew",
        ]
    );
}
