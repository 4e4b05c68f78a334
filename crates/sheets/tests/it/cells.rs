//! A sheet stays as it was, byte for byte, but for the cells that are set.

use proptest::prelude::*;
use sheets::cells::Sheet;
use sheets::trouble::Trouble;

fn sheet(text: &str) -> Sheet {
    Sheet::read(text.as_bytes().to_vec()).expect("a sheet")
}

/// What becomes of a text if a cell is set.
fn set(text: &str, row: usize, column: usize, cell: &str) -> String {
    let mut sheet = sheet(text);
    sheet.set(row, column, cell);
    String::from_utf8(sheet.bytes()).expect("text")
}

#[test]
fn nothing_else_is_written_anew() {
    let cases = [
        ("a,b\nc,d\n", "a,b\nc,X\n"),
        ("a,b\r\nc,d\r\n", "a,b\r\nc,X\r\n"),
        ("a,b\rc,d\r", "a,b\rc,X\r"),
        ("a,b\nc,d", "a,b\nc,X"),
        ("\u{feff}a,b\r\nc,\"d\"", "\u{feff}a,b\r\nc,X"),
        ("a;b\nc;\n", "a;b\nc;X\n"),
        ("a\tb\nc\td\n\n", "a\tb\nc\tX\n\n"),
        (
            "\"a\",\"b, \"\"c\"\"\"\n\"c\",\"\"\n",
            "\"a\",\"b, \"\"c\"\"\"\n\"c\",X\n",
        ),
        ("a,b\n\n\nc,d,e\n", "a,b\n\n\nc,X,e\n"),
        ("a,\"b\nb\"\nc,d\n", "a,\"b\nb\"\nc,X\n"),
        (" a , b \n c , d \n", " a , b \n c ,X\n"),
    ];
    for (before, after) in cases {
        assert_eq!(set(before, 1, 1, "X"), after, "{before:?}");
        assert_eq!(sheet(before).bytes(), before.as_bytes(), "{before:?}");
    }
}

#[test]
fn a_cell_that_needs_quotes_has_them() {
    assert_eq!(set("a,b\nc,d\n", 1, 0, "7,5"), "a,b\n\"7,5\",d\n");
    assert_eq!(set("a;b\nc;d\n", 1, 0, "7,5"), "a;b\n7,5;d\n");
    assert_eq!(
        set("a,b\nc,d\n", 1, 1, "<p>\"x\"</p>"),
        "a,b\nc,\"<p>\"\"x\"\"</p>\"\n"
    );
    assert_eq!(set("a,b\nc,d\n", 1, 1, ""), "a,b\nc,\n");
}

#[test]
fn the_separator_is_the_one_that_gives_all_rows_the_same_cells() {
    for (text, separator) in [
        ("a,b;c\n1,2;3\n", ','),
        ("a;b;c\n1,5;2;3\n2,5;3;4\n", ';'),
        ("a\tb, c\td\n1\t2, 3\t4\n", '\t'),
        ("alone\n", ','),
    ] {
        assert_eq!(sheet(text).separator, separator, "{text:?}");
    }
}

#[test]
fn lines_are_those_of_the_file() {
    let sheet = sheet("a,b\n\"c\nc\",d\n\ne,f\n");
    let lines: Vec<usize> = sheet.rows().iter().map(|row| row.line).collect();
    assert_eq!(lines, [1, 2, 5]);
}

#[test]
fn what_is_no_text_is_no_sheet() {
    let error = Sheet::read(b"a,b\nJos\xe9,d\n".to_vec()).expect_err("Latin-1");
    assert!(matches!(error, Trouble::NoUtf8 { line: 2 }), "{error}");
    for nothing in ["", "\n\r\n", "\u{feff}"] {
        let error = Sheet::read(nothing.as_bytes().to_vec()).expect_err("nothing");
        assert!(matches!(error, Trouble::Empty), "{nothing:?}: {error}");
    }
}

proptest! {
    /// Whatever the cells are and however they are written: it is read as another reader
    /// reads it, a cell that is set says what it was set to, and all others what they said.
    #[test]
    fn another_reader_finds_the_cell_and_no_other_change(
        cells in prop::collection::vec(prop::collection::vec("[a-z,;\"\n \u{e9}]{0,6}", 3), 1..5),
        crlf: bool, always: bool, row in 0_usize..4, column in 0_usize..3, text in "[a-z,\"\n]{0,5}",
    ) {
        let mut writer = csv::WriterBuilder::new()
            .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
            .quote_style(if always { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary })
            .from_writer(Vec::new());
        // The first row shows what separates.
        writer.write_record(["a", "b", "c"]).expect("a row");
        for cells in &cells {
            writer.write_record(cells).expect("a row");
        }
        let bytes = writer.into_inner().expect("bytes");
        let Ok(mut sheet) = Sheet::read(bytes.clone()) else { return Ok(()) };
        prop_assume!(sheet.separator == ',');
        prop_assert_eq!(&sheet.bytes(), &bytes);
        let row = 1 + row.min(cells.len() - 1);
        sheet.set(row, column, &text);
        let changed = sheet.bytes();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(changed.as_slice());
        let read: Vec<Vec<String>> = reader.records()
            .map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
        let mut expected = cells.clone();
        expected[row - 1][column] = text;
        prop_assert_eq!(&read[1..], &expected[..]);
    }
}
