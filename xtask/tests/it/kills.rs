//! `cargo xtask grade`, killed at random moments and started again.
//!
//! `FAULTLINE_KILLS=200 FAULTLINE_SEED=1 cargo test -p xtask --test it -- --ignored kills`
//! does it as often as one likes; the suite does it a few times.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

/// Samples that come to as many ends as lab 1 has to offer.
const SAMPLES: [&str; 9] = [
    "empty",
    "failed-kernel-may-not-fault",
    "failed-maperr-for-accerr",
    "failed-presence-before-permission",
    "not-compiling",
    "only-lab1-done",
    "perfect-ada",
    "refused-folder-for-a-file",
    "skeleton-untouched",
];

/// A class, and the folders that it is graded in.
struct Hall {
    root: TempDir,
    rng: Rng,
}

/// When a run is killed.
#[derive(Clone, Copy)]
enum Moment {
    Never,
    /// So long after its start.
    After(Duration),
    /// So long after the book has so many gradings.
    Behind(i64, Duration),
}

/// How a run ended.
#[derive(PartialEq, Eq, Debug)]
enum Ended {
    ByItself,
    Killed,
}

impl Hall {
    /// A class of twelve: some have the same source, and some archives are none.
    fn new() -> Self {
        let seed = std::env::var("FAULTLINE_SEED").ok();
        let seed = seed.and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| fastrand::u64(..));
        eprintln!("FAULTLINE_SEED={seed}");
        let hall = Self {
            root: TempDir::new().expect("a temporary folder"),
            rng: Rng::with_seed(seed),
        };
        for sample in SAMPLES {
            hall.hand_in(sample, sample);
        }
        hall.hand_in("perfect-ada", "who-copied");
        hall.hand_in("not-compiling", "who-copied-that");
        fs::write(hall.path("class").join("no-archive.zip"), "no archive").expect("a file");
        fs::create_dir(hall.path("tmp")).expect("a new folder");
        // As everybody's: the compiler becomes a user that must reach its own folder in it.
        for folder in [hall.root.path(), &hall.path("tmp")] {
            fs::set_permissions(folder, Permissions::from_mode(0o755)).expect("our folder");
        }
        hall
    }

    fn hand_in(&self, sample: &str, student: &str) {
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../grader/samples");
        let folder = self.path("class").join(student);
        copy(&samples.join(sample), &folder).expect("a sample");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(args).env("TMPDIR", self.path("tmp"));
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    fn start(&self, out: &Path) -> Child {
        let mut command = self.command(&["grade", "--lab", "1", "--jobs", "2", "--out"]);
        command.arg(out).arg(self.path("class"));
        let started = command.stderr(Stdio::null()).process_group(0).spawn();
        started.expect("a process")
    }

    /// Grades, until the end or until this moment.
    fn run(&self, out: &Path, mut moment: Moment) -> Ended {
        let mut child = self.start(out);
        let started = Instant::now();
        loop {
            match moment {
                Moment::Never => {}
                Moment::After(time) if started.elapsed() >= time => break,
                Moment::Behind(gradings, time) if count(out) >= gradings => {
                    moment = Moment::After(started.elapsed() + time);
                }
                Moment::After(_) | Moment::Behind(..) => {}
            }
            if let Some(status) = child.try_wait().expect("a child") {
                assert!(status.success(), "{status}");
                return Ended::ByItself;
            }
            thread::sleep(Duration::from_millis(5));
        }
        let group = Pid::from_raw(child.id().cast_signed());
        // It may just have ended.
        let killed = killpg(group, Signal::SIGKILL);
        let status = child.wait().expect("a child");
        match killed.is_ok() && !status.success() {
            true => Ended::Killed,
            false => Ended::ByItself,
        }
    }

    /// A random moment: anywhere in a run of a fourth, and shortly behind a grading in the
    /// others, which are over sooner than the first run.
    fn moment(&mut self, took: Duration, graded: i64) -> Moment {
        match self.rng.u8(..4) {
            0 => Moment::After(took.mul_f64(self.rng.f64())),
            _ => {
                let more = self.rng.i64(0..3);
                Moment::Behind(graded + more, took.mul_f64(self.rng.f64() / 8.0))
            }
        }
    }

    fn export(&self, out: &Path) -> String {
        let file = self.path("export.jsonl");
        let mut command = self.command(&["export", "--out"]);
        let ended = command.arg(&file).arg(out).status().expect("a process");
        assert!(ended.success(), "{ended}");
        fs::read_to_string(file).expect("an export")
    }

    /// Kills as often as this, and compares whatever was graded to its end with what
    /// nobody disturbed.
    fn kill(&mut self, times: usize) {
        let undisturbed = self.path("undisturbed");
        let started = Instant::now();
        assert_eq!(self.run(&undisturbed, Moment::Never), Ended::ByItself);
        let took = started.elapsed();
        let expected = self.export(&undisturbed);
        assert_eq!(expected.lines().count(), 13, "{expected}");
        let (mut killed, mut round, mut halfway) = (0, 0, 0);
        while killed < times {
            let out = self.path(&format!("round-{round}"));
            let moment = self.moment(took, count(&out));
            if self.run(&out, moment) == Ended::Killed {
                killed += 1;
                let graded = graded(&out);
                halfway += usize::from((1..expected_gradings()).contains(&graded));
            } else {
                assert_eq!(self.export(&out), expected, "round {round}");
                round += 1;
            }
        }
        let out = self.path(&format!("round-{round}"));
        assert_eq!(self.run(&out, Moment::Never), Ended::ByItself);
        assert_eq!(self.export(&out), expected, "the last round");
        assert_eq!(graded(&out), expected_gradings());
        eprintln!(
            "{killed} kills in {} rounds, {halfway} of them among gradings",
            round + 1
        );
        let left: Vec<_> = fs::read_dir(self.path("tmp")).expect("a folder").collect();
        assert!(left.is_empty(), "left behind: {left:?}");
    }
}

/// Of nine samples one is refused, and the others are different sources; `empty` and the
/// skeleton are two.
fn expected_gradings() -> i64 {
    8
}

/// How many gradings a book has; none if there is no book yet, or none that can be read.
fn count(out: &Path) -> i64 {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let book = Connection::open_with_flags(out.join("gradebook.sqlite"), flags);
    let query = "SELECT count(*) FROM gradings";
    let counted = book.and_then(|book| book.query_row(query, [], |row| row.get(0)));
    counted.unwrap_or_default()
}

/// The same of a book that nobody writes, which must be sound, and have none of them twice.
fn graded(out: &Path) -> i64 {
    let path = out.join("gradebook.sqlite");
    if fs::metadata(&path).map_or(0, |about| about.len()) == 0 {
        return 0;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let book = Connection::open_with_flags(path, flags).expect("a book");
    let sound: String = book
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("a check");
    assert_eq!(sound, "ok");
    let count = |what: &str| {
        let query = format!("SELECT count({what}) FROM gradings");
        book.query_row(&query, [], |row| row.get::<_, i64>(0)).ok()
    };
    // Without a table it was killed before there was one.
    let all = count("*").unwrap_or_default();
    assert_eq!(
        count("DISTINCT source").unwrap_or_default(),
        all,
        "graded twice"
    );
    all
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &to)?,
            false => fs::copy(entry.path(), to).map(drop)?,
        }
    }
    Ok(())
}

#[test]
fn whoever_is_killed_goes_on_and_nothing_is_lost_or_there_twice() {
    Hall::new().kill(4);
}

#[test]
#[ignore = "takes a quarter of an hour: FAULTLINE_KILLS says how often, 200 unless set"]
fn kills_as_often_as_one_likes() {
    let times = std::env::var("FAULTLINE_KILLS").ok();
    let times = times.and_then(|times| times.parse().ok());
    Hall::new().kill(times.unwrap_or(200));
}

/// What a grader says that is asked to end, and what it leaves.
#[test]
fn who_is_interrupted_says_how_to_go_on_and_leaves_nothing_behind() {
    let hall = Hall::new();
    let out = hall.path("out");
    let mut command = hall.command(&["grade", "--lab", "1", "--out"]);
    command.arg(&out).arg(hall.path("class"));
    let child = command.stderr(Stdio::piped()).spawn().expect("a process");
    let pid = Pid::from_raw(child.id().cast_signed());
    // A grading is there, so that there is something to go on from.
    while count(&out) == 0 {
        thread::sleep(Duration::from_millis(5));
    }
    nix::sys::signal::kill(pid, Signal::SIGTERM).expect("a living process");
    let ended = child.wait_with_output().expect("an end");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(!ended.status.success(), "{said}");
    assert!(said.contains("stopped: what was graded is in "), "{said}");
    assert!(
        said.contains("help: the same command goes on from there"),
        "{said}"
    );
    let left: Vec<_> = fs::read_dir(hall.path("tmp")).expect("a folder").collect();
    assert!(left.is_empty(), "left behind: {left:?}");
    assert_eq!(hall.run(&out, Moment::Never), Ended::ByItself);
    assert_eq!(graded(&out), expected_gradings());
}
