//! Every command of the handouts, typed in a workspace as students get it, and what it
//! prints compared with what the text shows.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use book::console::{self, Session, sessions};
use handout::films;
use handout::make::{Archive, History, Wish, make};
use handout::pack::Changed;
use handout::skeleton::{PARTS, Part, Role, SKELETON, SOLUTION};

/// A trace that a handout tells its reader to write: any will do.
const MY_TRACE: &str = "\
machine frames=2
mmap 1 0x10000000 12K rw private anon
write 1 0x10000000 =1
read 1 0x10000000
";

#[test]
fn the_sessions_of_the_handouts_are_as_they_are_shown() {
    let student = Student::with_a_fresh_handout();
    let handouts = student.handouts();
    assert!(handouts.len() > 9, "{handouts:?}");
    let mut wrong = Vec::new();
    for handout in handouts {
        let text = fs::read_to_string(&handout).unwrap();
        let shown = sessions(&text).unwrap_or_else(|why| panic!("{}: {why}", handout.display()));
        for session in shown {
            wrong.extend(student.types(&handout, &session));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A student's workspace.
struct Student {
    folder: PathBuf,
}

impl Student {
    /// What is built in it is kept for the next run of the tests, and nothing else.
    fn with_a_fresh_handout() -> Self {
        let root = instructors();
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("student");
        let folder = kept.join("faultline");
        let _not_there_yet = fs::remove_dir_all(&folder);
        make(&Wish {
            root: &root,
            out: &folder,
            labs: None,
            history: History::Without,
            archive: Archive::Without,
            changed: Changed::Shipped,
            film: &films::expected,
            log: &films::log,
            prove: &|_| Ok(()),
        })
        .unwrap();
        fs::write(folder.join("my.trace"), MY_TRACE).unwrap();
        Self { folder }
    }

    /// The handouts of the labs, and what a student reads before them.
    fn handouts(&self) -> Vec<PathBuf> {
        let mut found = vec![self.folder.join("README.md")];
        for entry in fs::read_dir(self.folder.join("labs")).unwrap() {
            let handout = entry.unwrap().path().join("README.md");
            found.extend(Some(handout).filter(|handout| handout.is_file()));
        }
        found.sort();
        found
    }

    /// Types the commands of a session, one after the other, and tells what is not as it
    /// is shown.
    fn types(&self, handout: &Path, session: &Session) -> Vec<String> {
        self.has_written(session.written);
        let name = handout.strip_prefix(&self.folder).unwrap();
        let typed = session.commands.iter().filter_map(|command| {
            let place = format!("{}:{}: $ {}", name.display(), session.line, command.typed);
            self.types_one(&place, command).err()
        });
        typed.collect()
    }

    fn types_one(&self, place: &str, command: &console::Command) -> Result<(), String> {
        let run = Command::new("sh")
            .args(["-c", &format!("{} 2>&1", command.typed)])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.with_file_name("target"))
            .env("CARGO_NET_OFFLINE", "true")
            .env("NO_COLOR", "1")
            .env_remove("CARGO_MANIFEST_DIR")
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&run.stdout).into_owned();
        match &command.prints {
            None if run.status.success() => Ok(()),
            None => Err(format!("{place}\n{printed}")),
            Some(shown) => snapbox::Assert::new()
                .try_eq(
                    Some(&place),
                    printed.trim_end().into(),
                    wildcards(shown).into(),
                )
                .map_err(|difference| difference.to_string()),
        }
    }

    /// Puts the solution's files into the place of those that this student has written,
    /// and what was handed out into the place of the others.
    fn has_written(&self, last: Option<u8>) {
        let writable = |part: &&Part| matches!(part.role, Role::Generated | Role::Copied);
        for part in PARTS.iter().filter(writable) {
            let lab = part
                .name
                .strip_prefix("lab")
                .and_then(|rest| rest.strip_suffix(".rs"));
            let lab: Option<u8> = lab.and_then(|number| number.parse().ok());
            let written = last.is_none_or(|last| lab.is_some_and(|lab| lab <= last));
            let from = instructors().join(if written { SOLUTION } else { SKELETON });
            let to = self.folder.join(SKELETON).join(part.name);
            let text = fs::read(from.join(part.name)).unwrap();
            if fs::read(&to).ok().as_ref() != Some(&text) {
                fs::write(&to, text).unwrap();
            }
        }
    }
}

fn instructors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// What is left out, in the words of the comparison.
fn wildcards(shown: &str) -> String {
    let line = |line: &str| match line {
        "…" => "...".to_owned(),
        _ => line.replace('…', "[..]"),
    };
    shown
        .trim_end()
        .lines()
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}
