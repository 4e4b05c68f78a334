//! The seven steps of a fault, the current one marked.

use film::scene::{Fault, Scene};
use ratatui::style::{Modifier, Style};

use crate::panes::Sight;
use crate::rows::{Row, Rows, Sign};

/// `fault 1 of 2, step 4 of 7: the kernel investigates`.
pub(crate) fn heading(sight: &Sight<'_>) -> String {
    let (scene, place) = (&sight.moment.scene, sight.place);
    let Some(fault) = sight.moment.fault(place) else {
        return "no fault".to_owned();
    };
    let which = match scene.faults.len() {
        1 => "fault".to_owned(),
        many => format!("fault {} of {many}", place.fault + 1),
    };
    let title = fault.title(place.step);
    format!("{which}, step {} of 7: {title}", place.step + 1)
}

/// The steps of the fault, or what the event did without one. With little room only the
/// current step is told in full, and as many of the others as fit.
pub(crate) fn steps(sight: &Sight<'_>, room: usize) -> Rows {
    let scene = &sight.moment.scene;
    let mut rows = match sight.moment.fault(sight.place) {
        Some(fault) => of_fault(fault, sight, room.saturating_sub(extra(scene, sight).len())),
        None => without_fault(scene, sight),
    };
    let focus = rows.iter().position(|row| row.sign == Sign::Here);
    rows.extend(extra(scene, sight));
    Rows {
        rows,
        focus: focus.unwrap_or_default(),
    }
}

fn of_fault(fault: &Fault, sight: &Sight<'_>, room: usize) -> Vec<Row> {
    let here = sight.place.step;
    let told: Vec<Vec<String>> = fault
        .steps
        .iter()
        .map(|lines| wrapped(lines, sight))
        .collect();
    let mut full = [false; 7];
    full[here] = true;
    let mut used = fault.steps.len() + told[here].len();
    // The nearest first, and of two the one before: what led here.
    let mut others: Vec<usize> = (0..fault.steps.len())
        .filter(|&step| step != here)
        .collect();
    others.sort_by_key(|&step| (step.abs_diff(here), step));
    for step in others {
        full[step] = used + told[step].len() <= room;
        used += if full[step] { told[step].len() } else { 0 };
    }
    let mut rows = Vec::new();
    for (step, lines) in told.into_iter().enumerate() {
        let (sign, style) = match step == here {
            true => (Sign::Here, Style::new().add_modifier(Modifier::REVERSED)),
            false => (Sign::None, Style::new().add_modifier(Modifier::BOLD)),
        };
        rows.push(Row {
            style,
            ..Row::new(sign, format!("{} {}", step + 1, fault.title(step)))
        });
        if full[step] {
            rows.extend(lines.into_iter().map(Row::plain));
        }
    }
    rows
}

fn without_fault(scene: &Scene, sight: &Sight<'_>) -> Vec<Row> {
    let told = match (&scene.note, scene.class.as_str()) {
        (Some(note), _) => note.clone(),
        (None, "hit") => "a hit: the TLB or the page table allows the access, and no exception is \
                          raised"
            .to_owned(),
        (None, "") => "a system call, or the world: no access, and no fault".to_owned(),
        (None, class) => class.to_owned(),
    };
    wrapped(&[told], sight)
        .into_iter()
        .map(|line| Row::plain(line.trim_start()))
        .collect()
}

/// What is told besides the steps: services for other reasons, and the audit.
fn extra(scene: &Scene, sight: &Sight<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    if !scene.calls.is_empty() {
        let title = match scene.faults.is_empty() {
            true => "the kernel acts",
            false => "and besides the fault",
        };
        rows.push(Row::title(title));
        for call in &scene.calls {
            let place = call.at.rsplit('/').next().unwrap_or_default();
            let lines = wrapped(&[format!("{}  {place}", call.what)], sight);
            rows.extend(lines.into_iter().map(Row::plain));
        }
    }
    for violation in &scene.violations {
        let at = violation.at.as_ref().map(|at| format!(" at {at}"));
        let text = format!("!! {}{}", violation.what, at.unwrap_or_default());
        let lines = wrapped(&[text], sight);
        rows.extend(lines.into_iter().map(|line| Row::new(Sign::Differs, line)));
    }
    rows
}

/// Lines of a step, indented below its title, and broken where they do not fit.
fn wrapped(lines: &[String], sight: &Sight<'_>) -> Vec<String> {
    let columns = sight.columns.max(20);
    let options = textwrap::Options::new(columns)
        .initial_indent("    ")
        .subsequent_indent("      ");
    let wrap = |line: &String| {
        let parts = textwrap::wrap(line, &options).into_iter();
        parts.map(|part| part.into_owned()).collect::<Vec<_>>()
    };
    lines.iter().flat_map(wrap).collect()
}
