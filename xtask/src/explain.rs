//! `cargo xtask explain`: tells how a grade came about.

use std::io::{self, Write};

use course::feedback::Feedback;
use gradebook::dossier::Dossier;
use gradebook::explanation::{Explanation, TraceName};
use gradebook::told;
use grader::report::sink::json;

use crate::exit::{Exit, Trouble};
use crate::grade::levels;
use crate::one_student::{Place, find, read, trouble};

/// Tells how a student's grade came about, with every number and every point that is missing.
///
/// Nothing is graded: what is told stands in the gradebook. It is told as to an instructor;
/// for a student, say `--feedback category`, or what the class was graded with.
#[derive(clap::Args)]
pub struct Args {
    /// The student: their id, or their address or account, if there is a roster.
    student: String,
    /// One trace, and all its runs: `lab5/cow-03`, or `cow-03`.
    trace: Option<String>,
    #[command(flatten)]
    place: Place,
    /// How it is written.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// How much is told of hidden traces.
    #[arg(long, value_name = "LEVEL", default_value_t = Feedback::Full, value_parser = levels())]
    feedback: Feedback,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// One JSON object.
    Json,
    /// To be sent to the student.
    Markdown,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let book = read(&args.place.book())?;
    let rules = args.place.rules(&book)?;
    let student = find(&book, &rules, &args.student)?;
    let dossier = Dossier::read(&book, &student, &rules, args.feedback).map_err(trouble)?;
    let Some(dossier) = dossier else {
        let message = format!("no attempt of `{student}` counts\nhelp: grade the class again");
        return Err(Trouble::BadInput(message.into()));
    };
    let trace = args.trace.as_deref().map(TraceName::new);
    let explanation = Explanation::new(&dossier, trace.as_ref());
    let explanation = explanation.map_err(|error| Trouble::BadInput(error.into()))?;
    print(&explanation, args.format).map_err(|error| Trouble::OurFault(error.into()))?;
    Ok(Exit::Done)
}

fn print(explanation: &Explanation, format: Format) -> io::Result<()> {
    let text = match format {
        Format::Text => told::text(explanation),
        Format::Json => json::pretty(explanation)?,
        Format::Markdown => told::markdown(explanation),
    };
    io::stdout().lock().write_all(text.as_bytes())
}
