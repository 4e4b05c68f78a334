//! Shrinking: a trace "shows it" if it still holds some events.

use vmtrace::Line;
use vmtrace::shrink::shrink;

use crate::lines;

const TRACE: &str = "\
mmap 1 0x1000000 16K rw private anon
write 1 0x1000000
fork 1 2
read 2 0x1000000
write 2 0x1000000
read 1 0x1001000
exit 2
write 1 0x1000000
read 1 0x1002000
";

/// Shrinks [`TRACE`]; it shows as long as these lines are there.
fn shrunk_to(needed: &[u64]) -> Vec<u64> {
    let all_there = |lines: &[Line]| {
        let has = |number: &u64| lines.iter().any(|line| line.number == *number);
        needed.iter().all(has)
    };
    let shows = |lines: &[Line]| all_there(lines).then(|| lines.to_vec());
    shrink(lines(TRACE.as_bytes()), shows)
        .iter()
        .map(|line| line.number)
        .collect()
}

#[test]
fn what_is_needed_stays_and_nothing_else() {
    let needed: [&[u64]; 5] = [
        &[1],
        &[9],
        &[1, 9],
        &[1, 3, 5, 8],
        &[1, 2, 3, 4, 5, 6, 7, 8, 9],
    ];
    for lines in needed {
        assert_eq!(shrunk_to(lines), lines);
    }
}

#[test]
fn what_shows_earlier_cuts_the_rest_off() {
    let upto_write = |lines: &[Line]| {
        let at = lines.iter().position(|line| line.number == 5)?;
        Some(lines[..=at].to_vec())
    };
    let numbers: Vec<u64> = shrink(lines(TRACE.as_bytes()), upto_write)
        .iter()
        .map(|l| l.number)
        .collect();
    assert_eq!(numbers, [5]);
}
