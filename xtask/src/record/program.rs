//! A program runs and becomes a trace.

use std::io::{self, IsTerminal};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::error::ErrorKind;
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};
use recorder::compact::Compaction;
use recorder::cut::Cut;
use recorder::import::Request;
use recorder::lackey::{Progress, Recording, Valgrind};
use recorder::native::{self, Native};
use recorder::program::Program;
use recorder::summary::Summary;
use tally::Tally;

use super::output::Output;
use super::{Args, traced};
use crate::exit::{Exit, Trouble};
use crate::interrupt::Interrupt;

pub(super) fn run(args: &Args, interrupt: &Interrupt) -> Result<Exit, Trouble> {
    let valgrind = Valgrind::find()?;
    let (name, rest) = args.program.split_first().expect("clap asks for it");
    let asked = Program::find(name, rest)?;
    let output = args.output_of(name.as_ref());
    let bar = progress(args.no_progress);
    let native = counts(args, &asked, &bar)?;
    let program = native.as_ref().map_or(&asked, |native| &native.program);
    if *program != asked {
        let line = format!("`{asked}` becomes `{program}` by execve(2): that is recorded");
        bar.suspend(|| eprintln!("{line}"));
    }
    bar.reset_elapsed();
    let recording = valgrind.record(program, args.compaction(), |so_far| {
        show(&bar, so_far);
        match interrupt.came() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    })?;
    bar.set_message("writing the trace");
    let summary = output.write(&args.of_recording(&recording, interrupt))?;
    bar.finish_and_clear();
    report(args, program, &recording);
    eprintln!("{summary}\n  to {}", output.path.display());
    if let Some(native) = &native {
        let path = output.write_tally(&tally(args, native, &recording, &summary))?;
        eprintln!("  and what the kernel counted to {}", path.display());
    }
    Ok(Exit::Done)
}

/// The program's name, in the current folder.
fn named_after(program: &Path) -> PathBuf {
    let name = program.file_name().unwrap_or("recorded".as_ref());
    let mut name = name.to_owned();
    name.push(".trace");
    name.into()
}

/// Ends with a usage error.
fn no_room() -> ! {
    let message = "standard output is the program's own\nhelp: `--out FILE`\n";
    clap::Error::raw(ErrorKind::ArgumentConflict, message).exit()
}

/// What the kernel counts for the program, if that can be compared with the trace.
fn counts(args: &Args, program: &Program, bar: &ProgressBar) -> Result<Option<Native>, Trouble> {
    if args.no_counts || args.cut() != Cut::None {
        return Ok(None);
    }
    bar.set_message("running the program by itself");
    Ok(Some(native::count(program, traced::helper)?))
}

impl Args {
    /// A file, named after the program unless said.
    fn output_of(&self, program: &Path) -> Output {
        let path = self.out.clone().unwrap_or_else(|| named_after(program));
        let output = Output {
            path,
            binary: self.binary,
        };
        if output.is_stdout() {
            no_room();
        }
        output
    }

    fn of_recording(&self, recording: &Recording, interrupt: &Interrupt) -> Request {
        Request {
            log: recording.first.clone(),
            children: recording.children.clone(),
            segments: self.segments.clone(),
            compaction: self.compaction(),
            cut: self.cut(),
            interrupt: interrupt.flag(),
        }
    }
}

/// Says what ran, and what of it is not in the trace.
fn report(args: &Args, program: &Program, recording: &Recording) {
    eprintln!(
        "recorded: {} accesses, {} of log; `{program}` ended with {}",
        HumanCount(recording.accesses),
        HumanBytes(recording.log_bytes),
        recording.status
    );
    if args.compaction() == Compaction::PerPage {
        eprintln!("left out: accesses that cannot fault; `--every-access` keeps them");
    }
    if recording.became_another {
        eprintln!(
            "left out: `{program}` became another program by execve(2), and a trace is of one \
             address space\nhelp: record that other program"
        );
    }
    if recording.children_lost_to_exec > 0 {
        eprintln!(
            "left out: {} children became other programs by execve(2); the trace has them up to \
             there",
            recording.children_lost_to_exec
        );
    }
}

fn tally(args: &Args, native: &Native, recording: &Recording, summary: &Summary) -> Tally {
    let command = args.program.iter().map(|word| word.to_string_lossy());
    Tally {
        version: tally::VERSION,
        command: command.map(Into::into).collect(),
        recorded: native.program.words(),
        events: summary.events,
        processes: summary.processes,
        children_lost_to_exec: recording.children_lost_to_exec,
        kernel: native::kernel(),
        huge_pages: native::huge_pages(),
        started: native.started,
        cold: native.cold,
        followed: native.followed,
    }
}

fn progress(never: bool) -> ProgressBar {
    if never || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {elapsed}  {msg}");
    let bar = ProgressBar::new_spinner()
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn show(
    bar: &ProgressBar,
    Progress {
        accesses,
        log_bytes,
    }: Progress,
) {
    let per_second = accesses as f64 / bar.elapsed().as_secs_f64().max(0.001);
    bar.set_message(format!(
        "{} accesses, {} of log, {} a second",
        HumanCount(accesses),
        HumanBytes(log_bytes),
        HumanCount(per_second as u64)
    ));
}
