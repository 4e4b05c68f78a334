//! A scratch course, with a secret in every place that no student may see.

use std::fs;
use std::io::{self, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use runner::replay::{Format, Replay};
use tempfile::TempDir;

/// The course, and all that a grading computer has besides. Gone when dropped.
pub struct Course {
    pub scratch: TempDir,
    /// What each secret is, and the words that must not turn up.
    pub canaries: Vec<(String, String)>,
}

/// The traces of the course's lab 2: name, holes, events.
const PUBLIC: [(&str, &str); 1] = [(
    "first",
    "mmap 1 0x10000000 16K rw private anon\n\
     read 1 0x10000010\n\
     read 1 0x10001020\n\
     write 1 0x10000010 =7\n\
     read 1 0x10000010\n\
     read 1 0x10000011\n\
     munmap 1 0x10000000 8K\n\
     write 1 0x10002000 =8\n\
     read 1 0x10001000\n",
)];

const HIDDEN: [(&str, &str); 1] = [(
    "the-second",
    "machine frames=8 swap=0 cpus=2\n\
     mmap 1 0x5ec12300000 16K rw private anon\n\
     read 1 0x5ec12300000\n\
     read 1 0x5ec12301abc\n\
     write 1 0x5ec12300040 =201 @1\n\
     read 1 0x5ec12300040\n\
     madvise 1 0x5ec12300000 8K dontneed\n\
     read 1 0x5ec12300040\n\
     write 1 0x5ec12303000 =77\n",
)];

const LAB_2: &str = r#"
number = 2
title = "Lazy"
summary = "For the red team"
points = 20
file = "lab2.rs"
[limits]
cpu_seconds = 1
memory_mib = 192
output_kib = 64
[integration]
points = 5
[[hole]]
name = "zero_page"
points = 5
concept = "zero page"
hints = []
[[hole]]
name = "demand_zero"
points = 5
concept = "demand-zero"
hints = []
[[hole]]
name = "unmap_page"
points = 5
concept = "giving back"
hints = []
"#;

const LAB_1: &str = r#"
number = 1
title = "Predict"
summary = "For the red team"
points = 4
[[exercise]]
name = "predict"
points = 4
concept = "vocabulary"
hints = []
"#;

const LAB_9: &str = r#"
number = 9
title = "Break it"
summary = "For the red team"
points = 4
[[exercise]]
name = "break-it"
points = 4
concept = "testing"
hints = []
"#;

const KERNELS: &str = r#"
[[category]]
name = "lazy allocation"
kernels = ["lab2 frame-is-not-zeroed", "lab2 zero-page-is-flushed-here-only"]
"#;

const QUESTIONS: &str = r#"
[[question]]
id = "page-fault"
answer = "b"
because = "the CPU raises it"
"#;

const QUIZ: &str = "mmap 1 0x10000000 16K rw private anon\n\
                    read 1 0x10000000    # => minor zero-page\n";

/// What of hidden traces the instructor may see and no student: their names, and the
/// addresses that no other trace has.
pub const SEALED: [&str; 2] = ["the-second", "5ec12"];

impl Course {
    /// Sets it up below the folder for temporary files.
    pub fn new() -> io::Result<Self> {
        let mut course = Self {
            scratch: tempfile::Builder::new().prefix("redteam-").tempdir()?,
            canaries: Vec::new(),
        };
        for folder in ["course", "class", "home/.ssh", "home/.cargo", "tmp", "out"] {
            fs::create_dir_all(course.at(folder))?;
        }
        course.labs()?;
        course.computer()?;
        Ok(course)
    }

    /// A place below the scratch folder.
    pub fn at(&self, place: &str) -> PathBuf {
        self.scratch.path().join(place)
    }

    /// The root of the course's workspace.
    pub fn root(&self) -> PathBuf {
        self.at("course")
    }

    /// The places that an attacker would look for, by the names that attacks use.
    pub fn fill_in(&self, text: &str) -> String {
        let places = [
            ("@HIDDEN@", "course/grader/hidden/02-lazy/the-second.trace"),
            ("@KEY@", "course/grader/hidden/02-lazy/keys/the-second.snap"),
            ("@REGISTRY@", "course/grader/hidden/02-lazy/hidden.toml"),
            ("@SOLUTION@", "course/labs/solution/src/lab2.rs"),
            ("@MODULE@", "course/labs/solution/src/hidden.rs"),
            ("@NEIGHBOUR@", "class/neighbour/lab2.rs"),
            ("@SSH@", "home/.ssh/id_ed25519"),
            ("@CLASS@", "class"),
            ("@OUT@", "out"),
            ("@TMP@", "tmp"),
            ("@HOME@", "home"),
            ("@COURSE@", "course"),
        ];
        let filled = places.iter().fold(text.to_owned(), |text, (name, place)| {
            text.replace(name, &self.at(place).display().to_string())
        });
        filled.replace("@PARENT@", &std::process::id().to_string())
    }

    /// A new secret, to be put where it belongs.
    pub fn canary(&mut self, what: &str) -> String {
        let unguessable = tempfile::Builder::new()
            .rand_bytes(16)
            .prefix("")
            .tempfile();
        let path = unguessable.expect("a temporary file").path().to_owned();
        let random = path.file_name().unwrap_or_default().to_string_lossy();
        let canary = format!("canary{random}");
        self.canaries.push((what.to_owned(), canary.clone()));
        canary
    }

    fn write(&self, place: &str, text: &str) -> io::Result<()> {
        let path = self.at(place);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/")))?;
        fs::write(path, text)
    }

    fn labs(&mut self) -> io::Result<()> {
        let list = |traces: &[(&str, &str)]| -> String {
            let entry = |(name, _): &(&str, &str)| {
                format!(
                    "[[trace]]\nname = \"{name}\"\n\
                     holes = [\"zero_page\", \"demand_zero\", \"unmap_page\"]\n"
                )
            };
            traces.iter().map(entry).collect()
        };
        self.write("course/labs/01-classify/lab.toml", LAB_1)?;
        self.write(
            "course/labs/02-lazy/lab.toml",
            &format!("{LAB_2}{}", list(&PUBLIC)),
        )?;
        self.write("course/labs/09-break-it/lab.toml", LAB_9)?;
        let hidden = self.canary("the registry of hidden traces");
        self.write(
            "course/grader/hidden/02-lazy/hidden.toml",
            &format!("# {hidden}\n{}", list(&HIDDEN)),
        )?;
        for (name, events) in PUBLIC {
            self.trace(
                "course/labs/02-lazy/traces",
                "course/labs/02-lazy/keys",
                name,
                events,
            )?;
        }
        for (name, events) in HIDDEN {
            let secret = self.canary("a hidden trace");
            let events = format!("# {secret}\n{events}");
            let folder = "course/grader/hidden/02-lazy";
            self.trace(folder, &format!("{folder}/keys"), name, &events)?;
        }
        let secret = self.canary("a file's name beside the hidden traces");
        self.write(&format!("course/grader/hidden/02-lazy/{secret}.trace"), "")?;
        let secret = self.canary("the answers of the quiz");
        let folder = "course/grader/hidden/01-classify";
        self.write(
            &format!("{folder}/predict.toml"),
            &format!("# {secret}\n{QUESTIONS}"),
        )?;
        self.write(
            &format!("{folder}/predict.trace"),
            &format!("# {secret}\n{QUIZ}"),
        )?;
        let secret = self.canary("the list of wrong kernels");
        self.write(
            "course/grader/hidden/09-break-it/kernels.toml",
            &format!("# {secret}\n{KERNELS}"),
        )?;
        let secret = self.canary("the solution's source");
        self.write(
            "course/labs/solution/src/lab2.rs",
            &format!("fn {secret}( {{ }}\n"),
        )?;
        let secret = self.canary("a module of the solution");
        self.write(
            "course/labs/solution/src/hidden.rs",
            &format!("pub const SECRET: &str = \"{secret}\";\n"),
        )
    }

    /// Writes a trace and its key, which says who made it as real keys do.
    fn trace(&mut self, traces: &str, keys: &str, name: &str, events: &str) -> io::Result<()> {
        self.write(&format!("{traces}/{name}.trace"), events)?;
        let secret = match traces.contains("hidden") {
            true => self.canary("a key"),
            false => "public".to_owned(),
        };
        let key = format!("---\nsource: {secret}\n---\n{}", log(events));
        self.write(&format!("{keys}/{name}.snap"), &key)
    }

    fn computer(&mut self) -> io::Result<()> {
        let secret = self.canary("a private key");
        let key = format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{secret}\n");
        self.write("home/.ssh/id_ed25519", &key)?;
        let private = fs::Permissions::from_mode(0o600);
        fs::set_permissions(self.at("home/.ssh/id_ed25519"), private)?;
        let secret = self.canary("a registry token");
        self.write(
            "home/.cargo/credentials.toml",
            &format!("[registry]\ntoken = \"{secret}\"\n"),
        )?;
        let secret = self.canary("a token in git's settings");
        self.write(
            "course/.git/config",
            &format!("[remote \"origin\"]\nurl = https://x:{secret}@example.org\n"),
        )?;
        let secret = self.canary("the results of the last run");
        self.write("out/last-year.csv", &format!("id,score\nada,{secret}\n"))?;
        let secret = self.canary("a file of somebody else among temporary ones");
        self.write("tmp/of-another-program", &secret)?;
        self.canary("an environment variable");
        Ok(())
    }

    /// The secret that is a variable of the grading process's environment.
    pub fn variable(&self) -> &str {
        let of = |(what, _): &&(String, String)| what == "an environment variable";
        let found = self.canaries.iter().find(of);
        found.map_or("", |(_, secret)| secret)
    }
}

/// What the reference makes of a trace.
fn log(events: &str) -> String {
    let mut log = Vec::new();
    let reader = BufReader::new(events.as_bytes());
    let replay = Replay::new(reader, Rc::new(solution::Reference), Format::Log);
    let mut replay = replay.unwrap_or_else(|error| panic!("{error}"));
    if let Err(error) = replay.run(&mut log) {
        panic!("{error:?}");
    }
    String::from_utf8(log).expect("a log is text")
}
