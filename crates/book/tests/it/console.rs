//! Sessions are found in a text, with all that they say.

use book::console::{Session, sessions};

/// A session in one line: `LINE [labs] typed => prints`, commands joined with ` ; `.
fn told(session: &Session) -> String {
    let commands: Vec<String> = session
        .commands
        .iter()
        .map(|command| match &command.prints {
            Some(prints) => format!("{} => {}", command.typed, prints.trim().replace('\n', "/")),
            None => command.typed.clone(),
        })
        .collect();
    let written = session
        .written
        .map_or(String::new(), |lab| format!("[{lab}] "));
    format!("{} {written}{}", session.line, commands.join(" ; "))
}

#[track_caller]
fn check(markdown: &str, expected: &[&str]) {
    let found = sessions(markdown).unwrap();
    assert_eq!(found.iter().map(told).collect::<Vec<_>>(), expected);
}

#[track_caller]
fn refused(markdown: &str, expected: &str) {
    assert_eq!(sessions(markdown).unwrap_err().to_string(), expected);
}

#[test]
fn commands_are_told_from_what_they_print() {
    check(
        "text\n\n```console\n$ cargo lab\n$ cargo lab check 2\nfirst\n  second\n```\n",
        &["4 cargo lab ; cargo lab check 2 => first/  second"],
    );
}

#[test]
fn other_blocks_are_no_sessions() {
    check(
        "    $ cargo lab\n\n```sh\n$ cargo lab\n```\n\n`$ cargo lab`\n",
        &[],
    );
}

#[test]
fn a_comment_behind_a_command_is_not_typed() {
    check(
        "```console\n$ cargo lab run x.trace    # yours\n```\n",
        &["2 cargo lab run x.trace"],
    );
}

#[test]
fn a_session_says_how_far_the_student_is() {
    check(
        "```console labs=1\n$ a\n```\n\n```console labs=1-3\n$ b\n```\n",
        &["2 [1] a", "6 [3] b"],
    );
}

#[test]
fn blank_lines_alone_are_nothing_that_is_shown() {
    check("```console\n$ a\n\n$ b\n```\n", &["2 a ; b"]);
}

#[test]
fn what_is_no_session_is_refused_with_its_line() {
    refused(
        "x\n\n```console\ncargo lab\n```\n",
        "line 4: a session begins with a command: `$ …`",
    );
    refused(
        "```console laps=2\n$ a\n```\n",
        "line 2: expected nothing or `labs=1-N` behind `console`",
    );
}

#[test]
fn an_error_that_is_shown_is_an_error_that_is_expected() {
    let found = sessions("```console\n$ a\nfine\n$ b\nfine\nerror: not written\n```\n").unwrap();
    let fails: Vec<bool> = found[0].commands.iter().map(|c| c.fails()).collect();
    assert_eq!(fails, [false, true]);
}
