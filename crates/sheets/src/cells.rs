//! A sheet as bytes and cells.
//!
//! `csv-core` says where a cell begins and ends, and what it says. A cell that is set is
//! put in the place of its bytes; all others are never written anew.

use std::collections::BTreeMap;
use std::ops::Range;

use csv::{QuoteStyle, Terminator, WriterBuilder};
use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use crate::trouble::Trouble;

/// What Windows puts before a text.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What separates cells, in the order in which one is preferred.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Rows that are looked at to find the separator: Canvas looks at as many.
const LOOKED_AT: usize = 3;

/// A sheet.
#[derive(Clone, Debug)]
pub struct Sheet {
    bytes: Vec<u8>,
    /// What separates its cells.
    pub separator: char,
    rows: Vec<Row>,
    changed: BTreeMap<usize, (Range<usize>, String)>,
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its line, from 1.
    pub line: usize,
    cells: Vec<Cell>,
}

#[derive(Clone, Debug)]
struct Cell {
    /// Where it is, with its quotes.
    place: Range<usize>,
    text: String,
}

impl Row {
    /// What a cell says; nothing if the row is too short to have it.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| &cell.text)
    }

    /// Whether it has this cell, empty or not.
    pub fn has(&self, column: usize) -> bool {
        column < self.cells.len()
    }

    /// What all cells say.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|cell| cell.text.as_str())
    }
}

impl Sheet {
    /// Reads a sheet.
    ///
    /// # Errors
    ///
    /// If it is no UTF-8, or has no rows.
    pub fn read(bytes: Vec<u8>) -> Result<Self, Trouble> {
        if let Err(error) = std::str::from_utf8(&bytes) {
            let before = &bytes[..error.valid_up_to()];
            return Err(Trouble::NoUtf8 {
                line: line_of(before, before.len()),
            });
        }
        let begins = if bytes.starts_with(MARK) {
            MARK.len()
        } else {
            0
        };
        let separator = separator(&bytes, begins);
        let rows = rows(&bytes, begins, separator, usize::MAX);
        match rows.is_empty() {
            true => Err(Trouble::Empty),
            false => Ok(Self {
                rows,
                separator: char::from(separator),
                bytes,
                changed: BTreeMap::new(),
            }),
        }
    }

    /// Its rows, as they were read.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Sets a cell of a row that has it.
    pub fn set(&mut self, row: usize, column: usize, text: &str) {
        let place = self.rows[row].cells[column].place.clone();
        let cell = self.quoted(text);
        self.changed.insert(place.start, (place, cell));
    }

    /// The whole sheet, with the cells that were set.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.bytes.len());
        let mut at = 0;
        for (place, text) in self.changed.values() {
            bytes.extend_from_slice(&self.bytes[at..place.start]);
            bytes.extend_from_slice(text.as_bytes());
            at = place.end;
        }
        bytes.extend_from_slice(&self.bytes[at..]);
        bytes
    }

    /// A text as a cell, with quotes if it needs them.
    fn quoted(&self, text: &str) -> String {
        let mut writer = WriterBuilder::new()
            .delimiter(u8::try_from(self.separator).unwrap_or(b','))
            .quote_style(QuoteStyle::Necessary)
            .terminator(Terminator::Any(b'\n'))
            .from_writer(Vec::new());
        // A cell beside it, for an empty row would be given quotes.
        let written = writer.write_record([text, "x"]).ok();
        let row = written.and_then(|()| writer.into_inner().ok());
        let row = row
            .and_then(|row| String::from_utf8(row).ok())
            .unwrap_or_default();
        row[..row.len().saturating_sub("?x\n".len())].to_owned()
    }
}

/// The separator that gives the first rows as many cells, and of several the one that
/// gives them the most. If no separator does, the first row decides.
fn separator(bytes: &[u8], begins: usize) -> u8 {
    let quality = |separator: u8| {
        let first = rows(bytes, begins, separator, LOOKED_AT);
        let widths: Vec<usize> = first.iter().map(|row| row.cells.len()).collect();
        let width = widths.first().copied().unwrap_or_default();
        let is_alike = width > 1 && widths.iter().all(|other| *other == width);
        (is_alike, width)
    };
    let best = SEPARATORS.into_iter().rev();
    best.max_by_key(|it| quality(*it)).unwrap_or(b',')
}

fn rows(bytes: &[u8], begins: usize, separator: u8, most: usize) -> Vec<Row> {
    let mut reader = ReaderBuilder::new().delimiter(separator).build();
    let (mut rows, mut cells) = (Vec::new(), Vec::new());
    let mut at = begins;
    while rows.len() < most {
        // Line breaks that end a row before, or are a row without cells.
        let breaks = bytes[at..].iter().take_while(|byte| is_break(**byte));
        let start = if cells.is_empty() {
            at + breaks.count()
        } else {
            at
        };
        let Some((text, read, ends_row)) = field(&mut reader, &bytes[at..]) else {
            break;
        };
        at += read;
        let place = trimmed(bytes, start..at, separator, ends_row);
        cells.push(Cell { place, text });
        if ends_row {
            let cells = std::mem::take(&mut cells);
            let line = line_of(bytes, cells[0].place.start);
            rows.push(Row { line, cells });
        }
    }
    rows
}

/// The next cell: what it says, how many bytes were read for it, and whether it is the
/// last one of its row.
fn field(reader: &mut Reader, input: &[u8]) -> Option<(String, usize, bool)> {
    let (mut read, mut written) = (0, 0);
    let mut text = vec![0; CELL_BYTES];
    loop {
        let (result, more_read, more_written) =
            reader.read_field(&input[read..], &mut text[written..]);
        read += more_read;
        written += more_written;
        match result {
            ReadFieldResult::Field { record_end } => {
                text.truncate(written);
                return Some((
                    String::from_utf8_lossy(&text).into_owned(),
                    read,
                    record_end,
                ));
            }
            ReadFieldResult::OutputFull => text.resize(text.len() * 2, 0),
            // Without any input the last cell ends.
            ReadFieldResult::InputEmpty => {}
            ReadFieldResult::End => return None,
        }
    }
}

/// Bytes of a cell that most cells have room in.
const CELL_BYTES: usize = 256;

/// What was read for a cell, without what ends it.
fn trimmed(bytes: &[u8], place: Range<usize>, separator: u8, ends_row: bool) -> Range<usize> {
    let mut end = place.end.max(place.start);
    let ends = |end: usize| {
        end > place.start
            && match ends_row {
                true => is_break(bytes[end - 1]),
                false => bytes[end - 1] == separator && end == place.end,
            }
    };
    while ends(end) {
        end -= 1;
    }
    place.start..end
}

fn is_break(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

fn line_of(bytes: &[u8], at: usize) -> usize {
    1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count()
}
