//! Where there is no terminal: a plain line now and then.

use std::collections::HashMap;
use std::io::Write;
use std::time::Duration;

use grader::report::sink::terminal;

use super::{Sink, of_total, on_one_line, problem};
use crate::event::{Event, Reached, StageEnded, StageStarted, StepDone, Told};
use crate::words;

/// Shares of a stage that are worth a line: every tenth.
const SHARES: u64 = 10;

/// However fast it goes, no line comes sooner than that after the last one.
const SOONEST: Duration = Duration::from_secs(5);

/// However slowly it goes, the first thing done after that gets a line.
const LATEST: Duration = Duration::from_secs(60);

/// A stage that was over so soon needs no line to say so.
const BRIEF_MS: u64 = 1000;

/// Plain lines: each stage, every tenth of it, and each problem.
pub struct Lines<W> {
    out: W,
    of: HashMap<&'static str, Stage>,
}

/// A stage under way.
struct Stage {
    unit: &'static str,
    total: Option<u64>,
    /// When there was a line last, and how many tenths were done then.
    last: Duration,
    share: u64,
}

impl<W: Write + Send> Lines<W> {
    /// Lines go there.
    pub fn to(out: W) -> Self {
        Self {
            out,
            of: HashMap::new(),
        }
    }

    fn line(&mut self, line: &str) {
        // Whoever read them may be gone, which is nothing to stop for.
        let _nobody_reads = writeln!(self.out, "{}", terminal::line(&on_one_line(line)));
        let _nobody_reads = self.out.flush();
    }

    fn started(&mut self, stage: &StageStarted, elapsed: Duration) {
        let total = stage.total.map(|total| format!(": {total} {}", stage.unit));
        self.line(&format!("{}{}", stage.stage, total.unwrap_or_default()));
        let under_way = Stage {
            unit: stage.unit,
            total: stage.total,
            last: elapsed,
            share: 0,
        };
        self.of.insert(stage.stage, under_way);
    }

    fn step(&mut self, step: &StepDone, elapsed: Duration) {
        if step.problem {
            self.line(&problem(step));
        }
        self.reached(step.stage, &step.reached, elapsed);
    }

    fn reached(&mut self, name: &str, reached: &Reached, elapsed: Duration) {
        let Some(stage) = self.of.get_mut(name) else {
            return;
        };
        let share = match reached.total {
            Some(total) if total > 0 => reached.done * SHARES / total,
            _ => 0,
        };
        let quiet = elapsed.saturating_sub(stage.last);
        let is_due = share > stage.share && quiet >= SOONEST || quiet >= LATEST;
        // The last one is told of when the stage is over.
        if !is_due || reached.total == Some(reached.done) {
            return;
        }
        let left = reached.left_ms.map(words::millis);
        let left = left
            .map(|left| format!(", {left} left"))
            .unwrap_or_default();
        let count = of_total(reached.done, reached.total);
        (stage.last, stage.share) = (elapsed, share);
        let line = format!("{name}: {count} {}{left}", stage.unit);
        self.line(&line);
    }

    fn stage_ended(&mut self, ended: &StageEnded) {
        let total = self.of.remove(ended.stage).and_then(|stage| stage.total);
        if ended.took_ms < BRIEF_MS {
            return;
        }
        let count = of_total(ended.done, total);
        let outcomes = match ended.outcomes.is_empty() {
            true => String::new(),
            false => format!(": {}", words::outcomes(&ended.outcomes)),
        };
        let (stage, unit) = (ended.stage, ended.unit);
        let took = words::millis(ended.took_ms);
        match ended.done {
            0 => self.line(&format!("{stage}: took {took}")),
            _ => self.line(&format!("{stage}: {count} {unit} in {took}{outcomes}")),
        }
    }
}

impl<W: Write + Send> Sink for Lines<W> {
    fn hear(&mut self, told: &Told, elapsed: Duration) {
        match &told.event {
            Event::StageStarted(stage) => self.started(stage, elapsed),
            Event::Step(step) => self.step(step, elapsed),
            Event::Reached(at) => self.reached(at.stage, &at.reached, elapsed),
            Event::StageEnded(ended) => self.stage_ended(ended),
            Event::Warning(warning) => self.line(&format!("warning: {}", warning.text)),
            // What stopped it is told by whoever ends the process.
            Event::Started(_) | Event::Ended(_) => {}
        }
    }
}
