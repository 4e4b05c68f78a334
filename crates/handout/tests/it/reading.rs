//! How the leak checks read text.

use handout::leaks::reading::{plain, unnumbered};

#[test]
fn a_character_is_read_as_itself_however_it_is_written() {
    for (written, read) in [
        ("K.Zero(&frame)", "k.zero(&frame)"),
        ("k.zero(&amp;frame)", "k.zero(&frame)"),
        ("k.zero&#40;&#x26;frame&#41;", "k.zero(&frame)"),
        ("k.zero%28%26frame%29", "k.zero(&frame)"),
        (r"k.zero\u0028\x26frame\u{29}", "k.zero(&frame)"),
        (r"k\n .zero", "k  .zero"),
        ("100 % of it & more; a \\ b", "100 % of it & more; a \\ b"),
        ("&#;&#x;&nope;%zz\\u{}\\q&", "&#;&#x;&nope;%zz\\u{}\\q&"),
        ("ends in %2", "ends in %2"),
        ("ends in &#", "ends in &#"),
        ("%c3%a9 &ü \\ü", "%c3%a9 &ü \\ü"),
    ] {
        assert_eq!(plain(written), read, "{written}");
    }
}

#[test]
fn lines_stay_lines() {
    assert_eq!(plain("a%0Ab\nc&#10;d\n"), "a b\nc d\n");
}

#[test]
fn a_number_before_a_line_is_none_of_its_words() {
    for (listed, line) in [
        ("12: let a", "let a"),
        ("  7 | let a", "let a"),
        ("let a = 12", "let a = 12"),
        ("4k pages", "4k pages"),
        ("0x1000", "0x1000"),
        ("12", ""),
    ] {
        assert_eq!(unnumbered(listed), line, "{listed}");
    }
}
