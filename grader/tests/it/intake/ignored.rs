//! What is ignored, and how that is told.

use super::*;

#[test]
fn builds_histories_and_what_macs_add_are_listed_in_few_lines() {
    check_archives(
        "__MACOSX/._lab1.rs = x
         __MACOSX/src/._lab2.rs = x
         src/.DS_Store = x
         src/._lab1.rs = x
         src/._lab2.rs = x
         src/lab1.rs = one
         target/debug/a = x
         target/debug/lab1.rs = x
         .git/HEAD = x
         .git/hooks/post-checkout = rm -rf /",
        "lab1.rs = one
         ignored: .git/ (2 files)
         ignored: __MACOSX/ (2 files)
         ignored: src/.DS_Store
         ignored: src/._* (2 files)
         ignored: target/ (2 files)",
    );
}

#[test]
fn nobody_looks_into_a_target_folder_or_a_git_folder() {
    let folder = unpacked(".git/config = [core] fsmonitor = touch /tmp/x\nsrc/lab1.rs = one");
    fs::create_dir(folder.path().join("target")).expect("a folder");
    for at in 0..10_000 {
        fs::write(folder.path().join(format!("target/{at}")), "").expect("a file");
    }
    let got = said(Submission::at(folder.path()).read());
    assert_eq!(got, "lab1.rs = one\nignored: .git/\nignored: target/\n");
}

#[test]
fn an_archive_in_a_submission_is_not_opened() {
    check(
        "lab1.rs = one\nold.zip = PK",
        "lab1.rs = one\nignored: old.zip (an archive in the submission is not opened)",
    );
}

#[test]
fn the_list_of_what_is_ignored_has_an_end() {
    let many: String = (100..200).map(|at| format!("{at}.txt = x\n")).collect();
    let got = of_folder(&many);
    assert_eq!(got.lines().count(), 51);
    assert_eq!(got.lines().last(), Some("ignored: and 50 more"));
}

#[test]
fn manifests_and_build_scripts_are_ignored() {
    check(
        "Cargo.toml = t
         build.rs = fn main() {}
         .cargo/config.toml = c
         rust-toolchain.toml = r
         src/lab1.rs = one
         src/main.rs = m",
        "lab1.rs = one
         ignored: .cargo/config.toml
         ignored: Cargo.toml
         ignored: build.rs
         ignored: rust-toolchain.toml
         ignored: src/main.rs",
    );
}
