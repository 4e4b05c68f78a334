//! Which words make an event, and which make a machine.

use vmsim::addr::FileId;
use vmsim::event::{Config, Event, Growth, Mapping, Op, Populate, Source};

use crate::error::{Found, Help, Problem, Wanted};
use crate::machine::{KEYS, Key, Notation};
use crate::names::{ANON, NameError, Names, is_name};
use crate::text::nearest::nearest;
use crate::text::number;
use crate::text::scan::{Mistake, Scanner, Word};
use crate::text::words::{
    ACTIONS, ADVICES, CACHES, MAP_FLAGS, MapFlag, SHARINGS, SIGNALS, Verb, word,
};

/// Reads the event that starts with `verb`. A file that it names is added.
#[inline]
pub(crate) fn event(
    verb: Verb,
    line: &mut Scanner<'_>,
    cpus: u8,
    names: &mut Names,
) -> Result<Event, Mistake> {
    let event = op(verb, line, names).and_then(|op| {
        Ok(Event {
            cpu: line.finish(cpus)?,
            op,
        })
    });
    match event {
        Ok(Event {
            op: Op::File { ref name, .. },
            ..
        }) => {
            names
                .add(name)
                .expect("the name is checked where it stands");
            event
        }
        Ok(event) => Ok(event),
        Err(mistake) => Err(with_usage(mistake, verb)),
    }
}

/// Reads the keys of a `machine` line.
pub(crate) fn machine(line: &mut Scanner<'_>) -> Result<Config, Mistake> {
    let mut config = Config::default();
    let mut seen = Vec::new();
    loop {
        let word = line.word();
        if word.is_empty() {
            return Ok(config);
        }
        let (key, value) = key_value(word)?;
        if seen.contains(&key) {
            let (key, _) = word.split(b'=');
            return Err(word.mistake(Problem::Repeated { found: key.found() }));
        }
        seen.push(key);
        key.put(&mut config, value);
    }
}

#[inline]
fn op(verb: Verb, line: &mut Scanner<'_>, names: &Names) -> Result<Op, Mistake> {
    match verb {
        Verb::Read => read(line),
        Verb::Write => write(line),
        Verb::Exec => Ok(Op::Exec {
            pid: line.word().pid()?,
            addr: line.word().address()?,
        }),
        Verb::CopyIn => copy_in(line),
        Verb::CopyOut => copy_out(line),
        Verb::Mmap => mmap(line, names),
        Verb::Munmap => munmap(line),
        Verb::Mprotect => mprotect(line),
        Verb::Madvise => madvise(line),
        Verb::Brk => Ok(Op::Brk {
            pid: line.word().pid()?,
            addr: line.word().address()?,
        }),
        Verb::Fork => Ok(Op::Fork {
            parent: line.word().pid()?,
            child: line.word().pid()?,
        }),
        Verb::Exit => Ok(Op::Exit {
            pid: line.word().pid()?,
        }),
        Verb::File => file(line, names),
        Verb::Load => load(line, names),
        Verb::Drop => Ok(Op::Drop {
            file: known_file(line.word(), Wanted::FileName, names)?,
        }),
        Verb::Msync => msync(line),
        Verb::Sigaction => sigaction(line),
        Verb::Machine => unreachable!("the parser keeps `machine` to the first line"),
    }
}

#[inline]
fn read(line: &mut Scanner<'_>) -> Result<Op, Mistake> {
    let (pid, addr) = (line.word().pid()?, line.word().address()?);
    Ok(Op::Read {
        pid,
        addr,
        size: access_size(line)?,
    })
}

#[inline]
fn write(line: &mut Scanner<'_>) -> Result<Op, Mistake> {
    let (pid, addr) = (line.word().pid()?, line.word().address()?);
    let size = access_size(line)?;
    Ok(Op::Write {
        pid,
        addr,
        size,
        value: value(line, size)?,
    })
}

fn copy_in(line: &mut Scanner<'_>) -> Result<Op, Mistake> {
    let (pid, addr) = (line.word().pid()?, line.word().address()?);
    Ok(Op::CopyIn {
        pid,
        addr,
        size: access_size(line)?,
    })
}

fn copy_out(line: &mut Scanner<'_>) -> Result<Op, Mistake> {
    let (pid, addr) = (line.word().pid()?, line.word().address()?);
    let size = access_size(line)?;
    Ok(Op::CopyOut {
        pid,
        addr,
        size,
        value: value(line, size)?,
    })
}

fn mmap(line: &mut Scanner<'_>, names: &Names) -> Result<Op, Mistake> {
    let pid = line.word().pid()?;
    let addr = line.word().address()?;
    let len = line.word().size()?;
    let prot = line.word().prot()?;
    let sharing = line.word().one_of(&SHARINGS, Wanted::Sharing)?;
    let source = source(line.word(), names)?;
    let (populate, growth) = map_flags(line)?;
    let map = Mapping {
        prot,
        sharing,
        source,
        populate,
        growth,
    };
    Ok(Op::Mmap {
        pid,
        addr,
        len,
        map,
    })
}

fn munmap(line: &mut Scanner<'_>) -> Result<Op, Mistake> {
    let (pid, addr) = (line.word().pid()?, line.word().address()?);
    Ok(Op::Munmap {
        pid,
        addr,
        len: line.word().size()?,
    })
}

fn mprotect(line: &mut Scanner<'_>) -> Result<Op, Mistake> {
    let (pid, addr) = (line.word().pid()?, line.word().address()?);
    Ok(Op::Mprotect {
        pid,
        addr,
        len: line.word().size()?,
        prot: line.word().prot()?,
    })
}

fn madvise(line: &mut Scanner<'_>) -> Result<Op, Mistake> {
    let (pid, addr) = (line.word().pid()?, line.word().address()?);
    let len = line.word().size()?;
    Ok(Op::Madvise {
        pid,
        addr,
        len,
        advice: line.word().one_of(&ADVICES, Wanted::Advice)?,
    })
}

fn file(line: &mut Scanner<'_>, names: &Names) -> Result<Op, Mistake> {
    let name = new_name(line.word(), names)?;
    let size = line.word().size()?;
    Ok(Op::File {
        name,
        size,
        cache: line.word().one_of(&CACHES, Wanted::Cache)?,
    })
}

fn load(line: &mut Scanner<'_>, names: &Names) -> Result<Op, Mistake> {
    let (file, offset) = file_part(line.word(), Wanted::FileName, names)?;
    Ok(Op::Load {
        file,
        offset,
        len: line.word().size()?,
    })
}

fn msync(line: &mut Scanner<'_>) -> Result<Op, Mistake> {
    let (pid, addr) = (line.word().pid()?, line.word().address()?);
    Ok(Op::Msync {
        pid,
        addr,
        len: line.word().size()?,
    })
}

fn sigaction(line: &mut Scanner<'_>) -> Result<Op, Mistake> {
    let pid = line.word().pid()?;
    let signal = line.word().one_of(&SIGNALS, Wanted::Signal)?;
    Ok(Op::Sigaction {
        pid,
        signal,
        action: line.word().one_of(&ACTIONS, Wanted::Action)?,
    })
}

#[inline]
fn access_size(line: &mut Scanner<'_>) -> Result<u16, Mistake> {
    match line.word_if(|byte| byte.is_ascii_digit()) {
        Some(word) => word.access_size(),
        None => Ok(1),
    }
}

#[inline]
fn value(line: &mut Scanner<'_>, size: u16) -> Result<Option<u64>, Mistake> {
    let word = line.word_if(|byte| byte == b'=');
    word.map(|word| word.value(size)).transpose()
}

fn source(word: Word<'_>, names: &Names) -> Result<Source, Mistake> {
    if word.text == ANON.as_bytes() {
        return Ok(Source::Anon);
    }
    let (file, offset) = file_part(word, Wanted::Source, names)?;
    Ok(Source::File { file, offset })
}

fn map_flags(line: &mut Scanner<'_>) -> Result<(Populate, Growth), Mistake> {
    let (mut populate, mut growth) = (Populate::Lazily, Growth::Fixed);
    while let Some(word) = line.word_if(|byte| byte != b'@') {
        let repeated = match word.one_of(&MAP_FLAGS, Wanted::MapFlag)? {
            MapFlag::Populate(flag) => std::mem::replace(&mut populate, flag) == flag,
            MapFlag::Growth(flag) => std::mem::replace(&mut growth, flag) == flag,
        };
        if repeated {
            return Err(word.mistake(Problem::Repeated {
                found: word.found(),
            }));
        }
    }
    Ok((populate, growth))
}

/// Reads `NAME`, `NAME+0xHEX` or `NAME+4K`.
fn file_part(word: Word<'_>, wanted: Wanted, names: &Names) -> Result<(FileId, u64), Mistake> {
    let (name, offset) = word.split(b'+');
    let file = known_file(name, wanted, names)?;
    let offset = match offset {
        Some(word) => word.number(Wanted::Offset, number::size(word.text))?,
        None => 0,
    };
    Ok((file, offset))
}

fn known_file(word: Word<'_>, wanted: Wanted, names: &Names) -> Result<FileId, Mistake> {
    let name = name(word, wanted)?;
    names.find(name).ok_or_else(|| {
        let nearest = nearest(word.text, names.iter()).map(Box::from);
        word.mistake(Problem::UnknownFile {
            found: word.found(),
            nearest,
        })
    })
}

fn new_name(word: Word<'_>, names: &Names) -> Result<Box<str>, Mistake> {
    let name = name(word, Wanted::NewName)?;
    match names.check_new(name) {
        Ok(()) => Ok(name.into()),
        Err(NameError::Taken) => Err(word.mistake(Problem::NameTaken {
            found: word.found(),
        })),
        Err(NameError::Malformed) => Err(word.expected(Wanted::NewName)),
    }
}

fn name<'a>(word: Word<'a>, wanted: Wanted) -> Result<&'a str, Mistake> {
    match str::from_utf8(word.text) {
        Ok(name) if is_name(word.text) => Ok(name),
        _ => Err(word.expected(wanted)),
    }
}

fn key_value(word: Word<'_>) -> Result<(Key, u64), Mistake> {
    let (name, value) = word.split(b'=');
    let key = name.one_of(&KEYS, Wanted::Key)?;
    let value = value.ok_or_else(|| word.expected(Wanted::Key))?;
    let read = match key.notation() {
        Notation::Count => number::decimal(value.text),
        Notation::Size => number::size(value.text),
        Notation::Address => number::prefixed_hex(value.text),
    };
    let number = value.number(Wanted::KeyValue(key), read)?;
    match key.allows(number) {
        true => Ok((key, number)),
        false => {
            let (word, found) = (word_of(key), value.found());
            Err(value.mistake(Problem::KeyValue { key, word, found }))
        }
    }
}

fn word_of(key: Key) -> &'static str {
    word(&KEYS, key)
}

/// Shows how to write the whole line where a word is missing or too many.
#[cold]
fn with_usage(mut mistake: Mistake, verb: Verb) -> Mistake {
    if let Problem::Expected {
        wanted,
        found,
        help,
    } = &mut *mistake.problem
        && (*found == Found::LineEnd || *wanted == Wanted::LineEnd)
    {
        *help = Help::Usage(verb.usage());
    }
    mistake
}
