//! A trace in memory, and as the text that a person reads.

use std::fmt::Write;

use vmsim::event::{Config, Event};
use vmtrace::error::ReadError;
use vmtrace::machine::{KEYS, Key, Notation};
use vmtrace::names::Names;
use vmtrace::open::open;
use vmtrace::shrink::{file_of, renumber_files};
use vmtrace::text::print::EventText;
use vmtrace::valid::{check_config, check_event};

/// Where the outcomes stand, unless an event is longer.
const OUTCOME_COLUMN: usize = 52;

/// A machine and what happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The machine.
    pub config: Config,
    /// The events.
    pub events: Vec<Event>,
}

impl Script {
    /// Reads a trace.
    ///
    /// # Errors
    ///
    /// If it is malformed.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let mut trace = open(bytes)?;
        let events = trace.by_ref().map(|line| line.map(|line| line.event));
        Ok(Self {
            events: events.collect::<Result<_, _>>()?,
            config: *trace.config(),
        })
    }

    /// The names of its files.
    pub fn names(&self) -> Names {
        Names::of(&self.events)
    }

    /// Whether it can be written down.
    pub fn is_valid(&self) -> bool {
        let mut names = Names::default();
        let mut valid = |event: &Event| {
            let written = check_event(event, &self.config, &names).is_ok();
            if let vmsim::event::Op::File { name, .. } = &event.op {
                let _id = names.add(name);
            }
            written
        };
        check_config(&self.config).is_ok() && self.events.iter().all(&mut valid)
    }

    /// The same machine with some of the events; none if one of them names a file that
    /// is not there any more.
    pub fn with_events(&self, events: &[Event]) -> Option<Self> {
        let (all, kept) = (self.names(), Names::of(events));
        let mut events = events.to_vec();
        for event in &mut events {
            renumber_files(&mut event.op, &all, &kept)?;
        }
        Some(Self {
            config: self.config,
            events,
        })
    }

    /// Without the files that nothing is done with.
    pub fn without_idle_files(self) -> Self {
        let names = self.names();
        let used = |name: &str| {
            let id = names.find(name);
            let mut events = self.events.iter().map(|event| event.op.clone());
            events.any(|mut op| file_of(&mut op).is_some_and(|file| Some(*file) == id))
        };
        let stays = |event: &&Event| match &event.op {
            vmsim::event::Op::File { name, .. } => used(name),
            _ => true,
        };
        let events: Vec<Event> = self.events.iter().filter(stays).cloned().collect();
        self.with_events(&events).unwrap_or(self)
    }

    /// The text of the events alone: for machines.
    pub fn bare_text(&self) -> String {
        self.text("", &[])
    }

    /// The text, with what it is about in the first line and with the outcomes of
    /// events, where they have one, behind them.
    pub fn text(&self, heading: &str, outcomes: &[Option<String>]) -> String {
        let mut text = String::new();
        if !heading.is_empty() {
            let _infallible = writeln!(text, "# {heading}");
        }
        text.push_str(&machine_line(&self.config));
        let names = self.names();
        for (index, event) in self.events.iter().enumerate() {
            let line = EventText {
                event,
                names: &names,
            }
            .to_string();
            let line = pad_verb(&line);
            match outcomes.get(index).cloned().flatten() {
                Some(outcome) => {
                    let _infallible = writeln!(text, "{line:OUTCOME_COLUMN$}# => {outcome}");
                }
                None => {
                    let _infallible = writeln!(text, "{line}");
                }
            }
        }
        text
    }
}

/// The keys of a machine that are not as they are anyway.
fn machine_line(config: &Config) -> String {
    let usual = Config::default();
    let told = KEYS.iter().filter(|(_, key)| {
        // The seed must not be told if it changes nothing that is seen.
        key.get(config) != key.get(&usual)
    });
    let words: Vec<String> = told
        .map(|(word, key)| format!(" {word}={}", value(*key, config)))
        .collect();
    match words.is_empty() {
        true => String::new(),
        false => format!("machine{}\n", words.concat()),
    }
}

fn value(key: Key, config: &Config) -> String {
    let value = key.get(config);
    match key.notation() {
        Notation::Address => format!("{value:#x}"),
        Notation::Size if value.is_multiple_of(1 << 10) => format!("{}K", value >> 10),
        Notation::Size | Notation::Count => value.to_string(),
    }
}

/// The most common verbs have four or five letters: what follows is aligned.
fn pad_verb(line: &str) -> String {
    match line.split_once(' ') {
        Some((verb, rest)) => format!("{verb:<5} {rest}"),
        None => line.to_owned(),
    }
}
