//! Why a replay and the kernel count differently: each reason that applies, with
//! its number where there is one. They were measured one by one, with the kernel's
//! own list of faults: labs/recorded/README.md.

use std::cmp::Reverse;

use crate::compare::{Comparison, weight};

/// Files that are listed by name.
const FILES_MAX: usize = 6;

/// How the import calls code that was mapped before the log begins.
const GUESSED: &str = "text-";

/// The reasons that apply to this program, the largest first as a rule.
pub(crate) fn reasons(of: &Comparison) -> impl Iterator<Item = String> {
    [
        libraries(of),
        fault_around(of),
        preloaded(of),
        execve(of),
        start(of),
        hidden(of),
        children(of),
        lost_children(of),
        huge_pages(of),
        major(of),
    ]
    .into_iter()
    .flatten()
}

fn libraries(of: &Comparison) -> Option<String> {
    let mut files: Vec<_> = of.files().collect();
    files.sort_by_key(|&(name, faults)| (Reverse(faults), name));
    let all: u64 = files.iter().map(|&(_, faults)| faults).sum();
    let named: Vec<_> = files
        .iter()
        .take(FILES_MAX)
        .map(|(name, faults)| format!("{name} {faults}"))
        .collect();
    let guessed = files.iter().any(|(name, _)| name.starts_with(GUESSED));
    let guessed = match guessed {
        true => {
            " The program and its loader are in memory before the log begins, so they are called \
             text-… and rodata-…, and their data is taken to be anonymous memory."
        }
        false => "",
    };
    (all > 0).then(|| {
        format!(
            "libraries and other files: {} of the replay, most of them in {}.{guessed}",
            faults(all),
            named.join(", ")
        )
    })
}

fn fault_around(of: &Comparison) -> Option<String> {
    (of.totals.windows > 0).then(|| {
        format!(
            "fault-around: {} of the replay read a page of a file, and each maps the 16 pages of \
             an aligned window (rule R8). Which pages share a window depends on where a library \
             begins. Linux decides that anew for each run, so its own counts vary by a few. Where \
             a file system keeps files in large folios, Linux may map more than 16 pages at once, \
             and counts less.",
            faults(of.totals.windows)
        )
    })
}

fn preloaded(of: &Comparison) -> Option<String> {
    let number = weight(of.preloaded());
    (number > 0).then(|| {
        format!(
            "the tool's own pages: {}. Valgrind preloads a library of its own (vgpreload_…) into \
             the program; it is in the log, so it is replayed. Linux never saw it.",
            faults(number)
        )
    })
}

fn execve(of: &Comparison) -> Option<String> {
    let on_linux = match of.tally.followed {
        Some(followed) => format!("{} on Linux", faults(weight(followed.exec))),
        None => "not known of Linux, where ptrace(2) was not allowed".to_owned(),
    };
    Some(format!(
        "execve: {on_linux}; {} in the replay. Before the program's first instruction the kernel \
         stores arguments and environment on the new stack, and clears the end of the last data \
         page of the program and of its loader. No log shows that: the replay begins with a store \
         to each page of the stack that the program uses then, and the program is the first to \
         touch the others.",
        weight(of.totals.before)
    ))
}

fn start(of: &Comparison) -> Option<String> {
    let here = match of.start() {
        0 => String::new(),
        number => format!(
            " (here {}, if chance did not do it: it is another run)",
            faults(number)
        ),
    };
    Some(format!(
        "the start: what a child does between fork and execve is charged to the program. \
         Started with vfork(2) it has little to copy{here}. A shell and /usr/bin/time use \
         fork(2), and their counts are 14 to 23 larger. Neither is in a log of the program."
    ))
}

fn hidden(_: &Comparison) -> Option<String> {
    Some(
        "what valgrind hides: 1 or 2 faults that only Linux has. The C library reads the vDSO, \
         which a program under valgrind does not see, and the kernel writes to the rseq(2) area, \
         which it does not have there. It also sees another CPU, so the C library chooses other \
         functions."
            .to_owned(),
    )
}

fn children(of: &Comparison) -> Option<String> {
    let children = of.tally.processes.saturating_sub(1);
    (children > 0).then(|| {
        format!(
            "children: {children} with a log, counted on both sides. In the replay a child runs \
             as a whole directly after its fork; on Linux both run at once, so it may be the \
             other one that copies a page. Valgrind makes vfork(2) a fork(2), so pages are copied \
             that Linux shares."
        )
    })
}

fn lost_children(of: &Comparison) -> Option<String> {
    let lost = of.tally.children_lost_to_exec;
    (lost > 0).then(|| {
        format!(
            "children that became other programs by execve(2): {lost}. From there on Linux goes \
             on counting, and the log has ended."
        )
    })
}

fn huge_pages(of: &Comparison) -> Option<String> {
    (of.tally.huge_pages == "always").then(|| {
        "huge pages: this Linux uses them without being asked, so one fault may bring 512 pages \
         of anonymous memory. In the replay it brings one."
            .to_owned()
    })
}

fn major(of: &Comparison) -> Option<String> {
    let cold = match of.tally.cold {
        Some(cold) => format!(
            " In the first run {} had to read the disk.",
            faults(cold.major)
        ),
        None => String::new(),
    };
    Some(format!(
        "major: the replay takes all files to be in memory, as they are once a program has \
         run.{cold}"
    ))
}

fn faults(number: u64) -> String {
    match number {
        1 => "1 fault".to_owned(),
        _ => format!("{number} faults"),
    }
}
