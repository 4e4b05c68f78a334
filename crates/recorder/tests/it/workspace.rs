//! A folder of logs for one test, and the one way to import them.

use std::fs;
use std::path::{Path, PathBuf};

use recorder::error::Error;
use recorder::import::{Request, import};
use recorder::summary::Summary;
use recorder::text::TextSink;
use tempfile::TempDir;

/// What stands above every log.
const BANNER: &str = "==100== Lackey, an example Valgrind tool\n==100== Command: ./demo a b\n";

/// A log of process 100 of a program that touches no memory unless it is told to.
pub struct Workspace {
    folder: TempDir,
    pub request: Request,
}

/// A log of process 100 that holds these lines.
pub fn log(lines: &str) -> Workspace {
    let folder = TempDir::new().unwrap();
    let mut workspace = Workspace {
        folder,
        request: Request::default(),
    };
    workspace.request.log = workspace.file("100.log", &format!("{BANNER}{lines}"));
    workspace
}

/// The trace as text.
pub fn trace(request: &Request) -> Result<(String, Summary), Error> {
    let mut sink = TextSink::new(Vec::new());
    let summary = import(request, &mut sink)?;
    let text = sink.finish().unwrap();
    Ok((String::from_utf8(text).unwrap(), summary))
}

/// A file of the real recordings.
pub fn recorded(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/recorded")
        .join(name)
}

impl Workspace {
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Adds the log of a child, which begins inside its parent's fork.
    pub fn child(mut self, pid: u32, lines: &str) -> Self {
        let text = format!("=={pid}== Lackey\n --> [pre-success] Success(0x0) \n{lines}");
        let path = self.file(&format!("{pid}.log"), &text);
        self.request.children.push(path);
        self
    }

    pub fn segments(mut self, text: &str) -> Self {
        self.request.segments = Some(self.file("segments.txt", text));
        self
    }

    /// Checks the whole trace from the program's first event on.
    #[track_caller]
    pub fn becomes(&self, expected: &str) {
        let (_, events) = self.halves();
        assert_eq!(events.trim(), unindent(expected));
    }

    /// Checks the trace up to the program's first event.
    #[track_caller]
    pub fn begins_with(&self, expected: &str) {
        let (prelude, _) = self.halves();
        assert_eq!(prelude.trim(), unindent(expected));
    }

    /// Checks the message of an import that fails; `DIR` is the folder's path.
    #[track_caller]
    pub fn fails_with(&self, expected: &str) {
        let error = self
            .import()
            .expect_err("the import should fail")
            .to_string();
        let folder = self.folder.path().to_str().unwrap();
        assert_eq!(error.replace(folder, "DIR"), expected);
    }

    #[track_caller]
    pub fn summary(&self) -> Summary {
        self.import().unwrap().1
    }

    pub fn import(&self) -> Result<(String, Summary), Error> {
        trace(&self.request)
    }

    fn halves(&self) -> (String, String) {
        let (text, _) = self.import().unwrap();
        let (prelude, events) = text.split_once("# the program begins\n").unwrap();
        (prelude.into(), events.into())
    }
}

fn unindent(text: &str) -> String {
    let lines: Vec<_> = text.trim().lines().map(str::trim).collect();
    lines.join("\n")
}
