//! Small spaces, taken whole: every change of one byte of every marker.
//!
//! Such a change is refused. The few that only add or remove a blank line pass,
//! and even then no line of the solution gets out.

use std::ops::Range;
use std::path::Path;

use handout::generate;

const SOURCE: &str = "\
fn a() {
    // FAULTLINE-BEGIN demand_zero
    secret_one();

    secret_two();
    // FAULTLINE-HANDOUT
    // let _ = 1;
    // todo!()
    // FAULTLINE-END demand_zero
}

// FAULTLINE-SOLUTION-ONLY-BEGIN helper
fn secret_helper() {}
// FAULTLINE-SOLUTION-ONLY-END helper

fn b() {
    // FAULTLINE-BEGIN reuse
    secret_three();
    // FAULTLINE-HANDOUT
    // todo!()
    // FAULTLINE-END reuse
}
";

/// The bytes of each marker line, its line feed and the one before it included.
fn marker_lines() -> Vec<Range<usize>> {
    let mut start = 0;
    let mut ranges = Vec::new();
    for line in SOURCE.split_inclusive('\n') {
        if line.contains("FAULTLINE") {
            ranges.push(start - 1..start + line.len());
        }
        start += line.len();
    }
    assert_eq!(ranges.len(), 8);
    ranges
}

fn ascii() -> impl Iterator<Item = char> {
    (0..=127_u8).map(char::from)
}

/// The source with the byte at `index` replaced.
fn replaced(index: usize, by: &str) -> String {
    format!("{}{by}{}", &SOURCE[..index], &SOURCE[index + 1..])
}

fn inserted(index: usize, by: char) -> String {
    format!("{}{by}{}", &SOURCE[..index], &SOURCE[index..])
}

fn skeleton(source: &str) -> Option<String> {
    generate(source, Path::new("lab.rs"))
        .ok()
        .map(|generated| generated.text)
}

#[test]
fn every_replaced_byte_of_a_marker_is_refused() {
    for index in marker_lines().into_iter().flatten() {
        let old = SOURCE[index..].chars().next().unwrap();
        for new in ascii().chain(['ü', '\u{200b}', 'А']).filter(|c| *c != old) {
            let source = replaced(index, &new.to_string());
            assert_eq!(skeleton(&source), None, "byte {index} as {new:?}");
        }
    }
}

#[test]
fn every_deleted_byte_of_a_marker_is_refused() {
    for index in marker_lines().into_iter().flatten() {
        let source = replaced(index, "");
        let blank_line_deleted = SOURCE[index..].starts_with("\n\n");
        if !blank_line_deleted && !SOURCE[..index].ends_with('\n') {
            assert_eq!(skeleton(&source), None, "byte {index}");
        }
        assert_tight(&source);
    }
}

#[test]
fn every_byte_inserted_into_a_marker_is_refused() {
    for range in marker_lines() {
        for index in range.start + 2..range.end {
            for new in ascii() {
                let source = inserted(index, new);
                let after_the_line = new == '\n' && index == range.end - 1;
                if !after_the_line {
                    assert_eq!(skeleton(&source), None, "{new:?} at byte {index}");
                }
                assert_tight(&source);
            }
        }
    }
}

#[test]
fn every_marker_deleted_or_doubled_or_swapped_is_refused() {
    let lines: Vec<&str> = SOURCE.split_inclusive('\n').collect();
    let markers: Vec<usize> = (0..lines.len())
        .filter(|line| lines[*line].contains("FAULTLINE"))
        .collect();
    for &marker in &markers {
        let mut deleted = lines.clone();
        deleted.remove(marker);
        assert_eq!(skeleton(&deleted.concat()), None, "without line {marker}");

        let mut doubled = lines.clone();
        doubled.insert(marker, lines[marker]);
        assert_eq!(skeleton(&doubled.concat()), None, "line {marker} twice");

        for &other in markers.iter().filter(|other| **other > marker) {
            if lines[marker] != lines[other] {
                let mut swapped = lines.clone();
                swapped.swap(marker, other);
                assert_eq!(skeleton(&swapped.concat()), None, "{marker} as {other}");
            }
        }
    }
}

#[test]
fn no_byte_anywhere_lets_a_solution_out() {
    // What the marker language knows, and one letter of each case.
    const MEANINGFUL: [char; 8] = ['\n', ' ', '/', '-', '_', 'F', 'f', '\t'];
    for index in 0..SOURCE.len() {
        for new in MEANINGFUL {
            assert_tight(&replaced(index, &new.to_string()));
            assert_tight(&inserted(index, new));
        }
        assert_tight(&replaced(index, ""));
    }
}

/// Asserts that the source is refused or hands out nothing of the solution.
#[track_caller]
fn assert_tight(source: &str) {
    if let Some(text) = skeleton(source) {
        assert!(!text.contains("secret"), "{source}\nleaks:\n{text}");
        assert!(!text.contains("FAULTLINE"), "{source}\nmarks:\n{text}");
    }
}
