//! How a program is linked: as the compiler does it, without starting it for each.
//!
//! Nothing of the program but the student's library differs from one submission to the
//! next. The compiler links it once, when the kit is built, and tells how; from then on its
//! command line is used again, with another library. That holds because the library has
//! two functions only that are called from outside, which are never inlined: the object of
//! the program around it has nothing of any student's in it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::jailed::PrivateFolder;

/// The linker's command line. What it is made of is gone when the last copy of this is
/// dropped.
#[derive(Clone, Debug)]
pub struct Linker {
    /// The program, as the compiler names it: to be looked for.
    pub program: PathBuf,
    /// Its arguments; names without a folder are in that of the submission.
    pub arguments: Vec<OsString>,
    /// Where the object of the program is.
    folder: Arc<PrivateFolder>,
}

/// What the compiler's own objects are called that it leaves behind if told so.
const OBJECT: &str = ".rcgu.o";

/// The linker that comes with the compiler, and what it is told: as many submissions are
/// graded at a time as there are CPUs, so that threads cost more than they gain.
const LLD: &str = "-fuse-ld=lld";
const ONE_THREAD: &str = "-Wl,--threads=1";

impl Linker {
    /// Reads what the compiler told when it linked a library of this name in this folder.
    /// None if that is not understood: then the compiler has to link.
    pub fn learn(told: &str, library: &str, folder: PrivateFolder) -> Option<Self> {
        // `PATH="…" "cc" "-m64" …`: the environment comes first.
        let words = shlex::split(told.lines().next()?)?;
        let is_variable = |word: &String| word.contains('=');
        let mut words = words.into_iter().skip_while(is_variable);
        let program = PathBuf::from(words.next()?);
        let words: Vec<String> = words.collect();
        let own = folder.path();
        let is_library = |word: &&String| Path::new(word) == own.join(library);
        if words.iter().filter(is_library).count() != 1 {
            return None;
        }
        let arguments = words.iter().map(|word| match word {
            word if is_library(&word) => library.into(),
            word if word.ends_with(OBJECT) => own.join(word).into(),
            word => word.into(),
        });
        let is_lld = words.iter().any(|word| word == LLD);
        Some(Self {
            program,
            arguments: arguments.chain(is_lld.then(|| ONE_THREAD.into())).collect(),
            folder: Arc::new(folder),
        })
    }

    /// Where the object of the program is.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}
