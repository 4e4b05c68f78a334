//! The seven steps of a fault, the current one marked.

use std::slice;

use film::scene::{ACTS, Fault, Scene};
use film::state::{Change, State, Usage};
use ratatui::style::{Modifier, Style};

use crate::panes::{Sight, addr, entry, frame_name};
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
    let told = [0, 1, 2, 3, 4, 5, 6].map(|step| told(fault, step, sight));
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
            rows.extend(lines);
        }
    }
    rows
}

/// The lines of a step, broken where they do not fit. Those that the other film has not
/// are marked; how handlers act is their own business.
fn told(fault: &Fault, step: usize, sight: &Sight<'_>) -> Vec<Row> {
    let others = sight.other.filter(|_| step != ACTS);
    let row = |line: &String| {
        let differs = others.is_some_and(|other| !other.steps[step].contains(line));
        let sign = if differs { Sign::Differs } else { Sign::None };
        let lines = wrapped(slice::from_ref(line), sight).into_iter();
        lines.map(move |line| Row::new(sign, line))
    };
    fault.steps[step].iter().flat_map(row).collect()
}

fn without_fault(scene: &Scene, sight: &Sight<'_>) -> Vec<Row> {
    let told = match (&scene.note, scene.class.as_str()) {
        (Some(note), _) => note.clone(),
        (None, "hit") => "a hit: the TLB or the page table allows the access, and no exception is \
                          raised"
            .to_owned(),
        (None, "") => format!("no access, and so no fault: {}", in_words(&scene.op)),
        (None, "no process") => "there is no such process any more".to_owned(),
        (None, error) => format!("the system call fails: {error}"),
    };
    let told = textwrap::wrap(&told, sight.columns.max(20));
    let mut rows: Vec<Row> = told.iter().map(|line| Row::plain(line.as_ref())).collect();
    let changes = scene.changes.iter();
    let changes: Vec<Row> = changes
        .filter_map(|change| changed(change, sight))
        .collect();
    if !changes.is_empty() {
        rows.push(Row::title("what it changes"));
        rows.extend(changes);
    }
    rows
}

/// What an event is that is no access.
fn in_words(op: &str) -> &'static str {
    match op {
        "mmap" => "the kernel makes a promise (a VMA), and touches no page",
        "munmap" => "the kernel takes its promise back, and gives up the pages",
        "mprotect" => "the range allows something else from now on",
        "madvise" => "the program tells what it will do with the range",
        "brk" => "the end of the heap moves",
        "fork" => "the child gets the same VMAs, and shares the pages that were written",
        "exit" => "the process gives up all that it has",
        "file" => "a file comes into being",
        "load" => "pages of the file are read into the page cache, and mapped nowhere",
        "drop" => "clean pages of the file that nobody maps leave the page cache",
        "msync" => "dirty pages are written to their file, and write-protected again",
        "sigaction" => "the program says what is to happen at a signal",
        _ => "a system call",
    }
}

/// A change as a row: its sign, and what it is about.
fn changed(change: &Change, sight: &Sight<'_>) -> Option<Row> {
    let (before, now) = (&sight.moment.before, &sight.moment.state);
    let row = |sign: Sign, text: String| Some(Row::new(sign, text));
    match change {
        Change::Process(pid, true) => row(Sign::New, format!("process {pid}")),
        Change::Process(pid, false) => row(Sign::Gone, format!("process {pid}")),
        Change::Vma(pid, start, Some(vma)) => {
            let what = format!("{:#x} {} {}", vma.end, vma.prot, vma.backing);
            row(Sign::Changed, format!("VMA {pid}:{start:#x}-{what}"))
        }
        Change::Vma(pid, start, None) => row(Sign::Gone, format!("VMA {pid}:{start:#x}")),
        Change::Page(pid, page, Some(found)) => {
            let what = entry(now, found);
            row(Sign::Changed, format!("entry {pid}:{} {what}", addr(*page)))
        }
        Change::Page(pid, page, None) => row(Sign::Gone, format!("entry {pid}:{}", addr(*page))),
        Change::Tlb(cpu, pid, page, Some(_)) => {
            let page = addr(*page);
            row(Sign::Changed, format!("CPU {cpu} remembers {pid}:{page}"))
        }
        Change::Tlb(cpu, pid, page, None) => row(
            Sign::Gone,
            format!("CPU {cpu} forgets {pid}:{}", addr(*page)),
        ),
        Change::Frame(number, Some(frame)) if frame.usage != Usage::Table => {
            let name = frame_name(now, *number);
            let caches = frame.caches.as_ref().map(|page| format!(", caches {page}"));
            let caches = caches.unwrap_or_default();
            row(
                Sign::Changed,
                format!("frame {name}: refs {}{caches}", frame.refs),
            )
        }
        Change::Frame(number, None) if !is_table(before, *number) => row(
            Sign::Gone,
            format!("frame {}: free", frame_name(before, *number)),
        ),
        Change::Slot(slot, Some(found)) => row(
            Sign::Changed,
            format!("swap slot {slot}: refs {}", found.refs),
        ),
        Change::Slot(slot, None) => row(Sign::Gone, format!("swap slot {slot}: free")),
        Change::Frame(..) | Change::Total(..) => None,
    }
}

fn is_table(state: &State, number: u32) -> bool {
    let frame = state.frames.get(&number);
    frame.is_some_and(|frame| frame.usage == Usage::Table)
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
        // Columns within a line are kept where there is room for them.
        let line = match line.chars().count() + 4 > columns {
            true => &squeezed(line),
            false => line,
        };
        let parts = textwrap::wrap(line, &options).into_iter();
        parts.map(|part| part.into_owned()).collect::<Vec<_>>()
    };
    lines.iter().flat_map(wrap).collect()
}

/// The line with no more than two blanks in a row.
fn squeezed(line: &str) -> String {
    let mut blanks = 0;
    line.chars()
        .filter(|&letter| {
            blanks = if letter == ' ' { blanks + 1 } else { 0 };
            blanks <= 2
        })
        .collect()
}
