//! On a terminal: a bar for each stage.

use std::collections::HashMap;
use std::time::Duration;

use grader::report::sink::terminal;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Sink, on_one_line, problem};
use crate::event::{Event, Reached, StageEnded, StageStarted, StepDone, Told};
use crate::words;

/// Letters of a name beside a bar.
const NAME_LETTERS_MAX: usize = 32;

/// How often something moves where nothing is counted, so that it is seen to live.
const TICK: Duration = Duration::from_millis(100);

/// A line of 40 letters has room for all but the end of the name. No colours, so that there
/// is nothing that `NO_COLOR` would have to take away.
const COUNTED: &str = "{prefix:>8} {bar:16} {pos}/{len} {wide_msg}";
const UNCOUNTED: &str = "{prefix:>8} {spinner} {wide_msg}";

/// Bars, one below the other. They are gone when the job is over.
pub struct Bars {
    all: MultiProgress,
    of: HashMap<&'static str, ProgressBar>,
    ticks: Option<Duration>,
}

impl Bars {
    /// Bars on standard error.
    pub fn on_stderr() -> Self {
        let mut bars = Self::on(ProgressDrawTarget::stderr());
        bars.ticks = Some(TICK);
        bars
    }

    /// Bars there, which move when something is told and not by themselves.
    pub fn on(target: ProgressDrawTarget) -> Self {
        Self {
            all: MultiProgress::with_draw_target(target),
            of: HashMap::new(),
            ticks: None,
        }
    }

    /// Prints above the bars.
    fn above(&self, line: &str) {
        let _nobody_reads = self.all.println(terminal::line(&on_one_line(line)));
    }

    fn started(&mut self, stage: &StageStarted) {
        let (bar, template) = match stage.total {
            Some(total) => (ProgressBar::new(total), COUNTED),
            None => (ProgressBar::new_spinner(), UNCOUNTED),
        };
        let style = ProgressStyle::with_template(template).expect("the templates are ours");
        let bar = self.all.add(bar.with_style(style).with_prefix(stage.stage));
        if let (Some(every), None) = (self.ticks, stage.total) {
            bar.enable_steady_tick(every);
        }
        bar.tick();
        self.of.insert(stage.stage, bar);
    }

    fn step(&self, step: &StepDone) {
        if step.problem {
            self.above(&problem(step));
        }
        let name = terminal::cell(&step.what, NAME_LETTERS_MAX);
        self.reached(step.stage, &step.reached, &name);
    }

    fn reached(&self, stage: &str, reached: &Reached, name: &str) {
        let Some(bar) = self.of.get(stage) else {
            return;
        };
        let left = match reached.left_ms {
            Some(left) => format!("{} left", words::millis(left)),
            None => String::new(),
        };
        bar.set_message(format!("{left}  {name}").trim().to_owned());
        bar.set_position(reached.done);
    }

    fn stage_ended(&mut self, ended: &StageEnded) {
        if let Some(bar) = self.of.remove(ended.stage) {
            bar.abandon_with_message(format!("in {}", words::millis(ended.took_ms)));
        }
    }
}

impl Sink for Bars {
    fn hear(&mut self, told: &Told, _elapsed: Duration) {
        match &told.event {
            Event::Started(_) => {}
            Event::StageStarted(stage) => self.started(stage),
            Event::Step(step) => self.step(step),
            Event::Reached(at) => self.reached(at.stage, &at.reached, ""),
            Event::StageEnded(ended) => self.stage_ended(ended),
            Event::Warning(warning) => self.above(&format!("warning: {}", warning.text)),
            Event::Ended(_) => drop(self.all.clear()),
        }
    }
}

impl Drop for Bars {
    /// An error that is told next has a terminal of its own.
    fn drop(&mut self) {
        drop(self.all.clear());
    }
}
