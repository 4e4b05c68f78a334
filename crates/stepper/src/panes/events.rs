//! The list of events, each with its class in words.

use film::scene::{Outcome, Scene};

use crate::difference::differs;
use crate::look::Look;
use crate::reel::Reel;
use crate::rows::{Row, Rows, Sign};

/// How much room there is, and how it looks.
#[derive(Clone, Copy)]
pub(crate) struct Paper {
    pub rows: usize,
    pub columns: usize,
    pub look: Look,
}

/// Columns that the class has at least.
const CLASS_COLUMNS: usize = 27;

/// The events around one, as many as there is room for. Those that differ from the
/// expected film have their sign.
pub(crate) fn events(reel: &Reel, expected: Option<&Reel>, at: usize, paper: Paper) -> Rows {
    let Paper {
        rows: room,
        columns,
        look,
    } = paper;
    let first = at
        .saturating_sub(room / 2)
        .min(reel.len().saturating_sub(room));
    let numbers = first..reel.len().min(first + room);
    let rows = numbers.filter_map(|number| {
        let scene = reel.scene(number)?;
        let differs = expected.is_some_and(|expected| differs(reel, expected, number));
        let sign = match (number == at, differs) {
            (true, _) => Sign::Here,
            (_, true) => Sign::Differs,
            _ => Sign::None,
        };
        let flag = if differs && number == at { "!" } else { " " };
        Some(Row {
            sign,
            text: format!("{flag}{}", line(&scene, columns.saturating_sub(1), look)),
            style: look.outcome(scene.outcome),
        })
    });
    Rows {
        rows: rows.collect(),
        focus: at - first,
    }
}

/// `  12 write 1 0x10000000 =7      minor demand-zero`.
fn line(scene: &Scene, columns: usize, look: Look) -> String {
    let mut words = vec![scene.class.clone()];
    words.extend(scene.value.map(|value| format!("= {value}")));
    words.extend(scene.end.clone().filter(|_| scene.outcome != Outcome::Oom));
    match scene.outcome {
        Outcome::Stopped => words.push("a handler did not return".to_owned()),
        Outcome::Failed => words.push("(failed)".to_owned()),
        _ => {}
    }
    if !scene.violations.is_empty() {
        words.push("!! audit".to_owned());
    }
    words.retain(|word| !word.is_empty());
    let words = words.join("  ");
    let text = columns.saturating_sub(CLASS_COLUMNS + 7).clamp(12, 44);
    let what = shortened(&scene.text, text, look);
    let line = format!("{:>4} {what:<text$}  {words}", scene.line);
    shortened(&line, columns, look)
}

/// The text, cut where it does not fit.
fn shortened(text: &str, columns: usize, look: Look) -> String {
    if text.chars().count() <= columns {
        return text.to_owned();
    }
    let cut = look.write("…", "..");
    let kept = columns.saturating_sub(cut.chars().count());
    text.chars().take(kept).chain(cut.chars()).collect()
}
