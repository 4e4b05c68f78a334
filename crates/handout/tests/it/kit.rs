//! A kit that is small and has everything: eight labs with a hole each, two crates, a
//! grader with a hidden trace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use handout::labs::Numbers;
use handout::make::{Archive, History, Made, Wish, make};
use handout::pack::Changed;
use tempfile::TempDir;

const MANIFEST: &str = r#"[workspace]
resolver = "3"
members = ["crates/lab", "labs/skeleton"]
"#;

const LOCK: &str = r#"version = 4

[[package]]
name = "lab"
version = "0.0.0"

[[package]]
name = "skeleton"
version = "0.0.0"
"#;

const CONFIG: &str = r#"[alias]
xtask = "run --package xtask --"
lab = "run --package lab --"
[profile.dev.package.grader]
opt-level = 2
"#;

pub const ALLOW: &str = r#"
[[ship]]
why = "the workspace and its crates"
files = ["Cargo.toml", "crates/lab/Cargo.toml", "crates/lab/src/**/*.rs"]
[[ship]]
why = "the student's crate"
files = ["labs/skeleton/Cargo.toml", "labs/skeleton/src/*"]
[[ship]]
why = "the labs"
files = [
  "labs/[0-9][0-9]-*/README.md",
  "labs/[0-9][0-9]-*/lab.toml",
  "labs/[0-9][0-9]-*/traces/*.trace",
  "labs/[0-9][0-9]-*/keys/*.snap",
]
[[instead]]
name = "README.md"
from = "crates/handout/template/README.md"
[secret]
folders = ["grader/hidden", "grader/samples", "labs/solution"]
[home]
folders = [".cargo/config.toml", "Cargo.lock", "crates/handout", "README.md"]
"#;

/// Three lines that stay with the instructor.
pub const SOLUTION: [&str; 3] = [
    "    let candidate_of_lab3 = kernel.advance_hand();",
    "    kernel.keep(3);",
    "    kernel.send_away(candidate_of_lab3, 3)",
];

pub const HIDDEN_TRACE: &str = "\
# Three of a family wait for a page that nobody brings back at all.
machine frames=3
mmap 1 0x51000000 12K rw private anon
write 1 0x51000000 =17  # => minor demand-zero
fork 1 2
read 2 0x51000000       # => hit
write 2 0x51000001 =18  # => minor copy-on-write
";

const HIDDEN_REGISTRY: &str = r#"# STAYS-HOME-0badcafe
[[trace]]
name = "nobody-brings-it"
teaches = "a page that three of a family wait for is brought back by nobody"
"#;

const SAMPLE: &str = "\
// STAYS-HOME-5a3b1e00
pub fn hole3(kernel: &mut Kernel) -> u32 {
    let everything = kernel.pages().collect();
    let oldest = everything.iter().min();
    kernel.remove_the_oldest(oldest);
    oldest
}
";

/// What the reference does on each public trace.
const KEY: &str = "   1 read | K hit\n   2 read | K hit\n";

/// A kit in a folder of its own, and a place for handouts beside it.
pub struct Kit {
    folder: TempDir,
}

impl Kit {
    pub fn new() -> Kit {
        let kit = Kit {
            folder: TempDir::new().unwrap(),
        };
        kit.write("Cargo.toml", MANIFEST);
        kit.write("Cargo.lock", LOCK);
        kit.write("README.md", "for instructors\n");
        kit.write(".cargo/config.toml", CONFIG);
        kit.write("crates/handout/allow.toml", ALLOW);
        kit.write(
            "crates/handout/template/README.md",
            "Your labs:\n\n{{labs}}\n",
        );
        kit.package("crates/lab", "lab");
        kit.write("crates/lab/src/main.rs", "fn main() {}\n");
        kit.package("labs/skeleton", "skeleton");
        for name in ["main.rs", "lib.rs", "express.rs"] {
            kit.write(
                &format!("labs/solution/src/{name}"),
                "// STAYS-HOME-501u7104\n",
            );
        }
        kit.write("labs/skeleton/src/main.rs", "fn main() {}\n");
        kit.write(
            "labs/skeleton/src/predict.toml",
            "[accesses]\n3 = \"\"  # read\n",
        );
        kit.write("labs/solution/src/policy.rs", "// yours\n");
        for number in 1..=8 {
            kit.lab(number);
        }
        kit.write("grader/hidden/03-lab3/hidden.toml", HIDDEN_REGISTRY);
        kit.write("grader/hidden/03-lab3/nobody-brings-it.trace", HIDDEN_TRACE);
        kit.write("grader/samples/ada/lab3.rs", SAMPLE);
        kit.generate();
        kit
    }

    fn package(&self, folder: &str, name: &str) {
        let text = format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n\
             [dev-dependencies]\nserde = \"1\"\n"
        );
        self.write(&format!("{folder}/Cargo.toml"), &text);
    }

    fn lab(&self, number: u8) {
        let folder = format!("labs/0{number}-lab{number}");
        self.write(
            &format!("{folder}/lab.toml"),
            format!(
                "number = {number}\ntitle = \"Lab {number}\"\nfile = \"lab{number}.rs\"\n\
                 [[hole]]\nname = \"hole{number}\"\n[[trace]]\nname = \"public{number}\"\n"
            ),
        );
        self.write(&format!("{folder}/README.md"), "# To read\n");
        self.write(
            &format!("{folder}/traces/public{number}.trace"),
            "read 1 0x1000\nread 1 0x2000\n",
        );
        self.write(
            &format!("{folder}/keys/public{number}.snap"),
            format!("---\nsource: keys.rs\n---\n{KEY}"),
        );
        let solution = SOLUTION.join("\n").replace('3', &number.to_string());
        let source = format!(
            "/// Does it.\npub fn hole{number}(kernel: &mut Kernel) -> u32 {{\n    \
             // FAULTLINE-BEGIN hole{number}\n{solution}\n    \
             // FAULTLINE-HANDOUT\n    \
             // let _ = kernel;\n    // todo!(\"lab {number}\")\n    \
             // FAULTLINE-END hole{number}\n}}\n"
        );
        self.write(&format!("labs/solution/src/lab{number}.rs"), &source);
    }

    /// Makes the skeleton anew, as an instructor does after a change.
    pub fn generate(&self) {
        handout::skeleton::write(&self.root()).unwrap();
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("kit")
    }

    pub fn out(&self) -> PathBuf {
        self.folder.path().join("out/course")
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let file = self.root().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    pub fn append(&self, path: &str, text: &str) {
        self.write(path, self.read(path) + text);
    }

    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no `{from}`");
        self.write(path, text.replace(from, to));
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.root().join(path)).unwrap();
    }

    /// Puts the kit under git, with everything committed.
    pub fn commit(&self) {
        self.git(&["init", "--quiet"]);
        self.git(&["add", "."]);
        self.git(&["commit", "--quiet", "-m", "kit"]);
    }

    pub fn git(&self, args: &[&str]) {
        let who = ["-c", "user.name=Prof", "-c", "user.email=prof@example.org"];
        let mut git = Command::new("git");
        git.args(who).args(args).current_dir(self.root());
        assert!(git.status().unwrap().success(), "git {args:?}");
    }

    pub fn make(&self) -> Result<Made, String> {
        self.make_of(None, &|_| Ok("{\"line\":1}\n".into()), Changed::Refused)
    }

    pub fn make_of(
        &self,
        labs: Option<&str>,
        film: &dyn Fn(&Path) -> Result<String, String>,
        changed: Changed,
    ) -> Result<Made, String> {
        self.make_at(&self.out(), labs, film, changed)
    }

    pub fn make_at(
        &self,
        out: &Path,
        labs: Option<&str>,
        film: &dyn Fn(&Path) -> Result<String, String>,
        changed: Changed,
    ) -> Result<Made, String> {
        let labs: Option<Numbers> = labs.map(|labs| labs.parse().unwrap());
        let made = make(&Wish {
            root: &self.root(),
            out,
            labs: labs.as_ref(),
            history: History::OneCommit,
            archive: Archive::Zip,
            changed,
            film,
            log: &|_| Ok(KEY.to_owned()),
            prove: &|_| Ok(()),
        });
        made.map_err(|refusal| refusal.to_string())
    }

    /// Checks that there is no handout, why, and that nothing is left of it.
    #[track_caller]
    pub fn refuses(&self, expected: &str) {
        refused(self.make(), expected);
        let beside = self.out().parent().unwrap().to_owned();
        let left = fs::read_dir(beside).map_or(0, Iterator::count);
        assert_eq!(left, 0, "something is left of a handout that was refused");
    }
}

/// Checks why there is no handout: a line of what was said begins as `expected`.
#[track_caller]
pub fn refused(made: Result<Made, String>, expected: &str) {
    match made {
        Ok(_) => panic!("made, and not refused with: {expected}"),
        Err(said) => assert!(
            said.lines().any(|line| line.starts_with(expected)),
            "expected: {expected}\nsaid:\n{said}"
        ),
    }
}
