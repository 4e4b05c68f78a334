//! The program that counts instructions.

use assert_cmd::Command;

/// The program, where no other programs are.
fn counts() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_counts"));
    command.env("PATH", "");
    command
}

#[test]
fn a_path_can_be_gone_along_without_valgrind() {
    counts().arg("text line").assert().success();
}

#[test]
fn without_valgrind_it_says_what_is_missing() {
    let assert = counts().assert().code(77);
    let told = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(told.contains("apt-get install valgrind"), "{told}");
}
