//! Accesses of public traces, and what there is to see before each.

use course::catalogue::{Lab, Trace, Visibility};
use film::read::{Film, Told};
use film::scene::Scene;
use film::state::State;
use runner::log::{Oracle, Record};
use verdict::key;

use super::answer::Grade;
use super::page;
use crate::check::text::{BAD, FAINT, GOOD, STRONG, WAITING};
use crate::expected;
use crate::report::Failure;
use crate::workspace::Workspace;

/// Events before the access that are shown: a screen has 24 lines.
const EARLIER_MAX: usize = 8;

/// Columns of an event.
const EVENT_COLUMNS: usize = 44;

/// The events that are accesses.
const ACCESSES: [&str; 5] = ["read", "write", "exec", "copyin", "copyout"];

/// What becomes of this access?
pub(super) struct Question {
    /// The trace, and the line in it.
    file: String,
    line: u64,
    event: String,
    pub class: String,
    /// Lines, events, and what became of them.
    earlier: Vec<(u64, String, String)>,
    /// What the machine holds of the page, a line for each part of it.
    page: Vec<String>,
    /// How the access went, if there is a film of it.
    scene: Option<Scene>,
}

/// All questions that the public traces of a lab have in them, in the traces' order.
pub(super) fn of_lab(workspace: &Workspace, lab: &Lab) -> Result<Vec<Question>, Failure> {
    let mut questions = Vec::new();
    let public = lab.traces.iter();
    for trace in public.filter(|trace| trace.visibility == Visibility::Public) {
        let records = key::read(&trace.key).map_err(|it| Failure::Internal(it.to_string()))?;
        let film = expected::film(&workspace.root, &trace.path)?;
        let mut asked = of_key(&workspace.short(&trace.path), &records);
        if let Some(film) = film {
            illustrate(&mut asked, &film, trace)?;
        }
        questions.extend(asked);
    }
    Ok(questions)
}

fn of_key(file: &str, records: &[Record]) -> Vec<Question> {
    let mut earlier = Vec::new();
    let mut questions = Vec::new();
    for record in records.iter().filter(|record| record.line > 0) {
        let class = record.column(Oracle::Class).to_owned();
        let op = record.event.split(' ').next().unwrap_or_default();
        if ACCESSES.contains(&op) && !class.is_empty() {
            questions.push(Question {
                file: file.to_owned(),
                line: record.line,
                event: record.event.clone(),
                class: class.clone(),
                earlier: earlier.clone(),
                page: Vec::new(),
                scene: None,
            });
        }
        earlier.push((record.line, record.event.clone(), class));
    }
    questions
}

/// Adds what a film shows.
fn illustrate(questions: &mut [Question], film: &[u8], trace: &Trace) -> Result<(), Failure> {
    let unreadable = |error| Failure::Internal(format!("the film of `{}`: {error}", trace.name));
    let film = Film::open(film).map_err(unreadable)?;
    let mut state = State::default();
    film.opening()
        .changes
        .iter()
        .for_each(|change| state.apply(change));
    for told in film {
        let Told::Scene(scene) = told.map_err(unreadable)? else {
            break;
        };
        let asked = questions.iter_mut().find(|asked| asked.line == scene.line);
        if let Some(question) = asked {
            question.page = page::before(&state, &scene);
            question.scene = Some((*scene).clone());
        }
        scene.changes.iter().for_each(|change| state.apply(change));
    }
    Ok(())
}

/// Chooses so many questions, of as many classes as there are. They keep their order, so
/// that no question tells the answer to a later one.
pub(super) fn choose(questions: Vec<Question>, count: usize, seed: u64) -> Vec<Question> {
    let mut lots: Vec<usize> = (0..questions.len()).collect();
    fastrand::Rng::with_seed(seed).shuffle(&mut lots);
    let rank = |lots: &[usize], at: usize| {
        let class = &questions[lots[at]].class;
        let before = lots[..at].iter();
        before
            .filter(|&&other| questions[other].class == *class)
            .count()
    };
    let mut ranked: Vec<(usize, usize)> = (0..lots.len())
        .map(|at| (rank(&lots, at), lots[at]))
        .collect();
    ranked.sort_by_key(|&(rank, _)| rank);
    ranked.truncate(count);
    let chosen: Vec<usize> = ranked.into_iter().map(|(_, question)| question).collect();
    let all = questions.into_iter().enumerate();
    all.filter(|(at, _)| chosen.contains(at))
        .map(|(_, question)| question)
        .collect()
}

impl Question {
    /// The question as it is asked.
    pub fn text(&self, number: usize, of: usize) -> String {
        let Self {
            file, line, event, ..
        } = self;
        let mut text = format!("{STRONG}{number} of {of}{STRONG:#}  {file}:{line}\n\n");
        let skipped = self.earlier.len().saturating_sub(EARLIER_MAX);
        text += &match skipped {
            0 => String::new(),
            1 => format!("{FAINT}      (1 earlier event){FAINT:#}\n"),
            many => format!("{FAINT}      ({many} earlier events){FAINT:#}\n"),
        };
        for (line, event, class) in self.earlier.iter().skip(skipped) {
            let row = format!("{line:>6}  {event:<EVENT_COLUMNS$}  {class}");
            text += &format!("{}\n", row.trim_end());
        }
        text += &format!("{STRONG}{line:>6}  {event:<EVENT_COLUMNS$}  ?{STRONG:#}\n\n");
        text.extend(self.page.iter().map(|line| format!("{line}\n")));
        text
    }

    /// The right answer, and why it is.
    pub fn explanation(&self, grade: Grade) -> String {
        let class = &self.class;
        let mut text = match grade {
            Grade::Right => format!("{GOOD}right{GOOD:#}: {class}\n"),
            Grade::OutcomeOnly => {
                format!("{WAITING}the outcome is right, the class is not{WAITING:#}: {class}\n")
            }
            Grade::Wrong => format!("{BAD}no{BAD:#}: {class}\n"),
            Grade::Unknown => format!("it is: {class}\n"),
        };
        if let Some(scene) = &self.scene {
            text.extend(reasons(scene).iter().map(|line| format!("  {line}\n")));
        }
        text
    }
}

/// What the MMU saw and what the kernel asked, fault by fault.
fn reasons(scene: &Scene) -> Vec<String> {
    let mut lines = Vec::new();
    for (number, fault) in scene.faults.iter().enumerate() {
        if scene.faults.len() > 1 {
            lines.push(format!("fault {}: {}", number + 1, fault.class));
        }
        let saw = fault.steps[0].iter().skip(1);
        lines.extend(saw.map(|line| format!("MMU:        {line}")));
        lines.extend(fault.steps[3].iter().cloned());
    }
    lines.extend(scene.note.clone());
    if scene.faults.is_empty() && scene.note.is_none() {
        lines.push(
            "MMU:        a TLB entry or the page table allows it, and nobody else is asked"
                .to_owned(),
        );
    }
    lines
}
