//! Results as a table that spreadsheets read.

use std::io;

use verdict::end::End;

use super::sink::csv::cell;
use crate::feedback::ShownClass;

/// Writes a row for each submission: id, end, score, max, and the score of each lab.
/// What was not graded for a fault of ours is empty, for it is no zero.
///
/// # Errors
///
/// If `out` does not take it.
pub fn write(class: &ShownClass, out: impl io::Write) -> csv::Result<()> {
    let class = class.class();
    let mut table = csv::Writer::from_writer(out);
    let mut numbers: Vec<u8> = class
        .submissions
        .iter()
        .flat_map(|s| &s.labs)
        .map(|lab| lab.number)
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let head = ["id", "end", "score", "max"].map(str::to_owned);
    table.write_record(
        head.into_iter()
            .chain(numbers.iter().map(|n| format!("lab{n}"))),
    )?;
    for submission in &class.submissions {
        let lab_score = |number: &u8| {
            let lab = submission.labs.iter().find(|lab| lab.number == *number);
            let ours = submission.end == End::NotGraded;
            match lab {
                Some(lab) if lab.max > 0.0 => lab.score.to_string(),
                _ if ours => String::new(),
                _ => "0".to_owned(),
            }
        };
        let row = [
            cell(&submission.id),
            submission.end.to_string(),
            if submission.max > 0.0 {
                submission.score.to_string()
            } else {
                String::new()
            },
            submission.max.to_string(),
        ];
        table.write_record(row.into_iter().chain(numbers.iter().map(lab_score)))?;
    }
    table.flush()?;
    Ok(())
}
