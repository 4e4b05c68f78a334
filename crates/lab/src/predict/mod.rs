//! `cargo lab predict`: what becomes of this access?
//!
//! - [`question`]: accesses of public traces, and what there is to see before each
//! - [`page`]: what a machine holds of the page that is accessed
//! - [`answer`]: what was meant, and whether it is right
//! - [`sheet`]: how far the sheet of predictions of lab 1 is filled in
//!
//! The trace of that sheet is not among the questions: its answers are graded.

mod answer;
mod page;
mod question;
pub(crate) mod sheet;

use std::io::{self, BufRead, IsTerminal, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use course::catalogue::{ExerciseKind, Lab};

use self::answer::{Answer, Grade};
use self::question::Question;
use crate::report::Failure;
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The lab whose public traces are asked about.
    #[arg(default_value = "1")]
    lab: u8,
    /// How many questions.
    #[arg(long, default_value = "10")]
    count: usize,
    /// Ask the same questions again: the number that was told at the start.
    #[arg(long)]
    seed: Option<u64>,
}

pub(crate) fn command(args: &Args) -> Result<(), Failure> {
    let workspace = Workspace::here()?;
    let labs = workspace.labs(Some(args.lab))?;
    let lab = labs[0];
    let seed = args.seed.unwrap_or_else(some_seed);
    let questions = question::of_lab(&workspace, lab)?;
    let questions = question::choose(questions, args.count, seed);
    if questions.is_empty() {
        return Err(Failure::Usage(format!(
            "lab {} has no public traces to ask about",
            lab.number
        )));
    }
    let mut quiz = Quiz {
        input: io::stdin().lock(),
        is_conversation: io::stdin().is_terminal(),
        score: Score::default(),
    };
    quiz.begin(lab, questions.len(), seed);
    quiz.ask_all(&questions)?;
    if lab
        .exercises
        .iter()
        .any(|it| it.kind == ExerciseKind::Predict)
    {
        anstream::print!("\n{}", sheet::state(&workspace, lab)?);
    }
    Ok(())
}

fn some_seed() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |since| u64::from(since.subsec_nanos()) % 10_000)
}

/// Questions and answers under way.
struct Quiz<R> {
    input: R,
    is_conversation: bool,
    score: Score,
}

#[derive(Default)]
struct Score {
    asked: usize,
    right: usize,
    half: usize,
}

impl<R: BufRead> Quiz<R> {
    fn begin(&self, lab: &Lab, count: usize, seed: u64) {
        anstream::println!(
            "Lab {}, {count} questions (--seed {seed}): what becomes of each access?\n\n{}\n\
             Answer with a number or the words; two faults as `2 then 14`. Enter alone: \
             you\ndo not know. `?` shows the list again, `q` leaves.",
            lab.number,
            answer::menu()
        );
    }

    fn ask_all(&mut self, questions: &[Question]) -> Result<(), Failure> {
        for (at, question) in questions.iter().enumerate() {
            anstream::print!("\n{}", question.text(at + 1, questions.len()));
            let Some(answer) = self.answer() else {
                break;
            };
            let grade = answer.grade(&question.class);
            self.score.count(grade);
            anstream::print!("{}", question.explanation(grade));
        }
        if self.score.asked == 0 && !self.is_conversation {
            return Err(Failure::Usage(
                "nobody answers\nhelp: start it in a terminal, or give it answers on standard \
                 input, one a line: `printf '3\\nhit\\n' | cargo lab predict 2 --count 2 --seed 7`"
                    .to_owned(),
            ));
        }
        anstream::println!("\n{}", self.score);
        Ok(())
    }

    /// Reads an answer, until there is one; none if there will be no more.
    fn answer(&mut self) -> Option<Answer> {
        loop {
            anstream::print!("> ");
            let _unseen = io::stdout().flush();
            let mut line = String::new();
            if self.input.read_line(&mut line).ok()? == 0 {
                anstream::println!();
                return None;
            }
            if !self.is_conversation {
                anstream::println!("{}", line.trim());
            }
            match line.trim() {
                "q" | "quit" => return None,
                "?" => anstream::print!("{}", answer::menu()),
                words => match Answer::parse(words) {
                    Ok(answer) => return Some(answer),
                    Err(why) => anstream::println!("{why}"),
                },
            }
        }
    }
}

impl Score {
    fn count(&mut self, grade: Grade) {
        self.asked += 1;
        self.right += usize::from(grade == Grade::Right);
        self.half += usize::from(grade == Grade::OutcomeOnly);
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { asked, right, half } = self;
        write!(f, "{right} of {asked} right")?;
        match half {
            0 => Ok(()),
            half => write!(f, ", and {half} with the right outcome"),
        }
    }
}
