//! How a program is linked: what is the student's by itself, and the rest once.
//!
//! Nothing of a program but the student's library differs from one submission to the next.
//! The rest is linked when the kit is built, into the *frame*: an executable that has all
//! of the simulator and of `std`, whoever needs it, and loads a library from its own folder
//! that uses them. A submission is linked into that library, which is a tenth of the work.
//!
//! The compiler is asked how it links, and both command lines are made of its own. That
//! holds because a submission has two functions only that are called from outside, which
//! are never inlined: the object of the program around it has nothing of any student's in it.
//!
//! The library shows these two functions and no other, so that no symbol of a submission
//! can take the place of one of ours. What it names and the frame lacks is an error.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::jailed::PrivateFolder;

/// The name of the frame, which is that of the program.
pub const FRAME: &str = "program";

/// The name of the library that the frame loads.
pub const PART: &str = "libsubmission.so";

/// What a library knows the frame by, which is loaded already when it is looked for.
const FRAME_IS_NAMED: &str = "-Wl,-soname,frame";
const PART_IS_NAMED: &str = "-Wl,-soname,libsubmission.so";

/// The file that says what a library shows: two functions, in either way to write names.
pub const SHOWN: &str = "shown";

/// What is in it.
pub const SHOWN_TEXT: &str = "{
  global:
    _ZN8skeleton8handlers17h*E; _ZN8skeleton6policy17h*E;
    _RNvC*_8skeleton8handlers; _RNvC*_8skeleton6policy;
  local: *;
};
";

/// The linker that comes with the compiler, and what it is told: as many submissions are
/// graded at a time as there are CPUs, so that threads cost more than they gain.
const LLD: &str = "-fuse-ld=lld";
const ONE_THREAD: &str = "-Wl,--threads=1";

const ALL_OF: &str = "-Wl,--whole-archive";
const NO_MORE: &str = "-Wl,--no-whole-archive";

/// How a submission's part is linked. What it is linked against is gone when the last copy
/// of this is dropped.
#[derive(Clone, Debug)]
pub struct Linker {
    /// The linker, as the compiler names it: to be looked for.
    pub program: PathBuf,
    /// Its arguments; names without a folder are in that of the submission.
    pub arguments: Vec<OsString>,
    /// Where the frame is.
    folder: Arc<PrivateFolder>,
}

impl Linker {
    /// Links against the frame that is in this folder.
    pub fn new(whole: &Whole, library: &str, folder: PrivateFolder) -> Self {
        let mut arguments = whole.part(library, folder.path());
        arguments.extend([folder.path().join(FRAME).into(), "-Wl,-z,defs".into()]);
        Self {
            program: whole.program.clone(),
            arguments,
            folder: Arc::new(folder),
        }
    }

    /// Where the frame is, and what says how to link against it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The frame.
    pub fn frame(&self) -> PathBuf {
        self.folder.path().join(FRAME)
    }
}

/// The compiler's own command line for a whole program.
#[derive(Debug)]
pub struct Whole {
    /// The linker, as the compiler names it: to be looked for.
    pub program: PathBuf,
    words: Vec<String>,
    /// The student's library among the words.
    library: String,
}

impl Whole {
    /// Reads what the compiler told when it linked this library. None if that is not
    /// understood, or is another linker: then the compiler has to link.
    pub fn read(told: &str, library: &Path) -> Option<Self> {
        // `PATH="…" "cc" "-m64" …`: the environment comes first.
        let words = shlex::split(told.lines().next()?)?;
        let is_variable = |word: &String| word.contains('=');
        let mut words = words.into_iter().skip_while(is_variable);
        let whole = Self {
            program: words.next()?.into(),
            words: words.collect(),
            library: library.to_str()?.to_owned(),
        };
        let count = |wanted: &str| whole.words.iter().filter(|word| *word == wanted).count();
        let is_known = [LLD, "-pie", FRAME, &whole.library].map(count) == [1; 4];
        is_known.then_some(whole)
    }

    /// Links the frame, beside a library and in its folder. All of the archives that a
    /// source may name is in it: of the one whose file begins so, and of the compiler's own.
    pub fn frame(&self, simulator: &str, compilers: &Path) -> Vec<OsString> {
        let is_nameable = |word: &str| {
            let path = Path::new(word);
            let is_simulator = path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with(simulator));
            is_archive(word) && (is_simulator || path.starts_with(compilers))
        };
        let words = self.words.iter().flat_map(|word| match word.as_str() {
            word if word == self.library => vec!["-Wl,-Bdynamic", PART, "-Wl,-Bstatic"],
            word if is_nameable(word) => vec![ALL_OF, word, NO_MORE],
            word => vec![word],
        });
        let shows = ["-Wl,--export-dynamic", "-Wl,-rpath,$ORIGIN"];
        let more = shows.into_iter().chain([FRAME_IS_NAMED, ONE_THREAD]);
        words.chain(more).map(OsString::from).collect()
    }

    /// Links a library in its folder. What it shows is said in another one.
    pub fn part(&self, library: &str, says: &Path) -> Vec<OsString> {
        let words = self.words.iter().flat_map(|word| match word.as_str() {
            word if word == self.library => vec![ALL_OF, library, NO_MORE],
            // What a processor lacks has names that no frame shows.
            word if word.contains("libcompiler_builtins") => vec![word],
            word if is_archive(word) || word.ends_with(".o") => Vec::new(),
            "-pie" => vec!["-shared"],
            FRAME => vec![PART],
            word => vec![word],
        });
        let words = words.chain([PART_IS_NAMED, ONE_THREAD]).map(OsString::from);
        let mut shows = OsString::from("-Wl,--version-script=");
        shows.push(says.join(SHOWN));
        words.chain([shows]).collect()
    }
}

fn is_archive(word: &str) -> bool {
    word.ends_with(".rlib")
}
