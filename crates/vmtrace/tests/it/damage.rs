//! Damaged traces are refused, or are other traces; nothing panics.

use vmtrace::error::ReadError;

use crate::{EVERYTHING, Read, binary, read};

/// Bytes that mean something to the scanner, or to nobody.
const STRANGE: &[u8] = b"\0\t\n\r #+-09=@BGKaxz\x7f\x80\x8f\xc3\xff";

/// A text is read, or a line and column are at fault that exist.
fn check_text(bytes: &[u8]) {
    match read(bytes) {
        Ok(_) => {}
        Err(ReadError::Text(error)) => {
            let line = bytes
                .split(|&byte| byte == b'\n')
                .nth(error.line as usize - 1);
            let line = line.unwrap_or_else(|| panic!("no such line: {error}"));
            assert!(
                (1..=line.len() + 1).contains(&error.column),
                "no such column: {error}"
            );
        }
        Err(error) => panic!("not a mistake in a text: {error}"),
    }
}

/// A binary trace is read, or a byte is at fault that exists.
fn check_binary(bytes: &[u8]) -> Read {
    let read = read(bytes);
    if let Err(ReadError::Binary(error)) = &read {
        assert!(error.offset <= bytes.len() as u64, "no such byte: {error}");
    }
    read
}

/// A binary trace with every kind of record in it, a few accesses in words among them.
pub fn everything_in_binary() -> Vec<u8> {
    let text = EVERYTHING.replace(
        "copyin",
        "read 1 0x10000000\nread 1 0x10000ffc 8B\nwrite 1 0x10000000 2B\nexec 1 0x10000000\ncopyin",
    );
    let (config, events) = read(text.as_bytes()).unwrap();
    binary(&config, &events)
}

#[test]
fn every_prefix_of_a_text_is_read_or_refused() {
    for len in 0..EVERYTHING.len() {
        check_text(&EVERYTHING.as_bytes()[..len]);
    }
}

#[test]
fn a_text_without_any_one_byte_is_read_or_refused() {
    for at in 0..EVERYTHING.len() {
        let mut bytes = EVERYTHING.as_bytes().to_vec();
        bytes.remove(at);
        check_text(&bytes);
    }
}

#[test]
fn a_text_with_a_strange_byte_anywhere_is_read_or_refused() {
    for at in 0..EVERYTHING.len() {
        for &byte in STRANGE {
            let mut bytes = EVERYTHING.as_bytes().to_vec();
            bytes[at] = byte;
            // This one at the start makes a binary trace of it, as it should.
            if (at, byte) != (0, 0x8f) {
                check_text(&bytes);
            }
        }
    }
}

#[test]
fn every_prefix_of_a_binary_trace_is_truncated() {
    let whole = everything_in_binary();
    for len in 1..whole.len() {
        let error = check_binary(&whole[..len]).unwrap_err().to_string();
        let expected = format!("byte {len}: expected more, found the end of the file");
        assert_eq!(error.lines().next(), Some(&*expected));
    }
}

#[test]
fn a_binary_trace_without_any_one_byte_is_read_or_refused() {
    let whole = everything_in_binary();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes.remove(at);
        let _ = check_binary(&bytes);
    }
}

#[test]
fn a_binary_trace_with_any_byte_anywhere_is_read_or_refused() {
    let whole = everything_in_binary();
    for at in 0..whole.len() {
        for byte in 0..=u8::MAX {
            let mut bytes = whole.clone();
            bytes[at] = byte;
            let _ = check_binary(&bytes);
        }
    }
}

#[test]
fn nothing_may_follow_a_binary_trace() {
    let mut bytes = everything_in_binary();
    let len = bytes.len();
    bytes.push(0);
    let error = check_binary(&bytes).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("byte {len}: expected the end of the file")),
        "{error}"
    );
}

#[test]
fn a_number_of_eleven_bytes_is_too_large() {
    let mut bytes = b"\x8fVMT\x01".to_vec();
    bytes.extend([0xff; 11]);
    let error = read(&bytes).unwrap_err().to_string();
    assert!(
        error.starts_with("byte 14: expected a number of at most 64 bits"),
        "{error}"
    );
}

#[test]
fn an_unknown_version_is_refused() {
    let error = read(b"\x8fVMT\x03").unwrap_err().to_string();
    assert!(
        error.starts_with("byte 4: expected version 1 or 2, found version 3"),
        "{error}"
    );
}
