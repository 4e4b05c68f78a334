//! How a student's points come about, in lines for that student.

use super::sink::terminal;
use crate::standing::{Adjustment, Standing};

/// What was taken for being late, and what people have added; nothing if that is nothing.
pub fn lines(standing: &Standing) -> Vec<String> {
    let late = (standing.late.seconds > 0).then(|| {
        let because = terminal::line(&standing.late.because);
        format!("Late: {because} That costs {:.2} points.", standing.penalty)
    });
    let changes = standing.adjustments.iter().map(change);
    late.into_iter().chain(changes).collect()
}

fn change(adjustment: &Adjustment) -> String {
    let Adjustment {
        lab,
        points,
        remark,
        author,
        at: _,
    } = adjustment;
    let of = lab.map_or_else(String::new, |lab| format!(" for lab {lab}"));
    let (remark, author) = (terminal::line(remark), terminal::line(author));
    format!("{points:+.2} points{of}: {remark} ({author})")
}
