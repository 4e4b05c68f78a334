//! A small course in a temporary folder, sound until a test breaks something.

use std::fs;
use std::path::Path;

use audit::audit::audit;
use audit::course::Course;
use audit::exam::ExamError;
use audit::finding::Finding;
use audit::result::AuditResult;
use audit::trial::key_of;
use mutants::Mutant;
use tempfile::TempDir;

const LAB: &str = r#"
number = 2
title = "Lazy"
points = 20
summary = "A small lab."
file = "lab2.rs"

[limits]
cpu_seconds = 2
memory_mib = 256
output_kib = 64

[integration]
points = 6

[[hole]]
name = "zero_page"
points = 4
concept = "zero page"
hints = ["Gentle.", "Plainer.", "Plain."]

[[hole]]
name = "demand_zero"
points = 10
concept = "demand-zero"
hints = ["Gentle.", "Plainer.", "Plain."]

[[trace]]
name = "shown"
holes = ["zero_page", "demand_zero"]
teaches = "What it teaches."
"#;

const HIDDEN: &str = r#"
[[trace]]
name = "first"
holes = ["zero_page", "demand_zero"]
teaches = "What it teaches."
category = "lazy"

[[trace]]
name = "second"
holes = ["zero_page", "demand_zero"]
teaches = "What it teaches."
category = "lazy"

[[trace]]
name = "third"
holes = ["zero_page", "demand_zero"]
teaches = "What it teaches."
category = "lazy"
"#;

const HANDOUT: &str = "Write `zero_page` and `demand_zero`, and try them on `shown`.\n";

/// A page is read, another is written, and read where nobody wrote.
const TRACE: &str = "\
mmap 1 0x10000000 8K rw private anon
read 1 0x10000000
write 1 0x10001000 =7
read 1 0x10001fff
";

/// Where things are in the bench.
pub const REGISTRY: &str = "labs/02-lazy/lab.toml";
pub const HIDDEN_REGISTRY: &str = "grader/hidden/02-lazy/hidden.toml";
pub const README: &str = "labs/02-lazy/README.md";

/// A course that can be broken.
pub struct Bench(TempDir);

impl Bench {
    /// One lab with two holes, a public trace and three hidden ones.
    pub fn new() -> Self {
        let bench = Self(TempDir::new().expect("a temporary folder"));
        bench
            .file(REGISTRY, LAB)
            .file(HIDDEN_REGISTRY, HIDDEN)
            .file(README, HANDOUT)
            .trace("labs/02-lazy/traces/shown.trace", TRACE)
            .hidden("first", TRACE)
            .hidden("second", TRACE)
            .hidden("third", TRACE)
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file.
    pub fn file(self, path: &str, text: &str) -> Self {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(&path, text).expect("a written file");
        self
    }

    /// Replaces a text in a file, where it is first found.
    #[track_caller]
    pub fn edit(self, path: &str, from: &str, to: &str) -> Self {
        let text = fs::read_to_string(self.root().join(path)).expect("a file");
        assert!(text.contains(from), "no `{from}` in {path}");
        let text = text.replacen(from, to, 1);
        self.file(path, &text)
    }

    pub fn remove(self, path: &str) -> Self {
        fs::remove_file(self.root().join(path)).expect("a file to remove");
        self
    }

    /// Writes a trace, and its key beside it.
    pub fn trace(self, path: &str, text: &str) -> Self {
        let records = key_of(text.as_bytes()).unwrap_or_else(|error| panic!("{path}: {error}"));
        let records: Vec<String> = records.iter().map(ToString::to_string).collect();
        let key = path
            .replace("/traces/", "/keys/")
            .replace(".trace", ".snap");
        let key = match path.starts_with("grader") {
            true => key.replace("02-lazy/", "02-lazy/keys/"),
            false => key,
        };
        self.file(path, text).file(
            &key,
            &format!("---\nsource: here\n---\n{}\n", records.join("\n")),
        )
    }

    /// Writes a hidden trace that is in the registry already.
    pub fn hidden(self, name: &str, text: &str) -> Self {
        self.trace(&format!("grader/hidden/02-lazy/{name}.trace"), text)
    }

    /// Adds a hidden trace.
    pub fn another(self, name: &str, text: &str) -> Self {
        let registry = fs::read_to_string(self.root().join(HIDDEN_REGISTRY)).expect("a registry");
        let entry = format!(
            "\n[[trace]]\nname = \"{name}\"\nholes = [\"zero_page\", \"demand_zero\"]\n\
             teaches = \"What it teaches.\"\ncategory = \"lazy\"\n"
        );
        self.file(HIDDEN_REGISTRY, &(registry + &entry))
            .hidden(name, text)
    }

    pub fn read(&self) -> Result<Course, ExamError> {
        Course::read(self.root())
    }

    pub fn course(&self) -> Course {
        self.read().unwrap_or_else(|error| panic!("{error}"))
    }

    pub fn audit(&self, mutants: &[Mutant]) -> AuditResult {
        let go_on = |_: &Mutant| std::ops::ControlFlow::Continue(());
        audit(&self.course(), mutants, 2, go_on).unwrap_or_else(|error| panic!("{error}"))
    }
}

/// What was found, a line each: the file, what is wrong, and the check.
pub fn lines(findings: &[Finding]) -> Vec<String> {
    let line = |finding: &Finding| {
        finding
            .to_string()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    findings.iter().map(line).collect()
}

/// Exactly this is found, in this order.
#[track_caller]
pub fn finds(found: &[Finding], expected: &[&str]) {
    let found = lines(found);
    assert_eq!(found, expected, "\nfound:\n{}", found.join("\n"));
}
