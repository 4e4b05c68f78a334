//! The replay's totals beside the kernel's.

use std::fmt::{self, Display, Formatter};

use runner::totals::{ANONYMOUS, Counts, Totals};
use tally::{Followed, Tally};
use textwrap::WordSplitter;

use crate::reasons::reasons;

/// How the names of valgrind's own libraries begin, which it preloads.
const PRELOADED: &str = "vgpreload_";

/// Columns of the first column, and of a line of text.
const WHAT_COLUMNS: usize = 58;
const LINE_COLUMNS: usize = 90;

/// What a replay predicts of a recorded program, beside what the kernel counted,
/// and why the two differ.
pub(crate) struct Comparison<'a> {
    pub totals: &'a Totals,
    pub tally: &'a Tally,
}

impl Display for Comparison<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (Self { totals, tally }, kernel) = (self, &self.tally.kernel);
        if tally.events != totals.events {
            return writeln!(
                f,
                "not compared: the kernel's counts beside this trace belong to one with {} \
                 events, and it has {}",
                tally.events, totals.events
            );
        }
        writeln!(
            f,
            "`{}`, replayed and on {kernel}\n",
            tally.command.join(" ")
        )?;
        self.table(f)?;
        writeln!(f, "\n{}\n", self.difference())?;
        for reason in reasons(self) {
            wrapped(f, &reason)?;
        }
        Ok(())
    }
}

impl Comparison<'_> {
    fn table(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let preloaded = self.preloaded();
        writeln!(f, "{:<WHAT_COLUMNS$}{:>8}{:>8}", "faults", "minor", "major")?;
        row(f, "predicted by the replay", self.totals.all)?;
        row(f, "  of these in valgrind's own library", preloaded)?;
        row(
            f,
            "  left for the program",
            less(self.totals.all, preloaded),
        )?;
        row(
            f,
            "counted by Linux (wait4), started with vfork",
            self.tally.started,
        )?;
        if let Some(followed) = self.tally.followed {
            let what = "counted by Linux in another run, from execve on";
            row(f, what, from_execve(followed))?;
            row(f, "  of these by execve itself", followed.exec)?;
        }
        match self.tally.cold {
            Some(cold) => row(f, "counted by Linux in the first run", cold),
            None => Ok(()),
        }
    }

    /// The difference between the program's faults here and there.
    fn difference(&self) -> String {
        let replayed = self.program();
        let (least, most) = self.counted();
        let runs = match least == most {
            true => format!("{least} on Linux"),
            false => format!("{least} and {most} in two runs on Linux"),
        };
        let words = if replayed < least {
            format!("{} more on Linux", range(least - replayed, most - replayed))
        } else if replayed > most {
            format!(
                "{} more in the replay",
                range(replayed - most, replayed - least)
            )
        } else {
            "no more than between two runs".to_owned()
        };
        format!("For the program: {replayed} in the replay, {runs}; {words}. Why they differ:")
    }

    /// The program's faults in the replay.
    fn program(&self) -> u64 {
        weight(less(self.totals.all, self.preloaded()))
    }

    /// The program's faults on Linux, in the run with fewer and in the other one.
    fn counted(&self) -> (u64, u64) {
        let started = weight(self.tally.started);
        let followed = self.tally.followed.map(|run| weight(from_execve(run)));
        let other = followed.unwrap_or(started);
        (started.min(other), started.max(other))
    }

    /// By how much the run with its start has more faults than the one from execve
    /// on.
    pub fn start(&self) -> u64 {
        let followed = self.tally.followed.map(|run| weight(from_execve(run)));
        let started = weight(self.tally.started);
        started.saturating_sub(followed.unwrap_or(started))
    }

    /// Faults in the libraries that valgrind adds to a program.
    pub fn preloaded(&self) -> Counts {
        let mut counts = Counts::default();
        for (name, &more) in &self.totals.places {
            if name.starts_with(PRELOADED) {
                counts += more;
            }
        }
        counts
    }

    /// The files that the program maps itself, and the faults there.
    pub fn files(&self) -> impl Iterator<Item = (&str, u64)> {
        let places = self.totals.places.iter();
        places
            .map(|(name, &counts)| (name.as_str(), weight(counts)))
            .filter(|(name, _)| *name != ANONYMOUS && !name.starts_with(PRELOADED))
    }
}

/// Minor and major together: which of the two a fault is depends on the cache.
pub(crate) fn weight(Counts { minor, major }: Counts) -> u64 {
    minor + major
}

fn from_execve(Followed { exec, program }: Followed) -> Counts {
    let mut all = exec;
    all += program;
    all
}

fn less(all: Counts, part: Counts) -> Counts {
    Counts {
        minor: all.minor - part.minor,
        major: all.major - part.major,
    }
}

fn row(f: &mut Formatter<'_>, what: &str, Counts { minor, major }: Counts) -> fmt::Result {
    writeln!(f, "{what:<WHAT_COLUMNS$}{minor:>8}{major:>8}")
}

fn range(least: u64, most: u64) -> String {
    match least == most {
        true => least.to_string(),
        false => format!("{least} to {most}"),
    }
}

/// Writes an item of a list, in lines that people can read.
fn wrapped(f: &mut Formatter<'_>, item: &str) -> fmt::Result {
    let lines = textwrap::Options::new(LINE_COLUMNS)
        .initial_indent("- ")
        .subsequent_indent("  ")
        .word_splitter(WordSplitter::NoHyphenation);
    writeln!(f, "{}", textwrap::fill(item, lines))
}
