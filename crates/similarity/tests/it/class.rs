//! A small class, and its export as text.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use roster::student::StudentId;
use similarity::export::{Ask, Exported, Sources, export};
use similarity::skeleton::Skeleton;
use similarity::tool::Tool;
use similarity::trouble::Trouble;
use similarity::work::Work;
use tempfile::TempDir;

/// What everybody was given.
pub const GIVEN: &str = "fn classify() {\n    todo!()\n}\n";

/// A class whose skeleton is one file.
pub struct Class {
    folder: TempDir,
    works: Vec<Work>,
    old: Vec<Work>,
    sources: Sources,
}

impl Class {
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            works: Vec::new(),
            old: Vec::new(),
            sources: Sources::Whole,
        }
    }

    /// With somebody who handed this in as lab1.rs.
    pub fn with(mut self, student: &str, lab1: &str) -> Self {
        self.works.push(work(student, lab1));
        self
    }

    /// With somebody who handed this in in an earlier year.
    pub fn with_old(mut self, student: &str, lab1: &str) -> Self {
        self.old.push(work(student, lab1));
        self
    }

    pub fn change(mut self, change: impl FnOnce(&mut Work)) -> Self {
        change(self.works.last_mut().expect("somebody"));
        self
    }

    pub fn without_comments(mut self) -> Self {
        self.sources = Sources::WithoutComments;
        self
    }

    pub fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    pub fn private(&self) -> PathBuf {
        self.folder.path().join("private")
    }

    pub fn export(&self, tool: Tool) -> Result<Exported, Trouble> {
        self.export_with(tool, &self.private())
    }

    pub fn export_with(&self, tool: Tool, private: &Path) -> Result<Exported, Trouble> {
        let ask = Ask {
            tool,
            out: &self.out(),
            private,
            sources: self.sources,
        };
        let skeleton = Skeleton {
            files: vec![("lab1.rs".to_owned(), GIVEN.to_owned())],
        };
        export(ask, &skeleton, &self.works, &self.old)
    }

    /// The exported files but the README, with students in the place of pseudonyms.
    pub fn exported(&self, tool: Tool) -> BTreeMap<String, String> {
        self.export(tool).expect("exported");
        let who = self.who();
        let named = |text: &str| {
            who.iter()
                .fold(text.to_owned(), |text, (pseudonym, student)| {
                    text.replace(pseudonym, &student.to_uppercase())
                })
        };
        let files = files(&self.out(), &self.out());
        let files = files.into_iter().filter(|(name, _)| name != "README.md");
        files
            .map(|(name, text)| (named(&name), named(&text)))
            .collect()
    }

    /// Who is behind which pseudonym, as the instructor's file says.
    pub fn who(&self) -> BTreeMap<String, String> {
        let text = fs::read_to_string(self.private().join("pseudonyms.csv")).expect("a file");
        let rows = text.lines().skip(1);
        rows.map(|row| {
            let mut cells = row.split(',').map(str::to_owned);
            let mut cell = || cells.next().expect("three cells");
            (cell(), cell())
        })
        .collect()
    }

    pub fn readme(&self) -> String {
        fs::read_to_string(self.out().join("README.md")).expect("a README")
    }
}

fn work(student: &str, lab1: &str) -> Work {
    Work {
        student: StudentId(student.to_owned()),
        partners: Vec::new(),
        at: None,
        files: vec![("lab1.rs".to_owned(), lab1.to_owned())],
    }
}

/// All files below a folder, by their names from there.
fn files(folder: &Path, root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, root));
            continue;
        }
        let name = path
            .strip_prefix(root)
            .expect("below")
            .display()
            .to_string();
        found.insert(name, fs::read_to_string(&path).expect("text"));
    }
    found
}
