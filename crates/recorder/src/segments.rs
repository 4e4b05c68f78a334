//! The program headers of a static program, as `readelf -lW` prints them.

use std::fs;
use std::ops::Range;
use std::path::Path;

use vmsim::addr::{PAGE_SIZE, VirtAddr};
use vmsim::prot::Prot;

use crate::error::Error;
use crate::ranges::pages;

const REMEDY: &str =
    "write the file with `readelf -lW PROGRAM`, where PROGRAM is linked with `-static -no-pie`";

/// How a program asks to be laid out in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The `LOAD` segments.
    pub segments: Vec<Segment>,
    /// `GNU_RELRO`: the addresses that the program makes read-only itself, once
    /// it has relocated what they hold.
    pub relro: Option<Range<u64>>,
}

/// A `LOAD` segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Where in the file it begins.
    pub offset: u64,
    /// Where in memory it begins; as far into a page as `offset`.
    pub addr: VirtAddr,
    /// Bytes that come from the file.
    pub file_size: u64,
    /// Bytes in memory; those that do not come from the file are zero.
    pub mem_size: u64,
    /// What the program may do with it.
    pub prot: Prot,
}

impl Layout {
    /// Reads the output of `readelf -lW`.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(|source| Error::Read {
            path: path.into(),
            source,
        })?;
        let mut layout = Layout {
            segments: Vec::new(),
            relro: None,
        };
        for (nth, line) in text.lines().enumerate() {
            layout
                .line(line)
                .ok_or_else(|| malformed(path, nth, line))?;
        }
        layout.checked(path)
    }

    /// Bytes of the program's file that are mapped.
    pub fn file_size(&self) -> u64 {
        let ends = self
            .segments
            .iter()
            .map(|segment| segment.offset + segment.file_size);
        ends.max().unwrap_or(0)
    }

    fn line(&mut self, line: &str) -> Option<()> {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.first() {
            // The same words stand in headings and in the section mapping,
            // but no number follows there.
            Some(&"LOAD") => self.segments.push(Segment::parse(&words)?),
            Some(&"GNU_RELRO") => {
                let segment = Segment::parse(&words)?;
                self.relro = Some(segment.addr.0..segment.addr.0.checked_add(segment.mem_size)?);
            }
            _ => {}
        }
        Some(())
    }

    fn checked(self, path: &Path) -> Result<Self, Error> {
        match self.segments.first() {
            None => Err(Error::Empty {
                path: path.into(),
                what: "`LOAD` line",
                remedy: REMEDY,
            }),
            Some(first) if first.addr.page().0 == 0 => {
                Err(Error::Relocatable { path: path.into() })
            }
            Some(_) => Ok(self),
        }
    }
}

impl Segment {
    /// Reads `LOAD offset addr physical file-size mem-size flags align`, in which
    /// the flags are letters with blanks for those that are not set.
    fn parse(words: &[&str]) -> Option<Self> {
        let number =
            |place: usize| u64::from_str_radix(words.get(place)?.strip_prefix("0x")?, 16).ok();
        let flags = words.get(6..words.len().checked_sub(1)?)?.concat();
        let segment = Segment {
            offset: number(1)?,
            addr: VirtAddr(number(2)?),
            file_size: number(4)?,
            mem_size: number(5)?,
            prot: prot(&flags),
        };
        segment.is_possible().then_some(segment)
    }

    /// Whether the kernel would map it.
    fn is_possible(&self) -> bool {
        let end = self.addr.0.checked_add(self.mem_size);
        self.file_size <= self.mem_size
            && end.is_some_and(|end| VirtAddr(end).is_user())
            && self.offset.checked_add(self.file_size).is_some()
            && self.offset % PAGE_SIZE == self.addr.page_offset()
    }

    /// The pages that show the file, and the anonymous ones behind them.
    pub(crate) fn pages(&self) -> (Range<u64>, Range<u64>) {
        let all = pages(self.addr, self.mem_size);
        let from_file = pages(self.addr, self.file_size);
        let middle = if self.file_size == 0 {
            all.start
        } else {
            from_file.end
        };
        (all.start..middle, middle..all.end)
    }

    /// The bytes of the file's last page that must be zero, as address and size.
    pub(crate) fn zeroed_tail(&self) -> Option<(u64, u16)> {
        let start = self.addr.0 + self.file_size;
        let size = start.next_multiple_of(PAGE_SIZE) - start;
        let has_tail = self.file_size > 0 && self.mem_size > self.file_size && size > 0;
        (has_tail && self.prot.write()).then_some((start, size as u16))
    }
}

fn prot(flags: &str) -> Prot {
    [('R', Prot::READ), ('W', Prot::WRITE), ('E', Prot::EXEC)]
        .into_iter()
        .filter(|&(letter, _)| flags.contains(letter))
        .fold(Prot::NONE, |all, (_, prot)| all.union(prot))
}

fn malformed(path: &Path, nth: usize, line: &str) -> Error {
    Error::Line {
        path: path.into(),
        line: nth as u64 + 1,
        expected: "`TYPE offset address physical file-size memory-size flags align`".into(),
        found: line.trim().chars().take(80).collect(),
        remedy: REMEDY,
    }
}
