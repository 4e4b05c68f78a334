//! What the language lets one write.

use vmtrace::text::parser::Parser;

use crate::{EVERYTHING, lines, read};

/// Two texts mean the same.
fn check_same(one: &str, other: &str) {
    let (one, other) = (read(one.as_bytes()), read(other.as_bytes()));
    assert_eq!(one.unwrap(), other.unwrap());
}

#[test]
fn accesses_have_short_forms() {
    check_same(
        "r 1 0x10\nw 1 0x10 =1\nx 1 0x10",
        "read 1 0x10\nwrite 1 0x10 =1\nexec 1 0x10",
    );
}

#[test]
fn sizes_are_written_in_many_ways() {
    check_same("munmap 1 0x0 1G", "munmap 1 0x0 1024M");
    check_same("munmap 1 0x0 4K", "munmap 1 0x0 0x1000");
    check_same("munmap 1 0x0 4K", "munmap 1 0x0 4096");
}

#[test]
fn offsets_are_written_in_many_ways() {
    check_same("file f 8K warm\nload f 4K", "file f 8K warm\nload f+0x0 4K");
    check_same(
        "file f 8K warm\nload f+4K 4K",
        "file f 8K warm\nload f+0x1000 4K",
    );
}

#[test]
fn protections_have_no_order() {
    check_same("mprotect 1 0x0 4K wr", "mprotect 1 0x0 4K rw");
}

#[test]
fn values_are_decimal_or_hex() {
    check_same("w 1 0x0 =255", "w 1 0x0 =0xFF");
    check_same(
        "w 1 0x0 8B =18446744073709551615",
        "w 1 0x0 8B =0xffffffffffffffff",
    );
}

#[test]
fn lines_may_end_as_on_windows() {
    check_same(&EVERYTHING.replace('\n', "\r\n"), EVERYTHING);
}

#[test]
fn the_last_line_needs_no_end() {
    check_same(EVERYTHING.trim_end(), EVERYTHING);
}

#[test]
fn a_byte_order_mark_is_skipped() {
    check_same(&format!("\u{feff}{EVERYTHING}"), EVERYTHING);
}

#[test]
fn blanks_tabs_and_comments_change_nothing() {
    let spaced = EVERYTHING
        .replace(' ', " \t ")
        .replace('\n', "#nah\u{ef}ve\n\n  # more\n");
    check_same(&format!("# first\n\n{spaced}"), EVERYTHING);
}

#[test]
fn comments_can_be_read() {
    let trace = "# head\nread 1 0x0 # => minor zero-page \nread 1 0x0\nread 1 0x0 # why\n";
    let mut parser = Parser::new(trace.as_bytes()).unwrap();
    let mut comments = Vec::new();
    while parser.next().transpose().unwrap().is_some() {
        comments.push((
            parser.comment().to_owned(),
            parser.outcome().map(str::to_owned),
        ));
    }
    let expected = [
        ("=> minor zero-page", Some("minor zero-page")),
        ("", None),
        ("why", None),
    ];
    let expected = expected.map(|(comment, outcome)| (comment.into(), outcome.map(str::to_owned)));
    assert_eq!(comments, expected);
}

#[test]
fn a_line_may_cross_the_end_of_the_buffer() {
    for capacity in 1..80 {
        let reader = std::io::BufReader::with_capacity(capacity, EVERYTHING.as_bytes());
        let parser = Parser::new(reader).unwrap();
        let read = parser.map(Result::unwrap).collect::<Vec<_>>();
        assert_eq!(
            read,
            lines(EVERYTHING.as_bytes()),
            "a buffer of {capacity} bytes"
        );
    }
}

#[test]
fn the_line_after_a_mistake_is_read() {
    let parser = Parser::new("read 1 0x0\nraed 1 0x0\nread 1 0x1".as_bytes()).unwrap();
    let ends = parser
        .map(|line| line.map(|line| line.number).ok())
        .collect::<Vec<_>>();
    assert_eq!(ends, [Some(1), None, Some(3)]);
}
