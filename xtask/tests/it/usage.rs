//! Exit codes that all chores share.

use crate::{workspace, xtask};

#[test]
fn an_unknown_chore_is_a_usage_error() {
    xtask(workspace().path()).arg("dishes").assert().code(2);
}

#[test]
fn help_lists_the_exit_codes() {
    let help = xtask(workspace().path()).arg("--help").assert().success();
    let text = String::from_utf8_lossy(&help.get_output().stdout).into_owned();
    for code in ["0  ", "1  ", "2  ", "65  ", "70  ", "77  "] {
        assert!(text.contains(code), "{text}");
    }
}
