//! One submission, from its folder to `results.json`.

use std::error::Error;
use std::fs;
use std::path::Path;

use clap::ValueEnum;
use course::catalogue::Catalogue;
use course::feedback::Feedback;
use grader::class;
use grader::feedback::ShownClass;
use grader::grade::Grader;
use grader::intake::{self, Submission};
use grader::kit::Kit;
use grader::launch::Confinement;
use grader::report::gradescope::{self, Ranked, Results, Visibility, Wish};
use grader::report::sink::json;
use sandbox::tier::{self, Layer};

use crate::metadata::Metadata;
use crate::place::{Place, close};
use crate::write::replace;

/// What an instructor has decided when the archive was made.
#[derive(clap::Args)]
pub struct Args {
    /// How much is told of hidden traces
    #[arg(long, default_value_t)]
    feedback: Feedback,
    /// When students see the tests
    #[arg(long, value_enum, default_value = "visible")]
    show: Show,
    /// Ranks points on the assignment's leaderboard
    #[arg(long)]
    leaderboard: bool,
    /// Grades where there is no landlock or seccomp: student code still runs as another
    /// user, within limits
    #[arg(long)]
    allow_unsandboxed: bool,
}

/// When students see the tests.
#[derive(Clone, Copy, ValueEnum)]
enum Show {
    Visible,
    AfterDueDate,
    AfterPublished,
    Hidden,
}

impl Args {
    fn wish(&self) -> Wish {
        Wish {
            parts: match self.show {
                Show::Visible => Visibility::Visible,
                Show::AfterDueDate => Visibility::AfterDueDate,
                Show::AfterPublished => Visibility::AfterPublished,
                Show::Hidden => Visibility::Hidden,
            },
            ranked: match self.leaderboard {
                true => Ranked::Points,
                false => Ranked::Nothing,
            },
        }
    }
}

/// Grades what is handed in. Whatever happens, there is a `results.json`: at first one
/// that says that grading did not finish.
pub fn run(place: &Place, args: &Args) -> Result<(), Box<dyn Error>> {
    let results = place.results();
    replace(&results, &gradescope::no_result(NOT_FINISHED)?)?;
    sandbox::user::hide_memory()?;
    for folder in [Some(place.workspace().as_path()), results.parent()] {
        close(folder.unwrap_or(Path::new(".")))?;
    }
    match graded(place, args) {
        Ok(graded) => Ok(replace(&results, &json::pretty(&graded)?)?),
        Err(why) => {
            let text = format!("{FOR_INSTRUCTORS}{why}");
            replace(&results, &gradescope::no_result(&text)?)?;
            Err(why)
        }
    }
}

/// What Gradescope finds if this process is killed.
const NOT_FINISHED: &str = "Grading did not finish. That is no fault of yours, and no zero: ask \
                            your instructor to run the autograder again.";

/// Before whatever is our own fault.
const FOR_INSTRUCTORS: &str = "This submission was not graded. That is no fault of yours, and no \
                               zero. For your instructor: ";

fn graded(place: &Place, args: &Args) -> Result<Results, Box<dyn Error>> {
    let confinement = confinement(args)?;
    let metadata = Metadata::read(&place.metadata());
    let root = place.workspace();
    let grader = Grader::new(Kit::build(&root)?, Catalogue::read(&root)?);
    let submission = handed_in(&place.submission(), &metadata);
    let known = class::grade(&grader.confined_to(confinement), &[submission], 1, |_| {});
    let shown = ShownClass::new(&known, args.feedback);
    let one = shown.submissions().next().ok_or("nothing was handed in")?;
    let mut results = gradescope::results(one, args.wish());
    results
        .output
        .extend(metadata.late().map(|late| format!("\n{late}")));
    if let Some(layers) = known.sandbox {
        results
            .extra_data
            .insert("sandbox".to_owned(), layers.to_string());
    }
    Ok(results)
}

/// The sandbox that there must be. The `user` layer and the limits need no kernel that
/// offers them; root has them everywhere.
fn confinement(args: &Args) -> Result<Confinement, Box<dyn Error>> {
    let offered = tier::offered();
    if args.allow_unsandboxed {
        return match offered.user {
            true => Ok(Confinement::BEST_EFFORT),
            false => {
                Err("there is neither a sandbox nor another user to run student code as".into())
            }
        };
    }
    let lacking: Vec<&str> = offered.lacks().into_iter().map(Layer::name).collect();
    match lacking.as_slice() {
        [] => Ok(Confinement::REQUIRED),
        lacking => Err(format!(
            "this container does not offer {}, so that student code could read the hidden \
             traces; make the autograder with `--allow-unsandboxed` if another user and limits \
             are enough for you, or grade elsewhere",
            lacking.join(" and ")
        )
        .into()),
    }
}

/// What was handed in, as one submission whatever is in the folder: an archive or a folder
/// alone in it is what counts.
fn handed_in(folder: &Path, metadata: &Metadata) -> Submission {
    let found = intake::find(folder).unwrap_or_default();
    let path = match found.as_slice() {
        [one] if is_below(&one.path, folder) => one.path.clone(),
        _ => folder.to_owned(),
    };
    let id = metadata.id.map(|id| id.to_string());
    Submission {
        id: id.unwrap_or_else(|| "submission".to_owned()),
        path,
    }
}

/// Whether a path is in a folder, and no link that leads out of it.
fn is_below(path: &Path, folder: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    match (real(path), real(folder)) {
        (Some(path), Some(folder)) => path.starts_with(folder),
        _ => false,
    }
}
