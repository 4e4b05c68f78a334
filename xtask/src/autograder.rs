//! `cargo xtask autograder`: the archive that Gradescope grades with.

use std::error::Error;
use std::path::PathBuf;
use std::process::Command;

use ::autograder::archive;
use ::autograder::pack::pack;
use ::autograder::wish::{Extra, Wish};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use course::feedback::Feedback;
use grader::report::gradescope::Visibility;
use handout::labs::Numbers;

use crate::exit::{Exit, Trouble};
use crate::workspace;

/// Makes the zip that Gradescope grades with ("Configure Autograder").
///
/// It has the hidden traces, their keys and the solution: upload it, and publish it
/// nowhere. In the container, student code is compiled and runs as a user of its own,
/// behind landlock, seccomp and limits; what the container lacks is told when the image is
/// built, and submissions are then not graded, which is no zero.
#[derive(clap::Args)]
pub struct Args {
    /// Where it goes: a file that is not there yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Which labs: `1-5`, `1,3,5-7`; all unless said
    #[arg(long, value_name = "LABS")]
    labs: Option<Numbers>,
    /// How much students are told of hidden traces
    #[arg(long, value_name = "LEVEL", default_value_t, value_parser = levels())]
    feedback: Feedback,
    /// When students see the tests; Gradescope hides their total until then
    #[arg(long, value_name = "WHEN", default_value = "visible", value_parser = moments())]
    show: Visibility,
    /// Ranks points on the assignment's leaderboard
    #[arg(long)]
    leaderboard: bool,
    /// Grades even if the container has no landlock or seccomp: student code still runs as
    /// a user that cannot read the hidden traces, and within limits
    #[arg(long)]
    allow_unsandboxed: bool,
}

/// The levels of feedback that a file for students may have.
fn levels() -> impl TypedValueParser<Value = Feedback> {
    let closed = Feedback::ASKED
        .into_iter()
        .filter(|it| *it != Feedback::Full);
    let value = |level: Feedback| PossibleValue::new(level.name()).help(level.describe());
    let levels: Vec<PossibleValue> = closed.map(value).collect();
    PossibleValuesParser::new(levels).try_map(|name| name.parse::<Feedback>())
}

fn moments() -> impl TypedValueParser<Value = Visibility> {
    PossibleValuesParser::new(["visible", "after-due-date", "after-published", "hidden"]).map(
        |name| match name.as_str() {
            "after-due-date" => Visibility::AfterDueDate,
            "after-published" => Visibility::AfterPublished,
            "hidden" => Visibility::Hidden,
            _ => Visibility::Visible,
        },
    )
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let root = workspace::root();
    let labs = args
        .labs
        .as_ref()
        .map(|labs| labs.0.iter().copied().collect());
    let extras = [
        (args.leaderboard, Extra::Leaderboard),
        (args.allow_unsandboxed, Extra::AllowUnsandboxed),
    ];
    let wish = Wish {
        labs: labs.unwrap_or_default(),
        feedback: args.feedback,
        show: args.show,
        extras: extras
            .into_iter()
            .filter(|it| it.0)
            .map(|it| it.1)
            .collect(),
    };
    let rust = rust(&root).map_err(Trouble::OurFault)?;
    let packed = pack(&root, &rust, &wish).map_err(trouble)?;
    archive::write(&packed.files, &args.out).map_err(trouble)?;
    if !packed.changed.is_empty() {
        eprintln!(
            "note: in no commit as they are: {}",
            packed.changed.join(", ")
        );
    }
    eprintln!(
        "warning: it has the hidden traces, their keys and the solution; upload it to \
         Gradescope, and publish it nowhere"
    );
    println!("{}: {} files", args.out.display(), packed.files.len());
    Ok(Exit::Done)
}

/// The version of the toolchain that grades here: the container gets the same.
fn rust(root: &std::path::Path) -> Result<String, Box<dyn Error>> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let asked = Command::new(rustc)
        .arg("--version")
        .current_dir(root)
        .output()?;
    let said = String::from_utf8(asked.stdout)?;
    let version = said.split_whitespace().nth(1);
    Ok(version.ok_or("rustc does not tell its version")?.to_owned())
}

fn trouble(error: ::autograder::trouble::Trouble) -> Trouble {
    match error.is_input() {
        true => Trouble::BadInput(error.into()),
        false => Trouble::OurFault(error.into()),
    }
}
