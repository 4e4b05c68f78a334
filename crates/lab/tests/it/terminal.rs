//! `cargo lab` in a terminal, above all `view`: keys, sizes, and that the terminal is left
//! as it was.

mod pseudo;

use std::io::Read;
use std::path::{Path, PathBuf};

use assert_cmd::cargo::cargo_bin;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use pseudo::Terminal;
use rustix::process::Signal;
use tempfile::TempDir;

use crate::student::Student;

/// A repair that crosses a border of pages, sharing, a copy, a file, and a signal.
const TRACE: &str = "\
machine cpus=2
file lib 8K cold
sigaction 1 segv handler
mmap 1 0x10000000 16K rw private anon
write 1 0x10000ffe 4B =7
fork 1 2 @1
write 2 0x10000000 =8
mmap 1 0x20000000 8K rw private lib
write 1 0x20001000
read 1 0x20001000
read 1 0x30000000
";

const LEFT: &str = "\x1b[D";
const RIGHT: &str = "\x1b[C";
const DOWN: &str = "\x1b[B";
const UP: &str = "\x1b[A";
const PAGE_DOWN: &str = "\x1b[6~";
const CTRL_C: &str = "\x03";

/// What a picture ends with.
const PICTURE_ENDS: &[u8] = b"\x1b[?2026l";

/// `cargo lab view` of a trace.
struct View {
    folder: TempDir,
    command: CommandBuilder,
}

/// The reference's run of a trace.
fn view(trace: &str) -> View {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("tour.trace");
    std::fs::write(&path, trace).unwrap();
    view_of(folder, &path).with(&["--with", "solution"])
}

fn view_of(folder: TempDir, trace: &Path) -> View {
    let mut command = CommandBuilder::new(cargo_bin("lab"));
    command.arg("view");
    command.arg(trace);
    command.cwd(root());
    command.env("TERM", "xterm-256color");
    command.env("LC_ALL", "C.UTF-8");
    command.env_remove("NO_COLOR");
    command.env("RUST_BACKTRACE", "0");
    View { folder, command }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

impl View {
    fn with(mut self, options: &[&str]) -> Self {
        self.command.args(options);
        self
    }

    fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Shows it, and waits until the whole film is there.
    fn at(self, columns: u16, rows: u16) -> Terminal {
        let terminal = Terminal::start(columns, rows, self.command);
        terminal.shows("event 1 of 10");
        // The folder of the trace is of no more use.
        drop(self.folder);
        terminal
    }
}

fn assert_screen(name: &str, terminal: &Terminal) {
    insta::with_settings!({ filters => [(r"\.rs:\d+", ".rs:LINE")] }, {
        insta::assert_snapshot!(name, terminal.contents());
    });
}

#[test]
fn right_and_left_go_from_event_to_event() {
    let mut terminal = view(TRACE).at(80, 24);
    assert_screen("the_first_event", &terminal);
    terminal.types(RIGHT).shows("event 2 of 10");
    terminal.types("l").shows("event 3 of 10");
    terminal.types(LEFT).shows("event 2 of 10");
    terminal.types("h").shows("event 1 of 10");
    // There is nothing before the first.
    terminal.types("hl").shows("event 2 of 10");
    terminal.types("q");
    assert_eq!(terminal.leaves_all_as_it_was().0, 0);
}

#[test]
fn down_goes_through_the_seven_steps_and_the_memory_follows_at_the_sixth() {
    let mut terminal = view(TRACE).at(80, 24);
    terminal.types("n").shows("fault 1 of 2, step 1 of 7");
    assert_screen("the_first_step", &terminal);
    for step in 2..=5 {
        terminal
            .types(DOWN)
            .shows(&format!("fault 1 of 2, step {step} of 7"));
        terminal.shows("memory BEFORE it");
    }
    terminal.types("j").shows("memory BETWEEN its faults");
    terminal.types("j").shows("fault 1 of 2, step 7 of 7");
    terminal.types("j").shows("fault 2 of 2, step 1 of 7");
    terminal.types("jjjjj").shows("memory AFTER it");
    assert_screen("the_sixth_step", &terminal);
    terminal.types(UP).shows("fault 2 of 2, step 5 of 7");
    terminal.types("jjj").shows("event 5 of 10");
    terminal.types("k").shows("event 4 of 10");
    terminal.shows("fault 2 of 2, step 7 of 7");
    terminal.types("\x1b");
    assert_eq!(terminal.leaves_all_as_it_was().0, 0);
}

#[test]
fn n_goes_to_faults_and_s_to_trouble() {
    let mut terminal = view(TRACE).at(80, 24);
    terminal.types("nn").shows("event 6 of 10");
    terminal.types("n").shows("event 8 of 10");
    terminal.types("N").shows("event 6 of 10");
    terminal.types("s").shows("event 10 of 10");
    terminal.shows("segv maperr");
    terminal.types("s").shows("no further trouble this way");
    terminal.types("q");
    assert_eq!(terminal.leaves_all_as_it_was().0, 0);
}

#[test]
fn a_search_finds_texts_classes_and_addresses() {
    let mut terminal = view(TRACE).at(80, 24);
    terminal
        .types("/copy-on-write")
        .shows("find: copy-on-write_");
    terminal.types("\r").shows("event 6 of 10");
    terminal.types("/SIGSEGV\r").shows("event 10 of 10");
    // Another byte of the page that was written.
    terminal.types("/0x20001fff\r").shows("event 8 of 10");
    terminal.types("/\r").shows("event 9 of 10");
    terminal
        .types("/nowhere\r")
        .shows("`nowhere` is in no event");
    terminal.shows("event 9 of 10");
    // Escape leaves the search, and not the program.
    terminal.types("/fork").shows("find: fork_");
    terminal.types("\x1b").hides("find:");
    terminal.types("q");
    assert_eq!(terminal.leaves_all_as_it_was().0, 0);
}

#[test]
fn g_goes_to_a_line_to_the_start_and_to_the_end() {
    let mut terminal = view(TRACE).at(80, 24);
    terminal.types("7").shows("line 7: g goes there");
    terminal.types("g").shows("event 6 of 10");
    terminal.types("g").shows("event 1 of 10");
    terminal.types("G").shows("event 10 of 10");
    terminal.shows("the end of the trace");
    terminal.types("999999g").shows("event 10 of 10");
    terminal.types("q");
    assert_eq!(terminal.leaves_all_as_it_was().0, 0);
}

#[test]
fn tab_brings_each_pane_to_the_front() {
    let mut terminal = view(TRACE).at(80, 24);
    terminal.types("7gjjjjj").shows("step 6 of 7");
    for (tab, shows) in [
        ("[Walk]", "PTE now:"),
        ("[VMAs]", "0x10000000-0x10004000 rw private anon"),
        ("[Pages]", "(was "),
        ("[Frames]", "mapped by 1:0x10000000"),
        ("[TLB]", "CPU 0 remembers"),
        ("[Cache]", "no page of a file is in memory"),
        ("[Swap]", "no slot is in use"),
        ("[Counts]", "copied"),
    ] {
        terminal.types("\t").shows(tab);
        terminal.shows(shows);
        assert_screen(&format!("pane_{}", tab.trim_matches(['[', ']'])), &terminal);
    }
    terminal.types("\t").shows("[Steps]");
    terminal.types("\x1b[Z").shows("[Counts]");
    terminal.types("q");
    assert_eq!(terminal.leaves_all_as_it_was().0, 0);
}

#[test]
fn a_large_terminal_shows_everything_at_once() {
    let mut terminal = view(TRACE).at(120, 40);
    terminal.types("7gjjjjj").shows("step 6 of 7");
    assert_screen("everything_at_once", &terminal);
    terminal.types("\t").shows("[Page-table walk]");
    terminal.types(PAGE_DOWN).shows("[Page-table walk]");
    terminal.types("q");
    assert_eq!(terminal.leaves_all_as_it_was().0, 0);
}

#[test]
fn a_resize_is_followed_and_too_small_a_terminal_says_so() {
    let mut terminal = view(TRACE).at(80, 24);
    terminal.types("n").shows("step 1 of 7");
    terminal.resizes(40, 10).shows("too small: 40x10");
    terminal
        .resizes(120, 40)
        .shows("Frames: uses, references, owners");
    terminal.resizes(60, 16).shows("[Steps]");
    terminal.types("j").shows("step 2 of 7");
    assert_screen("the_smallest_terminal", &terminal);
    terminal.types("q");
    assert_eq!(terminal.leaves_all_as_it_was().0, 0);
}

#[test]
fn a_question_mark_shows_the_keys() {
    let mut terminal = view(TRACE).at(80, 24);
    terminal.types("?").shows("Help: any key closes it");
    assert_screen("help", &terminal);
    terminal.types("?").hides("Help:");
    terminal.types("q");
    assert_eq!(terminal.leaves_all_as_it_was().0, 0);
}

#[test]
fn ctrl_c_leaves_the_terminal_as_it_was() {
    let mut terminal = view(TRACE).at(80, 24);
    terminal.types(CTRL_C);
    assert_eq!(terminal.leaves_all_as_it_was().0, 0);
}

#[test]
fn signals_leave_the_terminal_as_it_was() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let terminal = view(TRACE).at(80, 24);
        terminal.signals(signal);
        assert_eq!(terminal.leaves_all_as_it_was().0, code);
    }
}

#[test]
fn whoever_is_told_by_no_signal_that_the_terminal_is_gone_leaves_all_the_same() {
    let View {
        folder: _folder,
        mut command,
    } = view(TRACE);
    command.set_controlling_tty(false);
    let pair = native_pty_system().openpty(PtySize::default()).unwrap();
    let mut child = pair.slave.spawn_command(command).unwrap();
    let mut output = pair.master.try_clone_reader().unwrap();
    let (mut seen, mut byte) = (Vec::new(), [0]);
    while !seen.ends_with(PICTURE_ENDS) {
        output.read_exact(&mut byte).unwrap();
        seen.extend(byte);
    }
    drop((output, pair));
    assert!(!child.wait().unwrap().success());
}

#[test]
fn a_panic_leaves_the_terminal_as_it_was_and_is_told() {
    let mut terminal = view(TRACE).with(&["--panics-at", "!"]).at(80, 24);
    terminal.types("!");
    let (code, contents) = terminal.leaves_all_as_it_was();
    assert_eq!(code, 101);
    assert!(
        contents.contains("asked to panic at this key"),
        "{contents}"
    );
}

#[test]
fn nothing_is_told_by_colour_alone_and_there_need_be_none() {
    let mut coloured = view(TRACE).at(80, 24);
    coloured.types("n").shows("step 1 of 7");
    assert!(coloured.has_colours());
    let mut last = coloured.contents();
    coloured.types("q");
    coloured.leaves_all_as_it_was();
    for plain in [
        view(TRACE).env("NO_COLOR", "1"),
        view(TRACE).with(&["--no-colour"]),
        view(TRACE).env("TERM", "vt100"),
    ] {
        let mut plain = plain.at(80, 24);
        plain.types("n").shows("step 1 of 7");
        assert!(!plain.has_colours());
        assert_eq!(plain.contents(), last);
        last = plain.contents();
        plain.types("q");
        plain.leaves_all_as_it_was();
    }
}

#[test]
fn a_terminal_without_unicode_gets_what_is_on_a_keyboard() {
    let mut terminal = view(TRACE).env("LC_ALL", "C").at(80, 24);
    terminal.types("n").shows("step 1 of 7");
    assert!(terminal.contents().is_ascii());
    terminal.types("q");
    assert_eq!(terminal.leaves_all_as_it_was().0, 0);
}

#[test]
fn a_step_costs_few_bytes() {
    let mut terminal = view(TRACE).at(120, 40);
    let before = terminal.bytes();
    terminal.types("l").shows("event 2 of 10");
    terminal.types("l").shows("event 3 of 10");
    // A whole screen has 4800 cells.
    assert!(terminal.bytes() - before < 4800);
    terminal.types("q");
    assert_eq!(terminal.leaves_all_as_it_was().0, 0);
}

#[test]
fn handlers_that_are_not_written_end_the_film_where_they_are_called() {
    let trace = root().join("labs/02-lazy/traces/first-touch.trace");
    let folder = TempDir::new().unwrap();
    let mut terminal = Terminal::start(80, 24, view_of(folder, &trace).command);
    terminal.shows("! ends here: not written yet at labs/skeleton/src/lab1.rs:");
    terminal.types("G").shows("the handler did not return");
    assert_screen("not_written_yet", &terminal);
    terminal.types("q");
    assert_eq!(terminal.leaves_all_as_it_was().0, 0);
}

#[test]
fn a_comparison_opens_at_the_first_difference() {
    let trace = root().join("labs/02-lazy/traces/first-touch.trace");
    for (columns, rows) in [(80, 24), (180, 44)] {
        let folder = TempDir::new().unwrap();
        let view = view_of(folder, &trace).with(&["--compare"]);
        let mut terminal = Terminal::start(columns, rows, view.command);
        terminal.shows("the first difference: line");
        terminal.shows("expected: minor");
        assert_screen(&format!("comparison_{columns}"), &terminal);
        terminal.types("c").shows("EXPECTED (c: yours)");
        terminal.types("q");
        assert_eq!(terminal.leaves_all_as_it_was().0, 0);
    }
}

#[test]
fn what_cannot_be_shown_says_why_and_what_to_do() {
    let lab = |arguments: &[&str], term: &str| {
        let mut command = CommandBuilder::new(cargo_bin("lab"));
        command.args(arguments);
        command.cwd(root());
        command.env("TERM", term);
        Terminal::start(80, 24, command).leaves_all_as_it_was()
    };
    let (code, told) = lab(&["view", "no.trace"], "xterm");
    assert_eq!(code, 65);
    assert!(
        told.contains("help: traces are in labs/*/traces/"),
        "{told}"
    );
    let trace = "labs/02-lazy/traces/first-touch.trace";
    let (code, told) = lab(&["view", trace], "dumb");
    assert_eq!(code, 65);
    assert!(told.contains("--html FILE"), "{told}");
    let piped = assert_cmd::Command::cargo_bin("lab").unwrap();
    let mut piped = piped;
    let told = piped
        .current_dir(root())
        .args(["view", trace])
        .assert()
        .code(65);
    let told = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(
        told.contains("not a terminal") && told.contains("help:"),
        "{told}"
    );
}

#[test]
fn whoever_waits_for_a_loop_is_told_what_for() {
    let student = Student::untouched().but(
        "lab1.rs",
        "    let _ = (mm, fault);\n",
        "    let _ = (mm, fault);\n    while std::hint::black_box(true) {}\n",
    );
    let check = student.command(&["check", "1"]);
    let mut command = CommandBuilder::new(check.get_program());
    command.args(check.get_args());
    command.cwd(check.get_current_dir().unwrap());
    for (name, value) in check.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let terminal = Terminal::start(80, 24, command);
    terminal.shows("a run has not ended yet: a loop?");
    assert_eq!(terminal.leaves_all_as_it_was().0, 1);
}
