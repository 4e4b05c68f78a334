//! An attack's submission, laid out on the disk.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::archive;
use crate::corpus::{Attack, Entry, Kind};
use crate::course::Course;

/// Writes the attack's submission into the class's folder.
pub fn lay_out(attack: &Attack, course: &Course, class: &Path) {
    let mut entries = Vec::new();
    for (name, text) in with_exercises(files(attack), &attack.entry) {
        entries.push(Entry::file(&name, &course.fill_in(&text)));
    }
    for entry in &attack.entry {
        entries.extend(copies(entry, course));
    }
    let name = bytes(attack.name());
    match attack.archive {
        None => {
            let folder = class.join(OsStr::from_bytes(&name));
            fs::create_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", attack.id));
            for entry in &entries {
                put(&folder, entry);
            }
        }
        Some(kind) => archive::write(kind, class, &attack.id, &entries),
    }
}

/// A right `lab2.rs`.
pub fn right_file() -> String {
    with_attack(&BTreeMap::new(), "")
}

/// The reference's `lab2.rs` with statements at the start of its methods, and items at
/// its end: what would get all points if nothing stopped it.
fn with_attack(splice: &BTreeMap<String, String>, items: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../labs/solution/src/lab2.rs");
    let solution = fs::read_to_string(path).expect("the solution exists");
    let mut used = 0;
    let mut handout = false;
    let mut text = String::new();
    for line in solution.lines() {
        let word = line.trim_start().strip_prefix("// FAULTLINE-");
        match word.map(|word| word.split_once(' ').unwrap_or((word, ""))) {
            Some(("BEGIN", hole)) => {
                if let Some(attack) = splice.get(hole) {
                    used += 1;
                    text += attack;
                    text += "\n";
                }
            }
            Some(("HANDOUT", _)) => handout = true,
            Some(("END", _)) => handout = false,
            Some(_) => {}
            None if handout => {}
            None => {
                text += line;
                text += "\n";
            }
        }
    }
    assert_eq!(
        used,
        splice.len(),
        "a splice names no hole of lab 2: {splice:?}"
    );
    text + items
}

fn files(attack: &Attack) -> BTreeMap<String, String> {
    let mut files = attack.files.clone();
    if !attack.splice.is_empty() || !attack.items.is_empty() {
        files.insert(
            "lab2.rs".to_owned(),
            with_attack(&attack.splice, &attack.items),
        );
    }
    files
}

/// The right answers to the exercises, unless the attack has others: what is not handed
/// in would be an end of its own.
fn with_exercises(files: BTreeMap<String, String>, entries: &[Entry]) -> BTreeMap<String, String> {
    let names = files.keys().chain(entries.iter().map(|entry| &entry.name));
    let names: Vec<String> = names.cloned().collect();
    let is_there = |name: &str| match name.ends_with(".trace") {
        true => names.iter().any(|other| other.ends_with(".trace")),
        false => names.iter().any(|other| other == name),
    };
    let missing = EXERCISES.iter().filter(|(name, _)| !is_there(name));
    let missing = missing.map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    files.into_iter().chain(missing).collect()
}

/// The right answers to the exercises of the course.
const EXERCISES: [(&str, &str); 2] = [
    (
        "predict.toml",
        "[vocabulary]\npage-fault = \"b\"\n[accesses]\n3 = \"minor zero-page\"\n",
    ),
    (
        "right.trace",
        "machine cpus=2\n\
         mmap 1 0x10000000 16K rw private anon\n\
         read 1 0x10000000         # => minor zero-page\n\
         read 1 0x10000000 @1      # => hit\n\
         write 1 0x10000000 =7     # => minor demand-zero\n\
         read 1 0x10000000 @1      # => hit\n\
         read 1 0x10000001         # => hit\n",
    ),
];

/// Hands in an honest submission.
pub fn lay_out_honest(folder: &Path, lab2: &str) {
    fs::create_dir(folder).expect("a new folder");
    let all = EXERCISES.iter().copied().chain([("lab2.rs", lab2)]);
    for (name, text) in all {
        fs::write(folder.join(name), text).expect("a new file");
    }
}

fn copies(entry: &Entry, course: &Course) -> Vec<Entry> {
    let copy = |number: u64| {
        let mut copy = entry.clone();
        copy.name = entry.name.replace('#', &number.to_string());
        copy.text = course.fill_in(&entry.text);
        if entry.kind == Kind::RightFile {
            (copy.kind, copy.text) = (Kind::File, right_file());
        }
        copy
    };
    (0..entry.copies).map(copy).collect()
}

/// A name of which `%FF` is a byte.
pub fn bytes(name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend(before.as_bytes());
        let (digits, after) = after.split_at(2);
        bytes.push(u8::from_str_radix(digits, 16).expect("two hexadecimal digits"));
        rest = after;
    }
    bytes.extend(rest.as_bytes());
    bytes
}

impl Entry {
    fn file(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: Kind::File,
            text: text.to_owned(),
            repeat: 1,
            head: String::new(),
            tail: String::new(),
            copies: 1,
            lie: None,
        }
    }

    /// The content of a file.
    pub fn content(&self) -> Vec<u8> {
        let times = usize::try_from(self.repeat).expect("a bearable number");
        match self.kind {
            Kind::Sparse => vec![0; times],
            Kind::Bytes => bytes(&self.text),
            _ => format!("{}{}{}", self.head, self.text.repeat(times), self.tail).into_bytes(),
        }
    }
}

fn put(folder: &Path, entry: &Entry) {
    let path: PathBuf = folder.join(OsStr::from_bytes(&bytes(&entry.name)));
    let parent = path.parent().unwrap_or(folder);
    let done = fs::create_dir_all(parent).and_then(|()| match entry.kind {
        Kind::File | Kind::RightFile | Kind::Bytes => fs::write(&path, entry.content()),
        Kind::Folder => fs::create_dir(&path),
        Kind::Symlink => symlink(&entry.text, &path),
        Kind::HardLink => fs::hard_link(&entry.text, &path),
        Kind::Fifo => Ok(mknodat(
            CWD,
            &path,
            FileType::Fifo,
            Mode::RUSR | Mode::WUSR,
            0,
        )?),
        Kind::Socket => bind(&path),
        Kind::Sparse => fs::File::create(&path).and_then(|file| file.set_len(entry.repeat)),
        Kind::Device => Ok(()),
    });
    done.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// A socket stays in the folder when nobody listens any more.
fn bind(path: &Path) -> std::io::Result<()> {
    UnixListener::bind(path).map(drop)
}
