//! `cargo xtask similarity`: a class for tools that find copies.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use collect::attempt::Attempt;
use grader::report::sink::terminal;
use progress::job::Job;
use progress::stage::{Outcome, Stage, Step};
use roster::class::{AttemptRule, Class};
use similarity::export::{Ask, Exported, Sources, export};
use similarity::skeleton::Skeleton;
use similarity::tool::{Old, Tool};
use similarity::trouble::Trouble as Why;
use similarity::work::{Work, that_count};

use crate::collected::From;
use crate::exit::{Exit, Trouble};
use crate::workspace;

/// Exports a class as a tool for finding copies reads it, under pseudonyms.
///
/// Of each student, what counts of the attempt that counts: lab1.rs to lab8.rs and policy.rs,
/// as far as they are not as they were handed out. What was handed out is exported besides, so
/// that the tool ignores it. The folder has a README with the command to run in it. Nothing
/// is sent anywhere.
///
/// A student has the same pseudonym in all exports with one key. The key, and who is who, are
/// in a folder of their own, which stays with you.
#[derive(clap::Args)]
pub struct Args {
    /// Exports, submissions, or folders of them, as for `grade`.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The tool.
    #[arg(long = "for", value_name = "TOOL", value_parser = tools())]
    tool: Tool,
    /// Where the export goes: a folder that is empty, or not there yet.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Where the key and pseudonyms.csv are; the name of `--out` with `-private` behind it
    /// unless said.
    #[arg(long, value_name = "DIR")]
    private: Option<PathBuf>,
    /// Works of earlier years, to compare with this one. May be repeated.
    #[arg(long, value_name = "PATH")]
    old: Vec<PathBuf>,
    /// Leave out comments, in which names may stand.
    #[arg(long)]
    strip_comments: bool,
    #[command(flatten)]
    from: From,
    #[command(flatten)]
    progress: crate::progress::Telling,
}

fn tools() -> impl TypedValueParser<Value = Tool> {
    PossibleValuesParser::new(Tool::ALL.map(Tool::name)).try_map(|name| name.parse::<Tool>())
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let job = args.progress.start()?;
    let outcome = args.export(&job);
    crate::progress::ended(job, &outcome);
    outcome
}

impl Args {
    fn export(&self, job: &Job) -> Result<Exit, Trouble> {
        let class = self.from.class()?;
        let handout = workspace::root().join("labs/skeleton/src");
        let skeleton = Skeleton::read(&handout).map_err(trouble)?;
        let works = self.works(&self.paths, &class, &handout, job)?;
        let old = match self.old.is_empty() {
            true => Vec::new(),
            // Last year's students are in no roster of this year.
            false => self.works(&self.old, &Class::default(), &handout, job)?,
        };
        let private = self.private.clone().unwrap_or_else(|| beside(&self.out));
        let ask = Ask {
            tool: self.tool,
            out: &self.out,
            private: &private,
            sources: match self.strip_comments {
                true => Sources::WithoutComments,
                false => Sources::Whole,
            },
        };
        let exported = export(ask, &skeleton, &works, &old).map_err(trouble)?;
        let text = self.told(&exported, &private);
        let written = io::stdout().lock().write_all(text.as_bytes());
        written.map_err(|error| Trouble::OurFault(error.into()))?;
        Ok(Exit::Done)
    }

    /// What counts in these paths. What is refused is told, and left out.
    fn works(
        &self,
        paths: &[PathBuf],
        class: &Class,
        handout: &Path,
        job: &Job,
    ) -> Result<Vec<Work>, Trouble> {
        let collected = self.from.collect(paths, class)?;
        let counted = that_count(&collected.attempts, class.attempt);
        if class.attempt == AttemptRule::Best {
            job.warn("which attempt is the best is not known here: the latest one is exported");
        }
        let stage = job.stage(Stage::COLLECT, Some(counted.len() as u64));
        let read = |attempt: &&Attempt| {
            let who = attempt.student.0.as_str();
            let (work, step) = match Work::read(attempt, handout) {
                Ok(work) => (Some(work), Step::untimed(who, Outcome::Done)),
                Err(why) => {
                    let step = Step::untimed(who, Outcome::Failed).because(&why.to_string());
                    (None, step)
                }
            };
            stage.did(step);
            work
        };
        Ok(counted.iter().filter_map(read).collect())
    }

    fn told(&self, exported: &Exported, private: &Path) -> String {
        let out = self.out.display();
        let mut text = format!("{} works for {} are in {out}", exported.works, self.tool);
        if exported.old > 0 {
            text += &format!(", and {} of earlier years", exported.old);
        }
        if exported.untouched > 0 {
            let untouched = exported.untouched;
            text += &format!("; {untouched} have nothing that was not handed out");
        }
        text += "\n";
        for (who, share) in &exported.in_macros {
            let percent = share * 100.0;
            text += &format!(
                "{who} has {percent:.0}% in macros, where {} sees little\n",
                self.tool
            );
        }
        let old = match exported.old {
            0 => Old::None,
            _ => Old::Some,
        };
        let (private, command) = (private.display(), self.tool.command(old));
        text += &format!(
            "who is who: {private}, which stays with you\n\n    cd {out}\n    {command}\n"
        );
        terminal::report(&text)
    }
}

/// `DIR-private`, for `DIR`.
fn beside(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push("-private");
    out.with_file_name(name)
}

fn trouble(error: Why) -> Trouble {
    match error {
        Why::File { .. } | Why::OnePseudonym(_) => Trouble::OurFault(error.into()),
        _ => Trouble::BadInput(error.into()),
    }
}
