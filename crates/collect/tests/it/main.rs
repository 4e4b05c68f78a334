//! Exports, collected: names in, attempts out.

mod attempts;
mod damage;
mod detection;
mod layouts;
mod names;
mod plain;
mod round_trip;
mod table;
mod whose;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use collect::collected::{Ask, Collected, collect};
use collect::export::store::Store;
use collect::layout::Layout;
use collect::trouble::CollectError;
use roster::list::Roster;
use roster::student::{Student, StudentId};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// An export in a folder of its own, and what is asked of it.
struct Export {
    folder: TempDir,
    paths: Vec<PathBuf>,
    ask: Ask,
}

/// A zip of these files; what ends in `/` is a folder.
fn zip(entries: &[(&str, &str)]) -> Export {
    empty().and_zip("class.zip", entries)
}

/// A folder with these files.
fn folder(entries: &[(&str, &str)]) -> Export {
    let mut export = empty();
    let root = export.folder.path().join("class");
    fs::create_dir(&root).expect("a new folder");
    for (name, content) in entries {
        let path = root.join(name);
        if name.ends_with('/') {
            fs::create_dir_all(path).expect("a folder");
        } else {
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, content).expect("a file");
        }
    }
    export.paths.push(root);
    export
}

fn empty() -> Export {
    Export {
        folder: TempDir::new().expect("a folder"),
        paths: Vec::new(),
        ask: Ask::default(),
    }
}

/// The bytes of a zip.
fn zipped(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in entries {
        let options = SimpleFileOptions::default();
        match name.ends_with('/') {
            true => zip.add_directory(*name, options).expect("a folder"),
            false => {
                zip.start_file(*name, options).expect("an entry");
                zip.write_all(content.as_bytes()).expect("its content");
            }
        }
    }
    zip.finish().expect("a zip").into_inner()
}

impl Export {
    /// With another zip beside it.
    fn and_zip(self, name: &str, entries: &[(&str, &str)]) -> Self {
        self.and_file(name, &zipped(entries))
    }

    /// With another path beside it.
    fn and_file(mut self, name: &str, bytes: &[u8]) -> Self {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).expect("a file");
        self.paths.push(path);
        self
    }

    fn laid_out(mut self, layout: Layout) -> Self {
        self.ask.layout = Some(layout);
        self
    }

    fn described(mut self, pattern: &str) -> Self {
        self.ask.pattern = Some(pattern.parse().expect("a pattern"));
        self
    }

    /// With a roster: id, email and login of each student.
    fn with_roster(mut self, students: &[(&str, &str, &str)]) -> Self {
        let mut roster = Roster::default();
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        for (id, email, login) in students {
            let student = Student {
                id: StudentId((*id).to_owned()),
                email: given(email),
                login: given(login),
                name: None,
                section: None,
                due: None,
                slip_used: 0,
            };
            roster.add(student).expect("a student");
        }
        self.ask.class.roster = Some(roster);
        self
    }

    fn try_collect(&self) -> Result<Collected, CollectError> {
        collect(&self.paths, &self.ask, Store::new()?)
    }

    fn collect(&self) -> Collected {
        self.try_collect().expect("an export")
    }

    /// Why it is not collected; the folder's name is cut out of it.
    fn refusal(&self) -> String {
        let refused = self.try_collect().expect_err("a refusal").to_string();
        let folder = self.folder.path().display().to_string();
        refused.replace(&format!("{folder}/"), "")
    }

    /// A line for each attempt, and for each file that was left out.
    fn told(&self) -> String {
        let collected = self.collect();
        let rows = collected.attempts.iter().zip(&collected.findings);
        let rows = rows.map(|(attempt, finding)| {
            let mut line = format!("{} {}", attempt.student, attempt.number);
            for partner in &attempt.partners {
                line += &format!(" +{partner}");
            }
            if let Some(at) = attempt.at {
                line += &format!(" at {at}");
            }
            if attempt.marked_late {
                line += " late";
            }
            if let Some(why) = &finding.unmatched {
                line += &format!(" unmatched ({why})");
            }
            format!("{line}: {}", files(&attempt.path).join(" "))
        });
        let left_out = collected.left_out.iter();
        let left_out =
            left_out.map(|(_, entry)| format!("left out {:?}: {}", entry.name, entry.why));
        rows.chain(left_out).collect::<Vec<_>>().join("\n")
    }
}

/// What lies there: all names in a folder with their contents, or one archive.
fn files(path: &Path) -> Vec<String> {
    if !path.is_dir() {
        let name = path.file_name().expect("a name").to_string_lossy();
        return vec![format!("[{name}]")];
    }
    let mut all = Vec::new();
    walk(path, "", &mut all);
    all.sort();
    all
}

fn walk(folder: &Path, above: &str, all: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            walk(&path, &format!("{above}{name}/"), all);
        } else {
            let content = fs::read(&path).expect("a file");
            all.push(format!(
                "{above}{name}={}",
                String::from_utf8_lossy(&content)
            ));
        }
    }
}
