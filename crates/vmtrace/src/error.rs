//! What can be wrong with a file, and where.
//!
//! All messages are lower-case fragments with the offending text in backticks;
//! what to do about it stands on a line of its own, after `help: `.

use std::fmt;
use std::io;

use crate::binary::error::BinaryError;
use crate::limits::LINE_LEN_MAX;
use crate::machine::Key;
use crate::valid::Invalid;

/// A trace cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A line of a text trace is malformed.
    #[error(transparent)]
    Text(#[from] ParseError),
    /// A binary trace is damaged, or none.
    #[error(transparent)]
    Binary(#[from] BinaryError),
    /// The operating system could not read the file.
    #[error("cannot read: {0}")]
    Io(#[from] io::Error),
}

/// A trace cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The language has no words for the event.
    #[error("cannot write {0}")]
    Invalid(#[from] Invalid),
    /// The operating system could not write the file.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A malformed line.
///
/// Shows itself as `LINE:COLUMN: problem`, with the remedy on a line of its own;
/// [`ReadError::in_file`] puts the file's name before.
#[derive(Debug, thiserror::Error)]
#[error("{line}:{column}: {problem}\nhelp: {}", .problem.remedy())]
pub struct ParseError {
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1, in bytes. Up to the first thing wrong, all characters
    /// before a comment are ASCII, so that these are characters, too.
    pub column: usize,
    /// What is wrong there.
    pub problem: Box<Problem>,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// One thing stands where another should.
    #[error("expected {wanted}, found {found}")]
    Expected {
        /// What should stand there.
        wanted: Wanted,
        /// What stands there.
        found: Found,
        /// What to do about it.
        help: Help,
    },
    /// A number that does not fit into 64 bits, or the field that is to hold it.
    #[error("expected {wanted} of at most {bits} bits, found {found}")]
    TooLarge {
        /// What should stand there.
        wanted: Wanted,
        /// How wide it may be.
        bits: u32,
        /// What stands there.
        found: Found,
    },
    /// A key of the machine with a value that it cannot have.
    #[error("expected {} for `{word}`, found {found}", Allowed(*.key))]
    KeyValue {
        /// The key.
        key: Key,
        /// The key's word.
        word: &'static str,
        /// What stands there.
        found: Found,
    },
    /// A key or flag that the line has already.
    #[error("expected each word once, found {found} again")]
    Repeated {
        /// The word.
        found: Found,
    },
    /// A `machine` line that is not the first.
    #[error("expected an event, found `machine`")]
    MachineNotFirst,
    /// A CPU that the machine does not have.
    #[error("expected a CPU below {cpus}, found {found}")]
    NoSuchCpu {
        /// How many it has.
        cpus: u8,
        /// What stands there.
        found: Found,
    },
    /// A value that is wider than its access.
    #[error("expected a value of {size} byte{}, found {found}", plural(*.size))]
    ValueTooWide {
        /// The size of the access.
        size: u16,
        /// What stands there.
        found: Found,
    },
    /// A file that no line has named so far.
    #[error("expected a file named above, found {found}")]
    UnknownFile {
        /// What stands there.
        found: Found,
        /// A file with a similar name.
        nearest: Option<Box<str>>,
    },
    /// A second file of the same name.
    #[error("expected a new file name, found {found} again")]
    NameTaken {
        /// The name.
        found: Found,
    },
    /// A byte that is not part of UTF-8 text.
    #[error("expected UTF-8 text, found the byte `{0:#04x}`")]
    NotUtf8(u8),
    /// A NUL byte.
    #[error("expected text, found a NUL byte")]
    Nul,
    /// A line longer than [`LINE_LEN_MAX`].
    #[error("expected a line of at most {LINE_LEN_MAX} bytes, found a longer one")]
    LineTooLong,
}

/// What should stand somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is said by its words below")]
pub enum Wanted {
    Event,
    Pid,
    Address,
    Size,
    Offset,
    AccessSize,
    Value,
    Prot,
    Sharing,
    Source,
    MapFlag,
    Advice,
    Cache,
    Signal,
    Action,
    NewName,
    FileName,
    Cpu,
    Key,
    KeyValue(Key),
    LineEnd,
}

/// What stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A word, shortened if it is a long one.
    Word(Box<str>),
    /// Nothing, where a word has two parts and this one is empty.
    Nothing,
    /// No further word.
    LineEnd,
}

/// What to do about a wrong word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Help {
    /// Follow the rule for what is wanted.
    Rule,
    /// Write this word, which differs little from the wrong one.
    Nearest(&'static str),
    /// Write the line like this.
    Usage(&'static str),
}

impl ReadError {
    /// The error with the name of its file, as in `tour.trace:7:9: …`.
    pub fn in_file<'a>(&'a self, name: &'a str) -> InFile<'a> {
        InFile { name, error: self }
    }
}

/// An error with the name of its file; see [`ReadError::in_file`].
#[derive(Debug)]
pub struct InFile<'a> {
    name: &'a str,
    error: &'a ReadError,
}

impl fmt::Display for InFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.error {
            ReadError::Text(error) => write!(f, "{}:{error}", self.name),
            error => write!(f, "{}: {error}", self.name),
        }
    }
}

impl Problem {
    /// What to do about it.
    pub fn remedy(&self) -> Box<str> {
        match self {
            Problem::Expected {
                wanted,
                found,
                help,
            } => expected_remedy(*wanted, found, *help),
            Problem::TooLarge { .. } => "write a smaller number".into(),
            Problem::KeyValue { .. } => "keep within the limits of the simulated machine".into(),
            Problem::Repeated { .. } => "remove one of them".into(),
            Problem::MachineNotFirst => {
                "a trace has one `machine` line at most, before all events".into()
            }
            Problem::NoSuchCpu { cpus, .. } => {
                format!("the machine has {cpus}; the line `machine cpus=4` at the top gives it 4")
                    .into()
            }
            Problem::ValueTooWide { .. } => {
                "write a smaller value, or a larger size before it, as in `8B =256`".into()
            }
            Problem::UnknownFile {
                nearest: Some(name),
                ..
            } => format!("did you mean `{name}`?").into(),
            Problem::UnknownFile { nearest: None, .. } => {
                "name the file first, as in `file lib 12K cold`".into()
            }
            Problem::NameTaken { .. } => "give each file a name of its own".into(),
            Problem::NotUtf8(_) => "save the trace as UTF-8".into(),
            Problem::Nul => "a trace is plain text; is this the right file?".into(),
            Problem::LineTooLong => "a trace has one event a line; is this the right file?".into(),
        }
    }
}

fn expected_remedy(wanted: Wanted, found: &Found, help: Help) -> Box<str> {
    match (help, wanted, found) {
        (Help::Nearest(word), ..) => format!("did you mean `{word}`?").into(),
        (Help::Usage(line), ..) => format!("write `{line}`").into(),
        (Help::Rule, Wanted::Address, Found::Word(word)) if is_bare_hex(word) => {
            format!("did you mean `0x{word}`?").into()
        }
        (Help::Rule, ..) => wanted.rule().into(),
    }
}

fn is_bare_hex(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl Wanted {
    /// How it is written.
    const fn rule(self) -> &'static str {
        match self {
            Wanted::Event => {
                "events are file, mmap, munmap, mprotect, madvise, brk, fork, exit, read, write, exec, \
                 copyin, copyout, load, drop, msync and sigaction"
            }
            Wanted::Pid => "processes have decimal numbers from 1; process 1 exists at the start",
            Wanted::Address => "addresses are hex with `0x`, as in `0x10000000`",
            Wanted::Size => "sizes are bytes, as in `4096`, or take `K`, `M` or `G`, as in `4K`",
            Wanted::Offset => "offsets follow the name with `+`, as in `lib+0x2000` or `lib+8K`",
            Wanted::AccessSize => "accesses have 1 to 4096 bytes, as in `8B`",
            Wanted::Value => "values are decimal, or hex with `0x`, as in `=7` or `=0xff`",
            Wanted::Prot => "protections are letters of `rwx`, each once, or `none`",
            Wanted::Sharing => "mappings are `private` or `shared`",
            Wanted::Source => "mappings show `anon` or a file, as in `lib+0x2000`",
            Wanted::MapFlag => "further words are `populate` and `growsdown`",
            Wanted::Advice => {
                "advice is dontneed, pageout, willneed, populate-read or populate-write"
            }
            Wanted::Cache => "files are `cold` or `warm` (in the page cache)",
            Wanted::Signal => "signals are `segv` (SIGSEGV and SIGBUS) or `bus`",
            Wanted::Action => "actions are `handler` or `default`",
            Wanted::NewName | Wanted::FileName => {
                "names are letters, digits, `_`, `.` and `-`, start with a letter or `_`, and are not `anon`"
            }
            Wanted::Cpu => "CPUs have decimal numbers from 0, as in `@1`",
            Wanted::Key => {
                "keys are frames, swap, cpus, seed, fault-around, readahead, heap and stack-limit, as in `frames=64`"
            }
            Wanted::KeyValue(key) => match key {
                Key::Heap => "addresses are hex with `0x`, as in `heap=0x4000000`",
                Key::StackLimit => {
                    "sizes are bytes, or take `K`, `M` or `G`, as in `stack-limit=8M`"
                }
                _ => "counts are decimal, as in `frames=64`",
            },
            Wanted::LineEnd => "an event has its own line; comments start with `#`",
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Wanted::Event => "an event",
            Wanted::Pid => "a process number",
            Wanted::Address => "an address",
            Wanted::Size => "a size",
            Wanted::Offset => "an offset",
            Wanted::AccessSize => "an access size",
            Wanted::Value => "a value",
            Wanted::Prot => "a protection",
            Wanted::Sharing => "`private` or `shared`",
            Wanted::Source => "`anon` or a file",
            Wanted::MapFlag => "`populate` or `growsdown`",
            Wanted::Advice => "an advice",
            Wanted::Cache => "`cold` or `warm`",
            Wanted::Signal => "`segv` or `bus`",
            Wanted::Action => "`handler` or `default`",
            Wanted::NewName => "a name for the file",
            Wanted::FileName => "a file name",
            Wanted::Cpu => "a CPU number",
            Wanted::Key => "a key with `=`",
            Wanted::KeyValue(Key::Heap) => "an address",
            Wanted::KeyValue(Key::StackLimit) => "a size",
            Wanted::KeyValue(_) => "a number",
            Wanted::LineEnd => "the end of the line",
        })
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Found::Word(word) => write!(f, "`{word}`"),
            Found::Nothing => f.write_str("nothing"),
            Found::LineEnd => f.write_str("the end of the line"),
        }
    }
}

/// The values of a key, in words.
struct Allowed(Key);

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = self.0.range().into_inner();
        match (self.0.notation(), self.0.unit()) {
            (crate::machine::Notation::Address, unit) => {
                write!(f, "a multiple of {unit} from {first:#x} to {last:#x}")
            }
            _ => write!(f, "{first} to {last}"),
        }
    }
}

fn plural(count: u16) -> &'static str {
    match count {
        1 => "",
        _ => "s",
    }
}
