//! The same work, written in another way: comments, blank lines, and the order of items,
//! none of which changes what a handler does.

use fastrand::Rng;

/// What students write above their functions.
const REMARKS: [&str; 16] = [
    "see the slides of week 5",
    "asked in the tutorial: this is the right order",
    "rewritten after the office hours",
    "TODO: is there a shorter way?",
    "the manual says so, vol. 3A",
    "works for all public traces",
    "do not touch this again",
    "thanks to the forum for the hint",
    "page first, permission later? no: permission first",
    "reviewed on the train",
    "third attempt",
    "this took me all evening",
    "compare with figure 4.2",
    "first the easy cases",
    "checked with a pencil",
    "cleaned up before handing in",
];

/// A file as this student has written it.
pub fn vary(name: &str, content: &[u8], rng: &mut Rng) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(content) else {
        return content.to_vec();
    };
    if name.ends_with(".rs") {
        source(text, rng).into_bytes()
    } else if name.ends_with(".toml") {
        format!("{}\n# {}\n", text.trim_end(), remark(rng)).into_bytes()
    } else {
        content.to_vec()
    }
}

fn remark(rng: &mut Rng) -> String {
    let words = REMARKS[rng.usize(..REMARKS.len())];
    format!("{words} ({:04x})", rng.u16(..))
}

fn source(text: &str, rng: &mut Rng) -> String {
    let (head, mut items) = split(text);
    if items.iter().all(|item| is_whole(item)) {
        rng.shuffle(&mut items);
    }
    let mut varied = head;
    for item in items {
        if rng.u8(..3) == 0 {
            varied += &format!("// {}\n", remark(rng));
        }
        if rng.bool() {
            varied += "\n";
        }
        varied += &item;
    }
    format!("{}\n\n// {}\n", varied.trim_end(), remark(rng))
}

/// What comes before the items, and the items, each with its comments. An item ends at a
/// brace at the start of a line.
fn split(text: &str) -> (String, Vec<String>) {
    let mut head = String::new();
    let mut items = Vec::new();
    let mut item = String::new();
    for line in text.split_inclusive('\n') {
        item += line;
        let end = line.trim_end();
        if end == "}" {
            items.push(std::mem::take(&mut item));
        } else if items.is_empty() && (end.starts_with("use ") && end.ends_with(';') || end == "};")
        {
            head += &std::mem::take(&mut item);
        }
    }
    match items.last_mut() {
        Some(last) => *last += &item,
        None => head += &item,
    }
    // Inner documentation stays where it is.
    if let Some(first) = items.first_mut()
        && head.is_empty()
    {
        head = std::mem::take(first);
    }
    (head, items)
}

/// Whether an item may stand anywhere: nothing in it begins or ends elsewhere, and it is no
/// macro, which must come before its use.
fn is_whole(item: &str) -> bool {
    let count = |letter: char| item.matches(letter).count();
    let starts = item.lines().find(|line| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with("//") && !line.starts_with('#')
    });
    let known = [
        "fn ",
        "pub fn ",
        "impl ",
        "struct ",
        "enum ",
        "pub struct ",
        "pub enum ",
    ];
    let is_known = starts.is_some_and(|line| known.iter().any(|word| line.starts_with(word)));
    is_known && count('{') == count('}') && !item.contains("//!") && !item.contains("/*")
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;

    use super::vary;

    const SOURCE: &str = "//! Mine.\n\nuse vmsim::prelude::*;\n\n/// One.\nfn one() {\n    let a = 1;\n}\n\nfn two() {\n    one();\n}\n";

    fn code(text: &[u8]) -> Vec<String> {
        let text = std::str::from_utf8(text).expect("a source");
        let lines = text.lines().map(str::trim);
        let code = lines.filter(|line| !line.is_empty() && !line.starts_with("// "));
        code.map(str::to_owned).collect()
    }

    #[test]
    fn no_line_of_code_is_lost_or_added() {
        let mut before = code(SOURCE.as_bytes());
        before.sort();
        for seed in 0..50 {
            let varied = vary("lab1.rs", SOURCE.as_bytes(), &mut Rng::with_seed(seed));
            let mut after = code(&varied);
            assert_eq!(after[..2], ["//! Mine.", "use vmsim::prelude::*;"]);
            after.sort();
            assert_eq!(after, before);
        }
    }

    #[test]
    fn two_students_write_two_files() {
        let write = |seed| vary("lab1.rs", SOURCE.as_bytes(), &mut Rng::with_seed(seed));
        assert_ne!(write(1), write(2));
        assert_eq!(write(1), write(1));
    }

    #[test]
    fn a_trace_stays_as_it_is() {
        let mut rng = Rng::with_seed(1);
        assert_eq!(vary("a.trace", b"machine\n", &mut rng), b"machine\n");
    }
}
