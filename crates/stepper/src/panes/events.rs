//! The list of events, each with its class in words.

use film::scene::{Outcome, Scene};

use crate::difference::differs;
use crate::look::Look;
use crate::reel::Reel;
use crate::rows::{Row, Rows, Sign};

/// The events around one, as many as there is room for. Those that differ from the
/// expected film have their sign.
pub(crate) fn events(
    reel: &Reel,
    expected: Option<&Reel>,
    at: usize,
    room: usize,
    look: Look,
) -> Rows {
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
            text: format!("{flag}{}", line(&scene)),
            style: look.outcome(scene.outcome),
        })
    });
    Rows {
        rows: rows.collect(),
        focus: at - first,
    }
}

/// `  12 write 1 0x10000000 =7      minor demand-zero`.
fn line(scene: &Scene) -> String {
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
    format!("{:>4} {:<34}  {words}", scene.line, scene.text)
}
