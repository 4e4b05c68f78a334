//! `cargo lab watch`, over a pipe: what editors do, and what it says then.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::student::Student;

/// When a line that was not said will not be said any more.
const DEADLINE: Duration = Duration::from_secs(120);

/// The end of each check.
const WAITING: &str = "waiting for a save";

/// A watch under way.
struct Watch {
    process: Child,
    keys: ChildStdin,
    lines: Receiver<String>,
    student: Student,
}

/// Watches a student who has done everything right.
fn watch(args: &[&str]) -> Watch {
    let student = Student::perfect();
    let mut command = student.command(&[&["watch"], args].concat());
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command.spawn().expect("cargo lab starts");
    let (say, lines) = channel();
    let (out, err) = (process.stdout.take(), process.stderr.take());
    let say_too = say.clone();
    let tell = move |lines: &mut dyn Iterator<Item = String>,
                     say: &std::sync::mpsc::Sender<String>| {
        lines.for_each(|line| drop(say.send(line)));
    };
    let out = BufReader::new(out.expect("a pipe"));
    thread::spawn(move || tell(&mut out.lines().map_while(Result::ok), &say));
    let err = BufReader::new(err.expect("a pipe"));
    thread::spawn(move || tell(&mut err.lines().map_while(Result::ok), &say_too));
    let keys = process.stdin.take().expect("a pipe");
    let watch = Watch {
        process,
        keys,
        lines,
        student,
    };
    watch.until(WAITING);
    watch
}

impl Watch {
    /// Reads on until a line has this in it; returns all lines up to it.
    fn until(&self, what: &str) -> String {
        let end = Instant::now() + DEADLINE;
        let mut said = String::new();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let line = self.lines.recv_timeout(left);
            let line = line.unwrap_or_else(|_| panic!("`{what}` was not said, but:\n{said}"));
            said += &format!("{line}\n");
            if line.contains(what) {
                return said;
            }
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.student.sources().join(name)
    }

    fn text(&self) -> String {
        fs::read_to_string(self.file("lab2.rs")).expect("a handler file")
    }

    /// The student's file with a mistake that the compiler finds.
    fn wrong(&self, name: &str) -> String {
        format!("{}\nconst MISTAKE: u8 = {name};\n", self.text())
    }

    /// Presses a key, and returns the exit code.
    fn leave(mut self, keys: &[u8]) -> Option<i32> {
        self.keys.write_all(keys).expect("somebody reads keys");
        self.keys.flush().expect("somebody reads keys");
        self.process.wait().expect("it ends").code()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _gone = self.process.wait();
    }
}

#[test]
fn a_file_that_is_written_over_is_checked_again() {
    let watch = watch(&["2"]);
    let (right, wrong) = (watch.text(), watch.wrong("no_such_name"));
    fs::write(watch.file("lab2.rs"), wrong).expect("a written file");
    let said = watch.until(WAITING);
    assert!(said.contains("saved lab2.rs"), "{said}");
    assert!(said.contains("no_such_name"), "{said}");
    fs::write(watch.file("lab2.rs"), right).expect("a written file");
    let said = watch.until(WAITING);
    assert!(said.contains("lab 2, Lazy"), "{said}");
    assert!(!said.contains("no_such_name"), "{said}");
}

#[test]
fn a_file_that_is_renamed_into_place_is_checked_again_and_again() {
    let watch = watch(&["2"]);
    for name in ["first_try", "second_try"] {
        let beside = watch.file("4913");
        fs::write(&beside, watch.wrong(name)).expect("a written file");
        fs::rename(watch.file("lab2.rs"), watch.file("lab2.rs~")).expect("a renamed file");
        fs::rename(&beside, watch.file("lab2.rs")).expect("a renamed file");
        fs::remove_file(watch.file("lab2.rs~")).expect("a file less");
        let said = watch.until(WAITING);
        assert!(said.contains("saved lab2.rs"), "{said}");
        assert!(said.contains(name), "{said}");
    }
}

#[test]
fn a_file_that_is_gone_for_a_moment_is_not_missed() {
    let watch = watch(&["2"]);
    let text = watch.wrong("it_is_back");
    fs::remove_file(watch.file("lab2.rs")).expect("a file less");
    fs::write(watch.file("lab2.rs"), text).expect("a written file");
    watch.until("it_is_back");
    watch.until(WAITING);
}

#[test]
fn a_file_that_stays_away_is_told_and_so_is_its_return() {
    let watch = watch(&["2"]);
    let text = watch.text();
    fs::remove_file(watch.file("lab2.rs")).expect("a file less");
    watch.until("does not compile");
    watch.until(WAITING);
    fs::write(watch.file("lab2.rs"), text).expect("a written file");
    watch.until("lab 2, Lazy");
}

#[test]
fn a_folder_that_is_replaced_as_a_whole_is_watched_on() {
    let watch = watch(&["2"]);
    let folder = watch.student.sources();
    let (new, old) = (folder.with_file_name("new"), folder.with_file_name("old"));
    fs::create_dir(&new).expect("a new folder");
    for entry in fs::read_dir(&folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, new.join(path.file_name().expect("a name"))).expect("a copy");
    }
    let text = watch.wrong("in_the_new_folder");
    fs::write(new.join("lab2.rs"), text).expect("a written file");
    fs::rename(&folder, &old).expect("a renamed folder");
    fs::rename(&new, &folder).expect("a renamed folder");
    fs::remove_dir_all(&old).expect("a folder less");
    watch.until("in_the_new_folder");
    watch.until(WAITING);
    fs::write(watch.file("lab2.rs"), watch.wrong("and_again")).expect("a written file");
    watch.until("and_again");
}

#[test]
fn without_notice_it_looks_itself() {
    let watch = watch(&["2", "--poll"]);
    fs::write(watch.file("lab2.rs"), watch.wrong("seen_by_looking")).expect("a written file");
    watch.until("seen_by_looking");
}

#[test]
fn a_save_ends_the_check_of_a_loop_and_begins_anew() {
    let watch = watch(&["2"]);
    let right = watch.text();
    let endless = right.replace(
        "    k.zero(&frame);\n",
        "    loop { std::hint::black_box(0); }\n",
    );
    assert_ne!(endless, right);
    fs::write(watch.file("lab2.rs"), endless).expect("a written file");
    watch.until("saved lab2.rs");
    fs::write(watch.file("lab2.rs"), right).expect("a written file");
    let said = watch.until(WAITING);
    assert!(said.contains("saved lab2.rs"), "{said}");
    assert!(!said.contains("time limit"), "{said}");
}

#[test]
fn a_loop_without_end_is_ended_and_told() {
    let watch = watch(&["2"]);
    let endless = watch.text().replace(
        "    k.zero(&frame);\n",
        "    loop { std::hint::black_box(0); }\n",
    );
    fs::write(watch.file("lab2.rs"), endless).expect("a written file");
    watch.until("time limit");
    watch.until(WAITING);
}

#[test]
fn the_lab_is_the_one_whose_file_is_saved_and_others_are_told_if_they_change() {
    let watch = watch(&[]);
    let right = fs::read_to_string(watch.file("lab5.rs")).expect("a handler file");
    fs::write(watch.file("lab5.rs"), format!("{right}\n// saved\n")).expect("a written file");
    let said = watch.until(WAITING);
    assert!(
        said.contains("saved lab5.rs") && said.contains("lab 5, "),
        "{said}"
    );
    let broken = watch
        .text()
        .replace("    k.zero(&frame);\n", "    panic!(\"on purpose\");\n");
    fs::write(watch.file("lab2.rs"), broken).expect("a written file");
    let said = watch.until(WAITING);
    assert!(
        said.contains("lab 2, Lazy") && said.contains("on purpose"),
        "{said}"
    );
    assert!(said.contains("lab 5: 20 → "), "{said}");
}

#[test]
fn q_leaves() {
    assert_eq!(watch(&["2"]).leave(b"q"), Some(0));
}
