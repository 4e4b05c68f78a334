//! `cargo lab hint`: one hint at a time, from gentle to plain.
//!
//! What was shown is remembered below `target/`, where it may be deleted: then hints
//! begin anew. A hole that passes is forgotten.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use course::catalogue::Lab;

use crate::check::text::{FAINT, STRONG, WIDTH, unbroken};
use crate::check::verdict::{State, Verdict};
use crate::check::{self, What};
use crate::program::{self, Handlers};
use crate::report::Failure;
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The lab; without it, the first one where something is wrong or missing.
    lab: Option<u8>,
    /// The hole, or the exercise: `predict`, `belady`, `break-it`.
    hole: Option<String>,
    /// Show this hint and no other: 1 is the gentlest.
    #[arg(long, value_name = "K", conflicts_with = "all")]
    level: Option<usize>,
    /// Show all hints at once.
    #[arg(long)]
    all: bool,
}

pub(crate) fn command(args: &Args) -> Result<(), Failure> {
    let workspace = Workspace::here()?;
    workspace.labs(args.lab)?;
    let about = match &args.hole {
        Some(name) => Some(About::named(&workspace, args.lab, name)?),
        None => first_that_is_not_right(&workspace, args.lab)?,
    };
    let Some(about) = about else {
        anstream::println!("nothing is wrong, and nothing is missing: no hint is needed");
        return Ok(());
    };
    let mut shown = Shown::read(&workspace);
    let levels = about.asked(args, shown.of(&about.name))?;
    anstream::print!("{}", about.text(&levels));
    shown.remember(&about.name, levels.into_iter().max().unwrap_or_default());
    Ok(())
}

/// Forgets hints for holes that pass: whoever breaks one later begins with the gentlest.
pub(crate) fn forget_what_passes(workspace: &Workspace, verdict: &Verdict) {
    let mut shown = Shown::read(workspace);
    let before = shown.levels.len();
    let parts = verdict.labs.iter().flat_map(|lab| &lab.parts);
    for part in parts.filter(|part| part.state == State::Passed) {
        shown.levels.remove(&part.name);
    }
    if shown.levels.len() != before {
        shown.write();
    }
}

/// The hole that a check finds wrong, or the first that is not written.
fn first_that_is_not_right(
    workspace: &Workspace,
    lab: Option<u8>,
) -> Result<Option<About>, Failure> {
    let program = program::build(Handlers::Skeleton, false)?;
    let what = What { lab, trace: None };
    let verdict = check::run(workspace, &program, what)?;
    forget_what_passes(workspace, &verdict);
    let wrong = verdict.finding.as_ref().and_then(|it| it.hole.clone());
    let mut parts = verdict.labs.iter().flat_map(|lab| &lab.parts);
    let missing = || {
        parts
            .find(|part| part.at.is_some())
            .map(|part| part.name.clone())
    };
    match wrong.or_else(missing) {
        Some(name) => About::named(workspace, None, &name).map(Some),
        None => Ok(None),
    }
}

/// What hints are about.
struct About {
    lab: u8,
    name: String,
    hints: Vec<String>,
}

impl About {
    fn named(workspace: &Workspace, lab: Option<u8>, name: &str) -> Result<Self, Failure> {
        let labs = workspace.labs(lab)?;
        let of = |lab: &&Lab| {
            let holes = lab.holes.iter().map(|it| (it.hole.name(), &it.hints));
            let exercises = lab.exercises.iter().map(|it| (it.kind.name(), &it.hints));
            let (_, hints) = holes.chain(exercises).find(|(other, _)| *other == name)?;
            Some(About {
                lab: lab.number,
                name: name.to_owned(),
                hints: hints.clone(),
            })
        };
        labs.iter().find_map(of).ok_or_else(|| {
            let known = labs.iter().flat_map(|lab| {
                let holes = lab.holes.iter().map(|it| it.hole.name());
                holes.chain(lab.exercises.iter().map(|it| it.kind.name()))
            });
            let known: Vec<&str> = known.collect();
            Failure::Usage(format!(
                "nothing to write is called `{name}` there\nhelp: one of {}",
                known.join(", ")
            ))
        })
    }

    /// The levels that are shown now, from 1.
    fn asked(&self, args: &Args, shown: usize) -> Result<Vec<usize>, Failure> {
        let all = self.hints.len();
        match (args.all, args.level) {
            (true, _) => Ok((1..=all).collect()),
            (_, Some(level)) if level == 0 || level > all => Err(Failure::Usage(format!(
                "`{}` has no hint {level}\nhelp: from 1 to {all}",
                self.name
            ))),
            (_, Some(level)) => Ok(vec![level]),
            (_, None) => Ok(vec![(shown + 1).min(all)]),
        }
    }

    fn text(&self, levels: &[usize]) -> String {
        let all = self.hints.len();
        let mut text = String::new();
        for &level in levels {
            text += &format!(
                "{STRONG}hint {level} of {all} for `{}` of lab {}{STRONG:#}\n\n",
                self.name, self.lab
            );
            let hint = self.hints.get(level - 1).map_or("", String::as_str);
            for line in textwrap::wrap(hint, unbroken(WIDTH - 2)) {
                text += &format!("  {line}\n");
            }
            text += "\n";
        }
        let left = all - levels.iter().copied().max().unwrap_or(all);
        let next = format!("cargo lab hint {} {}", self.lab, self.name);
        text + &match left {
            0 => format!("{FAINT}that was the last one; labs/*/README.md says more{FAINT:#}\n"),
            1 => format!("{FAINT}1 more: {next}{FAINT:#}\n"),
            left => format!("{FAINT}{left} more: {next}{FAINT:#}\n"),
        }
    }
}

/// How many hints were shown, by hole.
struct Shown {
    path: PathBuf,
    levels: BTreeMap<String, usize>,
}

impl Shown {
    /// Whatever cannot be read has not been shown.
    fn read(workspace: &Workspace) -> Self {
        let path = workspace.root.join("target/lab/hints.json");
        let text = fs::read_to_string(&path).unwrap_or_default();
        let levels = serde_json::from_str(&text).unwrap_or_default();
        Self { path, levels }
    }

    fn of(&self, name: &str) -> usize {
        self.levels.get(name).copied().unwrap_or_default()
    }

    fn remember(&mut self, name: &str, level: usize) {
        let shown = self.levels.entry(name.to_owned()).or_default();
        *shown = level.max(*shown);
        self.write();
    }

    /// Who cannot write begins anew each time, which is no failure.
    fn write(&self) {
        let _unremembered = self.path.parent().map(fs::create_dir_all);
        if let Ok(text) = serde_json::to_string(&self.levels) {
            let _unremembered = fs::write(&self.path, text);
        }
    }
}
