//! A leaderboard, as far as it may be shown.
//!
//! Its traces are hidden, and give no points. What each of them cost is what it is
//! there to tell; what a policy said on the way is not.

use course::feedback::Feedback;
use serde::Serialize;
use verdict::end::End;

use super::excerpt::Room;
use crate::leaderboard::{Leaderboard, Measured, Row, WRONG};

/// What became of the policies, as far as it may be shown.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct ShownBoard(Leaderboard);

impl ShownBoard {
    /// What may be shown if so much was asked for. The costs are shown at every level.
    pub fn new(board: &Leaderboard, asked: Feedback) -> Self {
        let shown = |row: &Row| shown(row, asked);
        Self(Leaderboard {
            rows: board.rows.iter().map(shown).collect(),
            ..board.clone()
        })
    }

    /// What may be shown.
    pub fn board(&self) -> &Leaderboard {
        &self.0
    }
}

fn shown(row: &Row, asked: Feedback) -> Row {
    let Row {
        name,
        kind,
        end,
        relative,
        message,
        runs,
    } = row;
    let mut room = Room::new();
    // What never ran said nothing about a trace: this is the compiler's.
    let all = asked == Feedback::Full || runs.is_empty();
    let own = |end| if all { end } else { coarse(end) };
    Row {
        name: name.clone(),
        kind: *kind,
        end: own(*end),
        relative: *relative,
        message: match all {
            true => room.text(message),
            false => ours(message),
        },
        runs: runs
            .iter()
            .map(|run| Measured {
                end: own(run.end),
                message: match all {
                    true => room.text(&run.message),
                    false => ours(&run.message),
                },
                at: run.at.clone().filter(|_| all),
                ..run.clone()
            })
            .collect(),
    }
}

fn coarse(end: End) -> End {
    match end {
        End::Passed | End::NotGraded => end,
        _ => End::Failed,
    }
}

/// What we say ourselves of a run, without the line.
fn ours(message: &str) -> String {
    let said = WRONG.into_iter().find(|wrong| message.ends_with(wrong));
    said.unwrap_or_default().to_owned()
}
