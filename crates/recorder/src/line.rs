//! One line of a lackey log.

use vmsim::addr::VirtAddr;

/// Bytes that one access may touch; the trace language allows no more.
pub(crate) const ACCESS_MAX: u16 = 4096;

/// What an access record is about: its first letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccessKind {
    /// `I`: an instruction fetch.
    Fetch,
    /// `L`: a load.
    Load,
    /// `S`: a store.
    Store,
    /// `M`: a load and a store at the same address by one instruction.
    Modify,
}

/// An access record: `I  04001000,3`, ` L 1ffeffe7e0,8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Access {
    pub kind: AccessKind,
    pub addr: VirtAddr,
    pub size: u16,
}

/// Any other line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// Valgrind's own words.
    Chatter,
    /// `SYSCALL[pid,thread](number) name ( args ) …`.
    Call(Call<'a>),
    /// `SYSCALL[pid,thread](number) ... [async] --> …`: a call of this thread ends.
    Resumed(u32, Outcome),
    /// ` --> …` on a line of its own: the call printed last ends.
    Ended(Outcome),
}

/// A system call as printed when it begins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Call<'a> {
    pub thread: u32,
    /// The name without `sys_`.
    pub name: &'a str,
    pub args: &'a str,
    /// The process that the call made, as the log numbers it.
    pub child: Option<u32>,
    /// How it ended; `None` if a later line says so.
    pub outcome: Option<Outcome>,
}

/// How a system call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// With this result.
    Success(u64),
    /// With an error, or in a way that has no result.
    Nothing,
}

/// What should have stood where a line could not be read.
pub(crate) type Expected = &'static str;

/// Reads an access record; `None` if the line is anything else.
pub(crate) fn access(line: &[u8]) -> Option<Access> {
    let (kind, rest) = kind(line)?;
    let comma = rest.iter().position(|&byte| byte == b',')?;
    let addr = VirtAddr(number(&rest[..comma], 16)?);
    let size = u16::try_from(number(&rest[comma + 1..], 10)?).ok()?;
    (1..=ACCESS_MAX)
        .contains(&size)
        .then_some(Access { kind, addr, size })
}

fn kind(line: &[u8]) -> Option<(AccessKind, &[u8])> {
    let (head, rest) = line.split_first_chunk::<3>()?;
    let kind = match head {
        b"I  " => AccessKind::Fetch,
        b" L " => AccessKind::Load,
        b" S " => AccessKind::Store,
        b" M " => AccessKind::Modify,
        _ => return None,
    };
    Some((kind, rest))
}

/// Reads a number of at most 16 digits, which is what fits.
fn number(digits: &[u8], radix: u32) -> Option<u64> {
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let mut number = 0;
    for &byte in digits {
        let digit = char::from(byte).to_digit(radix)?;
        number = number * u64::from(radix) + u64::from(digit);
    }
    Some(number)
}

/// Parts a line that is two. Valgrind does not end the line of a clone(2) that
/// makes a thread, and what the thread does first follows at once.
pub(crate) fn joined(text: &str) -> Option<(&str, &str)> {
    const RESULT_END: &str = ") ";
    let arrow = text.find("--> ")?;
    let end = arrow + text[arrow..].find(RESULT_END)? + RESULT_END.len();
    let is_two = !text[end..].trim().is_empty();
    is_two.then(|| text.split_at(end))
}

impl<'a> Line<'a> {
    /// Reads any line but an access record.
    pub fn parse(text: &'a str) -> Result<Self, Expected> {
        if let Some(rest) = text.strip_prefix("SYSCALL[") {
            system_call(rest)
        } else if let Some(rest) = text.strip_prefix(" --> ") {
            Ok(outcome(rest)?.map_or(Line::Chatter, Line::Ended))
        } else if ["==", "--", "**"].iter().any(|mark| text.starts_with(mark)) || text.is_empty() {
            Ok(Line::Chatter)
        } else {
            Err("an access (`I  addr,size`, ` L`, ` S`, ` M`), `SYSCALL[…` or `==pid==`")
        }
    }
}

fn system_call(text: &str) -> Result<Line<'_>, Expected> {
    let (thread, rest) = thread(text).ok_or("`SYSCALL[pid,thread](number) `")?;
    if let Some(rest) = rest.strip_prefix("... [async] --> ") {
        return Ok(outcome(rest)?.map_or(Line::Chatter, |end| Line::Resumed(thread, end)));
    }
    let (name, args, tail) = parts(rest).ok_or("`name ( arguments )`")?;
    let outcome = match tail.split_once("--> ") {
        Some((_, end)) => outcome(end)?,
        None => None,
    };
    Ok(Line::Call(Call {
        thread,
        name,
        args,
        child: child(tail),
        outcome,
    }))
}

/// Splits `pid,thread](number) rest`.
fn thread(text: &str) -> Option<(u32, &str)> {
    let (ids, rest) = text.split_once("](")?;
    let (_, rest) = rest.split_once(") ")?;
    Some((ids.split_once(',')?.1.parse().ok()?, rest))
}

/// Splits `sys_name ( args )tail`. Valgrind writes most calls so, and a few
/// with less space or with a remark between name and arguments.
fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once('(')?;
    let (args, tail) = rest.split_once(" )").or_else(|| rest.split_once(')'))?;
    let name = name.split([' ', '[']).next()?;
    Some((name.strip_prefix("sys_").unwrap_or(name), args.trim(), tail))
}

/// Finds `process 1 created child 2`, as fork, vfork and clone have it.
fn child(tail: &str) -> Option<u32> {
    let (_, number) = tail.split_once("created child ")?;
    number.split(' ').next()?.trim().parse().ok()
}

/// Reads what follows `--> `; `None` means that the call still runs.
fn outcome(text: &str) -> Result<Option<Outcome>, Expected> {
    let text = text.trim();
    let words = match text
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("] "))
    {
        Some((_, words)) => words,
        None => text,
    };
    match words.split_once('(') {
        _ if words == "..." => Ok(None),
        _ if words == "NoWriteResult" => Ok(Some(Outcome::Nothing)),
        Some(("Failure", _)) => Ok(Some(Outcome::Nothing)),
        Some(("Success", value)) => success(value).map(Some),
        _ => Err("`Success(0x…)` or `Failure(0x…)` after `-->`"),
    }
}

fn success(value: &str) -> Result<Outcome, Expected> {
    let digits = value
        .strip_prefix("0x")
        .and_then(|rest| rest.split([')', ':']).next());
    digits
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        .filter(|_| value.ends_with(')'))
        .map(Outcome::Success)
        .ok_or("a result such as `Success(0x0)`")
}
