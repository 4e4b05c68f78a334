//! The files that processes map: which descriptor shows which, and their names.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use vmsim::addr::FileId;

/// Longest name a file gets, before it is made unique.
const NAME_LEN_MAX: usize = 64;

/// The descriptors of a process and the paths they were opened with.
#[derive(Clone, Default)]
pub(crate) struct Descriptors(HashMap<u32, Rc<str>>);

impl Descriptors {
    /// openat(2): the descriptor shows this path.
    pub fn open(&mut self, fd: u32, path: &str) {
        self.0.insert(fd, path.into());
    }

    /// close(2).
    pub fn close(&mut self, fd: u32) {
        self.0.remove(&fd);
    }

    /// dup(2) and its kin: the copy shows what the descriptor shows.
    pub fn duplicate(&mut self, fd: u32, copy: u32) {
        match self.0.get(&fd).cloned() {
            Some(path) => self.0.insert(copy, path),
            None => self.0.remove(&copy),
        };
    }

    fn path(&self, fd: u32) -> Option<&Rc<str>> {
        self.0.get(&fd)
    }
}

/// All files that any process maps, numbered by their first mapping.
#[derive(Default)]
pub(crate) struct Files {
    by_path: HashMap<Rc<str>, FileId>,
    names: Names,
    in_order: Vec<Box<str>>,
}

impl Files {
    /// The file that a descriptor shows. One that the log never saw opened
    /// (inherited, a socket, a memfd) is `fdN`.
    pub fn shown_by(&mut self, fd: u32, open: &Descriptors) -> FileId {
        let path = open
            .path(fd)
            .cloned()
            .unwrap_or_else(|| format!("fd{fd}").into());
        if let Some(&known) = self.by_path.get(&path) {
            return known;
        }
        let id = FileId(self.in_order.len() as u32);
        self.in_order.push(self.names.unique(&path));
        self.by_path.insert(path, id);
        id
    }

    /// The names, the n-th one of `FileId(n)`; then the names nobody may take.
    pub fn into_names(self) -> (Vec<Box<str>>, Names) {
        (self.in_order, self.names)
    }
}

/// The names that are taken.
#[derive(Default)]
pub(crate) struct Names(HashSet<Box<str>>);

impl Names {
    /// A name for a path that the trace language accepts and nobody has: its
    /// last part, and a number if that is another file's.
    pub fn unique(&mut self, path: &str) -> Box<str> {
        let base = file_name(path);
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        let mut free = std::iter::once(base.clone())
            .chain(numbered)
            .filter(|name| !self.0.contains(&**name));
        let name: Box<str> = free.next().expect("numbers do not end").into();
        self.0.insert(name.clone());
        name
    }
}

/// The last part of a path in the letters of the trace language, in which a name
/// begins with a letter and `anon` is no file.
fn file_name(path: &str) -> String {
    let last = path
        .rsplit('/')
        .find(|part| !part.is_empty())
        .unwrap_or("file");
    let name: String = last.chars().map(letter).take(NAME_LEN_MAX).collect();
    match name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        true if name != "anon" => name,
        _ => format!("_{name}"),
    }
}

fn letter(wanted: char) -> char {
    match wanted {
        '.' | '-' => wanted,
        _ if wanted.is_ascii_alphanumeric() => wanted,
        _ => '_',
    }
}
