//! A check under way, in processes of its own.
//!
//! First the lab that the student works on, whose verdict goes to the terminal; then all
//! labs, of which one line is told for each that has other points than before.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use serde::Deserialize;

/// How often to ask whether a process has ended.
const ASK: Duration = Duration::from_millis(5);

/// What the last check came to.
#[derive(Default)]
pub(super) struct Board {
    /// The lab that was worked on.
    pub lab: Option<u8>,
    points: BTreeMap<u8, Points>,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
struct Points {
    passed: f64,
    max: f64,
}

#[derive(Deserialize)]
struct Verdict {
    labs: Vec<LabVerdict>,
}

#[derive(Deserialize)]
struct LabVerdict {
    number: u8,
    points: Points,
}

/// A check.
pub(super) struct Run {
    root: PathBuf,
    lab: u8,
    stage: Stage,
}

enum Stage {
    /// The lab that the student works on.
    Lab(Child),
    /// All labs, and where their verdict is written.
    All(Child, File),
    Done,
}

impl Run {
    pub fn start(root: &Path, lab: u8, board: &mut Board) -> io::Result<Self> {
        board.lab = Some(lab);
        let child = check(root)?.arg(lab.to_string()).spawn()?;
        Ok(Self {
            root: root.to_owned(),
            lab,
            stage: Stage::Lab(child),
        })
    }

    /// How long to wait at most before it goes on; none if it has ended.
    pub fn patience(&self) -> Option<Duration> {
        match self.stage {
            Stage::Done => None,
            _ => Some(ASK),
        }
    }

    /// Goes on if it can; true if it has just ended.
    pub fn go_on(&mut self, board: &mut Board) -> io::Result<bool> {
        match &mut self.stage {
            Stage::Done => Ok(false),
            Stage::Lab(child) => {
                if child.try_wait()?.is_some() {
                    self.stage = all(&self.root)?;
                }
                Ok(false)
            }
            Stage::All(child, told) => {
                let has_ended = child.try_wait()?.is_some();
                if has_ended {
                    tell(told, self.lab, board)?;
                    self.stage = Stage::Done;
                }
                Ok(has_ended)
            }
        }
    }

    /// Ends it, with all processes that it has started.
    pub fn cancel(&mut self) -> io::Result<()> {
        if let Stage::Lab(child) | Stage::All(child, _) = &mut self.stage {
            if let Some(group) = Pid::from_raw(child.id().cast_signed()) {
                let _ended = kill_process_group(group, Signal::KILL);
            }
            child.wait()?;
        }
        self.stage = Stage::Done;
        Ok(())
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ended = self.cancel();
    }
}

/// `cargo lab check`, in a group of its own: what it starts is killed with it.
fn check(root: &Path) -> io::Result<Command> {
    let mut check = Command::new(std::env::current_exe()?);
    check.arg("check").current_dir(root).stdin(Stdio::null());
    check.process_group(0);
    Ok(check)
}

/// Checks all labs, and says nothing yet.
fn all(root: &Path) -> io::Result<Stage> {
    let told = tempfile::tempfile()?;
    let mut check = check(root)?;
    check.args(["--format", "json"]);
    check.stdout(told.try_clone()?).stderr(Stdio::null());
    Ok(Stage::All(check.spawn()?, told))
}

/// Tells which other labs have other points than before.
fn tell(told: &mut File, lab: u8, board: &mut Board) -> io::Result<()> {
    let mut text = String::new();
    told.rewind()?;
    told.read_to_string(&mut text)?;
    // What does not compile has no points, and has been told.
    let Ok(verdict) = serde_json::from_str::<Verdict>(&text) else {
        return Ok(());
    };
    for LabVerdict { number, points } in verdict.labs {
        let before = board.points.insert(number, points);
        if let Some(before) = before.filter(|before| number != lab && *before != points) {
            let Points { passed, max } = points;
            let before = before.passed;
            anstream::println!("lab {number}: {before} → {passed} of {max} points");
        }
    }
    Ok(())
}
